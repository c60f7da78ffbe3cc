package metal

import (
	"bytes"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/gpu"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
)

var _ gpu.Driver = (*driver)(nil)

// driver is Metal on the system's default GPU.
type driver struct {
	api    *mtl.API
	device mtl.Device
	source *source
	views  *views
}

func (d *driver) Name() string         { return "metal" }
func (d *driver) Source() alloc.Source { return d.source }

func (d *driver) Info() map[string]any {
	return map[string]any{
		"device_name":                      d.api.DeviceName(d.device),
		"architecture":                     d.api.ArchitectureName(d.device),
		"max_buffer_length":                int64(d.api.MaxBufferLength(d.device)),
		"max_recommended_working_set_size": int64(d.api.RecommendedWorkingSet(d.device)),
		"memory_size":                      alloc.SystemMemory(),
		"resource_limit":                   int64(d.source.most),
	}
}

// All buffers are shared memory.
func (d *driver) NewShared(size int) (alloc.Block, error) { return d.source.Alloc(size) }
func (d *driver) Release(b alloc.Block)                   { d.source.Free(b) }

func (d *driver) NewFilled(data []byte) (alloc.Block, error) {
	b, err := d.source.Alloc(len(data))
	if err == nil {
		copy(unsafe.Slice((*byte)(b.Data), len(data)), data)
	}
	return b, err
}

func (d *driver) View(b *alloc.Buffer, data []byte) (gpu.Buffer, bool) { return d.views.of(b, data) }

// mathModes are Metal's numbers of them.
var mathModes = map[gpu.MathMode]mtl.MathMode{gpu.MathSafe: mtl.MathSafe, gpu.MathRelaxed: mtl.MathRelaxed, gpu.MathFast: mtl.MathFast}

func (d *driver) Compile(source string, mode gpu.MathMode) (gpu.Library, error) {
	l, err := d.api.NewLibrary(d.device, source, mathModes[mode])
	return gpu.Library(l), err
}

func (d *driver) NewPipeline(l gpu.Library, function string) (p gpu.Pipeline, threads int, err error) {
	state, err := d.api.NewPipeline(d.device, mtl.Library(l), function)
	if err != nil {
		return 0, 0, err
	}
	return gpu.Pipeline(state), d.api.MaxThreads(state), nil
}

func (d *driver) FreeLibrary(l gpu.Library)   { d.api.Release(mtl.Object(l)) }
func (d *driver) FreePipeline(p gpu.Pipeline) { d.api.Release(mtl.Object(p)) }

func (d *driver) Close() {
	d.views.close()
	d.source.resident.close()
	d.source.let()
}

// lane is a command queue with the events of its batches and of the processor.
type lane struct {
	*driver
	queue  mtl.CommandQueue
	signal mtl.SharedEvent // set to n when the n-th command buffer is done
	host   mtl.SharedEvent // set by the processor
}

func (d *driver) NewLane() (gpu.Lane, error) {
	l := &lane{driver: d}
	var err error
	if l.queue, err = d.api.NewCommandQueue(d.device); err != nil {
		return nil, err
	}
	d.source.resident.attach(l.queue)
	if l.signal, err = d.api.NewSharedEvent(d.device); err == nil {
		l.host, err = d.api.NewSharedEvent(d.device)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (l *lane) Begin() (gpu.Commands, error) {
	b, err := l.api.NewCommandBuffer(l.queue)
	if err != nil {
		return nil, err
	}
	return &commands{lane: l, buffer: b}, nil
}

func (l *lane) Settle(number uint64) { l.api.Signal(l.signal, number) }
func (l *lane) Signals() bool        { return true }
func (l *lane) Polls() bool          { return false }
func (l *lane) Eager() bool          { return false }
func (l *lane) Signal(value uint64)  { l.api.Signal(l.host, value) }

func (l *lane) Close() {
	l.source.resident.detach(l.queue)
	for _, o := range []mtl.Object{mtl.Object(l.queue), mtl.Object(l.signal), mtl.Object(l.host)} {
		l.api.Release(o)
	}
}

// commands is a command buffer.
type commands struct {
	*lane
	buffer  mtl.CommandBuffer
	encoder mtl.ComputeEncoder // 0 between passes
}

func (c *commands) Open() (err error) {
	if c.encoder == 0 {
		c.encoder, err = c.api.NewEncoder(c.buffer)
	}
	return err
}

// Encode writes the pass, with a barrier between levels.
func (c *commands) Encode(r *gpu.Recording) {
	if c.encoder == 0 {
		return
	}
	e := encoding{api: c.api, encoder: c.encoder, record: r}
	for i, d := range r.Ordered() {
		if i > 0 && d.Level != e.last.Level {
			c.api.Barrier(c.encoder)
		}
		e.dispatch(d)
	}
	c.api.EndEncoding(c.encoder)
	c.api.Release(mtl.Object(c.encoder))
	c.encoder = 0
}

func (c *commands) Await(l gpu.Lane, number uint64) {
	c.api.EncodeWait(c.buffer, l.(*lane).signal, number)
}
func (c *commands) AwaitSignal(value uint64) { c.api.EncodeWait(c.buffer, c.host, value) }

func (c *commands) Commit(number uint64) {
	c.api.EncodeSignal(c.buffer, c.signal, number)
	c.api.Commit(c.buffer)
}

func (c *commands) Over() bool  { return false }
func (c *commands) Wait() error { return c.api.WaitUntilCompleted(c.buffer) }
func (c *commands) Release()    { c.api.Release(mtl.Object(c.buffer)) }

// encoding is what an encoder knows already, so that nothing is said twice.
type encoding struct {
	api     *mtl.API
	encoder mtl.ComputeEncoder
	record  *gpu.Recording
	bound   [gpu.MaxBuffers]gpu.Argument
	known   uint32
	shared  [gpu.MaxShared]int32
	last    gpu.Dispatch
}

func (e *encoding) dispatch(d *gpu.Dispatch) {
	if d.Pipeline != e.last.Pipeline {
		e.api.SetPipeline(e.encoder, mtl.Pipeline(d.Pipeline))
	}
	for _, a := range e.record.Arguments(d) {
		if e.known>>a.Index&1 == 0 || !e.same(e.bound[a.Index], a) {
			e.bind(a)
			e.bound[a.Index], e.known = a, e.known|1<<a.Index
		}
	}
	for index, size := range d.Shared {
		if size != 0 && size != e.shared[index] {
			e.api.SetThreadgroupMemory(e.encoder, int(size), index)
			e.shared[index] = size
		}
	}
	if d.Exact {
		e.api.DispatchThreads(e.encoder, mtl.Size(d.Grid), mtl.Size(d.Group))
	} else {
		e.api.Dispatch(e.encoder, mtl.Size(d.Grid), mtl.Size(d.Group))
	}
	e.last = *d
}

func (e *encoding) bind(a gpu.Argument) {
	if a.Buffer != 0 {
		e.api.SetBuffer(e.encoder, mtl.Buffer(a.Buffer), a.Offset, int(a.Index))
		return
	}
	data := e.record.Bytes(a)
	e.api.SetBytes(e.encoder, unsafe.Pointer(unsafe.SliceData(data)), len(data), int(a.Index))
}

func (e *encoding) same(a, b gpu.Argument) bool {
	if a.Buffer != b.Buffer || a.Buffer != 0 {
		return a == b
	}
	return bytes.Equal(e.record.Bytes(a), e.record.Bytes(b))
}
