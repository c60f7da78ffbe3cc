package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// family draws the programs of a kind. A program prints what it computes.
type family struct {
	name string
	draw func(d *drawer) string
	sums bool // what it prints is made of sums of products
}

// roundingOfSums is 32 units in the last place of a float32.
const roundingOfSums = 4e-6

// families lists the kinds, in the order in which they take turns.
var families = []family{
	{"get", drawGet, false}, {"set", drawSet, false}, {"at", drawAt, false}, {"reduce", drawReduce, false}, {"unary", drawUnary, false},
	{"binary", drawBinary, false}, {"scalar", drawScalar, false}, {"cast", drawCast, false}, {"print", drawPrint, false}, {"shape", drawShape, false},
	{"sort", drawSort, false}, {"gradient", drawGradient, true}, {"conv", drawConv, true}, {"fft", drawFourier, true}, {"einsum", drawEinsum, true},
	{"linalg", drawLinalg, true}, {"quantized", drawQuantized, true}, {"random", drawRandom, false}, {"nn", drawLayer, true},
	{"optimizers", drawOptimizer, true}, {"invariants", drawInvariant, false}, {"fast", drawFast, true}, {"schedules", drawSchedule, false},
	{"nested", drawNested, true}, {"losses", drawLoss, true}, {"training", drawTraining, true}, {"trees", drawTree, false}, {"files", drawFiles, false},
}

// drawn makes count programs of the families named, or of all, from a seed.
func drawn(count int, seed uint64, only []string) ([]*part, error) {
	var kinds []family
	for _, f := range families {
		if len(only) == 0 || slices.Contains(only, f.name) {
			kinds = append(kinds, f)
		}
	}
	if len(kinds) == 0 || len(kinds) < len(only) {
		return nil, fmt.Errorf("there are the families %s", familyNames())
	}
	parts := make([]*part, count)
	for i := range parts {
		f := kinds[i%len(kinds)]
		d := &drawer{rand.New(rand.NewPCG(seed, uint64(i)))}
		src := "import mlx.core as mx\ninf, nan = float('inf'), float('nan')\n" + f.draw(d)
		p := &part{File: fmt.Sprintf("%s/%d/%d", f.name, seed, i), Line: 1, source: src, drawn: true}
		p.declared = faultOf(src)
		p.loose = true
		if f.sums {
			p.sums = roundingOfSums
		}
		parts[i] = p
	}
	return parts, nil
}

func familyNames() string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// drawer draws the parts of programs.
type drawer struct{ *rand.Rand }

func (d *drawer) chance(one, of int) bool { return d.IntN(of) < one }

func (d *drawer) one(of ...string) string { return of[d.IntN(len(of))] }

func (d *drawer) between(low, high int) int { return low + d.IntN(high-low+1) }

var (
	wholeTypes = []string{"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
	floatTypes = []string{"float16", "bfloat16", "float32"}
	allTypes   = append(append([]string{"bool_", "complex64"}, wholeTypes...), floatTypes...)
)

// shape draws axes, seldom one of length 0.
func (d *drawer) shape(least, most int) []int {
	s := make([]int, d.between(least, most))
	for i := range s {
		s[i] = d.between(1, 4)
		if d.chance(1, 25) {
			s[i] = 0
		}
	}
	return s
}

// solid is shape without axes of length 0.
func (d *drawer) solid(least, most int) []int {
	s := make([]int, d.between(least, most))
	for i := range s {
		s[i] = d.between(1, 5)
	}
	return s
}

func tuple(s []int) string {
	if len(s) == 1 {
		return fmt.Sprintf("(%d,)", s[0])
	}
	return "(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(s), " ", ", "), "[]") + ")"
}

func elements(s []int) int {
	n := 1
	for _, k := range s {
		n *= k
	}
	return n
}

// ends are the numbers of a dtype where things go wrong.
var ends = map[string][]string{
	"int8": {"-128", "127", "-1", "0", "1", "2", "3", "-7"}, "int16": {"-32768", "32767", "-1", "0", "1", "5", "-3"},
	"int32": {"-2147483648", "2147483647", "-1", "0", "1", "9", "-4"}, "int64": {"-9223372036854775808", "9223372036854775807", "-1", "0", "1", "6"},
	"uint8": {"0", "1", "2", "255", "128", "7"}, "uint16": {"0", "1", "65535", "300"}, "uint32": {"0", "1", "4294967295", "70000"}, "uint64": {"0", "1", "9223372036854775807", "12345"},
	"float16":  {"0.0", "-0.0", "1.0", "-2.5", "65504.0", "-65504.0", "6e-8", "inf", "-inf", "nan", "3.0", "0.333"},
	"bfloat16": {"0.0", "-0.0", "1.0", "-2.5", "3e38", "1e-38", "inf", "-inf", "nan", "3.0", "0.333"},
	"float32":  {"0.0", "-0.0", "1.0", "-2.5", "3e38", "-3e38", "1e-38", "inf", "-inf", "nan", "0.5", "7.25"},
}

// number draws a number of a dtype; seldom one of its ends.
func (d *drawer) number(dtype string, wild bool) string {
	switch {
	case dtype == "bool_":
		return d.one("True", "False")
	case dtype == "complex64":
		return fmt.Sprintf("complex(%s,%s)", d.number("float32", wild), d.number("float32", wild))
	case wild && d.chance(1, 3):
		return d.one(ends[dtype]...)
	case strings.HasPrefix(dtype, "uint"):
		return fmt.Sprint(d.between(0, 9))
	case strings.HasPrefix(dtype, "int"):
		return fmt.Sprint(d.between(-9, 9))
	}
	return fmt.Sprintf("%.2f", float64(d.between(-900, 900))/200)
}

// array draws an array literal.
func (d *drawer) array(shape []int, dtype string, wild bool) string {
	if elements(shape) == 0 {
		return fmt.Sprintf("mx.zeros(%s,mx.%s)", tuple(shape), dtype)
	}
	n := make([]string, elements(shape))
	for i := range n {
		n[i] = d.number(dtype, wild)
	}
	a := fmt.Sprintf("mx.array([%s],dtype=mx.%s)", strings.Join(n, ","), dtype)
	if len(shape) != 1 {
		a += ".reshape(" + strings.TrimSuffix(strings.Trim(tuple(shape), "()"), ",") + ")"
		if len(shape) == 0 {
			a = fmt.Sprintf("mx.array(%s,dtype=mx.%s)", n[0], dtype)
		}
	}
	return a
}

// reals draws an array of moderate numbers of float32.
func (d *drawer) reals(shape []int) string { return d.array(shape, "float32", false) }

// show prints the arrays of an expression.
const show = `def show(v):
    if isinstance(v, mx.array) and v.dtype == mx.complex64: print(v.dtype, v.shape, mx.real(v).tolist(), mx.imag(v).tolist())
    elif isinstance(v, mx.array): print(v.dtype, v.shape, v.tolist())
    elif isinstance(v, (list, tuple)): print(type(v).__name__, len(v)); [show(x) for x in v]
    elif isinstance(v, dict): print(sorted(v)); [show(v[k]) for k in sorted(v)]
    else: print(v)
`

// axis draws an axis, seldom one that is out of range.
func (d *drawer) axis(rank int) int {
	if rank == 0 || d.chance(1, 20) {
		return d.between(-rank-1, rank)
	}
	return d.between(-rank, rank-1)
}

// axes draws None, an axis or several.
func (d *drawer) axes(rank int) string {
	switch d.IntN(3) {
	case 0:
		return "None"
	case 1:
		return fmt.Sprint(d.axis(rank))
	}
	return tuple(d.Perm(max(rank, 1))[:d.between(0, max(rank, 1))])
}

// vary replaces an array by a transposed, strided or sliced one of the same elements.
func (d *drawer) vary(a string) string {
	switch d.IntN(6) {
	case 0:
		return "(" + a + ").T.T"
	case 1:
		return "mx.contiguous(" + a + ")"
	}
	return a
}
