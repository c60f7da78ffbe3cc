package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/formula"
)

// functions writes functions of float32.
func functions(c constants, all []formula.Function) {
	for _, f := range all {
		k := elementwise{name: f.Name, does: f.Does, element: single, operands: f.Operands, unroll: 1}
		k.body = func(in []reg.VecVirtual) reg.VecVirtual { return inDouble(c, f.Double, in) }
		if f.Single != nil {
			k.body = func(in []reg.VecVirtual) reg.VecVirtual { return inSingle(c, f.Single, in) }
		}
		if f.Limit > 0 {
			k.limit = func() Mem { return c.float(f.Limit) }
		}
		k.write(c)
	}
}

func inSingle(c constants, body formula.Body[formula.Singles], in []reg.VecVirtual) reg.VecVirtual {
	values := make([]formula.Value, len(in))
	for i, x := range in {
		values[i] = x
	}
	return body(formula.Code[formula.Singles]{M: avx{c, single}}, values).(reg.VecVirtual)
}
