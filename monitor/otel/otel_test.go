package otel_test

import (
	"os"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/mlxstar/mlxstar"
	_ "github.com/mlxstar/mlxstar/internal/conformance/flags" // go test ./... gives them to every package
	"github.com/mlxstar/mlxstar/monitor/otel"
)

// What OpenTelemetry collects of a runtime is what the runtime counts, and docs/monitoring.md
// lists it.
func TestRegister(t *testing.T) {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu"})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Exec(t.Context(), "a.py", "import mlx.core as mx\nkept = mx.zeros((1024, 1024)) + 1\nmx.eval(kept)\n"); err != nil {
		t.Fatal(err)
	}
	reader := metric.NewManualReader()
	meter := metric.NewMeterProvider(metric.WithReader(reader)).Meter("test")
	registration, err := otel.Register(meter, rt.MonitorSource(), attribute.String("job", "train"))
	if err != nil {
		t.Fatal(err)
	}
	collect := func() map[string]int64 {
		var all metricdata.ResourceMetrics
		if err := reader.Collect(t.Context(), &all); err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{}
		for _, scope := range all.ScopeMetrics {
			for _, m := range scope.Metrics {
				var points []metricdata.DataPoint[int64]
				switch d := m.Data.(type) {
				case metricdata.Gauge[int64]:
					points = d.DataPoints
				case metricdata.Sum[int64]:
					if points = d.DataPoints; !d.IsMonotonic {
						t.Errorf("%s may fall", m.Name)
					}
				}
				for _, p := range points {
					if job, _ := p.Attributes.Value("job"); job.AsString() != "train" {
						t.Errorf("%s has the attributes %v", m.Name, p.Attributes)
					}
					kind, _ := p.Attributes.Value("kind")
					got[strings.TrimSuffix(m.Name+" "+kind.AsString(), " ")] = p.Value
				}
			}
		}
		return got
	}
	got, want := collect(), rt.Memory()
	for name, n := range map[string]int64{
		"mlxstar.memory.active": want.Active, "mlxstar.memory.peak": want.Peak, "mlxstar.memory.cache": want.Cache, "mlxstar.memory.limit": want.Limit,
		"mlxstar.memory.buffers": want.Buffers, "mlxstar.memory.owned activations": 4 << 20, "mlxstar.memory.owned parameters": 0,
	} {
		if v, ok := got[name]; !ok || v != n {
			t.Errorf("%s is %d, want %d (%v)", name, v, n, got)
		}
	}
	page, err := os.ReadFile("../../docs/monitoring.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range got {
		name, _, _ = strings.Cut(name, " ")
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/monitoring.md does not list %s", name)
		}
	}
	if err := registration.Unregister(); err != nil || len(collect()) > 0 {
		t.Errorf("it goes on: %v", err)
	}
}
