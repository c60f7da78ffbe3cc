package builtins

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sort"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/mlxfn"
)

// exportFunctions write what functions compute to files and read it back.
var exportFunctions = []function{
	{"export_function(file_or_callback: str | Callable, fun: Callable, *args, shapeless: bool = False, metadata: str | None = None, **kwargs) -> None",
		"Writes to a file what fun computes of arrays like the arguments: positional and keyword arrays, or one tuple and one dict of them. With shapeless the function that import_function gives takes other shapes, of as many axes. In place of a path, a function is called with a dict for each part of what would be written. The file is MLX's .mlxfn, with the primitives that MLX computes.",
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
	code                *encoder
	functions           []mlxfn.Function
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
	if x.code == nil {
		x.code = newEncoder(x.m, x.shapeless)
	}
	f, err := x.m.export(thread, x.code, x.fn, args, kwargs)
	if err != nil {
		return nil, err
	}
	form := formOf(f.Inputs, f.Keywords, x.shapeless)
	for _, have := range x.functions {
		if formOf(have.Inputs, have.Keywords, x.shapeless) == form {
			return nil, object.Errorf(object.RuntimeError, "exporter: the function was exported for %s before", form)
		}
	}
	x.functions = append(x.functions, f)
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
		c.writeFunctions(x.path, &mlxfn.File{Shapeless: x.shapeless, Metadata: x.metadata, Functions: x.functions})
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

// export traces a function on placeholders for the arguments and writes down what it did.
func (m *Module) export(thread *starlark.Thread, code *encoder, fn starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (f mlxfn.Function, err error) {
	positional, keywords, named, err := inputsOf("export_function", args, kwargs)
	if err != nil {
		return f, err
	}
	t := m.startTracing(thread, "export_function", true)
	defer t.end()
	outer := m.shapeless
	m.shapeless = code.shapeless
	defer func() { m.shapeless = outer }()
	var placeholders []*engine.Node
	enter := func(a *Array) starlark.Value {
		p := t.trace.Placeholder(t.c.b, a.Shape(), a.Dtype())
		placeholders = append(placeholders, p)
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
	out := t.apply(fn, in, by)
	if t.err != nil {
		return f, t.err
	}
	outs := t.outputs(out)
	if t.err != nil {
		return f, t.err
	}
	f, err = code.function(m.builder(thread), placeholders, outs, keywords)
	return f, PythonError(err)
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
	shapeless := c.bool("shapeless", false)
	f, err := c.m.export(c.thread, newEncoder(c.m, shapeless), fn, c.rest, c.kwargs)
	c.check(err)
	if isPath {
		c.writeFunctions(path, &mlxfn.File{Shapeless: shapeless, Metadata: c.str("metadata", ""), Functions: []mlxfn.Function{f}})
	} else {
		c.check(tellFunction(c, &f, target))
	}
	return starlark.None
}

// writeFunctions writes a file of functions.
func (c *Call) writeFunctions(path string, file *mlxfn.File) {
	file.Version = mlxVersion
	c.fileFailed(c.files().Write(path, func(w io.Writer) error { return mlxfn.Write(w, file) }), object.RuntimeError)
}

// formOf is the form of a function's inputs, for messages.
func formOf(inputs []mlxfn.Array, keywords []string, shapeless bool) string {
	text := ""
	for i, in := range inputs {
		if i > 0 {
			text += ", "
		}
		if k := i - (len(inputs) - len(keywords)); k >= 0 {
			text += keywords[k] + "="
		}
		shape := formats.ShapeString(in.Shape)
		if shapeless {
			shape = fmt.Sprintf("of %d axes", len(in.Shape))
		}
		text += in.Dtype.String() + " " + shape
	}
	return "(" + text + ")"
}

// tellFunction calls a function with each part of an exported one, as MLX does: its
// inputs, keywords, outputs, constants, and the primitives.
func tellFunction(c *Call, f *mlxfn.Function, callback starlark.Value) error {
	names := map[uint64]string{}
	name := func(id uint64) starlark.Value {
		if names[id] == "" {
			names[id] = letterName(len(names))
		}
		return starlark.String(names[id])
	}
	forms := map[uint64]mlxfn.Array{}
	shaped := func(arrays []mlxfn.Array) starlark.Value {
		var out []starlark.Value
		for _, a := range arrays {
			out = append(out, starlark.Tuple{name(a.ID), intTuple(a.Shape), Dtype{a.Dtype, c.m}})
		}
		return starlark.NewList(out)
	}
	known := func(ids []uint64) []mlxfn.Array {
		out := make([]mlxfn.Array, len(ids))
		for i, id := range ids {
			out[i] = forms[id]
		}
		return out
	}
	var constants []*mlxfn.Constant
	for _, a := range f.Inputs {
		forms[a.ID] = a
	}
	for _, e := range f.Tape {
		if e.Constant != nil {
			forms[e.ID] = e.Constant.Array
			constants = append(constants, e.Constant)
			continue
		}
		for _, a := range e.Primitive.Outputs {
			forms[a.ID] = a
		}
	}
	send := func(kind string, more ...starlark.Tuple) error {
		d := starlark.NewDict(1 + len(more))
		for _, kv := range append([]starlark.Tuple{{starlark.String("type"), starlark.String(kind)}}, more...) {
			if err := d.SetKey(kv[0], kv[1]); err != nil {
				return err
			}
		}
		_, err := object.Call(c.thread, callback, starlark.Tuple{d}, nil)
		return err
	}
	part := func(key string, v starlark.Value) starlark.Tuple { return starlark.Tuple{starlark.String(key), v} }
	inputs := shaped(f.Inputs)
	var keywords, values []starlark.Value
	for i, k := range f.Keywords {
		keywords = append(keywords, starlark.Tuple{starlark.String(k), name(f.Inputs[len(f.Inputs)-len(f.Keywords)+i].ID)})
	}
	outputs := shaped(known(f.Outputs))
	for _, k := range constants {
		a, err := c.constantArray(k)
		if err != nil {
			return err
		}
		values = append(values, starlark.Tuple{name(k.ID), a})
	}
	for _, first := range []struct {
		kind string
		part starlark.Tuple
	}{{"inputs", part("inputs", inputs)}, {"keyword_inputs", part("keywords", starlark.NewList(keywords))}, {"outputs", part("outputs", outputs)},
		{"constants", part("constants", starlark.NewList(values))}} {
		if err := send(first.kind, first.part); err != nil {
			return err
		}
	}
	for _, e := range f.Tape {
		p := e.Primitive
		if p == nil {
			continue
		}
		err := send("primitive", part("inputs", shaped(known(p.Inputs))), part("outputs", shaped(p.Outputs)),
			part("name", starlark.String(p.Name)), part("arguments", starlark.NewList(c.stateValues(p))))
		if err != nil {
			return err
		}
	}
	return nil
}

// constantArray is the array of a constant that is to be written.
func (c *Call) constantArray(k *mlxfn.Constant) (starlark.Value, error) {
	if held, ok := k.Data.(nodeElements); ok {
		return held.a, nil
	}
	var data bytes.Buffer
	if _, err := k.Data.WriteTo(&data); err != nil {
		return nil, err
	}
	return c.out(c.b.FromBytes(data.Bytes(), k.Dtype, slices.Clone(k.Shape))), nil
}

// stateValues are what a primitive is told, as values of a script.
func (c *Call) stateValues(p *mlxfn.Primitive) []starlark.Value {
	var out []starlark.Value
	for i, v := range p.State {
		switch v := v.(type) {
		case bool:
			out = append(out, starlark.Bool(v))
		case int64:
			out = append(out, starlark.MakeInt64(v))
		case float64:
			out = append(out, starlark.Float(v))
		case string:
			out = append(out, starlark.String(v))
		case []int:
			if mlxfn.IsShape(p.Name, i) {
				out = append(out, intTuple(v))
			} else {
				out = append(out, starlark.NewList(intTuple(v)))
			}
		case engine.Dtype:
			out = append(out, Dtype{v, c.m})
		}
	}
	return out
}

// letterName is A, B, ..., Z, AA, AB, ...
func letterName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
