package mlxstar

import (
	"context"
	"fmt"
	"math/big"
	"reflect"
	"sort"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Array is a handle of a lazy array. Its elements live as long as the handle is
// reachable, or until Release.
type Array = engine.Array

// Dtype is the type of an array's elements.
type Dtype = engine.Dtype

// The dtypes.
const (
	Bool      = engine.Bool
	Uint8     = engine.Uint8
	Uint16    = engine.Uint16
	Uint32    = engine.Uint32
	Uint64    = engine.Uint64
	Int8      = engine.Int8
	Int16     = engine.Int16
	Int32     = engine.Int32
	Int64     = engine.Int64
	Float16   = engine.Float16
	Float32   = engine.Float32
	BFloat16  = engine.BFloat16
	Complex64 = engine.Complex64
	Float64   = engine.Float64
)

// Element is a Go type that array elements can have.
type Element = engine.Native

// NewArray makes an array of a Go slice of row-major elements without copying
// it: do not change the slice while the array may be read. Without a shape the
// array has one axis.
func NewArray[T Element](rt *Runtime, data []T, shape ...int) (*Array, error) {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	_, release, err := rt.enter(context.Background())
	if err != nil {
		return nil, err
	}
	defer release()
	n, err := rt.engine.NewBuilder().Build(func(b *engine.Builder) *engine.Node { return engine.Adopt(b, data, shape) })
	if err != nil {
		return nil, err
	}
	return rt.engine.NewArray(n), nil
}

// A Func is a Go function that scripts call. Arguments and results are converted
// as Get and Set do. It may call the runtime whose script calls it, on the goroutine
// it was called on; other goroutines wait until the script is over.
type Func func(args []any, kwargs map[string]any) (any, error)

// toScript converts a Go value for a script.
//
//	nil                          None
//	bool, integers, floats       bool, int, float (*big.Int is int)
//	complex64, complex128        complex
//	string, []byte               str, bytes
//	*Array                       mx.array, the same one
//	slices of numbers or bools   mx.array with one axis, not copied
//	slices of equally long such  mx.array with two axes, copied
//	other slices and arrays      list
//	maps                         dict, keys sorted
//	structs                      struct with the exported fields, named as their `mlx` tag says
//	Func                         function
//	starlark.Value               itself
func (rt *Runtime) toScript(v any) (starlark.Value, error) {
	switch v := v.(type) {
	case nil:
		return starlark.None, nil
	case starlark.Value:
		return v, nil
	case *Array:
		return rt.mx.Wrap(v), nil
	case *big.Int:
		return starlark.MakeBigInt(v), nil
	case []byte:
		return starlark.Bytes(v), nil
	case Func:
		return rt.wrapFunc(v), nil
	}
	return rt.reflectToScript(reflect.ValueOf(v))
}

func (rt *Runtime) reflectToScript(v reflect.Value) (starlark.Value, error) {
	switch v.Kind() {
	case reflect.Bool:
		return starlark.Bool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return starlark.MakeInt64(v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return starlark.MakeUint64(v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return starlark.Float(v.Float()), nil
	case reflect.Complex64, reflect.Complex128:
		return object.Complex(v.Complex()), nil
	case reflect.String:
		return starlark.String(v.String()), nil
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return starlark.None, nil
		}
		return rt.toScript(v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		return rt.sliceToScript(v)
	case reflect.Map:
		return rt.mapToScript(v)
	case reflect.Struct:
		return rt.structToScript(v)
	}
	return nil, fmt.Errorf("convert: a Go %s has no counterpart in scripts", v.Type())
}

func (rt *Runtime) sliceToScript(v reflect.Value) (starlark.Value, error) {
	if a, err := rt.numbersToArray(v); a != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return rt.mx.Wrap(a), nil
	}
	items := make([]starlark.Value, v.Len())
	for i := range items {
		item, err := rt.toScript(v.Index(i).Interface())
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return starlark.NewList(items), nil
}

// adopters make arrays of the numeric slice types.
var adopters = map[reflect.Type]func(b *engine.Builder, v any, shape []int) *engine.Node{
	reflect.TypeFor[[]bool]():      adopter[bool],
	reflect.TypeFor[[]int8]():      adopter[int8],
	reflect.TypeFor[[]int16]():     adopter[int16],
	reflect.TypeFor[[]int32]():     adopter[int32],
	reflect.TypeFor[[]int64]():     adopter[int64],
	reflect.TypeFor[[]uint16]():    adopter[uint16],
	reflect.TypeFor[[]uint32]():    adopter[uint32],
	reflect.TypeFor[[]uint64]():    adopter[uint64],
	reflect.TypeFor[[]float32]():   adopter[float32],
	reflect.TypeFor[[]float64]():   adopter[float64],
	reflect.TypeFor[[]complex64](): adopter[complex64],
}

func adopter[T Element](b *engine.Builder, v any, shape []int) *engine.Node {
	return engine.Adopt(b, v.([]T), shape)
}

// numbersToArray makes an array of a numeric slice, or of a slice of equally
// long numeric slices; it gives nil for anything else.
func (rt *Runtime) numbersToArray(v reflect.Value) (*Array, error) {
	if v.Kind() != reflect.Slice {
		return nil, nil
	}
	adopt, shape, data := adopters[v.Type()], []int{v.Len()}, v
	if adopt == nil && v.Type().Elem().Kind() == reflect.Slice && v.Len() > 0 {
		adopt = adopters[v.Type().Elem()]
		width := v.Index(0).Len()
		data = reflect.MakeSlice(v.Type().Elem(), 0, v.Len()*width)
		for i := range v.Len() {
			if v.Index(i).Len() != width {
				return nil, nil
			}
			if adopt != nil {
				data = reflect.AppendSlice(data, v.Index(i))
			}
		}
		shape = []int{v.Len(), width}
	}
	if adopt == nil {
		return nil, nil
	}
	n, err := rt.engine.NewBuilder().Build(func(b *engine.Builder) *engine.Node { return adopt(b, data.Interface(), shape) })
	if err != nil {
		return nil, err
	}
	return rt.engine.NewArray(n), nil
}

func (rt *Runtime) mapToScript(v reflect.Value) (starlark.Value, error) {
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return fmt.Sprint(keys[i]) < fmt.Sprint(keys[j]) })
	d := starlark.NewDict(len(keys))
	for _, k := range keys {
		key, err := rt.toScript(k.Interface())
		if err != nil {
			return nil, err
		}
		item, err := rt.toScript(v.MapIndex(k).Interface())
		if err != nil {
			return nil, err
		}
		if err := d.SetKey(key, item); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// fieldName is the name that a struct field has in scripts; "" hides it.
func fieldName(f reflect.StructField) string {
	if !f.IsExported() {
		return ""
	}
	switch tag := f.Tag.Get("mlx"); tag {
	case "":
		return f.Name
	case "-":
		return ""
	default:
		return tag
	}
}

func (rt *Runtime) structToScript(v reflect.Value) (starlark.Value, error) {
	fields := starlark.StringDict{}
	for i := range v.NumField() {
		name := fieldName(v.Type().Field(i))
		if name == "" {
			continue
		}
		item, err := rt.toScript(v.Field(i).Interface())
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		fields[name] = item
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, fields), nil
}

// fromScript converts a script's value for Go: None is nil, int is int64 (or
// *big.Int where it does not fit), float is float64, complex is complex128, str
// is string, bytes is []byte, mx.array is *Array, lists and tuples are []any, a
// dict is map[string]any if all its keys are strings, else map[any]any; a struct
// is map[string]any. Anything else stays a starlark.Value.
func fromScript(v starlark.Value) any {
	switch v := object.Unwrap(v).(type) {
	case nil, starlark.NoneType:
		return nil
	case starlark.Bool:
		return bool(v)
	case starlark.Int:
		if n, ok := v.Int64(); ok {
			return n
		}
		return v.BigInt()
	case starlark.Float:
		return float64(v)
	case object.Complex:
		return complex128(v)
	case starlark.String:
		return string(v)
	case starlark.Bytes:
		return []byte(v)
	case *builtins.Array:
		return v.Handle()
	case *starlark.List:
		items := make([]any, v.Len())
		for i := range items {
			items[i] = fromScript(v.Index(i))
		}
		return items
	case starlark.Tuple:
		items := make([]any, len(v))
		for i := range items {
			items[i] = fromScript(v[i])
		}
		return items
	case *starlark.Dict:
		return dictFromScript(v)
	case *starlarkstruct.Struct:
		fields := starlark.StringDict{}
		v.ToStringDict(fields)
		out := make(map[string]any, len(fields))
		for k, item := range fields {
			out[k] = fromScript(item)
		}
		return out
	default:
		return v
	}
}

func dictFromScript(d *starlark.Dict) any {
	byName := make(map[string]any, d.Len())
	for _, kv := range d.Items() {
		name, ok := kv[0].(starlark.String)
		if !ok {
			byName = nil
			break
		}
		byName[string(name)] = fromScript(kv[1])
	}
	if byName != nil {
		return byName
	}
	out := make(map[any]any, d.Len())
	for _, kv := range d.Items() {
		key := fromScript(kv[0])
		if !reflect.TypeOf(key).Comparable() {
			key = kv[0].String()
		}
		out[key] = fromScript(kv[1])
	}
	return out
}

// Elements evaluates an array and gives its elements in row-major order: the
// array's own memory where that is row-major, else a copy. Read it only, and only
// while the array is held. T must be the array's dtype.
func Elements[T Element](ctx context.Context, a *Array) ([]T, error) {
	return engine.ElementsOf[T](ctx, a)
}
