// Package logging tells a log/slog logger what runtimes do.
package logging

import (
	"context"
	"log/slog"

	"github.com/mlxstar/mlxstar"
)

// New gives a tracer for Options.Trace that logs each piece of work at its end: calls of the
// host at level Info, imports and evaluations at level Debug, and calls that failed at level
// Error. The message is the kind of work and the name; attributes are "seconds", "steps",
// "kernels", "active" (bytes), and where they are known "file", "line", "operations" and
// "error".
func New(l *slog.Logger) mlxstar.Tracer {
	return func(ctx context.Context, s mlxstar.Span) (context.Context, func(mlxstar.SpanEnd)) {
		level := levelOf(s.Kind)
		if !l.Enabled(ctx, level) && (level < slog.LevelInfo || !l.Enabled(ctx, slog.LevelError)) {
			return ctx, nil
		}
		return ctx, func(end mlxstar.SpanEnd) {
			at := level
			if end.Err != nil && level == slog.LevelInfo {
				at = slog.LevelError
			}
			if l.Enabled(ctx, at) {
				l.LogAttrs(ctx, at, message(s), attributes(s, end)...)
			}
		}
	}
}

func levelOf(k mlxstar.SpanKind) slog.Level {
	switch k {
	case mlxstar.SpanImport, mlxstar.SpanEvaluation:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func message(s mlxstar.Span) string {
	if s.Name == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + " " + s.Name
}

func attributes(s mlxstar.Span, end mlxstar.SpanEnd) []slog.Attr {
	all := []slog.Attr{
		slog.Float64("seconds", end.Time.Seconds()), slog.Uint64("steps", end.Steps),
		slog.Uint64("kernels", end.Kernels), slog.Int64("active", end.Active),
	}
	if s.File != "" {
		all = append(all, slog.String("file", s.File), slog.Int("line", s.Line))
	}
	if s.Operations > 0 {
		all = append(all, slog.Int("operations", s.Operations))
	}
	if end.Err != nil {
		all = append(all, slog.String("error", end.Err.Error()))
	}
	return all
}
