package object

import (
	"go.starlark.net/starlark"
)

// NewClass makes a class, as a class statement does. The namespace holds what
// the class body bound. Kwds are the keywords of the class statement: metaclass,
// and what __init_subclass__ takes.
func NewClass(thread *starlark.Thread, name, qualname, module string, bases starlark.Tuple, namespace *Namespace, kwds []starlark.Tuple) (*Type, error) {
	types, err := resolveBases(thread, bases)
	if err != nil {
		return nil, err
	}
	meta, rest, err := metaclassOf(types, kwds)
	if err != nil {
		return nil, err
	}
	if _, ok := namespace.Get("__module__"); !ok {
		namespace.Set("__module__", starlark.String(module))
	}
	namespace.Set("__qualname__", starlark.String(qualname))
	if meta == TypeType {
		return buildClass(thread, meta, name, types, namespace, rest)
	}
	baseValues := make(starlark.Tuple, len(types))
	for i, t := range types {
		baseValues[i] = t
	}
	args := starlark.Tuple{starlark.String(name), baseValues, namespace.Dict()}
	made, err := Call(thread, meta, args, rest)
	if err != nil {
		return nil, err
	}
	t, ok := made.(*Type)
	if !ok {
		return nil, Errorf(TypeError, "metaclass %s made a %s, not a class", meta.name, typeName(made))
	}
	return t, nil
}

// Prepare gives the namespace in which a class body runs: an empty one, or
// what the metaclass's __prepare__ returns.
func Prepare(thread *starlark.Thread, name string, bases starlark.Tuple, kwds []starlark.Tuple) (*Namespace, error) {
	types, err := resolveBases(thread, bases)
	if err != nil {
		return nil, err
	}
	meta, rest, err := metaclassOf(types, kwds)
	if err != nil {
		return nil, err
	}
	prepare := meta.lookupUser("__prepare__")
	if prepare == nil {
		return NewNamespace(), nil
	}
	bound, err := descrGet(thread, prepare, nil, meta)
	if err != nil {
		return nil, err
	}
	v, err := Call(thread, bound, starlark.Tuple{starlark.String(name), bases}, rest)
	if err != nil {
		return nil, err
	}
	d, ok := AsDict(v)
	if !ok {
		return nil, Errorf(TypeError, "%s.__prepare__() must return a mapping, not %s", meta.name, typeName(v))
	}
	n := NewNamespace()
	n.SetDict(d)
	return n, nil
}

// resolveBases turns the expressions of a class statement's bases into types.
func resolveBases(thread *starlark.Thread, bases starlark.Tuple) ([]*Type, error) {
	var types []*Type
	for _, b := range bases {
		t, ok := b.(*Type)
		if ok {
			types = append(types, t)
			continue
		}
		entries, err := GetAttr(thread, b, "__mro_entries__")
		if err != nil {
			return nil, Errorf(TypeError, "bases must be types, not %s", typeName(b))
		}
		v, err := Call(thread, entries, starlark.Tuple{bases}, nil)
		if err != nil {
			return nil, err
		}
		more, ok := v.(starlark.Tuple)
		if !ok {
			return nil, Errorf(TypeError, "__mro_entries__ must return a tuple")
		}
		for _, m := range more {
			if t, ok := m.(*Type); ok {
				types = append(types, t)
			}
		}
	}
	if len(types) == 0 {
		types = []*Type{ObjectType}
	}
	for i, t := range types {
		if t.final || t.foreign || t.builtin && t.construct == nil && t.layout == nil && t != ObjectType {
			return nil, Errorf(TypeError, "type '%s' is not an acceptable base type", t.name)
		}
		for _, u := range types[:i] {
			if u == t {
				return nil, Errorf(TypeError, "duplicate base class %s", t.name)
			}
		}
	}
	return types, nil
}

func metaclassOf(bases []*Type, kwds []starlark.Tuple) (*Type, []starlark.Tuple, error) {
	meta := TypeType
	var rest []starlark.Tuple
	for _, kv := range kwds {
		if k, _ := starlark.AsString(kv[0]); k != "metaclass" {
			rest = append(rest, kv)
			continue
		}
		t, ok := kv[1].(*Type)
		if !ok || !t.IsSubtype(TypeType) {
			return nil, nil, Errorf(TypeError, "metaclass must derive from type, not %s", typeName(kv[1]))
		}
		meta = t
	}
	for _, b := range bases {
		m := b.PyType()
		switch {
		case meta.IsSubtype(m):
		case m.IsSubtype(meta):
			meta = m
		default:
			return nil, nil, Errorf(TypeError, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")
		}
	}
	return meta, rest, nil
}

// buildClass is type.__new__: it makes the class and tells its attributes and
// its bases about it.
func buildClass(thread *starlark.Thread, meta *Type, name string, bases []*Type, namespace *Namespace, kwds []starlark.Tuple) (*Type, error) {
	// A thread that runs a script has a budget.
	t := &Type{name: name, qualname: name, bases: bases, attrs: NewNamespace(), scripted: thread.Local(budgetKey) != nil}
	if meta != TypeType {
		t.meta = meta
	}
	for _, n := range namespace.Names() {
		v, _ := namespace.Get(n)
		t.attrs.Set(n, v)
	}
	if v, ok := t.attrs.Get("__qualname__"); ok {
		if s, ok := v.(starlark.String); ok {
			t.qualname = string(s)
		}
		t.attrs.Delete("__qualname__")
	}
	if v, ok := t.attrs.Get("__module__"); ok {
		if s, ok := v.(starlark.String); ok {
			t.module = string(s)
		}
	}
	if v, ok := t.attrs.Get("__doc__"); ok {
		if s, ok := v.(starlark.String); ok {
			t.doc = string(s)
		}
	}
	var err error
	if t.mro, err = linearize(t, bases); err != nil {
		return nil, err
	}
	if err := t.chooseLayout(); err != nil {
		return nil, err
	}
	if err := t.digest(thread); err != nil {
		return nil, err
	}
	if err := t.announce(thread, kwds); err != nil {
		return nil, err
	}
	return t, nil
}

// chooseLayout finds the builtin type whose data the instances carry.
func (t *Type) chooseLayout() error {
	for _, b := range t.bases {
		switch {
		case b.layout == nil, t.layout != nil && t.layout.IsSubtype(b.layout):
		case t.layout == nil || b.layout.IsSubtype(t.layout):
			t.layout = b.layout
		case t.layout.IsSubtype(BaseException) && b.layout.IsSubtype(BaseException):
			// exceptions of every type have one form; the first base decides
		default:
			return Errorf(TypeError, "multiple bases have instance lay-out conflict")
		}
	}
	return nil
}

// digest gives the class attributes that Python treats specially their form.
func (t *Type) digest(thread *starlark.Thread) error {
	for _, name := range []string{"__init_subclass__", "__class_getitem__"} {
		if v, ok := t.attrs.Get(name); ok && isFunction(v) {
			t.attrs.Set(name, NewClassMethodOf(v))
		}
	}
	if v, ok := t.attrs.Get("__new__"); ok && isFunction(v) {
		t.attrs.Set("__new__", NewStaticMethodOf(v))
	}
	if _, ok := t.attrs.Get("__eq__"); ok {
		if _, ok := t.attrs.Get("__hash__"); !ok {
			t.attrs.Set("__hash__", starlark.None)
		}
	}
	v, ok := t.attrs.Get("__slots__")
	if !ok {
		return nil
	}
	t.slots = map[string]bool{}
	if s, ok := v.(starlark.String); ok {
		t.slots[string(s)] = true
		return nil
	}
	return each(thread, v, func(e starlark.Value) error {
		s, ok := e.(starlark.String)
		if !ok {
			return Errorf(TypeError, "__slots__ items must be strings, not '%s'", typeName(e))
		}
		if _, clash := t.attrs.Get(string(s)); clash {
			return Errorf(ValueError, "'%s' in __slots__ conflicts with class variable", string(s))
		}
		t.slots[string(s)] = true
		return nil
	})
}

func isFunction(v starlark.Value) bool {
	switch v := v.(type) {
	case *wrapper, *Instance, *Type:
		return false
	case *Method:
		return v.kind == instanceMethod
	case starlark.Callable:
		return true
	}
	return false
}

// announce calls __set_name__ on the attributes and __init_subclass__ on the bases.
func (t *Type) announce(thread *starlark.Thread, kwds []starlark.Tuple) error {
	for _, name := range t.attrs.Names() {
		v, _ := t.attrs.Get(name)
		switch v := v.(type) {
		case *Property:
			if v.name == "" {
				v.name = name
			}
		case interface {
			SetName(thread *starlark.Thread, owner *Type, name string) error
		}:
			if err := v.SetName(thread, t, name); err != nil {
				return err
			}
		case *Instance:
			if fn := v.class.lookupUser("__set_name__"); fn != nil {
				if _, err := callBound(thread, fn, v, t, starlark.String(name)); err != nil {
					return err
				}
			}
		}
	}
	super := &superValue{cls: t, self: t, owner: t, unself: true}
	fn, err := super.attr(thread, "__init_subclass__")
	if err != nil {
		return err
	}
	_, err = Call(thread, fn, nil, kwds)
	return err
}

// CallInternal makes an instance.
func (t *Type) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if t.meta != nil {
		if fn := t.meta.lookupUser("__call__"); fn != nil {
			b, err := Deeper(thread)
			if err != nil {
				return nil, err
			}
			defer b.Shallower()
			bound, err := descrGet(thread, fn, t, t.meta)
			if err != nil {
				return nil, err
			}
			return Call(thread, bound, args, kwargs)
		}
	}
	return instantiate(thread, t, args, kwargs)
}

func instantiate(thread *starlark.Thread, t *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if t.builtin {
		if t == TypeType && len(args) == 1 && len(kwargs) == 0 {
			return TypeOf(args[0]), nil
		}
		if t.construct != nil {
			return t.construct(thread, t, args, kwargs)
		}
		if t.layout == nil {
			return nil, Errorf(TypeError, "cannot create '%s' instances", t.name)
		}
		return allocate(thread, t, args, kwargs)
	}
	if t.foreign {
		return nil, Errorf(TypeError, "cannot create '%s' instances", t.name)
	}
	if v, ok := t.attrs.Get("__abstractmethods__"); ok {
		if err := refuseAbstract(thread, t, v); err != nil {
			return nil, err
		}
	}
	var obj starlark.Value
	var err error
	if fn := t.lookupUser("__new__"); fn != nil {
		if w, ok := fn.(*wrapper); ok {
			fn = w.fn
		}
		full := make(starlark.Tuple, 0, len(args)+1)
		obj, err = Call(thread, fn, append(append(full, t), args...), kwargs)
	} else {
		obj, err = allocate(thread, t, args, kwargs)
	}
	if err != nil {
		return nil, err
	}
	if made := TypeOf(obj); made == t || made.IsSubtype(t) {
		err = initialize(thread, obj, made, args, kwargs)
	}
	return obj, err
}

func refuseAbstract(thread *starlark.Thread, t *Type, names starlark.Value) error {
	var missing []string
	err := each(thread, names, func(v starlark.Value) error {
		s, err := Str(thread, v)
		missing = append(missing, s)
		return err
	})
	if err != nil || len(missing) == 0 {
		return err
	}
	ending := ""
	if len(missing) > 1 {
		ending = "s"
	}
	return Errorf(TypeError, "Can't instantiate abstract class %s with abstract method%s %s", t.name, ending, joinComma(missing))
}

// allocate is object.__new__, or that of the builtin type t derives from.
func allocate(thread *starlark.Thread, t *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	layout := t.layout
	switch {
	case layout == nil && t.IsSubtype(ModuleType):
		return allocateModule(thread, t, args, kwargs)
	case layout == nil:
		if len(args)+len(kwargs) > 0 && t.lookupUser("__init__") == nil && t.lookupUser("__new__") == nil {
			return nil, Errorf(TypeError, "%s() takes no arguments", t.name)
		}
		return &Instance{class: t}, nil
	case layout == TypeType:
		return classFromArgs(thread, t, args, kwargs)
	case layout.IsSubtype(BaseException):
		return allocateException(t, args, kwargs)
	case mutableLayout(layout):
		base, err := layout.construct(thread, layout, nil, nil)
		if err != nil {
			return nil, err
		}
		return &Instance{class: t, base: base}, nil
	}
	if t.lookupUser("__new__") == nil && t.lookupUser("__init__") != nil {
		kwargs = nil // they are for __init__
	}
	base, err := layout.construct(thread, layout, args, kwargs)
	if err != nil {
		return nil, err
	}
	return &Instance{class: t, base: base}, nil
}

func mutableLayout(t *Type) bool { return t == DictType || t == ListType || t == SetType }

// classFromArgs is type(name, bases, dict).
func classFromArgs(thread *starlark.Thread, meta *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 3 {
		return nil, Errorf(TypeError, "type() takes 1 or 3 arguments")
	}
	name, ok := AsString(args[0])
	if !ok {
		return nil, Errorf(TypeError, "type.__new__() argument 1 must be str, not %s", typeName(args[0]))
	}
	bases, ok := AsTuple(args[1])
	if !ok {
		return nil, Errorf(TypeError, "type.__new__() argument 2 must be tuple, not %s", typeName(args[1]))
	}
	dict, ok := AsDict(args[2])
	if !ok {
		return nil, Errorf(TypeError, "type.__new__() argument 3 must be dict, not %s", typeName(args[2]))
	}
	types, err := resolveBases(thread, bases)
	if err != nil {
		return nil, err
	}
	ns := NewNamespace()
	for _, kv := range dict.Items() {
		k, ok := AsString(kv[0])
		if !ok {
			return nil, Errorf(TypeError, "type.__new__() argument 3 must have str keys, not %s", typeName(kv[0]))
		}
		ns.Set(k, kv[1])
	}
	if _, ok := ns.Get("__module__"); !ok {
		ns.Set("__module__", starlark.String("__main__"))
	}
	return buildClass(thread, meta, name, types, ns, kwargs)
}

// initialize calls __init__.
func initialize(thread *starlark.Thread, obj starlark.Value, t *Type, args starlark.Tuple, kwargs []starlark.Tuple) error {
	fn := t.lookupUser("__init__")
	if fn == nil {
		if i, ok := obj.(*Instance); ok && i.base != nil && mutableLayout(t.layout) {
			return fill(thread, i.base, args, kwargs)
		}
		return nil
	}
	var v starlark.Value
	var err error
	if f, ok := fn.(*starlark.Function); ok {
		full := make(starlark.Tuple, 0, len(args)+1)
		v, err = starlark.Call(thread, f, append(append(full, obj), args...), kwargs)
	} else {
		var bound starlark.Value
		if bound, err = descrGet(thread, fn, obj, t); err == nil {
			v, err = Call(thread, bound, args, kwargs)
		}
	}
	if err != nil {
		return err
	}
	if v != starlark.None {
		return Errorf(TypeError, "__init__() should return None, not '%s'", typeName(v))
	}
	return nil
}

// fill gives an empty dict, list or set the contents its constructor was called with.
func fill(thread *starlark.Thread, base starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) error {
	if d, ok := base.(*starlark.Dict); ok {
		return dictUpdate(thread, d, "dict", args, kwargs)
	}
	t := TypeOf(base)
	if len(kwargs) > 0 {
		return Errorf(TypeError, "%s() takes no keyword arguments", t.name)
	}
	if len(args) > 1 {
		return Errorf(TypeError, "%s expected at most 1 argument, got %d", t.name, len(args))
	}
	if len(args) == 0 {
		return nil
	}
	return each(thread, args[0], func(v starlark.Value) error {
		switch b := base.(type) {
		case *starlark.List:
			return b.Append(v)
		case *starlark.Set:
			return setInsert(thread, b, v)
		}
		return nil
	})
}

// allocateException makes an exception with its arguments, as BaseException.__new__ does.
func allocateException(t *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	e := &Exception{Class: t, Args: append(starlark.Tuple(nil), args...)}
	if t.IsSubtype(OSError) && (len(args) == 3 || len(args) == 4 || len(args) == 5) {
		e.Args = e.Args[:2:2]
		e.namespace().Set("filename", args[2])
	}
	if t.IsSubtype(BaseExceptionGroup) {
		if err := e.join(args); err != nil {
			return nil, err
		}
	}
	if t.builtin {
		if t == OSError && len(args) >= 2 {
			if errno, err := starlark.AsInt32(args[0]); err == nil {
				if sub := osErrorTypes[errno]; sub != nil {
					e.Class = sub
				}
			}
		}
		for _, kv := range kwargs {
			k, _ := starlark.AsString(kv[0])
			if !exceptionKeywords[t.name+"."+k] {
				return nil, Errorf(TypeError, "%s() takes no keyword arguments", t.name)
			}
			e.namespace().Set(k, kv[1])
		}
	}
	return e, nil
}

var exceptionKeywords = map[string]bool{
	"ImportError.name": true, "ImportError.path": true, "ModuleNotFoundError.name": true,
	"ModuleNotFoundError.path": true, "NameError.name": true, "AttributeError.name": true, "AttributeError.obj": true,
}

var osErrorTypes = map[int]*Type{
	1: PermissionError, 2: FileNotFoundError, 3: ProcessLookupError, 4: InterruptedError, 10: ChildProcessError,
	11: BlockingIOError, 13: PermissionError, 17: FileExistsError, 20: NotADirectoryError, 21: IsADirectoryError,
	32: BrokenPipeError, 103: ConnectionAbortedError, 104: ConnectionResetError, 110: TimeoutError, 111: ConnectionRefusedError,
}
