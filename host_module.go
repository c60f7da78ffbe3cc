package mlxstar

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// hostModule is `import mlxstar`: what a script may ask of the runtime it runs
// in and no Python has.
func (rt *Runtime) hostModule() *dialect.Module {
	mod := dialect.NewModule("mlxstar", "", rt.globals)
	mod.Set("__version__", starlark.String(Version))
	for name, fn := range map[string]func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error){
		"progress":        rt.newProgress,
		"resident_memory": residentMemory,
		"is_terminal": func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			return starlark.Bool(rt.terminal), starlark.UnpackArgs(b.Name(), args, kwargs)
		},
		"memory_table": func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
				return nil, err
			}
			return starlark.String(rt.memory(true).Table()), nil
		},
		"collections": rt.collections,
		"plan":        rt.plan,
		"metric":      rt.metric,
		"metrics":     rt.reported,
	} {
		mod.Set(name, starlark.NewBuiltin(name, fn))
	}
	return mod
}

func residentMemory(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	n, err := alloc.ResidentSet()
	if err != nil {
		return nil, object.Errorf(object.OSError, "resident_memory: %s", err)
	}
	return starlark.MakeInt64(n), nil
}

// collections gives the count of collections that memory questions, limits and
// reuse have forced, and the seconds they took.
func (rt *Runtime) collections(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	s := rt.account.CollectStats()
	return starlark.Tuple{starlark.MakeInt(s.Forced), starlark.Float(s.Time.Seconds())}, nil
}

// Memory is a runtime's memory, in bytes, at one moment.
type Memory struct {
	Active   int64 `json:"active"`   // held by live arrays
	Peak     int64 `json:"peak"`     // the most that was active at once
	Cache    int64 `json:"cache"`    // kept for reuse
	Limit    int64 `json:"limit"`    // the most that may be active; 0 is no limit
	Buffers  int64 `json:"buffers"`  // live buffers
	Resident int64 `json:"resident"` // the whole process's resident set
}

// Memory counts the runtime's memory, after a collection: arrays that nothing
// refers to any more do not count. It does not wait for a call in progress, whose
// work on its way counts too.
func (rt *Runtime) Memory() Memory {
	idle := rt.turn.tryTake()
	if idle {
		defer rt.turn.release()
	}
	return rt.memory(idle && !rt.closed || rt.turn.visitor() != nil)
}

// memory counts the memory. The engine is settled first where nothing else uses it.
func (rt *Runtime) memory(settle bool) Memory {
	if settle {
		rt.engine.Settle()
	}
	rt.account.Collect(alloc.ForAnswer)
	c := rt.account.Counters()
	m := Memory{Active: c.Active, Peak: c.Peak, Cache: c.Cache, Limit: c.Limit, Buffers: c.Buffers}
	if n, err := alloc.ResidentSet(); err == nil {
		m.Resident = n
	}
	return m
}

// Table writes the memory as lines of a name and a readable size.
func (m Memory) Table() string {
	limit := "none"
	if m.Limit > 0 {
		limit = alloc.FormatBytes(m.Limit)
	}
	rows := [][2]string{
		{"active", alloc.FormatBytes(m.Active)},
		{"peak", alloc.FormatBytes(m.Peak)},
		{"cache", alloc.FormatBytes(m.Cache)},
		{"resident", alloc.FormatBytes(m.Resident)},
		{"limit", limit},
	}
	var s strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&s, "%-9s %12s\n", r[0], r[1])
	}
	return strings.TrimSuffix(s.String(), "\n")
}
