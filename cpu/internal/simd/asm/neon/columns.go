package main

import (
	"fmt"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
)

// columnFold is a kernel that folds rows of numbers into one row of accumulators.
type columnFold struct {
	name, does string
	wide       bool // the accumulators are float64
	step       func(k *kernel, acc, v a64.V)
}

// columns writes the folds of rows into one.
func columns(file *a64.File) {
	by := func(name string) func(k *kernel, acc, v a64.V) {
		return func(k *kernel, acc, v a64.V) { k.Three(name, k.e.lanes, acc, acc, v) }
	}
	extreme := func(larger bool) func(k *kernel, acc, v a64.V) {
		return func(k *kernel, acc, v a64.V) {
			r := k.V()
			k.better(larger, r, acc, v)
			k.Copy16(acc, r)
		}
	}
	for _, e := range elements {
		for _, c := range []columnFold{
			{"sumColumns", "adds", true, by("fadd")}, {"multiplyColumns", "multiplies", true, by("fmul")},
			{"greatestColumns", "takes the greater of, and NaN where one is,", false, extreme(true)},
			{"leastColumns", "takes the lesser of, and NaN where one is,", false, extreme(false)},
		} {
			c.write(file, e)
		}
	}
}

// strip is the number of registers of accumulators that go down the rows together,
// enough to hide the latency of additions.
const strip = 8

// write writes the kernel: strips of columns, each down all rows with its
// accumulators in registers, then as few as one register of numbers makes, then
// single columns.
func (c *columnFold) write(file *a64.File, e element) {
	acc := e
	if c.wide {
		acc = double
	}
	k := begin(file, acc, c.name+"NEONx"+e.name, fmt.Sprintf("(acc *%s, a *%s, n, rows, stride int)", acc.goType, e.goType),
		"%s accumulators and, in order, the elements of at least one row that lie in their columns; rows begin stride apart.", c.does)
	to, from, n, rows, stride := k.Load("acc"), k.Load("a"), k.Load("n"), k.Load("rows"), k.Load("stride")
	k.ShiftLeft(stride, log2(e.size))
	row, left := k.R(), k.R()
	down := func(t []a64.V, load func() []a64.V) {
		k.Move(row, from)
		k.Move(left, rows)
		k.loop(left, func() {
			for i, v := range load() {
				c.step(k, t[i], v)
			}
			k.Add(row, row, stride)
		})
	}
	least := acc.size / e.size // registers of accumulators
	for _, registers := range []int{strip, least} {
		k.while(n, registers*acc.count(), func() {
			t := k.load(to, 0, registers)
			down(t, func() []a64.V { return k.numbers(e, k.load(row, 0, registers/least)) })
			k.store(t, to, 0)
			k.AddNumber(to, registers*vectorBytes)
			k.AddNumber(from, registers/least*vectorBytes)
		})
	}
	k.while(n, 1, func() {
		t, v := k.V(), k.V()
		k.LoadBytes(t, to, 0, acc.size)
		down([]a64.V{t}, func() []a64.V {
			k.LoadBytes(v, row, 0, e.size)
			return k.numbers(e, []a64.V{v})[:1]
		})
		k.StoreBytes(t, to, 0, acc.size)
		k.AddNumber(to, acc.size)
		k.AddNumber(from, e.size)
	})
	k.Return()
}

// while does something as long as so many elements are left, n of which it takes.
func (k *kernel) while(left a64.R, n int, body func()) {
	top, over := k.Label("loop"), k.Label("over")
	k.Here(top)
	k.Compare(left, n)
	k.If("LT", over)
	body()
	k.AddNumber(left, -n)
	k.Jump(top)
	k.Here(over)
}

// numbers has registers of a type in that of the kernel, which may be wider.
func (k *kernel) numbers(e element, v []a64.V) []a64.V {
	if e == k.e {
		return v
	}
	return wideners("fcvtl", a64.S4)(k, v)
}
