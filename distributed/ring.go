package distributed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mlxstar/mlxstar/engine"
)

// The variables that a ring goes by, besides those that tell who is who.
const (
	verboseVariable   = "MLX_RING_VERBOSE"
	secretVariable    = "MLXSTAR_RING_SECRET"
	timeoutVariable   = "MLXSTAR_RING_TIMEOUT"
	heartbeatVariable = "MLXSTAR_RING_HEARTBEAT"
)

const (
	// joinTime bounds the time in which the processes of a ring must find each other.
	joinTime = 2 * time.Minute
	// waitTime is how long, in seconds, an operation waits for a neighbour that sends nothing.
	waitTime = 1800
	// silentTime is how long, in seconds, a process may give no sign of life.
	silentTime = 4
	// verdictTime is how long a process that lost a connection waits to be told who
	// was lost, since the neighbour may only have left because of another.
	verdictTime = time.Second
)

// ring is a group whose processes each have connections to two neighbours, the one of
// the next rank being to the right.
type ring struct {
	rank, size  int
	name        string     // the address of rank 0
	right, left []net.Conn // as many
	watch       *watch     // of rings with a secret, else nil
	wait        time.Duration
	busy        chan struct{}   // holds a token while an operation runs
	operations  uint32          // so far
	patience    []time.Duration // see look; of the lanes of an operation

	fault atomic.Pointer[error] // the first
	lost  chan struct{}         // closed with it
	end   sync.Once
	gone  sync.WaitGroup
}

var (
	_ Group = (*ring)(nil)
	_ Named = (*ring)(nil)
)

// joinRing connects this process to its neighbours, by MLX_RANK and MLX_HOSTFILE.
func joinRing(ctx context.Context, o *Options) (Group, error) {
	rank, err := rank(o)
	if err != nil {
		return nil, err
	}
	path, ok := o.Variable(hostfileVariable)
	if !ok || path == "" {
		return nil, fmt.Errorf("%s is not set: it names the file with the ranks' addresses", hostfileVariable)
	}
	text, err := o.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", hostfileVariable, err)
	}
	nodes, err := ParseRing(text)
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w", hostfileVariable, path, err)
	}
	size := max(len(nodes), 1)
	if rank >= size {
		return nil, fmt.Errorf("%s is %d, and %s lists %d processes", rankVariable, rank, path, size)
	}
	if size == 1 {
		return alone{}, nil
	}
	by, err := network(o)
	if err != nil {
		return nil, err
	}
	wait, err := seconds(o, timeoutVariable, waitTime)
	if err != nil {
		return nil, err
	}
	silent, err := seconds(o, heartbeatVariable, silentTime)
	if err != nil {
		return nil, err
	}
	secret, _ := o.Variable(secretVariable)
	ctx, stop := context.WithTimeoutCause(ctx, joinTime, errJoinTime)
	defer stop()
	m := &meeting{options: o, network: by, rank: rank, nodes: nodes, secret: []byte(secret)}
	if err := m.meet(ctx); err != nil {
		return nil, fmt.Errorf("rank %d: %w", rank, err)
	}
	return newRing(m, span(wait), span(silent)), nil
}

var errJoinTime = errors.New("the processes did not find each other in time")

func span(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// newRing makes a ring of a process that has met its neighbours.
func newRing(m *meeting, wait, silent time.Duration) *ring {
	r := &ring{
		rank: m.rank, size: len(m.nodes), name: m.nodes[0][0], right: m.right, left: m.left, wait: wait,
		busy: make(chan struct{}, 1), lost: make(chan struct{}), patience: make([]time.Duration, len(m.right)+len(m.left)),
	}
	for _, c := range append(append([]net.Conn(nil), r.right...), r.left...) {
		tune(c)
	}
	if m.watchRight != nil {
		r.watch = newWatch(r, m.watchRight, m.watchLeft, silent)
	}
	return r
}

// tune has small messages sent at once, and asks for signs of life where nothing is sent.
func tune(c net.Conn) {
	if under, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = under.NetConn()
	}
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetNoDelay(true) // a slower ring is one, too
		_ = t.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: time.Second, Interval: time.Second, Count: 3})
	}
}

func (r *ring) Rank() int { return r.rank }
func (r *ring) Size() int { return r.size }

// Name is the address of the first process.
func (r *ring) Name() string { return r.name }

// AsBuilt: MLX's processes have no secret to prove that they know.
func (r *ring) AsBuilt() bool { return r.watch != nil }

// Split is refused, as by MLX's ring.
func (r *ring) Split(context.Context, int, int) (Group, error) {
	return nil, errors.New("a ring cannot be split")
}

func (r *ring) next() int     { return (r.rank + 1) % r.size }
func (r *ring) previous() int { return (r.rank + r.size - 1) % r.size }

// Close leaves the ring.
func (r *ring) Close() error {
	r.leave(errors.New("the group was left"), nil)
	r.gone.Wait()
	return nil
}

// lostError is the error of an operation when a process is gone.
type lostError struct {
	rank int
	why  string
}

func (e *lostError) Unwrap() error { return engine.ErrLost }

func (e *lostError) Error() string { return fmt.Sprintf("process %d was lost: %s", e.rank, e.why) }

// leave ends the ring here, for the first time it is called: connections are closed, so
// that neighbours notice, who are told before of whom is lost, if they can be.
func (r *ring) leave(err error, whom *lostError) {
	r.end.Do(func() {
		r.fault.Store(&err)
		close(r.lost)
		if r.watch != nil {
			r.watch.leave(whom)
		}
		for _, c := range r.right {
			_ = c.Close() // nothing waits for it any more
		}
		for _, c := range r.left {
			_ = c.Close()
		}
	})
}

// failed ends the ring because the connection to a neighbour did, and gives the error
// that tells why.
func (r *ring) failed(neighbour int, err error) error {
	if e := r.fault.Load(); e != nil {
		return *e
	}
	lost := &lostError{neighbour, reason(err)}
	if r.watch != nil {
		lost = r.watch.verdict(neighbour, err)
	}
	r.leave(lost, lost)
	return *r.fault.Load()
}

// Scratch is what reductions receive into.
func (r *ring) Scratch(x *engine.Exchange) int { return r.plan(x).scratch() }

// Exchange performs an operation. Those of several streams come one after the other.
func (r *ring) Exchange(ctx context.Context, x *engine.Exchange) error {
	select {
	case r.busy <- struct{}{}:
	case <-r.lost:
		return *r.fault.Load()
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-r.busy }()
	if e := r.fault.Load(); e != nil {
		return *e
	}
	if err := ctx.Err(); err != nil {
		return err // before others count on this process
	}
	stop := context.AfterFunc(ctx, func() {
		r.leave(ctx.Err(), &lostError{r.rank, "its script was ended"})
	})
	defer stop()
	switch x.Kind {
	case engine.OpSend:
		return r.send(x)
	case engine.OpRecv:
		return r.recv(x)
	}
	r.operations++
	p := r.plan(x)
	return p.run()
}

// send gives a neighbour this process's bytes, as many over each connection.
func (r *ring) send(x *engine.Exchange) error {
	conns := r.right
	switch x.Peer {
	case r.next():
	case r.previous():
		conns = r.left
	default:
		return fmt.Errorf("a ring sends to neighbours, and process %d is none of %d", x.Peer, r.rank)
	}
	if err := r.label(conns[0], x.Peer, x, 0); err != nil {
		return err
	}
	copy(x.Out, x.In)
	return r.spread(conns, x.In, func(c net.Conn, part []byte) error { return r.write(c, x.Peer, part) })
}

// recv takes a neighbour's bytes. Where both neighbours are one it takes what that sends
// to its right first, so that the two ends of a connection are one's send and the other's recv.
func (r *ring) recv(x *engine.Exchange) error {
	conns := r.left
	switch x.Peer {
	case r.previous():
	case r.next():
		conns = r.right
	default:
		return fmt.Errorf("a ring receives from neighbours, and process %d is none of %d", x.Peer, r.rank)
	}
	if err := r.check(conns[0], x.Peer, x, 0); err != nil {
		return err
	}
	return r.spread(conns, x.Out, func(c net.Conn, part []byte) error { return r.read(c, x.Peer, part) })
}

// leastPart is the least that is sent over a connection beside others.
const leastPart = 1024

// spread divides bytes among connections, and carries all parts at once.
func (r *ring) spread(conns []net.Conn, data []byte, carry func(c net.Conn, part []byte) error) error {
	part := max(leastPart, (len(data)+len(conns)-1)/len(conns))
	if len(data) <= part {
		return carry(conns[0], data)
	}
	errs := make([]error, len(conns))
	var all sync.WaitGroup
	for i, c := range conns {
		from := min(i*part, len(data))
		to := min(from+part, len(data))
		all.Go(func() { errs[i] = carry(c, data[from:to]) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// chunkBytes is how much is sent and received at once: so much stays in a processor's
// cache until it is combined, and is small beside what is under way.
const chunkBytes = 256 << 10

// write sends all bytes to a neighbour.
func (r *ring) write(c net.Conn, neighbour int, data []byte) error {
	for len(data) > 0 {
		part := data[:min(len(data), chunkBytes)]
		if err := r.extend(c.SetWriteDeadline); err != nil {
			return r.failed(neighbour, err)
		}
		if _, err := c.Write(part); err != nil {
			return r.failed(neighbour, err)
		}
		data = data[len(part):]
	}
	return nil
}

// read fills bytes with what a neighbour sends.
func (r *ring) read(c net.Conn, neighbour int, data []byte) error {
	for len(data) > 0 {
		if err := r.extend(c.SetReadDeadline); err != nil {
			return r.failed(neighbour, err)
		}
		n, err := c.Read(data[:min(len(data), chunkBytes)])
		if data = data[n:]; err != nil && len(data) > 0 {
			return r.failed(neighbour, err)
		}
	}
	return nil
}

// extend gives a connection more time.
func (r *ring) extend(set func(t time.Time) error) error {
	if r.wait <= 0 {
		return nil
	}
	return set(time.Now().Add(r.wait))
}

// alone is the group of one process that a launcher started by itself. Nothing asks it
// for an operation.
type alone struct{}

var _ Group = alone{}

var errAlone = errors.New("a group of one process cannot be split, and has nobody to exchange with")

func (alone) Rank() int                                        { return 0 }
func (alone) Size() int                                        { return 1 }
func (alone) AsBuilt() bool                                    { return true }
func (alone) Scratch(*engine.Exchange) int                     { return 0 }
func (alone) Close() error                                     { return nil }
func (alone) Exchange(context.Context, *engine.Exchange) error { return errAlone }
func (alone) Split(context.Context, int, int) (Group, error)   { return nil, errAlone }
