package object

import "go.starlark.net/starlark"

// The builtin types. They are immutable; their methods are installed when the
// package is initialized.
var (
	ObjectType         = newType("object", "")
	TypeType           = newType("type", "", ObjectType)
	NoneType           = newType("NoneType", "", ObjectType)
	NotImplementedType = newType("NotImplementedType", "", ObjectType)
	EllipsisType       = newType("ellipsis", "", ObjectType)
	IntType            = newType("int", "", ObjectType)
	BoolType           = newType("bool", "", IntType)
	FloatType          = newType("float", "", ObjectType)
	ComplexType        = newType("complex", "", ObjectType)
	StrType            = newType("str", "string", ObjectType)
	BytesType          = newType("bytes", "", ObjectType)
	ByteArrayType      = newType("bytearray", "", ObjectType)
	MemoryViewType     = newType("memoryview", "", ObjectType)
	ListType           = newType("list", "", ObjectType)
	TupleType          = newType("tuple", "", ObjectType)
	DictType           = newType("dict", "", ObjectType)
	SetType            = newType("set", "", ObjectType)
	FrozenSetType      = newType("frozenset", "", ObjectType)
	RangeType          = newType("range", "", ObjectType)
	SliceType          = newType("slice", "", ObjectType)
	FunctionType       = newType("function", "", ObjectType)
	BuiltinType        = newType("builtin_function_or_method", "", ObjectType)
	MethodType         = newType("method", "", ObjectType)
	MethodDescrType    = newType("method_descriptor", "", ObjectType)
	ModuleType         = newType("module", "", ObjectType)
	GeneratorType      = newType("generator", "", ObjectType)
	CoroutineType      = newType("coroutine", "", ObjectType)
	AsyncGeneratorType = newType("async_generator", "", ObjectType)

	CoroutineWrapperType = newType("coroutine_wrapper", "", ObjectType)
	AsyncSendType        = newType("async_generator_asend", "", ObjectType)
	AsyncThrowType       = newType("async_generator_athrow", "", ObjectType)
	AnextAwaitableType   = newType("anext_awaitable", "", ObjectType)

	PropertyType     = newType("property", "", ObjectType)
	ClassMethodType  = newType("classmethod", "", ObjectType)
	StaticMethodType = newType("staticmethod", "", ObjectType)
	SuperType        = newType("super", "", ObjectType)
	DictKeysType     = newType("dict_keys", "", ObjectType)
	DictValuesType   = newType("dict_values", "", ObjectType)
	DictItemsType    = newType("dict_items", "", ObjectType)
	IteratorType     = newType("iterator", "", ObjectType)
	EnumerateType    = newType("enumerate", "", ObjectType)
	ZipType          = newType("zip", "", ObjectType)
	MapType          = newType("map", "", ObjectType)
	FilterType       = newType("filter", "", ObjectType)
	ReversedType     = newType("reversed", "", ObjectType)
	StructType       = newType("struct", "", ObjectType)
	GenericAliasType = newType("types.GenericAlias", "", ObjectType)
)

// TypeOf returns the Python type of x: what type(x) gives.
func TypeOf(x starlark.Value) *Type {
	switch x := x.(type) {
	case starlark.Int:
		return IntType
	case starlark.Float:
		return FloatType
	case starlark.String:
		return StrType
	case *Instance:
		return x.class
	case starlark.Bool:
		return BoolType
	case starlark.NoneType, nil:
		return NoneType
	case *starlark.List:
		return ListType
	case starlark.Tuple:
		return TupleType
	case *starlark.Dict:
		return DictType
	case *starlark.Set:
		return SetType
	case starlark.Bytes:
		return BytesType
	case HasType:
		if t := x.PyType(); t != nil {
			return t
		}
	case *starlark.Function:
		return FunctionType
	case *starlark.Builtin:
		return BuiltinType
	}
	return foreignType(x.Type())
}

// foreignType stands for the type of a Go value from outside the package that
// does not name a type of its own. Two of one name are the same type.
func foreignType(name string) *Type {
	t := newType(name, "", ObjectType)
	t.foreign = true
	t.module = "builtins"
	return t
}
