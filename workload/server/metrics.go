package server

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/mlxstar/mlxstar/monitor/text"
)

// metrics writes what is known in Prometheus' text format.
func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", text.ContentType)
	s.mu.Lock()
	keys := make([][2]string, 0, len(s.counts))
	values := make(map[[2]string]count, len(s.counts))
	for k, c := range s.counts {
		keys = append(keys, k)
		values[k] = *c
	}
	s.mu.Unlock()
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	runs := text.Family{Name: "mlxstar_runs_total", Kind: "counter", Help: "Runs that ended, by job and status."}
	seconds := text.Family{Name: "mlxstar_run_seconds_total", Kind: "counter", Help: "Seconds that runs took."}
	for _, k := range keys {
		labels := []text.Label{{Name: "job", Value: k[0]}, {Name: "status", Value: k[1]}}
		runs.Samples = append(runs.Samples, text.Sample{Labels: labels, Value: float64(values[k].runs)})
		seconds.Samples = append(seconds.Samples, text.Sample{Labels: labels, Value: values[k].seconds})
	}
	used, peak, running, waiting := s.runner.State()
	_ = text.Write(w, runs, seconds, // who has gone needs no answer
		text.Gauge("mlxstar_budget_bytes", "Memory that all runs together may take.", float64(memoryLimit(s.config))),
		text.Gauge("mlxstar_budget_used_bytes", "Memory that runs have of the budget.", float64(used)),
		text.Gauge("mlxstar_budget_peak_bytes", "The most memory that runs had of the budget at once.", float64(peak)),
		text.Gauge("mlxstar_running", "Runs that go on.", float64(running)),
		text.Gauge("mlxstar_waiting", "Runs that wait for the budget.", float64(waiting)),
	)
}
