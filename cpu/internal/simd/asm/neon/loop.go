package main

import (
	"math/bits"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
)

// elementwise is a kernel that computes each element of a destination from those
// of its operands.
type elementwise struct {
	name, signature, does string
	element               element
	dst                   string
	operands              []string
	scalars               []string // numbers, which the body finds in all lanes
	// several is the number of registers of an operand that a turn of the loop takes.
	several int
	// singly has what is left of whole registers taken one by one.
	singly bool
	// body computes registers of the destination.
	body func(k *kernel, in [][]a64.V) []a64.V
	// limit, if not 0, bounds the magnitude of the operand's elements. The kernel
	// stops before a turn of which one is larger, and says where.
	limit float64
	// constants has the body use the table of constants.
	constants bool
}

// kernel is one while it is written.
type kernel struct {
	*a64.Func
	file    *a64.File
	e       element
	table   a64.R
	scalars []a64.V
}

func (k *kernel) machine() machine { return machine{k.Func, k.file, k.table, k.e} }

func (l *elementwise) write(file *a64.File) {
	f := file.Func(l.name, l.signature, l.does)
	k := &kernel{Func: f, file: file, e: l.element}
	dst, in := f.Load(l.dst), make([]a64.R, len(l.operands))
	for i, o := range l.operands {
		in[i] = f.Load(o)
	}
	n := f.Load("n")
	var total a64.R
	if l.limit > 0 {
		total = f.R()
		f.Move(total, n)
	}
	for _, s := range l.scalars {
		k.scalars = append(k.scalars, k.spread(s))
	}
	if l.constants {
		k.table = f.R()
		f.Constants(k.table)
	}
	large := f.Label("large")
	part, done := f.Label("part"), f.Label("done")
	widths := []int{l.several}
	if l.singly {
		widths = append(widths, 1)
	}
	for i, registers := range widths {
		top, next := f.Label("loop"), part
		if i < len(widths)-1 {
			next = f.Label("fewer")
		}
		f.Here(top)
		f.Compare(n, registers*l.element.count())
		f.If("LT", next)
		l.turn(k, dst, in, registers, large)
		for _, p := range append(in, dst) {
			f.AddNumber(p, registers*vectorBytes)
		}
		f.AddNumber(n, -registers*l.element.count())
		f.Jump(top)
		if next != part {
			f.Here(next)
		}
	}
	f.Here(part)
	f.IfZero(n, done)
	l.part(k, dst, in, n, widths[len(widths)-1], large)
	f.Here(done)
	if l.limit > 0 {
		f.Here(large)
		f.Sub(total, total, n)
		f.Result("done", total)
	}
	f.Return()
}

// spread brings a parameter into all lanes of a register.
func (k *kernel) spread(name string) a64.V {
	v := k.V()
	k.Spread(k.e.lanes, v, k.LoadFloat(name), 0)
	return v
}

// turn computes registers of the destination.
func (l *elementwise) turn(k *kernel, dst a64.R, in []a64.R, registers int, large string) {
	x := make([][]a64.V, len(in))
	for i, p := range in {
		x[i] = k.load(p, 0, registers)
	}
	l.guard(k, x[0], large)
	k.store(l.body(k, x), dst, 0)
}

// guard leaves the loop where an element is beyond the limit.
func (l *elementwise) guard(k *kernel, x []a64.V, large string) {
	if l.limit == 0 {
		return
	}
	limit, beyond := k.V(), k.V()
	k.LoadConstant(limit, k.table, k.file.Number(l.limit, k.e.size))
	for i, v := range x {
		size, over := k.V(), k.V()
		k.Two("fabs", k.e.lanes, size, v)
		k.Three("fcmgt", k.e.lanes, over, size, limit)
		if i == 0 {
			k.Copy16(beyond, over)
		} else {
			k.Three("orr", a64.B16, beyond, beyond, over)
		}
	}
	some := k.R()
	k.Across("umaxv", a64.S4, beyond, beyond)
	k.ToGeneral(some, beyond, 4)
	k.IfNotZero(some, large)
}

// load brings registers from memory.
func (k *kernel) load(p a64.R, offset, registers int) []a64.V {
	v := make([]a64.V, registers)
	for i := range v {
		v[i] = k.V()
	}
	for i := 0; i < registers; i += 2 {
		if i+1 < registers {
			k.LoadPair(v[i], v[i+1], p, offset+i*vectorBytes)
		} else {
			k.LoadBytes(v[i], p, offset+i*vectorBytes, vectorBytes)
		}
	}
	return v
}

func (k *kernel) store(v []a64.V, p a64.R, offset int) {
	for i := 0; i < len(v); i += 2 {
		if i+1 < len(v) {
			k.StorePair(v[i], v[i+1], p, offset+i*vectorBytes)
		} else {
			k.StoreBytes(v[i], p, offset+i*vectorBytes, vectorBytes)
		}
	}
}

// part computes the last elements, n, fewer than fill the registers, on the stack.
func (l *elementwise) part(k *kernel, dst a64.R, in []a64.R, n a64.R, registers int, large string) {
	buffers := make([]a64.R, len(in))
	for i, p := range in {
		buffers[i] = k.aside(p, n, registers, l.operands[i])
	}
	l.turn(k, buffers[0], buffers, registers, large)
	k.pieces(n, registers, func(bytes int) { k.piece(dst, buffers[0], bytes) })
	k.Set(n, 0)
}

// aside copies n elements, fewer than fill some registers, to the stack, where zeros
// follow them, and points there.
func (k *kernel) aside(p, n a64.R, registers int, name string) a64.R {
	buffer, at, zero := k.Local(name+"Part", registers*vectorBytes), k.R(), k.V()
	k.Zero(zero)
	for i := range registers {
		k.StoreBytes(zero, buffer, i*vectorBytes, vectorBytes)
	}
	k.Move(at, buffer)
	k.pieces(n, registers, func(bytes int) { k.piece(at, p, bytes) })
	return buffer
}

// pieces does what the bits of n say: pieces of as many bytes as fewer elements than
// fill the registers have.
func (k *kernel) pieces(n a64.R, registers int, do func(bytes int)) {
	for bit := bits.Len(uint(registers*k.e.count())) - 2; bit >= 0; bit-- {
		skip := k.Label("skip")
		k.IfClear(n, bit, skip)
		do(k.e.size << bit)
		k.Here(skip)
	}
}

// piece moves bytes and both pointers.
func (k *kernel) piece(to, from a64.R, bytes int) {
	for at := 0; at < bytes; at += 8 {
		k.Copy(to, at, from, at, min(bytes-at, 8))
	}
	k.AddNumber(to, bytes)
	k.AddNumber(from, bytes)
}
