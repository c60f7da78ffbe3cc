package numpy

import (
	"context"
	"maps"
	"runtime"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// Library is the module numpy of one runtime: a thin layer over the arrays of
// mlx.core. Elements lie in the engine's memory, so that they count against its
// limit, and the engine's kernels compute; what is here is NumPy's meaning:
// values that are computed at once, views that share elements, assignment in
// place, float64 and int64 as the defaults, and NumPy's promotion of dtypes.
type Library struct {
	host   Host
	mx     *builtins.Module
	module *native.Module
	types  typeObjects
	print  printOptions
	legacy *randomState // the generator of np.random's functions
	ufuncs map[string]*ufunc
	using  *starlark.Thread // of the use in progress, the innermost
}

// typeObjects are the type objects.
type typeObjects struct {
	ndarray, dtype, ufunc                                   *object.Type
	generic, number, integer, signed, unsigned              *object.Type
	inexact, floating, complexfloating, randomState, random *object.Type
	scalar                                                  map[engine.Dtype]*object.Type
	axisError, castError                                    *object.Type
}

// Host is what numpy needs of the runtime around it.
type Host interface {
	// Context is the context of what runs now.
	Context() context.Context
	// Import gives a module by its dotted name.
	Import(thread *starlark.Thread, name string) (starlark.Value, error)
	// ReadAll reads all of a file: a path, or a file object from where it stands.
	ReadAll(thread *starlark.Thread, file starlark.Value) ([]byte, error)
	// WriteAll writes bytes to a path, whose file it makes anew, or to a file object.
	WriteAll(thread *starlark.Thread, file starlark.Value, data []byte) error
	// Entropy is n random bytes of the operating system.
	Entropy(n int) ([]byte, error)
}

// np is one use of numpy: a call of a function, or an operator. Its methods
// abandon the use with an exception instead of returning an error each.
type np struct {
	*Library
	thread *starlark.Thread
	c      *native.Call // nil for operators
}

// abort carries an exception out of a use.
type abort struct{ err error }

// try runs one use and gives the exception that abandoned it.
func (m *Library) try(thread *starlark.Thread, f func(p *np) starlark.Value) (v starlark.Value, err error) {
	outer := m.using
	m.using = thread
	defer func() {
		m.using = outer
		if r := recover(); r != nil {
			a, ok := r.(abort)
			if !ok {
				panic(r)
			}
			v, err = nil, a.err
		}
	}()
	return f(&np{Library: m, thread: thread}), nil
}

// reserve asks for count pieces of size bytes for what an array has: an array may be far
// larger than the memory that its elements share.
func (m *Library) reserve(count, size int) {
	if m == nil || m.using == nil {
		return
	}
	if err := object.GrowTimes(m.using, count, size); err != nil {
		panic(abort{err})
	}
}

// turn counts what is done for one of many elements.
func (m *Library) turn(turns *int) {
	*turns++
	m.look(*turns)
}

// look is what a loop does at its i-th element: it looks at the budget from time to time.
func (m *Library) look(i int) {
	if i%object.LongStep == 0 {
		m.steps(object.LongStep)
	}
}

// steps counts n turns of a loop.
func (m *Library) steps(n int) {
	if m == nil || m.using == nil {
		return
	}
	if err := object.Steps(m.using, n); err != nil {
		panic(abort{err})
	}
}

func (p *np) fail(t *object.Type, format string, args ...any) {
	panic(abort{object.Errorf(t, format, args...)})
}

func (p *np) check(err error) {
	if err != nil {
		panic(abort{err})
	}
}

// function is a row of a table of numpy's functions.
type function struct {
	sig, doc string
	body     func(p *np) starlark.Value
}

// define adds rows to a module of numpy's.
func (m *Library) define(mod *native.Module, tables ...[]function) {
	for _, table := range tables {
		for _, row := range table {
			mod.Define(row.sig, row.doc, m.bodyOf(row.body))
		}
	}
}

// method is a row of a type's table of methods.
type method[T starlark.Value] struct {
	sig, doc string
	body     func(p *np, self T) starlark.Value
}

// defineMethods adds methods to a type whose instances are T.
func defineMethods[T starlark.Value](m *Library, t *object.Type, table []method[T]) {
	for _, row := range table {
		native.DefineMethod(t, row.sig, row.doc, func(self T, c *native.Call) (starlark.Value, error) {
			return m.bodyOf(func(p *np) starlark.Value { return row.body(p, self) })(c)
		})
	}
}

func (m *Library) bodyOf(body func(p *np) starlark.Value) func(c *native.Call) (starlark.Value, error) {
	return func(c *native.Call) (starlark.Value, error) {
		return m.try(c.Thread, func(p *np) starlark.Value {
			p.c = c
			v := body(p)
			p.check(c.Err)
			return v
		})
	}
}

// build makes a node and evaluates it; ins are the arrays that it reads.
func (p *np) build(f func(b *engine.Builder) *engine.Node, ins ...*ndarray) *ndarray {
	return p.buildAll(func(b *engine.Builder) []*engine.Node { return []*engine.Node{f(b)} }, ins...)[0]
}

// buildAll is build for several results.
func (p *np) buildAll(f func(b *engine.Builder) []*engine.Node, ins ...*ndarray) []*ndarray {
	b := p.builder()
	var nodes []*engine.Node
	err := b.Try(func() { nodes = f(b) })
	p.check(builtins.PythonError(err))
	stores := make([]*store, len(nodes)) // all are held before one is evaluated
	for i, n := range nodes {
		stores[i] = &store{}
		p.mx.Engine.Hold(&stores[i].handle, n)
	}
	out := make([]*ndarray, len(nodes))
	for i, s := range stores {
		out[i] = p.adopt(s, ins)
	}
	runtime.KeepAlive(ins)
	return out
}

// builder builds on the CPU, where numpy's arrays live.
func (p *np) builder() *engine.Builder {
	b := p.mx.BuilderAt(p.thread)
	b.Long = true
	b.Stream = p.mx.Engine.DefaultStream(engine.Device{Type: engine.CPU})
	return b
}

// adopt evaluates what a store holds and makes it an array that owns its elements: where
// the engine answers with a view, or with elements it may give to others, they
// are copied.
func (p *np) adopt(s *store, ins []*ndarray) *ndarray {
	e, n := p.mx.Engine, s.handle.Node()
	o, err := e.Data(p.host.Context(), n)
	p.check(builtins.PythonError(err))
	shared := !o.IsRowMajor() || o.Offset != 0 || o.Buffer == nil
	for _, in := range ins {
		shared = shared || len(o.Data) > 0 && len(in.store.data) > 0 && &o.Data[0] == &in.store.data[0]
	}
	if shared {
		dense, err := e.Dense(p.host.Context(), n)
		p.check(builtins.PythonError(err))
		a := p.fromBytes(dense, n.Dtype(), n.Shape())
		runtime.KeepAlive(s)
		return a
	}
	s.data = o.Data[:n.Bytes()]
	return &ndarray{m: p.Library, store: s, shape: slices.Clone(n.Shape()), strides: engine.RowMajor(n.Shape()), dtype: n.Dtype()}
}

// fromBytes makes an array of row-major elements, which are copied.
func (p *np) fromBytes(data []byte, d engine.Dtype, shape []int) *ndarray {
	b := p.builder()
	shape = slices.Clone(shape)
	for _, n := range shape {
		if n < 0 {
			p.fail(object.ValueError, "negative dimensions are not allowed")
		}
	}
	n, err := b.Build(func(b *engine.Builder) *engine.Node { return b.FromBytes(data, d, shape) })
	p.check(builtins.PythonError(err))
	s := &store{}
	p.mx.Engine.Hold(&s.handle, n)
	o, err := p.mx.Engine.Data(p.host.Context(), n)
	p.check(builtins.PythonError(err))
	s.data = o.Data[:n.Bytes()]
	return &ndarray{m: p.Library, store: s, shape: shape, strides: engine.RowMajor(shape), dtype: d}
}

// zeros makes an array of zeros.
func (p *np) zeros(d engine.Dtype, shape []int) *ndarray {
	n := d.Size()
	for _, k := range shape {
		if k < 0 {
			p.fail(object.ValueError, "negative dimensions are not allowed")
		}
		if k > 0 && n > maxArrayBytes/k {
			p.fail(object.MemoryError, "Unable to allocate an array with shape %s and data type %s", shapeText(shape), d)
		}
		n *= k
	}
	if limit := p.mx.Engine.Account().Limit(); limit > 0 && int64(n) > limit {
		p.fail(object.MemoryError, "Unable to allocate an array with shape %s and data type %s: %d bytes are beyond the memory limit of %d", shapeText(shape), d, n, limit)
	}
	p.grow(n, 2) // here, and copied into an array's own memory
	return p.fromBytes(make([]byte, n), d, shape)
}

// count is the number of elements of a shape, which fails if no memory holds as many.
func (p *np) count(shape []int) int {
	n := 1
	for _, k := range shape {
		if k > 0 && n > maxArrayBytes/k {
			p.fail(object.ValueError, "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.")
		}
		n *= k
	}
	return n
}

// grow asks for count pieces of size bytes.
func (p *np) grow(count, size int) { p.check(object.GrowTimes(p.thread, count, size)) }

// maxArrayBytes bounds the sizes that are worked out.
const maxArrayBytes = 1 << 46

// shapeText writes a shape as Python writes a tuple of ints.
func shapeText(shape []int) string { return starlarkShape(shape).String() }

func starlarkShape(shape []int) starlark.Tuple {
	t := make(starlark.Tuple, len(shape))
	for i, n := range shape {
		t[i] = starlark.MakeInt(n)
	}
	return t
}

// parts are the files in the script language that define members of numpy.
var parts = []string{
	"_ranges", "_triangles", "_grids", "_joining", "_splitting", "_rearranging", "_padding",
	"_selection", "_rounding", "_comparison", "_complex", "_statistics", "_not_a_number",
	"_differences", "_products", "_interpolation", "_polynomials", "_functional", "_assignment", "_sets",
	"_histograms", "_sorting", "_text_files", "_limits", "_settings", "_windows", "_bits",
}

// New makes numpy over the arrays of a module mlx.core.
func New(host Host, mx *builtins.Module) *Library {
	mod := native.NewModule("numpy", "The part of NumPy that programs for MLX use, over the arrays of mlx.core.")
	m := &Library{host: host, mx: mx, module: mod, print: defaultPrintOptions}
	m.declareTypes()
	m.declareConstants()
	m.declareUfuncs()
	m.define(mod, createFunctions, shapeFunctions, reduceFunctions, linearFunctions, fileFunctions, printFunctions)
	m.legacy = newRandomState(m)
	mod.Members["_axis_error"] = m.types.axisError
	mod.Missing = m.memberOf(mod, partsOf("numpy", parts...))
	return m
}

// Module is the module numpy.
func (m *Library) Module() *native.Module { return m.module }

// memberOf gives the members of a module that are made when they are first asked
// for: the submodules, and what its parts in the script language define.
func (m *Library) memberOf(mod *native.Module, parts map[string]string) func(thread *starlark.Thread, name string) (starlark.Value, error) {
	mod.Late = slices.Collect(maps.Keys(parts))
	if mod == m.module {
		mod.Late = slices.AppendSeq(append(mod.Late, submodules...), maps.Keys(subscripted))
	}
	return func(thread *starlark.Thread, name string) (starlark.Value, error) {
		v, err := m.made(thread, mod, parts, name)
		if err == nil && v != nil {
			mod.Members[name] = v
		}
		return v, err
	}
}

func (m *Library) made(thread *starlark.Thread, mod *native.Module, parts map[string]string, name string) (starlark.Value, error) {
	if part, ok := parts[name]; ok {
		from, err := m.host.Import(thread, part)
		if err != nil {
			return nil, err
		}
		return from.(*dialect.Module).Attr(name)
	}
	switch {
	case mod != m.module:
	case slices.Contains(submodules, name):
		return m.host.Import(thread, "numpy."+name)
	case subscripted[name].class != "":
		from, err := m.host.Import(thread, "numpy."+subscripted[name].part)
		if err != nil {
			return nil, err
		}
		s := subscripted[name]
		return object.Call(thread, from.(*dialect.Module).Get(s.class), starlark.Tuple{s.variant}, nil)
	}
	return nil, object.Errorf(object.AttributeError, "module '%s' has no attribute '%s' here: %s.%s is not among what mlxstar provides of NumPy", mod.Name(), name, mod.Name(), name)
}

var submodules = []string{"random", "linalg", "fft", "lib", "testing", "typing", "exceptions"}

// subscripted are the objects that make arrays of what stands in their brackets:
// instances of classes of the parts, each in one of two variants.
var subscripted = map[string]struct {
	part    string
	class   string
	variant starlark.Bool
}{
	"r_": {"_joining", "_Joiner", false}, "c_": {"_joining", "_Joiner", true}, "mgrid": {"_grids", "_Grid", false}, "ogrid": {"_grids", "_Grid", true},
	"s_": {"_grids", "_Index", true}, "index_exp": {"_grids", "_Index", false},
}
