package builtins

import (
	"fmt"
	"slices"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Group is mx.distributed.Group: the processes that compute together. A script
// is a process of its own, as one that no launcher started is in MLX.
type Group struct{ m *Module }

var _ object.HasType = (*Group)(nil)

func (g *Group) String() string {
	return fmt.Sprintf("<mlx.core.distributed.Group object at %p>", g)
}
func (g *Group) Type() string          { return "Group" }
func (g *Group) Freeze()               {}
func (g *Group) Truth() starlark.Bool  { return true }
func (g *Group) Hash() (uint32, error) { return uint32(uintptr(unsafe.Pointer(g)) >> 4), nil }

// PyType is mx.distributed.Group.
func (g *Group) PyType() *object.Type { return g.m.types.group }

var groupMethods = []function{
	{"rank(self) -> int", "The process's place in the group: 0.", func(c *Call) starlark.Value { return starlark.MakeInt(0) }},
	{"size(self) -> int", "The number of processes: 1.", func(c *Call) starlark.Value { return starlark.MakeInt(1) }},
	{"split(self, color: int, key: int = -1) -> Group", "A group of one process cannot be split.", func(c *Call) starlark.Value {
		c.int("color", 0)
		c.int("key", -1)
		c.fail(object.RuntimeError, "distributed.Group.split: cannot split the distributed group further")
		return nil
	}},
}

// distributedBackends are MLX's names for the ways in which processes reach each
// other. The first two are those that its build for a CPU has.
var distributedBackends = []string{"any", "ring", "mpi", "nccl", "jaccl"}

const aloneDoc = " In a group of one process that is x itself."

var distributedFunctions = []function{
	{"init(strict: bool = False, backend: str = 'any', *, all_gather_factory: Callable[[int, int], Callable[[bytes, int], bytes]] | None = None) -> Group",
		"The group of this process. No launcher started others, so that it is a group of one; with strict that is a RuntimeError.", distributedInit},
	{"is_available(backend: str = 'any') -> bool", "Whether init serves the backend: a group of one process is there for 'any' and 'ring'.",
		func(c *Call) starlark.Value {
			return starlark.Bool(slices.Contains(distributedBackends[:2], c.str("backend", "any")))
		}},
	{"all_sum(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The sum of x over the processes." + aloneDoc, alone},
	{"all_max(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The largest x of the processes, element by element." + aloneDoc, alone},
	{"all_min(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The smallest x of the processes, element by element." + aloneDoc, alone},
	{"all_gather(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The x of the processes one after the other along the first axis." + aloneDoc, alone},
	{"sum_scatter(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "This process's part of the first axis of the sum of x over the processes." + aloneDoc, alone},
	{"send(x: array, dst: int, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "Sends x to another process. In a group of one there is none: a ValueError.",
		func(c *Call) starlark.Value { c.operand("x"); return c.nobody("dst", "send to") }},
	{"recv(shape: Sequence[int], dtype: Dtype, src: int, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "Receives an array from another process. In a group of one there is none: a ValueError.",
		func(c *Call) starlark.Value {
			c.ints("shape")
			if c.dtype("dtype", 0) == 0 {
				c.mistyped("dtype", starlark.None, "Dtype")
			}
			return c.nobody("src", "recv from")
		}},
	{"recv_like(x: array, src: int, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "Receives an array of x's shape and dtype from another process. In a group of one there is none: a ValueError.",
		func(c *Call) starlark.Value { c.operand("x"); return c.nobody("src", "recv from") }},
}

func distributedInit(c *Call) starlark.Value {
	backend := c.str("backend", "any")
	if !slices.Contains(distributedBackends, backend) {
		c.fail(object.ValueError, "distributed.init: the backend is '%s', want 'any', 'mpi', 'nccl', 'jaccl' or 'ring'", backend)
	}
	if c.given("all_gather_factory") != nil {
		c.callable("all_gather_factory")
		if backend != "jaccl" {
			c.fail(object.ValueError, "distributed.init: all_gather_factory is only supported with backend='jaccl'")
		}
	}
	if v := c.arg("strict"); v != nil {
		if _, ok := v.(starlark.Bool); !ok {
			c.mistyped("strict", v, "bool")
		}
		if v == starlark.True {
			c.fail(object.RuntimeError, "distributed.init: couldn't initialize any backend: no launcher started other processes")
		}
	}
	return &Group{c.m}
}

// group checks the argument group.
func (c *Call) group() {
	if v := c.arg("group"); v != nil {
		if _, ok := v.(*Group); !ok {
			c.mistyped("group", v, "Group")
		}
	}
}

// alone is a collective of one process: the array itself, as a node of its own.
func alone(c *Call) starlark.Value {
	x := c.operand("x")
	c.group()
	return c.out(c.b.Identity(x))
}

// nobody refuses to reach another process.
func (c *Call) nobody(rank, what string) starlark.Value {
	c.int(rank, 0)
	c.group()
	c.fail(object.ValueError, "distributed.%s: cannot %s a singleton group", c.sig.Name, what)
	return nil
}
