package cuda

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
)

var (
	_ gpu.Lane     = (*lane)(nil)
	_ gpu.Commands = (*commands)(nil)
)

// lane is a stream. The layer above calls it from one goroutine at a time, but for
// Wait and Release of commands.
type lane struct {
	*card
	stream driver.Stream
	mark   driver.Event // for others to wait for
	launch launch

	scratch alloc.Block // of products

	mu    sync.Mutex
	spare []driver.Event // of batches that are over
}

// mostSpare bounds the events that a lane keeps.
const mostSpare = 16

// event gives one for the end of a batch.
func (l *lane) event() (driver.Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.spare); n > 0 {
		e := l.spare[n-1]
		l.spare = l.spare[:n-1]
		return e, nil
	}
	return l.api.EventCreate()
}

// keep keeps an event that is over, or lets it go.
func (l *lane) keep(e driver.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.spare) < mostSpare {
		l.spare = append(l.spare, e)
		return
	}
	defer l.enter()()
	l.api.EventDestroy(e)
}

// NewLane makes a stream.
func (c *card) NewLane() (gpu.Lane, error) {
	defer c.enter()()
	s, err := c.api.StreamCreate()
	if err != nil {
		return nil, err
	}
	e, err := c.api.EventCreate()
	if err != nil {
		c.api.StreamDestroy(s)
		return nil, err
	}
	return &lane{card: c, stream: s, mark: e}, nil
}

func (l *lane) Begin() (gpu.Commands, error) {
	defer l.enter()()
	e, err := l.event()
	if err != nil {
		return nil, err
	}
	return &commands{lane: l, done: e}, nil
}

func (l *lane) Settle(uint64) {}
func (l *lane) Signals() bool { return false }
func (l *lane) Polls() bool   { return true }
func (l *lane) Eager() bool   { return true }
func (l *lane) Signal(uint64) {}

func (l *lane) Close() {
	defer l.enter()()
	l.free()
	for _, e := range l.spare {
		l.api.EventDestroy(e)
	}
	l.spare = nil
	l.api.EventDestroy(l.mark)
	l.api.StreamDestroy(l.stream)
}

// commands is a batch on a stream: what is encoded begins to run at once.
type commands struct {
	*lane
	done   driver.Event
	given  atomic.Bool // the event stands for the batch
	ended  atomic.Pointer[outcome]
	err    error // the first call that failed
	joined joined
	blocks []alloc.Block
	filled []alloc.Block // of the GPU, for uploads
	spans  []span        // where launches are timed
}

func (c *commands) Open() error { return nil }

func (c *commands) note(err error) {
	var own *engine.Error
	switch {
	case c.err != nil || err == nil:
	case errors.As(err, &own), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		c.err = err
	default:
		c.err = fmt.Errorf("cuda: %w", err)
	}
}

// Encode launches the kernels. A stream runs one after the other, so that levels need
// no barriers.
func (c *commands) Encode(r *gpu.Recording) {
	list := r.Ordered()
	if len(list) == 0 {
		return
	}
	defer c.enter()()
	u := upload{commands: c, record: r}
	for _, d := range list {
		if d.Product == nil && d.Transform == nil && d.Exchange == nil {
			u.collect(d, c.modules.kernel(d.Pipeline))
		}
	}
	c.note(u.send())
	for len(list) > 0 && c.err == nil {
		n, err := 1, error(nil)
		switch d := list[0]; {
		case d.Exchange != nil:
			n, err = c.exchange(list)
		case c.times != nil:
			err = c.timed(d, r, &u)
		default:
			err = c.start(d, r, &u)
		}
		c.note(err)
		list = list[n:]
	}
}

// start puts a dispatch on the stream.
func (c *commands) start(d *gpu.Dispatch, r *gpu.Recording, u *upload) error {
	switch {
	case d.Product != nil:
		return c.multiply(d.Product)
	case d.Transform != nil:
		return c.transform(d.Transform)
	}
	k := c.modules.kernel(d.Pipeline)
	if k == nil {
		return errFreed
	}
	if err := c.launch.run(c.card, k, d, r, u, c.stream); err != nil {
		return fmt.Errorf("kernel %s: %w", k.name, err)
	}
	return nil
}

var errFreed = errors.New("a kernel is used that was freed")

// timed is start between two events.
func (c *commands) timed(d *gpu.Dispatch, r *gpu.Recording, u *upload) error {
	of := timed{kernel: "cublasLtMatmul", label: d.Label}
	if d.Transform != nil {
		of.kernel = "cufftExec"
	} else if k := c.modules.kernel(d.Pipeline); d.Product == nil && k != nil {
		of.kernel = k.name
	}
	x, err := c.times.begin(of, c.stream)
	if err == nil {
		err = c.start(d, r, u)
	}
	if err == nil {
		err = c.times.end(x, c.stream)
	}
	c.spans = append(c.spans, x)
	return err
}

func (c *commands) Await(l gpu.Lane, _ uint64) {
	defer c.enter()()
	other := l.(*lane)
	c.note(c.api.EventRecord(other.mark, other.stream))
	c.note(c.api.StreamWaitEvent(c.stream, other.mark))
}

func (c *commands) AwaitSignal(uint64) {}

func (c *commands) Commit(uint64) {
	defer c.enter()()
	c.note(c.api.EventRecord(c.done, c.stream))
	c.given.Store(true)
}

func (c *commands) Over() bool {
	if !c.given.Load() {
		return false
	}
	defer c.enter()()
	return c.outcome() != nil || c.err != nil
}

// outcome is what has come of the batch: that something failed, or nothing.
type outcome struct{ failed error }

var success = new(outcome)

// outcome is nil as long as the batch is not over.
func (c *commands) outcome() *outcome {
	if x := c.ended.Load(); x != nil {
		return x
	}
	over, err := c.api.EventOver(c.done)
	switch {
	case !over:
		return nil
	case err == nil:
		c.ended.Store(success)
	default:
		c.ended.Store(&outcome{err})
	}
	return c.ended.Load()
}

func (c *commands) Wait() error {
	defer c.enter()()
	var err error
	if x := c.ended.Load(); x != nil {
		err = x.failed
	} else {
		err = c.api.EventSynchronize(c.done)
	}
	if err != nil {
		err = fmt.Errorf("cuda: %w", err)
	}
	if c.err != nil {
		err = c.err
	}
	return c.verdict(err)
}

func (c *commands) Release() {
	c.part()
	c.lane.keep(c.done)
	for _, b := range c.blocks {
		c.card.Release(b)
	}
	for _, b := range c.filled {
		c.uploads.put(b)
	}
	if len(c.spans) > 0 {
		c.times.settle(c.spans)
	}
}

// upload brings the bytes that kernels want at an address to the GPU, those of all
// dispatches at once.
type upload struct {
	*commands
	record *gpu.Recording
	bytes  []byte
	places map[int]int // of an argument's bytes in the recording, to those here
	base   driver.DevicePtr
}

func (u *upload) collect(d *gpu.Dispatch, k *kernel) {
	if k == nil {
		return
	}
	for _, a := range u.record.Arguments(d) {
		if a.Buffer == 0 && k.params[a.Index] == pointer {
			if u.places == nil {
				u.places = map[int]int{}
			}
			u.places[a.Offset] = len(u.bytes)
			u.bytes = append(u.bytes, u.record.Bytes(a)...)
			u.bytes = append(u.bytes, make([]byte, -len(u.bytes)&15)...)
		}
	}
}

func (u *upload) send() error {
	if len(u.bytes) == 0 {
		return nil
	}
	staged, err := u.NewShared(len(u.bytes))
	if err != nil {
		return err
	}
	u.blocks = append(u.blocks, staged)
	copy(unsafe.Slice((*byte)(staged.Data), len(u.bytes)), u.bytes)
	to, err := u.uploads.get(len(u.bytes))
	if err != nil {
		return err
	}
	u.filled = append(u.filled, to)
	u.base = addressOf(to)
	return u.api.MemcpyHtoD(u.base, staged.Data, len(u.bytes), u.stream)
}

// launch is where the parameters of a launch are put together.
type launch struct {
	words  [64]uint64
	values []byte
	params []unsafe.Pointer
}

// mostValues is more than the parameters of a kernel can take.
const mostValues = 32 << 10

func (l *launch) run(c *card, k *kernel, d *gpu.Dispatch, r *gpu.Recording, u *upload, s driver.Stream) error {
	if l.values == nil {
		l.values = make([]byte, mostValues)
	}
	var bound [31]*gpu.Argument
	args := r.Arguments(d)
	for i := range args {
		bound[args[i].Index] = &args[i]
	}
	l.params = l.params[:0]
	word, at := 0, 0
	put := func(v uint64) {
		l.words[word] = v
		l.params = append(l.params, unsafe.Pointer(&l.words[word]))
		word++
	}
	for _, index := range k.order {
		a := bound[index]
		switch {
		case a == nil:
			return fmt.Errorf("buffer %d is not set", index)
		case k.params[index] == pointer && a.Buffer != 0:
			put(uint64(a.Buffer) + uint64(a.Offset))
		case k.params[index] == pointer:
			put(uint64(u.base) + uint64(u.places[a.Offset]))
		default:
			data, err := valueOf(a, r)
			if err != nil {
				return err
			}
			if at+len(data) > len(l.values)-4096 {
				return fmt.Errorf("more than %d bytes of parameters", len(l.values)-4096)
			}
			copy(l.values[at:], data)
			l.params = append(l.params, unsafe.Pointer(&l.values[at]))
			at += (len(data) + 15) &^ 15
		}
	}
	shared := 0
	for i, index := range k.shared {
		if i > 0 {
			put(uint64(shared))
		}
		shared += (int(d.Shared[index]) + 15) &^ 15
	}
	grid, group := sides(d.Grid), sides(d.Group)
	if d.Exact {
		for i := range grid {
			grid[i] = (grid[i] + group[i] - 1) / group[i]
		}
	}
	return c.api.Launch(k.function, grid, group, shared, s, l.params)
}

// valueOf is the bytes of an argument that is handed over as a copy.
func valueOf(a *gpu.Argument, r *gpu.Recording) ([]byte, error) {
	if a.Buffer == 0 {
		return r.Bytes(*a), nil
	}
	return nil, fmt.Errorf("argument %d is a buffer, and the kernel takes a value", a.Index)
}

func sides(s gpu.Size) [3]uint32 {
	return [3]uint32{uint32(s.Width), uint32(s.Height), uint32(s.Depth)}
}
