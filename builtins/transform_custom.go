package builtins

import (
	"fmt"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// CustomFunction is mx.custom_function: a function whose rules for transforms
// can be given.
type CustomFunction struct {
	m              *Module
	fn             starlark.Value
	vjp, jvp, vmap starlark.Value // or nil
}

var (
	_ starlark.Callable = (*CustomFunction)(nil)
	_ object.HasType    = (*CustomFunction)(nil)

	_ object.HasParameters = (*CustomFunction)(nil)
)

func (f *CustomFunction) Name() string { return "custom_function" }
func (f *CustomFunction) String() string {
	return fmt.Sprintf("<mlx.core.custom_function object at %p>", f)
}
func (f *CustomFunction) Type() string          { return "custom_function" }
func (f *CustomFunction) Freeze()               {}
func (f *CustomFunction) Truth() starlark.Bool  { return true }
func (f *CustomFunction) Hash() (uint32, error) { return uint32(uintptr(unsafe.Pointer(f)) >> 4), nil }

// PyType is mx.custom_function.
func (f *CustomFunction) PyType() *object.Type { return f.m.types.customFunction }

// Parameters are those of the function.
func (f *CustomFunction) Parameters() []object.Parameter {
	ps, _ := object.ParametersOf(f.fn) // none where the function does not tell
	return ps
}

// customMethods are the decorators that give a custom function its rules. Each
// returns the rule's owner, so that the rule's name keeps meaning the function.
var customMethods = []function{
	{"vjp(self, f: Callable)", "Sets the rule for cotangents: f(primals, cotangents, outputs) gives those of the primals.",
		func(c *Call) starlark.Value {
			return c.customRule(func(f *CustomFunction) *starlark.Value { return &f.vjp })
		}},
	{"jvp(self, f: Callable)", "Sets the rule for tangents: f(primals, tangents) gives those of the outputs.",
		func(c *Call) starlark.Value {
			return c.customRule(func(f *CustomFunction) *starlark.Value { return &f.jvp })
		}},
	{"vmap(self, f: Callable)", "Sets the rule for batches: f(inputs, axes) gives the outputs over batches and the axis of each.",
		func(c *Call) starlark.Value {
			return c.customRule(func(f *CustomFunction) *starlark.Value { return &f.vmap })
		}},
}

func (c *Call) customRule(at func(f *CustomFunction) *starlark.Value) starlark.Value {
	f := c.bound[0].(*CustomFunction)
	*at(f) = c.callable("f")
	return f
}

// CallInternal calls the function and notes its rules for transforms.
func (f *CustomFunction) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if f.vjp == nil && f.jvp == nil && f.vmap == nil {
		return object.Call(thread, f.fn, args, kwargs)
	}
	u, err := f.m.newRuled(thread, f.fn, args, kwargs)
	if err != nil {
		return nil, err
	}
	rule := &engine.CustomRule{}
	if f.vjp != nil {
		rule.VJP = func(b *engine.Builder, primals, cotangents, outputs []*engine.Node) []*engine.Node {
			return u.ask(b, "vjp", f.vjp, len(primals), u.bare(b, primals), u.give(b, u.out, cotangents), u.give(b, u.out, outputs))
		}
	}
	if f.jvp != nil {
		rule.JVP = func(b *engine.Builder, primals, tangents []*engine.Node) []*engine.Node {
			return u.ask(b, "jvp", f.jvp, len(u.outputs), u.bare(b, primals), u.bare(b, tangents))
		}
	}
	if f.vmap != nil {
		rule.VMap = func(b *engine.Builder, primals []*engine.Node, axes []int) ([]*engine.Node, []int) {
			return u.askBatched(b, f.vmap, primals, axes)
		}
	}
	if r := f.m.recording; r != nil {
		r.ruled = r.ruled || r.open > 0
	}
	return u.result(rule)
}

// ruled is one call of a function with a rule.
type ruled struct {
	m       *Module
	thread  *starlark.Thread
	args    starlark.Tuple
	kwargs  []starlark.Tuple
	out     starlark.Value // the form of the outputs
	primals []*engine.Node // of args, then of kwargs
	outputs []*engine.Node
}

func (m *Module) newRuled(thread *starlark.Thread, fn starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (*ruled, error) {
	u := &ruled{m: m, thread: thread, args: args, kwargs: kwargs}
	tree := starlark.Tuple{args}
	for _, kv := range kwargs {
		tree = append(tree, kv[1])
	}
	primals, err := arraysOf(tree, anyLeaf)
	if err != nil {
		return nil, err
	}
	u.primals = nodesOf(primals)
	// The form keeps shapes alone: handles would keep elements alive.
	if form, err := mapTree(args, placeholder); err != nil {
		return nil, err
	} else {
		u.args = form.(starlark.Tuple)
	}
	u.kwargs = make([]starlark.Tuple, len(kwargs))
	for i, kv := range kwargs {
		form, err := mapTree(kv[1], placeholder)
		if err != nil {
			return nil, err
		}
		u.kwargs[i] = starlark.Tuple{kv[0], form}
	}
	out, err := object.Call(thread, fn, args, kwargs)
	if err != nil {
		return nil, err
	}
	outputs, err := arraysOf(out, anyLeaf)
	if err != nil {
		return nil, err
	}
	u.outputs = nodesOf(outputs)
	u.out, err = mapTree(out, placeholder)
	return u, err
}

// hole stands for an array in a form.
type hole struct{ starlark.NoneType }

func placeholder(leaf starlark.Value) (starlark.Value, error) {
	if _, ok := leaf.(*Array); ok {
		return hole{}, nil
	}
	return leaf, nil
}

// fill gives a form with arrays for its holes, and the nodes left over.
func (m *Module) fill(form starlark.Value, nodes []*engine.Node) (starlark.Value, []*engine.Node, error) {
	v, err := mapTree(form, func(leaf starlark.Value) (starlark.Value, error) {
		if _, ok := leaf.(hole); !ok {
			return leaf, nil
		}
		n := nodes[0]
		nodes = nodes[1:]
		return m.wrap(n), nil
	})
	return v, nodes, err
}

// give is fill inside a construction.
func (u *ruled) give(b *engine.Builder, form starlark.Value, nodes []*engine.Node) starlark.Value {
	v, _, err := u.m.fill(form, nodes)
	if err != nil {
		b.Fail(err)
	}
	return v
}

// bare gives the arguments with other arrays: one argument alone, else a tuple.
func (u *ruled) bare(b *engine.Builder, nodes []*engine.Node) starlark.Value {
	v := u.give(b, u.args, nodes)
	if args := v.(starlark.Tuple); len(args) == 1 {
		return args[0]
	}
	return v
}

// call calls a function with the arguments' form and other arrays.
func (u *ruled) call(fn starlark.Value, nodes []*engine.Node) (starlark.Value, error) {
	args, rest, err := u.m.fill(u.args, nodes)
	if err != nil {
		return nil, err
	}
	kwargs := make([]starlark.Tuple, len(u.kwargs))
	for i, kv := range u.kwargs {
		var v starlark.Value
		if v, rest, err = u.m.fill(kv[1], rest); err != nil {
			return nil, err
		}
		kwargs[i] = starlark.Tuple{kv[0], v}
	}
	return object.Call(u.thread, fn, args.(starlark.Tuple), kwargs)
}

// ask calls a rule and lists the arrays that it gave, of which there must be
// want; those of arguments by keyword may be missing.
func (u *ruled) ask(b *engine.Builder, what string, rule starlark.Value, want int, args ...starlark.Value) []*engine.Node {
	out, err := object.Call(u.thread, rule, starlark.Tuple(args), nil)
	if err != nil {
		b.Fail(err)
	}
	arrays, err := arraysOf(out, func(leaf starlark.Value) error {
		return object.Errorf(object.TypeError, "custom_function: the %s returned %s, want arrays", what, object.TypeName(leaf))
	})
	if err != nil {
		b.Fail(err)
	}
	if len(arrays) > want || len(arrays) < want-len(u.kwargs) {
		b.Fail(object.Errorf(object.ValueError, "custom_function: the %s returned %d arrays, want %d", what, len(arrays), want))
	}
	nodes := make([]*engine.Node, want)
	copy(nodes, nodesOf(arrays))
	return nodes
}

// askBatched calls the rule for batches: with the inputs and the axes of their
// batches in the form of the arguments, None where there is none. It gives the
// outputs and the axes of their batches, two trees of one form.
func (u *ruled) askBatched(b *engine.Builder, rule starlark.Value, primals []*engine.Node, axes []int) ([]*engine.Node, []int) {
	if len(u.kwargs) > 0 {
		b.Fail(object.Errorf(object.ValueError, "custom_function: the vmap rule takes no keyword arguments"))
	}
	i := -1
	at, err := mapTree(u.args, func(leaf starlark.Value) (starlark.Value, error) {
		if _, ok := leaf.(hole); !ok {
			return starlark.None, nil
		}
		if i++; axes[i] < 0 {
			return starlark.None, nil
		}
		return starlark.MakeInt(axes[i]), nil
	})
	if err != nil {
		b.Fail(err)
	}
	if all := at.(starlark.Tuple); len(all) == 1 {
		at = all[0]
	}
	out, err := object.Call(u.thread, rule, starlark.Tuple{u.bare(b, primals), at}, nil)
	if err != nil {
		b.Fail(err)
	}
	pair, ok := object.AsTuple(out)
	if !ok || len(pair) != 2 {
		b.Fail(object.Errorf(object.ValueError, "custom_function: the vmap rule returned %s, want a tuple of the outputs and their axes", object.TypeName(out)))
	}
	arrays, err := arraysOf(pair[0], anyLeaf)
	if err != nil {
		b.Fail(err)
	}
	outAxes, err := axesOf(pair[1], len(u.outputs))
	if err != nil {
		b.Fail(err)
	}
	if len(arrays) != len(u.outputs) || len(outAxes) != len(u.outputs) {
		b.Fail(object.Errorf(object.ValueError, "custom_function: the vmap rule returned %d arrays and %d axes, want %d of each", len(arrays), len(outAxes), len(u.outputs)))
	}
	return nodesOf(arrays), outAxes
}

// axesOf lists the axes of a tree: an integer or None for each array, -1 for
// None. An integer alone stands for all.
func axesOf(v starlark.Value, count int) ([]int, error) {
	var out []int
	_, err := mapTree(v, func(leaf starlark.Value) (starlark.Value, error) {
		n, ok := indexOf(leaf)
		if leaf == starlark.None {
			n, ok = -1, true
		} else if ok && n < 0 {
			ok = false
		}
		if !ok {
			return nil, object.Errorf(object.ValueError, "custom_function: the vmap rule returned %s for an axis, want an int that is not negative, or None", leaf)
		}
		out = append(out, n)
		return leaf, nil
	})
	if _, nested := sequence(v); !nested && len(out) == 1 {
		for len(out) < count {
			out = append(out, out[0])
		}
	}
	return out, err
}

// result gives the outputs, with a rule for their dependence on the arguments.
func (u *ruled) result(rule *engine.CustomRule) (starlark.Value, error) {
	if len(u.primals) == 0 || len(u.outputs) == 0 {
		v, _, err := u.m.fill(u.out, u.outputs)
		return v, err
	}
	var nodes []*engine.Node
	c := &Call{m: u.m, thread: u.thread}
	if err := c.run(func() { nodes = c.b.Custom(u.outputs, u.primals, rule) }); err != nil {
		return nil, err
	}
	u.m.notePassed(u.outputs, nodes)
	v, _, err := u.m.fill(u.out, nodes)
	return v, err
}

// checkpoint gives a function that runs again for its gradient.
func checkpoint(c *Call) starlark.Value {
	m, fn := c.m, c.callable("fun")
	return &Transformed{name: "checkpoint", fn: fn, thread: c.thread, call: func(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		u, err := m.newRuled(thread, fn, args, kwargs)
		if err != nil {
			return nil, err
		}
		return u.result(&engine.CustomRule{VJP: func(b *engine.Builder, primals, cotangents, _ []*engine.Node) []*engine.Node {
			return u.again(b, fn, primals, cotangents)
		}})
	}}
}

// again runs the function on tracers for the primals and pulls the cotangents back.
func (u *ruled) again(b *engine.Builder, fn starlark.Value, primals, cotangents []*engine.Node) []*engine.Node {
	t := u.m.startTracing(u.thread, "checkpoint", false)
	defer t.end()
	// What is computed again waits for the cotangents: else all of it could come first.
	t.enterAll(b.Depends(primals, cotangents))
	out, err := u.call(fn, t.tracers)
	if err != nil {
		b.Fail(err)
	}
	outputs, err := arraysOf(out, anyLeaf)
	if err != nil {
		b.Fail(err)
	}
	if len(outputs) != len(cotangents) {
		b.Fail(object.Errorf(object.ValueError, "checkpoint: the function gave %d arrays at first and %d when it ran again", len(cotangents), len(outputs)))
	}
	return t.trace.VJP(b, nodesOf(outputs), t.tracers, cotangents)
}
