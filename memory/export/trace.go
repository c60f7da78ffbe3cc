package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/mlxstar/mlxstar/memory"
)

// maxEvents bounds the events that an export has: those before are summed up.
const maxEvents = 1 << 18

// Trace writes events over time in Chrome's trace format: counters of what is active and
// cached, evaluations, steps, and the timeline of the whole run.
func Trace(w io.Writer, p *memory.Profile, changes memory.Changes) error {
	pid := p.PID
	if pid == 0 {
		pid = os.Getpid()
	}
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	first := true
	var failed error
	emit := func(e map[string]any) {
		e["pid"] = pid
		if !first {
			_, _ = out.WriteString(",")
		}
		first = false
		if err := enc.Encode(e); err != nil && failed == nil {
			failed = err
		}
	}
	const micro = 1e6
	counter := func(at float64, active, cache int64) {
		emit(map[string]any{"ph": "C", "ts": at * micro, "tid": 0, "name": "memory", "args": map[string]int64{"active": active, "cache": cache}})
	}
	_, _ = out.WriteString(`{"displayTimeUnit":"ms","traceEvents":[`)
	emit(map[string]any{"ph": "M", "name": "process_name", "tid": 0, "args": map[string]string{"name": "mlxstar " + p.Command}})
	emit(map[string]any{"ph": "M", "name": "thread_name", "tid": 1, "args": map[string]string{"name": "evaluations"}})
	emit(map[string]any{"ph": "M", "name": "thread_name", "tid": 2, "args": map[string]string{"name": "steps"}})

	latest, err := tail(changes, maxEvents)
	if err != nil {
		return err
	}
	begin := p.Seconds
	if len(latest) > 0 {
		begin = latest[0].At
	}
	for _, x := range p.Timeline { // of before the events
		if x.At < begin {
			counter(x.At, x.High, x.Cache)
		}
	}
	from := 0.0
	for _, s := range p.Steps {
		name := s.Name
		if name == "" {
			name = fmt.Sprint("step ", s.Number)
		}
		emit(map[string]any{"ph": "X", "ts": from * micro, "dur": (s.At - from) * micro, "tid": 2, "name": name,
			"args": map[string]int64{"active": s.Active, "peak": s.Peak, "cache": s.Cache}})
		from = s.At
	}
	open := 0.0
	operations := int64(-1) // of the evaluation that goes on
	for _, c := range latest {
		switch c.Kind {
		case "eval":
			open, operations = c.At, c.Bytes
		case "evaluated":
			if operations >= 0 {
				emit(map[string]any{"ph": "X", "ts": open * micro, "dur": (c.At - open) * micro, "tid": 1, "name": "eval", "args": map[string]int64{"operations": operations}})
			}
			operations = -1
		case "collect":
			emit(map[string]any{"ph": "i", "s": "p", "ts": c.At * micro, "tid": 1, "name": "collection", "args": map[string]int64{"dead": c.Bytes}})
		case "allocate", "free", "trim":
			counter(c.At, c.Active, c.Cache)
		}
	}
	_, _ = out.WriteString("]}\n")
	if failed != nil {
		return failed
	}
	return out.Flush()
}

// tail keeps the latest events.
func tail(changes memory.Changes, n int) ([]memory.Change, error) {
	if changes == nil {
		return nil, nil
	}
	var all []memory.Change
	err := changes(func(c memory.Change) bool {
		if len(all) == 2*n {
			all = append(all[:0], all[n:]...)
		}
		all = append(all, c)
		return true
	})
	return all[max(len(all)-n, 0):], err
}
