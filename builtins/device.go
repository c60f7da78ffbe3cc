package builtins

import (
	"fmt"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Dtype is mx.Dtype.
type Dtype struct {
	d engine.Dtype
	m *Module
}

// DeviceType is mx.DeviceType: mx.cpu and mx.gpu.
type DeviceType struct {
	t engine.DeviceType
	m *Module
}

// Device is mx.Device.
type Device struct {
	d engine.Device
	m *Module
}

// Stream is mx.Stream.
type Stream struct {
	s     *engine.Stream
	m     *Module
	owned bool // by the thread that made it, which alone may use it
	owner any
}

// ThreadLocal is the name of what a script's thread keeps to be told from others by. The
// host's own call has none.
const ThreadLocal = "script.thread"

var (
	_ object.HasType    = Dtype{}
	_ object.HasType    = DeviceType{}
	_ object.HasType    = Device{}
	_ object.HasType    = Stream{}
	_ object.HasCompare = Dtype{}
	_ object.HasCompare = DeviceType{}
	_ object.HasCompare = Device{}
	_ object.HasCompare = Stream{}
)

func (d Dtype) String() string             { return "mlx.core." + d.d.String() }
func (d Dtype) Type() string               { return "Dtype" }
func (d Dtype) Freeze()                    {}
func (d Dtype) Truth() starlark.Bool       { return true }
func (d Dtype) Hash() (uint32, error)      { return uint32(d.d), nil }
func (d Dtype) PyType() *object.Type       { return d.m.types.dtype }
func (d Dtype) Dtype() engine.Dtype        { return d.d }
func (d Dtype) AttrNames() []string        { return []string{"size"} }
func (t DeviceType) String() string        { return "DeviceType." + t.t.String() }
func (t DeviceType) Type() string          { return "DeviceType" }
func (t DeviceType) Freeze()               {}
func (t DeviceType) Truth() starlark.Bool  { return true }
func (t DeviceType) Hash() (uint32, error) { return uint32(t.t), nil }
func (t DeviceType) PyType() *object.Type  { return t.m.types.deviceType }
func (d Device) String() string            { return fmt.Sprintf("Device(%s, %d)", d.d.Type, d.d.Index) }
func (d Device) Type() string              { return "Device" }
func (d Device) Freeze()                   {}
func (d Device) Truth() starlark.Bool      { return true }
func (d Device) Hash() (uint32, error)     { return uint32(d.d.Type)<<8 | uint32(d.d.Index), nil }
func (d Device) PyType() *object.Type      { return d.m.types.device }
func (d Device) AttrNames() []string       { return []string{"type"} }
func (s Stream) String() string {
	return fmt.Sprintf("Stream(%s, %d)", Device{s.s.Device, s.m}, s.s.Index)
}
func (s Stream) Type() string          { return "Stream" }
func (s Stream) Freeze()               {}
func (s Stream) Truth() starlark.Bool  { return true }
func (s Stream) Hash() (uint32, error) { return uint32(s.s.Index), nil }
func (s Stream) PyType() *object.Type  { return s.m.types.stream }
func (s Stream) AttrNames() []string   { return []string{"device", "index"} }

// Attr gives size.
func (d Dtype) Attr(name string) (starlark.Value, error) {
	if name == "size" {
		return starlark.MakeInt(d.d.Size()), nil
	}
	return nil, nil
}

// Attr gives name and value, as of a member of a Python enumeration.
func (t DeviceType) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(t.t.String()), nil
	case "value":
		return starlark.MakeInt(int(t.t)), nil
	}
	return nil, nil
}

func (t DeviceType) memberName() string { return t.t.String() }

// deviceTypes lists the members of DeviceType.
func (m *Module) deviceTypes() []enumMember {
	return []enumMember{DeviceType{engine.CPU, m}, DeviceType{engine.GPU, m}}
}

// AttrNames lists name and value.
func (t DeviceType) AttrNames() []string { return []string{"name", "value"} }

// Attr gives type.
func (d Device) Attr(name string) (starlark.Value, error) {
	if name == "type" {
		return DeviceType{d.d.Type, d.m}, nil
	}
	return nil, nil
}

// Attr gives device and index.
func (s Stream) Attr(name string) (starlark.Value, error) {
	switch name {
	case "device":
		return Device{s.s.Device, s.m}, nil
	case "index":
		return starlark.MakeInt(s.s.Index), nil
	}
	return nil, nil
}

// equality answers == and != between values that are equal or not, and declines
// the rest.
func equality(op object.Op, equal bool) (starlark.Value, error) {
	switch op {
	case object.Eq:
		return starlark.Bool(equal), nil
	case object.Ne:
		return starlark.Bool(!equal), nil
	}
	return nil, nil
}

// RichCompare tells whether two dtypes are the same. None is no value for it.
func (d Dtype) RichCompare(_ *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	if other == starlark.None {
		return nil, object.Errorf(object.TypeError, "Dtype: cannot be compared with None; write x is None")
	}
	o, ok := other.(Dtype)
	return equality(op, ok && o.d == d.d)
}

// RichCompare compares with device types and, as MLX does, with devices.
func (t DeviceType) RichCompare(_ *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	switch o := other.(type) {
	case DeviceType:
		return equality(op, o.t == t.t)
	case Device:
		return equality(op, o.d == engine.Device{Type: t.t})
	}
	return equality(op, false)
}

// RichCompare compares with devices and device types.
func (d Device) RichCompare(_ *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	switch o := other.(type) {
	case Device:
		return equality(op, o.d == d.d)
	case DeviceType:
		return equality(op, d.d == engine.Device{Type: o.t})
	}
	return equality(op, false)
}

// RichCompare tells whether two streams are the same.
func (s Stream) RichCompare(_ *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := other.(Stream)
	return equality(op, ok && o.s == s.s)
}

// device takes a device or a device type.
func (c *Call) device(name string) engine.Device {
	switch v := c.arg(name).(type) {
	case Device:
		return v.d
	case DeviceType:
		return engine.Device{Type: v.t}
	case nil:
		return c.m.Engine.DefaultDevice()
	default:
		c.mistyped(name, v, "Device or DeviceType")
	}
	return engine.Device{}
}

// toStream takes a stream, or the default stream of a device or device type.
func (c *Call) toStream(name string, v starlark.Value) *engine.Stream {
	d := engine.Device{}
	switch v := v.(type) {
	case Stream:
		if v.owned && v.owner != c.thread.Local(ThreadLocal) {
			c.fail(object.RuntimeError, "%s: there is no %s in the current thread: another one made it", c.sig.Name, v)
		}
		return v.s
	case ThreadLocalStream:
		return v.s
	case Device:
		d = v.d
	case DeviceType:
		d.Type = v.t
	default:
		c.mistyped(name, v, "Stream, Device or DeviceType")
	}
	s, err := c.m.Engine.StreamOf(c.sig.Name, d)
	c.check(err)
	return s
}

// hasGPU reports whether there is a GPU of a kind.
func (m *Module) hasGPU(kind string) bool {
	k := m.Engine.Can(engine.GPU).Kind
	return k != nil && k.Kind() == kind
}

// onStream makes the builder build for the stream argument: a stream, a device or
// a device type. It is called first by every body that has the parameter.
func (c *Call) onStream() {
	for i := range c.sig.Params {
		if c.sig.Params[i].Name == "stream" {
			if v := c.bound[i]; v != nil && v != starlark.None {
				c.b.Stream = c.toStream("stream", v)
			}
			return
		}
	}
}
