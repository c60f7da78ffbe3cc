package mlxstar

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// hostObject is a Go struct with methods, as scripts see it: they share it with the host.
type hostObject struct {
	rt      *Runtime
	v       reflect.Value                   // a pointer to a struct
	methods func() map[string]reflect.Value // looked for when they are first asked for
}

var (
	_ starlark.HasSetField = (*hostObject)(nil)
	_ starlark.Comparable  = (*hostObject)(nil)
)

func (h *hostObject) String() string       { return fmt.Sprintf("<%s object>", h.Type()) }
func (h *hostObject) Type() string         { return h.v.Elem().Type().Name() }
func (h *hostObject) Freeze()              {}
func (h *hostObject) Truth() starlark.Bool { return true }
func (h *hostObject) Hash() (uint32, error) {
	return starlark.MakeUint64(uint64(h.v.Pointer())).Hash()
}

// CompareSameType compares objects by identity.
func (h *hostObject) CompareSameType(op starlarkToken, y starlark.Value, _ int) (bool, error) {
	return sameOrNot(op, h.v.Pointer() == y.(*hostObject).v.Pointer(), h.Type())
}

// Attr gives a method or a field.
func (h *hostObject) Attr(name string) (starlark.Value, error) {
	if m, ok := h.methods()[name]; ok {
		return h.rt.reflectFunc(name, m)
	}
	if f := h.field(name); f.IsValid() {
		return h.rt.toScript(f.Interface())
	}
	if h.rt.opts.Methods == nil {
		return nil, object.Errorf(object.AttributeError, "'%s' object has no attribute '%s' (its methods are found where Options.Methods is set)", h.Type(), name)
	}
	return nil, nil
}

// AttrNames lists methods and fields.
func (h *hostObject) AttrNames() []string {
	names := slices.Collect(maps.Keys(h.methods()))
	for i := range h.v.Elem().NumField() {
		if name := fieldName(h.v.Elem().Type().Field(i)); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// SetField sets a field, which the host sees.
func (h *hostObject) SetField(name string, v starlark.Value) error {
	f := h.field(name)
	if !f.IsValid() {
		return starlark.NoSuchAttrError(fmt.Sprintf("'%s' object has no attribute '%s'", h.Type(), name))
	}
	to := reflect.New(f.Type()).Elem()
	if err := decodeArgument(h.rt.Context(), h.rt.fromScript(v), to, name); err != nil {
		return object.Errorf(object.TypeError, "%s.%s: %s", h.Type(), name, err)
	}
	f.Set(to)
	return nil
}

func (h *hostObject) field(name string) reflect.Value {
	for i := range h.v.Elem().NumField() {
		if fieldName(h.v.Elem().Type().Field(i)) == name {
			return h.v.Elem().Field(i)
		}
	}
	return reflect.Value{}
}

// ReflectMethods gives the exported methods of a Go object, by Python's names: ReadAll is
// read_all. It is for Options.Methods.
func ReflectMethods(v reflect.Value) map[string]reflect.Value {
	m := make(map[string]reflect.Value, v.NumMethod())
	for i := range v.NumMethod() {
		m[pythonName(v.Type().Method(i).Name)] = v.Method(i)
	}
	return m
}

func (rt *Runtime) newHostObject(v reflect.Value) *hostObject {
	find := rt.opts.Methods
	if find == nil {
		find = func(reflect.Value) map[string]reflect.Value { return nil }
	}
	return &hostObject{rt: rt, v: v, methods: sync.OnceValue(func() map[string]reflect.Value { return find(v) })}
}

// pythonName is a Go name as Python writes it: ReadAll is read_all, HTTPStatus http_status.
func pythonName(name string) string {
	var s strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			s.WriteByte('_')
		}
		s.WriteRune(unicode.ToLower(r))
	}
	return s.String()
}
