package distributed

import "github.com/mlxstar/mlxstar/engine"

// Reductions of few bytes among this program's own processes go once around, and not
// twice: every operand comes to everybody, who combines them in the order of ranks. What
// is little takes its time by messages, and not by bytes.

// mostGathered bounds the bytes that a process holds for that.
const mostGathered = 64 << 10

// gathered tells that the plan's operation goes in that way.
func (p *plan) gathered() bool {
	n := p.x.Bytes
	return p.r.watch != nil && engine.FoldOf(p.x.Kind) != nil && p.x.Kind != engine.OpSumScatter && n <= smallBytes && n*p.r.size <= mostGathered
}

// gatheredScratch is every operand, and a label before the first and the last.
func (p *plan) gatheredScratch() int { return p.r.size*p.x.Bytes + 2*labelSize }

// reduceGathered sends the own operand after the label, and passes on those that come.
func (p *plan) reduceGathered() error {
	x, r, n := p.x, p.r, p.x.Bytes
	first, last := x.Scratch[:labelSize+n], x.Scratch[r.size*n+labelSize-n:][:labelSize+n]
	own := last[labelSize:]
	label := labelOf(x, r.operations)
	copy(last, label[:])
	copy(own, x.In)
	from := func(k int) []byte { return x.Scratch[labelSize+k*n:][:n] } // who is k + 1 to the right
	to, by := side{r.left[0], r.previous()}, side{r.right[0], r.next()} // where all plans' labels go
	if err := r.write(to.conn, to.rank, last); err != nil {
		return err
	}
	if err := r.readLabelled(by, first, x); err != nil {
		return err
	}
	for k := 1; k < r.size-1; k++ {
		if err := r.write(to.conn, to.rank, from(k-1)); err != nil {
			return err
		}
		if err := r.readSoon(by, from(k), &r.patience[0]); err != nil {
			return err
		}
	}
	for rank := range r.size {
		operand := own
		if k := (rank - r.rank + r.size) % r.size; k > 0 {
			operand = from(k - 1)
		}
		if rank == 0 {
			copy(x.Out, operand)
		} else if err := (&lane{plan: p}).fold(x.Out, operand); err != nil {
			return err
		}
	}
	return nil
}

// readLabelled reads a label and what follows it, once that is known to come.
func (r *ring) readLabelled(by side, data []byte, x *engine.Exchange) error {
	n := r.look(by.conn, data, &r.patience[0])
	if n < labelSize {
		if err := r.read(by.conn, by.rank, data[n:labelSize]); err != nil {
			return err
		}
		n = labelSize
	}
	if err := r.agreed([labelSize]byte(data), by.rank, x, r.operations); err != nil {
		return err
	}
	return r.read(by.conn, by.rank, data[n:])
}
