package simd

import (
	"fmt"
	"runtime/debug"
	"testing"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/alloc/alloctest"
)

// memory gives slices next to pages that must not be touched.
type memory struct {
	t      *testing.T
	source *alloctest.Guard
	blocks []alloc.Block
}

func slice[T any](m *memory, n int) []T {
	var zero T
	b, err := m.source.Alloc(max(n, 1) * int(unsafe.Sizeof(zero)))
	if err != nil {
		m.t.Fatal(err)
	}
	m.blocks = append(m.blocks, b)
	return unsafe.Slice((*T)(b.Data), max(n, 1))[:n]
}

func (m *memory) free() {
	for _, b := range m.blocks {
		m.source.Free(b)
	}
	m.blocks = nil
	if err := m.source.Err(); err != nil {
		m.t.Error(err)
	}
}

// exercise runs one kernel on n elements of guarded memory.
type exercise struct {
	name string
	run  func(m *memory, n int)
}

func exercises(k *Kernels) (all []exercise) {
	add := func(name string, run func(m *memory, n int)) { all = append(all, exercise{name, run}) }
	exerciseNumbers("float32", &k.Float32, add)
	exerciseNumbers("float64", &k.Float64, add)
	exerciseFew("float16", k.FewHalf, add)
	exerciseFew("bfloat16", k.FewBrain, add)
	for _, f := range functions {
		kernel := f.kernel(&k.Functions)
		add(f.name, func(m *memory, n int) { kernel(slice[float32](m, n), slice[float32](m, n)) })
	}
	for _, f := range pairs {
		kernel := f.kernel(&k.Functions)
		add(f.name, func(m *memory, n int) { kernel(slice[float32](m, n), slice[float32](m, n), slice[float32](m, n)) })
	}
	for _, stride := range []int{1, 2, 4, 6} {
		add(fmt.Sprint("quarters ", stride), func(m *memory, n int) {
			k.Quarters(slice[complex128](m, 4*stride*n), slice[complex128](m, 4*stride*n), slice[complex128](m, max(3*(n-1)*stride+1, 0)), n/3, n, n, stride, 1)
		})
	}
	for _, p := range []int{3, 5, 7} {
		if k.Odd != nil {
			add(fmt.Sprint("odd pass by ", p), func(m *memory, n int) {
				const stride = 2
				k.Odd(slice[complex128](m, p*stride*n), slice[complex128](m, p*stride*n), slice[complex128](m, max((p-1)*(n-1)*stride+1, 0)), slice[float64](m, p-1), n/3, n, n, stride)
			})
		}
	}
	add("choose", func(m *memory, n int) {
		k.Choose(slice[uint32](m, n), slice[uint8](m, n), slice[uint32](m, n), slice[uint32](m, n))
	})
	for name, c := range map[string]Codec[uint16, float32]{"float16": k.Half, "bfloat16": k.Brain} {
		add("widen "+name, func(m *memory, n int) { c.Widen(slice[float32](m, n), slice[uint16](m, n)) })
		add("narrow to "+name, func(m *memory, n int) { c.Narrow(slice[uint16](m, n), slice[float32](m, n)) })
	}
	add("widen float32", func(m *memory, n int) { k.Single.Widen(slice[float64](m, n), slice[float32](m, n)) })
	add("narrow to float32", func(m *memory, n int) { k.Single.Narrow(slice[float32](m, n), slice[float64](m, n)) })
	for name, d := range map[string]Decoder{"whole": k.Codes.Whole, "fp4": k.Codes.FP4, "fp8": k.Codes.FP8} {
		add("dot "+name, func(m *memory, n int) { d.Dot(slice[byte](m, 16*n), slice[float32](m, 16*n), slice[float32](m, n)) })
		add("fill "+name, func(m *memory, n int) {
			d.Fill(slice[float32](m, 16*n), slice[byte](m, 16*n), slice[float32](m, n), slice[float32](m, n))
		})
	}
	for bits := 2; bits <= 8; bits++ {
		add(fmt.Sprint("unpack ", bits), func(m *memory, n int) { k.Codes.Unpack(slice[byte](m, 8*n), slice[byte](m, bits*n), bits) })
	}
	for at, f := range k.Blocks {
		add(fmt.Sprint(at.Op.Name, " of ", at.In, " to ", at.Out), func(m *memory, n int) {
			if n < blockLen {
				return // nothing is done
			}
			f(slice[byte](m, n*at.Out.Size()), slice[byte](m, n*at.In.Size()), slice[byte](m, n*at.In.Size()))
		})
	}
	exerciseCodeRows(k, add)
	exerciseFixedRows(k, add)
	exerciseTiles(k, add)
	add("transpose", func(m *memory, n int) {
		deep, step, apart := 8*n, 8*n+3, 11
		k.Transpose(slice[uint32](m, max(deep-1, 0)*apart+8), slice[uint32](m, 7*step+deep), deep, step, apart)
	})
	exerciseKeys("words", k.Words, add)
	exerciseKeys("quads", k.Quads, add)
	if k.FloatKeys != nil {
		add("float keys", func(m *memory, n int) { k.FloatKeys(slice[uint32](m, n), slice[float32](m, n)) })
		add("from float keys", func(m *memory, n int) { k.FromFloatKeys(slice[float32](m, n), slice[uint32](m, n)) })
	}
	exerciseTranspose("pairs", k.TransposePairs, add)
	exerciseTranspose("bytes", k.TransposeBytes, add)
	if k.Modulus != nil {
		add("modulus", func(m *memory, n int) { k.Modulus(slice[float32](m, n), slice[float32](m, 2*n)) })
	}
	add("affine", func(m *memory, n int) { k.Affine(slice[float32](m, n), slice[float32](m, n), 2, 1) })
	add("threefry", func(m *memory, n int) { k.Threefry(slice[byte](m, 4*n), slice[byte](m, 4*n), [2]uint32{1, 2}, 3, 4) })
	return all
}

func exerciseTranspose[T any](name string, f func(dst, src []T, deep, step, apart int), add func(string, func(*memory, int))) {
	if f != nil {
		add("transpose "+name, func(m *memory, n int) {
			deep, step, apart := 8*n, 8*n+3, 11
			f(slice[T](m, max(deep-1, 0)*apart+8), slice[T](m, 7*step+deep), deep, step, apart)
		})
	}
}

func exerciseKeys[K uint32 | uint64](name string, k Keys[K], add func(string, func(*memory, int))) {
	if k.Most > 0 {
		add(name+" few", func(m *memory, n int) { k.Few(slice[K](m, min(n, k.Most)), slice[K](m, min(n, k.Most))) })
		add(name+" divide", func(m *memory, n int) { k.Divide(slice[K](m, n), slice[K](m, n), 1) })
	}
}

func exerciseNumbers[T float32 | float64](name string, k *Numbers[T], add func(string, func(*memory, int))) {
	for i, kernel := range []Binary[T]{k.Add, k.Sub, k.Mul, k.Div, k.Max, k.Min} {
		add(fmt.Sprint(name, " binary ", i), func(m *memory, n int) { kernel(slice[T](m, n), slice[T](m, n), slice[T](m, n)) })
	}
	for i, kernel := range []Unary[T]{k.Neg, k.Abs, k.Square, k.Sqrt, k.Floor, k.Ceil, k.Trunc, k.Rint} {
		add(fmt.Sprint(name, " unary ", i), func(m *memory, n int) { kernel(slice[T](m, n), slice[T](m, n)) })
	}
	add(name+" sum", func(m *memory, n int) { k.Sum(slice[T](m, n)) })
	add(name+" greatest", func(m *memory, n int) { k.Greatest(slice[T](m, n+1)) })
	add(name+" least", func(m *memory, n int) { k.Least(slice[T](m, n+1)) })
	add(name+" dot", func(m *memory, n int) { k.Dot(slice[T](m, n), slice[T](m, n)) })
	add(name+" axpy", func(m *memory, n int) { k.Axpy(slice[T](m, n), 2, slice[T](m, n)) })
	add(name+" scale", func(m *memory, n int) { k.Scale(slice[T](m, n), 2) })
	exerciseColumns(name+" sum of columns", k.Columns.Sum, add)
	exerciseColumns(name+" product of columns", k.Columns.Product, add)
	exerciseColumns(name+" greatest of columns", k.Columns.Greatest, add)
	exerciseColumns(name+" least of columns", k.Columns.Least, add)
	exerciseFew(name, k.Few, add)
	x := &k.Matrix
	for _, first := range []bool{true, false} {
		add(fmt.Sprint(name, " tile ", first), func(m *memory, n int) {
			stride := x.Cols + n%3
			x.Tile(n, slice[T](m, x.Rows*n), slice[T](m, x.Cols*n), slice[T](m, (x.Rows-1)*stride+x.Cols), stride, first)
		})
	}
	add(name+" pack rows", func(m *memory, n int) {
		stride := x.Cols + 5
		x.PackRows(slice[T](m, x.Cols*n), slice[T](m, max(n-1, 0)*stride+x.Cols), n, stride)
	})
	for _, width := range []int{x.Rows, x.Cols} {
		add(fmt.Sprint(name, " interleave ", width), func(m *memory, n int) {
			x.Interleave(slice[T](m, width*n), slice[T](m, (width-1)*(n+5)+n), n, n+5, width)
		})
	}
}

func exerciseFew[T, E any](name string, f Few[T, E], add func(string, func(*memory, int))) {
	if f.Dots == nil {
		return
	}
	for _, count := range []int{1, 3, 4} {
		add(fmt.Sprint(name, " dots of ", count), func(m *memory, n int) {
			f.Dots(lines[T](m, count, 5, 2), lines[T](m, count, n, 1), lines[E](m, 5, n, 3), count, 5, n)
		})
		add(fmt.Sprint(name, " rows of ", count), func(m *memory, n int) {
			f.Rows(lines[T](m, count, n, 2), lines[T](m, count, 3, 1), lines[E](m, 3, n, 3), count, 3, n)
		})
	}
}

func lines[T any](m *memory, rows, n, gap int) Lines[T] {
	return Lines[T]{slice[T](m, (rows-1)*(n+gap)+n), n + gap}
}

func exerciseColumns[A, T any](name string, f ColumnFold[A, T], add func(string, func(*memory, int))) {
	for rows := range 4 {
		add(fmt.Sprint(name, " of ", rows), func(m *memory, n int) {
			f(slice[A](m, n), slice[T](m, max(rows-1, 0)*(n+3)+n), rows, n+3)
		})
	}
}

// TestBounds runs every kernel on memory that ends, and on memory that begins, at
// a page whose touch is a fault.
func TestBounds(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		for where, source := range map[string]*alloctest.Guard{"end": alloctest.NewGuard(1), "beginning": alloctest.NewGuardBefore()} {
			for _, x := range exercises(k) {
				for _, n := range lengths {
					m := &memory{t: t, source: source}
					func() {
						defer func() {
							if r := recover(); r != nil {
								t.Fatalf("%s of %d elements goes past the %s of its memory: %v", x.name, n, where, r)
							}
						}()
						x.run(m, n)
					}()
					m.free()
				}
			}
		}
	})
}
