package limits

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// scripts writes random programs: what the language's grammar allows, over what the modules
// have. The same seed gives the same program.
type scripts struct {
	r       *rand.Rand
	modules map[string][]string // names of the modules' functions
	names   []string            // of modules
	out     strings.Builder
	indent  int
	budget  int // statements and expressions left
	inLoop  bool
	inFunc  bool
}

func newScripts(seed uint64, modules map[string][]string, names []string) *scripts {
	return &scripts{r: rand.New(rand.NewPCG(seed, 1)), modules: modules, names: names, budget: 700}
}

func (s *scripts) pick(of ...string) string { return of[s.r.IntN(len(of))] }
func (s *scripts) chance(percent int) bool  { return s.r.IntN(100) < percent }
func (s *scripts) variable() string         { return s.pick("a", "b", "c", "d", "x", "y", "f", "g", "A") }
func (s *scripts) line(f string, args ...any) {
	fmt.Fprintf(&s.out, strings.Repeat(" ", s.indent)+f+"\n", args...)
}

// program is a whole script.
func (s *scripts) program() string {
	s.line("a, b, c, d = 3, 'text', [1, 2.5, 'x'], {'k': 1, 2: (3, 4)}")
	s.line("x = y = None")
	s.line("def f(*p, **k): return p[0] if p else k")
	s.line("def g(n):\n    yield n\n    yield from range(3)")
	s.line("class A:\n    z = 1\n    def __init__(self, *p): self.p = p")
	for s.budget > 0 {
		s.statement()
	}
	return s.out.String()
}

func (s *scripts) block() {
	s.indent += 2
	for range 1 + s.r.IntN(3) {
		s.statement()
	}
	s.indent -= 2
}

// within writes a block in which loop or function are as given.
func (s *scripts) within(loop, function bool) {
	wasLoop, wasFunc := s.inLoop, s.inFunc
	s.inLoop, s.inFunc = loop, function
	s.block()
	s.inLoop, s.inFunc = wasLoop, wasFunc
}

func (s *scripts) statement() {
	s.budget--
	if s.indent > 12 || s.budget < 0 {
		s.line("%s = %s", s.variable(), s.expr(2))
		return
	}
	// Most statements that fail would end the script, and so each is tried on its own.
	if s.indent == 0 {
		s.line("try:")
		s.indent += 2
		defer func() {
			s.indent -= 2
			s.line("except Exception as e: pass")
		}()
	}
	kinds := []func(){
		func() { s.line("%s = %s", s.target(), s.expr(3)) },
		func() { s.line("%s = %s", s.target(), s.expr(3)) },
		func() { s.line("%s %s= %s", s.variable(), s.operator(), s.expr(2)) },
		func() { s.line("%s", s.expr(4)) },
		func() { s.line("%s", s.call(3)) },
		func() { s.line("%s", s.call(3)) },
		func() { s.line("print(%s, end='')", s.expr(3)) },
		func() { s.line("assert %s, %s", s.expr(2), s.expr(1)) },
		func() { s.line("del %s", s.pick("a", "b[0]", "d['k']", "c[:1]", "x.p", "y")) },
		func() { s.line("global_ = %s; (%s)", s.expr(2), s.expr(2)) },
		func() {
			s.line("raise %s", s.pick("ValueError(a)", "KeyError", "Exception(b, c)", "StopIteration", "x", "RuntimeError('m') from ValueError(1)"))
		},
		s.conditional, s.loop, s.loop, s.try, s.with, s.function, s.class, s.match, s.importing,
	}
	kinds[s.r.IntN(len(kinds))]()
}

func (s *scripts) target() string {
	if s.chance(70) {
		return s.variable()
	}
	return s.pick("a, b", "a, *b", "(x, [y, *c])", "c[0]", "c[:]", "d['k']", "d[a]", "x.p", "A.z", "c[1:2]", "a = b", "x[0][0]")
}

func (s *scripts) conditional() {
	s.line("if %s:", s.expr(2))
	s.block()
	if s.chance(50) {
		s.line("else:")
		s.block()
	}
}

func (s *scripts) loop() {
	if s.chance(10) {
		s.line("while True:")
	} else if s.chance(60) {
		s.line("for %s in %s:", s.pick("a", "b", "x, y", "a, *b", "c[0]"), s.expr(2))
	} else {
		s.line("while %s:", s.expr(2))
	}
	s.within(true, s.inFunc)
	if s.chance(30) {
		s.indent += 2
		s.line("%s", s.pick("break", "continue", "pass"))
		s.indent -= 2
	}
	if s.chance(15) {
		s.line("else:")
		s.block()
	}
}

func (s *scripts) try() {
	s.line("try:")
	s.block()
	s.line("except %s:", s.pick("Exception as x", "(ValueError, TypeError)", "BaseException as a", "KeyError"))
	s.block()
	if s.chance(30) {
		s.line("finally:")
		s.within(false, false)
	}
}

func (s *scripts) with() {
	s.line("with %s as %s:", s.pick("__import__('io').StringIO('x\\ny')", "A()", "__import__('contextlib').suppress(Exception)", "x", s.call(2)), s.variable())
	s.block()
}

func (s *scripts) function() {
	if s.chance(15) {
		s.line("@%s", s.pick("f", "__import__('functools').cache", "lambda q: q", "staticmethod", "__import__('functools').wraps(f)"))
	}
	s.line("def %s(%s):", s.pick("f", "g"), s.pick("", "n", "n=0", "*p", "**k", "a, b=1, *c, d=2, **k", "n, /, m=1"))
	s.within(false, true)
	s.indent += 2
	s.line("%s", s.pick("return "+s.expr(2), "yield "+s.expr(2), "yield from "+s.expr(2), "return f("+s.expr(1)+")", "x = yield", "nonlocal_ = 1", "global w; w = "+s.expr(1)))
	s.indent -= 2
}

func (s *scripts) class() {
	s.line("class A(%s):", s.pick("", "A", "list", "dict", "int", "str", "Exception", "object", "tuple", "A, dict", "set", "type"))
	for range 1 + s.r.IntN(2) {
		s.indent += 2
		s.line("def %s(self, *p, **k):", s.pick("__init__", "__eq__", "__hash__", "__repr__", "__iter__", "__next__", "__getattr__", "__len__", "__getitem__", "__call__",
			"__bool__", "__add__", "__lt__", "__enter__", "__exit__", "__contains__", "__setattr__", "__str__", "__format__", "__index__", "__del__", "__new__", "m"))
		s.indent += 2
		s.line("return %s", s.pick("self", "super().__init__(*p)", "1", "'s'", "iter(p)", "NotImplemented", "self.z", "self == p", "repr(self)", "hash(self)", "len(self)", s.expr(2)))
		s.indent -= 4
	}
}

func (s *scripts) match() {
	s.line("match %s:", s.expr(2))
	s.indent += 2
	s.line("case %s:", s.pick("[a, *b]", "{'k': x}", "A(z=1)", "int() | str()", "(1, y)", "None", "x if x", "'text'", "{**d}"))
	s.block()
	s.line("case _:")
	s.block()
	s.indent -= 2
}

func (s *scripts) importing() {
	m := s.names[s.r.IntN(len(s.names))]
	s.line("import %s as y", m)
	if f := s.modules[m]; len(f) > 0 {
		s.line("%s = y.%s(%s)", s.variable(), f[s.r.IntN(len(f))], s.arguments(2))
	}
}

func (s *scripts) operator() string {
	return s.pick("+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@")
}

func (s *scripts) literal() string {
	return s.pick("0", "1", "-1", "2**70", "10**6", "1e308", "float('nan')", "1j", "''", "'text'", "'é€😀' * 5", "b'\\x00\\xff'", "[]", "[1, 2, 3]", "()", "(1, 'x')", "{}", "{'k': [1]}", "{1, 2}",
		"None", "True", "...", "range(5)", "range(10**9)", "f", "g", "A", "A()", "iter([1, 2])", "g(2)", "print", "len", "int", "'a' * 10**5", "[0] * 10**5", "-2**63", "slice(None, None, -1)", "NotImplemented", "(lambda: a)",
		"__import__('mlx.core').core.ones((2, 3))", "__import__('mlx.core').core.array([1, 2])", "__import__('numpy').arange(6).reshape(2, 3)", "bytearray(b'xy')", "memoryview(b'abc')", "frozenset({1})", "ValueError('v')", "'{} {k!r:>10}'", "'%s %d'")
}

func (s *scripts) expr(depth int) string {
	s.budget--
	if depth <= 0 || s.chance(20) {
		if s.chance(55) {
			return s.variable()
		}
		return s.literal()
	}
	e := func() string { return s.expr(depth - 1) }
	switch s.r.IntN(20) {
	case 0, 1:
		return "(" + e() + " " + s.operator() + " " + e() + ")"
	case 2:
		return "(" + e() + " " + s.pick("<", "<=", "==", "!=", "in", "not in", "is", "is not", "> 1 <", "and", "or") + " " + e() + ")"
	case 3:
		return "(" + s.pick("-", "not ", "~", "+") + s.parenthesized(e()) + ")"
	case 4:
		return "[" + e() + ", *" + s.parenthesized(e()) + "]"
	case 5:
		return "{" + e() + ": " + e() + ", **" + s.pick("d", "{}", "A.__dict__") + "}"
	case 6:
		return "[" + e() + " for " + s.pick("a", "x, y", "b") + " in " + s.parenthesized(e()) + s.pick("", " if "+s.parenthesized(e())) + "]"
	case 7:
		return "{" + e() + " for a in " + s.parenthesized(e()) + " for b in " + s.parenthesized(e()) + "}"
	case 8:
		return s.pick("list", "sum", "max", "sorted", "tuple", "any", "dict", "set", "str", "repr") + "(" + e() + " for x in " + s.parenthesized(e()) + ")"
	case 9:
		return "(" + e() + " if " + e() + " else " + e() + ")"
	case 10:
		return "(lambda *p, n=" + e() + ": " + e() + ")"
	case 11:
		return s.parenthesized(e()) + "[" + s.pick(e(), ":", "::-1", e()+":", "0", "...", "None", "1:, 0", "-1") + "]"
	case 12:
		return s.parenthesized(e()) + "." + s.pick("p", "z", "__class__", "__dict__", "__name__", "shape", "T", "real", "args", "__doc__", "__mro__", "__init__", "at")
	case 13:
		return "f'{" + strings.NewReplacer("'", `"`, "\\", "").Replace(s.variable()) + s.pick("", "!r", ":>20", ":08.3f", ":,", ":{a}", ":x", "=", ":%Y") + "}'"
	case 14:
		return "(" + s.pick("q", "v") + " := " + e() + ")"
	default:
		return s.call(depth)
	}
}

func (s *scripts) parenthesized(e string) string { return "(" + e + ")" }

func (s *scripts) arguments(depth int) string {
	var args []string
	for range s.r.IntN(4) {
		args = append(args, s.expr(depth-1))
	}
	if s.chance(10) {
		args = append(args, "*"+s.parenthesized(s.expr(depth-1)))
	}
	if s.chance(15) {
		args = append(args, s.pick("key", "default", "axis", "dtype", "sep", "end", "n", "file", "reverse", "shape", "start", "maxlen")+"="+s.expr(depth-1))
	}
	return strings.Join(args, ", ")
}

// methods are names of methods of builtin types, arrays and streams.
var methods = strings.Fields(`append extend insert pop remove clear index count sort reverse copy get items keys values setdefault update popitem
	split rsplit join replace strip upper lower title format encode decode find startswith partition zfill center ljust expandtabs translate splitlines
	add discard union intersection difference symmetric_difference issubset hex from_bytes to_bytes bit_length as_integer_ratio
	send throw close __next__ read write readline getvalue sum reshape transpose astype tolist mean item flatten max argsort cumsum
	__len__ __iter__ __eq__ __hash__ __add__ __getitem__ __contains__ __repr__ __format__ m`)

func (s *scripts) call(depth int) string {
	switch s.r.IntN(4) {
	case 0:
		return s.parenthesized(s.expr(depth-1)) + "." + s.pick(methods...) + "(" + s.arguments(depth) + ")"
	case 1:
		return s.variable() + "(" + s.arguments(depth) + ")"
	case 2:
		m := s.names[s.r.IntN(len(s.names))]
		if f := s.modules[m]; len(f) > 0 {
			_, rest, dotted := strings.Cut(m, ".")
			module := "__import__('" + m + "')"
			if dotted {
				module = "__import__('" + m + "')." + rest
			}
			return module + "." + f[s.r.IntN(len(f))] + "(" + s.arguments(depth) + ")"
		}
	}
	builtins := s.modules["builtins"]
	return builtins[s.r.IntN(len(builtins))] + "(" + s.arguments(depth) + ")"
}
