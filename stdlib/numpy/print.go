package numpy

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// printOptions are numpy's print options.
type printOptions struct {
	precision, threshold, edge, width int
	suppress                          bool
}

var defaultPrintOptions = printOptions{precision: 8, threshold: 1000, edge: 3, width: 75}

var printFunctions = []function{
	{"set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None, infstr=None, formatter=None, sign=None, floatmode=None, *, legacy=None, override_repr=None)", "Set how arrays are printed.", func(p *np) starlark.Value {
		for i, name := range []string{"", "", "", "", "", "nanstr", "infstr", "formatter", "sign", "floatmode", "legacy", "override_repr"} {
			if name != "" && p.c.Given(i) {
				p.fail(object.NotImplementedError, "numpy.set_printoptions: %s is not provided here", name)
			}
		}
		o := &p.Library.print
		o.precision, o.edge, o.width = p.c.IntOr(0, o.precision), p.c.IntOr(2, o.edge), p.c.IntOr(3, o.width)
		if p.c.Given(1) {
			f := p.c.Float(1)
			if f > maxArrayBytes {
				f = maxArrayBytes
			}
			o.threshold = int(f)
		}
		if p.c.Given(4) {
			o.suppress = p.c.BoolOr(4, false)
		}
		return nil
	}},
	{"get_printoptions()", "How arrays are printed.", func(p *np) starlark.Value {
		o, d := p.Library.print, starlark.NewDict(5)
		for k, v := range map[string]starlark.Value{"precision": starlark.MakeInt(o.precision), "threshold": starlark.MakeInt(o.threshold),
			"edgeitems": starlark.MakeInt(o.edge), "linewidth": starlark.MakeInt(o.width), "suppress": starlark.Bool(o.suppress)} {
			p.check(d.SetKey(starlark.String(k), v))
		}
		return d
	}},
	{"array2string(a, max_line_width=None, precision=None, suppress_small=None, separator=' ', prefix='', *, threshold=None, edgeitems=None, suffix='')", "The array as text.", func(p *np) starlark.Value {
		o := p.Library.print
		o.width, o.precision = p.c.IntOr(1, o.width), p.c.IntOr(2, o.precision)
		o.suppress = p.c.BoolOr(3, o.suppress)
		o.threshold, o.edge = p.c.IntOr(6, o.threshold), p.c.IntOr(7, o.edge)
		return starlark.String(o.text(p.elementsOf(0), p.c.StrOr(4, " "), p.c.StrOr(5, ""), p.c.StrOr(8, "")))
	}},
	{"array_repr(arr, max_line_width=None, precision=None, suppress_small=None)", "repr of the array.", func(p *np) starlark.Value {
		return starlark.String(p.elementsOf(0).repr())
	}},
	{"array_str(a, max_line_width=None, precision=None, suppress_small=None)", "str of the array.", func(p *np) starlark.Value {
		return starlark.String(p.Library.print.text(p.elementsOf(0), " ", "", ""))
	}},
}

// Str is the array as text.
func (a *ndarray) Str(thread *starlark.Thread) (string, error) { return a.written(thread, a.str) }

// written is a text of the array, held to the thread's budget.
func (a *ndarray) written(thread *starlark.Thread, text func() string) (string, error) {
	v, err := a.m.try(thread, func(*np) starlark.Value { return starlark.String(text()) })
	if err != nil {
		return "", err
	}
	return string(v.(starlark.String)), nil
}

func (a *ndarray) str() string {
	if len(a.shape) == 0 {
		return a.scalar(a.offset).text()
	}
	return a.m.print.text(a, " ", "", "")
}

// Repr is the array as an expression.
func (a *ndarray) Repr(thread *starlark.Thread) (string, error) { return a.written(thread, a.repr) }

// Format formats a 0-d array's number.
func (a *ndarray) Format(thread *starlark.Thread, spec string) (string, error) {
	if spec == "" {
		return a.Str(thread)
	}
	if len(a.shape) > 0 {
		return "", object.Errorf(object.TypeError, "unsupported format string passed to numpy.ndarray.__format__")
	}
	return object.Format(thread, a.element(a.offset), spec)
}

func (a *ndarray) repr() string {
	o := a.m.print
	body := "[]"
	if a.size() > 0 || len(a.shape) == 1 {
		body = o.text(a, ", ", "array(", ")")
	}
	known := slices.Contains(weakDtypes[:], a.dtype)
	var extra []string
	if a.size() == 0 && !(len(a.shape) == 1 && a.shape[0] == 0) || a.size() > o.threshold {
		extra = append(extra, "shape="+shapeText(a.shape))
	}
	if !known || a.size() == 0 {
		extra = append(extra, "dtype="+a.dtype.String())
	}
	out := "array(" + body
	if len(extra) == 0 {
		return out + ")"
	}
	tail := strings.Join(extra, ", ") + ")"
	last := len(out) + 1 - (strings.LastIndexByte(out, '\n') + 1)
	if last+len(tail)+1 > o.width {
		return out + ",\n      " + tail
	}
	return out + ", " + tail
}

// text writes the elements in nested brackets, wrapped at the line width.
func (o printOptions) text(a *ndarray, separator, prefix, suffix string) string {
	if a.size() == 0 {
		return "[]"
	}
	summary := a.size() > o.threshold
	shown := a
	w := &textWriter{o: o, a: a, separator: separator, summary: summary}
	if summary {
		w.format = o.formatter(edges(a, o.edge))
	} else {
		w.format = o.formatter(shown.values(), a.dtype, len(a.shape) == 0)
	}
	if len(a.shape) == 0 {
		return w.format(a.element(a.offset))
	}
	hang := strings.Repeat(" ", len(prefix)+1)
	return w.nested(0, a.offset, hang, o.width-len(suffix))
}

// edges lists the elements that a summary shows.
func edges(a *ndarray, edge int) ([]starlark.Value, engine.Dtype, bool) {
	places := []int{a.offset}
	for i, n := range a.shape {
		var next []int
		for _, at := range places {
			for k := range n {
				if n <= 2*edge || k < edge || k >= n-edge {
					next = append(next, at+k*a.strides[i])
				}
			}
		}
		places = next
	}
	out := make([]starlark.Value, len(places))
	for i, at := range places {
		out[i] = a.element(at)
	}
	return out, a.dtype, false
}

// textWriter lays out the text of one array.
type textWriter struct {
	o         printOptions
	a         *ndarray
	separator string
	summary   bool
	format    func(v starlark.Value) string
	turns     int
}

// nested writes the part of the array below an axis.
func (w *textWriter) nested(axis, at int, hang string, width int) string {
	a := w.a
	if axis == len(a.shape) {
		a.m.turn(&w.turns)
		return w.format(a.element(at))
	}
	n := a.shape[axis]
	elided := w.summary && 2*w.o.edge < n
	lead, trail := 0, n
	if elided {
		lead, trail = w.o.edge, w.o.edge
	}
	sep := strings.TrimRight(w.separator, " ")
	below := func(i int) string { return w.nested(axis+1, at+i*a.strides[axis], hang+" ", width-1) }
	var s strings.Builder
	var line string
	if axis == len(a.shape)-1 {
		fit := width - max(len(sep), 1)
		line = hang
		add := func(word string, fit int) {
			if len(line)+len(word) > fit && len(line) > len(hang) {
				s.WriteString(strings.TrimRight(line, " ") + "\n")
				line = hang
			}
			line += word
		}
		for i := range lead {
			add(below(i), fit)
			line += w.separator
		}
		if elided {
			add("...", fit)
			line += w.separator
		}
		for i := trail; i > 1; i-- {
			add(below(n-i), fit)
			line += w.separator
		}
		if n > 0 {
			add(below(n-1), width)
		}
		s.WriteString(line)
	} else {
		gap := sep + strings.Repeat("\n", len(a.shape)-axis-1)
		for i := range lead {
			s.WriteString(hang + below(i) + gap)
		}
		if elided {
			s.WriteString(hang + "..." + gap)
		}
		for i := trail; i > 1; i-- {
			s.WriteString(hang + below(n-i) + gap)
		}
		if n > 0 {
			s.WriteString(hang + below(n-1))
		}
	}
	if s.Len() < len(hang) {
		return "[]"
	}
	return "[" + s.String()[len(hang):] + "]"
}

// formatter finds how to write elements so that they line up.
func (o printOptions) formatter(values []starlark.Value, d engine.Dtype, single bool) func(v starlark.Value) string {
	switch {
	case d == engine.Bool:
		return func(v starlark.Value) string {
			if v == starlark.True && !single {
				return " True"
			}
			return (&scalar{d: d, v: v}).text()
		}
	case d.IsInteger():
		width := 0
		for _, v := range values {
			width = max(width, len(v.String()))
		}
		return func(v starlark.Value) string {
			s := v.String()
			return strings.Repeat(" ", width-len(s)) + s
		}
	case d.IsComplex():
		re, im := make([]float64, len(values)), make([]float64, len(values))
		for i, v := range values {
			z := complex128(v.(object.Complex))
			re[i], im[i] = real(z), imag(z)
		}
		fr, fi := o.floats(re, d.Real(), false), o.floats(im, d.Real(), true)
		return func(v starlark.Value) string {
			z := complex128(v.(object.Complex))
			s := fi(imag(z))
			t := strings.TrimRight(s, " ")
			return fr(real(z)) + t + "j" + s[len(t):]
		}
	}
	fs := make([]float64, len(values))
	for i, v := range values {
		fs[i] = float64(v.(starlark.Float))
	}
	f := o.floats(fs, d, false)
	return func(v starlark.Value) string { return f(float64(v.(starlark.Float))) }
}

// floats finds how to write floats: with or without exponents, and how many
// places there are on either side of the point.
func (o printOptions) floats(values []float64, d engine.Dtype, signed bool) func(f float64) string {
	low, high, any := math.Inf(1), 0.0, false
	left, right, size, special := 0, 0, 0, 0
	for _, f := range values {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		if a := math.Abs(f); a != 0 {
			low, high, any = min(low, a), max(high, a), true
		}
	}
	scientific := any && (high >= expLimit(d) || !o.suppress && (low < 1e-4 || high/low > 1000))
	sign := func(f float64) string {
		switch {
		case math.Signbit(f):
			return "-"
		case signed:
			return "+"
		}
		return ""
	}
	for _, f := range values {
		switch {
		case math.IsNaN(f):
			special = max(special, len("nan"))
			continue
		case math.IsInf(f, 0):
			special = max(special, len(sign(f)+"inf"))
			continue
		}
		whole, frac, exp := o.split(f, d, scientific, -1)
		left, right, size = max(left, len(sign(f)+whole)), max(right, len(frac)), max(size, len(exp))
	}
	if signed && special > 0 {
		special = max(special, len("+nan"))
	}
	tail := right + 1
	if scientific {
		tail += size
	}
	if special > 0 {
		left = max(left, special-tail)
	}
	if left == 0 && right == 0 && special > 0 {
		left, tail = special, 0
	}
	return func(f float64) string {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			s := "nan"
			if math.IsInf(f, 0) {
				s = sign(f) + "inf"
			} else if signed {
				s = "+nan"
			}
			return strings.Repeat(" ", max(left+tail-len(s), 0)) + s
		}
		digits := -1
		if scientific {
			digits = right
		}
		whole, frac, exp := o.split(f, d, scientific, digits)
		whole = sign(f) + whole
		s := strings.Repeat(" ", max(left-len(whole), 0)) + whole + "." + frac
		if scientific {
			return s + exp[:2] + strings.Repeat("0", size-len(exp)) + exp[2:]
		}
		return s + strings.Repeat(" ", right-len(frac))
	}
}

// split writes a float with at most the precision's digits after the point,
// fewer where fewer tell it from its neighbours, and cuts it at the point.
// Digits, if not negative, is how many there must be.
func (o printOptions) split(f float64, d engine.Dtype, scientific bool, digits int) (whole, frac, exp string) {
	f = math.Abs(f)
	mantissa, e := "0", 1
	if f != 0 {
		mantissa, e = digitsNeeded(f, d)
	}
	if scientific {
		if len(mantissa)-1 > o.precision {
			s := strconv.FormatFloat(f, 'e', o.precision, 64)
			mantissa, exp, _ = strings.Cut(s, "e")
			mantissa = strings.TrimRight(strings.Replace(mantissa, ".", "", 1), "0")
			n, _ := strconv.Atoi(exp)
			e = n + 1
			if mantissa == "" {
				mantissa = "0"
			}
		}
		frac = mantissa[1:]
		for len(frac) < digits {
			frac += "0"
		}
		return mantissa[:1], frac, exponentText(e - 1)
	}
	s := positional(mantissa, e, 0)
	whole, frac, _ = strings.Cut(s, ".")
	if len(frac) > o.precision {
		s = strconv.FormatFloat(f, 'f', o.precision, 64)
		whole, frac, _ = strings.Cut(s, ".")
	}
	return whole, strings.TrimRight(frac, "0"), ""
}

// expLimit is the number from which arrays of a dtype are written with exponents.
func expLimit(d engine.Dtype) float64 {
	switch d {
	case engine.Float64:
		return 1e8
	case engine.Float16:
		return 1e3
	}
	return 1e7
}
