package mlxstar

import (
	"context"
	"fmt"
	"math"
	"reflect"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/engine"
)

// Decode stores a value that Get, Eval or Call gave in *into: numbers convert
// where they fit, arrays fill nested slices of as many levels as they have axes, single
// numbers and a Tensor, lists and sets fill slices and Go arrays, dicts fill maps, whose
// keys convert as well, and structs, as objects of classes do by their attributes (so
// dataclasses); datetime and date fill a time.Time, timedelta a time.Duration. An array that
// must be copied is evaluated first, within the context.
func Decode(ctx context.Context, v, into any) error {
	p := reflect.ValueOf(into)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("decode: want a pointer to store to, got %T", into)
	}
	return decode(ctx, v, p.Elem(), "value")
}

func decode(ctx context.Context, v any, to reflect.Value, where string) error {
	if v == nil {
		to.SetZero()
		return nil
	}
	from := reflect.ValueOf(v)
	if from.Type().AssignableTo(to.Type()) {
		to.Set(from)
		return nil
	}
	switch v := v.(type) {
	case *Array:
		if to.Kind() == reflect.Pointer {
			to.Set(reflect.New(to.Type().Elem()))
			return decodeArray(ctx, v, to.Elem(), where)
		}
		return decodeArray(ctx, v, to, where)
	case starlark.Value:
		if done, err := decodeObject(ctx, v, to, where); done || err != nil {
			return err
		}
	}
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return decode(ctx, v, to.Elem(), where)
	case reflect.Slice, reflect.Array:
		if items, ok := v.([]any); ok {
			return decodeList(ctx, items, to, where)
		}
	case reflect.Map, reflect.Struct:
		switch items := v.(type) {
		case map[string]any:
			return decodeDict(ctx, items, to, where)
		case map[any]any:
			if to.Kind() == reflect.Map {
				return decodeMap(ctx, items, to, where)
			}
		}
	default:
		if decodeNumber(from, to) {
			return nil
		}
	}
	return fmt.Errorf("decode: %s is a %T, which does not fit a Go %s", where, v, to.Type())
}

// decodeNumber converts between number types where the value fits.
func decodeNumber(from, to reflect.Value) bool {
	switch {
	case from.CanInt() && to.CanInt() && !to.OverflowInt(from.Int()):
		to.SetInt(from.Int())
	case from.CanInt() && to.CanUint() && from.Int() >= 0 && !to.OverflowUint(uint64(from.Int())):
		to.SetUint(uint64(from.Int()))
	case from.CanUint() && to.CanUint() && !to.OverflowUint(from.Uint()):
		to.SetUint(from.Uint())
	case from.CanUint() && to.CanInt() && from.Uint() <= math.MaxInt64 && !to.OverflowInt(int64(from.Uint())):
		to.SetInt(int64(from.Uint()))
	case from.CanUint() && to.CanFloat():
		to.SetFloat(float64(from.Uint()))
	case from.CanInt() && to.CanFloat():
		to.SetFloat(float64(from.Int()))
	case from.CanFloat() && to.CanFloat():
		to.SetFloat(from.Float())
	case from.CanComplex() && to.CanComplex():
		to.SetComplex(from.Complex())
	case from.Kind() == reflect.String && to.Kind() == reflect.String:
		to.SetString(from.String())
	case from.Kind() == reflect.Bool && to.Kind() == reflect.Bool:
		to.SetBool(from.Bool())
	default:
		return false
	}
	return true
}

func decodeList(ctx context.Context, items []any, to reflect.Value, where string) error {
	if to.Kind() == reflect.Array && to.Len() != len(items) {
		return fmt.Errorf("decode: %s has %d items, which do not fit a Go %s", where, len(items), to.Type())
	}
	out := reflect.New(to.Type()).Elem()
	if to.Kind() == reflect.Slice {
		out = reflect.MakeSlice(to.Type(), len(items), len(items))
	}
	for i, item := range items {
		if err := decode(ctx, item, out.Index(i), fmt.Sprintf("%s[%d]", where, i)); err != nil {
			return err
		}
	}
	to.Set(out)
	return nil
}

func decodeDict(ctx context.Context, items map[string]any, to reflect.Value, where string) error {
	if to.Kind() == reflect.Struct {
		for i := range to.NumField() {
			name := fieldName(to.Type().Field(i))
			item, ok := items[name]
			if name == "" || !ok {
				continue
			}
			if err := decode(ctx, item, to.Field(i), where+"."+name); err != nil {
				return err
			}
		}
		return nil
	}
	if to.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("decode: %s has string keys, which do not fit a Go %s", where, to.Type())
	}
	out := reflect.MakeMapWithSize(to.Type(), len(items))
	for k, item := range items {
		slot := reflect.New(to.Type().Elem()).Elem()
		if err := decode(ctx, item, slot, where+"["+k+"]"); err != nil {
			return err
		}
		out.SetMapIndex(reflect.ValueOf(k).Convert(to.Type().Key()), slot)
	}
	to.Set(out)
	return nil
}

// decodeMap fills a map of a dict whose keys are not all strings.
func decodeMap(ctx context.Context, items map[any]any, to reflect.Value, where string) error {
	out := reflect.MakeMapWithSize(to.Type(), len(items))
	for k, item := range items {
		key, slot := reflect.New(to.Type().Key()).Elem(), reflect.New(to.Type().Elem()).Elem()
		at := fmt.Sprintf("%s[%v]", where, k)
		if err := decode(ctx, k, key, "a key of "+where); err != nil {
			return err
		}
		if err := decode(ctx, item, slot, at); err != nil {
			return err
		}
		out.SetMapIndex(key, slot)
	}
	to.Set(out)
	return nil
}

// decodeArray copies an array's elements to a number, nested slices, or a Tensor.
func decodeArray(ctx context.Context, a *Array, to reflect.Value, where string) error {
	if to.Type() == reflect.TypeFor[Tensor]() {
		t, err := TensorOf(ctx, a)
		to.Set(reflect.ValueOf(t))
		return err
	}
	o, err := a.Engine().Data(ctx, a.Node())
	if err != nil {
		return evalError(err)
	}
	shape := a.Shape()
	if len(shape) > 0 && levels(to.Type()) == len(shape) {
		places := make([]int, 0, o.Len())
		o.Each(func(at int) { places = append(places, at) })
		return decodeAxes(&o, shape, places, to, where)
	}
	if o.Len() == 1 && to.Kind() != reflect.Slice && to.Kind() != reflect.Array && decodeElement(o.At(o.Offset), o.Dtype, to) {
		return nil
	}
	return fmt.Errorf("decode: %s is an array of %s with shape %s, which does not fit a Go %s",
		where, a.Dtype(), engine.FormatShape(shape), to.Type())
}

// levels is how many slices or arrays a type has inside each other.
func levels(t reflect.Type) (n int) {
	for ; t.Kind() == reflect.Slice || t.Kind() == reflect.Array; t = t.Elem() {
		n++
	}
	return n
}

// decodeAxes fills a slice or a Go array, and those in it, with the elements at places.
func decodeAxes(o *engine.Operand, shape, places []int, to reflect.Value, where string) error {
	n := shape[0]
	if to.Kind() == reflect.Array && to.Len() != n {
		return fmt.Errorf("decode: an axis of %s has %d elements, which do not fit a Go %s", where, n, to.Type())
	}
	out := to
	if to.Kind() == reflect.Slice {
		out = reflect.MakeSlice(to.Type(), n, n)
	}
	width := 0
	if n > 0 {
		width = len(places) / n
	}
	for i := range n {
		part := places[i*width : (i+1)*width]
		if len(shape) > 1 {
			if err := decodeAxes(o, shape[1:], part, out.Index(i), where); err != nil {
				return err
			}
		} else if !decodeElement(o.At(part[0]), o.Dtype, out.Index(i)) {
			return fmt.Errorf("decode: element %d of %s does not fit a Go %s", i, where, to.Type().Elem())
		}
	}
	to.Set(out)
	return nil
}

func decodeElement(e engine.Element, d Dtype, to reflect.Value) bool {
	if to.Kind() == reflect.Interface {
		to.Set(reflect.ValueOf(elementValue(e, d)))
		return true
	}
	return decodeNumber(reflect.ValueOf(elementValue(e, d)), to)
}

func elementValue(e engine.Element, d Dtype) any {
	switch {
	case d == Bool:
		return e.Int != 0
	case d == Uint64:
		return uint64(e.Int)
	case d.IsInteger():
		return e.Int
	case d.IsComplex():
		if d == Complex64 {
			return complex64(e.Complex)
		}
		return e.Complex
	}
	return e.Float
}
