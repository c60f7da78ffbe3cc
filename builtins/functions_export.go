package builtins

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

func newTextReader(s string) io.Reader { return strings.NewReader(s) }

// exportFunctions write what functions compute to files and read it back.
var exportFunctions = []function{
	{"export_function(file_or_callback: str | Callable, fun: Callable, *args, shapeless: bool = False, metadata: str | None = None, **kwargs) -> None",
		"Writes to a file what fun computes of arrays like the arguments: positional and keyword arrays, or one tuple and one dict of them. With shapeless the function that import_function gives takes other shapes, of as many axes. In place of a path, a function is called with a dict for each part of what would be written. The format is mlxstar's own.",
		exportFunction},
	{"import_function(file: str, return_metadata: bool = False) -> Callable | tuple[Callable, str]",
		"The function that a file of export_function holds. It gives a tuple of arrays. With return_metadata the result is a tuple of the function and the metadata that was saved with it.",
		importFunction},
	{"exporter(file: str, fun: Callable, *, shapeless: bool = False, metadata: str | None = None) -> FunctionExporter",
		"An object that is called with arguments as fun is, once for each form of them that the file is to serve. The file is written when it is closed, at the latest at the end of a with statement.",
		func(c *Call) starlark.Value {
			path, ok := c.path(c.arg("file"))
			if !ok {
				c.mistyped("file", c.arg("file"), "str")
			}
			return &FunctionExporter{m: c.m, path: path, fn: c.callable("fun"), shapeless: c.bool("shapeless", false), metadata: c.str("metadata", "")}
		}},
	{"export_to_dot(file: object, *args, **kwargs) -> None",
		"Writes the graph that the arrays are computed by, as far as it has not been evaluated, in the language of Graphviz. Keyword arrays are called by their names in it. File is a path or a file object.",
		exportToDot},
}

// FunctionExporter is mx.FunctionExporter: it gathers traces of a function for a
// file.
type FunctionExporter struct {
	m                   *Module
	path                string
	fn                  starlark.Value
	shapeless, isClosed bool
	metadata            string
	traces              []*exported
}

var (
	_ starlark.Callable = (*FunctionExporter)(nil)
	_ object.HasType    = (*FunctionExporter)(nil)
)

func (x *FunctionExporter) Name() string { return "FunctionExporter" }
func (x *FunctionExporter) String() string {
	return fmt.Sprintf("<mlx.core.FunctionExporter object at %p>", x)
}
func (x *FunctionExporter) Type() string          { return "FunctionExporter" }
func (x *FunctionExporter) Freeze()               {}
func (x *FunctionExporter) Truth() starlark.Bool  { return true }
func (x *FunctionExporter) Hash() (uint32, error) { return starlark.String(x.path).Hash() }

// PyType is mx.FunctionExporter.
func (x *FunctionExporter) PyType() *object.Type { return x.m.types.functionExporter }

// CallInternal traces the function for arguments of their form.
func (x *FunctionExporter) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if x.isClosed {
		return nil, object.Errorf(object.RuntimeError, "exporter: attempting to write after exporting is closed")
	}
	e, err := x.m.export(thread, x.fn, args, kwargs, x.shapeless)
	if err != nil {
		return nil, err
	}
	for _, have := range x.traces {
		if have.describe() == e.describe() {
			return nil, object.Errorf(object.RuntimeError, "exporter: the function was exported for %s before", e.describe())
		}
	}
	x.traces = append(x.traces, e)
	return starlark.None, nil
}

var exporterMethods = []function{
	{"close(self) -> None", "Writes the file. Closing again does nothing.", closeExporter},
	{"__enter__(self) -> FunctionExporter", "The exporter itself.", func(c *Call) starlark.Value { return c.bound[0] }},
	{"__exit__(self, exc_type: object | None = None, exc_value: object | None = None, traceback: object | None = None) -> None", "Closes.", closeExporter},
}

func closeExporter(c *Call) starlark.Value {
	x := c.bound[0].(*FunctionExporter)
	if !x.isClosed {
		x.isClosed = true
		c.writeFunctions(x.path, x.traces, x.metadata)
	}
	return starlark.None
}

// inputsOf reads the arguments of an exported function: arrays by position and
// by keyword, or a tuple and a dict of them.
func inputsOf(what string, args starlark.Tuple, kwargs []starlark.Tuple) (positional []*Array, keywords []string, named map[string]*Array, err error) {
	if len(args) > 0 && len(args) <= 2 && len(kwargs) == 0 {
		if items, ok := sequence(args[0]); ok {
			if len(args) == 1 {
				args = items
			} else if d, ok := object.AsDict(args[1]); ok {
				args, kwargs = items, d.Items()
			}
		} else if d, ok := object.AsDict(args[0]); ok && len(args) == 1 {
			args, kwargs = nil, d.Items()
		}
	}
	named = map[string]*Array{}
	for _, v := range args {
		a, ok := v.(*Array)
		if !ok {
			return nil, nil, nil, object.Errorf(object.ValueError, "%s: inputs can either be arrays by position and keyword, or one tuple and one dict of arrays, not %s", what, object.TypeName(v))
		}
		positional = append(positional, a)
	}
	for _, kv := range kwargs {
		name, isText := starlark.AsString(kv[0])
		a, ok := kv[1].(*Array)
		if !ok || !isText {
			return nil, nil, nil, object.Errorf(object.ValueError, "%s: inputs can either be arrays by position and keyword, or one tuple and one dict of arrays, not %s", what, object.TypeName(kv[1]))
		}
		named[name], keywords = a, append(keywords, name)
	}
	sort.Strings(keywords)
	return positional, keywords, named, nil
}

// export traces a function on placeholders for the arguments.
func (m *Module) export(thread *starlark.Thread, fn starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple, shapeless bool) (*exported, error) {
	positional, keywords, named, err := inputsOf("export_function", args, kwargs)
	if err != nil {
		return nil, err
	}
	e := &exported{keywords: keywords, shapeless: shapeless}
	t := m.startTracing(thread, "export_function", true)
	defer t.end()
	var placeholders []*engine.Node
	enter := func(a *Array) starlark.Value {
		p := t.trace.Placeholder(t.c.b, a.Shape(), a.Dtype())
		placeholders = append(placeholders, p)
		e.inputs = append(e.inputs, arrayForm{a.Dtype().String(), append([]int{}, a.Shape()...)})
		return t.tracer(a.Node(), p)
	}
	var in starlark.Tuple
	for _, a := range positional {
		in = append(in, enter(a))
	}
	var by []starlark.Tuple
	for _, k := range keywords {
		by = append(by, starlark.Tuple{starlark.String(k), enter(named[k])})
	}
	rec, end := m.record(placeholders)
	defer end()
	out := t.apply(fn, in, by)
	if t.err != nil {
		return nil, t.err
	}
	outs := t.outputs(out)
	if t.err != nil {
		return nil, t.err
	}
	if e.program, err = rec.finish(outs); err != nil {
		return nil, object.Errorf(object.NotImplementedError, "export_function: %s", err)
	}
	return e, nil
}

func exportFunction(c *Call) starlark.Value {
	fn := c.callable("fun")
	target := c.arg("file_or_callback")
	path, isPath := c.path(target)
	if !isPath && !isCallable(target) {
		c.fail(object.RuntimeError, "export_function: the file is %s, want a path or a function", object.TypeName(target))
	}
	if !isPath && c.given("metadata") != nil {
		c.fail(object.ValueError, "export_function: metadata goes into a file; a callback takes none")
	}
	e, err := c.m.export(c.thread, fn, c.rest, c.kwargs, c.bool("shapeless", false))
	c.check(err)
	if isPath {
		c.writeFunctions(path, []*exported{e}, c.str("metadata", ""))
	} else {
		c.check(e.tell(c, target))
	}
	return starlark.None
}

// tell calls a function with each part of an exported one, as MLX does: its
// inputs, keywords, outputs, constants, and what is called.
func (e *exported) tell(c *Call, callback starlark.Value) error {
	names := map[ref]string{}
	name := func(k ref) starlark.Value {
		if names[k] == "" {
			names[k] = letterName(len(names))
		}
		return starlark.String(names[k])
	}
	shaped := func(k ref, n *engine.Node) starlark.Value {
		return starlark.Tuple{name(k), intTuple(n.Shape()), Dtype{n.Dtype(), c.m}}
	}
	p := e.program
	var inputs, keywords, outputs, constants []starlark.Value
	for i, n := range p.inputs {
		inputs = append(inputs, shaped(ref(i), n))
	}
	for i, k := range e.keywords {
		keywords = append(keywords, starlark.Tuple{starlark.String(k), name(ref(len(p.inputs) - len(e.keywords) + i))})
	}
	run := &performance{m: c.m, thread: c.thread, values: slices.Clone(p.inputs), consts: p.constants}
	defer run.endAll()
	for i := range p.steps {
		if err := run.step(&p.steps[i]); err != nil {
			return err
		}
	}
	for _, o := range p.outputs {
		outputs = append(outputs, shaped(o, run.node(o)))
	}
	for i, a := range p.constants {
		constants = append(constants, starlark.Tuple{name(ref(-1 - i)), c.out(a)})
	}
	send := func(kind, key string, vs []starlark.Value, more ...starlark.Tuple) error {
		d := starlark.NewDict(2 + len(more))
		for _, kv := range append([]starlark.Tuple{{starlark.String("type"), starlark.String(kind)}, {starlark.String(key), starlark.NewList(vs)}}, more...) {
			if err := d.SetKey(kv[0], kv[1]); err != nil {
				return err
			}
		}
		_, err := object.Call(c.thread, callback, starlark.Tuple{d}, nil)
		return err
	}
	for _, part := range []struct {
		kind, key string
		vs        []starlark.Value
	}{{"inputs", "inputs", inputs}, {"keyword_inputs", "keywords", keywords}, {"outputs", "outputs", outputs}, {"constants", "constants", constants}} {
		if err := send(part.kind, part.key, part.vs); err != nil {
			return err
		}
	}
	next := len(p.inputs)
	for _, s := range p.steps {
		var ins, outs, arguments []starlark.Value
		s.each(func(k ref) { ins = append(ins, shaped(k, run.node(k))) })
		for k := range s.outs {
			outs = append(outs, shaped(ref(next+k), run.values[next+k]))
		}
		next += s.outs
		name, rest := primitiveName(&s)
		for _, v := range rest {
			if _, isArray := v.(ref); !isArray {
				arguments = append(arguments, mapRefs(v, func(k ref) ref { return k }))
			}
		}
		for _, kv := range s.kwargs {
			arguments = append(arguments, kv)
		}
		err := send("primitive", "inputs", ins, starlark.Tuple{starlark.String("name"), starlark.String(name)},
			starlark.Tuple{starlark.String("outputs"), starlark.NewList(outs)}, starlark.Tuple{starlark.String("arguments"), starlark.NewList(arguments)})
		if err != nil {
			return err
		}
	}
	return nil
}

// operatorPrimitives are MLX's names of what operators do.
var operatorPrimitives = map[string]string{
	"add": "Add", "sub": "Subtract", "mul": "Multiply", "truediv": "Divide", "div": "Divide", "floordiv": "FloorDivide", "mod": "Remainder", "pow": "Power",
	"matmul": "Matmul", "lshift": "LeftShift", "rshift": "RightShift", "and": "BitwiseBinary", "or": "BitwiseBinary", "xor": "BitwiseBinary",
	"eq": "Equal", "ne": "NotEqual", "lt": "Less", "le": "LessEqual", "gt": "Greater", "ge": "GreaterEqual", "neg": "Negative", "invert": "BitwiseInvert",
}

// otherPrimitives are MLX's names where they are not the functions' in another case.
var otherPrimitives = map[string]string{
	"astype": "AsType", "matmul": "Matmul", "arccos": "ArcCos", "arccosh": "ArcCosh", "arcsin": "ArcSin", "arcsinh": "ArcSinh", "arctan": "ArcTan", "arctanh": "ArcTanh",
	"arctan2": "ArcTan2", "logaddexp": "LogAddExp", "logsumexp": "LogSumExp", "argmax": "ArgReduce", "argmin": "ArgReduce", "sum": "Reduce", "prod": "Reduce", "max": "Reduce",
	"min": "Reduce", "all": "Reduce", "any": "Reduce", "cumsum": "Scan", "cumprod": "Scan", "cummax": "Scan", "cummin": "Scan", "where": "Select", "log2": "Log", "log10": "Log",
	"rsqrt": "Sqrt", "argsort": "ArgSort", "argpartition": "ArgPartition", "addmm": "AddMM", "conj": "Conjugate", "getitem": "Slice", "setitem": "SliceUpdate",
}

// logBases are the arguments by which MLX tells logarithms apart.
var logBases = map[string]int{"log2": 0, "log10": 1, "log": 2}

// primitiveName is MLX's name of what a step does, and the arguments that say more than it.
func primitiveName(s *step) (name string, args []starlark.Value) {
	_, last, _ := cutLast(s.op)
	args = s.args
	switch {
	case s.op == "operator" || s.op == "unary":
		word, _ := starlark.AsString(args[0])
		return operatorPrimitives[word], args[1:]
	case otherPrimitives[last] != "":
		name = otherPrimitives[last]
	default:
		for _, part := range strings.Split(last, "_") {
			if part != "" {
				name += strings.ToUpper(part[:1]) + part[1:]
			}
		}
	}
	if base, ok := logBases[last]; ok {
		args = append(slices.Clone(args), starlark.MakeInt(base))
	}
	return name, args
}

// cutLast divides a dotted name before its last part.
func cutLast(op string) (path, last string, dotted bool) {
	if i := strings.LastIndexByte(op, '.'); i >= 0 {
		return op[:i], op[i+1:], true
	}
	return "", op, false
}

// letterName is A, B, ..., Z, AA, AB, ...
func letterName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// imported is what import_function gives.
type imported struct {
	m      *Module
	path   string
	traces []*exported
}

var _ starlark.Callable = (*imported)(nil)

func (f *imported) Name() string          { return "imported_function" }
func (f *imported) String() string        { return "<function imported from " + f.path + ">" }
func (f *imported) Type() string          { return "function" }
func (f *imported) Freeze()               {}
func (f *imported) Truth() starlark.Bool  { return true }
func (f *imported) Hash() (uint32, error) { return starlark.String(f.path).Hash() }

func importFunction(c *Call) starlark.Value {
	path, ok := c.path(c.arg("file"))
	if !ok {
		c.mistyped("file", c.arg("file"), "str")
	}
	withMetadata := c.bool("return_metadata", false)
	functions, metadata := c.readFunctions(path)
	f := &imported{c.m, path, functions}
	if withMetadata {
		return starlark.Tuple{f, starlark.String(metadata)}
	}
	return f
}

// CallInternal performs the program that takes the arguments.
func (f *imported) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	positional, keywords, named, err := inputsOf("import_function", args, kwargs)
	if err != nil {
		return nil, err
	}
	nodes := nodesOf(positional)
	given := exported{keywords: keywords}
	for _, k := range keywords {
		nodes = append(nodes, named[k].Node())
	}
	for _, n := range nodes {
		given.inputs = append(given.inputs, arrayForm{n.Dtype().String(), n.Shape()})
	}
	var known []string
	for _, e := range f.traces {
		if e.takes(&given) {
			return f.perform(thread, e, nodes)
		}
		known = append(known, e.describe())
	}
	return nil, object.Errorf(object.ValueError, "import_function: no function of %s takes %s; there are %s", f.path, given.describe(), strings.Join(known, ", "))
}

// takes reports whether a call's inputs are those of the function.
func (e *exported) takes(given *exported) bool {
	if len(e.inputs) != len(given.inputs) || !slices.Equal(e.keywords, given.keywords) {
		return false
	}
	for i, in := range e.inputs {
		g := given.inputs[i]
		if in.Dtype != g.Dtype || len(in.Shape) != len(g.Shape) || !e.shapeless && !slices.Equal(in.Shape, g.Shape) {
			return false
		}
	}
	return true
}

func (f *imported) perform(thread *starlark.Thread, e *exported, nodes []*engine.Node) (starlark.Value, error) {
	if r := f.m.recording; r != nil && slices.ContainsFunc(e.program.steps, func(s step) bool { return strings.HasPrefix(s.op, "transform.") }) {
		r.fail("a call of an imported function that holds a transform cannot be recorded")
	}
	out, err := e.program.perform(f.m, thread, nodes)
	if err != nil {
		return nil, err
	}
	c := &Call{m: f.m}
	return c.outs(out, true), nil
}
