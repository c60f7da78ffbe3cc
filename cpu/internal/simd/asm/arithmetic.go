package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// arithmetic writes the operations that are one instruction or a few, which
// agree with the Go loops to the bit.
func arithmetic(c constants) {
	type two = func(e element, a, b reg.VecVirtual) reg.VecVirtual
	type one = func(e element, a reg.VecVirtual) reg.VecVirtual
	binary := []struct {
		name, does string
		body       two
	}{
		{"add", "adds", func(e element, a, b reg.VecVirtual) reg.VecVirtual { return to(e.add, b, a) }},
		{"sub", "subtracts", func(e element, a, b reg.VecVirtual) reg.VecVirtual { return to(e.sub, b, a) }},
		{"mul", "multiplies", func(e element, a, b reg.VecVirtual) reg.VecVirtual { return to(e.mul, b, a) }},
		{"div", "divides", func(e element, a, b reg.VecVirtual) reg.VecVirtual { return to(e.div, b, a) }},
		{"max", "gives NaN where either operand is, the larger elsewhere, b where they are equal", func(e element, a, b reg.VecVirtual) reg.VecVirtual {
			return keepNaN(e, a, to(e.max, b, a))
		}},
		{"min", "gives NaN where either operand is, the smaller elsewhere, b where they are equal", func(e element, a, b reg.VecVirtual) reg.VecVirtual {
			return keepNaN(e, a, to(e.min, b, a))
		}},
	}
	unary := []struct {
		name, does string
		body       one
	}{
		{"neg", "changes the sign", func(e element, a reg.VecVirtual) reg.VecVirtual { return to(e.xor, c.sign(e), a) }},
		{"abs", "clears the sign", func(e element, a reg.VecVirtual) reg.VecVirtual { return to(e.and, c.magnitude(e), a) }},
		{"square", "multiplies by itself", func(e element, a reg.VecVirtual) reg.VecVirtual { return to(e.mul, a, a) }},
		{"sqrt", "takes the square root", func(e element, a reg.VecVirtual) reg.VecVirtual { return root(e, a) }},
	}
	for _, e := range elements {
		for _, k := range binary {
			loop := elementwise{name: k.name, does: k.does, element: e, operands: []string{"a", "b"}, unroll: 4}
			loop.body = func(in []reg.VecVirtual) reg.VecVirtual { return k.body(e, in[0], in[1]) }
			loop.write(c)
		}
		for _, k := range unary {
			loop := elementwise{name: k.name, does: k.does, element: e, operands: []string{"a"}, unroll: 4}
			loop.body = func(in []reg.VecVirtual) reg.VecVirtual { return k.body(e, in[0]) }
			loop.write(c)
		}
	}
}

// keepNaN puts a where it is NaN: the instructions give the other operand.
func keepNaN(e element, a, r reg.VecVirtual) reg.VecVirtual {
	nan := YMM()
	e.compare(unordered, a, a, nan)
	e.blend(nan, a, r, r)
	return r
}

func root(e element, a reg.VecVirtual) reg.VecVirtual {
	r := YMM()
	e.sqrt(a, r)
	return r
}
