package distributed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A star is how processes know of each other that carry their bytes by other means, as
// NCCL does. Process 0 is in the middle: the others connect to it and say who they are,
// which they prove where there is a secret, and it gives them what they find each other
// by. On these connections they watch each other, as the neighbours of a ring do, and the
// middle tells all others of one that is lost.

// Meeting is what the processes of a star are told.
type Meeting struct {
	Address    string // of the middle, "host:port"
	Rank, Size int
	Within     time.Duration // to find each other
	// Token makes what the middle gives to all others, of TokenSize bytes.
	Token     func() ([]byte, error)
	TokenSize int
}

// Star is a process's part of a star.
type Star struct {
	rank, size int
	token      []byte
	secret     []byte
	silent     time.Duration

	mu      sync.Mutex
	links   []*watched
	left    []int           // who left in order
	last    *notice         // what the others are told of the star's end; there before fault is
	refused map[string]bool // who was turned away from the middle, and why

	listener net.Listener
	fault    atomic.Pointer[error] // the first
	lost     chan struct{}         // closed with it
	end      sync.Once
	gone     sync.WaitGroup
}

// Meet joins a star and gives the token. The middle goes on taking others until Gathered
// is called.
func Meet(ctx context.Context, o *Options, m Meeting) (*Star, []byte, error) {
	silent, err := seconds(o, heartbeatVariable, silentTime)
	if err != nil {
		return nil, nil, err
	}
	secret, _ := o.Variable(secretVariable)
	s := &Star{
		rank: m.Rank, size: m.Size, secret: []byte(secret), silent: span(silent),
		refused: map[string]bool{}, lost: make(chan struct{}),
	}
	if m.Rank == 0 {
		if s.token, err = m.Token(); err != nil {
			return nil, nil, err
		}
	}
	if m.Size == 1 {
		return s, s.token, nil
	}
	by, err := network(o)
	if err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithTimeoutCause(ctx, m.Within, errJoinTime)
	defer stop()
	if m.Rank == 0 {
		if s.listener, err = listen(ctx, by, m.Address); err != nil {
			return nil, nil, err
		}
		s.gone.Go(s.serve)
		return s, s.token, nil
	}
	if err := s.reach(ctx, by, m); err != nil {
		_ = s.Close() // nobody has it
		return nil, nil, fmt.Errorf("rank %d: %w", m.Rank, err)
	}
	return s, s.token, nil
}

// serve takes connections until the listener is closed.
func (s *Star) serve() {
	var guests sync.WaitGroup
	defer guests.Wait()
	room := make(chan struct{}, maxGuests)
	for {
		c, err := s.listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) || s.Fault() != nil {
				return
			}
			time.Sleep(10 * time.Millisecond) // too many files, say
			continue
		}
		room <- struct{}{}
		guests.Go(func() {
			defer func() { <-room }()
			if err := s.receive(c); err != nil {
				_ = c.Close() // it is not used
				s.turnAway(c, err)
			}
		})
	}
}

// receive gives the token to a process of the star, and keeps the connection.
func (s *Star) receive(c net.Conn) error {
	end := s.within(c)
	defer end()
	if err := agree(context.Background(), c); err != nil {
		return err
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	h, err := s.hear(c)
	if err != nil {
		return err
	}
	if err := s.unexpected(&h); err != nil {
		_, _ = c.Write([]byte{notTaken}) // it is not used
		return err
	}
	if _, err := c.Write(append([]byte{taken}, s.token...)); err != nil {
		return err
	}
	end()
	s.keep(c, int(h.from))
	return nil
}

// hear finds out who connects.
func (s *Star) hear(c net.Conn) (h hello, err error) {
	if len(s.secret) > 0 {
		return welcome(c, s.secret)
	}
	var said [helloSize]byte
	if _, err := io.ReadFull(c, said[:]); err != nil {
		return h, errors.New("it does not introduce itself")
	}
	return parseHello(said[:])
}

// within bounds a conversation, which the end of the star ends too.
func (s *Star) within(c net.Conn) (end func()) {
	ctx, stop := context.WithCancel(context.Background())
	free := within(ctx, c)
	over := make(chan struct{})
	go func() {
		select {
		case <-s.lost:
			stop()
		case <-over:
		}
	}()
	return sync.OnceFunc(func() {
		close(over)
		free()
		stop()
	})
}

// notTaken is the answer to a process that is none of the star.
const notTaken = 'n'

// unexpected tells why a process is none of the star, or comes twice.
func (s *Star) unexpected(h *hello) error {
	if h.from == 0 || int(h.from) >= s.size || h.to != 0 || int(h.size) != s.size || h.index != hearing {
		return fmt.Errorf("it is rank %d of %d looking for rank %d, and this is rank 0 of %d", h.from, h.size, h.to, s.size)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.links, func(l *watched) bool { return l.rank == int(h.from) }) {
		return fmt.Errorf("rank %d is there already", h.from)
	}
	return nil
}

func (s *Star) turnAway(c net.Conn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.refused) < maxGuests {
		host, _, splitErr := net.SplitHostPort(c.RemoteAddr().String())
		if splitErr != nil {
			host = c.RemoteAddr().String()
		}
		s.refused[fmt.Sprintf("%s (%v)", host, err)] = true
	}
}

// reach connects to the middle, which may not listen yet.
func (s *Star) reach(ctx context.Context, network Network, m Meeting) error {
	pause := 10 * time.Millisecond
	for {
		c, err := network.Dial(ctx, m.Address)
		if err == nil {
			if err = s.announce(ctx, c, m); err == nil {
				return nil
			}
			_ = c.Close() // it is not used
		}
		if errors.Is(err, errStranger) {
			return fmt.Errorf("connecting to rank 0 at %s: %w", m.Address, err)
		}
		if !pausing(ctx, pause) {
			return fmt.Errorf("%w: rank 0 does not answer at %s: %v", context.Cause(ctx), m.Address, err)
		}
		pause = min(2*pause, between)
	}
}

// announce says who this process is, and takes the token.
func (s *Star) announce(ctx context.Context, c net.Conn, m Meeting) error {
	end := within(ctx, c)
	defer end()
	h := hello{from: uint32(s.rank), size: uint32(s.size), index: hearing}
	if len(s.secret) > 0 {
		if err := introduce(ctx, c, s.secret, h); err != nil {
			return err
		}
	} else {
		if _, err := c.Write(h.bytes()); err != nil {
			return err
		}
		if err := accepted(c); err != nil {
			return err
		}
	}
	token := make([]byte, m.TokenSize)
	if _, err := io.ReadFull(c, token); err != nil {
		return err
	}
	end()
	s.token = token
	s.keep(c, 0)
	return nil
}

// keep watches a process from now on, and tells it what it has missed.
func (s *Star) keep(c net.Conn, rank int) {
	tune(c)
	l := &watched{side: side{c, rank}, gone: make(chan struct{})}
	s.mu.Lock()
	left, last := slices.Clone(s.left), s.last
	fault := s.Fault()
	if fault == nil {
		s.links = append(s.links, l)
		s.gone.Go(func() { s.listen(l) })
		s.gone.Go(func() { l.beat(s.silent, l.gone, s.lost) })
	}
	s.mu.Unlock()
	if s.rank == 0 {
		for _, r := range left {
			_ = l.say(&notice{kind: hasLeft, rank: r}, farewell) // who is gone hears nothing
		}
	}
	if fault != nil {
		_ = l.say(last, farewell)
		_ = c.Close()
	}
}

// Gathered has the middle take no more processes: all are there.
func (s *Star) Gathered() {
	if s.listener != nil {
		_ = s.listener.Close() // its work is done
	}
}

// Missing lists what the middle knows of processes that have not come, for an error.
func (s *Star) Missing() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var said []string
	if s.rank == 0 && len(s.links) < s.size-1 {
		said = append(said, fmt.Sprintf("%d of %d other processes have come", len(s.links), s.size-1))
	}
	for r := range s.refused {
		said = append(said, "a connection was refused from "+r)
	}
	slices.Sort(said)
	return strings.Join(said, "; ")
}

func (s *Star) listen(l *watched) {
	for {
		if s.silent > 0 {
			_ = l.conn.SetReadDeadline(time.Now().Add(s.silent)) // reading fails if this does
		}
		n, err := readNotice(l.conn, s.size)
		switch {
		case err != nil:
			s.Lose(&lostError{l.rank, silence(err, s.silent)})
			return
		case n.kind == isLost:
			s.Lose(&lostError{n.rank, n.why})
			return
		case n.kind == hasLeft:
			s.noteLeft(n.rank)
		case n.kind == leaves:
			close(l.gone)
			s.noteLeft(l.rank)
			s.tell(&notice{kind: hasLeft, rank: l.rank}, l.rank)
			return
		}
	}
}

func (s *Star) noteLeft(rank int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = append(s.left, rank)
}

// tell gives a notice to all that are connected with the middle, but one.
func (s *Star) tell(n *notice, but int) {
	s.mu.Lock()
	links := slices.Clone(s.links)
	s.mu.Unlock()
	if s.rank != 0 && n.kind == hasLeft {
		return // only the middle passes it on
	}
	var all sync.WaitGroup
	for _, l := range links {
		if l.rank != but {
			all.Go(func() { _ = l.say(n, farewell) }) // who is gone hears nothing
		}
	}
	all.Wait()
}

// Left is a process that has left in order, if one has.
func (s *Star) Left() (rank int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.left) == 0 {
		return 0, false
	}
	return s.left[0], true
}

// Rank is this process's number.
func (s *Star) Rank() int { return s.rank }

// LostTo is the error for a process that is lost.
func LostTo(rank int, why string) error { return &lostError{rank, why} }

// Fault is why the star is no more, or nil.
func (s *Star) Fault() error {
	if e := s.fault.Load(); e != nil {
		return *e
	}
	return nil
}

// Lost is closed when a process is lost, or the star is closed.
func (s *Star) Lost() <-chan struct{} { return s.lost }

// Lose ends the star, for the first time it is called, and has the others know of the
// process that was lost: this one, where the error names none.
func (s *Star) Lose(err error) {
	n, but := s.lossOf(err)
	s.leave(err, n, but)
}

// lossOf is what others are told of an error, and who is not.
func (s *Star) lossOf(err error) (n *notice, but int) {
	if lost := (*lostError)(nil); errors.As(err, &lost) {
		return &notice{isLost, lost.rank, lost.why}, lost.rank
	}
	return &notice{isLost, s.rank, err.Error()}, -1
}

// Close leaves the star in order.
func (s *Star) Close() error {
	s.leave(errors.New("the group was left"), &notice{kind: leaves}, -1)
	s.gone.Wait()
	return nil
}

func (s *Star) leave(err error, n *notice, but int) {
	s.end.Do(func() {
		s.mu.Lock()
		s.last = n
		s.mu.Unlock()
		s.fault.Store(&err)
		close(s.lost)
		s.Gathered()
		s.tell(n, but)
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, l := range s.links {
			_ = l.conn.Close() // what there was to say has been said
		}
	})
}
