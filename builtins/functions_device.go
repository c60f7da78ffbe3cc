package builtins

import (
	"fmt"
	"sort"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

var deviceFunctions = []function{
	{"default_device() -> Device", "The device that operations run on where none is named.",
		func(c *Call) starlark.Value { return Device{c.m.Engine.DefaultDevice(), c.m} }},
	{"set_default_device(device: Device | DeviceType) -> None", "Sets the device that operations run on where none is named.",
		func(c *Call) starlark.Value {
			c.check(c.m.Engine.SetDefaultDevice(c.device("device")))
			return starlark.None
		}},
	{"default_stream(device: Device | DeviceType) -> Stream", "The device's default stream.",
		func(c *Call) starlark.Value {
			return Stream{s: c.toStream("device", Device{c.device("device"), c.m}), m: c.m}
		}},
	{"set_default_stream(stream: Stream) -> None", "Makes the stream its device's default one. It does not change the default device.",
		func(c *Call) starlark.Value {
			s, ok := c.arg("stream").(Stream)
			if !ok {
				c.mistyped("stream", c.arg("stream"), "Stream")
			}
			c.m.Engine.SetDefaultStream(c.toStream("stream", s))
			return starlark.None
		}},
	{"new_stream(device: Device | DeviceType) -> Stream", "Makes another stream on the device, for the thread that asks for it.",
		func(c *Call) starlark.Value {
			return Stream{s: c.newStream(), m: c.m, owned: true, owner: c.thread.Local(ThreadLocal)}
		}},
	{"new_thread_unsafe_stream(device: Device | DeviceType) -> Stream",
		"Makes another stream on the device, which any thread may use.",
		func(c *Call) starlark.Value { return Stream{s: c.newStream(), m: c.m} }},
	{"new_thread_local_stream(device: Device | DeviceType) -> ThreadLocalStream",
		"Makes a stream that every thread may use. The threads of a script take turns, so that they share one.",
		func(c *Call) starlark.Value { return ThreadLocalStream{Stream{s: c.newStream(), m: c.m}} }},
	{"clear_streams() -> None", "Waits for all streams, so that nothing is left in flight.",
		func(c *Call) starlark.Value {
			c.check(c.m.Engine.Synchronize(c.m.host.Context(), nil))
			return starlark.None
		}},
	{"stream(s: Stream | ThreadLocalStream | Device | DeviceType) -> StreamContext",
		"Makes a stream, or a device's default stream, the default within a with statement.", streamBody},
	{"synchronize(stream: Stream | ThreadLocalStream | Device | DeviceType | None = None) -> None",
		"Waits until everything that was given to the stream, or to the default device's default stream, has run.",
		func(c *Call) starlark.Value {
			v := c.arg("stream")
			if v == nil {
				v = Device{c.m.Engine.DefaultDevice(), c.m}
			}
			c.check(c.m.Engine.Synchronize(c.m.host.Context(), c.toStream("stream", v)))
			return starlark.None
		}},
	{"is_available(device: Device | DeviceType) -> bool", "Whether the device is there.",
		func(c *Call) starlark.Value {
			d := c.device("device")
			return starlark.Bool(d.Index >= 0 && d.Index < c.m.Engine.Devices(d.Type))
		}},
	{"device_count(device_type: DeviceType) -> int", "How many devices of the type there are.",
		func(c *Call) starlark.Value {
			return starlark.MakeInt(c.m.Engine.Devices(c.device("device_type").Type))
		}},
	{"device_info(d: Device | DeviceType | None = None) -> dict[str, str | int]",
		"What is known of the device: device_name, architecture, memory_size and the like; empty for a device that is not there.",
		func(c *Call) starlark.Value { return c.deviceInfo(c.device("d")) }},
}

var cudaFunctions = []function{
	{"is_available() -> bool", "Whether an NVIDIA GPU can be used here.",
		func(c *Call) starlark.Value { return starlark.Bool(c.m.hasGPU("cuda")) }},
}

func (c *Call) newStream() *engine.Stream {
	s, err := c.m.Engine.NewStream(c.device("device"))
	c.check(err)
	return s
}

func (c *Call) deviceInfo(d engine.Device) starlark.Value {
	if d.Index < 0 || d.Index >= c.m.Engine.Devices(d.Type) {
		return new(starlark.Dict)
	}
	be, err := c.m.Engine.Reach(c.sig.Name, d)
	c.check(err)
	info := be.Info()
	keys := make([]string, 0, len(info))
	for k := range info {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	out := starlark.NewDict(len(keys))
	for _, k := range keys {
		c.check(out.SetKey(starlark.String(k), infoValue(info[k])))
	}
	return out
}

func infoValue(v any) starlark.Value {
	switch v := v.(type) {
	case string:
		return starlark.String(v)
	case int:
		return starlark.MakeInt(v)
	case int64:
		return starlark.MakeInt64(v)
	case uint64:
		return starlark.MakeUint64(v)
	}
	return starlark.String(fmt.Sprint(v))
}

func constructDevice(c *Call) starlark.Value {
	t, ok := c.arg("type").(DeviceType)
	if !ok {
		c.mistyped("type", c.arg("type"), "DeviceType")
	}
	return Device{engine.Device{Type: t.t, Index: c.int("index", 0)}, c.m}
}

func constructDeviceType(c *Call) starlark.Value {
	return enumValue(c, "DeviceType", c.m.deviceTypes())
}

// ThreadLocalStream is mx.ThreadLocalStream.
type ThreadLocalStream struct{ Stream }

func (s ThreadLocalStream) String() string       { return "ThreadLocal" + s.Stream.String() }
func (s ThreadLocalStream) Type() string         { return "ThreadLocalStream" }
func (s ThreadLocalStream) PyType() *object.Type { return s.m.types.threadLocalStream }

// RichCompare tells whether two streams are the same.
func (s ThreadLocalStream) RichCompare(_ *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := other.(ThreadLocalStream)
	return equality(op, ok && o.s == s.s)
}

// streamContext makes a stream and its device the defaults on entry and puts
// the former ones back on exit.
type streamContext struct {
	m         *Module
	s         *engine.Stream
	oldDevice engine.Device
	oldStream *engine.Stream
}

var _ object.HasType = (*streamContext)(nil)

func (s *streamContext) String() string        { return "<mlx.core.StreamContext object>" }
func (s *streamContext) Type() string          { return "StreamContext" }
func (s *streamContext) Freeze()               {}
func (s *streamContext) Truth() starlark.Bool  { return true }
func (s *streamContext) Hash() (uint32, error) { return uint32(s.s.Index), nil }

// PyType is mx.StreamContext.
func (s *streamContext) PyType() *object.Type { return s.m.types.streamContext }

func streamBody(c *Call) starlark.Value {
	return &streamContext{m: c.m, s: c.toStream("s", c.arg("s"))}
}

var streamContextMethods = []function{
	{"__enter__(self)", "Makes the stream the default.", func(c *Call) starlark.Value {
		s, e := c.bound[0].(*streamContext), c.m.Engine
		s.oldDevice, s.oldStream = e.DefaultDevice(), e.DefaultStream(s.s.Device)
		c.check(e.SetDefaultDevice(s.s.Device))
		e.SetDefaultStream(s.s)
		return s
	}},
	{"__exit__(self, exc_type=None, exc_value=None, traceback=None)", "Puts the former defaults back.", func(c *Call) starlark.Value {
		s, e := c.bound[0].(*streamContext), c.m.Engine
		if s.oldStream == nil {
			c.fail(object.RuntimeError, "StreamContext: left without having been entered")
		}
		e.SetDefaultStream(s.oldStream)
		c.check(e.SetDefaultDevice(s.oldDevice))
		return starlark.None
	}},
}
