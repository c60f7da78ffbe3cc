// Package otel tells OpenTelemetry what runtimes do, as spans. Programs that import it link
// OpenTelemetry's interface; nothing else of this module does but monitor/otel.
package otel

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/mlxstar/mlxstar"
)

// New gives a tracer for Options.Trace that makes a span of each piece of work, below that of
// the context that the call was given. A span is named by the kind of work and its name
// ("call score"), and has the attributes "mlxstar.steps", "mlxstar.kernels" and
// "mlxstar.memory.active" (bytes), and where they are known "mlxstar.operations",
// "code.filepath" and "code.lineno". What fails has the status Error, with the error as an
// event.
func New(t trace.Tracer) mlxstar.Tracer {
	return func(ctx context.Context, s mlxstar.Span) (context.Context, func(mlxstar.SpanEnd)) {
		ctx, span := t.Start(ctx, nameOf(s), trace.WithAttributes(startOf(s)...))
		return ctx, func(end mlxstar.SpanEnd) {
			defer span.End()
			if !span.IsRecording() {
				return
			}
			span.SetAttributes(attribute.Int64("mlxstar.steps", int64(end.Steps)), attribute.Int64("mlxstar.kernels", int64(end.Kernels)),
				attribute.Int64("mlxstar.memory.active", end.Active))
			if end.Err != nil {
				span.RecordError(end.Err)
				span.SetStatus(codes.Error, end.Err.Error())
			}
		}
	}
}

func nameOf(s mlxstar.Span) string {
	if s.Name == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + " " + s.Name
}

func startOf(s mlxstar.Span) []attribute.KeyValue {
	var all []attribute.KeyValue
	if s.File != "" {
		all = append(all, attribute.String("code.filepath", s.File), attribute.Int("code.lineno", s.Line))
	}
	if s.Operations > 0 {
		all = append(all, attribute.Int("mlxstar.operations", s.Operations))
	}
	return all
}
