package builtins

import (
	"math"
	"runtime"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// memoryFunctions are the counters and limits. A question is answered after a
// collection, so that no dead array counts.
var memoryFunctions = []function{
	{"get_active_memory() -> int",
		"Bytes held by live arrays. Arrays that nothing refers to any more do not count; memory kept for reuse is in get_cache_memory.",
		func(c *Call) starlark.Value { return c.bytes(c.m.exact().Active) }},
	{"get_peak_memory() -> int",
		"The most bytes that were active at once since the program began or since reset_peak_memory.",
		func(c *Call) starlark.Value { return c.bytes(c.m.account().Counters().Peak) }},
	{"reset_peak_memory() -> None",
		"Sets the peak to 0: it then is the most bytes active from here on.",
		func(c *Call) starlark.Value {
			c.m.exact() // what is dead by now does not count in the new peak
			c.m.account().ResetPeak()
			return starlark.None
		}},
	{"get_cache_memory() -> int",
		"Bytes of dead arrays that are kept for reuse. clear_cache gives them back.",
		func(c *Call) starlark.Value { return c.bytes(c.m.exact().Cache) }},
	{"clear_cache() -> None",
		"Gives the memory kept for reuse back to the system.",
		func(c *Call) starlark.Value {
			c.m.Engine.Settle()
			c.m.account().Collect(alloc.ForClear)
			c.m.account().ClearCache()
			return starlark.None
		}},
	{"set_memory_limit(limit: int, *, relaxed: bool = False) -> int",
		"Sets the most bytes that arrays may take and returns the previous limit; 0 is no limit. What does not fit raises MemoryError before it runs. With relaxed the limit only makes the runtime collect and trim. Where the host has set a limit, this one is at most that, and never relaxed.",
		func(c *Call) starlark.Value {
			return c.bytes(c.m.account().SetLimit(c.limit(), c.bool("relaxed", false)))
		}},
	{"get_memory_limit() -> int",
		"The most bytes that arrays may take; 0 is no limit.",
		func(c *Call) starlark.Value { return c.bytes(c.m.account().Limit()) }},
	{"set_cache_limit(limit: int) -> int",
		"Sets the most bytes to keep for reuse and returns the previous limit. What is kept beyond it is given back at once.",
		func(c *Call) starlark.Value {
			var old int64
			for _, p := range c.m.Engine.Pools() {
				old = p.SetCacheLimit(c.limit())
			}
			return c.bytes(old)
		}},
	{"get_array_buffer_size(*args) -> int",
		"The bytes of the buffers in which evaluated arrays lie, each counted once. The arguments are arrays or trees of them.", bufferSize},
	{"set_wired_limit(limit: int) -> int",
		"Sets the most bytes to keep resident for the GPU and returns the previous limit. More than max_recommended_working_set_size of device_info is a ValueError. Where there is no GPU nothing is wired, and the limit stays 0.",
		func(c *Call) starlark.Value {
			limit := c.limit()
			gpu := c.m.Engine.Can(engine.GPU).Wirer
			if gpu == nil {
				return c.bytes(0)
			}
			old, err := gpu.SetWiredLimit(limit)
			if err != nil {
				c.fail(object.ValueError, "%v", err)
			}
			return c.bytes(old)
		}},
}

func bufferSize(c *Call) starlark.Value {
	arrays, err := arraysOf(c.rest, anyLeaf)
	c.check(err)
	n, ok := c.m.Engine.BufferBytes(nodesOf(arrays))
	if !ok {
		c.fail(object.ValueError, "get_array_buffer_size: an array is not evaluated yet")
	}
	runtime.KeepAlive(arrays)
	return c.bytes(n)
}

func (c *Call) bytes(n int64) starlark.Value { return starlark.MakeInt64(n) }

// limit takes a byte count; what exceeds an int64 is as good as no limit.
func (c *Call) limit() int64 {
	v, ok := c.arg("limit").(starlark.Int)
	if !ok || v.Sign() < 0 {
		c.mistyped("limit", c.arg("limit"), "a non-negative int")
	}
	n, ok := v.Int64()
	if !ok {
		return math.MaxInt64
	}
	return n
}

func (m *Module) account() *alloc.Account { return m.Engine.Account() }

// exact gives the counters once every dead array is accounted for.
func (m *Module) exact() alloc.Counters {
	m.Engine.Settle()
	m.account().Collect(alloc.ForAnswer)
	return m.account().Counters()
}
