package nccl

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/distributed"
)

// hub stands for the GPUs of a test's processes and what is between them: memory whose
// addresses are numbers, and communicators of processes that give one identity.
type hub struct {
	mu     sync.Mutex
	come   *sync.Cond
	memory map[driver.DevicePtr][]byte
	teams  map[string]*team
	made   int
}

func newHub() *hub {
	h := &hub{memory: map[driver.DevicePtr][]byte{}, teams: map[string]*team{}}
	h.come = sync.NewCond(&h.mu)
	return h
}

// put gives bytes an address.
func (h *hub) put(data []byte) driver.DevicePtr {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := driver.DevicePtr(len(h.memory)+1) << 20
	h.memory[p] = data
	return p
}

// team is a communicator, of all its processes.
type team struct {
	hub     *hub
	members map[int]bool
	size    int
	rounds  []*round
	splits  map[int]map[int][2]int // by the number of a split: rank to colour and key
}

// round is an operation that runs once all processes have given theirs.
type round struct {
	name  string
	given map[int]call
	done  chan struct{}
}

type call struct {
	in, out driver.DevicePtr
	count   int
	t       driver.NCCLType
	by      driver.Reduction
	peer    int
}

// fake is NCCL in one process. It notes what was called.
type fake struct {
	hub *hub

	mu      sync.Mutex
	comms   map[driver.Comm]*member
	calls   []string
	failing error // of AsyncError
}

// member is a process's part of a team.
type member struct {
	*team
	rank   int
	next   int // round
	splits int
	ended  chan struct{}
}

func newFake(h *hub) *fake { return &fake{hub: h, comms: map[driver.Comm]*member{}} }

func (f *fake) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
}

func (f *fake) noted() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.calls, "; ")
}

func (f *fake) UniqueID() (id driver.UniqueID, err error) {
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	f.hub.made++
	copy(id[:], fmt.Sprint("identity ", f.hub.made))
	return id, nil
}

// InitRank waits until all have come.
func (f *fake) InitRank(size, rank int, id driver.UniqueID) (driver.Comm, error) {
	return f.join(string(id[:]), size, rank)
}

func (f *fake) join(name string, size, rank int) (driver.Comm, error) {
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.teams[name]
	if t == nil {
		t = &team{hub: h, members: map[int]bool{}, size: size, splits: map[int]map[int][2]int{}}
		h.teams[name] = t
	}
	if t.size != size || t.members[rank] || rank >= size {
		return 0, errors.New("invalid argument")
	}
	t.members[rank] = true
	h.come.Broadcast()
	for len(t.members) < size {
		h.come.Wait()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	c := driver.Comm(len(f.comms) + 1)
	f.comms[c] = &member{team: t, rank: rank, ended: make(chan struct{})}
	return c, nil
}

func (f *fake) member(c driver.Comm) *member {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.comms[c]
}

func (f *fake) Split(c driver.Comm, color, key int) (driver.Comm, error) {
	m := f.member(c)
	h := f.hub
	h.mu.Lock()
	n := m.splits
	m.splits++
	if m.team.splits[n] == nil {
		m.team.splits[n] = map[int][2]int{}
	}
	all := m.team.splits[n]
	all[m.rank] = [2]int{color, key}
	h.come.Broadcast()
	for len(all) < m.size {
		h.come.Wait()
	}
	rank, size := 0, 0
	for r, other := range all {
		if other[0] == color {
			size++
			if other[1] < key || other[1] == key && r < m.rank {
				rank++
			}
		}
	}
	h.mu.Unlock()
	return f.join(fmt.Sprintf("part %d %d of %p", n, color, m.team), size, rank)
}

func (f *fake) Count(c driver.Comm) (int, error)    { return f.member(c).size, nil }
func (f *fake) UserRank(c driver.Comm) (int, error) { return f.member(c).rank, nil }
func (f *fake) Destroy(c driver.Comm) error         { f.note("destroy"); return nil }
func (f *fake) GroupStart() error                   { f.note("start"); return nil }
func (f *fake) GroupEnd() error                     { f.note("end"); return nil }

// Abort ends what waits for others.
func (f *fake) Abort(c driver.Comm) error {
	f.note("abort")
	close(f.member(c).ended)
	return nil
}

func (f *fake) AsyncError(driver.Comm) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failing
}

// sizes are those of elements.
var sizes = map[driver.NCCLType]int{
	driver.NCCLInt8: 1, driver.NCCLUint8: 1, driver.NCCLInt32: 4, driver.NCCLUint32: 4, driver.NCCLInt64: 8, driver.NCCLUint64: 8,
	driver.NCCLFloat16: 2, driver.NCCLBFloat16: 2, driver.NCCLFloat32: 4,
}

// give adds this process's part to a round, which the last one runs. Like NCCL's it does
// not wait; work is what does.
func (f *fake) give(name string, c driver.Comm, s driver.Stream, x call) error {
	f.note("%s %d of type %d by %d", name, x.count, x.t, x.by)
	m := f.member(c)
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if m.next == len(m.rounds) {
		m.rounds = append(m.rounds, &round{name: name, given: map[int]call{}, done: make(chan struct{})})
	}
	r := m.rounds[m.next]
	m.next++
	r.given[m.rank] = x
	if len(r.given) == m.size {
		m.run(r)
		close(r.done)
	}
	streams.Store(s, &work{r.done, m.ended})
	return nil
}

// streams tell what was put on a stream last.
var streams sync.Map

// work is what a stream does. It is over when the round is, or is aborted.
type work struct{ done, ended chan struct{} }

func (w *work) Over() bool {
	select {
	case <-w.done:
	case <-w.ended:
	default:
		return false
	}
	return true
}

// run computes a round, of integers of 32 bits and bytes.
func (t *team) run(r *round) {
	at := func(p driver.DevicePtr, n int) []byte { return t.hub.memory[p][:n] }
	for rank := range t.size {
		x := r.given[rank]
		bytes := x.count * sizes[x.t]
		for other := range t.size {
			y := r.given[other]
			switch r.name {
			case "gather":
				copy(at(x.out, bytes*t.size)[other*bytes:], at(y.in, bytes))
			case "reduce", "scatter":
				from := 0
				if r.name == "scatter" {
					from = rank * bytes
				}
				combine(at(x.out, bytes), at(y.in, from+bytes)[from:], sizes[x.t], x.by, other == 0)
			}
		}
	}
}

// combine adds to elements, or takes the first.
func combine(to, from []byte, size int, by driver.Reduction, first bool) {
	for i := 0; i < len(to); i += size {
		switch {
		case first:
			copy(to[i:i+size], from[i:i+size])
		case size == 1 && by == driver.NCCLMax:
			to[i] = max(to[i], from[i])
		case size == 1 && by == driver.NCCLMin:
			to[i] = min(to[i], from[i])
		case by == driver.NCCLSum:
			binary.NativeEndian.PutUint32(to[i:], binary.NativeEndian.Uint32(to[i:])+binary.NativeEndian.Uint32(from[i:]))
		}
	}
}

func (f *fake) AllReduce(in, out driver.DevicePtr, count int, t driver.NCCLType, by driver.Reduction, c driver.Comm, s driver.Stream) error {
	return f.give("reduce", c, s, call{in, out, count, t, by, 0})
}

func (f *fake) AllGather(in, out driver.DevicePtr, count int, t driver.NCCLType, c driver.Comm, s driver.Stream) error {
	return f.give("gather", c, s, call{in, out, count, t, 0, 0})
}

func (f *fake) ReduceScatter(in, out driver.DevicePtr, count int, t driver.NCCLType, by driver.Reduction, c driver.Comm, s driver.Stream) error {
	return f.give("scatter", c, s, call{in, out, count, t, by, 0})
}

// Send and Recv only note that they were called.
func (f *fake) Send(_ driver.DevicePtr, count int, t driver.NCCLType, peer int, _ driver.Comm, _ driver.Stream) error {
	f.note("send %d of type %d to %d", count, t, peer)
	return nil
}

func (f *fake) Recv(_ driver.DevicePtr, count int, t driver.NCCLType, peer int, _ driver.Comm, _ driver.Stream) error {
	f.note("recv %d of type %d from %d", count, t, peer)
	return nil
}

// wires is the network of a process: it remembers connections, which a process that is
// killed loses.
type wires struct {
	all   *addresses
	mu    sync.Mutex
	conns []*mortal
}

// addresses stand for whatever ports are free.
type addresses struct {
	mu    sync.Mutex
	ports map[string]string
}

func (w *wires) Listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err == nil {
		w.all.mu.Lock()
		defer w.all.mu.Unlock()
		w.all.ports[address] = l.Addr().String()
		l = &listener{l, w}
	}
	return l, err
}

type listener struct {
	net.Listener
	w *wires
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.w.keep(c), nil
}

func (w *wires) keep(c net.Conn) net.Conn {
	w.mu.Lock()
	defer w.mu.Unlock()
	k := &mortal{Conn: c, killed: make(chan struct{}), closed: make(chan struct{})}
	w.conns = append(w.conns, k)
	return k
}

// cut is what the network sees of a process that is killed.
func (w *wires) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		close(c.killed)
	}
	for _, c := range w.conns {
		_ = c.Conn.Close()
	}
}

// mortal is a connection whose process neither hears nor says anything once it is killed.
type mortal struct {
	net.Conn
	killed, closed chan struct{}
	once           sync.Once
}

func (c *mortal) dead() bool {
	select {
	case <-c.killed:
		return true
	default:
		return false
	}
}

func (c *mortal) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.dead() {
		<-c.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *mortal) Write(p []byte) (int, error) {
	if c.dead() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (c *mortal) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

func (w *wires) Dial(ctx context.Context, address string) (net.Conn, error) {
	w.all.mu.Lock()
	port := w.all.ports[address]
	w.all.mu.Unlock()
	if port == "" {
		return nil, errors.New("nobody listens")
	}
	c, err := new(net.Dialer).DialContext(ctx, "tcp", port)
	if err != nil {
		return nil, err
	}
	return w.keep(c), nil
}

func (w *wires) LookupHost(context.Context, string) ([]string, error) {
	return nil, errors.New("there are no names")
}

// member of a test's group: the group, and what it stands on.
type part struct {
	*group
	fake  *fake
	wires *wires
}

// start makes the group of so many processes, all of them here.
func start(t *testing.T, size int, more ...string) ([]part, *hub) {
	t.Helper()
	h, all := newHub(), &addresses{ports: map[string]string{}}
	parts, errs := make([]part, size), make([]error, size)
	var wait sync.WaitGroup
	for rank := range size {
		p := &parts[rank]
		p.fake, p.wires = newFake(h), &wires{all: all}
		wait.Go(func() {
			g, err := join(t.Context(), options(p.wires, rank, size, more...), func() (library, error) { return p.fake, nil })
			if errs[rank] = err; err == nil {
				p.group = g.(*group)
			}
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, p := range parts {
			_ = p.Close() // tests close those whose end they judge
		}
	})
	return parts, h
}

func options(network distributed.Network, rank, size int, more ...string) *distributed.Options {
	variables := map[string]string{
		rankVariable: fmt.Sprint(rank), sizeVariable: fmt.Sprint(size), hostVariable: "10.0.0.1", portVariable: "12345",
		"MLXSTAR_RING_HEARTBEAT": "120", // a machine that does much else
	}
	for _, kv := range more {
		name, value, set := strings.Cut(kv, "=")
		variables[name] = value
		if !set {
			delete(variables, name)
		}
	}
	return &distributed.Options{
		Variable: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		Network:  network,
		EnterGPU: func() func() { return func() {} },
	}
}
