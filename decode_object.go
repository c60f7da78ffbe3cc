package mlxstar

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// decodeObject stores values that have no Go counterpart of their own. Done is false where
// it does not know the value, or the type to store it in.
func decodeObject(ctx context.Context, v starlark.Value, to reflect.Value, where string) (done bool, err error) {
	switch v := v.(type) {
	case *starlark.Set:
		return decodeSet(ctx, elementsOf(v), to, where)
	case *object.FrozenSet:
		return decodeSet(ctx, elementsOf(v), to, where)
	case *object.Instance:
		return decodeInstance(ctx, v, to, where)
	}
	if f, ok := starlark.AsFloat(v); ok { // numbers of numpy
		return decodeNumber(reflect.ValueOf(f), to), nil
	}
	return false, nil
}

func elementsOf(v starlark.Iterable) (out []starlark.Value) {
	it := v.Iterate()
	defer it.Done()
	for x := starlark.Value(nil); it.Next(&x); {
		out = append(out, x)
	}
	return out
}

// decodeSet fills a slice, or a map whose keys are the elements: of bools, which are true,
// or of empty structs.
func decodeSet(ctx context.Context, items []starlark.Value, to reflect.Value, where string) (done bool, err error) {
	switch to.Kind() {
	case reflect.Slice:
		out := reflect.MakeSlice(to.Type(), len(items), len(items))
		for i, x := range items {
			if err := decode(ctx, plain(x), out.Index(i), fmt.Sprintf("an element of %s", where)); err != nil {
				return false, err
			}
		}
		to.Set(out)
		return true, nil
	case reflect.Map:
		slot := reflect.New(to.Type().Elem()).Elem()
		if slot.Kind() == reflect.Bool {
			slot.SetBool(true)
		} else if slot.Kind() != reflect.Struct || slot.NumField() > 0 {
			return false, nil
		}
		out := reflect.MakeMapWithSize(to.Type(), len(items))
		for _, x := range items {
			key := reflect.New(to.Type().Key()).Elem()
			if err := decode(ctx, plain(x), key, fmt.Sprintf("an element of %s", where)); err != nil {
				return false, err
			}
			out.SetMapIndex(key, slot)
		}
		to.Set(out)
		return true, nil
	}
	return false, nil
}

// decodeInstance fills times, and structs and maps with an object's attributes.
func decodeInstance(ctx context.Context, v *object.Instance, to reflect.Value, where string) (done bool, err error) {
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		return decodeInstance(ctx, v, to.Elem(), where)
	}
	switch to.Type() {
	case reflect.TypeFor[time.Time]():
		t, ok := timeFromScript(v)
		to.Set(reflect.ValueOf(t))
		return ok, nil
	case reflect.TypeFor[time.Duration]():
		d, ok := durationFromScript(v)
		to.SetInt(int64(d))
		return ok, nil
	}
	if base := v.Base(); base != nil {
		return true, decode(ctx, plain(base), to, where)
	}
	if to.Kind() != reflect.Struct && to.Kind() != reflect.Map {
		return false, nil
	}
	attrs := map[string]any{}
	for _, name := range v.Attrs().Names() {
		if x, ok := v.Attrs().Get(name); ok {
			attrs[name] = plain(x)
		}
	}
	return true, decodeDict(ctx, attrs, to, where)
}

// plain converts the values that need no runtime; others stay as they are.
func plain(v starlark.Value) any { return (*Runtime)(nil).fromScript(v) }
