package cpu

import (
	"context"
	"math"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// apply1 gives the reference's answer for one element.
func (r reference1) apply(in, out engine.Dtype, e engine.Element) engine.Element {
	switch {
	case in.IsComplex():
		return rounded(out, r.complex(complex128(e.Complex)))
	case in.IsFloat():
		return rounded(out, complex(r.float(e.Float), 0))
	}
	return engine.Element{Int: cutTo(out, r.whole(e.Int))}
}

func (r reference2) apply(op *engine.Op, in, out engine.Dtype, a, b engine.Element) engine.Element {
	switch {
	case in.IsComplex():
		return rounded(out, r.complex(complex128(a.Complex), complex128(b.Complex)))
	case op == engine.OpFloorDivide && in.IsFloat(): // the quotient is rounded before its floor is taken
		q := rounded(in, complex(r.float(a.Float, b.Float), 0))
		return rounded(out, complex(math.Floor(q.Float), 0))
	case in.IsFloat():
		return rounded(out, complex(r.float(a.Float, b.Float), 0))
	case op == engine.OpLeftShift || op == engine.OpRightShift:
		return engine.Element{Int: cutTo(out, shifted(op, in, a.Int, b.Int))}
	}
	return engine.Element{Int: cutTo(out, r.whole(a.Int, b.Int))}
}

func TestUnary(t *testing.T) {
	e := newEngine(t, Options{})
	for _, op := range engine.Ops() {
		if op.Class != engine.Unary || op.Dtypes == nil || op == engine.OpToFP8 {
			continue
		}
		ref, ok := references1[op]
		if !ok {
			t.Errorf("%s has no reference", op.Name)
			continue
		}
		for _, d := range dtype.All() {
			if in, _ := op.Dtypes(d); in != d {
				continue
			}
			ref := ref
			if op == engine.OpInvert && d == engine.Bool {
				ref = references1[engine.OpLogicalNot]
			}
			for _, l := range layouts {
				for _, shape := range testShapes {
					if len(shape) == 0 && (l.name == "column" || l.name == "row") {
						continue
					}
					testUnary(t, e, op, ref, d, l, shape)
				}
			}
		}
	}
}

func testUnary(t *testing.T, e *engine.Engine, op *engine.Op, ref reference1, d engine.Dtype, l layout, shape []int) {
	t.Helper()
	var x *engine.Array
	n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
		x = e.NewArray(l.make(b, sampled(b, d, 0), shape))
		return b.Unary(op, x.Node())
	})
	if err != nil {
		t.Errorf("%s %s %s: %v", op.Name, d, l.name, err)
		return
	}
	in, err := e.Data(context.Background(), x.Node())
	if err != nil {
		t.Fatal(err)
	}
	var want []engine.Element
	for _, v := range elementsOf(in) {
		want = append(want, ref.apply(d, n.Dtype(), v))
	}
	agree(t, n.Dtype(), elementsOf(o), want, ref.ulps, op.Name, d, l.name, shape)
}

func TestBinary(t *testing.T) {
	e := newEngine(t, Options{})
	for _, op := range engine.Ops() {
		if op.Class != engine.Binary {
			continue
		}
		ref, ok := references2[op]
		if !ok && op != engine.OpLeftShift && op != engine.OpRightShift {
			t.Errorf("%s has no reference", op.Name)
			continue
		}
		for _, d := range dtype.All() {
			if in, _ := op.Dtypes(d); in != d {
				continue
			}
			for i, l := range layouts {
				for k, shape := range testShapes {
					if len(shape) == 0 && i > 0 {
						continue
					}
					testBinary(t, e, op, ref, d, l, layouts[(i*3+k)%len(layouts)], shape)
				}
			}
		}
	}
}

func testBinary(t *testing.T, e *engine.Engine, op *engine.Op, ref reference2, d engine.Dtype, l, m layout, shape []int) {
	t.Helper()
	var x, y *engine.Array
	n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
		if len(shape) == 0 {
			m = l
		}
		x = e.NewArray(l.make(b, sampled(b, d, 0), shape))
		y = e.NewArray(m.make(b, sampled(b, d, 3), shape))
		return b.Binary(op, x.Node(), y.Node())
	})
	if err != nil {
		t.Errorf("%s %s %s: %v", op.Name, d, l.name, err)
		return
	}
	ctx := context.Background()
	ox, err := e.Data(ctx, x.Node())
	if err != nil {
		t.Fatal(err)
	}
	oy, err := e.Data(ctx, y.Node())
	if err != nil {
		t.Fatal(err)
	}
	var want []engine.Element
	a, b := elementsOf(ox), elementsOf(oy)
	for i := range a {
		want = append(want, ref.apply(op, d, n.Dtype(), a[i], b[i]))
	}
	got := elementsOf(o)
	if len(got) == len(want) && (op == engine.OpPower || op == engine.OpLogAddExp) && d.IsComplex() {
		for i := range got { // 0 to a power, and a sum of exp at 0, are left to MLX's values
			if a[i].Complex == 0 || nanComplex(want[i].Complex) {
				got[i], want[i] = engine.Element{}, engine.Element{}
			}
		}
	}
	agree(t, n.Dtype(), got, want, ref.ulps, op.Name, d, l.name, m.name, shape)
}

// TestBroadcastOperands gives the engine operands of different shapes, which it
// hands to the kernel as they are.
func TestBroadcastOperands(t *testing.T) {
	e := newEngine(t, Options{})
	shapes := [][2][]int{{{3, 1, 90}, {4, 1}}, {{}, {2, 5}}, {{90}, {7, 90}}, {{7, 1}, {90}}, {{1, 1}, {1}}, {{0, 1}, {5}}}
	for _, s := range shapes {
		var x, y *engine.Node
		n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
			x, y = sampled(b, engine.Int32, 0)(s[0]...), sampled(b, engine.Int32, 1)(s[1]...)
			return b.Sub(x, y)
		})
		if err != nil {
			t.Fatal(s, err)
		}
		var bx, by engine.Operand
		if _, bx, err = evaluate(e, func(b *engine.Builder) *engine.Node {
			return b.Broadcast(sampled(b, engine.Int32, 0)(s[0]...), n.Shape())
		}); err != nil {
			t.Fatal(err)
		}
		if _, by, err = evaluate(e, func(b *engine.Builder) *engine.Node {
			return b.Broadcast(sampled(b, engine.Int32, 1)(s[1]...), n.Shape())
		}); err != nil {
			t.Fatal(err)
		}
		p, q := elementsOf(bx), elementsOf(by)
		want := make([]engine.Element, len(p))
		for i := range p {
			want[i].Int = p[i].Int - q[i].Int
		}
		agree(t, engine.Int32, elementsOf(o), want, 0, "subtract", s)
	}
}

func TestSelect(t *testing.T) {
	e := newEngine(t, Options{})
	for _, d := range dtype.All() {
		for i, l := range layouts {
			for _, shape := range testShapes[:3] {
				m, c := layouts[(i+3)%len(layouts)], layouts[(i+5)%len(layouts)]
				var in [3]*engine.Array
				_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
					in[0] = e.NewArray(c.make(b, sampled(b, engine.Bool, 0), shape))
					in[1] = e.NewArray(l.make(b, sampled(b, d, 0), shape))
					in[2] = e.NewArray(m.make(b, sampled(b, d, 2), shape))
					return b.Where(in[0].Node(), in[1].Node(), in[2].Node())
				})
				if err != nil {
					t.Fatal(err)
				}
				var el [3][]engine.Element
				for k, x := range in {
					op, err := e.Data(context.Background(), x.Node())
					if err != nil {
						t.Fatal(err)
					}
					el[k] = elementsOf(op)
				}
				want := el[2]
				for k := range want {
					if el[0][k].Int != 0 {
						want[k] = el[1][k]
					}
				}
				agree(t, d, elementsOf(o), want, 0, "where", d, l.name, shape)
			}
		}
	}
}
