package mlxstar

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/memory"
)

type builtin = func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error)

// memoryModule is `import mlxstar.memory`: where the memory of arrays goes. The first
// call of what needs a recording begins it; record() does so by itself.
func (rt *Runtime) memoryModule() starlark.Value {
	mod := dialect.NewModule("mlxstar.memory", "", rt.globals)
	for name, fn := range map[string]builtin{
		"record":      rt.memoryRecord,
		"mark":        rt.memoryMark,
		"snapshot":    rt.memorySnapshot,
		"by_line":     rt.memoryByLine,
		"by_owner":    rt.memoryByOwner,
		"timeline":    rt.memoryTimeline,
		"steps":       rt.memorySteps,
		"peak_report": rt.memoryPeakReport,
		"track":       rt.memoryTrack,
		"plan":        rt.plan,
		"processes":   rt.memoryProcesses,
		"process":     rt.memoryProcess,
	} {
		mod.Set(name, starlark.NewBuiltin(name, fn))
	}
	return mod
}

// memoryRecord is record(on=True): begins to record, or ends it and forgets what was recorded.
func (rt *Runtime) memoryRecord(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	on := true
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "on?", &on); err != nil {
		return nil, err
	}
	if on {
		rt.RecordMemory()
	} else {
		rt.StopRecordingMemory()
	}
	return starlark.None, nil
}

// memoryMark is mark(name=""): ends a step and names it.
func (rt *Runtime) memoryMark(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	name := ""
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "name?", &name); err != nil {
		return nil, err
	}
	rt.recording()
	rt.engine.Settle()
	rt.account.Collect(alloc.ForAnswer) // what is dead does not count at the step's end
	rt.MarkMemory(name)
	return starlark.None, nil
}

// memorySnapshot is snapshot(path=None): the profile as a dict, or, where a path is given,
// written there as JSON.
func (rt *Runtime) memorySnapshot(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var path starlark.Value = starlark.None
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "path?", &path); err != nil {
		return nil, err
	}
	rt.recording()
	p := rt.memoryProfile(path != starlark.None, rt.owners())
	if path == starlark.None {
		return plainValue(p)
	}
	name, ok := object.AsString(path)
	if !ok {
		return nil, object.Errorf(object.TypeError, "snapshot: path must be a str or None, not %s", object.TypeName(path))
	}
	return starlark.None, rt.writeFile(name, p.Write)
}

// memoryByLine is by_line(top=None): what each line of the script holds, a list of dicts
// of which bytes adds up to what is active. The lines that hold most come first.
func (rt *Runtime) memoryByLine(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	top := starlark.Value(starlark.None)
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "top?", &top); err != nil {
		return nil, err
	}
	r := rt.recording()
	rt.engine.Settle()
	rt.account.Collect(alloc.ForAnswer)
	var lines []starlark.Value
	for _, l := range r.Profile(false).ByLine() {
		if l.Live.Bytes == 0 && l.AtPeak.Bytes == 0 && l.Allocated.Bytes == 0 {
			continue
		}
		lines = append(lines, dict(
			"where", starlark.String(l.Where), "bytes", starlark.MakeInt64(l.Live.Bytes), "arrays", starlark.MakeInt64(l.Live.Arrays),
			"peak_bytes", starlark.MakeInt64(l.AtPeak.Bytes), "allocated", starlark.MakeInt64(l.Allocated.Bytes),
			"allocations", starlark.MakeInt64(l.Allocated.Arrays),
			"growth_per_step", starlark.MakeInt64(l.Growth), "growing", starlark.Bool(l.Growing),
		))
	}
	return first(b, lines, top)
}

// first gives the first rows of a list, all if top is None.
func first(b *starlark.Builtin, rows []starlark.Value, top starlark.Value) (starlark.Value, error) {
	if top != starlark.None {
		n, err := starlark.AsInt32(top)
		if err != nil || n < 0 {
			return nil, object.Errorf(object.TypeError, "%s: top must be None or an int from 0, got %s", b.Name(), top)
		}
		rows = rows[:min(n, len(rows))]
	}
	return starlark.NewList(rows), nil
}

// memoryByOwner is by_owner(top=None): which variables, parts of models and optimizers keep
// arrays alive, a list of dicts of which bytes adds up to what is active.
func (rt *Runtime) memoryByOwner(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	top := starlark.Value(starlark.None)
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "top?", &top); err != nil {
		return nil, err
	}
	var rows []starlark.Value
	for _, o := range rt.owners().Owners {
		shape := make(starlark.Tuple, len(o.Shape))
		for i, n := range o.Shape {
			shape[i] = starlark.MakeInt(n)
		}
		rows = append(rows, dict(
			"path", starlark.String(o.Path), "kind", starlark.String(o.Kind), "bytes", starlark.MakeInt64(o.Bytes),
			"dtype", starlark.String(o.Dtype), "shape", shape, "pending", starlark.MakeInt(o.Pending),
		))
	}
	return first(b, rows, top)
}

// memoryTimeline is timeline(): what was active over time, a list of dicts of at (seconds
// since recording began), low, high, last and cache (bytes).
func (rt *Runtime) memoryTimeline(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	return plainValue(rt.recording().Profile(false).Timeline)
}

// memorySteps is steps(): the latest steps, a list of dicts of number, name, at (seconds),
// active (bytes at its end), peak (within it) and cache.
func (rt *Runtime) memorySteps(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	return plainValue(rt.recording().Profile(false).Steps)
}

// memoryPeakReport is peak_report(top=10): text that says what was alive at the peak.
func (rt *Runtime) memoryPeakReport(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	top := 10
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "top?", &top); err != nil {
		return nil, err
	}
	if top < 0 {
		return nil, object.Errorf(object.ValueError, "peak_report: top must be an int from 0, got %d", top)
	}
	return starlark.String(rt.recording().Profile(false).PeakReport(top)), nil
}

// plainValue makes a script's value of Go data, as JSON would show it.
func plainValue(v any) (starlark.Value, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, err
	}
	return fromJSON(tree), nil
}

func fromJSON(v any) starlark.Value {
	switch v := v.(type) {
	case bool:
		return starlark.Bool(v)
	case string:
		return starlark.String(v)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return starlark.MakeInt64(n)
		}
		f, _ := v.Float64() // the encoder wrote it
		return starlark.Float(f)
	case []any:
		items := make([]starlark.Value, len(v))
		for i, x := range v {
			items[i] = fromJSON(x)
		}
		return starlark.NewList(items)
	case map[string]any:
		d := starlark.NewDict(len(v))
		for k, x := range v {
			_ = d.SetKey(starlark.String(k), fromJSON(x)) // a new dict takes strings
		}
		return d
	}
	return starlark.None
}

// tracked is the value of track(): a context manager that compares memory before and
// after. Its attributes are
//
//	held        bytes active at the end, less those at the start
//	peak        the most bytes above the start
//	allocated   bytes of all the arrays that were given memory meanwhile
//	lines       by line, those that held most first: dicts of where, bytes and allocated
type tracked struct {
	rt     *Runtime
	name   string
	before *memory.Profile
	high   *memory.HighWater
	attrs  starlark.StringDict

	held, peak, allocated int64
}

var _ starlark.HasAttrs = (*tracked)(nil)

func (rt *Runtime) memoryTrack(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	name := ""
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "name?", &name); err != nil {
		return nil, err
	}
	t := &tracked{rt: rt, name: name, attrs: starlark.StringDict{}}
	t.attrs["__enter__"] = starlark.NewBuiltin("__enter__", t.enter)
	t.attrs["__exit__"] = starlark.NewBuiltin("__exit__", t.exit)
	return t, nil
}

func (t *tracked) Type() string          { return "MemoryTrack" }
func (t *tracked) Freeze()               {}
func (t *tracked) Truth() starlark.Bool  { return true }
func (t *tracked) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'MemoryTrack'") }

// String is the report in one line.
func (t *tracked) String() string {
	if t.attrs["held"] == nil {
		return "<MemoryTrack, not left yet>"
	}
	name := t.name
	if name != "" {
		name += ": "
	}
	return fmt.Sprintf("%sheld %s, peak %s above the start, allocated %s", name, signedSize(t.held), FormatSize(t.peak), FormatSize(t.allocated))
}

func signedSize(n int64) string {
	if n < 0 {
		return "-" + FormatSize(-n)
	}
	return "+" + FormatSize(n)
}

func (t *tracked) enter(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	r := t.rt.recording()
	t.rt.engine.Settle()
	t.rt.account.Collect(alloc.ForAnswer)
	t.before, t.high = r.Profile(false), r.Follow()
	return t, nil
}

func (t *tracked) exit(_ *starlark.Thread, _ *starlark.Builtin, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if t.before == nil {
		return nil, object.Errorf(object.RuntimeError, "track: left without having been entered")
	}
	r := t.rt.recording()
	t.rt.engine.Settle()
	t.rt.account.Collect(alloc.ForAnswer)
	after := r.Profile(false)
	t.held, t.peak = after.Active-t.before.Active, r.Unfollow(t.high)-t.before.Active
	was := map[string]memory.Line{}
	for _, l := range t.before.ByLine() {
		was[l.Where] = l
	}
	t.allocated = 0
	var lines []starlark.Value
	for _, l := range after.ByLine() {
		old := was[l.Where]
		bytes, allocated := l.Live.Bytes-old.Live.Bytes, l.Allocated.Bytes-old.Allocated.Bytes
		t.allocated += allocated
		if bytes != 0 || allocated != 0 {
			lines = append(lines, dict("where", starlark.String(l.Where), "bytes", starlark.MakeInt64(bytes), "allocated", starlark.MakeInt64(allocated)))
		}
	}
	t.attrs["held"], t.attrs["peak"] = starlark.MakeInt64(t.held), starlark.MakeInt64(t.peak)
	t.attrs["allocated"], t.attrs["lines"] = starlark.MakeInt64(t.allocated), starlark.NewList(lines)
	t.before = nil
	return starlark.False, nil
}

// Attr gives a part of the report.
func (t *tracked) Attr(name string) (starlark.Value, error) {
	if v := t.attrs[name]; v != nil {
		return v, nil
	}
	if name == "held" || name == "peak" || name == "allocated" || name == "lines" {
		return nil, object.Errorf(object.RuntimeError, "track: %s is known when the with statement is left", name)
	}
	return nil, nil
}

func (t *tracked) AttrNames() []string { return t.attrs.Keys() }
