package server

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
)

// metrics writes what is known in Prometheus's text format. Names of jobs have no
// characters that it would have to escape.
func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	s.mu.Lock()
	keys := make([][2]string, 0, len(s.counts))
	values := make(map[[2]string]count, len(s.counts))
	for k, c := range s.counts {
		keys = append(keys, k)
		values[k] = *c
	}
	s.mu.Unlock()
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	fmt.Fprint(w, "# HELP mlxstar_runs_total Runs that ended, by job and status.\n# TYPE mlxstar_runs_total counter\n")
	for _, k := range keys {
		fmt.Fprintf(w, "mlxstar_runs_total{job=%q,status=%q} %d\n", k[0], k[1], values[k].runs)
	}
	fmt.Fprint(w, "# HELP mlxstar_run_seconds_total Seconds that runs took.\n# TYPE mlxstar_run_seconds_total counter\n")
	for _, k := range keys {
		fmt.Fprintf(w, "mlxstar_run_seconds_total{job=%q,status=%q} %g\n", k[0], k[1], values[k].seconds)
	}
	used, peak, running, waiting := s.runner.State()
	for _, g := range []struct {
		name, help string
		value      int64
	}{
		{"mlxstar_budget_bytes", "Memory that all runs together may take.", memoryLimit(s.config)},
		{"mlxstar_budget_used_bytes", "Memory that runs have of the budget.", used},
		{"mlxstar_budget_peak_bytes", "The most memory that runs had of the budget at once.", peak},
		{"mlxstar_running", "Runs that go on.", int64(running)},
		{"mlxstar_waiting", "Runs that wait for the budget.", int64(waiting)},
	} {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n%s %d\n", g.name, g.help, g.name, g.name, g.value)
	}
}
