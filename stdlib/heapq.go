package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// heap is a list whose element i is no greater than its elements 2i+1 and 2i+2.
type heap struct {
	thread *starlark.Thread
	list   *starlark.List
}

func heapOf(c *call) (*heap, error) {
	l, ok := object.AsList(c.Arg(0))
	if !ok {
		return nil, object.Errorf(object.TypeError, "%s() argument must be list, not %s", c.Name, object.TypeName(c.Arg(0)))
	}
	return &heap{c.Thread, l}, object.Steps(c.Thread, 1)
}

// less compares two elements of the heap, which must stay as long as it was.
func (h *heap) less(i, j, size int) (bool, error) {
	v, err := object.Compare(h.thread, object.Lt, h.list.Index(i), h.list.Index(j))
	if err != nil {
		return false, err
	}
	less, err := object.Truth(h.thread, v)
	if err == nil && h.list.Len() != size {
		err = object.Errorf(object.RuntimeError, "list changed size during iteration")
	}
	return less, err
}

func (h *heap) swap(i, j int) error {
	x, y := h.list.Index(i), h.list.Index(j)
	if err := h.list.SetIndex(i, y); err != nil {
		return err
	}
	return h.list.SetIndex(j, x)
}

// rise moves the element at a place towards the top, to where it belongs.
func (h *heap) rise(at, top int) error {
	size := h.list.Len()
	for at > top {
		above := (at - 1) / 2
		if less, err := h.less(at, above, size); err != nil || !less {
			return err
		}
		if err := h.swap(at, above); err != nil {
			return err
		}
		at = above
	}
	return nil
}

// sink lets the lesser children rise along the way down to a leaf, then lets the element
// rise from there: elements that come from the end belong near the leaves (Floyd 1964;
// Knuth, The Art of Computer Programming, 5.2.3, exercise 18).
func (h *heap) sink(top int) error {
	at, size := top, h.list.Len()
	for 2*at+1 < size {
		below := 2*at + 1
		if below+1 < size {
			less, err := h.less(below, below+1, size)
			if err != nil {
				return err
			}
			if !less {
				below++
			}
		}
		if err := h.swap(at, below); err != nil {
			return err
		}
		at = below
	}
	return h.rise(at, top)
}

// replace puts an element at the top, and gives the one that was there.
func (h *heap) replace(v starlark.Value) (starlark.Value, error) {
	if h.list.Len() == 0 {
		return nil, object.Errorf(object.IndexError, "list index out of range")
	}
	least := h.list.Index(0)
	if err := h.list.SetIndex(0, v); err != nil {
		return nil, err
	}
	return least, h.sink(0)
}

// makeHeapq is the part of heapq that orders.
func makeHeapq(*Modules) *native.Module {
	mod := native.NewModule("_heapq", "Parts of heapq.")
	define(mod, []function{
		{"heapify(heap, /)", "Make a list a heap, in place.", func(c *call) (starlark.Value, error) {
			h, err := heapOf(c)
			if err != nil {
				return nil, err
			}
			for i := h.list.Len()/2 - 1; i >= 0; i-- {
				if err := object.Steps(c.Thread, 1); err != nil {
					return nil, err
				}
				if err := h.sink(i); err != nil {
					return nil, err
				}
			}
			return nil, nil
		}},
		{"heappush(heap, item, /)", "Add an element.", func(c *call) (starlark.Value, error) {
			h, err := heapOf(c)
			if err != nil {
				return nil, err
			}
			if err := object.ListAppend(c.Thread, h.list, c.Arg(1)); err != nil {
				return nil, err
			}
			return nil, h.rise(h.list.Len()-1, 0)
		}},
		{"heappop(heap, /)", "Remove and return the least element.", func(c *call) (starlark.Value, error) {
			h, err := heapOf(c)
			if err != nil {
				return nil, err
			}
			last, err := object.ListPop(h.list)
			if err != nil || h.list.Len() == 0 {
				return last, err
			}
			return h.replace(last)
		}},
		{"heapreplace(heap, item, /)", "Remove and return the least element, then add item.", func(c *call) (starlark.Value, error) {
			h, err := heapOf(c)
			if err != nil {
				return nil, err
			}
			return h.replace(c.Arg(1))
		}},
		{"heappushpop(heap, item, /)", "Add item, then remove and return the least element.", func(c *call) (starlark.Value, error) {
			h, err := heapOf(c)
			if err != nil || h.list.Len() == 0 {
				return c.Arg(1), err
			}
			v, err := object.Compare(c.Thread, object.Lt, h.list.Index(0), c.Arg(1))
			if err != nil {
				return nil, err
			}
			if less, err := object.Truth(c.Thread, v); err != nil || !less {
				return c.Arg(1), err
			}
			return h.replace(c.Arg(1))
		}},
	})
	return mod
}
