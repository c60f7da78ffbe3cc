package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// dump writes an expression with every operation in parentheses.
func dump(x Expr) string {
	all := func(xs []Expr) string {
		var parts []string
		for _, e := range xs {
			parts = append(parts, dump(e))
		}
		return strings.Join(parts, " ")
	}
	switch x := x.(type) {
	case nil:
		return "_"
	case *Name:
		return x.ID
	case *Constant:
		return fmt.Sprintf("%v", x.Value)
	case *Binary:
		return fmt.Sprintf("(%d %s %s)", x.Op, dump(x.X), dump(x.Y))
	case *Unary:
		return fmt.Sprintf("(u%d %s)", x.Op, dump(x.X))
	case *BoolOp:
		return fmt.Sprintf("(or=%v %s)", x.Or, all(x.X))
	case *Compare:
		return fmt.Sprintf("(cmp%v %s)", x.Ops, all(x.X))
	case *Conditional:
		return fmt.Sprintf("(if %s %s %s)", dump(x.Cond), dump(x.Then), dump(x.Else))
	case *TupleExpr:
		return "<" + all(x.Elems) + ">"
	case *ListExpr:
		return "[" + all(x.Elems) + "]"
	case *Subscript:
		return dump(x.X) + "[" + dump(x.Index) + "]"
	case *Slice:
		return dump(x.Lo) + ":" + dump(x.Hi) + ":" + dump(x.Step)
	case *Attribute:
		return dump(x.X) + "." + x.Name
	case *Starred:
		return "*" + dump(x.X)
	case *Walrus:
		return "(:= " + x.Target.ID + " " + dump(x.Value) + ")"
	case *Call:
		var args []Expr
		for _, a := range x.Args {
			args = append(args, a.X)
		}
		return dump(x.Fn) + "(" + all(args) + ")"
	case *JoinedString:
		return "f" + all(x.Parts)
	case *Formatted:
		spec := ""
		if x.Spec != nil {
			spec = ":" + dump(x.Spec)
		}
		return fmt.Sprintf("{%s!%d%s}", dump(x.X), x.Conv, spec)
	}
	return fmt.Sprintf("%T", x)
}

// TestPrecedence checks how operators bind.
func TestPrecedence(t *testing.T) {
	for src, want := range map[string]string{
		"a + b * c":                 fmt.Sprintf("(%d a (%d b c))", Add, Mul),
		"a - b - c":                 fmt.Sprintf("(%d (%d a b) c)", Sub, Sub),
		"-a ** -b":                  fmt.Sprintf("(u%d (%d a (u%d b)))", Neg, Pow, Neg),
		"a ** b ** c":               fmt.Sprintf("(%d a (%d b c))", Pow, Pow),
		"a | b ^ c & d << e":        fmt.Sprintf("(%d a (%d b (%d c (%d d e))))", BitOr, BitXor, BitAnd, LShift),
		"a @ b / c":                 fmt.Sprintf("(%d (%d a b) c)", Div, MatMul),
		"not a in b":                fmt.Sprintf("(u%d (cmp[%d] a b))", Not, In),
		"a not in b is not c":       fmt.Sprintf("(cmp[%d %d] a b c)", NotIn, IsNot),
		"a or b and not c":          fmt.Sprintf("(or=true a (or=false b (u%d c)))", Not),
		"a if b else c if d else e": "(if b a (if d c e))",
		"x[..., None, 1:3]":         "x[<<nil> <nil> 1:3:_>]",
		"x[::2]":                    "x[_:_:2]",
		"x[:, 1]":                   "x[<_:_:_ 1>]",
		"x[a:=1]":                   "x[(:= a 1)]",
		"f(a, *b, c=d, **e).g[0]":   "f(a b d e).g[0]",
		"*a, b":                     "<*a b>",
		"()":                        "<>",
		"(a,)":                      "<a>",
		"'a' 'b'":                   "ab",
		"f'a{b!r:>{c}}d'":           "fa {b!114:f> {c!0}} d",
		"f'{x=}'":                   "fx= {x!114}",
		"0x_ff + 1_000":             fmt.Sprintf("(%d 255 1000)", Add),
	} {
		x, err := ParseExpr("test", []byte(src))
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if got := dump(x); got != want {
			t.Errorf("%s is %s, want %s", src, got, want)
		}
	}
}

// TestPositions checks where nodes start and end, in characters.
func TestPositions(t *testing.T) {
	const src = "é = 'ü' + f(x,\n  y[0])\nz = f'é{w + 1:>{v}}'\n"
	file, err := Parse("test", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	Walk(file, func(n Node) bool {
		r := n.Range()
		switch n := n.(type) {
		case *Name:
			got = append(got, fmt.Sprintf("%s %d:%d-%d:%d", n.ID, r.Start.Line, r.Start.Col, r.Stop.Line, r.Stop.Col))
		case *Call:
			got = append(got, fmt.Sprintf("call %d:%d-%d:%d (%d:%d", r.Start.Line, r.Start.Col, r.Stop.Line, r.Stop.Col, n.Lparen.Line, n.Lparen.Col))
		case *Binary:
			got = append(got, fmt.Sprintf("op %d:%d", n.OpPos.Line, n.OpPos.Col))
		}
		return true
	})
	want := "é 1:1-1:2|op 1:9|call 1:11-2:8 (1:12|f 1:11-1:12|x 1:13-1:14|y 2:3-2:4|z 3:1-3:2|op 3:11|w 3:9-3:10|v 3:17-3:18"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// TestErrors checks the place and the text of syntax errors.
func TestErrors(t *testing.T) {
	for src, want := range map[string]string{
		"x = (1":                "1:5 '(' was never closed",
		"print(1 2":             "1:7 invalid syntax. Perhaps you forgot a comma?",
		"x = 1)":                "1:6 unmatched ')'",
		"f(x for x in y, 1)":    "1:3 Generator expression must be parenthesized",
		"if x\n  y":             "1:5 expected ':'",
		"x = 5a":                "1:5 invalid decimal literal",
		"x = 0b2":               "1:5 invalid binary literal",
		"x = 1__0":              "1:5 invalid decimal literal",
		"'a' b'b'":              "1:5 cannot mix bytes and nonbytes literals",
		"x = 'a\n'":             "1:5 unterminated string literal (detected at line 1)",
		"f() = 1":               "1:1 cannot assign to function call here. Maybe you meant '==' instead of '='?",
		"a, b += 1":             "1:1 'tuple' is an illegal expression for augmented assignment",
		"for 1 in x: pass":      "1:5 cannot assign to literal",
		"del f()":               "1:5 cannot delete function call",
		"*a = 1":                "1:1 starred assignment target must be in a list or tuple",
		"*a, *b = c":            "1:5 multiple starred expressions in assignment",
		"from a import b,":      "1:16 trailing comma not allowed without surrounding parentheses",
		"def f(a, a): pass":     "1:10 duplicate argument 'a' in function definition",
		"def f(*): pass":        "1:7 named arguments must follow bare *",
		"x = a if b":            "1:5 expected 'else' after 'if' expression",
		"f(a=1, a=2)":           "1:8 keyword argument repeated: a",
		"{a: 1, b}":             "1:9 ':' expected after dictionary key",
		"\tx\n        y":        "2:1 inconsistent use of tabs and spaces in indentation",
		"if x:\n\ty\n        z": "3:1 inconsistent use of tabs and spaces in indentation",
		"f'{}'":                 "1:4 f-string: empty expression not allowed",
		"f'}'":                  "1:3 f-string: single '}' is not allowed",
		"x = \\ y":              "1:5 unexpected character after line continuation character",
		"x = “y”":               "1:5 invalid character '“' (U+201C)",
		"try: pass":             "1:10 expected 'except' or 'finally' block",
		"def f[T](x): pass":     "1:6 type parameters are not supported: leave them out, and write typing.TypeVar where an annotation needs one",
	} {
		_, err := Parse("test", []byte(src))
		if err == nil {
			t.Errorf("%q parses", src)
			continue
		}
		e := err.(*Error)
		if got := fmt.Sprintf("%d:%d %s", e.Start.Line, e.Start.Col, e.Msg); got != want {
			t.Errorf("%q: got %s, want %s", src, got, want)
		}
	}
}
