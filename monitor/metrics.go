package monitor

import (
	"io"

	"github.com/mlxstar/mlxstar/monitor/text"
)

// metrics are what /metrics names, in Prometheus' conventions. docs/monitoring.md lists them.
var metrics = []struct {
	name, kind, help string
	value            func(s *Status) float64
}{
	{"mlxstar_memory_active_bytes", "gauge", "Bytes that live arrays hold.", func(s *Status) float64 { return float64(s.Active) }},
	{"mlxstar_memory_peak_bytes", "gauge", "The most bytes that were active since the peak was reset.", func(s *Status) float64 { return float64(s.Peak) }},
	{"mlxstar_memory_cache_bytes", "gauge", "Bytes kept for reuse.", func(s *Status) float64 { return float64(s.Cache) }},
	{"mlxstar_memory_limit_bytes", "gauge", "The most bytes that may be active; 0 is no limit.", func(s *Status) float64 { return float64(s.Limit) }},
	{"mlxstar_memory_buffers", "gauge", "Live buffers.", func(s *Status) float64 { return float64(s.Buffers) }},
	{"mlxstar_memory_resident_bytes", "gauge", "The resident set of the process.", func(s *Status) float64 { return float64(s.Resident) }},
	{"mlxstar_memory_cache_hits_total", "counter", "Buffers that were served from the cache.", func(s *Status) float64 { return float64(s.Pool.Hits) }},
	{"mlxstar_memory_cache_misses_total", "counter", "Buffers that needed new memory.", func(s *Status) float64 { return float64(s.Pool.Misses) }},
	{"mlxstar_memory_recording", "gauge", "1 while where memory goes is recorded, else 0.", func(s *Status) float64 {
		if s.Recording {
			return 1
		}
		return 0
	}},
}

func writeMetrics(w io.Writer, src Source) {
	s := src.Status()
	families := make([]text.Family, len(metrics))
	for i, m := range metrics {
		families[i] = text.Family{Name: m.name, Kind: m.kind, Help: m.help, Samples: []text.Sample{{Value: m.value(&s)}}}
	}
	_ = text.Write(w, families...) // who has gone needs no answer
}
