package stdlib

import (
	"math/big"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
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
	sig    *builtins.Signature
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
	return &Function{module: module, sig: builtins.ParseSignature(row.sig), doc: row.doc, body: row.body}
}

// define adds the functions of tables to the module.
func (m *Module) define(tables ...[]function) {
	for _, table := range tables {
		for _, row := range table {
			f := newFunction(m.name, row)
			m.Members[f.sig.Name] = f
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
func (f *Function) Parameters() []object.Parameter { return f.sig.Parameters() }

// Signature is the function's parameter list, parsed.
func (f *Function) Signature() *builtins.Signature { return f.sig }

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
func invoke(thread *starlark.Thread, sig *builtins.Signature, args starlark.Tuple, kwargs []starlark.Tuple, body func(c *call) (starlark.Value, error)) (starlark.Value, error) {
	bound, rest, extra, err := sig.Bind(args, kwargs)
	if err != nil {
		return nil, err
	}
	c := &call{Thread: thread, Name: sig.Name, Bound: bound, Rest: rest, Keywords: extra}
	v, err := body(c)
	switch {
	case c.Err != nil:
		return nil, c.Err
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
		sig := builtins.ParseSignature(row.sig)
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
	Thread   *starlark.Thread
	Name     string
	Bound    []starlark.Value
	Rest     starlark.Tuple
	Keywords []starlark.Tuple
	Err      error
}

func (c *call) Fail(t *object.Type, format string, args ...any) {
	if c.Err == nil {
		c.Err = object.Errorf(t, format, args...)
	}
}

func (c *call) Note(err error) {
	if c.Err == nil {
		c.Err = err
	}
}

// arg is the argument of a parameter, or nil where it was not given.
func (c *call) Arg(i int) starlark.Value { return c.Bound[i] }

// given reports whether there is an argument other than None.
func (c *call) Given(i int) bool { return c.Bound[i] != nil && c.Bound[i] != starlark.None }

func (c *call) ValueOr(i int, absent starlark.Value) starlark.Value {
	if c.Bound[i] == nil {
		return absent
	}
	return c.Bound[i]
}

// float takes a real number.
func (c *call) Float(i int) float64 { return c.ToFloat(c.Bound[i]) }

func (c *call) ToFloat(v starlark.Value) float64 {
	f, err := asFloat(c.Thread, v)
	c.Note(err)
	return f
}

func (c *call) FloatOr(i int, absent float64) float64 {
	if !c.Given(i) {
		return absent
	}
	return c.Float(i)
}

// int takes an integer that fits Go's.
func (c *call) Int(i int) int {
	n, err := object.AsIndex(c.Thread, c.Bound[i])
	c.Note(err)
	return n
}

func (c *call) IntOr(i, absent int) int {
	if !c.Given(i) {
		return absent
	}
	return c.Int(i)
}

// bigInt takes an integer of any size.
func (c *call) BigInt(i int) *big.Int { return c.ToBig(c.Bound[i]) }

func (c *call) ToBig(v starlark.Value) *big.Int {
	n, err := object.Index(c.Thread, v)
	if err != nil {
		c.Note(err)
		return new(big.Int)
	}
	return n.BigInt()
}

// bool takes the truth of any value.
func (c *call) BoolOr(i int, absent bool) bool {
	if c.Bound[i] == nil {
		return absent
	}
	b, err := object.Truth(c.Thread, c.Bound[i])
	c.Note(err)
	return b
}

// string takes a str.
func (c *call) Str(i int) string {
	s, ok := object.AsString(c.Bound[i])
	if !ok {
		c.Fail(object.TypeError, "%s() argument %d must be str, not %s", c.Name, i+1, object.TypeName(c.Bound[i]))
	}
	return s
}

func (c *call) StrOr(i int, absent string) string {
	if !c.Given(i) {
		return absent
	}
	return c.Str(i)
}

// bytes takes a bytes-like object.
func (c *call) Bytes(i int) []byte {
	b, ok := asBytes(c.Bound[i])
	if !ok {
		c.Fail(object.TypeError, "a bytes-like object is required, not '%s'", object.TypeName(c.Bound[i]))
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
func (c *call) Path(i int) string { return c.ToPath(c.Bound[i]) }

func (c *call) ToPath(v starlark.Value) string {
	s, err := fsPath(c.Thread, v)
	c.Note(err)
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
func (c *call) Items(i int) []starlark.Value {
	vs, err := object.Collect(c.Thread, c.Bound[i])
	c.Note(err)
	return vs
}

// call calls a value that a script gave.
func (c *call) Invoke(fn starlark.Value, args ...starlark.Value) (starlark.Value, error) {
	return object.Call(c.Thread, fn, args, nil)
}
