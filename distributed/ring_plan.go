package distributed

import (
	"net"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar/engine"
)

// A plan divides an operation of all processes into lanes: each goes around the ring in
// one direction, over one connection to each side, with a part of the elements. How
// elements are divided into lanes and segments is MLX's, since its processes must agree.

const (
	// laneBytes is the least that is worth a lane: of each segment of a reduction, and
	// of the whole of a gathering.
	laneBytes = 256 << 10
	// smallBytes is how much a process may send before it receives: so much lies in buffers
	// of the system.
	smallBytes = 16 << 10
)

// plan is one operation of a ring.
type plan struct {
	r       *ring
	x       *engine.Exchange
	element int  // bytes
	padded  bool // the elements are fewer than the processes
	lanes   int
}

func (r *ring) plan(x *engine.Exchange) *plan {
	p := &plan{r: r, x: x, element: x.Dtype.Size(), lanes: 1}
	most := len(r.right) + len(r.left)
	switch {
	case x.Kind == engine.OpAllGather:
		p.lanes = x.Bytes / laneBytes
	case engine.FoldOf(x.Kind) != nil:
		p.padded = x.Bytes/p.element < r.size
		p.lanes = x.Bytes / (r.size * laneBytes)
	}
	p.lanes = max(1, min(p.lanes, most))
	return p
}

// scratch is how many bytes the plan wants beside operands: a chunk to receive into for
// each lane, and a copy of what partial sums would overwrite.
func (p *plan) scratch() int {
	if p.gathered() {
		return p.gatheredScratch()
	}
	if engine.FoldOf(p.x.Kind) == nil {
		return 0
	}
	total := p.lanes * p.chunk()
	if p.x.Kind == engine.OpSumScatter {
		total += p.x.Bytes
	} else if p.padded {
		total += p.r.size * p.element
	}
	return total
}

// chunk is how many bytes a lane receives at once.
func (p *plan) chunk() int {
	segment := (p.x.Bytes/p.element/p.r.size + 1) * p.element
	return min(segment, chunkBytes)
}

// run performs the operation.
func (p *plan) run() error {
	if p.gathered() {
		return p.reduceGathered()
	}
	switch p.x.Kind {
	case engine.OpAllGather:
		return p.gather()
	case engine.OpSumScatter:
		return p.scatter()
	default:
		return p.reduce()
	}
}

// reduce combines all processes' elements everywhere: once around to combine, once more
// to hand out what came of it.
func (p *plan) reduce() error {
	x := p.x
	if p.padded {
		size := p.r.size * p.element
		whole := x.Scratch[:size]
		clear(whole)
		copy(whole, x.In)
		l := lane{plan: p, direction: -1, scratch: x.Scratch[size:], labelled: true, patience: &p.r.patience[0]}
		l.segments(whole)
		if err := l.circulate(2*(p.r.size-1), p.r.size-1); err != nil {
			return err
		}
		copy(x.Out, whole)
		return nil
	}
	copy(x.Out, x.In)
	count := len(x.Out) / p.element
	step := (count + p.lanes - 1) / p.lanes
	chunk := p.chunk()
	return p.each(func(i int, l *lane) error {
		l.scratch = x.Scratch[i*chunk:][:chunk]
		l.segments(x.Out[min(i*step, count)*p.element : min((i+1)*step, count)*p.element])
		return l.circulate(2*(p.r.size-1), p.r.size-1)
	})
}

// gather hands everybody's elements to everybody.
func (p *plan) gather() error {
	x := p.x
	each := len(x.In)
	step := (each + p.lanes - 1) / p.lanes
	return p.each(func(i int, l *lane) error {
		from := min(i*step, each)
		to := min(from+step, each)
		l.segment = func(rank int) []byte { return x.Out[rank*each+from : rank*each+to] }
		copy(l.segment(p.r.rank), x.In[from:to])
		l.most = to - from
		return l.circulate(p.r.size-1, 0)
	})
}

// scatter leaves every process the sum of its part. MLX's ring has no such operation.
// Going around once leaves the part of the process that the last one received from; the
// numbers of segments are shifted so that it is this one's.
func (p *plan) scatter() error {
	x := p.x
	partial := x.Scratch[:len(x.In)]
	copy(partial, x.In)
	part := len(x.Out)
	count, chunk := part/p.element, p.chunk()
	step := (count + p.lanes - 1) / p.lanes
	return p.each(func(i int, l *lane) error {
		from, to := min(i*step, count)*p.element, min((i+1)*step, count)*p.element
		l.scratch = x.Scratch[len(x.In)+i*chunk:][:chunk]
		l.segment = func(k int) []byte {
			k = (k + l.direction + p.r.size) % p.r.size
			return partial[k*part+from : k*part+to]
		}
		l.most = to - from
		if err := l.circulate(p.r.size-1, p.r.size-1); err != nil {
			return err
		}
		copy(x.Out[from:to], partial[p.r.rank*part+from:])
		return nil
	})
}

// each runs the plan's lanes at once, every other one the other way round.
func (p *plan) each(run func(i int, l *lane) error) error {
	if p.lanes == 1 {
		return run(0, &lane{plan: p, direction: 1, labelled: true, patience: &p.r.patience[0]})
	}
	errs := make([]error, p.lanes)
	var all sync.WaitGroup
	for i := range p.lanes {
		l := &lane{plan: p, connection: i / 2, direction: 1 - i%2*2, labelled: i == 0, patience: &p.r.patience[i]}
		all.Go(func() { errs[i] = run(i, l) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// lane is a part of an operation that goes around the ring.
type lane struct {
	*plan
	connection int
	direction  int                     // 1 to the left: this process sends to lower ranks
	labelled   bool                    // it begins with what the operation is
	segment    func(number int) []byte // the elements of the segment of that number
	most       int                     // bytes of the largest segment
	scratch    []byte
	patience   *time.Duration // see look
}

// segments divides a stretch of elements among the processes.
func (l *lane) segments(data []byte) {
	count := len(data) / l.element
	each := (count + l.r.size - 1) / l.r.size
	l.most = each * l.element
	l.segment = func(k int) []byte {
		return data[min(k*each, count)*l.element : min((k+1)*each, count)*l.element]
	}
}

// side is a neighbour and a connection to it.
type side struct {
	conn net.Conn
	rank int
}

// ends are where the lane sends to and receives from.
func (l *lane) ends() (to, from side) {
	right, left := side{l.r.right[l.connection], l.r.next()}, side{l.r.left[l.connection], l.r.previous()}
	if l.direction < 0 {
		return right, left
	}
	return left, right
}

// number is the segment that is sent in a step; in the step before it was received.
func (l *lane) number(step int) int {
	n := l.r.size
	return ((l.r.rank+step*l.direction)%n + n) % n
}

// circulate sends one segment after the other, each of which the step before received.
// In the first steps, as many as combine says, what is received is combined with what is
// there, and then takes its place.
func (l *lane) circulate(steps, combine int) error {
	to, from := l.ends()
	if l.most <= chunkBytes {
		return l.inTurn(steps, combine, to, from)
	}
	f := &flow{
		lane: l, combine: combine, chunks: (l.most + chunkBytes - 1) / chunkBytes, steps: steps,
		received: make(chan struct{}, steps*((l.most+chunkBytes-1)/chunkBytes)),
		sent:     make(chan struct{}, steps*((l.most+chunkBytes-1)/chunkBytes)),
	}
	var sending error
	var done sync.WaitGroup
	done.Go(func() { sending = f.send(to) })
	err := f.receive(from)
	done.Wait()
	if err == nil {
		err = sending
	}
	return err
}

// inTurn circulates segments of one chunk, each at once: what is sent mostly finds room, and
// then nothing needs to run beside.
func (l *lane) inTurn(steps, combine int, to, from side) error {
	if l.labelled {
		if err := l.r.label(to.conn, to.rank, l.x, l.r.operations); err != nil {
			return err
		}
	}
	for step := range steps {
		sent := l.r.begin(to, l.segment(l.number(step)))
		err := l.takeTurn(step, combine, from)
		if failed := sent(); err == nil {
			err = failed
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeTurn receives the segment of a step.
func (l *lane) takeTurn(step, combine int, from side) error {
	if step == 0 && l.labelled {
		if err := l.r.checkSoon(from, l.x, l.r.operations, l.patience); err != nil {
			return err
		}
	}
	dst := l.segment(l.number(step + 1))
	if step >= combine {
		return l.r.readSoon(from, dst, l.patience)
	}
	into := l.scratch[:len(dst)]
	if err := l.r.readSoon(from, into, l.patience); err != nil {
		return err
	}
	return l.fold(dst, into)
}

// fold combines elements; a failure is this process's, which leaves the ring.
func (l *lane) fold(dst, src []byte) error {
	err := l.x.Fold(dst, src)
	if err != nil {
		l.r.leave(err, &lostError{l.r.rank, reason(err)})
	}
	return err
}

// flow is a lane of large segments, in chunks: while one is received another is sent. A
// chunk is sent when it has been received, and written over when it has been sent.
type flow struct {
	*lane
	steps, combine, chunks int
	received, sent         chan struct{} // a token for each chunk, in order
}

// part is a chunk of a step's segment, which may be empty.
func (f *flow) part(step, chunk int) []byte {
	s := f.segment(f.number(step))
	return s[min(chunk*chunkBytes, len(s)):min((chunk+1)*chunkBytes, len(s))]
}

// await takes a token, or gives the error that ended the ring.
func (f *flow) await(tokens chan struct{}) error {
	select {
	case <-tokens:
		return nil
	case <-f.r.lost:
		return *f.r.fault.Load()
	}
}

func (f *flow) send(to side) error {
	if f.labelled {
		if err := f.r.label(to.conn, to.rank, f.x, f.r.operations); err != nil {
			return err
		}
	}
	for step := range f.steps {
		for chunk := range f.chunks {
			if step > 0 {
				if err := f.await(f.received); err != nil {
					return err
				}
			}
			if err := f.r.write(to.conn, to.rank, f.part(step, chunk)); err != nil {
				return err
			}
			f.sent <- struct{}{}
		}
	}
	return nil
}

func (f *flow) receive(from side) error {
	if f.labelled {
		if err := f.r.check(from.conn, from.rank, f.x, f.r.operations); err != nil {
			return err
		}
	}
	for step := range f.steps {
		for chunk := range f.chunks {
			dst := f.part(step+1, chunk)
			into := dst
			if step < f.combine {
				into = f.scratch[:len(dst)]
			} else if step+1 >= f.r.size { // it was sent in the first round
				if err := f.await(f.sent); err != nil {
					return err
				}
			}
			if err := f.r.read(from.conn, from.rank, into); err != nil {
				return err
			}
			if step < f.combine {
				if err := f.fold(dst, into); err != nil {
					return err
				}
			}
			f.received <- struct{}{}
		}
	}
	return nil
}
