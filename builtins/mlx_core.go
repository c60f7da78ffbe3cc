// Package builtins is MLX's Python surface over the engine: mx.array, the
// functions of mlx.core, memory, devices and streams, transforms and files, as
// values of the script language.
//
// A Module is one runtime's mlx.core. Its functions are rows of tables
// (functions_*.go): the signature as Python shows it, which is also what binds
// the arguments, a doc string, and a body that builds the graph.
package builtins

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Host is what a module needs of the runtime it belongs to.
type Host interface {
	// Context bounds evaluations: when it ends, they stop.
	Context() context.Context
	// Files opens the files that load and save name; nil denies every access.
	Files() Files
	// Warn issues a RuntimeWarning about the line of the script that thread is at,
	// as Python's warnings do. The error is that of a filter that makes it one.
	Warn(thread *starlark.Thread, message string) error
}

// Module is the mlx.core of one runtime.
type Module struct {
	Engine *engine.Engine
	host   Host
	attrs  starlark.StringDict
	types  types
	print  printOptions

	at    *starlark.Thread  // whose call is in progress
	site  func() alloc.Site // the line that it is at
	grown func() error      // warns there of state that a loop forgets to evaluate

	uncompiled bool // compiled functions run as they are

	pure      map[string]*Func // the functions that a program may call, by name
	recording *recording       // of the function that is being traced, or nil
	tracing   *tracing         // the innermost transform that runs a function, or nil
}

// New makes mlx.core over an engine.
func New(e *engine.Engine, host Host) *Module {
	m := &Module{Engine: e, host: host, attrs: starlark.StringDict{}}
	m.print = defaultPrintOptions
	m.site = func() alloc.Site {
		if m.at == nil {
			return 0
		}
		file, line := dialect.Site(m.at)
		return e.Sites().Intern(file, line)
	}
	m.grown = func() error {
		if m.at == nil {
			return nil
		}
		return m.host.Warn(m.at, growthWarning)
	}
	m.declareConstants()
	for _, table := range functionTables {
		for i := range table.rows {
			m.declare(table.path, &table.rows[i])
		}
	}
	m.collectPure()
	m.declareAliases()
	m.declareTypes()
	return m
}

var (
	_ starlark.HasSetField = (*Module)(nil)
	_ starlark.HasSetField = (*submodule)(nil)
	_ object.HasType       = (*Module)(nil)
	_ object.HasType       = (*submodule)(nil)
)

func (m *Module) String() string        { return "<module 'mlx.core'>" }
func (m *Module) Type() string          { return "module" }
func (m *Module) Freeze()               {}
func (m *Module) Truth() starlark.Bool  { return true }
func (m *Module) Hash() (uint32, error) { return starlark.String("mlx.core").Hash() }

// PyType is module.
func (m *Module) PyType() *object.Type { return object.ModuleType }

// Attr gives a member.
func (m *Module) Attr(name string) (starlark.Value, error) { return member("mlx.core", m.attrs, name) }

// SetField sets a member, as a Python module's can be.
func (m *Module) SetField(name string, v starlark.Value) error { m.attrs[name] = v; return nil }

// member finds a module's member; a name that is not there is Python's error,
// which suggests the nearest one that is.
func member(module string, attrs starlark.StringDict, name string) (starlark.Value, error) {
	if v := attrs[name]; v != nil {
		return v, nil
	}
	e := object.Errorf(object.AttributeError, "module '%s' has no attribute '%s'", module, name).(*object.Exception)
	return nil, e.WithCandidates(name, attrs.Keys)
}

// AttrNames lists the members.
func (m *Module) AttrNames() []string { return m.attrs.Keys() }

// submodule is a namespace within mlx.core: mx.random, mx.fast.
type submodule struct {
	name  string
	attrs starlark.StringDict
}

func (s *submodule) String() string        { return "<module 'mlx.core." + s.name + "'>" }
func (s *submodule) Type() string          { return "module" }
func (s *submodule) Freeze()               {}
func (s *submodule) Truth() starlark.Bool  { return true }
func (s *submodule) Hash() (uint32, error) { return starlark.String(s.name).Hash() }

// PyType is module.
func (s *submodule) PyType() *object.Type { return object.ModuleType }

// Attr gives a member.
func (s *submodule) Attr(name string) (starlark.Value, error) {
	return member("mlx.core."+s.name, s.attrs, name)
}

// SetField sets a member.
func (s *submodule) SetField(name string, v starlark.Value) error { s.attrs[name] = v; return nil }

func (s *submodule) AttrNames() []string { return s.attrs.Keys() }

// members is the dictionary of a path: "" is mlx.core itself.
func (m *Module) members(path string) starlark.StringDict {
	if path == "" {
		return m.attrs
	}
	sub, ok := m.attrs[path].(*submodule)
	if !ok {
		sub = &submodule{path, starlark.StringDict{}}
		m.attrs[path] = sub
	}
	return sub.attrs
}

// function is a row: what Python shows, and what it does.
type function struct {
	sig  string
	doc  string
	body func(c *Call) starlark.Value
}

// functionTable holds the rows of one namespace.
type functionTable struct {
	path   string
	rows   []function
	impure bool // they act on more than their arguments, or call scripts
}

// functionTables lists every table; each lies beside its bodies.
var functionTables = []functionTable{
	{"", memoryFunctions, true},
	{"", deviceFunctions, true},
	{"", dtypeFunctions, false},
	{"", printFunctions, true},
	{"", fileFunctions, true},
	{"metal", memoryFunctions, true}, // where they were before they spoke of every device
	{"metal", metalFunctions, true},
	{"cuda", cudaFunctions, true},
	{"", createFunctions, false},
	{"", elementwiseFunctions, false},
	{"", reduceFunctions, false},
	{"", sortFunctions, false},
	{"", shapeFunctions, false},
	{"", linearFunctions, false},
	{"", quantizeFunctions, false},
	{"linalg", linalgFunctions, false},
	{"linalg", decompositionFunctions, false},
	{"fft", fourierFunctions, false},
	{"fast", fastFunctions, false},
	{"random", randomFunctions, false},
	{"random", covarianceFunctions, false},
	{"", transformFunctions, true},
	{"distributed", distributedFunctions, false},
	{"", exportFunctions, true},
}

func (m *Module) declare(path string, row *function) {
	sig := ParseSignature(row.sig)
	m.members(path)[sig.Name] = &Func{m: m, sig: sig, row: row, path: path}
}

// Func is a function of the module, or a method of one of its types.
type Func struct {
	m     *Module
	sig   *Signature
	row   *function
	path  string
	owner *object.Type // of a method; its first parameter is self
}

var (
	_ starlark.Callable = (*Func)(nil)
	_ starlark.HasAttrs = (*Func)(nil)
	_ object.Descriptor = (*Func)(nil)

	_ object.HasParameters = (*Func)(nil)
)

// DescrGet binds a method to the value it is read through. A function stays
// itself.
func (f *Func) DescrGet(_ *starlark.Thread, instance starlark.Value, _ *object.Type) (starlark.Value, error) {
	if f.owner == nil || instance == nil {
		return f, nil
	}
	return &object.BoundMethod{Self: instance, Func: f}, nil
}

func (f *Func) Name() string          { return f.sig.Name }
func (f *Func) String() string        { return "<function " + f.sig.Name + ">" }
func (f *Func) Type() string          { return "builtin_function_or_method" }
func (f *Func) Freeze()               {}
func (f *Func) Truth() starlark.Bool  { return true }
func (f *Func) Hash() (uint32, error) { return starlark.String(f.sig.Name).Hash() }

// Signature is the function's parameter list.
func (f *Func) Signature() *Signature { return f.sig }

// Parameters are the parameters as inspect shows them; a method's begin with self.
func (f *Func) Parameters() []object.Parameter { return f.sig.Parameters() }

// Doc is the function's documentation.
func (f *Func) Doc() string { return f.row.doc }

// Attr gives __name__, __doc__ and __module__.
func (f *Func) Attr(name string) (starlark.Value, error) {
	switch name {
	case "__name__", "__qualname__":
		return starlark.String(f.sig.Name), nil
	case "__doc__":
		return starlark.String(f.sig.Text + "\n\n" + f.row.doc), nil
	case "__module__":
		if f.path != "" {
			return starlark.String("mlx.core." + f.path), nil
		}
		return starlark.String("mlx.core"), nil
	}
	return nil, nil
}

// AttrNames lists what Attr gives.
func (f *Func) AttrNames() []string {
	return []string{"__doc__", "__module__", "__name__", "__qualname__"}
}

// CallInternal binds the arguments and runs the body.
func (f *Func) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if f.owner != nil {
		if len(args) == 0 {
			return nil, object.Errorf(object.TypeError, "unbound method %s.%s() needs an argument", f.owner.Name(), f.sig.Name)
		}
		if !object.IsInstance(args[0], f.owner) {
			return nil, object.Errorf(object.TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", f.sig.Name, f.owner.Name(), object.TypeName(args[0]))
		}
	}
	return f.m.invoke(thread, f.op(), f.sig, f.row.body, args, kwargs)
}

// op is the name by which a program calls the function: random.normal, or
// array.sum for a method.
func (f *Func) op() string {
	switch {
	case f.owner != nil:
		return f.owner.Name() + "." + f.sig.Name
	case f.path != "":
		return f.path + "." + f.sig.Name
	}
	return f.sig.Name
}

// invoke binds arguments by a signature and runs a body with them. Op is the
// name of what is called.
func (m *Module) invoke(thread *starlark.Thread, op string, sig *Signature, body func(c *Call) starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (out starlark.Value, err error) {
	in := new(struct {
		Call
		space [4]starlark.Value // of most calls' arguments
	})
	bound, rest, extra, err := sig.bind(in.space[:], args, kwargs)
	if err != nil {
		return nil, err
	}
	c := &in.Call
	c.m, c.thread, c.sig, c.bound, c.rest, c.kwargs = m, thread, sig, bound, rest, extra
	err = c.run(func() {
		c.onStream()
		out = body(c)
	})
	if m.recording != nil && err == nil && m.pure[op] != nil {
		m.note(op, args, append(kwargs, c.drawn...), out)
	}
	return out, err
}

// Call is one call of a builtin: its bound arguments and the builder for its
// result. A body abandons the call through the builder or fail.
type Call struct {
	m      *Module
	thread *starlark.Thread
	sig    *Signature
	bound  []starlark.Value
	rest   starlark.Tuple
	kwargs []starlark.Tuple
	b      *engine.Builder
	own    engine.Builder   // what b is while run lasts
	drawn  []starlark.Tuple // the key that was taken from the global state, where it is recorded
}

// run executes a body with a builder that knows the script's line and turns
// what abandons it into a Python exception.
func (c *Call) run(body func()) error {
	m := c.m
	c.b = &c.own
	c.b.Init(m.Engine, m.site, m.grown)
	before := m.at
	m.at = c.thread
	err := c.b.Try(body)
	m.at = before
	return pythonError(err)
}

// builder is a builder whose arrays remember the line the thread is at.
func (m *Module) builder(thread *starlark.Thread) *engine.Builder {
	b := m.Engine.NewBuilder()
	if thread != nil {
		b.Site = func() alloc.Site {
			file, line := dialect.Site(thread)
			return m.Engine.Sites().Intern(file, line)
		}
		b.Grown = func() error { return m.host.Warn(thread, growthWarning) }
	}
	return b
}

// growthWarning tells of state that a loop forgets to evaluate.
var growthWarning = fmt.Sprintf("the graph behind this array has grown through %d evaluations, none of which evaluated the array: "+
	"give it to mx.eval with the rest of the loop's state", engine.GrowthLimit)

// fail abandons the call with a Python exception.
func (c *Call) fail(t *object.Type, format string, args ...any) {
	c.b.Fail(object.Errorf(t, format, args...))
}

// check abandons the call if err is not nil.
func (c *Call) check(err error) {
	if err != nil {
		c.b.Fail(err)
	}
}

var errorTypes = map[engine.ErrorKind]*object.Type{
	engine.ValueError:          object.ValueError,
	engine.TypeError:           object.TypeError,
	engine.IndexError:          object.IndexError,
	engine.RuntimeError:        object.RuntimeError,
	engine.MemoryError:         object.MemoryError,
	engine.NotImplementedError: object.NotImplementedError,
	engine.OSError:             object.OSError,
	engine.OverflowError:       object.OverflowError,
}

// pythonError gives an engine's error its Python type.
func pythonError(err error) error {
	if err == nil {
		return nil
	}
	var e *engine.Error
	var limit *alloc.LimitError
	var system *alloc.SystemError
	var raised *object.Exception
	switch {
	case errors.As(err, &raised):
		return err
	case errors.As(err, &limit), errors.As(err, &system):
		return object.Errorf(object.MemoryError, "%s", err)
	case errors.As(err, &e):
		return object.Errorf(errorTypes[e.Kind], "%s", err)
	}
	return err
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
