package cpu

import (
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// Attention of few queries, as when a text goes on token by token: keys and values are read
// where they lie, once for all the heads that share them.

const (
	// fewQueries is how many queries of a head are few.
	fewQueries = 4
	// fewTurns is the number of queries, of all heads that share keys, that are answered together.
	fewTurns = 16
	// fewWiden is the number of keys or values that are widened at once where none of the
	// processor's kernels reads them as they are.
	fewWiden = 16
)

// isFew reports whether there are few queries of keys and values whose features lie together.
func (p *flashTask[E]) isFew() bool {
	return p.queries <= fewQueries && p.keys > 0 && p.k.cols == 1 && p.v.cols == 1
}

// turns is the number of pieces of each of the heads of keys, and how many are worth another
// processor.
func (p *flashTask[E]) turns() (turns, grain int) {
	n := p.repeats * p.queries
	work := min(n, fewTurns) * (p.features + p.outs) * max(p.keys, 1)
	return (n + fewTurns - 1) / fewTurns, max(matPiece/max(work, 1), 1)
}

// fewScratch is what a processor wants for few queries.
func (p *flashTask[E]) fewScratch() packedSizes {
	n, keys := min(p.repeats*p.queries, fewTurns), min(p.keys, flashKeys)
	return packedSizes{out: n * (p.features + keys + p.outs), line: max(keys, 1), rows: fewWiden * max(p.features, p.outs)}
}

// few answers the queries of each head of keys together.
func (p *flashTask[E]) few(w *workers, t *engine.Task) error {
	turns, grain := p.turns()
	return w.run(t.Ctx, t.In[0].Shape[0]*p.heads/p.repeats*turns, grain, func(_ *tiles, lo, hi int) error {
		s := p.room.get()
		defer p.room.put(s)
		for i := lo; i < hi; i++ {
			from := i % turns * fewTurns
			if err := p.turn(s, i/turns, from, min(fewTurns, p.repeats*p.queries-from)); err != nil {
				return err
			}
		}
		return nil
	})
}

// turn answers n of the queries of the heads that share a head of keys, from the from-th on.
func (p *flashTask[E]) turn(s *packed[float32], keys, from, n int) error {
	first := keys*p.repeats*p.queries + from // among the queries of all heads
	width := min(p.keys, flashKeys)
	q := simd.Lines[float32]{Data: s.out[:n*p.features], Stride: p.features}
	scores := simd.Lines[float32]{Data: s.out[len(q.Data):][:n*width], Stride: width}
	sums := simd.Lines[float32]{Data: s.out[len(q.Data)+len(scores.Data):][:n*p.outs], Stride: p.outs}
	clear(sums.Data)
	var state [fewTurns]attending
	for i := range n {
		head, query := (first+i)/p.queries, (first+i)%p.queries
		m, row := p.q.at(head).from(query, 0), q.Data[i*p.features:][:p.features]
		fetch(row, m.data, m.offset, m.cols, p.arith.widen)
		p.rows.affine(row, row, float32(p.at.Scale), 0)
		state[i] = p.unattended(s, head)
	}
	km, vm := p.k.at(keys), p.v.at(keys)
	for at := 0; at < p.keys; at += flashKeys {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		width := min(flashKeys, p.keys-at)
		clear(scores.Data)
		for f := 0; f < p.features; f += fewRun {
			run := min(fewRun, p.features-f)
			p.dots(s, scores, simd.Lines[float32]{Data: q.Data[f:], Stride: q.Stride}, km.from(at, f), n, width, run)
		}
		for i := range n {
			head, query := (first+i)/p.queries, (first+i)%p.queries
			p.weigh(s, &state[i], scores.Data[i*scores.Stride:][:width], sums.Data[i*p.outs:][:p.outs], head, query, at)
		}
		p.multiples(s, sums, scores, vm.from(at, 0), n, width)
	}
	for i := range n {
		p.answer((first+i)*p.outs, sums.Data[i*p.outs:][:p.outs], &state[i])
	}
	return nil
}

// dots adds the products of n rows of x and some rows of a matrix to y.
func (p *flashTask[E]) dots(s *packed[float32], y, x simd.Lines[float32], a matrix[E], n, rows, depth int) {
	if p.arith.stored.Dots != nil {
		p.arith.stored.Dots(y, x, a.lines(), n, rows, depth)
		return
	}
	p.widened(s, a, rows, depth, func(at, some int, lines simd.Lines[float32]) {
		p.arith.few.Dots(simd.Lines[float32]{Data: y.Data[at:], Stride: y.Stride}, x, lines, n, some, depth)
	})
}

// multiples adds rows of a matrix, each times its element of a row of x, to n rows of y.
func (p *flashTask[E]) multiples(s *packed[float32], y, x simd.Lines[float32], a matrix[E], n, rows int) {
	if p.arith.stored.Rows != nil {
		p.arith.stored.Rows(y, x, a.lines(), n, rows, p.outs)
		return
	}
	p.widened(s, a, rows, p.outs, func(at, some int, lines simd.Lines[float32]) {
		p.arith.few.Rows(y, simd.Lines[float32]{Data: x.Data[at:], Stride: x.Stride}, lines, n, some, p.outs)
	})
}

// widened gives rows of a matrix as numbers: all, where they are, or some at a time.
func (p *flashTask[E]) widened(s *packed[float32], a matrix[E], rows, n int, f func(at, some int, lines simd.Lines[float32])) {
	if data, ok := any(a.data).([]float32); ok {
		f(0, rows, simd.Lines[float32]{Data: data[a.offset:], Stride: a.rows})
		return
	}
	for at := 0; at < rows; at += fewWiden {
		some := min(fewWiden, rows-at)
		for i := range some {
			p.arith.widen(s.rows[i*n:][:n], a.data[a.offset+(at+i)*a.rows:][:n])
		}
		f(at, some, simd.Lines[float32]{Data: s.rows, Stride: n})
	}
}

// unattended is what is known of a query's keys at first: nothing, or the head's sink.
func (p *flashTask[E]) unattended(s *packed[float32], head int) attending {
	if p.sinks == nil {
		return attending{top: float32(math.Inf(-1))}
	}
	fetch(s.line[:1], p.sinks, head%p.heads, 1, p.arith.widen)
	return attending{s.line[0], 1}
}

// answer writes a query's sums of values, divided by the sum of their weights.
func (p *flashTask[E]) answer(place int, sums []float32, a *attending) {
	if p.keys > 0 {
		p.rows.affine(sums, sums, float32(1/a.sum), 0)
	}
	to := p.out[place:][:p.outs]
	if p.arith.narrow != nil {
		p.arith.narrow(to, sums)
	} else {
		copy(any(to).([]float32), sums)
	}
}
