package native

import (
	"cmp"
	"math/big"
	"strings"
	"sync"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

// Body is what a function does with the arguments of a call. A nil value is None.
type Body func(c *Call) (starlark.Value, error)

// Function is a function of a module.
type Function struct {
	module string
	sig    *signature.Signature
	doc    string
	body   Body
	brief  bool // the body keeps nothing of its Call
}

var (
	_ starlark.Callable = (*Function)(nil)
	_ starlark.HasAttrs = (*Function)(nil)
	_ object.HasType    = (*Function)(nil)

	_ object.HasParameters = (*Function)(nil)
)

// NewFunction makes a function of a module. The signature is written as Python
// writes it, and doc is what help shows.
func NewFunction(module, parameters, doc string, body Body) *Function {
	sig := signature.Parse(parameters)
	if module != "builtins" {
		named := *sig
		named.Full = module + "." + sig.Name
		sig = &named
	}
	return &Function{module: module, sig: sig, doc: doc, body: body}
}

// Define adds a function to the module.
func (m *Module) Define(sig, doc string, body Body) {
	f := NewFunction(m.name, sig, doc, body)
	m.Members[f.sig.Name] = f
}

// DefineBrief is Define for a body that has let go of its Call, Bound and Keywords included,
// when it returns: another call takes that, so that none is allocated.
func (m *Module) DefineBrief(sig, doc string, body Body) {
	f := NewFunction(m.name, sig, doc, body)
	f.brief = true
	m.Members[f.sig.Name] = f
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

// Frameless says that calls want no frame: tracebacks leave it out.
func (f *Function) Frameless() {}

// CallInternal binds the arguments and runs the body.
func (f *Function) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if !f.brief {
		return Invoke(thread, f.sig, args, kwargs, f.body)
	}
	c := borrow(thread, f.sig)
	err := c.bind(f.sig, args, kwargs)
	var v starlark.Value
	if err == nil {
		v, err = c.result(f.body(c))
	}
	c.giveBack()
	return v, err
}

// calls are those of brief bodies that are over.
var calls = sync.Pool{New: func() any { return new(Call) }}

func borrow(thread *starlark.Thread, sig *signature.Signature) *Call {
	c := calls.Get().(*Call)
	c.Thread, c.Name = thread, sig.Name
	return c
}

func (c *Call) giveBack() {
	*c = Call{} // what it held may die
	calls.Put(c)
}

// Invoke binds the arguments of one call and runs a body on them.
func Invoke(thread *starlark.Thread, sig *signature.Signature, args starlark.Tuple, kwargs []starlark.Tuple, body Body) (starlark.Value, error) {
	c := &Call{Thread: thread, Name: sig.Name}
	if err := c.bind(sig, args, kwargs); err != nil {
		return nil, err
	}
	v, err := body(c)
	return c.result(v, err)
}

func (c *Call) bind(sig *signature.Signature, args starlark.Tuple, kwargs []starlark.Tuple) (err error) {
	c.Bound, c.Rest, c.Keywords, err = sig.Bind(c.space[:], args, kwargs)
	return object.Raised(err)
}

func (c *Call) result(v starlark.Value, err error) (starlark.Value, error) {
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

// DefineMethod adds a method to a type whose instances are T. Self has been
// checked when body runs.
func DefineMethod[T starlark.Value](t *object.Type, parameters, doc string, body func(self T, c *Call) (starlark.Value, error)) {
	m := newMethod(t.Name(), parameters, doc, false, body)
	t.Attrs().Set(m.Name(), m)
}

// DefineBriefMethod is DefineMethod for a body as DefineBrief wants it.
func DefineBriefMethod[T starlark.Value](t *object.Type, parameters, doc string, body func(self T, c *Call) (starlark.Value, error)) {
	m := newMethod(t.Name(), parameters, doc, true, body)
	t.Attrs().Set(m.Name(), m)
}

// NewMethod makes a method for a class that a script defines.
func NewMethod[T starlark.Value](parameters, doc string, body func(self T, c *Call) (starlark.Value, error)) *object.Method {
	return newMethod("", parameters, doc, false, body)
}

func newMethod[T starlark.Value](of, parameters, doc string, brief bool, body func(self T, c *Call) (starlark.Value, error)) *object.Method {
	sig := signature.Parse(parameters)
	return object.NewMethod(sig.Name, doc, func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (v starlark.Value, err error) {
		x, ok := self.(T)
		if !ok {
			return nil, object.Errorf(object.TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", sig.Name, of, object.TypeName(self))
		}
		var c *Call
		if brief {
			c = borrow(thread, sig)
		} else {
			c = &Call{Thread: thread, Name: sig.Name}
		}
		if err = c.bind(sig, args, kwargs); err == nil {
			v, err = c.result(body(x, c))
		}
		if brief {
			c.giveBack()
		}
		return v, err
	})
}

// Constructor is what calling a type does: it binds the arguments and runs the body.
func Constructor(parameters string, body Body) object.Constructor {
	sig := signature.Parse(parameters)
	return func(thread *starlark.Thread, _ *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return Invoke(thread, sig, args, kwargs, body)
	}
}

// NewClass makes a class without members, such as an exception's, from constant
// bases.
func NewClass(name, module string, bases ...starlark.Value) *object.Type {
	t, err := object.NewClass(&starlark.Thread{Name: "stdlib"}, name, name, module, bases, object.NewNamespace(), nil)
	if err != nil {
		panic("stdlib: " + err.Error()) // the bases are constants
	}
	return t
}

// Call is one call of a function: its arguments in the order of the parameters.
// Accessors note the first argument that is wrong in Err and give the zero
// value; a body that has effects looks at Err before it acts.
type Call struct {
	Thread   *starlark.Thread
	Name     string
	Bound    []starlark.Value // by parameter; nil where there is no argument
	Rest     starlark.Tuple   // what *args takes
	Keywords []starlark.Tuple // what **kwargs takes: pairs of a name and a value
	Err      error

	space [3]starlark.Value
}

// Fail notes an exception, unless there is one already.
func (c *Call) Fail(t *object.Type, format string, args ...any) {
	if c.Err == nil {
		c.Err = object.Errorf(t, format, args...)
	}
}

// Note notes an error, unless there is one already.
func (c *Call) Note(err error) {
	if c.Err == nil {
		c.Err = err
	}
}

// Arg is the argument of a parameter, or nil where it was not given.
func (c *Call) Arg(i int) starlark.Value { return c.Bound[i] }

// Given reports whether there is an argument other than None.
func (c *Call) Given(i int) bool { return c.Bound[i] != nil && c.Bound[i] != starlark.None }

// ValueOr is Arg, or another value where there is no argument.
func (c *Call) ValueOr(i int, absent starlark.Value) starlark.Value {
	if c.Bound[i] == nil {
		return absent
	}
	return c.Bound[i]
}

// Float takes a real number.
func (c *Call) Float(i int) float64 { return c.ToFloat(c.Bound[i]) }

// ToFloat reads a real number.
func (c *Call) ToFloat(v starlark.Value) float64 {
	f, err := AsFloat(c.Thread, v)
	c.Note(err)
	return f
}

// FloatOr is Float, or another number where the argument is absent or None.
func (c *Call) FloatOr(i int, absent float64) float64 {
	if !c.Given(i) {
		return absent
	}
	return c.Float(i)
}

// Int takes an integer that fits Go's.
func (c *Call) Int(i int) int {
	n, err := object.AsIndex(c.Thread, c.Bound[i])
	c.Note(err)
	return n
}

// IntOr is Int, or another number where the argument is absent or None.
func (c *Call) IntOr(i, absent int) int {
	if !c.Given(i) {
		return absent
	}
	return c.Int(i)
}

// BigInt takes an integer of any size.
func (c *Call) BigInt(i int) *big.Int { return c.ToBig(c.Bound[i]) }

// ToBig reads an integer of any size.
func (c *Call) ToBig(v starlark.Value) *big.Int {
	n, err := object.Index(c.Thread, v)
	if err != nil {
		c.Note(err)
		return new(big.Int)
	}
	return n.BigInt()
}

// BoolOr takes the truth of any value, or another where there is no argument.
func (c *Call) BoolOr(i int, absent bool) bool {
	if c.Bound[i] == nil {
		return absent
	}
	b, err := object.Truth(c.Thread, c.Bound[i])
	c.Note(err)
	return b
}

// Str takes a str.
func (c *Call) Str(i int) string {
	s, ok := object.AsString(c.Bound[i])
	if !ok {
		c.Fail(object.TypeError, "%s() argument %d must be str, not %s", c.Name, i+1, object.TypeName(c.Bound[i]))
	}
	return s
}

// StrOr is Str, or another text where the argument is absent or None.
func (c *Call) StrOr(i int, absent string) string {
	if !c.Given(i) {
		return absent
	}
	return c.Str(i)
}

// Bytes takes a bytes-like object.
func (c *Call) Bytes(i int) []byte {
	if err := object.Grow(c.Thread, int64(starlark.Len(object.Unwrap(c.Bound[i])))); err != nil {
		c.Err = cmp.Or(c.Err, err)
		return nil
	}
	b, ok := AsBytes(c.Bound[i])
	if !ok {
		c.Fail(object.TypeError, "a bytes-like object is required, not '%s'", object.TypeName(c.Bound[i]))
	}
	return b
}

// AsBytes gives the bytes of a bytes-like object.
func AsBytes(v starlark.Value) ([]byte, bool) {
	switch b := object.Unwrap(v).(type) {
	case starlark.Bytes:
		return []byte(b), true
	case interface{ Bytes() []byte }:
		return b.Bytes(), true
	}
	return nil, false
}

// Path takes a str, bytes, or an object with __fspath__.
func (c *Call) Path(i int) string { return c.ToPath(c.Bound[i]) }

// ToPath reads what Path takes.
func (c *Call) ToPath(v starlark.Value) string {
	s, err := FSPath(c.Thread, v)
	c.Note(err)
	return s
}

// FSPath is os.fspath, bytes decoded.
func FSPath(thread *starlark.Thread, v starlark.Value) (string, error) {
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

// Items gathers the elements of an iterable.
func (c *Call) Items(i int) []starlark.Value {
	vs, err := object.Collect(c.Thread, c.Bound[i])
	c.Note(err)
	return vs
}

// Invoke calls a value that a script gave.
func (c *Call) Invoke(fn starlark.Value, args ...starlark.Value) (starlark.Value, error) {
	return object.Call(c.Thread, fn, args, nil)
}
