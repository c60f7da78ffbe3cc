package mlxstar

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/memory"
)

// ownerPatience is how long another goroutine waits for a running script to come to a
// point where its values can be looked at.
const ownerPatience = 50 * time.Millisecond

// owners tells who keeps arrays alive now, on the script's own goroutine.
func (rt *Runtime) owners() *memory.Ownership {
	rt.engine.Settle()
	rt.account.Collect(alloc.ForAnswer)
	w := ownerWalk{rt: rt, seen: map[any]bool{}, buffers: map[*alloc.Buffer]bool{}}
	w.walk()
	owned := memory.NewOwnership(time.Now(), rt.account.Active(), w.found)
	rt.watch.found.Store(owned)
	return owned
}

// MemoryOwners tells which variables, parts of models and optimizers keep arrays alive. It
// can be called while a script runs; the answer is then as of the script's next call of
// mlx.core, or, if that does not come within 50 ms, of when it was last known: nil if it
// never was.
func (rt *Runtime) MemoryOwners() *memory.Ownership {
	if rt.turn.visitor() != nil {
		return rt.owners()
	}
	if rt.turn.look() {
		defer rt.turn.looked()
		if rt.closed {
			return nil
		}
		return rt.owners()
	}
	done := make(chan *memory.Ownership, 1)
	rt.mx.Visit(func() { done <- rt.owners() })
	select {
	case o := <-done:
		return o
	case <-time.After(ownerPatience):
		return rt.watch.found.Load()
	}
}

// refused tells what shapes the arrays have that hold the most, and the host of it.
func (rt *Runtime) refused(e *alloc.LimitError) {
	const maxShapes = 8
	owned := rt.owners()
	for _, o := range owned.Owners {
		for i := range e.Holders {
			h := &e.Holders[i]
			same := func(s []int) bool { return slices.Equal(s, o.Shape) }
			if h.Where == o.Where && o.Dtype != "" && len(h.Shapes) < maxShapes && !slices.ContainsFunc(h.Shapes, same) {
				h.Shapes = append(h.Shapes, o.Shape)
			}
		}
	}
	if rt.opts.MemoryRefused != nil {
		rt.opts.MemoryRefused(rt.memoryProfile(true, owned))
	}
}

// ownerWalk follows references from variables to arrays. Each buffer belongs to the first
// path that leads to it: models come first, then optimizers, then other variables, and
// those of frames and of other modules.
type ownerWalk struct {
	rt      *Runtime
	seen    map[any]bool
	buffers map[*alloc.Buffer]bool
	lazy    []reference // arrays with a graph behind them
	models  []*starlark.Dict
	found   []memory.Owner
	queue   []reference
}

// reference is a value and the way to it.
type reference struct {
	value  starlark.Value
	path   string
	kind   string
	dotted bool // the path goes on by dots: it is within a model or an optimizer
}

// maxOwnerValues bounds the values that a walk looks at.
const maxOwnerValues = 4 << 20

func (w *ownerWalk) walk() {
	roots := w.roots()
	rank := func(r reference) int {
		switch purposeOf(r.value) {
		case memory.Parameters:
			return 0
		case memory.OptimizerState:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(roots, func(x, y reference) int { return rank(x) - rank(y) })
	for _, r := range roots {
		w.follow(r)
	}
	for _, r := range w.lazy {
		w.pending(r)
	}
	w.rt.engine.Holdings(func(name string, b *alloc.Buffer) { w.own(b, memory.Owner{Path: name, Kind: memory.Other}) })
}

// roots lists the variables of the main module, of frames and of other modules.
func (w *ownerWalk) roots() (roots []reference) {
	variables := func(m *dialect.Module, prefix string) {
		dialect.Referents(m, func(key, v starlark.Value) {
			if name, ok := object.AsString(key); ok {
				roots = append(roots, reference{value: v, path: prefix + name})
			}
		})
	}
	variables(w.rt.main, "")
	for c := w.rt.current.Load(); c != nil; c = c.outer() {
		dialect.FrameVariables(c.thread, func(function string, _ int, name string, v starlark.Value) {
			if function == "<module>" {
				function = ""
			} else {
				function += "()."
			}
			roots = append(roots, reference{value: captured(v), path: function + name})
		})
	}
	for name, v := range w.rt.std.Loaded {
		if m, ok := v.(*dialect.Module); ok && m != w.rt.main {
			variables(m, name+".")
		}
	}
	return roots
}

// captured is what a local variable holds that closures see. The interpreter keeps it in a
// cell, which it opens for closures and not for who looks at frames: a struct of one value.
func captured(v starlark.Value) starlark.Value {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || t.Elem().Name() != "cell" || t.Elem().PkgPath() != cellPackage {
		return v
	}
	if t.Elem().NumField() != 1 || t.Elem().Field(0).Type != reflect.TypeFor[starlark.Value]() {
		return v
	}
	if inner := *(*starlark.Value)(reflect.ValueOf(v).UnsafePointer()); inner != nil {
		return dialect.Unboxed(inner)
	}
	return v
}

var cellPackage = reflect.TypeFor[starlark.Builtin]().PkgPath()

// purposeOf is what arrays within a value are for, "" if that cannot be told from it.
func purposeOf(v starlark.Value) string {
	i, ok := v.(*object.Instance)
	if !ok {
		return ""
	}
	for _, t := range i.Class().MRO() {
		switch {
		case t.Name() == "Module" && strings.HasPrefix(t.Module(), "mlx.nn"):
			return memory.Parameters
		case t.Name() == "Optimizer" && strings.HasPrefix(t.Module(), "mlx.optimizers"):
			return memory.OptimizerState
		}
	}
	return ""
}

// follow visits all that can be reached from a root, nearest first.
func (w *ownerWalk) follow(root reference) {
	w.queue = append(w.queue[:0], root)
	for at := 0; at < len(w.queue) && len(w.seen) < maxOwnerValues; at++ {
		w.visit(w.queue[at])
	}
}

func (w *ownerWalk) visit(r reference) {
	if a, ok := r.value.(builtins.HasArray); ok {
		w.array(r, a.EngineArray().Node())
		return
	}
	id := identity(r.value)
	if id == nil || w.seen[id] {
		return
	}
	w.seen[id] = true
	if k := purposeOf(r.value); k != "" {
		r.kind, r.dotted = k, true
		if d, ok := r.value.(*object.Instance).Base().(*starlark.Dict); ok {
			w.models = append(w.models, d)
		}
	} else if r.kind == "" {
		r.kind = w.guess(r)
	}
	if t := object.GeneratorThread(r.value); t != nil {
		dialect.FrameVariables(t, func(function string, _ int, name string, v starlark.Value) {
			w.queue = append(w.queue, reference{captured(v), function + "()." + name, r.kind, false})
		})
		return
	}
	_, instance := r.value.(*object.Instance)
	_, code := r.value.(*starlark.Function)
	dialect.Referents(r.value, func(key, v starlark.Value) {
		if _, module := v.(*dialect.Module); module {
			return // its variables are roots
		}
		w.queue = append(w.queue, reference{v, r.path + step(key, r, instance, code), r.kind, r.dotted})
	})
}

// step is how the path goes on from a value to what it refers to.
func step(key starlark.Value, from reference, instance, code bool) string {
	name, isName := object.AsString(key)
	switch {
	case isName && code:
		return "()." + name
	case isName && from.kind == memory.OptimizerState && name == "_state":
		return ".state"
	case isName && (from.dotted || instance || strings.HasPrefix(name, "__")):
		return "." + name
	case from.dotted:
		return "." + key.String()
	}
	return "[" + key.String() + "]"
}

// guess tells the kind of a variable's arrays by what it looks like: trees with a model's
// keys are gradients, and names tell.
func (w *ownerWalk) guess(r reference) string {
	name := strings.ToLower(r.path)
	switch {
	case strings.Contains(name, "grad"):
		return memory.Gradients
	case strings.Contains(name, "cache"):
		return memory.Caches
	}
	d, ok := r.value.(*starlark.Dict)
	if !ok || d.Len() == 0 {
		return ""
	}
	for _, model := range w.models {
		like := true
		for _, k := range d.Keys() {
			if _, found, err := model.Get(k); err != nil || !found {
				like = false
				break
			}
		}
		if like {
			return memory.Gradients
		}
	}
	return ""
}

// array owns an array's buffer, and remembers the graph behind it.
func (w *ownerWalk) array(r reference, n *engine.Node) {
	if n == nil {
		return
	}
	if len(n.Inputs()) > 0 {
		w.lazy = append(w.lazy, r)
	}
	kind := r.kind
	if kind == "" {
		kind = w.guess(r)
	}
	b := n.Buffer()
	if kind == "" {
		kind = memory.Activations
		if d := n.Dtype(); d.IsInteger() || b != nil && b.Foreign() || w.rt.input(b) {
			kind = memory.Data
		}
	}
	w.own(b, memory.Owner{Path: r.path, Kind: kind, Dtype: n.Dtype().String(), Shape: n.Shape()})
}

// input reports whether a buffer is known to hold what came from outside.
func (rt *Runtime) input(b *alloc.Buffer) bool {
	r := rt.watch.recorder.Load()
	return r != nil && b != nil && r.IsInput(b)
}

func (w *ownerWalk) own(b *alloc.Buffer, o memory.Owner) {
	if b == nil || w.buffers[b] || b.Charge() == 0 {
		return
	}
	w.buffers[b] = true
	o.Bytes = b.Charge()
	o.Where = w.rt.engine.Sites().Where(b.Site())
	if w.rt.watch.recorder.Load() != nil {
		o.Buffer = b.ID()
	}
	w.found = append(w.found, o)
}

// pending owns what the graph behind an array keeps alive.
func (w *ownerWalk) pending(r reference) {
	root := r.value.(builtins.HasArray).EngineArray().Node()
	o := memory.Owner{Kind: memory.Activations}
	stack := []*engine.Node{root}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w.seen[n] {
			continue
		}
		w.seen[n] = true
		if op := n.Op(); op != nil && (op != engine.OpFull || n.Rank() > 0) { // a number takes no operation
			o.Pending++
		}
		if b := n.Buffer(); b != nil && !w.buffers[b] && n != root {
			w.buffers[b] = true
			o.Bytes += b.Charge()
		}
		stack = append(stack, n.Inputs()...)
	}
	if o.Bytes > 0 || !root.Evaluated() {
		o.Path = fmt.Sprintf("pending graph of %s, %d operations", r.path, o.Pending)
		w.found = append(w.found, o)
	}
}

// identity is what tells an object apart from others, nil for values without identity
// that refer to nothing.
func identity(v starlark.Value) any {
	switch v := v.(type) {
	case nil, starlark.NoneType, starlark.Bool, starlark.Int, starlark.Float, starlark.String, starlark.Bytes, *starlark.Builtin:
		return nil
	case starlark.Tuple:
		if len(v) == 0 {
			return nil
		}
		return unsafe.SliceData(v)
	}
	if reflect.TypeOf(v).Kind() != reflect.Pointer {
		return nil
	}
	return v
}
