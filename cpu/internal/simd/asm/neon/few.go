package main

import (
	"fmt"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
)

// The shape of the kernels of few rows: how many rows of the matrix are multiplied at
// once, and how many registers of columns go down the rows. With four rows of the
// small operand these leave registers for operands.
const (
	fewRows  = 4
	fewStrip = 4
)

// stored is how the elements of the matrix lie in memory.
type stored struct {
	name, goType string
	size         int
	widen        string // the instruction that makes float32 of 16 bits, if they are those
}

// few writes what products of a few rows by a large matrix are made of. The matrix
// is read where it lies, once.
func few(file *a64.File) {
	write := func(e element, s stored) {
		for _, count := range []int{4, 2, 1} {
			e.dots(file, s, count, fewRows)
			e.dots(file, s, count, 1)
			e.rowsOf(file, s, count)
		}
	}
	for _, e := range elements {
		write(e, stored{"", e.goType, e.size, ""})
	}
	write(single, stored{"Half", "uint16", 2, "fcvtl"})
	write(single, stored{"Brain", "uint16", 2, "shll"})
}

// load brings elements of the matrix that fill some registers, or one.
func (s stored) load(k *kernel, p a64.R, registers int) (v []a64.V) {
	switch {
	case s.widen == "":
		return k.elements(p, registers)
	case registers > 1:
		return wideners(s.widen, a64.H8)(k, k.load(p, 0, registers/2))
	case registers == 1:
		v = []a64.V{k.V()}
		k.LoadBytes(v[0], p, 0, 8)
	default:
		v = []a64.V{k.V()}
		k.LoadHalf(v[0], p)
	}
	k.Convert(s.widen, a64.H8, v[0], v[0], false)
	return v
}

// pointers gives the addresses of rows that begin apart.
func (k *kernel) pointers(first, apart a64.R, count int) []a64.R {
	p := []a64.R{first}
	for i := 1; i < count; i++ {
		p = append(p, k.R())
		k.Add(p[i], p[i-1], apart)
	}
	return p
}

// stride is a parameter that counts elements of some bytes.
func (k *kernel) stride(name string, size int) a64.R {
	r := k.Load(name)
	k.ShiftLeft(r, log2(size))
	return r
}

// advance moves pointers.
func (k *kernel) advance(bytes int, pointers []a64.R) {
	for _, p := range pointers {
		k.AddNumber(p, bytes)
	}
}

// elements brings registers from memory, or one element where there are none.
func (k *kernel) elements(p a64.R, registers int) []a64.V {
	if registers > 0 {
		return k.load(p, 0, registers)
	}
	v := k.V()
	k.LoadBytes(v, p, 0, k.e.size)
	return []a64.V{v}
}

// put brings them back.
func (k *kernel) put(v []a64.V, p a64.R, registers int) {
	if registers > 0 {
		k.store(v, p, 0)
	} else {
		k.StoreBytes(v[0], p, 0, k.e.size)
	}
}

// taken is the number of elements of some registers, or one.
func (k *kernel) taken(registers int) int { return max(registers*k.e.count(), 1) }

// dots writes the sums of products of each of count rows and each of some rows of a
// matrix. Each is added up in one register, whatever the shape; what fills none goes
// to its first lane.
func (e element) dots(file *a64.File, s stored, count, rows int) {
	k := begin(file, e, fmt.Sprintf("dots%s%dx%dNEONx%s", s.name, count, rows, e.name),
		fmt.Sprintf("(c, x *%s, a *%s, n, apart, stride, across int)", e.goType, s.goType),
		"adds sums of the products of n elements of %d rows of x, which begin apart, and of %d rows of a, which begin stride apart, to rows of c that begin across apart.", count, rows)
	to, n := k.Load("c"), k.Load("n")
	x, a := k.pointers(k.Load("x"), k.stride("apart", e.size), count), k.pointers(k.Load("a"), k.stride("stride", s.size), rows)
	across := k.stride("across", e.size)
	sums := make([][]a64.V, count)
	for i := range sums {
		for range rows {
			v := k.V()
			k.Zero(v)
			sums[i] = append(sums[i], v)
		}
	}
	for _, registers := range []int{2, 1, 0} {
		k.while(n, k.taken(registers), func() {
			var right [][]a64.V
			for _, p := range a {
				right = append(right, s.load(k, p, registers))
			}
			for i, p := range x {
				for r, left := range k.elements(p, registers) {
					for j := range right {
						k.Three("fmla", e.lanes, sums[i][j], left, right[j][r])
					}
				}
			}
			k.advance(k.taken(registers)*e.size, x)
			k.advance(k.taken(registers)*s.size, a)
		})
	}
	for i := range sums {
		for j, v := range sums[i] {
			old := k.V()
			k.LoadBytes(old, to, j*e.size, e.size)
			k.Three("fadd", e.lanes, old, old, k.gather([]a64.V{v}, "fadd", e.lanes))
			k.StoreBytes(old, to, j*e.size, e.size)
		}
		if i < count-1 {
			k.Add(to, to, across)
		}
	}
	k.Return()
}

// rowsOf writes the addition of multiples of the rows of a matrix to count rows.
func (e element) rowsOf(file *a64.File, s stored, count int) {
	k := begin(file, e, fmt.Sprintf("rows%s%dNEONx%s", s.name, count, e.name),
		fmt.Sprintf("(c, x *%s, a *%s, n, depth, across, apart, stride int)", e.goType, s.goType),
		"adds multiples of n elements of depth rows of a, which begin stride apart, to %d rows of c, which begin across apart; the factors are rows of x, which begin apart. There must be one row.", count)
	x, a, n, depth := k.Load("x"), k.Load("a"), k.Load("n"), k.Load("depth")
	to, factors := k.pointers(k.Load("c"), k.stride("across", e.size), count), k.pointers(x, k.stride("apart", e.size), count)
	stride := k.stride("stride", s.size)
	row, at, left := k.R(), make([]a64.R, count), k.R()
	for i := range at {
		at[i] = k.R()
	}
	for _, registers := range []int{fewStrip, 1, 0} {
		k.while(n, k.taken(registers), func() {
			var sums [][]a64.V
			for i, p := range to {
				sums = append(sums, k.elements(p, registers))
				k.Move(at[i], factors[i])
			}
			k.Move(row, a)
			k.Move(left, depth)
			k.loop(left, func() {
				right := s.load(k, row, registers)
				for i, p := range at {
					f := k.V()
					k.LoadBytes(f, p, 0, e.size)
					for j, v := range right {
						k.AddMulLane(e.lanes, sums[i][j], v, f, 0)
					}
				}
				k.Add(row, row, stride)
				k.advance(e.size, at)
			})
			for i, p := range to {
				k.put(sums[i], p, registers)
			}
			k.advance(k.taken(registers)*e.size, to)
			k.AddNumber(a, k.taken(registers)*s.size)
		})
	}
	k.Return()
}
