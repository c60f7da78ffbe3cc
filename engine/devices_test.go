package engine_test

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/cpu"
	"github.com/mlxstar/mlxstar/engine"
)

// twin is a backend that stands for one of several devices of a type.
type twin struct {
	engine.Backend
	index  int
	closed *int
}

func (b *twin) Device() engine.Device { return engine.Device{Type: engine.GPU, Index: b.index} }
func (b *twin) Close() error          { *b.closed++; return b.Backend.Close() }

func (b *twin) Workspace(op *engine.Op) engine.WorkspaceRule {
	return b.Backend.(engine.WorkspacePlanner).Workspace(op)
}

// firstTwin knows the others.
type firstTwin struct{ twin }

func (b *firstTwin) Devices() int { return 3 }
func (b *firstTwin) Open(index int) (engine.Backend, error) {
	if index == 2 {
		return nil, errors.New("it is out of order")
	}
	other, err := cpu.New(cpu.Options{Threads: 1})
	return &twin{other, index, b.closed}, err
}

// counted is a queue that counts copies, which are what brings arrays to a device.
type counted struct {
	engine.Queue
	copies *int
}

func (q *counted) Encode(t *engine.Task, inline bool) (bool, error) {
	if t.Op == engine.OpCopy {
		*q.copies++
	}
	return q.Queue.Encode(t, inline)
}

// counting is a twin whose queues count.
type counting struct {
	firstTwin
	copies int
}

func (b *counting) NewQueue() (engine.Queue, error) {
	q, err := b.firstTwin.NewQueue()
	return &counted{q, &b.copies}, err
}

// TestFarInputs: what a product reads again and again is brought to its device, and what is
// read once is not.
func TestFarInputs(t *testing.T) {
	closed := 0
	main, err := cpu.New(cpu.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	first := &counting{firstTwin: firstTwin{twin{main, 0, &closed}}}
	e, err := engine.New(engine.Options{Backends: []engine.Backend{first}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s, err := e.StreamOf("far", engine.Device{Type: engine.GPU, Index: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		build func(b *engine.Builder, x *engine.Node) *engine.Node
		want  int
	}{
		{func(b *engine.Builder, x *engine.Node) *engine.Node { return b.MatMul(x, x) }, 2},
		{func(b *engine.Builder, x *engine.Node) *engine.Node { return b.MatMul(b.Transpose(x, []int{1, 0}), x) }, 2},
		{func(b *engine.Builder, x *engine.Node) *engine.Node { return b.Add(x, x) }, 0},
		{func(b *engine.Builder, x *engine.Node) *engine.Node { return b.Sum(x, nil, false) }, 0},
	} {
		first.copies = 0
		var local *engine.Node
		far, err := e.NewBuilder().Build(func(b *engine.Builder) *engine.Node {
			data := make([]byte, 4*9)
			for i := range 9 {
				binary.NativeEndian.PutUint32(data[4*i:], math.Float32bits(float32(i)))
			}
			b.Stream = s
			there := b.FromBytes(data, engine.Float32, []int{3, 3})
			b.Stream = nil
			local = c.build(b, b.FromBytes(data, engine.Float32, []int{3, 3}))
			return c.build(b, there)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Eval(background, local); err != nil {
			t.Fatal(err)
		}
		if first.copies != 0 {
			t.Errorf("%d copies of what is there", first.copies)
		}
		if err := e.Eval(background, far); err != nil {
			t.Fatal(err)
		}
		if first.copies != c.want {
			t.Errorf("%d copies, want %d", first.copies, c.want)
		}
		a, errA := e.Data(background, local)
		b, errB := e.Data(background, far)
		if err := errors.Join(errA, errB); err != nil {
			t.Fatal(err)
		}
		for i := range a.Len() {
			x, y := a.Data[4*(a.Offset+i):][:4], b.Data[4*(b.Offset+i):][:4]
			if binary.NativeEndian.Uint32(x) != binary.NativeEndian.Uint32(y) {
				t.Errorf("element %d differs", i)
			}
		}
	}
}

// TestDevices: devices of one type are opened when they are first used, each with memory and
// streams of its own, and operations of one read arrays of another.
func TestDevices(t *testing.T) {
	closed := 0
	main, err := cpu.New(cpu.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Options{Backends: []engine.Backend{&firstTwin{twin{main, 0, &closed}}}})
	if err != nil {
		t.Fatal(err)
	}
	if n := e.Devices(engine.GPU); n != 3 || e.Devices(engine.CPU) != 0 || len(e.Pools()) != 1 {
		t.Errorf("there are %d devices, and %d pools", n, len(e.Pools()))
	}
	second := engine.Device{Type: engine.GPU, Index: 1}
	s, err := e.StreamOf("add", second)
	if err != nil || s.Device != second || e.DefaultStream(second) != s || len(e.Pools()) != 2 {
		t.Fatalf("got the stream %+v, %v", s, err)
	}
	b := e.NewBuilder()
	var there *engine.Node
	x, err := b.Build(func(b *engine.Builder) *engine.Node {
		here := b.Add(b.FromBytes(make([]byte, 4), engine.Float32, []int{1}), b.Full([]int{1}, 3, engine.Float32))
		b.Stream = s
		there = b.Add(here, here)
		b.Stream = nil
		return b.Add(there, here)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Eval(background, x); err != nil {
		t.Fatal(err)
	}
	o, err := e.Data(background, x)
	if err != nil {
		t.Fatal(err)
	}
	if got := math.Float32frombits(binary.NativeEndian.Uint32(o.Data[4*o.Offset:])); got != 9 {
		t.Errorf("got %v, want 9", got)
	}
	for _, c := range []struct {
		d    engine.Device
		want string
	}{
		{engine.Device{Type: engine.CPU}, "there is no cpu device here"},
		{engine.Device{Type: engine.GPU, Index: 3}, "there is no gpu 3 here, but 3 of them, from 0 on"},
		{engine.Device{Type: engine.GPU, Index: -1}, "there is no gpu -1 here"},
		{engine.Device{Type: engine.GPU, Index: 2}, "gpu 2: it is out of order"},
	} {
		if _, err := e.NewStream(c.d); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
		if err := e.SetDefaultDevice(c.d); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if err := e.SetDefaultDevice(second); err != nil || e.DefaultDevice() != second {
		t.Errorf("the default device is %v, %v", e.DefaultDevice(), err)
	}
	other, err := e.NewStream(second)
	if err != nil {
		t.Fatal(err)
	}
	e.SetDefaultStream(other)
	if e.ResetDefaults(1); e.DefaultDevice().Index != 0 || e.DefaultStream(second) != s {
		t.Error("defaults are not put back")
	}
	if err := e.Close(); err != nil || closed != 2 {
		t.Errorf("closing closed %d backends, %v", closed, err)
	}
}
