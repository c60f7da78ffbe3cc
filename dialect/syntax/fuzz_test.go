package syntax

import (
	"errors"
	"strings"
	"testing"
)

// FuzzParse looks for bytes that make the parser panic, hang, or give an error
// without a place.
func FuzzParse(f *testing.F) {
	for _, src := range []string{
		"x = f'{a!r:>{w}} {b=}' 'c' rb'\\x00'\n",
		"def f(a, /, b=1, *c, d, **e) -> int:\n\treturn [*a, *b], {**c}, {x: y for x, y in z if w}\n",
		"@d\nclass C(A, metaclass=M):\n    x: int = 3\n    async def f(): await g\n",
		"try: pass\nexcept* E: pass\nwith (a as b, c): yield from d\n",
		"if x:=1: ...\nelif 1_0.5e-3j: 0x_ff\nelse: 0b2\n",
		strings.Repeat("(", 300), strings.Repeat("-", 300) + "1", strings.Repeat("not ", 300),
		strings.Repeat("f'{", 20), "f'{{{1}}}'", "x\\\n", "\ufeffx", "\xff", "\x00", "'\\N{x}'", "lambda: (yield)",
		strings.Repeat("if x:\n ", 120), "match x:\n  case 1: pass", "a[1:2, ..., None] = b @ c ** -d",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := Parse("fuzz", src)
		if err == nil {
			Walk(file, func(n Node) bool {
				if r := n.Range(); !r.Start.Valid() || r.Stop.Before(r.Start) {
					t.Errorf("%T from %v to %v", n, r.Start, r.Stop)
				}
				return true
			})
			return
		}
		var syn *Error
		if !errors.As(err, &syn) || !syn.Start.Valid() || syn.Msg == "" {
			t.Errorf("the error has no place: %#v", err)
		}
		_ = syn.Report()
	})
}
