package distributed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// meeting is a process looking for its neighbours: it listens for the left one at its
// own addresses and connects to those of the right one.
type meeting struct {
	options *Options
	network Network
	rank    int
	nodes   [][]string
	secret  []byte // what all processes know, or nothing

	right, left           []net.Conn // a connection for each address
	watchRight, watchLeft net.Conn   // with a secret, one more

	mu      sync.Mutex
	refused []string // strangers
}

func (m *meeting) next() int     { return (m.rank + 1) % len(m.nodes) }
func (m *meeting) previous() int { return (m.rank + len(m.nodes) - 1) % len(m.nodes) }

// tell writes a line to the log where it is wanted.
func (m *meeting) tell(format string, args ...any) {
	if _, ok := m.options.Variable(verboseVariable); !ok || m.options.Log == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	fmt.Fprintf(m.options.Log, "[ring] rank %d: %s\n", m.rank, fmt.Sprintf(format, args...))
}

// meet makes the connections, or none.
func (m *meeting) meet(ctx context.Context) (err error) {
	own := m.nodes[m.rank]
	m.right, m.left = make([]net.Conn, len(own)), make([]net.Conn, len(own))
	listeners := make([]net.Listener, 0, len(own))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	defer func() {
		for _, l := range listeners {
			_ = l.Close() // its work is done
		}
		all.Wait()
		if err != nil {
			m.abandon()
		}
	}()
	for _, address := range own {
		l, err := listen(ctx, m.network, address)
		if err != nil {
			return err
		}
		listeners = append(listeners, l)
		m.tell("listening at %s", address)
	}
	var first sync.Once
	failed := func(failure error) {
		if failure != nil {
			first.Do(func() { err = failure })
			stop(failure)
		}
	}
	var met sync.WaitGroup
	for i, address := range m.nodes[m.next()] {
		met.Go(func() { failed(m.dial(ctx, address, i, &m.right[i])) })
	}
	if len(m.secret) > 0 {
		met.Go(func() { failed(m.dial(ctx, m.nodes[m.next()][0], watching, &m.watchRight)) })
	}
	in := newReception(m)
	for i, l := range listeners {
		all.Go(func() { in.serve(ctx, l, i) })
	}
	met.Go(func() { failed(in.wait(ctx)) })
	met.Wait()
	if err != nil {
		return m.explain(err)
	}
	stop(nil) // strangers need not be heard out
	m.tell("connected to ranks %d and %d", m.previous(), m.next())
	return nil
}

// explain adds to an error who was turned away.
func (m *meeting) explain(err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.refused) > 0 {
		slices.Sort(m.refused)
		err = fmt.Errorf("%w; connections were refused from %s", err, strings.Join(slices.Compact(m.refused), ", "))
	}
	return err
}

// abandon closes what was connected.
func (m *meeting) abandon() {
	for _, c := range append(append([]net.Conn{m.watchRight, m.watchLeft}, m.right...), m.left...) {
		if c != nil {
			_ = c.Close() // nobody has it
		}
	}
}

// between is the time between attempts to connect, of which the first come sooner.
const between = time.Second / 2

// listen listens at an address of this process's. Where machines come and go, its name may
// not be known at once.
func listen(ctx context.Context, by Network, address string) (net.Listener, error) {
	for {
		l, err := by.Listen(ctx, address)
		if err == nil {
			return l, nil
		}
		var unknown *net.DNSError
		if wait := errors.As(err, &unknown); !wait || !pausing(ctx, between) {
			return nil, fmt.Errorf("listening at %s: %w", address, err)
		}
	}
}

// pausing waits, unless the context ends before.
func pausing(ctx context.Context, pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// dial connects to the right neighbour, which may not listen yet.
func (m *meeting) dial(ctx context.Context, address string, index int, to *net.Conn) error {
	pause := 10 * time.Millisecond
	for {
		c, err := m.network.Dial(ctx, address)
		if err == nil && len(m.secret) > 0 {
			if err = m.introduce(ctx, c, index); err != nil {
				_ = c.Close() // it is not used
			}
		}
		switch {
		case err == nil:
			*to = c
			return nil
		case errors.Is(err, errStranger):
			return fmt.Errorf("connecting to rank %d at %s: %w", m.next(), address, err)
		}
		m.tell("rank %d does not answer at %s yet: %v", m.next(), address, err)
		if !pausing(ctx, pause) {
			return fmt.Errorf("%w: rank %d does not answer at %s: %v", context.Cause(ctx), m.next(), address, err)
		}
		pause = min(2*pause, between)
	}
}

// reception takes the connections of the left neighbour and refuses others.
type reception struct {
	*meeting
	known map[netip.Addr]bool // addresses of the processes, resolved once asked for
	once  sync.Once

	mu      sync.Mutex
	missing int // connections that are still to come
	done    chan struct{}
}

func newReception(m *meeting) *reception {
	n := len(m.left)
	if len(m.secret) > 0 {
		n++
	}
	return &reception{meeting: m, missing: n, done: make(chan struct{})}
}

// wait waits for all connections.
func (in *reception) wait(ctx context.Context) error {
	select {
	case <-in.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: rank %d does not connect to %s", context.Cause(ctx), in.previous(), strings.Join(in.nodes[in.rank], ", "))
	}
}

// maxGuests bounds the strangers that are listened to at once.
const maxGuests = 32

// serve accepts connections at an address until its listener is closed.
func (in *reception) serve(ctx context.Context, l net.Listener, index int) {
	var guests sync.WaitGroup
	defer guests.Wait()
	room := make(chan struct{}, maxGuests)
	for {
		c, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) || ctx.Err() != nil {
				return
			}
			time.Sleep(10 * time.Millisecond) // too many files, say
			continue
		}
		room <- struct{}{}
		guests.Go(func() {
			defer func() { <-room }()
			if err := in.receive(ctx, c, index); err != nil {
				_ = c.Close() // it is not used
				in.turnAway(c, err)
			}
		})
	}
}

func (in *reception) turnAway(c net.Conn, err error) {
	in.tell("refused a connection from %s: %v", c.RemoteAddr(), err)
	in.meeting.mu.Lock()
	defer in.meeting.mu.Unlock()
	if len(in.refused) < maxGuests {
		host, _, splitErr := net.SplitHostPort(c.RemoteAddr().String())
		if splitErr != nil {
			host = c.RemoteAddr().String()
		}
		in.refused = append(in.refused, fmt.Sprintf("%s (%v)", host, err))
	}
}

// receive finds out whether a connection is the left neighbour's, and which.
func (in *reception) receive(ctx context.Context, c net.Conn, index int) error {
	err := agree(ctx, c)
	switch {
	case err != nil:
	case len(in.secret) > 0:
		err = in.welcome(ctx, c, in.take)
	case !in.lists(ctx, c.RemoteAddr()):
		err = errors.New("the hostfile lists no such address")
	default:
		err = in.take(index, c)
	}
	if err != nil {
		return err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.missing--; in.missing == 0 {
		close(in.done)
	}
	return nil
}

// take keeps a connection, if its place is free. It may be used once all are there.
func (in *reception) take(index int, c net.Conn) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	place := &in.meeting.watchLeft
	if index != watching {
		if index < 0 || index >= len(in.meeting.left) {
			return fmt.Errorf("there is no connection %d", index)
		}
		place = &in.meeting.left[index]
	}
	if *place != nil {
		return errors.New("the connection is there already")
	}
	*place = c
	return nil
}

// lists reports whether an address is one of the hostfile's. A network of the host's own may
// have others than numbers: it answers for them.
func (in *reception) lists(ctx context.Context, a net.Addr) bool {
	from, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return true
	}
	in.once.Do(func() { in.known = in.resolve(ctx) })
	return in.known[from.Addr().Unmap().WithZone("")]
}

// resolve gives the addresses of all processes. Who connects from this machine to
// itself may come from any of the addresses it has here.
func (in *reception) resolve(ctx context.Context) map[netip.Addr]bool {
	known, asked := map[netip.Addr]bool{}, map[string]bool{}
	for _, addresses := range in.nodes {
		for _, address := range addresses {
			host, _, err := splitAddress(address)
			if err != nil || asked[host] {
				continue
			}
			asked[host] = true
			numbers := []string{host}
			if _, err := netip.ParseAddr(host); err != nil {
				if numbers, err = in.network.LookupHost(ctx, host); err != nil {
					in.tell("looking up %s: %v", host, err)
				}
			}
			for _, n := range numbers {
				if a, err := netip.ParseAddr(n); err == nil {
					known[a.Unmap().WithZone("")] = true
				}
			}
		}
	}
	return known
}
