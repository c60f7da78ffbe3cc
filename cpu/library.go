package cpu

import (
	"sync"

	"github.com/mlxstar/mlxstar/cpu/internal/accelerate"
)

// Products by the system's library, where there is one, which has units for matrices
// that no instruction reaches otherwise.

// productLibrary gives the library, which is loaded when it is first asked for, or
// nil where there is none or none is wanted.
func productLibrary(o Options) func() *accelerate.Library {
	if !wantsAssembly(o) {
		return func() *accelerate.Library { return nil }
	}
	system := o.system
	if system == nil {
		system = accelerate.System
	}
	return sync.OnceValue(func() *accelerate.Library {
		link, err := system()
		if err != nil {
			return nil
		}
		l, err := accelerate.Open(link)
		if err != nil {
			return nil
		}
		return l
	})
}

// libraryProduct is [accelerate.Product] of elements that may be no floats.
type libraryProduct[T any] func(m, n, k int, a, b accelerate.Matrix[T], c []T, stride int, onto bool)

// The cutting of products that the library does: so that they can be stopped, and
// depends on the shape alone, so that results do not depend on the number of threads.
const (
	libraryLeast = 1 << 15 // multiplications
	libraryTile  = 1024
	libraryDepth = 1 << 14
	libraryPiece = 1 << 24 // multiplications that are worth another processor
)

// library gives the library's product if it can do this one: operands must have rows
// or columns that lie together.
func (p *matProduct[E, T]) library() libraryProduct[T] {
	if p.arith.library == nil || p.m*p.n*p.k < libraryLeast {
		return nil
	}
	_, a := libraryOperand[E, T](p.a.matrix, p.m, p.k)
	_, b := libraryOperand[E, T](p.b.matrix, p.k, p.n)
	if !a || !b || p.n > accelerate.Most {
		return nil
	}
	return p.arith.library()
}

// libraryOperand is a matrix as the library takes it, if it does.
func libraryOperand[E, T any](x matrix[E], rows, cols int) (accelerate.Matrix[T], bool) {
	data, ok := any(x.data).([]T)
	if !ok {
		return accelerate.Matrix[T]{}, false
	}
	// Where the workspace is planned, elements of a GPU's memory are not here yet.
	m := accelerate.Matrix[T]{Data: data[min(x.offset, len(data)):], Stride: x.rows}
	if x.cols != 1 || x.rows < cols {
		m.Stride, m.Transposed = x.cols, true
		ok = x.rows == 1 && x.cols >= rows
	}
	return m, ok && m.Stride <= accelerate.Most
}

// byLibrary multiplies tile by tile.
func (p *matProduct[E, T]) byLibrary(w *workers, batch int, product libraryProduct[T]) error {
	p.tileM, p.tileN = min(p.m, libraryTile), min(p.n, libraryTile)
	p.tilesM, p.tilesN = (p.m+p.tileM-1)/p.tileM, (p.n+p.tileN-1)/p.tileN
	grain := max(libraryPiece/(p.tileM*p.tileN*p.k), 1)
	out := any(p.out).([]T)
	return w.run(p.task.Ctx, batch*p.tiles(), grain, func(_ *tiles, lo, hi int) error {
		s := p.room.get()
		defer p.room.put(s)
		for i := lo; i < hi; i++ {
			index, t := i/p.tiles(), matTile[T]{stride: p.n}
			t.row, t.col, t.m, t.n = p.tile(i % p.tiles())
			place := index*p.m*p.n + t.row*p.n + t.col
			t.to = out[place:]
			for k := 0; k < p.k; k += libraryDepth {
				if err := p.task.Ctx.Err(); err != nil {
					return err
				}
				depth := min(libraryDepth, p.k-k)
				a, _ := libraryOperand[E, T](p.a.at(index).from(t.row, k), t.m, depth)
				b, _ := libraryOperand[E, T](p.b.at(index).from(k, t.col), depth, t.n)
				product(t.m, t.n, depth, a, b, t.to, t.stride, k > 0)
			}
			p.finish(s, index, place, &t)
		}
		return nil
	})
}
