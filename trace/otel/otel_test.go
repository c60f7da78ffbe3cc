package otel_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/trace/otel"
)

func TestSpans(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	provider := trace.NewTracerProvider(trace.WithSpanProcessor(recorder))
	defer provider.Shutdown(context.Background())
	tracer := provider.Tracer("test")
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Trace: otel.New(tracer)})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Exec(t.Context(), "a.py", "import mlx.core as mx\n\ndef f(x):\n    mx.eval(mx.arange(x) * 2)\n    return 1 // (x - 8)\n"); err != nil {
		t.Fatal(err)
	}
	ctx, outer := tracer.Start(t.Context(), "request")
	if _, err := rt.Call(ctx, "f", 8); err == nil {
		t.Error("a division by zero succeeds")
	}
	outer.End()
	byName := map[string]trace.ReadOnlySpan{}
	for _, s := range recorder.Ended() {
		byName[s.Name()] = s
	}
	call, evaluation := byName["call f"], byName["evaluation"]
	if call == nil || evaluation == nil || byName["exec a.py"] == nil || byName["import mlx.core"] == nil {
		t.Fatalf("the spans are %v", byName)
	}
	if call.Parent().SpanID() != outer.SpanContext().SpanID() {
		t.Error("the call is not below the request")
	}
	if evaluation.Parent().SpanID() != call.SpanContext().SpanID() {
		t.Error("the evaluation is not below the call")
	}
	if byName["import mlx.core"].Parent().SpanID() != byName["exec a.py"].SpanContext().SpanID() {
		t.Error("the import is not below the script")
	}
	if call.Status().Code != codes.Error || evaluation.Status().Code != codes.Unset {
		t.Errorf("the call's status is %v, the evaluation's %v", call.Status(), evaluation.Status())
	}
	attributes := map[string]int64{}
	for _, a := range evaluation.Attributes() {
		attributes[string(a.Key)] = a.Value.AsInt64()
	}
	if attributes["mlxstar.kernels"] == 0 || attributes["code.lineno"] != 4 {
		t.Errorf("the evaluation's attributes are %v", evaluation.Attributes())
	}
}
