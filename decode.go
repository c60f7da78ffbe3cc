package mlxstar

import (
	"context"
	"fmt"
	"math"
	"reflect"

	"github.com/mlxstar/mlxstar/engine"
)

// Decode stores a value that Get, Eval or Call gave in *into: numbers convert
// where they fit, arrays fill slices (of rows, for two axes) and single numbers,
// lists fill slices, dicts fill maps and structs. An array that must be copied
// is evaluated first, within the context.
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
	if a, ok := v.(*Array); ok {
		return decodeArray(ctx, a, to, where)
	}
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return decode(ctx, v, to.Elem(), where)
	case reflect.Slice:
		if items, ok := v.([]any); ok {
			return decodeList(ctx, items, to, where)
		}
	case reflect.Map, reflect.Struct:
		if items, ok := v.(map[string]any); ok {
			return decodeDict(ctx, items, to, where)
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
	out := reflect.MakeSlice(to.Type(), len(items), len(items))
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

// decodeArray copies an array's elements to a number, a slice or a slice of rows.
func decodeArray(ctx context.Context, a *Array, to reflect.Value, where string) error {
	o, err := a.Engine().Data(ctx, a.Node())
	if err != nil {
		return err
	}
	shape := a.Shape()
	fits := func(rank int) bool { return len(shape) == rank }
	switch {
	case to.Kind() == reflect.Slice && to.Type().Elem().Kind() == reflect.Slice && fits(2):
		rows := reflect.MakeSlice(to.Type(), shape[0], shape[0])
		var places []int
		o.Each(func(at int) { places = append(places, at) })
		for i := range shape[0] {
			if err := decodeRow(&o, places[i*shape[1]:(i+1)*shape[1]], rows.Index(i), where); err != nil {
				return err
			}
		}
		to.Set(rows)
		return nil
	case to.Kind() == reflect.Slice && fits(1):
		var places []int
		o.Each(func(at int) { places = append(places, at) })
		return decodeRow(&o, places, to, where)
	case o.Len() == 1 && decodeElement(o.At(o.Offset), o.Dtype, to):
		return nil
	}
	return fmt.Errorf("decode: %s is an array of %s with shape %s, which does not fit a Go %s",
		where, a.Dtype(), engine.FormatShape(shape), to.Type())
}

func decodeRow(o *engine.Operand, places []int, to reflect.Value, where string) error {
	out := reflect.MakeSlice(to.Type(), len(places), len(places))
	for i, at := range places {
		if !decodeElement(o.At(at), o.Dtype, out.Index(i)) {
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
		return e.Complex
	}
	return e.Float
}
