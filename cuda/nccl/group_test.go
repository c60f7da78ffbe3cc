package nccl

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
)

const secret = "MLXSTAR_RING_SECRET=open sesame"

// each has every process do something at once.
func each(t *testing.T, parts []part, f func(rank int, p part) error) {
	t.Helper()
	errs := make([]error, len(parts))
	var all sync.WaitGroup
	for rank, p := range parts {
		all.Go(func() { errs[rank] = f(rank, p) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// TestOperations: operations are what NCCL calls so, on elements as it knows them.
func TestOperations(t *testing.T) {
	for _, more := range []string{"A=b", secret} {
		parts, h := start(t, 3, more)
		for _, c := range []struct {
			op    *engine.Op
			d     engine.Dtype
			in    func(rank int) []byte
			taken int
			want  func(rank int) []byte
		}{
			{engine.OpAllSum, engine.Int32, numbers(1, 2), 2, numbersOf(6, 12)},
			{engine.OpAllSum, engine.Bool, func(r int) []byte { return []byte{0, byte(r % 2), 1} }, 3, bytesOf(0, 1, 1)},
			{engine.OpAllMax, engine.Uint8, func(r int) []byte { return []byte{byte(r), 7 - byte(r)} }, 2, bytesOf(2, 7)},
			{engine.OpAllMin, engine.Bool, func(r int) []byte { return []byte{byte(r % 2), 1} }, 2, bytesOf(0, 1)},
			{engine.OpAllGather, engine.Int16, func(r int) []byte { return []byte{byte(r), 0} }, 3, bytesOf(0, 0, 1, 0, 2, 0)},
			{engine.OpSumScatter, engine.Int32, numbers(1, 2, 3), 1, func(r int) []byte { return numbersOf(uint32(6 * (r + 1)))(r) }},
		} {
			each(t, parts, func(rank int, p part) error {
				in, out := c.in(rank), make([]byte, c.taken*c.d.Size())
				o := cuda.Operation{Op: c.op, Dtype: c.d, In: uint64(h.put(in)), Out: uint64(h.put(out)), Given: len(in) / c.d.Size(), Taken: c.taken}
				if err := p.Takes(o.Op, o.Dtype); err != nil {
					return err
				}
				if err := p.Enqueue(stream(t, rank), []cuda.Operation{o}); err != nil {
					return err
				}
				<-under(t, rank).done
				if want := c.want(rank); !bytes.Equal(out, want) {
					return fmt.Errorf("%s of %s gives process %d %v, want %v", c.op.Name, c.d, rank, out, want)
				}
				return nil
			})
		}
		each(t, parts, func(rank int, p part) error { return p.Close() })
		for rank, p := range parts {
			if log := p.fake.noted(); !strings.HasSuffix(log, "destroy") || strings.Contains(log, "abort") {
				t.Errorf("process %d ends with %s", rank, log)
			}
		}
	}
}

// stream is a process's, in a test.
func stream(t *testing.T, rank int) uintptr { return uintptr(len(t.Name())*100 + rank) }

// under is what the stream does.
func under(t *testing.T, rank int) *work {
	w, _ := streams.Load(driver.Stream(stream(t, rank)))
	return w.(*work)
}

func bytesOf(b ...byte) func(int) []byte { return func(int) []byte { return b } }

func numbersOf(n ...uint32) func(int) []byte {
	return func(int) []byte {
		var out []byte
		for _, v := range n {
			out = binary.NativeEndian.AppendUint32(out, v)
		}
		return out
	}
}

// numbers are those times the process's number from 1 on.
func numbers(n ...uint32) func(int) []byte {
	return func(rank int) []byte {
		var out []byte
		for _, v := range n {
			out = binary.NativeEndian.AppendUint32(out, v*uint32(rank+1))
		}
		return out
	}
}

// TestMessages: messages of one list are under way at once, and elements are bytes.
func TestMessages(t *testing.T) {
	parts, _ := start(t, 2)
	err := parts[0].Enqueue(1, []cuda.Operation{
		{Op: engine.OpSend, Dtype: engine.Complex64, Peer: 1, Given: 3, Taken: 3},
		{Op: engine.OpRecv, Dtype: engine.Int16, Peer: 1, Taken: 5},
	})
	if want := "start; send 24 of type 1 to 1; recv 10 of type 1 from 1; end"; err != nil || parts[0].fake.noted() != want {
		t.Errorf("called %s, %v, want %s", parts[0].fake.noted(), err, want)
	}
}

// TestTakes: what NCCL does not combine is refused by name.
func TestTakes(t *testing.T) {
	for _, d := range engine.Dtypes() {
		for _, op := range []*engine.Op{engine.OpAllSum, engine.OpAllMax, engine.OpAllMin, engine.OpSumScatter, engine.OpAllGather, engine.OpSend, engine.OpRecv} {
			refused := engine.FoldOf(op) != nil && (d == engine.Int16 || d == engine.Uint16 || d == engine.Float64 || d == engine.Complex128)
			if d == engine.Complex64 && (op == engine.OpAllMax || op == engine.OpAllMin) {
				refused = true
			}
			err := new(group).Takes(op, d)
			if (err != nil) != refused || refused && !strings.Contains(err.Error(), op.Name+": NCCL does not combine elements of "+d.String()) {
				t.Errorf("%s of %s gives %v", op.Name, d, err)
			}
		}
	}
}

// TestSplit: parts are communicators of their own.
func TestSplit(t *testing.T) {
	parts, _ := start(t, 4)
	each(t, parts, func(rank int, p part) error {
		g, err := p.Split(t.Context(), rank%2, -rank)
		if err != nil {
			return err
		}
		if g.Rank() != rank/2 || g.Size() != 2 {
			return fmt.Errorf("process %d is %d of %d", rank, g.Rank(), g.Size())
		}
		if _, err := p.Split(t.Context(), -1, 0); err == nil {
			return errors.New("a colour below 0 is taken")
		}
		if err := g.Close(); err != nil {
			return err
		}
		return p.Close()
	})
	if log := parts[0].fake.noted(); log != "destroy; destroy" {
		t.Errorf("called %s", log)
	}
}

// TestLost: in whatever way a process is lost, the operations of all others are ended, and
// the error names it.
func TestLost(t *testing.T) {
	for _, c := range []struct {
		name string
		lose func(p part)
		want string
		rank int
	}{
		{"killed", func(p part) { p.wires.cut() }, "it closed the connection", 1},
		{"the middle is killed", func(p part) { p.wires.cut() }, "it closed the connection", 0},
		{"script failed", func(p part) { p.Abandon(); _ = p.Close() }, "its script failed", 1},
		{"left", func(p part) { _ = p.Close() }, "it left the group", 1},
		{"the middle left", func(p part) { _ = p.Close() }, "it left the group", 0},
		{"NCCL failed", func(p part) { p.fake.mu.Lock(); p.fake.failing = errors.New("remote error"); p.fake.mu.Unlock() }, "remote error", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			parts, h := start(t, 3, secret)
			var others []part
			for rank, p := range parts {
				if rank == c.rank {
					continue
				}
				others = append(others, p)
				at := uint64(h.put(make([]byte, 4)))
				if err := p.Enqueue(stream(t, rank), []cuda.Operation{{Op: engine.OpAllSum, Dtype: engine.Int32, In: at, Out: at, Given: 1, Taken: 1}}); err != nil {
					t.Fatal(err)
				}
				p.Attend(under(t, rank))
			}
			c.lose(parts[c.rank])
			for _, p := range others {
				w := under(t, p.rank)
				select {
				case <-w.ended:
				case <-time.After(20 * time.Second): // a machine that does much else
					t.Fatalf("process %d waits on", p.rank)
				}
				if err := p.Fault(); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), fmt.Sprint("process ", c.rank, " was lost")) {
					t.Errorf("process %d got %v, want process %d and %q", p.rank, err, c.rank, c.want)
				}
				if err := p.Enqueue(9, []cuda.Operation{{Op: engine.OpAllSum, Dtype: engine.Int32}}); err == nil {
					t.Errorf("process %d goes on", p.rank)
				}
				p.Forget(w)
			}
		})
	}
}

// TestPartGoesOn: when a process has left, parts that it is not in go on, however long they take.
func TestPartGoesOn(t *testing.T) {
	parts, h := start(t, 3)
	halves := make([]distributed.Group, 3)
	each(t, parts, func(rank int, p part) (err error) {
		halves[rank], err = p.Split(t.Context(), min(rank, 1), 0)
		return err
	})
	if err := parts[0].Close(); err != nil {
		t.Fatal(err)
	}
	begin := func(rank int) {
		at := uint64(h.put(make([]byte, 4)))
		if err := halves[rank].(*group).Enqueue(stream(t, rank), []cuda.Operation{{Op: engine.OpAllSum, Dtype: engine.Int32, In: at, Out: at, Given: 1, Taken: 1}}); err != nil {
			t.Fatal(err)
		}
		halves[rank].(*group).Attend(under(t, rank))
	}
	begin(1)
	for range 8 {
		time.Sleep(watchTime)
		if err := parts[1].Fault(); err != nil {
			t.Fatal(err)
		}
	}
	begin(2)
	<-under(t, 1).done
}

// TestCloseWaits: a process leaves when what it has begun is over.
func TestCloseWaits(t *testing.T) {
	parts, h := start(t, 2)
	begin := func(rank int) {
		at := uint64(h.put(make([]byte, 4)))
		if err := parts[rank].Enqueue(stream(t, rank), []cuda.Operation{{Op: engine.OpAllSum, Dtype: engine.Int32, In: at, Out: at, Given: 1, Taken: 1}}); err != nil {
			t.Fatal(err)
		}
		parts[rank].Attend(under(t, rank))
	}
	begin(0)
	closed := make(chan error)
	go func() { closed <- parts[0].Close() }()
	select {
	case err := <-closed:
		t.Fatalf("it left at once: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	begin(1)
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// TestJoinRefuses: variables that cannot be honoured are errors that name them.
func TestJoinRefuses(t *testing.T) {
	network := &wires{all: &addresses{ports: map[string]string{}}}
	for _, c := range []struct {
		set  string
		gpu  bool
		want string
	}{
		{rankVariable, true, "MLX_RANK is not set"},
		{sizeVariable, true, "MLX_WORLD_SIZE is not set"},
		{hostVariable, true, "NCCL_HOST_IP is not set"},
		{portVariable, true, "NCCL_PORT is not set"},
		{portVariable + "=99999", true, `NCCL_PORT is "99999", want a number from 1 to 65535`},
		{rankVariable + "=2", true, `MLX_RANK is "2", want a number from 0 to 1`},
		{timeoutVariable + "=soon", true, `MLX_NCCL_TIMEOUT is "soon"`},
		{timeoutVariable + "=100", true, "the processes did not find each other in time, see MLX_NCCL_TIMEOUT"},
		{"A=b", false, "this runtime has none"},
	} {
		o := options(network, 0, 2, c.set)
		if !c.gpu {
			o.EnterGPU = nil
		}
		_, err := join(t.Context(), o, func() (library, error) { return newFake(newHub()), nil })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.set, err, c.want)
		}
	}
	late := options(network, 1, 2, timeoutVariable+"=100")
	if _, err := join(t.Context(), late, func() (library, error) { return newFake(newHub()), nil }); err == nil || !strings.Contains(err.Error(), "rank 0 does not answer") {
		t.Errorf("got %v", err)
	}
	if _, err := join(t.Context(), options(network, 0, 1), func() (library, error) { return nil, errors.New("NCCL was not found") }); err == nil {
		t.Error("a library that is not there is taken")
	}
}

// TestExchangeOnProcessor: arrays of the processor are refused.
func TestExchangeOnProcessor(t *testing.T) {
	var g distributed.Group = new(group)
	if err := g.Exchange(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "this one is the processor's") {
		t.Errorf("got %v", err)
	}
}
