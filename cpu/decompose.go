package cpu

import (
	"context"
	"slices"

	"github.com/mlxstar/mlxstar/cpu/internal/linear"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// matrixTask is one matrix of a stack, in float64: a kernel reads In, which it may
// overwrite, and fills Out. A complex output has two numbers for each element.
type matrixTask struct {
	op         string
	attrs      any
	rows, cols int // of the first input
	in, out    [][]float64

	// Matrices that are worked on in blocks have what computes, and room.
	machine *linear.Machine
	room    []float64
}

// decomposition is how a matrix is decomposed. Those of blocked are worked on in blocks, with room for
// as many numbers as it says, others by gonum.
type decomposition struct {
	one     func(m *matrixTask) error
	blocked func(rows, cols int, attrs any) (room int, ok bool) // nil: none are
}

// division is how a task of decompositions is divided.
type division struct {
	count, work, grain int
	size               int // bytes of the scratch of a matrix, with what gonum takes besides
	room               int // numbers of it that blocks want
	blocked            bool
	tile               packedSizes // of products of blocks
}

func (d decomposition) division(t *engine.Task) division {
	shape := t.In[0].Shape
	r := len(shape)
	rows, cols := shape[r-2], shape[r-1]
	m := division{count: shapes.Elements(shape[:r-2]), work: rows * cols * max(cols, 1)}
	m.grain = max(int(heavy)/max(m.work, 1), 1)
	copies := 2 // one is gonum's
	if d.blocked != nil {
		if m.room, m.blocked = d.blocked(rows, cols, t.Attrs); m.blocked {
			copies = 1
			m.tile = forTiles(min(max(rows, cols), matRows), max(rows, cols))
		}
	}
	for _, o := range slices.Concat(t.In, t.Out) {
		m.size += copies * 8 * o.Len() / max(m.count, 1) * parts(o.Dtype)
	}
	m.size += 8 * m.room
	return m
}

// workspace is the rule of decompositions. Those that are detached may outlive their
// task, and with it the workspace: theirs is on Go's heap, for which the workspace,
// untouched, stands in the account.
func (d decomposition) workspace(w *workers, t *engine.Task) int {
	m := d.division(t)
	if m.count == 0 {
		return 0
	}
	size := w.sharesSize(chunksOf(m.count, m.grain), m.size)
	if m.blocked {
		size += w.packedWorkspace(w.threads, m.tile, sizeOf[float64]())
	}
	return size
}

// kernel makes a kernel of a function of one matrix. Gonum's decompositions keep some
// scratch on Go's heap and cannot be stopped: those that take long are detached.
//
//go:noinline
func (d decomposition) kernel(f64 *arithmetic[float64, float64]) kernel {
	return func(w *workers, t *engine.Task) error {
		shape := t.In[0].Shape
		r, of := len(shape), d.division(t)
		if of.count == 0 {
			return nil
		}
		space := t.Workspace.Data
		var packs packing[float64]
		if of.blocked {
			n := w.packedWorkspace(w.threads, of.tile, sizeOf[float64]())
			var err error
			if packs, err = newPacking[float64](t.Op, space[:min(n, len(space))], of.tile); err != nil {
				return err
			}
			space = space[n:]
		}
		rooms, err := newShares(t.Op, space, of.size)
		if err != nil {
			return err
		}
		detach := of.work >= detachedWork && !of.blocked
		return w.run(t.Ctx, of.count, of.grain, func(_ *tiles, lo, hi int) error {
			room := rooms.take()
			defer rooms.done(room)
			space := typed[float64](room)
			part := func(n int) []float64 {
				if detach {
					return make([]float64, n)
				}
				got := space[:n:n]
				space = space[n:]
				return got
			}
			m := &matrixTask{op: t.Op.Name, attrs: t.Attrs, rows: shape[r-2], cols: shape[r-1]}
			for i := range t.In {
				m.in = append(m.in, part(t.In[i].Len()/of.count*parts(t.In[i].Dtype)))
			}
			for i := range t.Out {
				m.out = append(m.out, part(t.Out[i].Len()/of.count*parts(t.Out[i].Dtype)))
			}
			if of.blocked {
				m.machine, m.room = w.machine(t.Ctx, f64, packs), part(of.room)
			}
			for k := lo; k < hi; k++ {
				if err := t.Ctx.Err(); err != nil {
					return err
				}
				for i := range t.In {
					loadMatrix(m.in[i], &t.In[i], k)
				}
				for i := range m.out {
					clear(m.out[i])
				}
				if !detach {
					if err := d.one(m); err != nil {
						return err
					}
				} else if err := w.detached.do(t.Ctx, w.quit, int64(of.size), func() error { return d.one(m) }); err != nil {
					return err
				}
				for i := range t.Out {
					storeMatrix(&t.Out[i], m.out[i], k)
				}
			}
			return nil
		})
	}
}

// machine is what works on blocks, for one task: its products are cut into tiles, by sizes alone, which
// processors share.
func (w *workers) machine(ctx context.Context, f64 *arithmetic[float64, float64], packs packing[float64]) *linear.Machine {
	of := func(v linear.View) matrix[float64] {
		return matrix[float64]{data: v.Data, rows: v.Down, cols: v.Across}
	}
	return &linear.Machine{
		Few: f64.few, Dot: f64.dot, Axpy: f64.axpy, Scale: f64.times,
		Run: func(n, grain int, f func(lo, hi int) error) error {
			return w.run(ctx, n, grain, func(_ *tiles, lo, hi int) error { return f(lo, hi) })
		},
		Product: func(c, a, b linear.View, minus bool) error {
			g := grid{m: c.Rows, k: a.Cols, n: c.Cols, mr: f64.micro.mr, nr: f64.micro.nr, maxN: matCols}
			g.cut(1, w.threads)
			var left panels[float64] = matrixPanels[float64, float64]{of(a), nil}
			if minus {
				left = negated{left, f64.times}
			}
			right := matrixPanels[float64, float64]{of(b).transposed(), nil}
			return w.run(ctx, g.tiles(), g.grain(), func(_ *tiles, lo, hi int) error {
				s := packs.get()
				defer packs.put(s)
				for i := lo; i < hi; i++ {
					t := matTile[float64]{stride: c.Down, onto: true}
					t.row, t.col, t.m, t.n = g.tile(i)
					t.to = c.Data[t.row*c.Down+t.col:]
					if err := f64.micro.multiply(ctx, s, left, right, &t, g.k); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

// negated are panels of the opposite numbers.
type negated struct {
	panels[float64]
	times func(y []float64, x float64)
}

func (x negated) panel(m *micro[float64], s *packed[float64], dst []float64, i, n, width, k, depth int) {
	x.panels.panel(m, s, dst, i, n, width, k, depth)
	x.times(dst, -1)
}

// parts is the number of float64 that hold an element.
func parts(d engine.Dtype) int {
	if d.IsComplex() {
		return 2
	}
	return 1
}

func loadMatrix(to []float64, o *engine.Operand, k int) {
	switch o.Dtype {
	case engine.Float64:
		copy(to, dense[float64](o)[k*len(to):])
		return
	case engine.Complex64:
		loadParts(to, dense[complex64](o), k)
		return
	case engine.Complex128:
		loadParts(to, dense[complex128](o), k)
		return
	}
	widen(to, dense[float32](o), k)
}

func loadParts[T complexNumber](to []float64, from []T, k int) {
	n := len(to) / 2
	for i, z := range from[k*n:][:n] {
		to[2*i], to[2*i+1] = real(complex128(z)), imag(complex128(z))
	}
}

func storeComplexParts[T complexNumber](to []T, from []float64, k int) {
	n := len(from) / 2
	for i := range to[k*n:][:n] {
		to[k*n+i] = T(complex(from[2*i], from[2*i+1]))
	}
}

func widen(to []float64, from []float32, k int) {
	for i, v := range from[k*len(to):][:len(to)] {
		to[i] = float64(v)
	}
}

func storeMatrix(o *engine.Operand, from []float64, k int) {
	switch n := len(from); o.Dtype {
	case engine.Float64:
		copy(dense[float64](o)[k*n:], from)
	case engine.Float32:
		storeAs(dense[float32](o)[k*n:][:n], from)
	case engine.Uint32:
		storeAs(dense[uint32](o)[k*n:][:n], from)
	case engine.Complex64:
		storeComplexParts(dense[complex64](o), from, k)
	case engine.Complex128:
		storeComplexParts(dense[complex128](o), from, k)
	}
}

func storeAs[T float32 | uint32](to []T, from []float64) {
	for i, v := range from {
		to[i] = T(v)
	}
}
