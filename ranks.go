package mlxstar

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
)

// Ranks joins runtimes and processes of one program into a group: mx.distributed.init gives
// it to the scripts of each that has a place in it, as Options.Ranks and
// ProcessOptions.Ranks say. Bytes go by connections that only those have, so that it
// wants no network.
type Ranks struct {
	name string

	mu     sync.Mutex
	places []rankPlace
}

// rankPlace is the connections of a rank, nil once they are taken.
type rankPlace [distributed.SeatConnections]*os.File

// MaxRanks bounds a group of Ranks.
const MaxRanks = 1 << 10

// ErrLost is behind the error of a script whose group has lost another process.
var ErrLost = engine.ErrLost

// NewRanks makes a group of so many. It must be closed once every place is taken, or none
// is to be any more.
func NewRanks(size int) (r *Ranks, err error) {
	if size < 1 || size > MaxRanks {
		return nil, fmt.Errorf("ranks: got %d, want from 1 to %d", size, MaxRanks)
	}
	r = &Ranks{name: rand.Text(), places: make([]rankPlace, size)}
	if size == 1 {
		return r, nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("ranks: %w", errors.Join(err, r.Close()))
		}
	}()
	for rank := range size {
		next := &r.places[(rank+1)%size]
		for right := 0; right < distributed.SeatConnections; right += 2 {
			if r.places[rank][right], next[right+1], err = connected(); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// Size is how many there are.
func (r *Ranks) Size() int { return len(r.places) }

// Close lets go of the places that nobody has taken. Those who have one go on.
func (r *Ranks) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for i := range r.places {
		errs = append(errs, r.places[i].close())
	}
	return errors.Join(errs...)
}

func (p *rankPlace) close() error {
	var errs []error
	for i, f := range p {
		if f != nil {
			errs = append(errs, f.Close())
		}
		p[i] = nil
	}
	return errors.Join(errs...)
}

// take gives the connections of a rank, whose they are from then on.
func (r *Ranks) take(rank int) (p rankPlace, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rank < 0 || rank >= len(r.places) {
		return p, fmt.Errorf("ranks: got rank %d, want from 0 to %d", rank, len(r.places)-1)
	}
	p, r.places[rank] = r.places[rank], rankPlace{}
	if p[0] == nil && len(r.places) > 1 {
		return p, fmt.Errorf("ranks: the place of rank %d is taken, or the group is closed", rank)
	}
	return p, nil
}

// standing is where a process is told that it stands in a group.
type standing struct {
	Name       string
	Rank, Size int
}

// seat makes a place of connections, which it closes.
func (s standing) seat(p rankPlace) (*distributed.Seat, error) {
	if s.Size == 1 {
		return nil, nil
	}
	var all [distributed.SeatConnections]net.Conn
	var errs []error
	for i, f := range p {
		var err error
		all[i], err = net.FileConn(f)
		errs = append(errs, err)
	}
	if err := errors.Join(append(errs, p.close())...); err != nil {
		for _, c := range all {
			if c != nil {
				_ = c.Close() // nobody has it
			}
		}
		return nil, fmt.Errorf("ranks: %w", err)
	}
	return distributed.NewSeat(s.Name, s.Rank, s.Size, all), nil
}

// sit gives the options' runtime its place.
func (o *Options) sit() (*distributed.Seat, error) {
	if o.seat != nil || o.Ranks == nil {
		return o.seat, nil
	}
	p, err := o.Ranks.take(o.Rank)
	if err != nil {
		return nil, err
	}
	return standing{o.Ranks.name, o.Rank, o.Ranks.Size()}.seat(p)
}
