package distributed

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/engine"
)

// wires is a network of a test: the addresses of a hostfile stand for whatever ports are
// free.
type wires struct {
	mu    sync.Mutex
	ports map[string]string
	heard *sync.Cond
}

func newWires() *wires {
	w := &wires{ports: map[string]string{}}
	w.heard = sync.NewCond(&w.mu)
	return w
}

func (w *wires) Listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ports[address] = l.Addr().String()
		w.heard.Broadcast()
	}
	return l, err
}

// port is where an address is listened to, once it is.
func (w *wires) port(address string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.ports[address] == "" {
		w.heard.Wait()
	}
	return w.ports[address]
}

func (w *wires) Dial(ctx context.Context, address string) (net.Conn, error) {
	w.mu.Lock()
	port := w.ports[address]
	w.mu.Unlock()
	if port == "" {
		return nil, errors.New("nobody listens")
	}
	return new(net.Dialer).DialContext(ctx, "tcp", port)
}

func (w *wires) LookupHost(context.Context, string) ([]string, error) {
	return nil, errors.New("there are no names")
}

// ringOptions are what a process of a ring of a test is given.
func ringOptions(network Network, rank, size, connections int, more ...string) *Options {
	nodes := make([][]string, size)
	for r := range nodes {
		for c := range connections {
			nodes[r] = append(nodes[r], fmt.Sprintf("127.0.0.1:%d", 1+r*connections+c))
		}
	}
	variables := map[string]string{rankVariable: fmt.Sprint(rank), hostfileVariable: "hosts.json", heartbeatVariable: "120"}
	for _, kv := range more {
		name, value, _ := strings.Cut(kv, "=")
		variables[name] = value
	}
	return &Options{
		Variable: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		ReadFile: func(string) ([]byte, error) { return hosts(nodes), nil },
		Network:  network,
	}
}

// hosts writes addresses as a hostfile does.
func hosts(nodes [][]string) []byte {
	var b strings.Builder
	for i, n := range nodes {
		fmt.Fprintf(&b, "%s[\"%s\"]", []string{"", ","}[min(i, 1)], strings.Join(n, `","`))
	}
	return []byte("[" + b.String() + "]")
}

// join makes a ring of so many processes, all of them here.
func join(t *testing.T, size, connections int, more ...string) []*ring {
	t.Helper()
	rings, errs := make([]*ring, size), make([]error, size)
	network := newWires()
	var all sync.WaitGroup
	for rank := range size {
		all.Go(func() {
			o := ringOptions(network, rank, size, connections, more...)
			g, err := joinRing(t.Context(), o)
			if errs[rank] = err; err == nil {
				rings[rank] = g.(*ring)
			}
		})
	}
	all.Wait()
	t.Cleanup(func() {
		for _, r := range rings {
			if r != nil {
				_ = r.Close()
			}
		}
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return rings
}

// exchange is an operation on elements of 4 bytes, integers of 32 bits.
func exchange(kind *engine.Op, in []byte, out int) *engine.Exchange {
	return &engine.Exchange{Kind: kind, Dtype: engine.Int32, Bytes: len(in), In: in, Out: make([]byte, out), Fold: func(dst, src []byte) error {
		for i := 0; i < len(dst); i += 4 {
			a, b := int32(binary.NativeEndian.Uint32(dst[i:])), int32(binary.NativeEndian.Uint32(src[i:]))
			switch kind {
			case engine.OpAllMax:
				a = max(a, b)
			case engine.OpAllMin:
				a = min(a, b)
			default:
				a += b
			}
			binary.NativeEndian.PutUint32(dst[i:], uint32(a))
		}
		return nil
	}}
}

// perform runs an operation with the scratch that the ring asks for.
func perform(ctx context.Context, r *ring, x *engine.Exchange) error {
	x.Scratch = make([]byte, r.Scratch(x))
	return r.Exchange(ctx, x)
}

// everyone runs f for each process at once.
func everyone(rings []*ring, f func(rank int, r *ring) error) error {
	errs := make([]error, len(rings))
	var all sync.WaitGroup
	for rank, r := range rings {
		all.Go(func() { errs[rank] = f(rank, r) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// elements are pseudo-random numbers of a process.
func elements(rank, count int) []byte {
	random := rand.New(rand.NewPCG(uint64(rank), uint64(count)))
	out := make([]byte, 4*count)
	for i := range count {
		binary.NativeEndian.PutUint32(out[4*i:], random.Uint32()>>8)
	}
	return out
}

// combined is what a reduction gives, by the definition.
func combined(kind *engine.Op, size, count int) []byte {
	out := elements(0, count)
	for rank := 1; rank < size; rank++ {
		x := exchange(kind, out, 0)
		_ = x.Fold(out, elements(rank, count))
	}
	return out
}

// TestRing compares every operation with its definition: in rings with and without a
// secret, with one connection and several, of few elements and of many.
func TestRing(t *testing.T) {
	counts := []int{0, 1, 2, 3, 5, 64, 1000, 4099, 40_001}
	for _, size := range []int{2, 3, 5} {
		for _, connections := range []int{1, 2} {
			for _, secret := range []string{"", "open sesame"} {
				if size == 5 && connections == 2 {
					continue
				}
				t.Run(fmt.Sprintf("%d/%d/%v", size, connections, secret != ""), func(t *testing.T) {
					rings := join(t, size, connections, secretVariable+"="+secret)
					for _, count := range counts {
						if err := everyone(rings, func(rank int, r *ring) error { return operations(rank, r, count) }); err != nil {
							t.Fatalf("%d elements: %v", count, err)
						}
					}
					if size > 3 || secret != "" {
						return
					}
					const many = 600_000 // of which each lane has several chunks
					want := combined(engine.OpAllSum, size, many)
					err := everyone(rings, func(rank int, r *ring) error {
						x := exchange(engine.OpAllSum, elements(rank, many), 4*many)
						if err := perform(t.Context(), r, x); err != nil || bytes.Equal(x.Out, want) {
							return err
						}
						return fmt.Errorf("process %d has another sum of many", rank)
					})
					if err != nil {
						t.Fatal(err)
					}
				})
			}
		}
	}
}

// operations runs each operation once, and says what is wrong.
func operations(rank int, r *ring, count int) error {
	ctx, mine := context.Background(), elements(rank, count)
	for _, kind := range []*engine.Op{engine.OpAllSum, engine.OpAllMax, engine.OpAllMin} {
		x := exchange(kind, mine, len(mine))
		if err := perform(ctx, r, x); err != nil {
			return err
		}
		if !bytes.Equal(x.Out, combined(kind, r.size, count)) {
			return fmt.Errorf("process %d has another %s", rank, kind.Name)
		}
	}
	x := exchange(engine.OpAllGather, mine, r.size*len(mine))
	if err := perform(ctx, r, x); err != nil {
		return err
	}
	var whole []byte
	for other := range r.size {
		whole = append(whole, elements(other, count)...)
	}
	if !bytes.Equal(x.Out, whole) {
		return fmt.Errorf("process %d gathered something else", rank)
	}
	part := count / r.size
	x = exchange(engine.OpSumScatter, mine[:4*part*r.size], 4*part)
	if err := perform(ctx, r, x); err != nil {
		return err
	}
	if !bytes.Equal(x.Out, combined(engine.OpAllSum, r.size, count)[4*part*rank:4*part*(rank+1)]) {
		return fmt.Errorf("process %d has another part of the sum", rank)
	}
	return pass(ctx, rank, r, mine)
}

// pass sends to the right and receives from the left, then the other way round. As many
// as one process less send first, so that somebody receives.
func pass(ctx context.Context, rank int, r *ring, mine []byte) error {
	for _, peers := range [][2]int{{r.next(), r.previous()}, {r.previous(), r.next()}} {
		send := exchange(engine.OpSend, mine, len(mine))
		recv := exchange(engine.OpRecv, nil, len(mine))
		send.Peer, recv.Peer, recv.Bytes = peers[0], peers[1], len(mine)
		order := []*engine.Exchange{send, recv}
		if rank == 0 {
			slices.Reverse(order)
		}
		for _, x := range order {
			if err := perform(ctx, r, x); err != nil {
				return err
			}
		}
		if !bytes.Equal(recv.Out, elements(peers[1], len(mine)/4)) || !bytes.Equal(send.Out, mine) {
			return fmt.Errorf("process %d received something else from %d", rank, peers[1])
		}
	}
	return nil
}

// TestRingInPlace: the answer may lie where the operand does.
func TestRingInPlace(t *testing.T) {
	rings := join(t, 3, 1)
	err := everyone(rings, func(rank int, r *ring) error {
		for _, count := range []int{1, 1000, 300_000} {
			x := exchange(engine.OpAllSum, elements(rank, count), 0)
			x.Out = x.In
			if err := perform(t.Context(), r, x); err != nil {
				return err
			}
			if !bytes.Equal(x.Out, combined(engine.OpAllSum, 3, count)) {
				return fmt.Errorf("process %d has another sum of %d elements", rank, count)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRingScratch: an operation keeps to the scratch that it asked for, which is bounded.
func TestRingScratch(t *testing.T) {
	r := join(t, 2, 2)[0]
	for _, bytes := range []int{0, 4, 4000, 4 << 20, 400 << 20} {
		for _, kind := range labelled {
			n := r.Scratch(&engine.Exchange{Kind: kind, Dtype: engine.Float32, Bytes: bytes})
			most := 4*chunkBytes + 64
			if kind == engine.OpSumScatter {
				most += bytes
			}
			if n > most {
				t.Errorf("%s of %d bytes wants %d bytes of scratch, want at most %d", kind.Name, bytes, n, most)
			}
		}
	}
}

// TestRingRefuses: what a ring does not do is said.
func TestRingRefuses(t *testing.T) {
	r := join(t, 4, 1)[1]
	for _, kind := range []*engine.Op{engine.OpSend, engine.OpRecv} {
		x := exchange(kind, nil, 0)
		x.Peer = 3
		if err := perform(t.Context(), r, x); err == nil || !strings.Contains(err.Error(), "process 3 is none of 1") {
			t.Errorf("%s beyond a neighbour: %v", kind.Name, err)
		}
	}
	if _, err := r.Split(t.Context(), 0, 0); err == nil {
		t.Error("a ring was split")
	}
}

// sum starts a sum of many elements, or of few, and waits for how it ends.
func sum(ctx context.Context, r *ring, count int) error {
	return perform(ctx, r, exchange(engine.OpAllSum, elements(r.rank, count), 4*count))
}

// TestRingFaults: however a process ends, all others end with an error that names it.
func TestRingFaults(t *testing.T) {
	const size, gone = 5, 3
	ways := map[string]func(r *ring){
		"killed": func(r *ring) { // connections end without a word
			numb(r)
			for _, s := range r.watch.sides {
				_ = s.conn.Close()
			}
			for i := range r.right {
				_, _ = r.right[i].Close(), r.left[i].Close()
			}
		},
		"left":        func(r *ring) { _ = r.Close() },
		"interrupted": interrupted,
		"silent":      numb,
	}
	for name, end := range ways {
		t.Run(name, func(t *testing.T) {
			patience := heartbeatVariable + "=120"
			if name == "silent" {
				patience = heartbeatVariable + "=2"
			}
			rings := join(t, size, 1, secretVariable+"=s", patience)
			began := time.Now()
			err := everyone(rings, func(rank int, r *ring) error {
				if rank == gone {
					end(r)
					return nil
				}
				err := sum(t.Context(), r, 50_000)
				if want := fmt.Sprintf("process %d was lost", gone); err == nil || !strings.Contains(err.Error(), want) {
					return fmt.Errorf("process %d: got %v, want %q", rank, err, want)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("it took %v", took)
			}
			if name == "silent" { // end what pretends to have ended
				for _, s := range rings[gone].watch.sides {
					_ = s.conn.Close()
				}
			}
		})
	}
}

// numb has a process of a ring do nothing any more: neither say that it is there, nor
// that it leaves.
func numb(r *ring) { r.end.Do(func() { close(r.lost) }) }

// interrupted starts an operation whose context ends while it waits for the others.
func interrupted(r *ring) {
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	x := exchange(engine.OpRecv, nil, 40)
	x.Peer, x.Bytes = r.next(), 40
	_ = perform(ctx, r, x)
}

// TestRingCancelled: an operation ends with its context, at once.
func TestRingCancelled(t *testing.T) {
	for _, secret := range []string{"", "s"} {
		rings := join(t, 2, 1, secretVariable+"="+secret)
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, stop)
		if err := sum(ctx, rings[0], 100_000); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that the context ended", err)
		}
		if err := sum(t.Context(), rings[1], 100_000); err == nil {
			t.Error("the other process has a sum")
		}
	}
}

// TestRingWithoutSecret: a neighbour that closes is named, as MLX's processes can be no more.
func TestRingWithoutSecret(t *testing.T) {
	rings := join(t, 3, 1)
	_ = rings[2].Close()
	err := everyone(rings[:2], func(rank int, r *ring) error {
		if err := sum(t.Context(), r, 10); err == nil || !strings.Contains(err.Error(), "was lost") {
			return fmt.Errorf("process %d: got %v, want that another was lost", rank, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestRingTimeout: a neighbour that never takes part is not waited for for ever.
func TestRingTimeout(t *testing.T) {
	rings := join(t, 2, 1, timeoutVariable+"=0.1")
	if err := sum(t.Context(), rings[0], 10); err == nil || !strings.Contains(err.Error(), "process 1 was lost: it sent nothing for too long") {
		t.Errorf("got %v", err)
	}
}

// TestRingDisagreement: processes that do different things are told so.
func TestRingDisagreement(t *testing.T) {
	for name, other := range map[string]func(r *ring) error{
		"size": func(r *ring) error { return sum(context.Background(), r, 20) },
		"plan": func(r *ring) error { return sum(context.Background(), r, 100_000) },
		"kind": func(r *ring) error {
			return perform(context.Background(), r, exchange(engine.OpAllMax, elements(1, 10), 40))
		},
	} {
		rings := join(t, 2, 1, secretVariable+"=s")
		err := everyone(rings, func(rank int, r *ring) error {
			f := other
			if rank == 0 {
				f = func(r *ring) error { return sum(context.Background(), r, 10) }
			}
			if err := f(r); err == nil || !strings.Contains(err.Error(), "disagree") {
				return fmt.Errorf("process %d: %v", rank, err)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRingStrangers: who does not belong is refused, and the ring is formed regardless.
func TestRingStrangers(t *testing.T) {
	network := newWires()
	for i, says := range []string{"", "GET / HTTP/1.0\r\n\r\n", strings.Repeat("x", 1<<16), greeting + strings.Repeat("\x00", helloSize)} {
		go func() {
			c, err := net.Dial("tcp", network.port(fmt.Sprintf("127.0.0.1:%d", 1+i%2)))
			if err != nil {
				return
			}
			defer c.Close()
			_, _ = io.WriteString(c, says)
			_, _ = io.Copy(io.Discard, c)
		}()
	}
	rings := make([]*ring, 2)
	var all sync.WaitGroup
	for rank := range rings {
		all.Go(func() {
			o := ringOptions(network, rank, 2, 1, secretVariable+"=s")
			if rank == 1 { // strangers come first
				network.port("127.0.0.1:1")
				time.Sleep(20 * time.Millisecond)
			}
			g, err := joinRing(t.Context(), o)
			if err != nil {
				t.Error(err)
				return
			}
			rings[rank] = g.(*ring)
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	defer func() { _, _ = rings[0].Close(), rings[1].Close() }()
	if err := everyone(rings, func(rank int, r *ring) error { return operations(rank, r, 100) }); err != nil {
		t.Error(err)
	}
}

// TestRingSecrets: processes with different secrets, or one without, form no ring.
func TestRingSecrets(t *testing.T) {
	network := newWires()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	errs := make([]error, 2)
	var all sync.WaitGroup
	for rank := range errs {
		all.Go(func() {
			_, errs[rank] = joinRing(ctx, ringOptions(network, rank, 2, 1, fmt.Sprintf("%s=%d", secretVariable, rank)))
			stop() // one knows at once, the other would wait for a better one
		})
	}
	all.Wait()
	if all := errors.Join(errs...); errs[0] == nil || errs[1] == nil || !strings.Contains(all.Error(), "another "+secretVariable) {
		t.Errorf("got %v", all)
	}
}

// TestJoinCancelled: looking for others ends with the context, and leaves nothing behind.
func TestJoinCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer stop()
	_, err := joinRing(ctx, ringOptions(newWires(), 0, 2, 2))
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "rank 1") {
		t.Errorf("got %v, want that rank 1 was missing", err)
	}
	settles(t, before)
}

// settles waits until there are no more goroutines than there were.
func settles(t *testing.T, before int) {
	t.Helper()
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines are left, of %d before", runtime.NumGoroutine(), before)
}

// TestCloseLeavesNothing: a closed ring has no goroutine and no connection.
func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	rings := join(t, 3, 2, secretVariable+"=s")
	if err := everyone(rings, func(rank int, r *ring) error { return operations(rank, r, 1000) }); err != nil {
		t.Fatal(err)
	}
	for _, r := range rings {
		_ = r.Close()
	}
	settles(t, before)
}
