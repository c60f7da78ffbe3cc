package mlxstar

import (
	"context"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"sort"
	"time"

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
	// Complex128 is of numpy's arrays: mlx.core takes their elements as Complex64.
	Complex128 = engine.Complex128
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
//	time.Time, time.Duration     datetime.datetime with the time zone UTC, datetime.timedelta
//	*Array                       mx.array, the same one
//	Tensor                       mx.array, copied
//	slices of numbers or bools   mx.array with one axis, not copied
//	slices of equally long such  mx.array with as many axes as levels, copied
//	other slices and arrays      list
//	maps                         dict, keys sorted
//	structs                      struct with the exported fields, named as their `mlx` tag says
//	pointers to structs with     an object with the methods, named as Python does (ReadAll
//	methods                      is read_all), and the exported fields, which can be set
//	Func, other functions        function; see Module
//	*Function                    the function that it is
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
	case *Function:
		if v.rt != rt {
			return nil, fmt.Errorf("convert: the function %s is of another runtime", v.name)
		}
		return v.value, nil
	case Tensor:
		return rt.tensorToScript(v)
	case time.Time:
		return rt.timeToScript(v)
	case time.Duration:
		return rt.durationToScript(v)
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
		if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct && v.NumMethod() > 0 {
			return rt.newHostObject(v), nil
		}
		return rt.toScript(v.Elem().Interface())
	case reflect.Func:
		return rt.reflectFunc("function", v)
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

// numbersToArray makes an array of a numeric slice, or of nested ones whose lengths are
// equal at each level; it gives nil for anything else.
func (rt *Runtime) numbersToArray(v reflect.Value) (*Array, error) {
	if v.Kind() != reflect.Slice {
		return nil, nil
	}
	adopt, shape, data := adopters[v.Type()], []int{v.Len()}, v
	if adopt == nil {
		leaf := v.Type().Elem()
		for leaf.Kind() == reflect.Slice && adopters[leaf] == nil {
			leaf = leaf.Elem()
		}
		var ok bool
		if adopt = adopters[leaf]; adopt == nil || v.Len() == 0 {
			return nil, nil
		}
		if shape, ok = nestedShape(v, leaf); !ok {
			return nil, nil
		}
		n := 1
		for _, d := range shape {
			n *= d
		}
		data = flatten(reflect.MakeSlice(leaf, 0, n), v, leaf)
	}
	n, err := rt.engine.NewBuilder().Build(func(b *engine.Builder) *engine.Node { return adopt(b, data.Interface(), shape) })
	if err != nil {
		return nil, err
	}
	return rt.engine.NewArray(n), nil
}

// nestedShape gives the lengths of nested slices, down to those of type leaf; ok is false
// where they are not equal at each level.
func nestedShape(v reflect.Value, leaf reflect.Type) (shape []int, ok bool) {
	shape = []int{v.Len()}
	if v.Type() == leaf || v.Len() == 0 {
		return shape, v.Type() == leaf
	}
	for i := range v.Len() {
		inner, ok := nestedShape(v.Index(i), leaf)
		if !ok || i > 0 && !slices.Equal(inner, shape[1:]) {
			return nil, false
		}
		shape = append(shape[:1], inner...)
	}
	return shape, true
}

func flatten(into, v reflect.Value, leaf reflect.Type) reflect.Value {
	if v.Type() == leaf {
		return reflect.AppendSlice(into, v)
	}
	for i := range v.Len() {
		into = flatten(into, v.Index(i), leaf)
	}
	return into
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
// is map[string]any; an array of numpy is an *Array of its elements as they are then, a
// number of numpy what a Python number is; a function is a *Function; what a host gave
// as a pointer is that pointer. Anything else stays a starlark.Value, which Decode and
// Iterate know.
func (rt *Runtime) fromScript(v starlark.Value) any {
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
			items[i] = rt.fromScript(v.Index(i))
		}
		return items
	case starlark.Tuple:
		items := make([]any, len(v))
		for i := range items {
			items[i] = rt.fromScript(v[i])
		}
		return items
	case *starlark.Dict:
		return rt.dictFromScript(v)
	case *hostObject:
		return v.v.Interface()
	case *starlarkstruct.Struct:
		fields := starlark.StringDict{}
		v.ToStringDict(fields)
		out := make(map[string]any, len(fields))
		for k, item := range fields {
			out[k] = rt.fromScript(item)
		}
		return out
	case object.HasNumber:
		return rt.fromScript(v.PyNumber())
	case builtins.Offer:
		if rt != nil {
			if a, err := rt.offered(v); err == nil {
				return a
			}
		}
		return v
	default:
		if f := rt.functionOf(v); f != nil {
			return f
		}
		return v
	}
}

// offered gives an array of the elements of one of numpy as they are now.
func (rt *Runtime) offered(v builtins.Offer) (*Array, error) {
	n, err := rt.engine.NewBuilder().Build(v.MLXNode)
	if err != nil {
		return nil, err
	}
	return rt.engine.NewArray(n), nil
}

func (rt *Runtime) dictFromScript(d *starlark.Dict) any {
	byName := make(map[string]any, d.Len())
	for _, kv := range d.Items() {
		name, ok := kv[0].(starlark.String)
		if !ok {
			byName = nil
			break
		}
		byName[string(name)] = rt.fromScript(kv[1])
	}
	if byName != nil {
		return byName
	}
	out := make(map[any]any, d.Len())
	for _, kv := range d.Items() {
		key := rt.fromScript(kv[0])
		if !reflect.TypeOf(key).Comparable() {
			key = kv[0].String()
		}
		out[key] = rt.fromScript(kv[1])
	}
	return out
}

// Elements evaluates an array and gives its elements in row-major order: the
// array's own memory where that is row-major, else a copy. Read it only, and only
// while the array is held. T must be the array's dtype.
func Elements[T Element](ctx context.Context, a *Array) ([]T, error) {
	elements, err := engine.ElementsOf[T](ctx, a)
	return elements, evalError(err)
}
