package mlxstar

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// starlarkToken is an operator of a comparison.
type starlarkToken = syntax.Token

// sameOrNot answers == and != of values that have no order.
func sameOrNot(op starlarkToken, same bool, kind string) (bool, error) {
	switch op {
	case syntax.EQL:
		return same, nil
	case syntax.NEQ:
		return !same, nil
	}
	return false, object.Errorf(object.TypeError, "'%s' not supported between instances of '%s' and '%s'", op, kind, kind)
}

// Module is what a module of the host has, by name: values that are converted as Set does,
// and functions. A function may be a Func, or any whose parameters can be decoded, as
// Decode does:
//
//	func(ctx context.Context, x float64, names []string) (T, error)
//
// A context that comes first ends when the script's call must. Variadic parameters take
// what positional arguments are left. A last parameter that is a struct which embeds
// Keywords takes the arguments that are given by name. Of the results a last one of type
// error becomes an exception, behind which errors.Is finds it again; several others are a
// tuple. A function may call the runtime that calls it.
type Module map[string]any

// Keywords marks a struct as the one that takes a function's arguments by name. A field's
// name is that in its `mlx` tag, else its own; fields that are not given keep their zero
// values.
type Keywords struct{}

// ModuleOf makes a module of an object: its methods, by Python's names, and its exported
// fields.
func ModuleOf(v any) Module {
	m := Module{}
	x := reflect.ValueOf(v)
	for name, method := range ReflectMethods(x) {
		m[name] = method.Interface()
	}
	if x.Kind() == reflect.Pointer {
		x = x.Elem()
	}
	if x.Kind() != reflect.Struct {
		return m
	}
	for i := range x.NumField() {
		if name := fieldName(x.Type().Field(i)); name != "" {
			m[name] = x.Field(i).Interface()
		}
	}
	return m
}

// registerModules makes the host's modules, and packages for the dots in their names.
func (rt *Runtime) registerModules() error {
	made := map[string]*dialect.Module{}
	var get func(name string) *dialect.Module
	get = func(name string) *dialect.Module {
		if m := made[name]; m != nil {
			return m
		}
		m := dialect.NewModule(name, "", rt.globals)
		made[name] = m
		rt.std.Register(name, m)
		if at := strings.LastIndexByte(name, '.'); at > 0 {
			parent := get(name[:at])
			parent.Set(name[at+1:], m)
			parent.Set("__path__", starlark.NewList(nil))
		}
		return m
	}
	for _, name := range slices.Sorted(maps.Keys(rt.opts.Modules)) {
		if name == "" || slices.Contains(strings.Split(name, "."), "") {
			return fmt.Errorf("%q is no name of a module", name)
		}
		m := get(name)
		for item, v := range rt.opts.Modules[name] {
			x := v
			if fn := reflect.ValueOf(v); fn.Kind() == reflect.Func && fn.Type() != reflect.TypeFor[Func]() {
				var err error
				if x, err = rt.reflectFunc(item, fn); err != nil {
					return fmt.Errorf("%s.%s: %w", name, item, err)
				}
			}
			value, err := rt.toScript(x)
			if err != nil {
				return fmt.Errorf("%s.%s: %w", name, item, err)
			}
			m.Set(item, value)
		}
	}
	return nil
}

// shape is what a Go function's type says of its calls.
type shape struct {
	context  bool
	fixed    []reflect.Type
	rest     reflect.Type // of variadic arguments
	keywords reflect.Type
	fails    bool
}

func shapeOf(t reflect.Type) (s shape) {
	in := make([]reflect.Type, t.NumIn())
	for i := range in {
		in[i] = t.In(i)
	}
	if len(in) > 0 && in[0] == reflect.TypeFor[context.Context]() {
		s.context, in = true, in[1:]
	}
	switch last := len(in) - 1; {
	case t.IsVariadic():
		s.rest, in = in[last].Elem(), in[:last]
	case last >= 0 && takesKeywords(in[last]):
		s.keywords, in = in[last], in[:last]
	}
	s.fixed = in
	if n := t.NumOut(); n > 0 {
		s.fails = t.Out(n-1) == reflect.TypeFor[error]()
	}
	return s
}

func takesKeywords(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	f, ok := t.FieldByName("Keywords")
	return ok && f.Anonymous && f.Type == reflect.TypeFor[Keywords]()
}

// reflectFunc makes any Go function callable from scripts.
func (rt *Runtime) reflectFunc(name string, fn reflect.Value) (starlark.Value, error) {
	if fn.IsNil() {
		return starlark.None, nil
	}
	if f, ok := fn.Interface().(Func); ok {
		return rt.wrapFunc(f), nil
	}
	if f, ok := fn.Interface().(func([]any, map[string]any) (any, error)); ok {
		return rt.wrapFunc(f), nil
	}
	s := shapeOf(fn.Type())
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		in, err := rt.bind(name, &s, args, kwargs)
		if err != nil {
			return nil, err
		}
		out, err := rt.visitReflected(thread, name, fn, in, s.fails)
		if err != nil {
			return nil, rt.funcError(err)
		}
		switch len(out) {
		case 0:
			return starlark.None, nil
		case 1:
			return rt.toScript(out[0].Interface())
		}
		results := make(starlark.Tuple, len(out))
		for i, v := range out {
			if results[i], err = rt.toScript(v.Interface()); err != nil {
				return nil, err
			}
		}
		return results, nil
	}), nil
}

// visitReflected calls a Go function, which may call the runtime back.
func (rt *Runtime) visitReflected(thread *starlark.Thread, name string, fn reflect.Value, in []reflect.Value, fails bool) (out []reflect.Value, err error) {
	defer rt.turn.visit(thread)()
	out = fn.Call(in)
	if !fails {
		return out, nil
	}
	last := len(out) - 1
	if err, ok := out[last].Interface().(error); ok && err != nil {
		return nil, err
	}
	return out[:last], nil
}

// bind decodes the arguments of a call.
func (rt *Runtime) bind(name string, s *shape, args starlark.Tuple, kwargs []starlark.Tuple) ([]reflect.Value, error) {
	if len(args) < len(s.fixed) || len(args) > len(s.fixed) && s.rest == nil {
		least := ""
		if s.rest != nil {
			least = "at least "
		}
		return nil, object.Errorf(object.TypeError, "%s() takes %s%d positional arguments but %d were given", name, least, len(s.fixed), len(args))
	}
	ctx := rt.Context()
	var in []reflect.Value
	if s.context {
		in = append(in, reflect.ValueOf(ctx))
	}
	for i, a := range args {
		t := s.rest
		if i < len(s.fixed) {
			t = s.fixed[i]
		}
		to := reflect.New(t).Elem()
		if err := decodeArgument(ctx, rt.fromScript(a), to, fmt.Sprintf("argument %d", i+1)); err != nil {
			return nil, object.Errorf(object.TypeError, "%s(): %s", name, strings.TrimPrefix(err.Error(), "decode: "))
		}
		in = append(in, to)
	}
	if s.keywords == nil {
		if len(kwargs) > 0 {
			return nil, object.Errorf(object.TypeError, "%s() takes no keyword arguments", name)
		}
		return in, nil
	}
	to := reflect.New(s.keywords).Elem()
	for _, kv := range kwargs {
		key := string(kv[0].(starlark.String))
		at := slices.IndexFunc(reflect.VisibleFields(s.keywords), func(f reflect.StructField) bool {
			return !f.Anonymous && len(f.Index) == 1 && fieldName(f) == key
		})
		if at < 0 {
			return nil, object.Errorf(object.TypeError, "%s() got an unexpected keyword argument '%s'", name, key)
		}
		field := to.FieldByIndex(reflect.VisibleFields(s.keywords)[at].Index)
		if err := decodeArgument(ctx, rt.fromScript(kv[1]), field, "argument "+key); err != nil {
			return nil, object.Errorf(object.TypeError, "%s(): %s", name, strings.TrimPrefix(err.Error(), "decode: "))
		}
	}
	return append(in, to), nil
}

// decodeArgument is decode that takes None for nothing but what can be nil.
func decodeArgument(ctx context.Context, v any, to reflect.Value, where string) error {
	if v == nil {
		switch to.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func:
		default:
			return fmt.Errorf("decode: %s is None, which does not fit a Go %s", where, to.Type())
		}
	}
	return decode(ctx, v, to, where)
}
