package object

import (
	"strings"
	"unsafe"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object/doc"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

type methodKind uint8

const (
	instanceMethod methodKind = iota
	classMethod
	staticMethod
)

// Method is a function written in Go that stands in a type's namespace and
// binds to an instance when it is read through one.
type Method struct {
	name  string
	doc   string
	owner *Type
	kind  methodKind
	sig   *signature.Signature
	fn    func(c *call) (starlark.Value, error)
	// raw takes the arguments as they come; it is set for methods of classes
	// that Go code defines.
	raw func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)
}

var (
	_ starlark.Callable = (*Method)(nil)
	_ Descriptor        = (*Method)(nil)
	_ HasType           = (*Method)(nil)
)

// NewMethod makes a method for a class defined in Go. Self is the instance.
func NewMethod(name, doc string, fn func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)) *Method {
	return &Method{name: name, doc: doc, raw: fn}
}

func (m *Method) Name() string { return m.name }

// Doc is the method's documentation.
func (m *Method) Doc() string           { return m.doc }
func (m *Method) Type() string          { return "method_descriptor" }
func (m *Method) Freeze()               {}
func (m *Method) Truth() starlark.Bool  { return true }
func (m *Method) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(m)), nil }

// PyType is the type of an unbound builtin method.
func (m *Method) PyType() *Type { return MethodDescrType }

func (m *Method) String() string {
	if m.owner == nil {
		return "<function " + m.name + ">"
	}
	return "<method '" + m.name + "' of '" + m.owner.name + "' objects>"
}

// CallInternal calls the method unbound: the first argument is self.
func (m *Method) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if m.kind == staticMethod {
		return m.invoke(thread, nil, args, kwargs)
	}
	if len(args) == 0 {
		owner := "object"
		if m.owner != nil {
			owner = m.owner.name
		}
		return nil, Errorf(TypeError, "unbound method %s.%s() needs an argument", owner, m.name)
	}
	if m.owner != nil && m.kind == instanceMethod && !TypeOf(args[0]).IsSubtype(m.owner) {
		return nil, Errorf(TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", m.name, m.owner.name, typeName(args[0]))
	}
	return m.invoke(thread, args[0], args[1:], kwargs)
}

func (m *Method) invoke(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if m.raw != nil {
		return m.raw(thread, self, args, kwargs)
	}
	return invoke(thread, m.name, self, m.sig, m.fn, args, kwargs)
}

// DescrGet binds the method to the instance, or to the class.
func (m *Method) DescrGet(_ *starlark.Thread, instance starlark.Value, owner *Type) (starlark.Value, error) {
	switch m.kind {
	case staticMethod:
		return m, nil
	case classMethod:
		return &BoundMethod{Self: owner, Func: m}, nil
	}
	if instance == nil {
		return m, nil
	}
	return &BoundMethod{Self: instance, Func: m}, nil
}

// BoundMethod is a function with its first argument.
type BoundMethod struct {
	Self starlark.Value
	Func starlark.Value
}

var (
	_ starlark.Callable = (*BoundMethod)(nil)
	_ HasCompare        = (*BoundMethod)(nil)
	_ HasType           = (*BoundMethod)(nil)
)

func (b *BoundMethod) Name() string {
	if c, ok := b.Func.(starlark.Callable); ok {
		return FunctionName(c)
	}
	return "method"
}

func (b *BoundMethod) Type() string         { return b.PyType().name }
func (b *BoundMethod) Freeze()              {}
func (b *BoundMethod) Truth() starlark.Bool { return true }
func (b *BoundMethod) Hash() (uint32, error) {
	h, err := b.Func.Hash()
	if err != nil {
		return 0, err
	}
	return h ^ hashPointer(identity(b.Self)), nil
}

// PyType is method, or for a builtin's method the type of builtins.
func (b *BoundMethod) PyType() *Type {
	if m, ok := b.Func.(*Method); ok && m.raw == nil {
		return BuiltinType
	}
	return MethodType
}

func (b *BoundMethod) String() string {
	s, _ := b.repr(NewReport())
	return s
}

func (b *BoundMethod) repr(thread *starlark.Thread) (string, error) {
	if m, ok := b.Func.(*Method); ok && m.raw == nil {
		return "<built-in method " + m.name + " of " + typeName(b.Self) + " object at " + address(b.Self) + ">", nil
	}
	name := b.Name()
	if !strings.Contains(name, ".") {
		name = typeName(b.Self) + "." + name
	}
	s, err := Repr(thread, b.Self)
	if err != nil {
		s = typeName(b.Self) + " object"
	}
	return "<bound method " + name + " of " + s + ">", err
}

// CallInternal calls the function with self before the arguments.
func (b *BoundMethod) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if m, ok := b.Func.(*Method); ok {
		return m.invoke(thread, b.Self, args, kwargs)
	}
	if _, ok := b.Func.(*starlark.Function); !ok {
		level, err := Deeper(thread)
		if err != nil {
			return nil, err
		}
		defer level.Shallower()
	}
	full := make(starlark.Tuple, 0, len(args)+1)
	full = append(append(full, b.Self), args...)
	return Call(thread, b.Func, full, kwargs)
}

func (b *BoundMethod) same(o *BoundMethod) bool { return Is(b.Self, o.Self) && Is(b.Func, o.Func) }

// CompareSameType serves the keys of dicts and sets.
func (b *BoundMethod) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	o, ok := y.(*BoundMethod)
	return (ok && b.same(o)) == (op == syntax.EQL), nil
}

// RichCompare makes x.m == x.m true, as each read of x.m makes a new value.
func (b *BoundMethod) RichCompare(_ *starlark.Thread, op Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := other.(*BoundMethod)
	if !ok {
		return nil, nil
	}
	same := b.same(o)
	switch op {
	case Eq:
		return starlark.Bool(same), nil
	case Ne:
		return starlark.Bool(!same), nil
	}
	return nil, nil
}

// methodSpec is a row of a type's method table.
type methodSpec struct {
	name string
	sig  string
	fn   func(c *call) (starlark.Value, error)
	kind methodKind
}

// install adds a table of methods to a builtin type.
func install(t *Type, table []methodSpec) {
	for _, row := range table {
		t.attrs.Set(row.name, &Method{name: row.name, owner: t, kind: row.kind, doc: doc.Method(t.name, row.name), sig: signature.Of(t.name+"."+row.name, row.sig), fn: row.fn})
	}
}

// Function is a builtin function: a table row with a parsed signature.
type Function struct {
	name string
	doc  string
	sig  *signature.Signature
	fn   func(c *call) (starlark.Value, error)
}

var (
	_ starlark.Callable = (*Function)(nil)
	_ HasType           = (*Function)(nil)
)

func (f *Function) Name() string          { return f.name }
func (f *Function) String() string        { return "<built-in function " + f.name + ">" }
func (f *Function) Type() string          { return "builtin_function_or_method" }
func (f *Function) Freeze()               {}
func (f *Function) Truth() starlark.Bool  { return true }
func (f *Function) Hash() (uint32, error) { return starlark.String(f.name).Hash() }

// PyType is the type of builtin functions.
func (f *Function) PyType() *Type { return BuiltinType }

// Doc is the function's documentation.
func (f *Function) Doc() string { return f.doc }

// Signature is the function's parameter list.
func (f *Function) Signature() *signature.Signature { return f.sig }

// CallInternal binds the arguments and calls the function.
func (f *Function) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return invoke(thread, f.name, nil, f.sig, f.fn, args, kwargs)
}

// Frameless is a function written in Go whose calls want no frame of their own.
type Frameless interface {
	starlark.Callable
	Frameless()
}

// Call calls any callable value with Python's error for one that is not.
func Call(thread *starlark.Thread, fn starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	switch f := fn.(type) {
	case *BoundMethod:
		return f.CallInternal(thread, args, kwargs)
	case *Function:
		return f.CallInternal(thread, args, kwargs)
	case *Method:
		return f.CallInternal(thread, args, kwargs)
	case *Type:
		return f.CallInternal(thread, args, kwargs)
	case *Instance:
		return f.CallInternal(thread, args, kwargs)
	case *starlark.Function:
		return starlark.Call(thread, fn, args, kwargs)
	case Frameless:
		return f.CallInternal(thread, args, kwargs)
	case starlark.Callable:
		b, err := Deeper(thread)
		if err != nil {
			return nil, err
		}
		defer b.Shallower()
		return starlark.Call(thread, fn, args, kwargs)
	}
	return nil, Errorf(TypeError, "'%s' object is not callable", typeName(fn))
}
