package builtins

import (
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/mlxfn"
)

// imported is what import_function gives.
type imported struct {
	m         *Module
	path      string
	file      *mlxfn.File
	constants map[*mlxfn.Constant]*Array // which are read when they are needed
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
	f := c.readFunctions(path)
	if withMetadata {
		return starlark.Tuple{f, starlark.String(f.file.Metadata)}
	}
	return f
}

// readFunctions reads a file of exported functions.
func (c *Call) readFunctions(path string) *imported {
	src, err := c.files().Open(path)
	c.fileFailed(err, object.RuntimeError)
	kept := false
	defer func() {
		if !kept {
			src.Close()
		}
	}()
	file, err := mlxfn.Read(src, src.Size())
	c.fileFailed(err, object.RuntimeError)
	f := &imported{m: c.m, path: path, file: file, constants: map[*mlxfn.Constant]*Array{}}
	from := &origin{c.files(), path, "mlxfn", src, false}
	for i := range file.Functions {
		for _, e := range file.Functions[i].Tape {
			k := e.Constant
			if k == nil || f.constants[k] != nil {
				continue
			}
			t := formats.Tensor{Spec: formats.Spec{Name: "constant", Dtype: k.Dtype, Shape: k.Shape}, Offset: k.Offset}
			t.Length, _ = t.ByteLength()
			n := c.b.Load(&elements{from, inPlace(from.format, t)}, k.Dtype, slices.Clone(k.Shape))
			f.constants[k] = c.m.wrap(n)
		}
	}
	kept = true
	return f
}

// CallInternal computes the function that takes the arguments.
func (f *imported) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	positional, keywords, named, err := inputsOf("import_function", args, kwargs)
	if err != nil {
		return nil, err
	}
	nodes := nodesOf(positional)
	for _, k := range keywords {
		nodes = append(nodes, named[k].Node())
	}
	given := make([]mlxfn.Array, len(nodes))
	for i, n := range nodes {
		given[i] = mlxfn.Array{Shape: n.Shape(), Dtype: n.Dtype()}
	}
	var known []string
	for i := range f.file.Functions {
		fn := &f.file.Functions[i]
		if f.takes(fn, given, keywords) {
			return f.perform(thread, fn, nodes)
		}
		known = append(known, formOf(fn.Inputs, fn.Keywords, f.file.Shapeless))
	}
	return nil, object.Errorf(object.ValueError, "import_function: no function of %s takes %s; there are %s", f.path, formOf(given, keywords, false), strings.Join(known, ", "))
}

// takes reports whether a call's inputs are those of the function.
func (f *imported) takes(fn *mlxfn.Function, given []mlxfn.Array, keywords []string) bool {
	if len(fn.Inputs) != len(given) || !slices.Equal(fn.Keywords, keywords) {
		return false
	}
	for i, in := range fn.Inputs {
		g := given[i]
		if in.Dtype != g.Dtype || len(in.Shape) != len(g.Shape) || !f.file.Shapeless && !slices.Equal(in.Shape, g.Shape) {
			return false
		}
	}
	return true
}

func (f *imported) perform(thread *starlark.Thread, fn *mlxfn.Function, inputs []*engine.Node) (starlark.Value, error) {
	b := f.m.builder(thread)
	values := make(map[uint64]*engine.Node, len(fn.Tape))
	for i, in := range fn.Inputs {
		values[in.ID] = inputs[i]
	}
	outs := make([]*engine.Node, len(fn.Outputs))
	err := b.Try(func() {
		for i := range fn.Tape {
			e := &fn.Tape[i]
			if err := object.Steps(thread, 1); err != nil {
				b.Fail(err)
			}
			if e.Constant != nil {
				values[e.ID] = f.constants[e.Constant].Node()
			}
			if e.Primitive == nil {
				continue
			}
			in := make([]*engine.Node, len(e.Primitive.Inputs))
			for k, id := range e.Primitive.Inputs {
				in[k] = values[id]
			}
			d := &decoder{b: b, p: e.Primitive, in: in}
			for k, n := range d.build() {
				values[e.Primitive.Outputs[k].ID] = n
			}
		}
		for i, id := range fn.Outputs {
			outs[i] = values[id]
		}
	})
	if err != nil {
		return nil, PythonError(err)
	}
	c := &Call{m: f.m}
	return c.outs(outs, true), nil
}
