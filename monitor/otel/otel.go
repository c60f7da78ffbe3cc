// Package otel gives what a monitor knows of memory to OpenTelemetry. Programs that import
// it link OpenTelemetry's interface; nothing else of this module does.
package otel

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

// instrument is one of those that are registered. docs/monitoring.md lists them.
type instrument struct {
	name, unit, help string
	counter          bool // it only rises
	value            func(s *monitor.Status) int64
}

var instruments = []instrument{
	{"mlxstar.memory.active", "By", "Bytes that live arrays hold.", false, func(s *monitor.Status) int64 { return s.Active }},
	{"mlxstar.memory.peak", "By", "The most bytes that were active since the peak was reset.", false, func(s *monitor.Status) int64 { return s.Peak }},
	{"mlxstar.memory.cache", "By", "Bytes kept for reuse.", false, func(s *monitor.Status) int64 { return s.Cache }},
	{"mlxstar.memory.limit", "By", "The most bytes that may be active; 0 is no limit.", false, func(s *monitor.Status) int64 { return s.Limit }},
	{"mlxstar.memory.buffers", "{buffer}", "Live buffers.", false, func(s *monitor.Status) int64 { return s.Buffers }},
	{"mlxstar.memory.resident", "By", "The resident set of the process.", false, func(s *monitor.Status) int64 { return s.Resident }},
	{"mlxstar.memory.cache.hits", "{buffer}", "Buffers that were served from the cache.", true, func(s *monitor.Status) int64 { return s.Pool.Hits }},
	{"mlxstar.memory.cache.misses", "{buffer}", "Buffers that needed new memory.", true, func(s *monitor.Status) int64 { return s.Pool.Misses }},
}

// ownedName is the instrument of bytes by kind of owner, which is its attribute.
const ownedName = "mlxstar.memory.owned"

// Register has a meter observe a source, such as [github.com/mlxstar/mlxstar.Runtime.MonitorSource],
// whenever it collects, until the registration is undone. Attributes go with each value.
func Register(meter metric.Meter, src monitor.Source, attributes ...attribute.KeyValue) (metric.Registration, error) {
	observed := make([]metric.Observable, 0, len(instruments)+1)
	observers := make([]metric.Int64Observable, 0, len(instruments))
	for _, i := range instruments {
		var o metric.Int64Observable
		var err error
		if i.counter {
			o, err = meter.Int64ObservableCounter(i.name, metric.WithUnit(i.unit), metric.WithDescription(i.help))
		} else {
			o, err = meter.Int64ObservableGauge(i.name, metric.WithUnit(i.unit), metric.WithDescription(i.help))
		}
		if err != nil {
			return nil, fmt.Errorf("otel: %s: %w", i.name, err)
		}
		observers, observed = append(observers, o), append(observed, o)
	}
	owned, err := meter.Int64ObservableGauge(ownedName, metric.WithUnit("By"), metric.WithDescription("Bytes by the kind of what keeps them alive, as far as that is known."))
	if err != nil {
		return nil, fmt.Errorf("otel: %s: %w", ownedName, err)
	}
	observed = append(observed, owned)
	all := metric.WithAttributes(attributes...)
	return meter.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		owners := src.Owners() // first: asking may collect what is dead
		s := src.Status()
		for k, i := range instruments {
			to.ObserveInt64(observers[k], i.value(&s), all)
		}
		if owners == nil {
			return nil
		}
		for _, kind := range kinds {
			to.ObserveInt64(owned, owners.Kinds[kind], all, metric.WithAttributes(attribute.String("kind", kind)))
		}
		return nil
	}, observed...)
}

var kinds = []string{memory.Parameters, memory.OptimizerState, memory.Gradients, memory.Activations, memory.Data, memory.Caches, memory.Other}
