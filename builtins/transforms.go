package builtins

import (
	"sort"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// transformFunctions make functions of functions.
var transformFunctions = []function{
	{"grad(fun: Callable[P, R], argnums: int | Sequence[int] | None = None, argnames: str | Sequence[str] = []) -> Callable[P, Any]", "A function that gives the gradient of fun, which returns a scalar array, by the arguments named (by default the first). An argument may be a tree of arrays; the gradient is a tree of the same form.",
		func(c *Call) starlark.Value { return c.gradient("grad", false) }},
	{"value_and_grad(fun: Callable[P, R], argnums: int | Sequence[int] | None = None, argnames: str | Sequence[str] = []) -> Callable[P, tuple[R, Any]]", "A function that gives what fun gives and its gradient, as a tuple. Fun returns a scalar array, or a tuple whose first element is one.",
		func(c *Call) starlark.Value { return c.gradient("value_and_grad", true) }},
	{"vjp(fun: Callable, primals: list[array], cotangents: list[array]) -> tuple[list[array], list[array]]", "The outputs of fun at the primals and its vector-Jacobian product with cotangents for the outputs, as two lists.", vjp},
	{"jvp(fun: Callable, primals: list[array], tangents: list[array]) -> tuple[list[array], list[array]]", "The outputs of fun at the primals and its Jacobian-vector product with tangents for the primals, as two lists.", jvp},
	{"vmap(fun: Callable[P, R], in_axes: object = 0, out_axes: object = 0) -> Callable[P, R]", "A function of batches of one that takes single examples: in_axes says along which axis of each array the examples lie (None is the same array for all), out_axes where to put them. Both may be trees.", vmap},
	{"compile(fun: Callable[P, R], inputs: object | None = None, outputs: object | None = None, shapeless: bool = False) -> Callable[P, R]", "A function that runs fun once for each form of its arguments (shapes, dtypes, constants) and from then on builds what it computed, without running it. Inputs and outputs are trees of arrays that it reads and changes besides.", compile},
	{"disable_compile() -> None", "Makes compiled functions run as they are.",
		func(c *Call) starlark.Value { c.m.uncompiled = true; return starlark.None }},
	{"enable_compile() -> None", "Makes compiled functions use what they traced.",
		func(c *Call) starlark.Value { c.m.uncompiled = false; return starlark.None }},
	{"checkpoint(fun: Callable[P, R]) -> Callable[P, R]", "The function, whose intermediate results are computed again for the gradient rather than kept.", checkpoint},
}

// Transformed is a function made of another by a transform.
type Transformed struct {
	name   string
	fn     starlark.Value
	thread *starlark.Thread // of the call that made it
	call   func(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)
}

var (
	_ starlark.Callable = (*Transformed)(nil)
	_ starlark.HasAttrs = (*Transformed)(nil)

	_ object.HasParameters = (*Transformed)(nil)
)

func (t *Transformed) Name() string          { return t.name }
func (t *Transformed) String() string        { return "<function " + t.name + ">" }
func (t *Transformed) Type() string          { return "function" }
func (t *Transformed) Freeze()               {}
func (t *Transformed) Truth() starlark.Bool  { return true }
func (t *Transformed) Hash() (uint32, error) { return starlark.String(t.name).Hash() }

// Attr gives the attributes of the function that was transformed, and
// __wrapped__, the function.
func (t *Transformed) Attr(name string) (starlark.Value, error) {
	if name == "__wrapped__" {
		return t.fn, nil
	}
	switch name {
	case "__name__", "__qualname__", "__doc__", "__module__":
		if v, err := object.GetAttr(t.thread, t.fn, name); err == nil {
			return v, nil
		}
	}
	if fn, ok := t.fn.(starlark.HasAttrs); ok {
		return fn.Attr(name)
	}
	return nil, nil
}

// AttrNames lists what Attr gives.
func (t *Transformed) AttrNames() []string {
	if fn, ok := t.fn.(starlark.HasAttrs); ok {
		return append(fn.AttrNames(), "__wrapped__")
	}
	return []string{"__wrapped__"}
}

// Parameters are those of the function that was transformed.
func (t *Transformed) Parameters() []object.Parameter {
	ps, _ := object.ParametersOf(t.fn) // none where the function does not tell
	return ps
}

// CallInternal calls the transformed function.
func (t *Transformed) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return t.call(thread, args, kwargs)
}

// callable takes a function.
func (c *Call) callable(name string) starlark.Value {
	v := c.arg(name)
	if !isCallable(v) {
		c.mistyped(name, v, "callable")
	}
	return v
}

// gradientOf is a gradient to be taken: of what function, by which arguments.
type gradientOf struct {
	m         *Module
	name      string
	withValue bool
	fn        starlark.Value
	argnums   []int // ascending
	scalar    bool  // one number was given: its gradient is not in a tuple
	argnames  []string
}

func (c *Call) gradient(name string, withValue bool) starlark.Value {
	g := &gradientOf{m: c.m, name: name, withValue: withValue, fn: c.callable("fun")}
	c.readArgnames(g)
	c.readArgnums(g)
	return &Transformed{name: name, fn: g.fn, thread: c.thread, call: g.call}
}

func (c *Call) readArgnames(g *gradientOf) {
	v := c.arg("argnames")
	if v == nil || v == starlark.None {
		return
	}
	items, ok := sequence(v)
	if s, single := starlark.AsString(v); single {
		g.argnames = []string{s}
		return
	}
	if !ok {
		c.mistyped("argnames", v, "str or a sequence of str")
	}
	seen := map[string]bool{}
	for _, item := range items {
		s, ok := starlark.AsString(item)
		if !ok {
			c.mistyped("argnames", item, "str or a sequence of str")
		}
		if !seen[s] {
			seen[s], g.argnames = true, append(g.argnames, s)
		}
	}
	sort.Strings(g.argnames)
}

func (c *Call) readArgnums(g *gradientOf) {
	v := c.given("argnums")
	if v == nil {
		if len(g.argnames) == 0 {
			g.argnums, g.scalar = []int{0}, true
		}
		return
	}
	g.argnums = append(g.argnums, c.axes("argnums")...)
	g.scalar = len(g.argnums) == 1
	sort.Ints(g.argnums)
	for i, n := range g.argnums {
		if n < 0 {
			c.fail(object.ValueError, "%s: there is no argument of the negative index %d", g.name, n)
		}
		if i > 0 && g.argnums[i-1] == n {
			c.fail(object.ValueError, "%s: the argument index %d appears twice", g.name, n)
		}
	}
	if len(g.argnums) == 0 && len(g.argnames) == 0 {
		c.fail(object.ValueError, "%s: got no argument to take the gradient by", g.name)
	}
}

// check finds the arguments that the gradient is taken by.
func (g *gradientOf) check(args starlark.Tuple, kwargs []starlark.Tuple) error {
	for _, n := range g.argnums {
		if n >= len(args) {
			return object.Errorf(object.ValueError, "%s: the gradient is by argument %d, but the function is called with %d positional arguments", g.name, n, len(args))
		}
	}
	for _, name := range g.argnames {
		if keywordAt(kwargs, name) < 0 {
			return object.Errorf(object.ValueError, "%s: the gradient is by the keyword argument '%s', which the call lacks", g.name, name)
		}
	}
	return nil
}

func keywordAt(kwargs []starlark.Tuple, name string) int {
	for i, kv := range kwargs {
		if string(kv[0].(starlark.String)) == name {
			return i
		}
	}
	return -1
}

func (g *gradientOf) call(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := g.check(args, kwargs); err != nil {
		return nil, err
	}
	t := g.m.startTracing(thread, g.name, false)
	defer t.end()
	args, kwargs = append(starlark.Tuple(nil), args...), append([]starlark.Tuple(nil), kwargs...)
	var forms []starlark.Value // the trees, for the gradients to take the form of
	for _, n := range g.argnums {
		forms = append(forms, t.enter(&args[n]))
	}
	for _, name := range g.argnames {
		i := keywordAt(kwargs, name)
		v := kwargs[i][1]
		forms = append(forms, t.enter(&v))
		kwargs[i] = starlark.Tuple{kwargs[i][0], v}
	}
	if t.err == nil && len(t.tracers) == 0 {
		t.err = object.Errorf(object.ValueError, "%s: the arguments hold no array to take the gradient by", g.name)
	}
	out := t.apply(g.fn, args, kwargs)
	if t.err != nil {
		return nil, t.err
	}
	loss, err := g.scalarOf(out)
	if err != nil {
		return nil, err
	}
	var grads []*engine.Node
	t.err = t.c.run(func() {
		grads = t.pull([]*engine.Node{loss}, nil)
	})
	if t.err != nil {
		return nil, t.err
	}
	result, err := g.results(forms, grads)
	if err != nil || !g.withValue {
		if a, ok := out.(*Array); ok {
			g.m.Engine.Doubt(&a.Array)
		}
		return result, err
	}
	if out, err = g.detachAux(t, out); err != nil {
		return nil, err
	}
	return starlark.Tuple{out, result}, nil
}

// detachAux makes the arrays beside the value constants to the transforms that
// this one is nested in, as MLX does.
func (g *gradientOf) detachAux(t *tracing, out starlark.Value) (starlark.Value, error) {
	all, ok := object.AsTuple(out)
	if !ok || !t.trace.Nested() {
		return out, nil
	}
	aux, err := mapTree(all[1:], func(leaf starlark.Value) (starlark.Value, error) {
		a, ok := leaf.(*Array)
		if !ok {
			return leaf, nil
		}
		var constant starlark.Value
		err := t.c.run(func() { constant = t.c.out(t.c.b.StopGradient(a.Node())) })
		if err == nil {
			t.m.note("stop_gradient", starlark.Tuple{a}, nil, constant)
		}
		return constant, err
	})
	if err != nil {
		return nil, err
	}
	return append(starlark.Tuple{all[0]}, aux.(starlark.Tuple)...), nil
}

// scalarOf finds the value to differentiate in what the function gave.
func (g *gradientOf) scalarOf(out starlark.Value) (*engine.Node, error) {
	value, want := out, "a scalar array"
	if g.withValue {
		want = "a scalar array or a tuple that begins with one"
		if t, ok := object.AsTuple(out); ok && len(t) > 0 {
			value = t[0]
		}
	}
	a, ok := value.(*Array)
	if !ok {
		return nil, object.Errorf(object.ValueError, "%s: the function returned %s, want %s", g.name, object.TypeName(out), want)
	}
	if len(a.Shape()) != 0 {
		return nil, object.Errorf(object.ValueError, "%s: the function returned an array of shape %s, want %s", g.name, shapes.Format(a.Shape()), want)
	}
	return a.Node(), nil
}

// results arranges gradients as the arguments were: alone, in a tuple, or
// beside a dict of those by name.
func (g *gradientOf) results(forms []starlark.Value, grads []*engine.Node) (starlark.Value, error) {
	trees := make([]starlark.Value, len(forms))
	for i, form := range forms {
		arrays, err := arraysOf(form, anyLeaf)
		if err != nil {
			return nil, err
		}
		if trees[i], err = g.m.refill(form, grads); err != nil {
			return nil, err
		}
		grads = grads[len(arrays):]
	}
	var positional starlark.Value = starlark.None
	switch n := len(g.argnums); {
	case g.scalar:
		positional = trees[0]
	case n > 0:
		positional = starlark.Tuple(trees[:n])
	}
	if len(g.argnames) == 0 {
		return positional, nil
	}
	named := starlark.NewDict(len(g.argnames))
	for i, name := range g.argnames {
		if err := named.SetKey(starlark.String(name), trees[len(g.argnums)+i]); err != nil {
			return nil, err
		}
	}
	return starlark.Tuple{positional, named}, nil
}

// tracing is one call of a function under a transform.
type tracing struct {
	m       *Module
	c       *Call
	trace   *engine.Trace
	sub     substitution
	own     []*engine.Node // the arrays that the tracers stand for
	handles []*Array
	tracers []*engine.Node
	err     error

	outer *tracing // that this one runs in

	rec *recording // that notes the transform, or nil
	id  int        // its number there
}

func (m *Module) startTracing(thread *starlark.Thread, what string, lazy bool) *tracing {
	t := &tracing{m: m, c: &Call{m: m, thread: thread, arguments: arguments{construction: construction{m.builder(thread)}}}, trace: m.Engine.StartTrace(what, lazy)}
	t.sub.replace = func(a *Array) *Array { return t.argument(a.Node()) }
	t.outer, m.tracing = m.tracing, t
	t.noteBegin(what, lazy)
	return t
}

// argument makes a handle of a tracer for one of the caller's arrays, which is
// noted.
func (t *tracing) argument(own *engine.Node) *Array {
	tracer := t.trace.Tracer(t.c.b, own)
	t.noteInput("transform.tracer", tracer, own)
	return t.tracer(own, tracer)
}

// tracer makes a handle of a tracer for one of the caller's arrays.
func (t *tracing) tracer(own, tracer *engine.Node) *Array {
	h := t.m.wrap(tracer)
	t.own, t.tracers, t.handles = append(t.own, own), append(t.tracers, tracer), append(t.handles, h)
	return h
}

// enter replaces the arrays of an argument by tracers and gives the argument's
// form: a copy of the tree. Every leaf must be an array.
func (t *tracing) enter(v *starlark.Value) (form starlark.Value) {
	if t.err != nil {
		return nil
	}
	form, t.err = mapTree(*v, func(leaf starlark.Value) (starlark.Value, error) {
		if _, ok := leaf.(*Array); !ok {
			return nil, object.Errorf(object.ValueError, "%s: the argument holds %s, want arrays only", t.trace.Name(), object.TypeName(leaf))
		}
		return leaf, nil
	})
	if t.err == nil {
		*v, t.err = t.sub.put(*v, 0)
	}
	return form
}

// apply calls the function and puts the caller's arrays back.
func (t *tracing) apply(fn starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (out starlark.Value) {
	if t.err == nil {
		out, t.err = object.Call(t.c.thread, fn, args, kwargs)
	}
	return out
}

// end ends the trace. Handles of tracers that outlive it stand for the arrays
// themselves, unless an operation in place pointed them elsewhere.
func (t *tracing) end() {
	t.sub.restore()
	t.trace.End()
	t.m.tracing = t.outer
	t.noteEnd()
	for i, h := range t.handles {
		if h.Node() == t.tracers[i] {
			h.Rebind(t.own[i])
		}
	}
}

// enterAll replaces a list of arrays by tracers.
func (t *tracing) enterAll(xs []*engine.Node) starlark.Tuple {
	args := make(starlark.Tuple, len(xs))
	for i, x := range xs {
		args[i] = t.argument(x)
	}
	return args
}

// outputs lists the arrays that a function gave: one, or a list or tuple of them.
func (t *tracing) outputs(out starlark.Value) []*engine.Node {
	if t.err != nil {
		return nil
	}
	if a, ok := out.(*Array); ok {
		return []*engine.Node{a.Node()}
	}
	items, ok := sequence(out)
	nodes := make([]*engine.Node, len(items))
	for i, item := range items {
		a, isArray := item.(*Array)
		if !isArray {
			ok = false
			break
		}
		nodes[i] = a.Node()
	}
	if !ok {
		t.err = object.Errorf(object.ValueError, "%s: the function returned %s, want an array or a list of arrays", t.trace.Name(), object.TypeName(out))
	}
	return nodes
}

// arraySequence takes a list or tuple of arrays.
func (c *Call) arraySequence(name string) []*engine.Node {
	if _, ok := sequence(c.arg(name)); !ok {
		c.mistyped(name, c.arg(name), "a list of arrays")
	}
	return c.arrayList(name)
}

func vjp(c *Call) starlark.Value {
	fn, primals, cotangents := c.callable("fun"), c.arraySequence("primals"), c.arraySequence("cotangents")
	t := c.m.startTracing(c.thread, "vjp", false)
	defer t.end()
	outs := t.outputs(t.apply(fn, t.enterAll(primals), nil))
	c.check(t.err)
	if len(outs) != len(cotangents) {
		c.fail(object.ValueError, "vjp: the function has %d outputs, but there are %d cotangents", len(outs), len(cotangents))
	}
	grads := t.pull(outs, cotangents)
	return starlark.Tuple{c.outs(outs, false), c.outs(grads, false)}
}

func jvp(c *Call) starlark.Value {
	fn, primals, tangents := c.callable("fun"), c.arraySequence("primals"), c.arraySequence("tangents")
	if len(primals) != len(tangents) {
		c.fail(object.ValueError, "jvp: got %d primals and %d tangents", len(primals), len(tangents))
	}
	for i, p := range primals {
		if shapes.Format(p.Shape()) != shapes.Format(tangents[i].Shape()) {
			c.fail(object.ValueError, "jvp: a tangent of shape %s for a primal of shape %s", shapes.Format(tangents[i].Shape()), shapes.Format(p.Shape()))
		}
	}
	t := c.m.startTracing(c.thread, "jvp", false)
	defer t.end()
	outs := t.outputs(t.apply(fn, t.enterAll(primals), nil))
	c.check(t.err)
	resume := t.suspend()
	defer resume()
	pushed := t.trace.JVP(c.b, outs, t.tracers, tangents)
	resume()
	t.noteResult("transform.jvp", pushed, t.codes(outs), t.codes(t.tracers), t.codes(tangents))
	return starlark.Tuple{c.outs(outs, false), c.outs(pushed, false)}
}

// isCallable reports whether a value can be called.
func isCallable(v starlark.Value) bool {
	if i, ok := v.(*object.Instance); ok {
		_, ok := i.Class().Lookup("__call__")
		return ok
	}
	_, ok := v.(starlark.Callable)
	return ok
}
