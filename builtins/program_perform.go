package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// performer is how a step is performed.
type performer struct {
	// call performs it on values; nil for a function of the module, which is
	// called by its name.
	call func(run *performance, args starlark.Tuple) (starlark.Value, error)
	// structure marks a step that begins or ends a transform, and is kept though
	// it gives nothing.
	structure bool
}

// performers are the steps that are no functions of the module: operators,
// indexing, and transforms. It is filled below, for they call each other.
var performers map[string]performer

func init() {
	performers = map[string]performer{
		"operator":        {call: performOperator},
		"unary":           {call: performUnary},
		"getitem":         {call: performGetItem},
		"setitem":         {call: performSetItem},
		"custom_function": {call: performPass},
		"random.draw":     {call: performDraw},

		"transform.begin":  {call: performBegin, structure: true},
		"transform.tracer": {call: performTracer},
		"transform.batch":  {call: performBatch, structure: true},
		"transform.vjp":    {call: performVJP},
		"transform.jvp":    {call: performJVP},
		"transform.vmap":   {call: performVMap},
		"transform.end":    {call: performEnd, structure: true},
	}
}

// performance is one run of a program.
type performance struct {
	m      *Module
	thread *starlark.Thread
	values []*engine.Node // of inputs and outcomes
	consts []*engine.Node
	traces []*replayed // transforms begun, by number
}

// replayed is a transform that a program performs.
type replayed struct {
	trace                 *engine.Trace
	lazy                  bool
	ended                 bool
	placeholders, batches []*engine.Node
	size                  int
}

// perform runs the program on arrays for its inputs and gives its outputs.
func (p *program) perform(m *Module, thread *starlark.Thread, inputs []*engine.Node) ([]*engine.Node, error) {
	run := &performance{m: m, thread: thread, values: append([]*engine.Node(nil), inputs...), consts: p.constants}
	defer run.endAll()
	for i := range p.steps {
		if err := m.host.Context().Err(); err != nil {
			return nil, err
		}
		if err := run.step(&p.steps[i]); err != nil {
			return nil, err
		}
	}
	out := make([]*engine.Node, len(p.outputs))
	for i, k := range p.outputs {
		out[i] = run.node(k)
	}
	return out, nil
}

// node is the array that a ref stands for. Refs were checked when the program
// was read.
func (run *performance) node(k ref) *engine.Node {
	if k < 0 {
		return run.consts[-1-k]
	}
	return run.values[k]
}

func (run *performance) step(s *step) error {
	args := make(starlark.Tuple, len(s.args))
	for i, v := range s.args {
		var err error
		if args[i], err = run.value(v); err != nil {
			return err
		}
	}
	kwargs := make([]starlark.Tuple, len(s.kwargs))
	for i, kv := range s.kwargs {
		v, err := run.value(kv[1])
		if err != nil {
			return err
		}
		kwargs[i] = starlark.Tuple{kv[0], v}
	}
	out, err := run.call(s.op, args, kwargs)
	if err != nil {
		return err
	}
	results, err := arraysOf(out, anyLeaf)
	if err != nil {
		return err
	}
	if len(results) != s.outs {
		return object.Errorf(object.ValueError, "import_function: %s gave %d arrays where there were %d", s.op, len(results), s.outs)
	}
	run.values = append(run.values, nodesOf(results)...)
	return nil
}

func (run *performance) call(op string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if p, ok := performers[op]; ok {
		return p.call(run, args)
	}
	return run.m.pureFunction(op).CallInternal(run.thread, args, kwargs)
}

// value gives a step's argument its arrays.
func (run *performance) value(v starlark.Value) (starlark.Value, error) {
	return mapTree(v, func(leaf starlark.Value) (starlark.Value, error) {
		switch x := leaf.(type) {
		case ref:
			return run.m.wrap(run.node(x)), nil
		case atCode:
			key, err := run.value(x.key)
			return &ArrayAt{run.m.wrap(run.node(x.a)), key}, err
		}
		return leaf, nil
	})
}

// pureFunction gives a function that a program may call, or nil: one that makes arrays of its
// arguments and does nothing else.
func (m *Module) pureFunction(op string) *Func {
	if m.pure == nil {
		m.pure = make(map[string]*Func, len(m.callable))
		for _, f := range m.callable {
			m.pure[f.op()] = f
		}
		delete(m.pure, "random.seed")
	}
	return m.pure[op]
}

func (run *performance) malformed(op string) error {
	return object.Errorf(object.ValueError, "import_function: a step %s has other arguments than it should", op)
}

// arrayAt is an argument that must be an array.
func arrayAt(args starlark.Tuple, i int) *Array {
	if i < len(args) {
		if a, ok := args[i].(*Array); ok {
			return a
		}
	}
	return nil
}

func (run *performance) built(f func(c *Call) *engine.Node) (starlark.Value, error) {
	c := &Call{m: run.m, thread: run.thread}
	var out starlark.Value
	err := c.run(func() { out = c.out(f(c)) })
	return out, err
}

// operatorNames are the operators by the names they have in steps.
var operatorNames = func() map[string]object.Op {
	out := map[string]object.Op{}
	for _, m := range binaryMethods {
		out[m.name] = m.op
	}
	return out
}()

func operatorName(op object.Op) string {
	for _, m := range binaryMethods {
		if m.op == op {
			return m.name
		}
	}
	return ""
}

// performOperator is (name, x, y): x op y, of which one is an array.
func performOperator(run *performance, args starlark.Tuple) (starlark.Value, error) {
	if len(args) == 3 {
		name, _ := starlark.AsString(args[0])
		op, ok := operatorNames[name]
		if x := arrayAt(args, 1); ok && x != nil {
			return orMalformed(run, "operator")(x.Operator(run.thread, op, args[2], starlark.Left))
		}
		if y := arrayAt(args, 2); ok && y != nil {
			return orMalformed(run, "operator")(y.Operator(run.thread, op, args[1], starlark.Right))
		}
	}
	return nil, run.malformed("operator")
}

func orMalformed(run *performance, op string) func(starlark.Value, error) (starlark.Value, error) {
	return func(v starlark.Value, err error) (starlark.Value, error) {
		if v == nil && err == nil {
			err = run.malformed(op)
		}
		return v, err
	}
}

func performUnary(run *performance, args starlark.Tuple) (starlark.Value, error) {
	if len(args) == 2 {
		name, _ := starlark.AsString(args[0])
		ops := map[string]object.Op{"neg": object.Neg, "invert": object.Invert}
		if x := arrayAt(args, 1); x != nil && ops[name] != 0 {
			return orMalformed(run, "unary")(x.UnaryOperator(run.thread, ops[name]))
		}
	}
	return nil, run.malformed("unary")
}

// performGetItem is (x, key).
func performGetItem(run *performance, args starlark.Tuple) (starlark.Value, error) {
	x := arrayAt(args, 0)
	if x == nil || len(args) != 2 {
		return nil, run.malformed("getitem")
	}
	return x.GetItem(run.thread, args[1])
}

// performSetItem is (x, key, value): the array that x becomes.
func performSetItem(run *performance, args starlark.Tuple) (starlark.Value, error) {
	x := arrayAt(args, 0)
	if x == nil || len(args) != 3 {
		return nil, run.malformed("setitem")
	}
	return x, x.SetItem(run.thread, args[1], args[2])
}

// performPass is a function with rules of its own for transforms, without them:
// its outputs pass through.
func performPass(run *performance, args starlark.Tuple) (starlark.Value, error) {
	out := make([]starlark.Value, len(args))
	for i := range args {
		x := arrayAt(args, i)
		if x == nil {
			return nil, run.malformed("custom_function")
		}
		v, err := run.built(func(c *Call) *engine.Node { return c.b.Identity(x.Node()) })
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return starlark.NewList(out), nil
}

// performDraw is (state): the new state and a key.
func performDraw(run *performance, args starlark.Tuple) (starlark.Value, error) {
	x := arrayAt(args, 0)
	if x == nil || len(args) != 1 {
		return nil, run.malformed("random.draw")
	}
	var out starlark.Value
	c := &Call{m: run.m, thread: run.thread}
	err := c.run(func() {
		state, key := c.b.SplitState(x.Node())
		out = c.outs([]*engine.Node{state, key}, true)
	})
	return out, err
}
