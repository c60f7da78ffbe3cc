package object

import (
	"errors"
	"slices"
	"strings"

	"go.starlark.net/starlark"
)

// GetAttr is x.name.
func GetAttr(thread *starlark.Thread, x starlark.Value, name string) (starlark.Value, error) {
	switch x := x.(type) {
	case *Instance:
		return instanceAttr(thread, x, name)
	case *Type:
		return typeAttr(thread, x, name)
	case *Exception:
		v, err := objectAttr(thread, x, x.attrs, x.Class, name)
		if v == nil && err == nil {
			return missingAttr(thread, x, x.Class, name, nil)
		}
		return v, err
	case *superValue:
		return x.attr(thread, name)
	case HasMember:
		if v := x.Member(name); v != nil {
			return v, nil
		}
	}
	t := TypeOf(x)
	if !t.builtin || t.foreign {
		return foreignAttr(thread, x, t, name)
	}
	switch f := x.(type) {
	case *starlark.Function:
		if v, ok := functionAttrs(f, false).Get(name); ok {
			return v, nil
		}
	case *BoundMethod:
		if _, ok := f.Func.(*Method); !ok && t.getset[name] == nil {
			return GetAttr(thread, f.Func, name)
		}
	}
	if v, owner := t.lookup(name); owner != nil && owner != ObjectType {
		return descrGet(thread, v, x, t)
	}
	v, err := computedAttr(thread, x, t, name)
	if v != nil || err != nil {
		return v, err
	}
	return foreignAttr(thread, x, t, name)
}

// computedAttr is an attribute that a builtin type of the order computes, or nil.
func computedAttr(thread *starlark.Thread, x starlark.Value, t *Type, name string) (starlark.Value, error) {
	for _, m := range t.mro {
		if get := m.getset[name]; get != nil {
			v, err := get(thread, x)
			if v != nil || err != nil {
				return v, err
			}
		}
	}
	return nil, nil
}

// foreignAttr reads an attribute of a value that answers for itself.
func foreignAttr(thread *starlark.Thread, x starlark.Value, t *Type, name string) (starlark.Value, error) {
	if h, ok := x.(HasLateAttr); ok {
		if v, err := h.LateAttr(thread, name); v != nil || err != nil {
			return v, err
		}
	}
	if h, ok := x.(starlark.HasAttrs); ok {
		v, err := h.Attr(name)
		if err != nil && !isAbsence(err) {
			if t == ModuleType { // whose modules name themselves in their errors
				if v, owner := t.lookup(name); owner != nil {
					return descrGet(thread, v, x, t)
				}
			}
			return nil, err
		}
		if v != nil && err == nil {
			return v, nil
		}
	}
	v, owner := t.lookup(name)
	if owner != nil {
		return descrGet(thread, v, x, t)
	}
	v, err := computedAttr(thread, x, t, name)
	if v != nil || err != nil {
		return v, err
	}
	return nil, noAttr(x, name)
}

// isAbsence reports whether an error only says that there is no such attribute.
func isAbsence(err error) bool {
	var none starlark.NoSuchAttrError
	return errors.As(err, &none)
}

// instanceAttr is the attribute of an instance of a class.
func instanceAttr(thread *starlark.Thread, x *Instance, name string) (starlark.Value, error) {
	if fn := x.class.lookupUser("__getattribute__"); fn != nil {
		v, err := callBound(thread, fn, x, starlark.String(name))
		if isException(err, AttributeError) {
			return missingAttr(thread, x, x.class, name, err)
		}
		return v, err
	}
	v, err := objectAttr(thread, x, &x.attrs, x.class, name)
	if v == nil && err == nil || isException(err, AttributeError) {
		return missingAttr(thread, x, x.class, name, err)
	}
	return v, err
}

// objectAttr is object.__getattribute__: data descriptors, then the object's
// own attributes, then the class's. It gives nil for an attribute that is not there.
func objectAttr(thread *starlark.Thread, x starlark.Value, own *Namespace, t *Type, name string) (starlark.Value, error) {
	v, owner := t.lookup(name)
	if owner != nil && !owner.builtin && isData(v) {
		return descrGet(thread, v, x, t)
	}
	if a, ok := own.Get(name); ok {
		return a, nil
	}
	if owner != nil {
		return descrGet(thread, v, x, t)
	}
	return computedAttr(thread, x, t, name)
}

// missingAttr calls __getattr__, the last resort, or reports the attribute missing.
func missingAttr(thread *starlark.Thread, x starlark.Value, t *Type, name string, err error) (starlark.Value, error) {
	if fn := t.lookupUser("__getattr__"); fn != nil {
		return callBound(thread, fn, x, starlark.String(name))
	}
	if err != nil {
		return nil, err
	}
	return nil, noAttr(x, name)
}

// typeAttr is the attribute of a type: that of the metaclass if it is a data
// descriptor, then that of the type and its bases, then that of the metaclass.
func typeAttr(thread *starlark.Thread, t *Type, name string) (starlark.Value, error) {
	meta := t.PyType()
	mv, mowner := meta.lookup(name)
	if mowner != nil && !mowner.builtin && isData(mv) {
		return descrGet(thread, mv, t, meta)
	}
	if get := TypeType.getset[name]; get != nil {
		v, err := get(thread, t)
		if v != nil || err != nil {
			return v, err
		}
	}
	if v, owner := t.lookup(name); owner != nil {
		return descrGet(thread, v, nil, t)
	}
	if mowner != nil {
		return descrGet(thread, mv, t, meta)
	}
	for _, m := range t.mro {
		if get := m.getset[name]; get != nil && m != ObjectType {
			return &attributeOf{owner: m, name: name, get: get}, nil
		}
	}
	if fn := meta.lookupUser("__getattr__"); fn != nil {
		return callBound(thread, fn, t, starlark.String(name))
	}
	return nil, unsupportedAttr(t, name)
}

// attributeOf is a computed attribute read through the type (int.real).
type attributeOf struct {
	owner *Type
	name  string
	get   func(*starlark.Thread, starlark.Value) (starlark.Value, error)
}

var _ Descriptor = (*attributeOf)(nil)

func (a *attributeOf) String() string {
	return "<attribute '" + a.name + "' of '" + a.owner.name + "' objects>"
}
func (a *attributeOf) Type() string          { return "getset_descriptor" }
func (a *attributeOf) Freeze()               {}
func (a *attributeOf) Truth() starlark.Bool  { return true }
func (a *attributeOf) Hash() (uint32, error) { return starlark.String(a.name).Hash() }

// DescrGet computes the attribute.
func (a *attributeOf) DescrGet(thread *starlark.Thread, instance starlark.Value, _ *Type) (starlark.Value, error) {
	if instance == nil {
		return a, nil
	}
	return a.get(thread, instance)
}

// noAttr is Python's AttributeError; it can suggest the nearest name that there is.
func noAttr(x starlark.Value, name string) error {
	e := Errorf(AttributeError, "'%s' object has no attribute '%s'", typeName(x), name).(*Exception)
	if m, ok := x.(interface{ Name() string }); ok && TypeOf(x) == ModuleType {
		e = Errorf(AttributeError, "module '%s' has no attribute '%s'", m.Name(), name).(*Exception)
	}
	e.namespace().Set("name", starlark.String(name))
	t := TypeOf(x)
	var own []string
	switch x := x.(type) {
	case *Instance:
		own = x.attrs.Names()
	case *Exception:
		own = x.attrs.Names()
	case starlark.HasAttrs:
		own = x.AttrNames()
	}
	// The closure holds names and not x, which must be free to die.
	return e.WithCandidates(name, func() []string { return append(typeNames(t), own...) })
}

// Nearest returns the candidate that name is most likely a misspelling of, or "".
func Nearest(name string, candidates []string) string {
	limit := (len(name) + 2) / 3
	if limit > 3 {
		limit = 3
	}
	best, bestDist := "", limit+1
	for _, c := range candidates {
		if c == name || strings.HasPrefix(c, "__") && !strings.HasPrefix(name, "__") {
			continue
		}
		if d := editDistance(name, c, bestDist); d < bestDist {
			best, bestDist = c, d
		}
	}
	return best
}

// editDistance is the Levenshtein distance, letter case costing nothing extra
// beyond one, cut off at limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			cost := prev
			if a[i-1] != b[j-1] {
				cost++
			}
			prev = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
			low = min(low, row[j])
		}
		if low >= limit {
			return limit
		}
	}
	return row[len(b)]
}

// SetAttr is x.name = v.
func SetAttr(thread *starlark.Thread, x starlark.Value, name string, v starlark.Value) error {
	switch x := x.(type) {
	case *Instance:
		if fn := x.class.lookupUser("__setattr__"); fn != nil {
			_, err := callBound(thread, fn, x, starlark.String(name), v)
			return err
		}
		return setObjectAttr(thread, x, &x.attrs, x.class, name, v)
	case *Exception:
		if fn := x.Class.lookupUser("__setattr__"); fn != nil {
			_, err := callBound(thread, fn, x, starlark.String(name), v)
			return err
		}
		return setObjectAttr(thread, x, x.namespace(), x.Class, name, v)
	case *Type:
		if fn := x.PyType().lookupUser("__setattr__"); fn != nil {
			_, err := callBound(thread, fn, x, starlark.String(name), v)
			return err
		}
		return setTypeAttr(thread, x, name, v)
	case *starlark.Function:
		functionAttrs(x, true).Set(name, v)
		return nil
	case starlark.HasSetField:
		err := x.SetField(name, v)
		var none starlark.NoSuchAttrError
		if errors.As(err, &none) {
			return noAttr(x, name)
		}
		return err
	}
	if _, err := GetAttr(thread, x, name); err == nil {
		return Errorf(AttributeError, "'%s' object attribute '%s' is read-only", typeName(x), name)
	}
	return noAttr(x, name)
}

// SetOwnAttr is object.__setattr__(x, name, v).
func SetOwnAttr(thread *starlark.Thread, x starlark.Value, name string, v starlark.Value) error {
	switch x := x.(type) {
	case *Instance:
		return setObjectAttr(thread, x, &x.attrs, x.class, name, v)
	case *Exception:
		return setObjectAttr(thread, x, x.namespace(), x.Class, name, v)
	}
	return SetAttr(thread, x, name, v)
}

// setObjectAttr is object.__setattr__.
func setObjectAttr(thread *starlark.Thread, x starlark.Value, own *Namespace, t *Type, name string, v starlark.Value) error {
	if d, owner := t.lookup(name); owner != nil && isData(d) {
		return descrSet(thread, d, x, v)
	}
	if handled, err := setSpecialAttr(thread, x, name, v); handled {
		return err
	}
	if !t.allows(name) {
		return Errorf(AttributeError, "'%s' object has no attribute '%s'", t.name, name)
	}
	own.setOf(t, name, v)
	return nil
}

// allows reports whether the class's __slots__ leave room for the name.
func (t *Type) allows(name string) bool {
	if t.slots == nil {
		return true
	}
	for _, m := range t.mro {
		if m.slots[name] {
			return true
		}
		if !m.builtin && m.slots == nil || m.slots["__dict__"] {
			return true
		}
	}
	return false
}

// setSpecialAttr assigns the attributes that the object itself is made of.
func setSpecialAttr(thread *starlark.Thread, x starlark.Value, name string, v starlark.Value) (bool, error) {
	if i, ok := x.(*Instance); ok {
		switch name {
		case "__class__":
			t, ok := v.(*Type)
			if !ok || t.builtin || t.layout != i.class.layout {
				return true, Errorf(TypeError, "__class__ assignment only supported for mutable types or ModuleType subclasses")
			}
			i.class = t
			return true, nil
		case "__dict__":
			d, ok := AsDict(v)
			if !ok {
				return true, Errorf(TypeError, "__dict__ must be set to a dictionary, not a '%s'", typeName(v))
			}
			i.attrs.SetDict(d)
			return true, nil
		}
		return false, nil
	}
	if e, ok := x.(*Exception); ok {
		return setExceptionAttr(thread, e, name, v)
	}
	return false, nil
}

func setTypeAttr(thread *starlark.Thread, t *Type, name string, v starlark.Value) error {
	if t.builtin || t.foreign {
		return Errorf(TypeError, "cannot set '%s' attribute of immutable type '%s'", name, t.name)
	}
	if d, owner := t.PyType().lookup(name); owner != nil && isData(d) {
		return descrSet(thread, d, t, v)
	}
	if s, ok := v.(starlark.String); ok {
		switch name {
		case "__name__":
			t.name = string(s)
			return nil
		case "__qualname__":
			t.qualname = string(s)
			return nil
		case "__module__":
			t.module = string(s)
		case "__doc__":
			t.doc = string(s)
		}
	}
	t.attrs.Set(name, v)
	return nil
}

// DelAttr is del x.name.
func DelAttr(thread *starlark.Thread, x starlark.Value, name string) error {
	var own *Namespace
	t := TypeOf(x)
	switch x := x.(type) {
	case *Instance:
		own = &x.attrs
	case *Exception:
		own = x.attrs
	case *starlark.Function:
		own = functionAttrs(x, false)
	case *Type:
		if x.builtin || x.foreign {
			return Errorf(TypeError, "cannot delete '%s' attribute of immutable type '%s'", name, x.name)
		}
		own = x.attrs
	case HasDelAttr:
		return x.DelAttr(thread, name)
	default:
		if _, err := GetAttr(thread, x, name); err == nil {
			return Errorf(AttributeError, "'%s' object attribute '%s' is read-only", t.name, name)
		}
		return noAttr(x, name)
	}
	if fn := t.lookupUser("__delattr__"); fn != nil {
		_, err := callBound(thread, fn, x, starlark.String(name))
		return err
	}
	return delObjectAttr(thread, x, own, t, name)
}

// delObjectAttr is object.__delattr__.
func delObjectAttr(thread *starlark.Thread, x starlark.Value, own *Namespace, t *Type, name string) error {
	if d, owner := t.lookup(name); owner != nil && isData(d) {
		return descrSet(thread, d, x, nil)
	}
	if own.Delete(name) {
		return nil
	}
	if ty, ok := x.(*Type); ok {
		return unsupportedAttr(ty, name)
	}
	return noAttr(x, name)
}

// HasAttr reports whether x has the attribute. An error other than
// AttributeError is passed on.
func HasAttr(thread *starlark.Thread, x starlark.Value, name string) (bool, error) {
	_, err := GetAttr(thread, x, name)
	if err == nil {
		return true, nil
	}
	if IsUncatchable(err) {
		return false, err
	}
	if AsException(err).IsA(AttributeError) {
		return false, nil
	}
	return false, err
}

// typeNames lists the attributes that a type gives its instances.
func typeNames(t *Type) []string {
	var names []string
	for _, m := range t.mro {
		names = append(names, m.attrs.Names()...)
		for n := range m.getset {
			names = append(names, n)
		}
	}
	return names
}

// dirNames lists the names that dir(x) lists, sorted.
func dirNames(x starlark.Value) []string {
	if TypeOf(x).IsSubtype(ModuleType) {
		return moduleNames(x)
	}
	var names []string
	switch x := x.(type) {
	case *Instance:
		names = append(typeNames(x.class), x.attrs.Names()...)
	case *Exception:
		names = append(typeNames(x.Class), x.attrs.Names()...)
	case *Type:
		names = typeNames(x)
	case starlark.HasAttrs:
		names = append(typeNames(TypeOf(x)), x.AttrNames()...)
	default:
		names = typeNames(TypeOf(x))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// isException reports whether err is an exception of type t.
func isException(err error, t *Type) bool {
	if err == nil {
		return false
	}
	var e *Exception
	if errors.As(err, &e) {
		return e.IsA(t)
	}
	return !IsUncatchable(err) && AsException(err).IsA(t)
}

func joinComma(s []string) string { return strings.Join(s, ", ") }
