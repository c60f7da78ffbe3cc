package stdlib

import (
	"math/big"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

// function is a row of a module's table: the parameters as Python writes them,
// what help shows, and what it does.
type function struct {
	sig  string
	doc  string
	body func(c *call) (starlark.Value, error)
}

// Function is a function of a module.
type Function struct {
	module string
	sig    *signature.Signature
	doc    string
	body   func(c *call) (starlark.Value, error)
}

var (
	_ starlark.Callable = (*Function)(nil)
	_ starlark.HasAttrs = (*Function)(nil)
	_ object.HasType    = (*Function)(nil)

	_ object.HasParameters = (*Function)(nil)
)

// newFunction makes a function of a row.
func newFunction(module string, row function) *Function {
	sig := signature.Parse(row.sig)
	if module != "builtins" {
		sig.Full = module + "." + sig.Name
	}
	return &Function{module: module, sig: sig, doc: row.doc, body: row.body}
}

// define adds the functions of tables to the module.
func (m *Module) define(tables ...[]function) {
	for _, table := range tables {
		for _, row := range table {
			f := newFunction(m.name, row)
			m.attrs[f.sig.Name] = f
		}
	}
}

func (f *Function) Name() string          { return f.sig.Name }
func (f *Function) String() string        { return "<built-in function " + f.sig.Name + ">" }
func (f *Function) Type() string          { return "builtin_function_or_method" }
func (f *Function) Freeze()               {}
func (f *Function) Truth() starlark.Bool  { return true }
func (f *Function) Hash() (uint32, error) { return starlark.String(f.module + f.sig.Name).Hash() }

// PyType is the type of builtin functions.
func (f *Function) PyType() *object.Type { return object.BuiltinType }

// Doc is the function's documentation.
func (f *Function) Doc() string { return f.doc }

// Parameters are the parameters as inspect shows them.
func (f *Function) Parameters() []object.Parameter { return object.SignatureParameters(f.sig) }

// Signature is the function's parameter list, parsed.
func (f *Function) Signature() *signature.Signature { return f.sig }

// Attr gives __name__, __doc__ and __module__.
func (f *Function) Attr(name string) (starlark.Value, error) {
	switch name {
	case "__name__", "__qualname__":
		return starlark.String(f.sig.Name), nil
	case "__doc__":
		return starlark.String(f.doc), nil
	case "__module__":
		return starlark.String(f.module), nil
	}
	return nil, nil
}

// AttrNames lists what Attr gives.
func (f *Function) AttrNames() []string {
	return []string{"__doc__", "__module__", "__name__", "__qualname__"}
}

// CallInternal binds the arguments and runs the body.
func (f *Function) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return invoke(thread, f.sig, args, kwargs, f.body)
}

// invoke binds the arguments of one call and runs a body on them.
func invoke(thread *starlark.Thread, sig *signature.Signature, args starlark.Tuple, kwargs []starlark.Tuple, body func(c *call) (starlark.Value, error)) (starlark.Value, error) {
	bound, rest, extra, err := sig.Bind(nil, args, kwargs)
	if err != nil {
		return nil, object.Raised(err)
	}
	c := &call{thread: thread, name: sig.Name, bound: bound, rest: rest, kwargs: extra}
	v, err := body(c)
	switch {
	case c.err != nil:
		return nil, c.err
	case err != nil:
		return nil, err
	case v == nil:
		return starlark.None, nil
	}
	return v, nil
}

// method is a row of a type's table of methods. Self has been checked.
type method[T starlark.Value] struct {
	sig  string
	doc  string
	body func(self T, c *call) (starlark.Value, error)
}

// defineMethods adds methods to a type whose instances are T.
func defineMethods[T starlark.Value](t *object.Type, table []method[T]) {
	for _, row := range table {
		sig := signature.Parse(row.sig)
		body := row.body
		fn := func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			x, ok := self.(T)
			if !ok {
				return nil, object.Errorf(object.TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", sig.Name, t.Name(), object.TypeName(self))
			}
			return invoke(thread, sig, args, kwargs, func(c *call) (starlark.Value, error) { return body(x, c) })
		}
		t.Attrs().Set(sig.Name, object.NewMethod(sig.Name, row.doc, fn))
	}
}

// call is one call of a function: its arguments in the order of the parameters.
// Accessors note the first argument that is wrong in err and give the zero
// value; a body that has effects looks at err before it acts.
type call struct {
	thread *starlark.Thread
	name   string
	bound  []starlark.Value
	rest   starlark.Tuple
	kwargs []starlark.Tuple
	err    error
}

func (c *call) fail(t *object.Type, format string, args ...any) {
	if c.err == nil {
		c.err = object.Errorf(t, format, args...)
	}
}

func (c *call) note(err error) {
	if c.err == nil {
		c.err = err
	}
}

// arg is the argument of a parameter, or nil where it was not given.
func (c *call) arg(i int) starlark.Value { return c.bound[i] }

// given reports whether there is an argument other than None.
func (c *call) given(i int) bool { return c.bound[i] != nil && c.bound[i] != starlark.None }

func (c *call) valueOr(i int, absent starlark.Value) starlark.Value {
	if c.bound[i] == nil {
		return absent
	}
	return c.bound[i]
}

// float takes a real number.
func (c *call) float(i int) float64 { return c.toFloat(c.bound[i]) }

func (c *call) toFloat(v starlark.Value) float64 {
	f, err := asFloat(c.thread, v)
	c.note(err)
	return f
}

func (c *call) floatOr(i int, absent float64) float64 {
	if !c.given(i) {
		return absent
	}
	return c.float(i)
}

// int takes an integer that fits Go's.
func (c *call) int(i int) int {
	n, err := object.AsIndex(c.thread, c.bound[i])
	c.note(err)
	return n
}

func (c *call) intOr(i, absent int) int {
	if !c.given(i) {
		return absent
	}
	return c.int(i)
}

// bigInt takes an integer of any size.
func (c *call) bigInt(i int) *big.Int { return c.toBig(c.bound[i]) }

func (c *call) toBig(v starlark.Value) *big.Int {
	n, err := object.Index(c.thread, v)
	if err != nil {
		c.note(err)
		return new(big.Int)
	}
	return n.BigInt()
}

// bool takes the truth of any value.
func (c *call) boolOr(i int, absent bool) bool {
	if c.bound[i] == nil {
		return absent
	}
	b, err := object.Truth(c.thread, c.bound[i])
	c.note(err)
	return b
}

// string takes a str.
func (c *call) string(i int) string {
	s, ok := object.AsString(c.bound[i])
	if !ok {
		c.fail(object.TypeError, "%s() argument %d must be str, not %s", c.name, i+1, object.TypeName(c.bound[i]))
	}
	return s
}

func (c *call) stringOr(i int, absent string) string {
	if !c.given(i) {
		return absent
	}
	return c.string(i)
}

// bytes takes a bytes-like object.
func (c *call) bytes(i int) []byte {
	b, ok := asBytes(c.bound[i])
	if !ok {
		c.fail(object.TypeError, "a bytes-like object is required, not '%s'", object.TypeName(c.bound[i]))
	}
	return b
}

func asBytes(v starlark.Value) ([]byte, bool) {
	switch b := object.Unwrap(v).(type) {
	case starlark.Bytes:
		return []byte(b), true
	case interface{ Bytes() []byte }:
		return b.Bytes(), true
	}
	return nil, false
}

// path takes a str, bytes, or an object with __fspath__.
func (c *call) path(i int) string { return c.toPath(c.bound[i]) }

func (c *call) toPath(v starlark.Value) string {
	s, err := fsPath(c.thread, v)
	c.note(err)
	return s
}

// fsPath is os.fspath, bytes decoded.
func fsPath(thread *starlark.Thread, v starlark.Value) (string, error) {
	if s, ok := object.AsString(v); ok {
		if strings.IndexByte(s, 0) >= 0 {
			return "", object.Errorf(object.ValueError, "embedded null byte")
		}
		return s, nil
	}
	if b, ok := v.(starlark.Bytes); ok {
		return string(b), nil
	}
	fn, err := object.GetAttr(thread, v, "__fspath__")
	if err != nil {
		return "", object.Errorf(object.TypeError, "expected str, bytes or os.PathLike object, not %s", object.TypeName(v))
	}
	p, err := object.Call(thread, fn, nil, nil)
	if err != nil {
		return "", err
	}
	s, ok := object.AsString(p)
	if !ok {
		return "", object.Errorf(object.TypeError, "expected %s.__fspath__() to return str or bytes, not %s", object.TypeName(v), object.TypeName(p))
	}
	return s, nil
}

// items gathers the elements of an iterable.
func (c *call) items(i int) []starlark.Value {
	vs, err := object.Collect(c.thread, c.bound[i])
	c.note(err)
	return vs
}

// call calls a value that a script gave.
func (c *call) call(fn starlark.Value, args ...starlark.Value) (starlark.Value, error) {
	return object.Call(c.thread, fn, args, nil)
}
