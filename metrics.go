package mlxstar

import (
	"maps"
	"math"
	"slices"
	"sync"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Metric sums up what a script has reported under one name by mlxstar.metric(name, value).
type Metric struct {
	Last, Min, Max, Sum float64
	Count               int64
	// Sample are the values, or of many every second, fourth and so on: at most a
	// thousand, evenly.
	Sample []float64
}

// maxSample bounds the values that a metric keeps, and maxMetrics the names.
const (
	maxSample  = 1000
	maxMetrics = 1000
)

// reports are those of one runtime.
type reports struct {
	mu    sync.Mutex
	named map[string]*Metric
	every map[string]int64 // of a metric's values one in so many is kept
}

func (m *reports) add(name string, v float64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := m.named[name]
	if x == nil {
		if len(m.named) >= maxMetrics {
			return false
		}
		if m.named == nil {
			m.named, m.every = map[string]*Metric{}, map[string]int64{}
		}
		x = &Metric{Min: math.Inf(1), Max: math.Inf(-1)}
		m.named[name], m.every[name] = x, 1
	}
	if x.Count%m.every[name] == 0 {
		if len(x.Sample) == maxSample {
			for i := range maxSample / 2 {
				x.Sample[i] = x.Sample[2*i]
			}
			x.Sample, m.every[name] = x.Sample[:maxSample/2], 2*m.every[name]
		}
		if x.Count%m.every[name] == 0 {
			x.Sample = append(x.Sample, v)
		}
	}
	x.Last, x.Min, x.Max = v, min(x.Min, v), max(x.Max, v)
	x.Sum += v
	x.Count++
	return true
}

// clear forgets what was reported.
func (m *reports) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.named, m.every = nil, nil
}

// Metrics gives what scripts have reported by mlxstar.metric(name, value) since New,
// Restore or Reset. It
// does not wait for a call in progress.
func (rt *Runtime) Metrics() map[string]Metric {
	rt.metrics.mu.Lock()
	defer rt.metrics.mu.Unlock()
	out := make(map[string]Metric, len(rt.metrics.named))
	for name, x := range rt.metrics.named {
		copied := *x
		copied.Sample = slices.Clone(x.Sample)
		out[name] = copied
	}
	return out
}

// metric is mlxstar.metric(name, value): it reports a number to the host.
func (rt *Runtime) metric(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var name string
	var value starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "name", &name, "value", &value); err != nil {
		return nil, err
	}
	x, err := object.Call(thread, object.FloatType, starlark.Tuple{value}, nil)
	if err != nil {
		return nil, err
	}
	f, _ := starlark.AsFloat(object.Unwrap(x))
	if !rt.metrics.add(name, f) {
		return nil, object.Errorf(object.ValueError, "metric: %q is one name too many, want at most %d", name, maxMetrics)
	}
	return starlark.None, nil
}

// reported is mlxstar.metrics(): what was reported, as a dict of dicts.
func (rt *Runtime) reported(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	all := rt.Metrics()
	out := starlark.NewDict(len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m := all[name]
		sample := make([]starlark.Value, len(m.Sample))
		for i, v := range m.Sample {
			sample[i] = starlark.Float(v)
		}
		_ = out.SetKey(starlark.String(name), dict( // a new dict takes strings
			"last", starlark.Float(m.Last), "min", starlark.Float(m.Min), "max", starlark.Float(m.Max), "sum", starlark.Float(m.Sum),
			"count", starlark.MakeInt64(m.Count), "sample", starlark.NewList(sample),
		))
	}
	return out, nil
}
