package builtins

import (
	"context"
	"fmt"
	"slices"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Groups are the groups of processes that a runtime takes part in.
type Groups interface {
	// Available reports whether there is a way of that name to reach other processes.
	Available(backend string) bool
	// Join gives the group that the launcher of this process started, or nil where there
	// was none; with strict that is an error.
	Join(ctx context.Context, backend string, strict bool) (engine.Group, error)
	// Split gives this process's part of a group.
	Split(ctx context.Context, g engine.Group, color, key int) (engine.Group, error)
}

// Group is mx.distributed.Group: the processes that compute together.
type Group struct {
	m *Module
	g engine.Group // nil for a process that no launcher started
}

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

func (g *Group) rank() int {
	if g.g == nil {
		return 0
	}
	return g.g.Rank()
}

func (g *Group) size() int {
	if g.g == nil {
		return 1
	}
	return g.g.Size()
}

var groupMethods = []function{
	{"rank(self) -> int", "The process's place in the group, from 0 on.", func(c *Call) starlark.Value { return starlark.MakeInt(c.bound[0].(*Group).rank()) }},
	{"size(self) -> int", "The number of processes.", func(c *Call) starlark.Value { return starlark.MakeInt(c.bound[0].(*Group).size()) }},
	{"split(self, color: int, key: int = -1) -> Group", "The group of those processes that give the same color, in the order of their keys; with a key below 0 in that of their ranks. Groups of mpi and nccl can be split.", func(c *Call) starlark.Value {
		g, color, key := c.bound[0].(*Group), c.int("color", 0), c.int("key", -1)
		if g.size() == 1 {
			c.fail(object.RuntimeError, "distributed.Group.split: cannot split the distributed group further")
		}
		part, err := c.m.Groups.Split(c.m.host.Context(), g.g, color, key)
		c.joined("Group.split", err)
		return &Group{c.m, part}
	}},
}

// joined abandons the call where a group could not be had.
func (c *Call) joined(what string, err error) {
	if err == nil {
		return
	}
	if end := c.m.host.Context().Err(); end != nil {
		c.check(end)
	}
	c.check(pythonError(engine.GroupError(what, err)))
}

// distributedBackends are MLX's names for the ways in which processes reach each
// other.
var distributedBackends = []string{"any", "ring", "mpi", "nccl", "jaccl"}

const aloneDoc = " In a group of one process that is x itself."

var distributedFunctions = []function{
	{"init(strict: bool = False, backend: str = 'any', *, all_gather_factory: Callable[[int, int], Callable[[bytes, int], bytes]] | None = None) -> Group",
		"The group of the processes that a launcher started with this one. Where none did it is a group of one, and with strict a RuntimeError. Variables of a launcher that cannot be honoured are a RuntimeError, too.", distributedInit},
	{"is_available(backend: str = 'any') -> bool", "Whether this program has the backend.",
		func(c *Call) starlark.Value {
			backend := c.str("backend", "any")
			if c.m.Groups != nil {
				return starlark.Bool(c.m.Groups.Available(backend))
			}
			return starlark.Bool(slices.Contains(distributedBackends[:2], backend))
		}},
	{"all_sum(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The sum of x over the processes." + aloneDoc, collect(engine.OpAllSum)},
	{"all_max(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The largest x of the processes, element by element." + aloneDoc, collect(engine.OpAllMax)},
	{"all_min(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The smallest x of the processes, element by element." + aloneDoc, collect(engine.OpAllMin)},
	{"all_gather(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "The x of the processes one after the other along the first axis." + aloneDoc, collect(engine.OpAllGather)},
	{"sum_scatter(x: array, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "This process's part of the first axis of the sum of x over the processes." + aloneDoc, collect(engine.OpSumScatter)},
	{"send(x: array, dst: int, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "x, which is sent to another process when it is evaluated. In a group of one there is none: a ValueError.",
		func(c *Call) starlark.Value {
			x := c.operand("x")
			g, dst := c.others("dst", "send to")
			return c.out(c.b.Send(g, x, dst))
		}},
	{"recv(shape: Sequence[int], dtype: Dtype, src: int, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "An array that another process sends. In a group of one there is none: a ValueError.",
		func(c *Call) starlark.Value {
			shape, d := c.ints("shape"), c.dtype("dtype", 0)
			if d == 0 {
				c.mistyped("dtype", starlark.None, "Dtype")
			}
			g, src := c.others("src", "recv from")
			return c.out(c.b.Recv(g, shape, d, src))
		}},
	{"recv_like(x: array, src: int, *, group: Group | None = None, stream: StreamOrDevice = None) -> array", "An array of x's shape and dtype that another process sends. In a group of one there is none: a ValueError.",
		func(c *Call) starlark.Value {
			x := c.operand("x")
			g, src := c.others("src", "recv from")
			return c.out(c.b.Recv(g, x.Shape(), x.Dtype(), src))
		}},
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
	strict := false
	if v := c.arg("strict"); v != nil {
		if _, ok := v.(starlark.Bool); !ok {
			c.mistyped("strict", v, "bool")
		}
		strict = v == starlark.True
	}
	return c.join(backend, strict)
}

// join gives the group that a launcher started.
func (c *Call) join(backend string, strict bool) *Group {
	if c.m.Groups == nil {
		if strict {
			c.fail(object.RuntimeError, "distributed.init: couldn't initialize any backend: no launcher started other processes")
		}
		return &Group{m: c.m}
	}
	g, err := c.m.Groups.Join(c.m.host.Context(), backend, strict)
	c.joined("init", err)
	return &Group{c.m, g}
}

// group is the argument group, or the group of all processes.
func (c *Call) group() *Group {
	v := c.arg("group")
	if v == nil {
		return c.join("any", false)
	}
	g, ok := v.(*Group)
	if !ok {
		c.mistyped("group", v, "Group")
	}
	return g
}

// collect is an operation of all processes. Of one it is the array itself, as a node of its own.
func collect(op *engine.Op) func(c *Call) starlark.Value {
	return func(c *Call) starlark.Value {
		x := c.operand("x")
		g := c.group()
		if g.size() == 1 {
			return c.out(c.b.Identity(x))
		}
		return c.out(c.b.Collect(op, g.g, x))
	}
}

// others gives the group and the process that is to be reached.
func (c *Call) others(rank, what string) (engine.Group, int) {
	n := c.int(rank, 0)
	g := c.group()
	if g.size() == 1 {
		c.fail(object.ValueError, "distributed.%s: cannot %s a singleton group", c.sig.Name, what)
	}
	return g.g, n
}
