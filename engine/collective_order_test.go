package engine_test

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/engine"
)

// witness is a group that notes which operations it is asked for, by the peer of each
// send, and gives every array back.
type witness struct {
	asBuilt bool
	pause   time.Duration

	mu    sync.Mutex
	asked []int
}

func (w *witness) Rank() int                    { return 0 }
func (w *witness) Size() int                    { return 1 << 10 }
func (w *witness) AsBuilt() bool                { return w.asBuilt }
func (w *witness) Scratch(*engine.Exchange) int { return 0 }

func (w *witness) Exchange(_ context.Context, x *engine.Exchange) error {
	time.Sleep(w.pause)
	copy(x.Out, x.In)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, x.Peer)
	return nil
}

// TestCollectivesAsBuilt: however roots are given and whatever memory would have, operations
// of a group run as they were made, on one stream or several.
func TestCollectivesAsBuilt(t *testing.T) {
	e, b := newEngine(t, 0)
	w := &witness{asBuilt: true}
	other, err := e.NewStream(engine.Device{Type: engine.CPU})
	if err != nil {
		t.Fatal(err)
	}
	streams := []*engine.Stream{nil, other}
	var want []int
	for round := range 5 {
		w.asked = nil
		var roots []*engine.Node
		x := b.Full([]int{64, 1 << uint(round)}, 0.5, engine.Float32)
		for i := range 24 {
			// Some need each other, some much memory, some little.
			in := b.Binary(engine.OpMultiply, x, b.Scalar(float64(i), engine.Float32))
			if i%3 == 1 {
				in = b.Sum(b.MatMul(in, b.Transpose(in, []int{1, 0})), nil, false)
			}
			if i%5 == 4 {
				in = b.Binary(engine.OpAdd, in, roots[len(roots)-1])
			}
			b.Stream = streams[i*round%2]
			n := b.Send(w, in, i)
			b.Stream = nil
			roots = append(roots, n)
		}
		want = want[:0]
		for i := range roots {
			want = append(want, i)
		}
		if round%2 == 1 {
			slices.Reverse(roots)
		}
		if err := e.Eval(background, roots...); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(w.asked, want) {
			t.Errorf("round %d: they ran as %v, want as they were made", round, w.asked)
		}
	}
}

// TestCollectivesAsMLX: in a group that may have processes of MLX, operations that are
// roots run from the last to the first, and those that others need before these.
func TestCollectivesAsMLX(t *testing.T) {
	e, b := newEngine(t, 0)
	w := &witness{}
	x := b.Full([]int{8}, 1, engine.Float32)
	defer e.NewArray(x).Release()
	send := func(in *engine.Node, i int) *engine.Node { return b.Send(w, in, i) }
	for _, c := range []struct {
		roots func() []*engine.Node
		want  []int
	}{
		{func() []*engine.Node { return []*engine.Node{send(x, 0), send(x, 1), send(x, 2)} }, []int{2, 1, 0}},
		{func() []*engine.Node { a := send(x, 0); return []*engine.Node{a, send(a, 1), send(x, 2)} }, []int{0, 2, 1}},
		{func() []*engine.Node {
			return []*engine.Node{b.Add(send(x, 0), send(x, 1)), send(b.Exp(x), 2)}
		}, []int{1, 0, 2}},
	} {
		w.asked = nil
		if err := e.Eval(background, c.roots()...); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(w.asked, c.want) {
			t.Errorf("they ran as %v, want %v", w.asked, c.want)
		}
	}
}

// TestCollectivesOnAStream: what an operation on a stream of its own reads stays what it is
// until that has run, whatever other streams do with the memory.
func TestCollectivesOnAStream(t *testing.T) {
	e, b := newEngine(t, 0)
	own, err := e.NewStream(engine.Device{Type: engine.CPU})
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{asBuilt: true, pause: 30 * time.Millisecond}
	a, err := b.Build(func(b *engine.Builder) *engine.Node { return b.Full([]int{1 << 16}, 1, engine.Float32) })
	if err != nil {
		t.Fatal(err)
	}
	held := e.NewArray(a)
	if err := e.Eval(background, a); err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		var roots []*engine.Node
		for i := range 4 {
			value := float64(10*round + i)
			g := b.Sort(b.Binary(engine.OpAdd, a, b.Scalar(value, engine.Float32)), 0)
			b.Stream = own
			sent := b.Collect(engine.OpAllSum, w, g)
			b.Stream = nil
			// They read it on the other stream, and want memory of its size.
			roots = append(roots, sent, b.Sum(g, nil, false))
			roots = append(roots, b.Sum(b.Sort(b.Binary(engine.OpMultiply, a, b.Scalar(-1, engine.Float32)), 0), nil, false))
		}
		if err := e.AsyncEval(background, roots...); err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			o, err := e.Data(background, roots[3*i])
			if err != nil {
				t.Fatal(err)
			}
			first := math.Float32frombits(binary.NativeEndian.Uint32(o.Data[4*o.Offset:]))
			if want := float32(10*round + i + 1); first != want {
				t.Errorf("round %d: operation %d read %v, want %v", round, i, first, want)
			}
		}
	}
	held.Release()
}
