package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// sortFunctions order elements and find them in what is ordered. An axis of
// None makes the array flat.
var sortFunctions = []function{
	{"sort(a: array, /, axis: None | int = -1, *, stream: StreamOrDevice = None) -> array", engine.OpSort.Doc,
		func(c *Call) starlark.Value { return c.ordered((*engine.Builder).Sort) }},
	{"argsort(a: array, /, axis: None | int = -1, *, stream: StreamOrDevice = None) -> array", engine.OpArgSort.Doc,
		func(c *Call) starlark.Value { return c.ordered((*engine.Builder).ArgSort) }},
	{"partition(a: array, /, kth: int, axis: None | int = -1, *, stream: StreamOrDevice = None) -> array", engine.OpPartition.Doc,
		func(c *Call) starlark.Value { return c.partitioned((*engine.Builder).Partition) }},
	{"argpartition(a: array, /, kth: int, axis: None | int = -1, *, stream: StreamOrDevice = None) -> array", engine.OpArgPartition.Doc,
		func(c *Call) starlark.Value { return c.partitioned((*engine.Builder).ArgPartition) }},
	{"topk(a: array, /, k: int, axis: None | int = -1, *, stream: StreamOrDevice = None) -> array", "The k largest elements along an axis, in no particular order.",
		func(c *Call) starlark.Value {
			x, axis := c.along(c.array("a"), "axis", -1)
			return c.out(c.b.TopK(x, c.int("k", 0), axis))
		}},
	{"unique(a: array, /, size: int, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, fill_value: scalar | array | None = None, *, stream: StreamOrDevice = None) -> array | tuple[array, ...]", "The first size of the sorted unique elements; on request also the place of the first occurrence of each, the number of the unique element that each element is, and how often each occurs. Where there are fewer, fill_value, by default the least element, fills the rest, with the count 0.", unique},
	{"searchsorted(sorted_sequence: array, values: array, /, side: str = 'left', *, stream: StreamOrDevice = None) -> array", engine.OpSearchSorted.Doc + " Side 'left' is before equal elements, 'right' after them.",
		func(c *Call) starlark.Value {
			side := c.str("side", "left")
			if side != "left" && side != "right" {
				c.fail(object.ValueError, "searchsorted: side is '%s', want 'left' or 'right'", side)
			}
			return c.out(c.b.SearchSorted(c.array("sorted_sequence"), c.array("values"), side == "right"))
		}},
}

func (c *Call) ordered(order func(b *engine.Builder, x *engine.Node, axis int) *engine.Node) starlark.Value {
	x, axis := c.along(c.array("a"), "axis", -1)
	return c.out(order(c.b, x, axis))
}

func (c *Call) partitioned(order func(b *engine.Builder, x *engine.Node, kth, axis int) *engine.Node) starlark.Value {
	x, axis := c.along(c.array("a"), "axis", -1)
	return c.out(order(c.b, x, c.int("kth", 0), axis))
}

func unique(c *Call) starlark.Value {
	x, size := c.array("a"), c.int("size", 0)
	var fill *engine.Node
	if v := c.given("fill_value"); v != nil {
		fill = c.beside(x, "fill_value", v)
	}
	d := c.b.Unique(x, size, fill)
	out := []*engine.Node{d.Values}
	for _, more := range []struct {
		name string
		node *engine.Node
	}{{"return_index", d.Index}, {"return_inverse", d.Inverse}, {"return_counts", d.Counts}} {
		if c.bool(more.name, false) {
			out = append(out, more.node)
		}
	}
	if len(out) == 1 {
		return c.out(out[0])
	}
	return c.outs(out, true)
}
