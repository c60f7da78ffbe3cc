package memory_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// aliasing writes random functions that hand arrays around in every way the language
// has: names, lists, tuples, attributes, closures, functions that keep or return them.
// With held set, whatever a variable is bound to is kept as well, so that no array is
// let go of early; the results must be the same.
type aliasing struct {
	r      *rand.Rand
	held   bool
	out    strings.Builder
	indent int
	arrays []string
	lists  []string
}

const aliasingSetup = `import mlx.core as mx
store, hold = [], []
class O: pass
class K:
    def __mul__(self, other):
        store.append(other)
        return 1.0
def keep(a):
    store.append(a)
    return a
def same(a): return a
def fresh(a):
    t = mx.abs(a) * 0.5
    mx.eval(t)
    return t
def total(v):
    if isinstance(v, (list, tuple)): return sum(total(i) for i in v)
    if isinstance(v, mx.array): return mx.sum(v).item() / 1100
    if callable(v): return total(v())
    return total(v.a)
`

func (p *aliasing) line(format string, args ...any) {
	fmt.Fprintf(&p.out, "%s%s\n", strings.Repeat("    ", p.indent), fmt.Sprintf(format, args...))
}

func (p *aliasing) array() string { return p.arrays[p.r.IntN(len(p.arrays))] }
func (p *aliasing) list() string  { return p.lists[p.r.IntN(len(p.lists))] }

// bind writes an assignment.
func (p *aliasing) bind(names *[]string, name, value string) {
	p.line("%s = %s", name, value)
	*names = append(*names, name)
	if p.held {
		p.line("hold.append(%s)", name)
		if names == &p.lists {
			p.line("hold.append(%s[:])", name)
		}
	}
}

// aliasingExprs and aliasingStmts are the forms of expressions and statements.
var (
	aliasingExprs []func(p *aliasing, depth int) string
	aliasingStmts []func(p *aliasing, depth int)
)

func init() {
	aliasingExprs = []func(p *aliasing, depth int) string{
		func(p *aliasing, d int) string { return "(" + p.expr(d) + " + " + p.expr(d) + ") * 0.5" },
		func(p *aliasing, _ int) string { return p.array() + " * 0.75" },
		func(p *aliasing, _ int) string { return "-" + p.array() },
		func(p *aliasing, d int) string { return "mx.abs(" + p.expr(d) + ")" },
		func(p *aliasing, d int) string { return "mx.maximum(" + p.expr(d) + ", " + p.expr(d) + ")" },
		func(p *aliasing, d int) string { return "(" + p.expr(d) + ").reshape(-1)" },
		func(p *aliasing, _ int) string { return p.array() + ".reshape(11, 100).T.T.reshape(1100)" },
		func(p *aliasing, d int) string { return "same(" + p.expr(d) + ")" },
		func(p *aliasing, d int) string { return "keep(" + p.expr(d) + ")" },
		func(p *aliasing, d int) string { return "fresh(" + p.expr(d) + ")" },
		func(p *aliasing, _ int) string { return p.list() + "[-1]" },
		func(p *aliasing, d int) string { return "(" + p.list() + "[0] + " + p.expr(d) + ")" },
		func(p *aliasing, _ int) string { return "(" + p.array() + " if " + p.array() + ".size > 3 else g)" },
		func(p *aliasing, _ int) string { return "mx.stop_gradient(" + p.array() + ")" },
		func(p *aliasing, _ int) string { return p.array() + "[...]" },
	}

	aliasingStmts = []func(p *aliasing, depth int){
		func(p *aliasing, _ int) { p.bind(&p.arrays, fmt.Sprint("x", p.r.IntN(4)), p.expr(0)) },
		func(p *aliasing, _ int) { p.bind(&p.arrays, fmt.Sprint("x", p.r.IntN(4)), p.expr(0)) },
		func(p *aliasing, _ int) {
			x := fmt.Sprint("x", p.r.IntN(4))
			p.bind(&p.arrays, x, "mx.tanh("+x+" * 0.5) + 0.25")
		},
		func(p *aliasing, _ int) { p.line("mx.eval(%s)", p.array()) },
		func(p *aliasing, _ int) { p.line("mx.eval(%s, %s)", p.array(), p.list()) },
		func(p *aliasing, _ int) {
			p.bind(&p.lists, fmt.Sprint("l", p.r.IntN(4)), "["+p.expr(0)+", "+p.expr(0)+"]")
		},
		func(p *aliasing, _ int) {
			p.bind(&p.lists, fmt.Sprint("l", p.r.IntN(4)), "["+p.array()+" * i for i in (1, 2)]")
		},
		func(p *aliasing, _ int) {
			p.bind(&p.lists, fmt.Sprint("l", p.r.IntN(4)), "[a for a in "+p.list()+"]")
		},
		func(p *aliasing, _ int) { p.line("%s.append(%s)", p.list(), p.expr(0)) },
		func(p *aliasing, _ int) { p.line("store.append(%s)", p.list()) },
		func(p *aliasing, _ int) { p.line("store.append((%s, %s))", p.array(), p.expr(0)) },
		func(p *aliasing, _ int) { p.line("store.append(lambda: %s)", p.array()) },
		func(p *aliasing, _ int) { p.line("o = O(); o.a = %s; store.append(o)", p.array()) },
		func(p *aliasing, _ int) { p.line("t = K() * %s; mx.eval(%s)", p.array(), p.array()) },
		func(p *aliasing, _ int) { p.line("x%d += 0.5", p.r.IntN(4)) },
		func(p *aliasing, _ int) {
			p.line("x%d, x%d = %s, %s", p.r.IntN(4), p.r.IntN(4), p.array(), p.expr(0))
		},
		func(p *aliasing, d int) { p.block(d, "for i in range(2):", "") },
		func(p *aliasing, d int) { p.block(d, "try:", "finally:") },
	}
}

func (p *aliasing) expr(depth int) string {
	if k := p.r.IntN(len(aliasingExprs) + 3); depth < 3 && k < len(aliasingExprs) {
		return aliasingExprs[k](p, depth+1)
	}
	return p.array()
}

// block writes a statement with a body, and a second part that does nothing.
func (p *aliasing) block(depth int, head, tail string) {
	if depth > 1 {
		return
	}
	p.line("%s", head)
	p.indent++
	for range 1 + p.r.IntN(3) {
		p.stmt(depth + 1)
	}
	p.line("pass")
	if p.indent--; tail != "" {
		p.line("%s\n%s    pass", tail, strings.Repeat("    ", p.indent))
	}
}

func (p *aliasing) stmt(depth int) { aliasingStmts[p.r.IntN(len(aliasingStmts))](p, depth) }

// program is the function of a seed, called, with what it leaves.
func (p *aliasing) program(seed uint64, held bool) string {
	*p = aliasing{r: rand.New(rand.NewPCG(seed, 7)), held: held, arrays: []string{"p", "g"}, indent: 1}
	for i := range 4 {
		p.bind(&p.arrays, fmt.Sprint("x", i), fmt.Sprintf("p * %d", i+1))
		p.bind(&p.lists, fmt.Sprint("l", i), fmt.Sprintf("[x%d * %d]", i, 1+p.r.IntN(2)))
	}
	for range 3 + p.r.IntN(14) {
		p.stmt(0)
	}
	p.line("return [%s, %s, %s]", p.array(), p.list(), p.expr(0))
	return "store.clear()\ng = mx.full((1100,), 1.5)\nmx.eval(g)\ndef f(p):\n" + p.out.String() + "r = f(g * 1)\nmx.eval(g)\n" +
		"result = str((total(r), total(store), total(r)))\n"
}

// TestRandomAliases: what is let go of early is never missed.
func TestRandomAliases(t *testing.T) {
	seeds := uint64(150)
	if testing.Short() {
		seeds = 40
	}
	s := suite.NewScript(t, mlxstar.Options{})
	s.Run(aliasingSetup)
	result := func(src string) any {
		if err := s.RT.Exec(t.Context(), "aliases.py", src); err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		v, _ := s.RT.Get("result")
		return v
	}
	for seed := range seeds {
		var p aliasing
		src := p.program(seed, false)
		got, want := result(src), result(p.program(seed, true)+"hold.clear()\n")
		if got != want {
			t.Errorf("seed %d: got %v, want %v as where everything is held\n%s", seed, got, want, src)
		}
	}
}
