package builtins

import (
	"sync"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

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
	{"", evalFunctions, true},
	{"", dtypeFunctions, false},
	{"", conversionFunctions, false},
	{"", printFunctions, true},
	{"", loadFunctions, true},
	{"", saveFunctions, true},
	{"metal", memoryFunctions, true}, // where they were before they spoke of every device
	{"metal", metalFunctions, true},
	{"cuda", cudaFunctions, true},
	{"", createFunctions, false},
	{"", elementwiseFunctions, false},
	{"", reduceFunctions, false},
	{"", sortFunctions, false},
	{"", shapeFunctions, false},
	{"", indexFunctions, false},
	{"", linearFunctions, false},
	{"", convFunctions, false},
	{"", quantizeFunctions, false},
	{"linalg", linalgFunctions, false},
	{"linalg", decompositionFunctions, false},
	{"fft", fourierFunctions, false},
	{"fast", fastFunctions, false},
	{"fast", kernelFunctions, false},
	{"random", randomFunctions, false},
	{"random", covarianceFunctions, false},
	{"", transformFunctions, true},
	{"distributed", distributedFunctions, false},
	{"", exportFunctions, true},
}

// declareFunctions declares the rows of all tables.
func (m *Module) declareFunctions() {
	sigs := signatures()
	all := make([]Func, 0, len(sigs))
	for _, table := range functionTables {
		members := m.members(table.path)
		for i := range table.rows {
			row, sig := &table.rows[i], sigs[len(all)]
			all = append(all, Func{m: m, sig: sig, row: row, path: table.path})
			f := &all[len(all)-1]
			members[sig.Name] = f
			if !table.impure {
				m.callable = append(m.callable, f)
			}
		}
	}
}

// signatures are those of all rows of the tables, in their order.
var signatures func() []*signature.Signature

func init() {
	signatures = sync.OnceValue(func() []*signature.Signature {
		var sigs []*signature.Signature
		for _, table := range functionTables {
			for _, row := range table.rows {
				sigs = append(sigs, signature.Parse(row.sig))
			}
		}
		return sigs
	})
}

// Func is a function of the module, or a method of one of its types.
type Func struct {
	m     *Module
	sig   *signature.Signature
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
func (f *Func) Signature() *signature.Signature { return f.sig }

// Parameters are the parameters as inspect shows them; a method's begin with self.
func (f *Func) Parameters() []object.Parameter { return object.SignatureParameters(f.sig) }

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
