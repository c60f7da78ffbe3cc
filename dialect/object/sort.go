package object

import (
	"cmp"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// sortItem is a value with the key it is sorted by.
type sortItem struct{ key, value starlark.Value }

// sortValues sorts stably by the key function, ascending or, if reverse is
// true, descending with equal elements in their order. The result is a slice of
// its own; elems stays as it was.
func sortValues(thread *starlark.Thread, elems []starlark.Value, key, reverse starlark.Value) ([]starlark.Value, error) {
	descending := false
	if reverse != nil {
		var err error
		if descending, err = Truth(thread, reverse); err != nil {
			return nil, err
		}
	}
	if err := GrowTimes(thread, len(elems), 5*valueSize); err != nil {
		return nil, err
	}
	items := make([]sortItem, len(elems))
	for i, e := range elems {
		items[i] = sortItem{e, e}
		if key != nil && key != starlark.None {
			k, err := Call(thread, key, starlark.Tuple{e}, nil)
			if err != nil {
				return nil, err
			}
			items[i].key = k
		}
	}
	if descending { // sorting the mirror image keeps equal elements in order
		slices.Reverse(items)
	}
	if !sortUniform(items) {
		spare := make([]sortItem, len(items))
		if err := mergeSort(thread, items, spare); err != nil {
			return nil, err
		}
	}
	if descending {
		slices.Reverse(items)
	}
	out := make([]starlark.Value, len(items))
	for i, it := range items {
		out[i] = it.value
	}
	return out, nil
}

// sortUniform sorts keys that are all ints, all floats or all strings, whose
// order needs no script. It reports whether they are.
func sortUniform(items []sortItem) bool {
	if len(items) == 0 {
		return true
	}
	switch items[0].key.(type) {
	case starlark.Int:
		return sortBy(items, func(x, y starlark.Int) int { return number.CompareInts(x, y) })
	case starlark.String:
		return sortBy(items, func(x, y starlark.String) int { return cmp.Compare(x, y) })
	case starlark.Float:
		for _, it := range items {
			if f, ok := it.key.(starlark.Float); ok && f != f { // NaN has no order
				return false
			}
		}
		return sortBy(items, func(x, y starlark.Float) int { return cmp.Compare(x, y) })
	}
	return false
}

func sortBy[T starlark.Value](items []sortItem, compare func(x, y T) int) bool {
	for _, it := range items {
		if _, ok := it.key.(T); !ok {
			return false
		}
	}
	slices.SortStableFunc(items, func(a, b sortItem) int { return compare(a.key.(T), b.key.(T)) })
	return true
}

// mergeSort sorts stably and asks only whether one key is less than another,
// as Python does.
func mergeSort(thread *starlark.Thread, items, spare []sortItem) error {
	if len(items) < 2 {
		return nil
	}
	mid := len(items) / 2
	if err := mergeSort(thread, items[:mid], spare[:mid]); err != nil {
		return err
	}
	if err := mergeSort(thread, items[mid:], spare[mid:]); err != nil {
		return err
	}
	copy(spare, items)
	left, right := spare[:mid], spare[mid:]
	var turns pace
	for i := range items {
		if err := turns.step(thread); err != nil {
			return err
		}
		if len(left) == 0 || len(right) == 0 {
			n := copy(items[i:], left)
			copy(items[i+n:], right)
			return nil
		}
		less, err := compareBool(thread, Lt, right[0].key, left[0].key)
		if err != nil {
			return err
		}
		if less {
			items[i], right = right[0], right[1:]
		} else {
			items[i], left = left[0], left[1:]
		}
	}
	return nil
}

// Sorted is sorted(x).
func Sorted(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	vals, err := collect(thread, x)
	if err != nil {
		return nil, err
	}
	vals, err = sortValues(thread, vals, nil, nil)
	return starlark.NewList(vals), err
}
