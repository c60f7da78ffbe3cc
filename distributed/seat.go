package distributed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// Seat is a process's place in a ring whose connections are there before it begins, as
// those among the processes that one program starts. Nobody else can come between, so that
// the processes prove nothing to each other, and they watch each other as those with a
// secret do. It is taken once.
type Seat struct {
	Name                  string // that no other ring of these machines has
	Rank, Size            int
	Right, Left           net.Conn // to the neighbours
	WatchRight, WatchLeft net.Conn

	taken atomic.Bool
}

// SeatConnections is how many connections a process of a ring has: to the right and to the
// left, and to each one more, by which neighbours watch each other.
const SeatConnections = 4

// NewSeat gives a process its place. The connections are to the right, to the left, and
// those by which the neighbours are watched, in this order.
func NewSeat(name string, rank, size int, connections [SeatConnections]net.Conn) *Seat {
	return &Seat{
		Name: name, Rank: rank, Size: size, Right: connections[0], Left: connections[1],
		WatchRight: connections[2], WatchLeft: connections[3],
	}
}

var errSeat = errors.New("this process has had its place in the group")

// join takes the place. The neighbours may take long to come so far.
func (s *Seat) join(ctx context.Context, o *Options) (Group, error) {
	if s.taken.Swap(true) {
		return nil, errSeat
	}
	wait, err := seconds(o, timeoutVariable, waitTime)
	if err != nil {
		_ = s.close() // nobody has it
		return nil, err
	}
	silent, err := seconds(o, heartbeatVariable, silentTime)
	if err != nil {
		_ = s.close() // nobody has it
		return nil, err
	}
	m := &meeting{
		rank: s.Rank, nodes: make([][]string, s.Size), right: []net.Conn{s.Right}, left: []net.Conn{s.Left},
		watchRight: s.WatchRight, watchLeft: s.WatchLeft,
	}
	m.nodes[0] = []string{s.Name}
	if err := s.greet(ctx, m); err != nil {
		_ = s.close() // nobody has it
		return nil, err
	}
	return newRing(m, span(wait), span(silent)), nil
}

// greet waits until both neighbours have taken their places.
func (s *Seat) greet(ctx context.Context, m *meeting) error {
	ctx, stop := context.WithTimeoutCause(ctx, joinTime, errJoinTime)
	defer stop()
	free := context.AfterFunc(ctx, func() { _ = s.close() })
	defer free()
	neighbours := [2]side{{s.WatchRight, m.next()}, {s.WatchLeft, m.previous()}}
	var errs [2]error
	var both sync.WaitGroup
	for i, n := range neighbours {
		both.Go(func() {
			there := []byte{isThere}
			if _, errs[i] = n.conn.Write(there); errs[i] == nil {
				_, errs[i] = n.conn.Read(there)
			}
			if errs[i] != nil {
				errs[i] = &lostError{n.rank, reason(errs[i])}
			}
		})
	}
	both.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("rank %d: %w", s.Rank, context.Cause(ctx))
	}
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}

// abandon closes the connections of a place that nobody has taken, so that the others do not wait.
func (s *Seat) abandon() error {
	if s.taken.Swap(true) {
		return nil
	}
	return s.close()
}

func (s *Seat) close() error {
	return errors.Join(s.Right.Close(), s.Left.Close(), s.WatchRight.Close(), s.WatchLeft.Close())
}
