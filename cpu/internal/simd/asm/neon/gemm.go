package main

import (
	"fmt"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
)

// The micro-kernel keeps 24 of the 32 registers as sums: eight rows of three. What
// it reads at a step, two or four registers of a and three of b, fits the others.
const (
	tileRows    = 8
	tileVectors = 3
	depthUnroll = 4
)

func gemm(file *a64.File) {
	for _, e := range elements {
		e.tile(file)
		e.packRows(file)
		e.interleave(file, "interleaveNEONx"+e.name, e.goType)
	}
	single.interleave(file, "transposeNEON", "uint32")
}

// tile writes the micro-kernel.
func (e element) tile(file *a64.File) {
	cols := tileVectors * e.count()
	k := begin(file, e, "tileNEONx"+e.name, fmt.Sprintf("(depth int, a, b, c *%s, stride int, first bool)", e.goType),
		"multiplies a panel of depth columns of %d by one of depth rows of %d; c's rows begin stride apart.", tileRows, cols)
	depth, a, b, c := k.Load("depth"), k.Load("a"), k.Load("b"), k.Load("c")
	stride, first := k.Load("stride"), k.Load("first")
	k.ShiftLeft(stride, log2(e.size))
	row := k.R()
	k.Move(row, c)
	var s [tileRows][tileVectors]a64.V
	for i := range s {
		k.Prefetch(row, 0) // c is wanted at the end: ask for it now
		if i < tileRows-1 {
			k.Add(row, row, stride)
		}
		for j := range s[i] {
			s[i][j] = k.V()
			k.Zero(s[i][j])
		}
	}
	left := tileRows / e.count() // registers
	step := func(at int) {
		x, y := k.load(a, at*left*vectorBytes, left), k.load(b, at*tileVectors*vectorBytes, tileVectors)
		for i := range s {
			for j, v := range y {
				k.AddMulLane(e.lanes, s[i][j], v, x[i/e.count()], i%e.count())
			}
		}
	}
	steps := func(n int) {
		for at := range n {
			step(at)
		}
		k.AddNumber(a, n*left*vectorBytes)
		k.AddNumber(b, n*tileVectors*vectorBytes)
	}
	unrolled, rest, singly, store, add := k.Label("unrolled"), k.Label("rest"), k.Label("single"), k.Label("store"), k.Label("accumulate")
	k.Here(unrolled)
	k.Compare(depth, depthUnroll)
	k.If("LT", rest)
	steps(depthUnroll)
	k.AddNumber(depth, -depthUnroll)
	k.Jump(unrolled)
	k.Here(rest)
	k.IfZero(depth, store)
	k.Here(singly)
	steps(1)
	k.SubFlags(depth, 1)
	k.If("NE", singly)
	k.Here(store)
	k.IfZero(first, add)
	for _, onto := range []bool{false, true} {
		if onto {
			k.Here(add)
		}
		for i := range s {
			if onto {
				for j, v := range k.load(c, 0, tileVectors) {
					k.Three("fadd", e.lanes, s[i][j], s[i][j], v)
				}
			}
			k.store(s[i][:], c, 0)
			if i < tileRows-1 {
				k.Add(c, c, stride)
			}
		}
		k.Return()
	}
}

func log2(n int) int {
	k := 0
	for ; n > 1; n >>= 1 {
		k++
	}
	return k
}

// packRows copies depth rows of a panel's width that lie stride apart.
func (e element) packRows(file *a64.File) {
	k := begin(file, e, "packRowsNEONx"+e.name, fmt.Sprintf("(dst, src *%s, depth, stride int)", e.goType),
		"copies depth rows of %d elements that begin stride apart.", tileVectors*e.count())
	dst, src, depth, stride := k.Load("dst"), k.Load("src"), k.Load("depth"), k.Load("stride")
	k.ShiftLeft(stride, log2(e.size))
	k.loop(depth, func() {
		k.store(k.load(src, 0, tileVectors), dst, 0)
		k.Add(src, src, stride)
		k.AddNumber(dst, tileVectors*vectorBytes)
	})
	k.Return()
}

// interleave writes the transposition of as many rows as a register has elements.
func (e element) interleave(file *a64.File, name, goType string) {
	n := e.count()
	k := begin(file, e, name, "(dst, src *"+goType+", blocks, stride, width int)",
		"writes element k of row i to dst[k*width+i], for %d rows that begin stride apart and %[1]d*blocks elements of each.", n)
	dst, blocks, stride, width := k.Load("dst"), k.Load("blocks"), k.Load("stride"), k.Load("width")
	rows := []a64.R{k.Load("src")}
	k.ShiftLeft(stride, log2(e.size))
	k.ShiftLeft(width, log2(e.size))
	for i := 1; i < n; i++ {
		rows = append(rows, k.R())
		k.Add(rows[i], rows[i-1], stride)
	}
	k.loop(blocks, func() {
		x := make([]a64.V, n)
		for i, p := range rows {
			x[i] = k.load(p, 0, 1)[0]
			k.AddNumber(p, vectorBytes)
		}
		if e.size == 4 {
			x = k.exchange(a64.S4, x[0], x[1], x[2], x[3])
			x = k.exchange(a64.D2, x[0], x[2], x[1], x[3])
			x[1], x[2] = x[2], x[1]
		} else {
			x = k.exchange(a64.D2, x...)
		}
		for _, v := range x {
			k.store([]a64.V{v}, dst, 0)
			k.Add(dst, dst, width)
		}
	})
	k.Return()
}

// exchange transposes lanes of pairs of registers.
func (k *kernel) exchange(lanes a64.Arrangement, x ...a64.V) (y []a64.V) {
	for i := 0; i < len(x); i += 2 {
		for _, name := range []string{"trn1", "trn2"} {
			r := k.V()
			k.Three(name, lanes, r, x[i], x[i+1])
			y = append(y, r)
		}
	}
	return y
}
