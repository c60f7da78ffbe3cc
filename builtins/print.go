package builtins

import (
	"math"
	"runtime"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// printOptions say how arrays are printed. A negative precision is MLX's usual
// form of 6 significant digits; others fix the number of decimals.
type printOptions struct{ precision int }

var defaultPrintOptions = printOptions{precision: -1}

const (
	printEdge      = 3 // elements shown at each end of a long axis
	printThreshold = 2 * printEdge
)

// String is Repr for callers without a thread. An array that cannot be
// evaluated is shown by what it is.
func (a *Array) String() string {
	s, err := a.Repr(nil)
	if err != nil {
		return "array(<" + err.Error() + ">, shape=" + shapes.Format(a.Shape()) + ", dtype=" + a.Dtype().String() + ")"
	}
	return s
}

// Str evaluates the array and prints it; str and repr agree.
func (a *Array) Str(thread *starlark.Thread) (string, error) { return a.Repr(thread) }

// Repr evaluates the array and prints it as MLX does: array([1, 2], dtype=int32).
func (a *Array) Repr(*starlark.Thread) (string, error) {
	defer runtime.KeepAlive(a)
	o, err := a.m.data(a.Node())
	if err != nil {
		return "", err
	}
	p := printer{o: o, opts: a.m.print}
	p.out.WriteString("array(")
	p.axis(0, o.Offset)
	p.out.WriteString(", dtype=" + a.Dtype().String() + ")")
	return p.out.String(), nil
}

// printer writes an array. Rows align below the first bracket.
type printer struct {
	o    engine.Operand
	opts printOptions
	out  strings.Builder
}

// axis writes the elements from a place on, along an axis and those after it.
func (p *printer) axis(axis, at int) {
	if axis == len(p.o.Shape) {
		p.out.WriteString(p.opts.format(p.o.At(at), p.o.Dtype))
		return
	}
	p.out.WriteByte('[')
	separator := ", "
	if axis < len(p.o.Shape)-1 {
		separator = ",\n" + strings.Repeat(" ", len("array(")+axis+1)
	}
	n := p.o.Shape[axis]
	for i := 0; i < n; i++ {
		if i > 0 {
			p.out.WriteString(separator)
		}
		if n > printThreshold && i == printEdge {
			p.out.WriteString("...")
			i = n - printEdge - 1
			continue
		}
		p.axis(axis+1, at+i*p.o.Strides[axis])
	}
	p.out.WriteByte(']')
}

func (o printOptions) format(e engine.Element, d engine.Dtype) string {
	switch {
	case d == engine.Bool && e.Int != 0:
		return "True"
	case d == engine.Bool:
		return "False"
	case d.IsUnsigned():
		return strconv.FormatUint(uint64(e.Int), 10)
	case d.IsInteger():
		return strconv.FormatInt(e.Int, 10)
	case d.IsComplex():
		re, im := float64(real(e.Complex)), float64(imag(e.Complex))
		text := o.float(im)
		if !(im < 0) {
			text = "+" + text // also before a -0, as MLX has it
		}
		return o.float(re) + text + "j"
	}
	return o.float(e.Float)
}

func (o printOptions) float(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(f, 'g', 6, 64)), "+")
	case o.precision < 0:
		return strconv.FormatFloat(f, 'g', 6, 64)
	}
	return strconv.FormatFloat(f, 'f', o.precision, 64)
}
