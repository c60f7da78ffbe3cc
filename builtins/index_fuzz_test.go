package builtins_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// choices draws decisions from fuzzed bytes; past their end all are 0.
type choices struct{ data []byte }

func (c *choices) below(n int) int {
	if len(c.data) == 0 || n < 2 {
		return 0
	}
	v := int(c.data[0]) % n
	c.data = c.data[1:]
	return v
}

// indexPart is one part of an index: as source text, and what it selects. Places
// are those along its axis; an array's have a shape.
type indexPart struct {
	text   string
	kind   byte // 'i' int, 's' slice, 'a' array, 'n' new axis
	places []int
	shape  []int // of an array's places
}

// drawIndex makes an array's shape and an index of it.
func drawIndex(c *choices) (shape []int, parts []indexPart, text string) {
	rank := c.below(5)
	for range rank {
		shape = append(shape, c.below(4))
	}
	var texts []string
	axis, dots := 0, false
	for axis < rank && c.below(8) != 7 {
		switch kind := c.below(8); {
		case kind == 7 && len(parts) < 12:
			parts = append(parts, indexPart{text: "None", kind: 'n'})
		case kind == 6 && !dots:
			dots = true
			skip := c.below(rank - axis + 1)
			texts = append(texts, "...")
			for range skip {
				parts = append(parts, wholeAxis(shape[axis]))
				axis++
			}
			// Whatever follows the dots counts from the end.
			for ; axis < rank; axis++ {
				parts = append(parts, drawPart(c, shape[axis]))
				texts = append(texts, parts[len(parts)-1].text)
			}
			continue
		default:
			parts = append(parts, drawPart(c, shape[axis]))
			axis++
		}
		texts = append(texts, parts[len(parts)-1].text)
	}
	if c.below(6) == 5 {
		parts = append(parts, indexPart{text: "None", kind: 'n'})
		texts = append(texts, "None")
	}
	for ; axis < rank; axis++ {
		parts = append(parts, wholeAxis(shape[axis]))
	}
	text = strings.Join(texts, ", ")
	// A bare None writes to the whole array, without a new axis, as MLX does.
	if len(texts) == 1 && (texts[0] == "None" || c.below(2) == 1) {
		text += ","
	}
	if len(texts) == 0 {
		text = "()"
	}
	return shape, parts, text
}

func wholeAxis(n int) indexPart {
	p := indexPart{kind: 's', text: ":"}
	for i := range n {
		p.places = append(p.places, i)
	}
	return p
}

func drawPart(c *choices, n int) indexPart {
	kind := c.below(4)
	if n == 0 {
		kind = 3
	}
	switch kind {
	case 0:
		at := c.below(2*n) - n
		return indexPart{text: fmt.Sprint(at), kind: 'i', places: []int{(at + n) % n}}
	case 1:
		all := [][]int{{}, {1}, {2}, {2, 2}, {1, 2}, {2, 1}, {0}, {3}}
		p := indexPart{kind: 'a', shape: all[c.below(len(all))]}
		var raw []string
		for range shapes.Elements(p.shape) {
			at := c.below(2*n) - n
			raw = append(raw, fmt.Sprint(at))
			p.places = append(p.places, (at+n)%n)
		}
		p.text = fmt.Sprintf("mx.array([%s], mx.int32).reshape(%s)", strings.Join(raw, ", "), pyTuple(p.shape))
		return p
	case 2:
		return wholeAxis(n)
	}
	bound := func() (string, int, bool) {
		v := c.below(2*n+5) - n - 2
		if c.below(3) == 0 {
			return "", 0, false
		}
		return fmt.Sprint(v), v, true
	}
	low, from, hasLow := bound()
	high, to, hasHigh := bound()
	step := []int{1, 1, 2, -1, -2, 3}[c.below(6)]
	p := indexPart{kind: 's', text: fmt.Sprintf("%s:%s:%d", low, high, step)}
	// A slice's places, as Python defines them: from the first, by the step,
	// while the bound is not reached.
	least, most := 0, n
	if step < 0 {
		least, most = -1, n-1
	}
	clamp := func(v int) int {
		if v < 0 {
			v += n
		}
		return min(max(v, least), most)
	}
	first, last := clamp(from), clamp(to)
	if !hasLow {
		first = map[bool]int{true: 0, false: n - 1}[step > 0]
	}
	if !hasHigh {
		last = map[bool]int{true: n, false: -1}[step > 0]
	}
	for i := first; step > 0 && i < last || step < 0 && i > last; i += step {
		p.places = append(p.places, i)
	}
	return p
}

func pyTuple(shape []int) string {
	var b strings.Builder
	for _, d := range shape {
		fmt.Fprintf(&b, "%d, ", d)
	}
	return "(" + b.String() + ")"
}

// selected defines an index: the shape of what it gives, and the flat place in
// the array of each of its elements. Arrays are broadcast together; their axes
// come first if a slice or a new axis parts them, else where the first of them
// stands. Ints beside arrays count as arrays where intsJoin is set: in MLX they
// do when elements are read, and do not when they are written.
func selected(shape []int, parts []indexPart, intsJoin bool) (out []int, places []int, ok bool) {
	advanced := slices.ContainsFunc(parts, func(p indexPart) bool { return p.kind == 'a' })
	var spread [][]int
	var at []int // the places among parts of what is broadcast
	for i, p := range parts {
		if p.kind == 'a' || p.kind == 'i' && advanced && intsJoin {
			spread, at = append(spread, p.shape), append(at, i)
		}
	}
	common, ok := shapes.Broadcast(spread...)
	if !ok {
		return nil, nil, false
	}
	apart := len(at) > 0 && slices.ContainsFunc(parts[at[0]:at[len(at)-1]], func(p indexPart) bool { return p.kind == 's' || p.kind == 'n' })
	before := 0 // how many axes of the answer stand before the broadcast ones
	var kept []int
	for i, p := range parts {
		if p.kind == 's' || p.kind == 'n' {
			if n := len(p.places); p.kind == 's' {
				kept = append(kept, n)
			} else {
				kept = append(kept, 1)
			}
			if len(at) > 0 && i < at[0] && !apart {
				before++
			}
		}
	}
	out = slices.Concat(kept[:before], common, kept[before:])
	for flat := range shapes.Elements(out) {
		where := unflatten(flat, out)
		shared := where[before : before+len(common)]
		own := slices.Concat(where[:before], where[before+len(common):])
		source, axis := 0, 0
		for _, p := range parts {
			switch p.kind {
			case 'n':
				own = own[1:]
				continue
			case 's':
				source = source*shape[axis] + p.places[own[0]]
				own = own[1:]
			default:
				k := 0
				for j, n := range p.shape {
					k *= n
					if n > 1 {
						k += shared[len(common)-len(p.shape)+j]
					}
				}
				source = source*shape[axis] + p.places[k]
			}
			axis++
		}
		places = append(places, source)
	}
	return out, places, true
}

func unflatten(flat int, shape []int) []int {
	out := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		out[i], flat = flat%shape[i], flat/shape[i]
	}
	return out
}

// FuzzIndex compares reading, writing and updating by any index with their
// definition, element by element.
func FuzzIndex(f *testing.F) {
	for _, seed := range []string{"", "\x02\x03\x02", "\x03\x02\x03\x02\x02\x01\x02", "\x04\x03\x02\x03\x01\x03\x01\x00\x05", "\x03\x02\x02\x02\x01\x01\x02\x03\x04\x05"} {
		f.Add([]byte(seed))
	}
	h := newHost(f, "")
	f.Fuzz(func(t *testing.T, data []byte) {
		shape, parts, text := drawIndex(&choices{data})
		want, places, ok := selected(shape, parts, true)
		written, targets, _ := selected(shape, parts, false)
		n := shapes.Elements(shape)
		src := fmt.Sprintf(`
x = mx.arange(%d).reshape(%s)
got = x[%[3]s]
filled = x * 1
filled[%[3]s] = -(mx.arange(got.size).reshape(%[4]s) + 1)
one = x * 1
one[%[3]s] = -1
added = (x * 1).at[%[3]s].add(mx.full(%[4]s, 10, x.dtype))
`, n, pyTuple(shape), text, pyTuple(written))
		if text == "()" {
			src = strings.Replace(src, "()]", "...]", -1) // MLX has no empty index
		}
		m, err := h.run("index.py", src)
		if !ok {
			if err == nil {
				t.Fatalf("x[%s] of shape %v: index arrays do not broadcast, and there is no error", text, shape)
			}
			return
		}
		if err != nil {
			t.Fatalf("x[%s] of shape %v: %v, want shape %v", text, shape, err, want)
		}
		whole := make([]int, n)
		for i := range whole {
			whole[i] = i
		}
		filled, one, added := slices.Clone(whole), slices.Clone(whole), slices.Clone(whole)
		for i, p := range targets {
			filled[p], one[p] = -(i + 1), -1
			added[p] += 10
		}
		for name, w := range map[string][]int{"got": places, "filled": filled, "one": one, "added": added} {
			a := m.Get(name).(*builtins.Array)
			wantShape := shape
			if name == "got" {
				wantShape = want
			}
			if !slices.Equal(a.Shape(), wantShape) {
				t.Fatalf("x[%s] of shape %v: %s has shape %v, want %v", text, shape, name, a.Shape(), wantShape)
			}
			if g := integersOf(t, h, a); !slices.Equal(g, w) {
				t.Fatalf("x[%s] of shape %v: %s is %v, want %v", text, shape, name, g, w)
			}
		}
	})
}

func integersOf(t *testing.T, h *host, a *builtins.Array) []int {
	data, err := h.engine.Dense(h.Context(), a.Node())
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int, shapes.Elements(a.Shape()))
	for i := range out {
		out[i] = int(dtype.ReadElement(data[i*a.Dtype().Size():], a.Dtype()).Int)
	}
	return out
}

// FuzzIndexText looks for text in brackets that makes the runtime panic or fail
// with anything but a Python exception.
func FuzzIndexText(f *testing.F) {
	for _, s := range []string{"1", "..., None", "1:2, ::-1", "[0, 1]", "mx.array([True, False])", "True", "x > 2", "-9", "::0", "1.5", "'a'", "None", "x", "[[0], [1]]", "slice(1)", "(0, (1,))", "2**70", "[]", "{}", "mx.array(1), ...", "[True]", "..., ...", "[1, [2]]", "[mx.array(0)]", "lambda: 0"} {
		f.Add(s)
	}
	h := newHost(f, "")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "*<\n\r;\"'#\\") || strings.Contains(text, "for") || longNumber(text) || len(text) > 60 {
			t.Skip("not an index, or slow")
		}
		program, err := dialect.Compile("index.py", fmt.Appendf(nil, `
def attempt(f):
    try:
        mx.eval(f())
    except Exception as e:
        pass
def put(y, v):
    y[%[1]s] = v
    return y
for x in (mx.arange(12).reshape(3, 4), mx.arange(2.0), mx.array(5), mx.zeros((0, 2))):
    attempt(lambda: x[%[1]s])
    attempt(lambda: x.at[%[1]s].add(1))
    attempt(lambda: x.at[%[1]s].maximum(mx.ones((4,))))
    attempt(lambda: put(x * 1, 7))
    attempt(lambda: put(x * 1, [1.5]))
    attempt(lambda: mx.grad(lambda x: x[%[1]s].sum())(x))
    attempt(lambda: mx.vmap(lambda x: x[%[1]s])(x))
`, text), dialect.ModeFile)
		if err != nil {
			return
		}
		thread := &starlark.Thread{Name: "index"}
		thread.SetMaxExecutionSteps(20000)
		dialect.SetHost(thread, h)
		m := dialect.NewModule("__main__", "", object.Builtins())
		m.Set("mx", h.mx)
		_, _ = program.Run(thread, m)
	})
}

func longNumber(s string) bool {
	run := 0
	for _, r := range s {
		if run++; r < '0' || r > '9' {
			run = 0
		}
		if run > 3 {
			return true
		}
	}
	return false
}
