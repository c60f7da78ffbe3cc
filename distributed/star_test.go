package distributed

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// gather makes a star of so many processes, all of them here.
func gather(t *testing.T, network Network, size int, more ...string) []*Star {
	t.Helper()
	stars, errs := make([]*Star, size), make([]error, size)
	var all sync.WaitGroup
	for rank := range size {
		all.Go(func() { stars[rank], errs[rank] = meet(t, network, rank, size, more...) })
	}
	all.Wait()
	t.Cleanup(func() {
		for _, s := range stars {
			if s != nil {
				_ = s.Close() // tests close those whose end they judge
			}
		}
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return stars
}

func meet(t *testing.T, network Network, rank, size int, more ...string) (*Star, error) {
	m := Meeting{
		Address: "10.0.0.1:1", Rank: rank, Size: size, Within: time.Minute,
		Token: func() ([]byte, error) { return []byte("token"), nil }, TokenSize: 5,
	}
	s, token, err := Meet(t.Context(), ringOptions(network, rank, size, 1, more...), m)
	if err == nil && string(token) != "token" {
		t.Errorf("process %d is given %q", rank, token)
	}
	return s, err
}

// starSecret is what processes of a test know.
const starSecret = secretVariable + "=open sesame"

// TestStar: processes get what the middle gives, and know who has left and who is lost.
func TestStar(t *testing.T) {
	for _, more := range []string{"A=b", starSecret} {
		stars := gather(t, newWires(), 4, more)
		for r, s := range stars {
			if s.Fault() != nil || s.Rank() != r {
				t.Errorf("process %d is %d, and has the fault %v", r, s.Rank(), s.Fault())
			}
		}
		if err := stars[2].Close(); err != nil {
			t.Error(err)
		}
		for _, r := range []int{0, 1, 3} {
			eventually(t, func() bool { rank, ok := stars[r].Left(); return ok && rank == 2 })
		}
		stars[3].Lose(errors.New("its script was ended"))
		for _, s := range stars[:2] {
			<-s.Lost()
			if err := s.Fault(); err == nil || err.Error() != "process 3 was lost: its script was ended" {
				t.Errorf("process %d got %v", s.Rank(), err)
			}
		}
	}
}

// eventually waits for what must come to be.
func eventually(t *testing.T, f func() bool) {
	t.Helper()
	for n := 0; !f(); n++ {
		if n == 6000 {
			t.Fatal("it does not come to be")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestStarSilence: a process that says nothing any more is lost.
func TestStarSilence(t *testing.T) {
	stars := gather(t, newWires(), 2, starSecret, heartbeatVariable+"=0.5") // no third that a busy machine might silence
	numb := stars[1]
	numb.end.Do(func() { close(numb.lost) }) // it stops to beat, and keeps its connection
	<-stars[0].Lost()
	if err := stars[0].Fault(); err == nil || err.Error() != "process 1 was lost: it gave no sign of life for 500ms" {
		t.Errorf("got %v", err)
	}
	numb.mu.Lock()
	defer numb.mu.Unlock()
	for _, l := range numb.links {
		_ = l.conn.Close()
	}
}

// TestStarStrangers: who is none of the star is refused, and the others meet.
func TestStarStrangers(t *testing.T) {
	for _, c := range []struct {
		more string
		say  []byte
		want string
	}{
		{"A=b", []byte("GET / HTTP/1.1\r\n\r\n" + strings.Repeat("x", helloSize)), "it does not begin as a process"},
		{starSecret, slices.Concat(helloOf(1, 2), make([]byte, proofSize)), "it has another " + secretVariable},
		{"A=b", helloOf(1, 9), "it is rank 1 of 9 looking for rank 0, and this is rank 0 of 2"},
		{"A=b", helloOf(0, 2), "it is rank 0 of 2"},
	} {
		network := newWires()
		middle, err := meet(t, network, 0, 2, c.more)
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := net.Dial("tcp", network.port("10.0.0.1:1"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stranger.Write(c.say); err != nil {
			t.Fatal(err)
		}
		heard, _ := io.ReadAll(stranger)
		if strings.Contains(string(heard), "token") {
			t.Errorf("a stranger was given %q", heard)
		}
		eventually(t, func() bool { return strings.Contains(middle.Missing(), c.want) })
		if !strings.Contains(middle.Missing(), "0 of 1 other processes have come") {
			t.Errorf("the middle says %q", middle.Missing())
		}
		other, err := meet(t, network, 1, 2, c.more)
		if err != nil {
			t.Fatal(err)
		}
		_ = stranger.Close()
		if err := errors.Join(other.Close(), middle.Close()); err != nil {
			t.Error(err)
		}
	}
}

func helloOf(from, size uint32) []byte {
	h := hello{from: from, size: size, index: hearing}
	return h.bytes()
}

// TestStarDisagreement: processes with other secrets, or of a group of another size, are told.
func TestStarDisagreement(t *testing.T) {
	network := newWires()
	middle, err := meet(t, network, 0, 2, starSecret)
	if err != nil {
		t.Fatal(err)
	}
	defer middle.Close()
	if _, err := meet(t, network, 1, 2, secretVariable+"=other"); err == nil || !strings.Contains(err.Error(), "it has another "+secretVariable) {
		t.Errorf("got %v", err)
	}
	if _, err := meet(t, network, 1, 3, starSecret); err == nil || !strings.Contains(err.Error(), "belongs to a group of another size") {
		t.Errorf("got %v", err)
	}
}

// unnamed is a network on which a process's own name is not known at first.
type unnamed struct {
	*wires
	tries int
}

func (u *unnamed) Listen(ctx context.Context, address string) (net.Listener, error) {
	if u.tries++; u.tries == 1 {
		return nil, &net.OpError{Op: "listen", Err: &net.DNSError{Err: "no such host", Name: address, IsNotFound: true}}
	}
	return u.wires.Listen(ctx, address)
}

// TestUnnamed: a process waits until its own name is known.
func TestUnnamed(t *testing.T) {
	u := &unnamed{wires: newWires()}
	s, err := meet(t, u, 0, 2)
	if err != nil || u.tries != 2 {
		t.Fatalf("after %d tries: %v", u.tries, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestLateToStar: whoever is taken while the middle leaves hears that it leaves, as those who
// were there before do, and not that it was lost.
func TestLateToStar(t *testing.T) {
	s := &Star{rank: 0, size: 2, lost: make(chan struct{})}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	here, there := net.Pipe()
	defer there.Close()
	go s.keep(here, 1)
	n, err := readNotice(there, 2)
	if err != nil || n.kind != leaves {
		t.Errorf("got %+v, %v, want that the middle leaves", n, err)
	}
}
