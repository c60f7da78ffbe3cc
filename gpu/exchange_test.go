package gpu_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
)

// exchangeDriver is a GPU that takes part in operations of groups, and does nothing else.
// It keeps a line for each stretch of operations that it was given at once.
type exchangeDriver struct {
	mu     sync.Mutex
	blocks map[gpu.Buffer][]byte
	passes []string
}

func (d *exchangeDriver) Name() string         { return "gpu of a test" }
func (d *exchangeDriver) Info() map[string]any { return nil }
func (d *exchangeDriver) Source() alloc.Source { return d }
func (d *exchangeDriver) Close()               {}

// Alloc makes memory that is known by a number and lies elsewhere for the processor.
func (d *exchangeDriver) Alloc(size int) (alloc.Block, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	data := make([]byte, size)
	h := gpu.Buffer(len(d.blocks) + 1)
	d.blocks[h] = data
	return alloc.Block{Data: unsafe.Pointer(&data[0]), Size: size, Handle: h}, nil
}
func (d *exchangeDriver) Free(alloc.Block)                              {}
func (d *exchangeDriver) NewShared(size int) (alloc.Block, error)       { return d.Alloc(size) }
func (d *exchangeDriver) NewFilled([]byte) (alloc.Block, error)         { return alloc.Block{}, errNone }
func (d *exchangeDriver) Release(alloc.Block)                           {}
func (d *exchangeDriver) FreeLibrary(gpu.Library)                       {}
func (d *exchangeDriver) FreePipeline(gpu.Pipeline)                     {}
func (d *exchangeDriver) NewLane() (gpu.Lane, error)                    { return &exchangeLane{d}, nil }
func (d *exchangeDriver) View(*alloc.Buffer, []byte) (gpu.Buffer, bool) { return 0, false }
func (d *exchangeDriver) Compile(string, gpu.MathMode) (gpu.Library, error) {
	return 0, errNone
}
func (d *exchangeDriver) NewPipeline(gpu.Library, string) (gpu.Pipeline, int, error) {
	return 0, 0, errNone
}

var errNone = errors.New("there are no kernels")

func (d *exchangeDriver) Exchanges(g engine.Group, op *engine.Op, t engine.Dtype) error {
	if _, ok := g.(*deviceGroup); !ok || t == engine.Int16 {
		return engine.Errorf(engine.ValueError, op.Name, "not of this one")
	}
	return nil
}

type exchangeLane struct{ d *exchangeDriver }

func (l *exchangeLane) Begin() (gpu.Commands, error) { return &exchangeCommands{d: l.d}, nil }
func (l *exchangeLane) Settle(uint64)                {}
func (l *exchangeLane) Signals() bool                { return false }
func (l *exchangeLane) Polls() bool                  { return false }
func (l *exchangeLane) Eager() bool                  { return false }
func (l *exchangeLane) Signal(uint64)                {}
func (l *exchangeLane) Close()                       {}

type exchangeCommands struct{ d *exchangeDriver }

func (c *exchangeCommands) Open() error            { return nil }
func (c *exchangeCommands) Await(gpu.Lane, uint64) {}
func (c *exchangeCommands) AwaitSignal(uint64)     {}
func (c *exchangeCommands) Commit(uint64)          {}
func (c *exchangeCommands) Over() bool             { return true }
func (c *exchangeCommands) Wait() error            { return nil }
func (c *exchangeCommands) Release()               {}

// Encode performs operations in a group whose other process has the same arrays.
func (c *exchangeCommands) Encode(r *gpu.Recording) {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	var line []string
	for _, x := range r.Ordered() {
		x := x.Exchange
		part := func(e gpu.Elements) []byte {
			return c.d.blocks[e.Buffer][e.Offset:][:e.Count*x.Dtype.Size()]
		}
		out := part(x.Out)
		switch x.Op {
		case engine.OpAllSum:
			for i, v := range words(part(x.In)) {
				binary.NativeEndian.PutUint32(out[4*i:], 2*v)
			}
		case engine.OpAllGather:
			in := slices.Clone(part(x.In))
			copy(out[copy(out, in):], in)
		case engine.OpSumScatter:
			for i := range words(out) {
				binary.NativeEndian.PutUint32(out[4*i:], 2*words(part(x.In))[i])
			}
		case engine.OpRecv:
			for i := range words(out) {
				binary.NativeEndian.PutUint32(out[4*i:], uint32(100+x.Peer))
			}
		case engine.OpSend:
			copy(out, part(x.In))
		}
		line = append(line, fmt.Sprint(x.Op.Name, x.Peer))
	}
	if line != nil {
		c.d.passes = append(c.d.passes, strings.Join(line, " "))
	}
}

func words(b []byte) []uint32 {
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = binary.NativeEndian.Uint32(b[4*i:])
	}
	return out
}

// deviceGroup is a group on the driver above.
type deviceGroup struct{ engine.Group }

func (g *deviceGroup) Rank() int                 { return 0 }
func (g *deviceGroup) Size() int                 { return 2 }
func (g *deviceGroup) AsBuilt() bool             { return true }
func (g *deviceGroup) Device() engine.DeviceType { return engine.GPU }

// processorGroup is one that is on none.
type processorGroup struct{ engine.Group }

func (g *processorGroup) Size() int { return 2 }

// TestExchange: operations of a group on a GPU get the addresses of their arrays, each has a
// pass, in the order in which they were made, and messages that need not wait for each
// other share one.
func TestExchange(t *testing.T) {
	d := &exchangeDriver{blocks: map[gpu.Buffer][]byte{}}
	e := newEngine(t, gpu.New(d, gpu.Options{}))
	g := &deviceGroup{}
	var x, constant, gathered, scattered, sum, sent, got, back, again *engine.Node
	_, err := e.NewBuilder().Build(func(b *engine.Builder) *engine.Node {
		data := make([]byte, 16)
		for i := range 4 {
			binary.NativeEndian.PutUint32(data[4*i:], uint32(i+1))
		}
		x = b.FromBytes(data, engine.Int32, []int{4})
		constant = b.Collect(engine.OpAllSum, g, b.Scalar(21, engine.Int32))
		gathered = b.Collect(engine.OpAllGather, g, b.Narrow(x, 0, 1, 3))
		scattered = b.Collect(engine.OpSumScatter, g, x)
		sent = b.Send(g, x, 1)
		got = b.Recv(g, []int{3}, engine.Int32, 7%2)
		back = b.Send(g, got, 0)
		sum = b.Collect(engine.OpAllSum, g, x)
		again = b.Collect(engine.OpAllSum, g, b.Recv(g, []int{0}, engine.Int32, 1))
		return x
	})
	if err != nil {
		t.Fatal(err)
	}
	roots := []*engine.Node{again, sum, back, got, sent, scattered, gathered, constant}
	if err := e.Eval(background, roots...); err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		n    *engine.Node
		want []uint32
	}{
		{constant, []uint32{42}}, {gathered, []uint32{2, 3, 2, 3}}, {scattered, []uint32{2, 4}}, {sent, []uint32{1, 2, 3, 4}},
		{got, []uint32{101, 101, 101}}, {back, []uint32{101, 101, 101}}, {sum, []uint32{2, 4, 6, 8}}, {again, []uint32{}},
	} {
		o, err := e.Data(background, c.n)
		if err != nil {
			t.Fatal(err)
		}
		if got := words(o.Data[4*o.Offset:][:4*o.Len()]); !slices.Equal(got, c.want) {
			t.Errorf("operation %d gives %v, want %v", i, got, c.want)
		}
	}
	want := []string{"all_sum0", "all_gather0", "sum_scatter0", "send1 recv1 send0", "all_sum0"}
	if !slices.Equal(d.passes, want) {
		t.Errorf("they ran as %q, want %q", d.passes, want)
	}
}

// TestLargeMessages: messages that belong together go out together, however large they are.
func TestLargeMessages(t *testing.T) {
	d := &exchangeDriver{blocks: map[gpu.Buffer][]byte{}}
	e := newEngine(t, gpu.New(d, gpu.Options{}))
	g := &deviceGroup{}
	var sent, got *engine.Node
	if _, err := e.NewBuilder().Build(func(b *engine.Builder) *engine.Node {
		x := b.FromBytes(make([]byte, 68<<20), engine.Int32, []int{17 << 20})
		sent, got = b.Send(g, x, 1), b.Recv(g, []int{17 << 20}, engine.Int32, 1)
		return got
	}); err != nil {
		t.Fatal(err)
	}
	if err := e.Eval(background, sent, got); err != nil {
		t.Fatal(err)
	}
	if want := []string{"send1 recv1"}; !slices.Equal(d.passes, want) {
		t.Errorf("they ran as %q, want %q", d.passes, want)
	}
}

// TestExchangeRefuses: a group on the processor, or elements that it does not take, are errors.
func TestExchangeRefuses(t *testing.T) {
	e := newEngine(t, gpu.New(&exchangeDriver{blocks: map[gpu.Buffer][]byte{}}, gpu.Options{}))
	for _, c := range []struct {
		g    engine.Group
		d    engine.Dtype
		want string
	}{
		{&processorGroup{}, engine.Int32, "and there is none here"},
		{&deviceGroup{}, engine.Int16, "not of this one"},
		{&deviceGroup{}, engine.Float64, "float64 is not supported on the GPU"},
	} {
		n, err := e.NewBuilder().Build(func(b *engine.Builder) *engine.Node {
			return b.Collect(engine.OpAllSum, c.g, b.FromBytes(make([]byte, 16), c.d, []int{16 / c.d.Size()}))
		})
		if err == nil {
			err = e.Eval(context.Background(), n)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
