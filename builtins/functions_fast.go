package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// fastFunctions are mx.fast.
var fastFunctions = []function{
	{"rms_norm(x: array, weight: array | None, eps: float, *, stream: StreamOrDevice = None) -> array", "The last axis over the root of its mean square, times a weight. Half types compute in float32.",
		func(c *Call) starlark.Value {
			return c.out(c.b.RMSNorm(c.array("x"), c.arrayOrNone("weight"), c.float("eps", 0)))
		}},
	{"layer_norm(x: array, weight: array | None, bias: array | None, eps: float, *, stream: StreamOrDevice = None) -> array", "The last axis brought to mean 0 and variance 1, times a weight, plus a bias. Half types compute in float32.",
		func(c *Call) starlark.Value {
			return c.out(c.b.LayerNorm(c.array("x"), c.arrayOrNone("weight"), c.arrayOrNone("bias"), c.float("eps", 0)))
		}},
	{"rope(a: array, dims: int, *, traditional: bool, base: float | None, scale: float, offset: int | array, freqs: array | None = None, stream: StreamOrDevice = None) -> array", "The first dims features turned in pairs by angles that grow with the position, which is counted along the last axis but one from an offset: one for all examples, or one for each.", rope},
	{"scaled_dot_product_attention(q: array, k: array, v: array, *, scale: float, mask: None | str | array = None, sinks: array | None = None, force_fused: bool = False, stream: StreamOrDevice = None) -> array", "softmax(scale * q @ k.T) @ v over arrays of (batch, heads, places, features). The mask is 'causal', allows by bools, or is added to the scores.", attend},
	{"cross_entropy(logits: array, targets: array, *, stream: StreamOrDevice = None) -> array", "The cross entropy of logits along the last axis with the numbers of the right classes, in float32.",
		func(c *Call) starlark.Value { return c.out(c.b.CrossEntropy(c.array("logits"), c.array("targets"))) }},
	{"gated_delta_update(q: mlx.core.array, k: mlx.core.array, v: mlx.core.array, gamma: mlx.core.array, beta: mlx.core.array, initial_state: mlx.core.array | None = None, mask: mlx.core.array | None = None, stream: mlx.core.Stream | mlx.core.ThreadLocalStream | mlx.core.Device | mlx.core.DeviceType | None = None) -> list[mlx.core.array]", "The gated delta rule along places: what the state recalls for each query, and the last state, as a list. Q and k have the shape (batch, places, key heads, key features), v (batch, places, value heads, value features), gamma, the decay, and beta, the rate, (batch, places, value heads), the state (batch, value heads, value features, key features), the mask (batch, places).",
		func(c *Call) starlark.Value {
			k := c.array("k")
			if k.Rank() > 1 {
				c.check(object.GrowTimes(c.thread, k.Shape()[1], 16*nodeSize))
			}
			out, state := c.b.GatedDelta(engine.Recurrence{Q: c.array("q"), K: k, V: c.array("v"), Decay: c.array("gamma"), Rate: c.array("beta"),
				State: c.optArray("initial_state"), Mask: c.optArray("mask")})
			return c.outs([]*engine.Node{out, state}, false)
		}},
}

// arrayOrNone takes an array or None for a parameter without a default.
func (c *Call) arrayOrNone(name string) *engine.Node {
	if c.given(name) == nil {
		return nil
	}
	return c.array(name)
}

func rope(c *Call) starlark.Value {
	x := c.array("a")
	at := engine.RotaryAttrs{Dims: c.int("dims", 0), Traditional: c.bool("traditional", false), Scale: c.float("scale", 1), Freqs: c.optArray("freqs")}
	switch base := c.given("base"); {
	case base != nil && at.Freqs != nil:
		c.fail(object.ValueError, "rope: got both base and freqs, want one of them")
	case base != nil:
		at.Base = c.float("base", 0)
	case at.Freqs == nil:
		c.fail(object.ValueError, "rope: got neither base nor freqs, want one of them")
	}
	v := c.arg("offset")
	offset := c.asArray(v)
	if offset == nil {
		if _, real := v.(starlark.Float); real {
			c.fail(object.ValueError, "rope: the offset is a float, want an integer")
		}
		offset = c.b.FullInt(nil, int64(c.int("offset", 0)), engine.Int32)
	}
	return c.out(c.b.Rotary(x, offset, at))
}

func attend(c *Call) starlark.Value {
	at := engine.AttentionAttrs{Scale: c.float("scale", 1), Sinks: c.optArray("sinks")}
	if mask := c.given("mask"); mask != nil {
		if name, ok := starlark.AsString(mask); !ok {
			at.Mask = c.array("mask")
		} else if at.Causal = name == "causal"; !at.Causal {
			c.fail(object.ValueError, "scaled_dot_product_attention: the mask is '%s', want 'causal' or an array", name)
		}
	}
	if c.bool("force_fused", false) {
		c.fail(object.ValueError, "scaled_dot_product_attention: force_fused is set, and this device has no fused kernel")
	}
	return c.out(c.b.Attention(c.array("q"), c.array("k"), c.array("v"), at))
}
