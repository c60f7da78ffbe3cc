package object

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

type getter = func(thread *starlark.Thread, self starlark.Value) (starlark.Value, error)

// attr makes a computed attribute of values of Go type T; one found on a value
// of another Go type is absent.
func attr[T any](f func(T) starlark.Value) getter {
	return func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) {
		if v, ok := self.(T); ok {
			return f(v), nil
		}
		if v, ok := unwrap(self).(T); ok {
			return f(v), nil
		}
		return nil, nil
	}
}

func init() {
	installTypes()
	installAttrs()
	table := dunders()
	for t, names := range typeDunders() {
		for _, n := range strings.Fields(names) {
			install(t, []methodSpec{table[n]})
		}
	}
	for _, t := range []*Type{
		NoneType, NotImplementedType, EllipsisType, BoolType, RangeType, SliceType, FunctionType, BuiltinType,
		MethodType, MethodDescrType, ByteArrayType, MemoryViewType, GeneratorType,
		CoroutineType, CoroutineWrapperType, AsyncGeneratorType, AsyncSendType, AsyncThrowType, AnextAwaitableType, DictKeysType, DictValuesType, DictItemsType, IteratorType,
	} {
		t.final = true
	}
	for _, t := range []*Type{
		TypeType, IntType, FloatType, ComplexType, StrType, BytesType, ListType, TupleType, DictType, SetType, FrozenSetType,
	} {
		t.layout = t
	}
	for t, doc := range typeDocs() {
		t.doc = doc
	}
	for _, t := range []*Type{ListType, DictType, SetType} {
		t.attrs.Set("__hash__", starlark.None)
	}
}

func installTypes() {
	install(ObjectType, objectMethods())
	install(StrType, stringMethods())
	install(BytesType, bytesMethods())
	install(ByteArrayType, byteArrayMethods())
	install(MemoryViewType, memoryViewMethods())
	install(ListType, listMethods())
	install(TupleType, tupleMethods())
	install(DictType, dictMethods())
	install(SetType, setMethods())
	install(SetType, mutableSetMethods())
	install(FrozenSetType, setMethods())
	install(DictKeysType, viewMethods())
	install(DictItemsType, viewMethods())
	install(IntType, intMethods())
	install(FloatType, floatMethods())
	install(ComplexType, complexMethods())
	install(RangeType, rangeMethods())
	install(GeneratorType, generatorMethods())
	install(CoroutineType, coroutineMethods())
	install(CoroutineWrapperType, coroutineWrapperMethods())
	install(AsyncGeneratorType, asyncGeneratorMethods())
	for _, t := range []*Type{AsyncSendType, AsyncThrowType, AnextAwaitableType} {
		install(t, asyncStepMethods())
	}
	install(FunctionType, functionMethods())
	install(PropertyType, propertyMethods())
	install(TypeType, typeMethods())
	install(ModuleType, moduleMethods())
	install(SliceType, []methodSpec{{name: "indices", sig: "length, /", fn: sliceIndices}})

	construct := func(t *Type, sig string, fn func(c *call) (starlark.Value, error)) {
		t.construct = constructor(t.name, sig, fn)
	}
	construct(ObjectType, "", constructObject)
	construct(IntType, "x=0, /, base=10", constructInt)
	construct(FloatType, "x=0, /", constructFloat)
	construct(ComplexType, "real=0, imag=0", constructComplex)
	construct(BoolType, "x=False, /", func(c *call) (starlark.Value, error) {
		b, err := c.boolArg(0, false)
		return starlark.Bool(b), err
	})
	construct(StrType, "object='', encoding='utf-8', errors='strict'", constructStr)
	construct(BytesType, "source=b'', encoding=None, errors=None", constructBytes)
	construct(ByteArrayType, "source=b'', encoding=None, errors=None", func(c *call) (starlark.Value, error) {
		b, err := constructBytes(c)
		if err != nil {
			return nil, err
		}
		return &ByteArray{[]byte(b.(starlark.Bytes))}, nil
	})
	construct(MemoryViewType, "object", constructMemoryView)
	construct(ListType, "iterable=(), /", constructList)
	construct(TupleType, "iterable=(), /", constructTuple)
	construct(SetType, "iterable=(), /", constructSet)
	construct(FrozenSetType, "iterable=(), /", constructFrozenSet)
	construct(SliceType, "*args", constructSlice)
	construct(PropertyType, "fget=None, fset=None, fdel=None, doc=None", constructProperty)
	construct(ClassMethodType, "function, /", func(c *call) (starlark.Value, error) { return NewClassMethodOf(c.arg(0)), nil })
	construct(StaticMethodType, "function, /", func(c *call) (starlark.Value, error) { return NewStaticMethodOf(c.arg(0)), nil })
	construct(SuperType, "*args", constructSuper)
	construct(MethodType, "function, instance, /", constructMethod)
	construct(EnumerateType, "iterable, start=0", enumerateOf)
	construct(ZipType, "*iterables, strict=False", zipOf)
	construct(MapType, "function, /, *iterables", mapOf)
	construct(FilterType, "function, iterable, /", filterOf)
	construct(ReversedType, "sequence, /", func(c *call) (starlark.Value, error) { return reversedValue(c.thread, c.arg(0)) })
	DictType.construct = constructDict
	RangeType.construct = constructRange
	TypeType.construct = classFromArgs
}

func installAttrs() {
	ObjectType.getset = map[string]getter{
		"__class__": func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) { return TypeOf(self), nil },
		"__dict__": attr(func(i *Instance) starlark.Value {
			if i.class.slots != nil && !i.class.allows("__dict__") {
				return nil
			}
			return i.attrs.Dict()
		}),
		"__doc__": func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			return docOf(TypeOf(self)), nil
		},
	}
	MemoryViewType.getset = memoryViewAttrs()
	TypeType.getset = map[string]getter{
		"__name__":     attr(func(t *Type) starlark.Value { return starlark.String(t.name) }),
		"__qualname__": attr(func(t *Type) starlark.Value { return starlark.String(t.qualname) }),
		"__module__":   attr(func(t *Type) starlark.Value { return starlark.String(t.module) }),
		"__doc__":      attr(func(t *Type) starlark.Value { return docOf(t) }),
		"__bases__":    attr(func(t *Type) starlark.Value { return typeTuple(t.bases) }),
		"__mro__":      attr(func(t *Type) starlark.Value { return typeTuple(t.mro) }),
		"__base__": attr(func(t *Type) starlark.Value {
			if len(t.bases) == 0 {
				return starlark.None
			}
			return t.bases[0]
		}),
		"__dict__":  attr(func(t *Type) starlark.Value { return t.attrs.Copy() }),
		"__class__": attr(func(t *Type) starlark.Value { return t.PyType() }),
		"__annotations__": attr(func(t *Type) starlark.Value {
			if v, ok := t.attrs.Get("__annotations__"); ok {
				return v
			}
			if t.builtin {
				return nil
			}
			d := starlark.NewDict(0)
			t.attrs.Set("__annotations__", d)
			return d
		}),
	}
	whole := map[string]getter{
		"real":        func(t *starlark.Thread, x starlark.Value) (starlark.Value, error) { return Index(t, x) },
		"numerator":   func(t *starlark.Thread, x starlark.Value) (starlark.Value, error) { return Index(t, x) },
		"imag":        func(*starlark.Thread, starlark.Value) (starlark.Value, error) { return newInt(0) },
		"denominator": func(*starlark.Thread, starlark.Value) (starlark.Value, error) { return newInt(1) },
	}
	IntType.getset = whole
	FloatType.getset = map[string]getter{
		"real": attr(func(f starlark.Float) starlark.Value { return f }),
		"imag": attr(func(starlark.Float) starlark.Value { return starlark.Float(0) }),
	}
	ComplexType.getset = map[string]getter{
		"real": attr(func(c Complex) starlark.Value { return starlark.Float(real(c)) }),
		"imag": attr(func(c Complex) starlark.Value { return starlark.Float(imag(c)) }),
	}
	SliceType.getset = map[string]getter{
		"start": attr(func(s *Slice) starlark.Value { return s.Start }),
		"stop":  attr(func(s *Slice) starlark.Value { return s.Stop }),
		"step":  attr(func(s *Slice) starlark.Value { return s.Step }),
	}
	RangeType.getset = map[string]getter{
		"start": attr(func(r *Range) starlark.Value { return r.start }),
		"stop":  attr(func(r *Range) starlark.Value { return r.stop }),
		"step":  attr(func(r *Range) starlark.Value { return r.step }),
	}
	installCallableAttrs()
}

func installCallableAttrs() {
	named := attr(func(f starlark.Callable) starlark.Value { return starlark.String(FunctionName(f)) })
	doc := func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) {
		switch f := self.(type) {
		case *BoundMethod:
			return GetAttr(nil, f.Func, "__doc__")
		case interface{ Doc() string }:
			if f.Doc() != "" {
				return starlark.String(f.Doc()), nil
			}
		}
		return starlark.None, nil
	}
	module := func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) {
		switch f := self.(type) {
		case *starlark.Function:
			return starlark.String(functionModule(f)), nil
		case *BoundMethod:
			return GetAttr(nil, f.Func, "__module__")
		case starlark.HasAttrs: // a function of another package
			if v, err := f.Attr("__module__"); v != nil && err == nil {
				return v, nil
			}
		}
		return starlark.String("builtins"), nil
	}
	self := attr(func(b *BoundMethod) starlark.Value { return b.Self })
	short := attr(func(f interface{ Name() string }) starlark.Value {
		name := signature.FunctionName(f.Name())
		return starlark.String(name[strings.LastIndexByte(name, '.')+1:])
	})
	common := map[string]getter{
		"__name__": short, "__qualname__": named, "__annotations__": functionAnnotations,
		"__dict__": attr(func(f *starlark.Function) starlark.Value { return functionAttrs(f, true).Dict() }), "__doc__": doc, "__module__": module, "__self__": self,
		"__func__":       attr(func(b *BoundMethod) starlark.Value { return b.Func }),
		"__defaults__":   attr(functionDefaults),
		"__kwdefaults__": attr(functionKeywordDefaults),
		"__code__":       attr(functionCode),
	}
	for _, t := range []*Type{FunctionType, BuiltinType, MethodType, MethodDescrType} {
		t.getset = common
	}
	GeneratorType.getset = map[string]getter{"__name__": short, "__qualname__": attr(func(g *Generator) starlark.Value { return starlark.String(g.name) }),
		"gi_running":   attr(func(g *Generator) starlark.Value { return starlark.Bool(g.body.state().running) }),
		"gi_suspended": attr(func(g *Generator) starlark.Value { return starlark.Bool(g.body.state().suspended()) }),
	}
	installAsyncAttrs(short)
	installDescriptorAttrs()
}

// ownAttr is an attribute of a property of another package.
func ownAttr(x starlark.Value, name string) (starlark.Value, error) {
	if v, ok := x.(starlark.HasAttrs); ok {
		return v.Attr(name)
	}
	return nil, nil
}

func installDescriptorAttrs() {
	part := func(v starlark.Value) starlark.Value {
		if v == nil {
			return starlark.None
		}
		return v
	}
	PropertyType.getset = map[string]getter{
		"fget": attr(func(p *Property) starlark.Value { return part(p.Get) }),
		"fset": attr(func(p *Property) starlark.Value { return part(p.Set) }),
		"fdel": attr(func(p *Property) starlark.Value { return part(p.Del) }),
		"__doc__": func(thread *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			p, ok := self.(*Property)
			if !ok {
				return ownAttr(self, "__doc__")
			}
			if p.Doc != nil || p.Get == nil {
				return part(p.Doc), nil
			}
			return GetAttr(thread, p.Get, "__doc__")
		},
		"__isabstractmethod__": func(thread *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			p, ok := self.(*Property)
			if !ok || p.Get == nil {
				return starlark.False, nil
			}
			v, err := GetAttr(thread, p.Get, "__isabstractmethod__")
			if isException(err, AttributeError) {
				return starlark.False, nil
			}
			return v, err
		},
	}
	wrapped := map[string]getter{
		"__func__":    attr(func(w *wrapper) starlark.Value { return w.fn }),
		"__wrapped__": attr(func(w *wrapper) starlark.Value { return w.fn }),
		"__isabstractmethod__": func(thread *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			v, err := GetAttr(thread, self.(*wrapper).fn, "__isabstractmethod__")
			if isException(err, AttributeError) {
				return starlark.False, nil
			}
			return v, err
		},
	}
	for _, name := range []string{"__name__", "__qualname__", "__module__", "__doc__", "__annotations__"} {
		wrapped[name] = func(thread *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			return GetAttr(thread, self.(*wrapper).fn, name)
		}
	}
	ClassMethodType.getset, StaticMethodType.getset = wrapped, wrapped
}

// typeDocs are what help(type) says of the builtin types.
func typeDocs() map[*Type]string {
	return map[*Type]string{
		ObjectType:       "The base of all types.",
		TypeType:         "type(x) is the type of x; type(name, bases, dict) makes a new class.",
		IntType:          "int(x=0) converts to an integer; int(text, base=10) reads one. Integers have no size limit.",
		BoolType:         "bool(x=False) is the truth of x.",
		FloatType:        "float(x=0) converts a number or a text to a float of 64 bits.",
		ComplexType:      "complex(real=0, imag=0) makes a complex number, or reads one from a text.",
		StrType:          "str(x='') is the text of x; str(bytes, encoding) decodes. A string is indexed and counted by code point.",
		BytesType:        "bytes(source, encoding) makes immutable bytes of a text, an iterable of ints, or a count of zeros.",
		ByteArrayType:    "bytearray(source, encoding) makes bytes that can change.",
		MemoryViewType:   "memoryview(object) shows the elements of a bytes-like value or an array, without copying them where it can be helped.",
		ListType:         "list(iterable=()) makes a list of the items.",
		TupleType:        "tuple(iterable=()) makes a tuple of the items.",
		DictType:         "dict(mapping_or_pairs=(), **kwargs) makes a dict, which keeps the order of insertion.",
		SetType:          "set(iterable=()) makes a set of the items.",
		FrozenSetType:    "frozenset(iterable=()) makes a set that cannot change, and can be a key.",
		RangeType:        "range(stop) or range(start, stop, step=1): the integers from start to before stop.",
		SliceType:        "slice(stop) or slice(start, stop, step=None): what x[start:stop:step] passes.",
		PropertyType:     "property(fget=None, fset=None, fdel=None, doc=None) makes an attribute that calls functions.",
		ClassMethodType:  "classmethod(function) makes a method whose first argument is the class.",
		StaticMethodType: "staticmethod(function) makes a method without the instance as its first argument.",
		SuperType:        "super() or super(type, obj): the attributes of obj as the bases after type define them.",
		EnumerateType:    "enumerate(iterable, start=0) yields pairs of a count and an item.",
		ZipType:          "zip(*iterables, strict=False) yields tuples of one item of each.",
		MapType:          "map(function, *iterables) yields the function of one item of each.",
		FilterType:       "filter(function, iterable) yields the items for which the function, or with None the item, is true.",
		ReversedType:     "reversed(sequence) yields the items from the last to the first.",
	}
}

func docOf(t *Type) starlark.Value {
	if t.doc == "" {
		return starlark.None
	}
	return starlark.String(t.doc)
}

func typeTuple(types []*Type) starlark.Tuple {
	out := make(starlark.Tuple, len(types))
	for i, t := range types {
		out[i] = t
	}
	return out
}

func propertyMethods() []methodSpec {
	with := func(name string, set func(p *Property, fn starlark.Value)) methodSpec {
		return methodSpec{name: name, sig: "function, /", fn: func(c *call) (starlark.Value, error) {
			p := *c.self.(*Property)
			set(&p, c.arg(0))
			return &p, nil
		}}
	}
	return []methodSpec{
		with("getter", func(p *Property, fn starlark.Value) { p.Get = fn }),
		with("setter", func(p *Property, fn starlark.Value) { p.Set = fn }),
		with("deleter", func(p *Property, fn starlark.Value) { p.Del = fn }),
	}
}

func functionMethods() []methodSpec {
	return []methodSpec{
		{name: "__call__", sig: "*args, **kwargs", fn: func(c *call) (starlark.Value, error) {
			return Call(c.thread, c.self, c.rest, c.kw)
		}},
		{name: "__get__", sig: "instance, owner=None, /", fn: func(c *call) (starlark.Value, error) {
			if c.arg(0) == starlark.None {
				return c.self, nil
			}
			return &BoundMethod{Self: c.arg(0), Func: c.self}, nil
		}},
	}
}

func typeMethods() []methodSpec {
	return []methodSpec{
		{name: "mro", fn: func(c *call) (starlark.Value, error) {
			return starlark.NewList(typeTuple(c.self.(*Type).mro)), nil
		}},
		{name: "__call__", sig: "*args, **kwargs", fn: func(c *call) (starlark.Value, error) {
			return instantiate(c.thread, c.self.(*Type), c.rest, c.kw)
		}},
		{name: "__init__", sig: "*args, **kwargs", fn: func(c *call) (starlark.Value, error) { return starlark.None, nil }},
		{name: "__prepare__", sig: "*args, **kwargs", kind: classMethod, fn: func(c *call) (starlark.Value, error) {
			return starlark.NewDict(0), nil
		}},
		{name: "__instancecheck__", sig: "instance, /", fn: func(c *call) (starlark.Value, error) {
			return newBool(IsInstance(c.arg(0), c.self.(*Type)))
		}},
		{name: "__subclasscheck__", sig: "cls, /", fn: func(c *call) (starlark.Value, error) {
			t, ok := c.arg(0).(*Type)
			return newBool(ok && t.IsSubtype(c.self.(*Type)))
		}},
		{name: "__or__", sig: "other, /", fn: func(c *call) (starlark.Value, error) {
			if v, ok := typeUnion(c.self, c.arg(0)); ok {
				return v, nil
			}
			return NotImplemented, nil
		}},
	}
}

func sliceIndices(c *call) (starlark.Value, error) {
	n, err := c.intArg(0, 0)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, Errorf(ValueError, "length should not be negative")
	}
	start, stop, step, _, err := c.self.(*Slice).bounds(c.thread, n)
	if err != nil {
		return nil, err
	}
	return starlark.Tuple{starlark.MakeInt(start), starlark.MakeInt(stop), starlark.MakeInt(step)}, nil
}
