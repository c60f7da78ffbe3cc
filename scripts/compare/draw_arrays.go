package main

import (
	"fmt"
	"strings"
)

// Families of indexing, elements, shapes and printing.

// index draws an index of an array of the shape.
func (d *drawer) index(shape []int) string {
	part := func(n int) string {
		switch d.IntN(7) {
		case 0, 1:
			return fmt.Sprint(d.between(-n, max(n-1, 0)))
		case 2, 3:
			side := func() string {
				if d.chance(1, 3) {
					return ""
				}
				return fmt.Sprint(d.between(-n-2, n+2))
			}
			step := d.one("", "", ":2", ":-1", ":-2", ":3")
			return side() + ":" + side() + step
		case 4:
			if n == 0 {
				return ":"
			}
			k := make([]string, d.between(1, 3))
			for i := range k {
				k[i] = fmt.Sprint(d.between(-n, n-1))
			}
			return "mx.array([" + strings.Join(k, ",") + "])"
		case 5:
			return "None"
		}
		return ":"
	}
	var parts []string
	dots := false
	for _, n := range shape[:d.between(0, len(shape))] {
		if !dots && d.chance(1, 6) {
			parts, dots = append(parts, "..."), true
		}
		p := part(n)
		for p == "None" {
			parts = append(parts, p)
			p = part(n)
		}
		parts = append(parts, p)
	}
	if dots { // the places count from the end behind the dots
		for i, p := range parts {
			if p != "..." && p != ":" && p != "None" && !strings.Contains(p, ":") {
				parts[i] = d.one("0", ":", "-1")
			}
		}
	}
	if len(parts) == 0 {
		return d.one("...", "None", ":")
	}
	return strings.Join(parts, ", ")
}

func drawGet(d *drawer) string {
	s := d.shape(1, 4)
	return show + fmt.Sprintf("a = mx.arange(%d).reshape(%s)\nshow(a[%s])\n", elements(s), tuple(s), d.index(s))
}

func drawSet(d *drawer) string {
	s := d.shape(1, 3)
	key := d.index(s)
	how := d.one("=", "=", "+=", "*=", "-=")
	lines := fmt.Sprintf("a = mx.arange(%d).reshape(%s).astype(mx.%s)\n", elements(s), tuple(s), d.one("float32", "int32"))
	switch d.IntN(3) {
	case 0:
		lines += fmt.Sprintf("a[%s] %s %s\n", key, how, d.one("1", "2.5", "True", "-3"))
	case 1:
		lines += fmt.Sprintf("v = a[%s] * 2 + 1\na[%s] %s v%s\n", key, key, how, d.one("", "", "[None]"))
	default:
		lines += fmt.Sprintf("m = a > %d\na[m] = %s\n", d.between(0, 5), d.one("0", "7", "a + 1"))
	}
	return show + lines + "show(a)\n"
}

func drawAt(d *drawer) string {
	s := d.solid(1, 2)
	k := make([]string, d.between(1, 4))
	for i := range k {
		k[i] = fmt.Sprint(d.between(-s[0], s[0]-1))
	}
	op := d.one("add", "subtract", "multiply", "maximum", "minimum")
	return show + fmt.Sprintf("a = %s\nshow(a.at[mx.array([%s])].%s(%s))\nshow(a.at[%s].%s(2))\n", d.reals(s), strings.Join(k, ","), op, d.one("2", "1.5", "-1"), d.index(s), op)
}

func drawReduce(d *drawer) string {
	s := d.shape(0, 3)
	t := d.one(allTypes...)
	a := d.vary(d.array(s, t, true))
	op := d.one("sum", "prod", "max", "min", "mean", "all", "any", "var", "std", "logsumexp", "argmax", "argmin", "cumsum", "cumprod", "cummax", "cummin", "median", "softmax", "logcumsumexp", "minmax")
	axis := d.axes(len(s))
	more := ""
	switch op {
	case "argmax", "argmin":
		axis = d.one("None", fmt.Sprint(d.axis(len(s))))
		more = d.one("", ", keepdims=True")
	case "cumsum", "cumprod", "cummax", "cummin", "logcumsumexp":
		axis = d.one("None", fmt.Sprint(d.axis(len(s))))
		more = d.one("", ", reverse=True", ", inclusive=False")
	case "softmax":
	default:
		more = d.one("", ", keepdims=True")
	}
	return show + fmt.Sprintf("show(mx.%s(%s, axis=%s%s))\n", op, a, axis, more)
}

var unaryNames = strings.Fields(`abs negative sign exp expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh
	arctanh sqrt rsqrt square sigmoid erf erfinv floor ceil round logical_not isnan isinf isfinite isposinf isneginf reciprocal real imag conjugate
	degrees radians nan_to_num bitwise_invert trunc stop_gradient`)

func drawUnary(d *drawer) string {
	return show + fmt.Sprintf("show(mx.%s(%s))\n", d.one(unaryNames...), d.vary(d.array(d.shape(0, 3), d.one(allTypes...), true)))
}

var binaryNames = strings.Fields(`add subtract multiply divide floor_divide remainder power maximum minimum logaddexp equal not_equal less less_equal greater
	greater_equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor left_shift right_shift arctan2 divmod array_equal isclose`)

// partner is a shape that mostly broadcasts with another.
func (d *drawer) partner(s []int) []int {
	p := append([]int(nil), s...)
	for i := range p {
		if d.chance(1, 3) {
			p[i] = 1
		} else if d.chance(1, 30) {
			p[i]++
		}
	}
	return p[d.IntN(len(p)+1):]
}

func drawBinary(d *drawer) string {
	s := d.shape(0, 3)
	op, t, u := d.one(binaryNames...), d.one(allTypes...), d.one(allTypes...)
	wild := true
	b := d.array(d.partner(s), u, wild)
	if op == "floor_divide" || op == "remainder" || op == "divmod" || strings.HasSuffix(op, "shift") {
		b = strings.ReplaceAll(d.array(d.partner(s), u, false), "-", "")
		b = "mx.maximum(" + b + ", mx.array(1).astype(mx." + u + "))" // nothing is divided by 0
	}
	return show + fmt.Sprintf("show(mx.%s(%s, %s))\n", op, d.array(s, t, wild), b)
}

func drawScalar(d *drawer) string {
	op := d.one("+", "-", "*", "/", "**", "<", "<=", "==", "!=", ">", "&", "|", "^", "@")
	a := d.array(d.shape(0, 2), d.one(allTypes...), false)
	n := d.one("2", "-1", "True", "2.5", "300", "70000", "2**31", "2**40", "1j", "-0.0", "inf", "'x'", "[1]")
	if d.chance(1, 2) {
		return show + fmt.Sprintf("show(%s %s %s)\n", a, op, n)
	}
	return show + fmt.Sprintf("show(%s %s %s)\n", n, op, a)
}

func drawCast(d *drawer) string {
	t := d.one(allTypes...)
	to := d.one(allTypes...)
	a := d.array(d.shape(0, 2), t, strings.HasPrefix(to, "f") || strings.HasPrefix(to, "b") || strings.HasPrefix(to, "c") || !strings.Contains(t, "float") && t != "complex64")
	return show + fmt.Sprintf("show(%s.%s(mx.%s))\n", a, d.one("astype", "astype", "view"), to)
}

func drawPrint(d *drawer) string {
	a := d.array(d.shape(0, 4), d.one(allTypes...), true)
	if d.chance(1, 4) {
		s := []int{d.between(1, 9), d.between(1, 9)}
		a = fmt.Sprintf("mx.arange(%d).reshape(%s).astype(mx.%s)", elements(s), tuple(s), d.one(floatTypes...))
	}
	return fmt.Sprintf("a = %s\nprint(a)\nprint(repr(a), f'{a}', [a])\n", a)
}

func drawShape(d *drawer) string {
	s := d.shape(0, 4)
	n := len(s)
	a := fmt.Sprintf("mx.arange(%d).reshape(%s)", elements(s), tuple(s))
	x := func() string { return fmt.Sprint(d.axis(n)) }
	calls := []string{
		"mx.transpose(a, " + tuple(d.Perm(n)) + ")", "mx.swapaxes(a, " + x() + ", " + x() + ")", "mx.moveaxis(a, " + x() + ", " + x() + ")",
		"mx.expand_dims(a, " + x() + ")", "mx.squeeze(a)", "mx.squeeze(a, " + x() + ")", "mx.flatten(a, " + x() + ", " + x() + ")", "mx.reshape(a, (-1,))",
		"mx.concatenate([a, a], axis=" + x() + ")", "mx.stack([a, a], axis=" + x() + ")", "mx.split(a, " + fmt.Sprint(d.between(1, 3)) + ", axis=" + x() + ")",
		"mx.split(a, [1, 2], axis=" + x() + ")", "mx.repeat(a, 2, axis=" + d.one(x(), "None") + ")", "mx.tile(a, " + tuple(d.solid(1, 3)) + ")", "mx.flip(a, " + d.axes(n) + ")",
		"mx.roll(a, " + fmt.Sprint(d.between(-3, 3)) + ", axis=" + d.one(x(), "None") + ")", "mx.unstack(a, axis=" + x() + ")", "mx.broadcast_to(a, " + tuple(append([]int{2}, s...)) + ")",
		"mx.pad(a, " + fmt.Sprint(d.between(0, 3)) + ", mode='" + d.one("constant", "edge", "reflect", "symmetric") + "')", "mx.diagonal(a, " + fmt.Sprint(d.between(-2, 2)) + ")",
		"mx.atleast_2d(a)", "mx.atleast_3d(a)", "mx.tril(a, " + fmt.Sprint(d.between(-2, 2)) + ")", "mx.triu(a)", "mx.diff(a, axis=" + x() + ")", "mx.take(a, mx.array([0]), axis=" + x() + ")",
		"mx.meshgrid(mx.arange(3), mx.arange(2))", "mx.unflatten(a, " + x() + ", (1, -1))", "mx.trace(a)", "a.T", "mx.matrix_transpose(a)", "mx.outer(a, a)", "mx.as_strided(a, (2,), (1,), 0)",
	}
	return show + "a = " + a + "\nshow(" + d.one(calls...) + ")\n"
}

func drawSort(d *drawer) string {
	s := d.solid(1, 3)
	t := d.one(append(wholeTypes, floatTypes...)...)
	a := d.array(s, t, true)
	x := d.axis(len(s))
	calls := []string{
		fmt.Sprintf("mx.sort(a, axis=%d)", x), fmt.Sprintf("mx.argsort(a, axis=%d)", x), "mx.sort(a, axis=None)", fmt.Sprintf("mx.sort(mx.topk(a, 1, axis=%d))", x),
		fmt.Sprintf("mx.unique(a, %d, True, True, True)", d.between(0, 6)), "mx.searchsorted(mx.sort(a.flatten()), a, side='" + d.one("left", "right") + "')",
		fmt.Sprintf("mx.take(mx.partition(a, 0, axis=%d), mx.array([0]), axis=%d)", x, x), fmt.Sprintf("mx.take_along_axis(a, mx.argsort(a, axis=%d), axis=%d)", x, x),
	}
	return show + "a = " + a + "\nshow(" + d.one(calls...) + ")\n"
}
