package cuda

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar/cuda/internal/driver"
)

// times sums up how long the GPU was busy with each kernel, by events around every
// launch. These cost a launch some microseconds, so that what many small kernels take
// together is less without.
type times struct {
	card *card

	mu    sync.Mutex
	spare []driver.Event
	rows  map[timed]*row
}

// timed is what one row is about: a kernel, and the operations that it runs for.
type timed struct{ kernel, label string }

type row struct {
	count int
	total time.Duration
}

// span is one launch between two events.
type span struct {
	timed
	from, to driver.Event
}

func newTimes(c *card) *times { return &times{card: c, rows: map[timed]*row{}} }

// begin starts a span on a stream.
func (t *times) begin(of timed, s driver.Stream) (span, error) {
	x := span{timed: of}
	for _, e := range []*driver.Event{&x.from, &x.to} {
		var err error
		if *e, err = t.event(); err != nil {
			return x, err
		}
	}
	return x, t.card.api.EventRecord(x.from, s)
}

func (t *times) end(x span, s driver.Stream) error { return t.card.api.EventRecord(x.to, s) }

func (t *times) event() (driver.Event, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.spare); n > 0 {
		e := t.spare[n-1]
		t.spare = t.spare[:n-1]
		return e, nil
	}
	return t.card.api.TimedEventCreate()
}

// settle reads the spans of a batch that is over.
func (t *times) settle(list []span) {
	defer t.card.enter()()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range list {
		ms, err := t.card.api.EventElapsed(x.from, x.to)
		t.spare = append(t.spare, x.from, x.to)
		if err != nil {
			continue // of a batch that failed
		}
		r := t.rows[x.timed]
		if r == nil {
			r = new(row)
			t.rows[x.timed] = r
		}
		r.count++
		r.total += time.Duration(float64(ms) * float64(time.Millisecond))
	}
}

// write prints the rows, those that took longest first.
func (t *times) write(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	type line struct {
		timed
		row
	}
	var lines []line
	var all time.Duration
	for k, r := range t.rows {
		lines = append(lines, line{k, *r})
		all += r.total
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(b.total, a.total), cmp.Compare(a.kernel, b.kernel), cmp.Compare(a.label, b.label))
	})
	fmt.Fprintf(w, "%10s %8s %6s  %s\n", "ms", "launches", "share", "kernel: operations")
	for _, l := range lines {
		fmt.Fprintf(w, "%10.3f %8d %5.1f%%  %s: %s\n", l.total.Seconds()*1e3, l.count, 100*l.total.Seconds()/max(all.Seconds(), 1e-9), l.kernel, l.label)
	}
}

func (t *times) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range t.spare {
		t.card.api.EventDestroy(e)
	}
	t.spare = nil
}
