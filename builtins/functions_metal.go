package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// metalFunctions are those of mx.metal that speak of the device, beside the
// memory functions, which it has too.
var metalFunctions = []function{
	{"is_available() -> bool", "Whether a Metal device can be used here.",
		func(c *Call) starlark.Value { return starlark.Bool(c.m.hasGPU("metal")) }},
	{"device_info() -> dict[str, str | int]", "What is known of the Metal device; empty where there is none.",
		func(c *Call) starlark.Value {
			if !c.m.hasGPU("metal") {
				return new(starlark.Dict)
			}
			return c.deviceInfo(engine.Device{Type: engine.GPU})
		}},
	{"start_capture(path: str) -> None", "Starts to record what the GPU does, into a .gputrace file; with an empty path Xcode shows it. Raises RuntimeError where there is no Metal device, and where the system allows no capture: it wants MTL_CAPTURE_ENABLED=1 in the environment.",
		func(c *Call) starlark.Value {
			gpu, path := c.capturer(), c.str("path", "")
			if path != "" {
				path = c.systemPath(path)
			}
			if err := gpu.StartCapture(path); err != nil {
				c.fail(object.RuntimeError, "%v", err)
			}
			return starlark.None
		}},
	{"stop_capture() -> None", "Ends the recording, once what was computed so far is in it. Raises RuntimeError where there is no Metal device.",
		func(c *Call) starlark.Value {
			gpu := c.capturer()
			c.check(c.m.Engine.Synchronize(c.m.host.Context(), nil))
			gpu.StopCapture()
			return starlark.None
		}},
}

func (c *Call) capturer() engine.Capturer {
	gpu := c.m.Engine.Can(engine.GPU).Capturer
	if gpu == nil {
		c.fail(object.RuntimeError, "metal.%s: there is no Metal device here", c.sig.Name)
	}
	return gpu
}
