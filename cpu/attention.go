package cpu

import (
	"context"
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// Attention in pieces: queries by keys. The scores of one piece are all that is
// held; the piece's sizes do not depend on the number of threads, and neither do
// the results.
const (
	flashQueries = 128
	flashKeys    = 512
)

// lowest is the score of what a mask forbids.
const lowest = -math.MaxFloat32

// flash is the kernel of attention for elements E, which computes in float32.
type flash[E any] struct {
	arith *arithmetic[E, float32]
	rows  *rowMath
}

// flashTask is one task of it.
type flashTask[E any] struct {
	*flash[E]
	ctx            context.Context
	at             engine.FlashAttrs
	q, k, v        stack[E]
	out            []E
	mask           *engine.Operand // nil without
	sinks          []E
	heads, repeats int
	queries, keys  int
	features, outs int
	room           packing[float32]
}

func (f *flash[E]) run(w *workers, t *engine.Task) error {
	p := f.newTask(t)
	if len(p.out) == 0 {
		return nil
	}
	q, k, v := &t.In[0], &t.In[1], &t.In[2]
	p.q, p.k, p.v = newStack[E](q), newStack[E](k), newStack[E](v)
	sizes := p.scratch()
	if p.isFew() {
		sizes = p.fewScratch()
	}
	var err error
	if p.room, err = newPacking[float32](t.Op, t.Workspace.Data, sizes); err != nil {
		return err
	}
	rest := t.In[3:]
	if p.at.Mask {
		p.mask, rest = &rest[0], rest[1:]
	}
	if p.at.Sinks {
		p.sinks = make([]E, p.heads)
		copyRun(p.sinks, storage[E](&rest[0]), rest[0].Offset, rest[0].Strides[0])
	}
	if p.isFew() {
		return p.few(w, t)
	}
	pieces, grain := p.pieces()
	return w.run(t.Ctx, q.Shape[0]*p.heads*pieces, grain, func(_ *tiles, lo, hi int) error {
		s := p.room.get()
		defer p.room.put(s)
		for i := lo; i < hi; i++ {
			from := i % pieces * flashQueries
			if err := p.piece(s, i/pieces, from, min(flashQueries, p.queries-from)); err != nil {
				return err
			}
		}
		return nil
	})
}

// newTask knows a task's sizes.
func (f *flash[E]) newTask(t *engine.Task) *flashTask[E] {
	p := &flashTask[E]{flash: f, ctx: t.Ctx, at: t.Attrs.(engine.FlashAttrs), out: dense[E](&t.Out[0])}
	q, k, v := &t.In[0], &t.In[1], &t.In[2]
	p.heads, p.queries, p.features = q.Shape[1], q.Shape[2], q.Shape[3]
	p.keys, p.outs, p.repeats = k.Shape[2], v.Shape[3], q.Shape[1]/max(k.Shape[1], 1)
	return p
}

// pieces is the number of pieces of a head, and how many are worth another processor.
func (p *flashTask[E]) pieces() (pieces, grain int) {
	work := min(p.queries, flashQueries) * (p.features + p.outs) * max(p.keys, 1)
	return (p.queries + flashQueries - 1) / flashQueries, max(matPiece/max(work, 1), 1)
}

// scratch is what a processor wants.
func (p *flashTask[E]) scratch() packedSizes {
	n, keys := min(p.queries, flashQueries), min(p.keys, flashKeys)
	z := forTiles(n, max(p.features, keys))
	z.out, z.line = n*(p.features+keys+p.outs), max(keys, 1)
	return z
}

// workspace is the rule of attention.
func (f *flash[E]) workspace(w *workers, t *engine.Task) int {
	if t.Out[0].Len() == 0 {
		return 0
	}
	p := f.newTask(t)
	pieces, grain := p.pieces()
	space := w.packedWorkspace(chunksOf(t.In[0].Shape[0]*p.heads*pieces, grain), p.scratch(), sizeOf[float32]())
	if p.queries > fewQueries {
		return space
	}
	// How keys and values will lie is not known.
	turns, grain := p.turns()
	return max(space, w.packedWorkspace(chunksOf(t.In[0].Shape[0]*p.heads/p.repeats*turns, grain), p.fewScratch(), sizeOf[float32]()))
}

// attending is what is known of a query's keys so far: the largest score and the sum
// of the exponentials of the others' distance to it.
type attending struct {
	top float32
	sum float64
}

// piece answers n queries of a head, from the from-th on.
func (p *flashTask[E]) piece(s *packed[float32], head, from, n int) error {
	// The scratch for narrowed tiles holds queries, scores and sums of values.
	space := s.out
	take := func(k int) []float32 {
		part := space[:k]
		space = space[k:]
		return part
	}
	q, scores, sums := take(n*p.features), take(n*min(p.keys, flashKeys)), take(n*p.outs)
	clear(sums)
	keys := head/p.heads*(p.heads/p.repeats) + head%p.heads/p.repeats // the head of the keys
	qm, km, vm := p.q.at(head).from(from, 0), p.k.at(keys), p.v.at(keys)
	for i := range n {
		row := q[i*p.features:][:p.features]
		fetch(row, qm.data, qm.offset+i*qm.rows, qm.cols, p.arith.widen)
		p.rows.affine(row, row, float32(p.at.Scale), 0)
	}
	var state [flashQueries]attending
	for i := range n {
		state[i] = p.unattended(s, head)
	}
	for at := 0; at < p.keys; at += flashKeys {
		if p.at.Causal && p.reach(from) > 0 && p.reach(from+n-1) <= at {
			break // no query looks further, and each has looked at something
		}
		width := min(flashKeys, p.keys-at)
		if p.inSight(from) {
			width = min(width, p.reach(from+n-1)-at) // what no query looks at is not worked out
		}
		left := matrix[float32]{data: q, rows: p.features, cols: 1}
		if err := p.product(s, left, km.from(at, 0), scores, n, width, p.features, false); err != nil {
			return err
		}
		for i := range n {
			p.weigh(s, &state[i], scores[i*width:][:width], sums[i*p.outs:][:p.outs], head, from+i, at)
		}
		weights := matrix[float32]{data: scores, rows: width, cols: 1}
		if err := p.product(s, weights, vm.from(at, 0).transposed(), sums, n, p.outs, width, true); err != nil {
			return err
		}
	}
	for i := range n {
		p.answer((head*p.queries+from+i)*p.outs, sums[i*p.outs:][:p.outs], &state[i])
	}
	return nil
}

// inSight reports whether a query, and with it those behind it, may look at keys whose scores no mask changes:
// what they may not look at then has no weight, whatever its score.
func (p *flashTask[E]) inSight(query int) bool {
	return p.at.Causal && p.mask == nil && p.reach(query) > 0
}

// reach is the number of keys that a query may look at.
func (p *flashTask[E]) reach(query int) int { return query + 1 + p.keys - p.queries }

// product multiplies n rows of numbers by the transpose of a matrix.
func (p *flashTask[E]) product(s *packed[float32], left matrix[float32], right matrix[E], to []float32, n, width, depth int, onto bool) error {
	t := matTile[float32]{m: n, n: width, to: to, stride: width, onto: onto}
	return p.arith.micro.multiply(p.ctx, s, matrixPanels[float32, float32]{matrix: left}, matrixPanels[E, float32]{right, p.arith.widen}, &t, depth)
}

// weigh turns scores into weights and brings the query's sums of values to the
// scale of the largest score so far.
func (p *flashTask[E]) weigh(s *packed[float32], a *attending, scores, sums []float32, head, query, at int) {
	switch seen := max(p.reach(query)-at, 0); {
	case !p.at.Causal || seen >= len(scores):
	case p.inSight(query):
		clear(scores[seen:])
		if scores = scores[:seen]; seen == 0 {
			return
		}
	default:
		for i := seen; i < len(scores); i++ {
			scores[i] = lowest
		}
	}
	if p.mask != nil {
		p.masked(s, scores, head, query, at)
	}
	top := maximum(p.rows.greatest(scores), a.top)
	if math.IsInf(float64(top), -1) {
		clear(scores) // nothing to look at yet
		return
	}
	if top != a.top && a.sum > 0 {
		back := math.Exp(float64(a.top) - float64(top))
		a.sum *= back
		p.rows.affine(sums, sums, float32(back), 0)
	}
	a.top = top
	p.rows.affine(scores, scores, 1, -top)
	p.rows.exp(scores, scores)
	a.sum += p.rows.sum(scores)
}

// masked adds a mask to scores or, of bools, forbids.
func (p *flashTask[E]) masked(s *packed[float32], scores []float32, head, query, at int) {
	m := p.mask
	step := m.Strides[3]
	place := m.Offset + head/p.heads*m.Strides[0] + head%p.heads*m.Strides[1] + query*m.Strides[2] + at*step
	if m.Dtype == engine.Bool {
		allowed := storage[truth](m)
		if step == 1 {
			p.rows.forbid(scores, allowed[place:][:len(scores)])
			return
		}
		for i := range scores {
			if allowed[place] == 0 {
				scores[i] = lowest
			}
			place += step
		}
		return
	}
	line := s.line[:len(scores)]
	fetch(line, storage[E](m), place, step, p.arith.widen)
	p.rows.add(scores, scores, line)
}

// addAttention enters attention.
func (t table) addAttention(k *simd.Kernels, f32 *arithmetic[float32, float32]) {
	rows := rowsOf(k)
	f16, bf16 := halfProducts(k, f32)
	enterAttention(t, engine.Float32, &flash[float32]{f32, rows})
	enterAttention(t, engine.Float16, &flash[half]{f16, rows})
	enterAttention(t, engine.BFloat16, &flash[brain]{bf16, rows})
}

func enterAttention[E any](t table, d engine.Dtype, f *flash[E]) {
	t.add(engine.OpAttention, d, d, f.run)
	t.scratch(engine.OpAttention, d, d, f.workspace)
}
