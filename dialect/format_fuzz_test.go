package dialect

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// plainField is a replacement field that means the same in an f-string and in
// str.format: a name, a conversion, a format that may hold more of them.
var plainField = regexp.MustCompile(`^\{[ixs](![rsa])?(:([^{}!]|\{[ixs]\})*)?\}$`)

// FuzzFormat compares f-strings with str.format, which another parser reads: for
// texts of plain fields they give the same string or the same kind of error.
// Neither may panic, or fail with anything but an exception.
func FuzzFormat(f *testing.F) {
	for _, s := range []string{"{i}", "{x:.3f}|{s!r:>10}", "{{{i}}}", "{i:{i}}", "{s:*^{i}}", "{x!s}", "{i:,}{x:e}{s:.2}", "}", "{", "{i!z}", "{s:{s}}", "{x:+09.3g}", "é{s!a}", "{i:#x}{i:08b}"} {
		f.Add(s, int64(5), 2.5, "aé")
	}
	f.Fuzz(func(t *testing.T, text string, i int64, x float64, s string) {
		if i > 999 || i < -999 || len(text) > 80 || strings.ContainsAny(text, "\"\\\r\n\x00") || longRun(text) || longRun(s) {
			t.Skip("wide, or no text of one line")
		}
		fields := plainFields(text)
		if !fields {
			// Expressions run too, but for those that might take long.
			if strings.ContainsAny(text, "*<(") || strings.Contains(text, "for") {
				t.Skip("slow")
			}
		}
		run := func(expr string) (starlark.Value, error) {
			prog, err := Compile("format.py", []byte("out = "+expr+"\n"), ModeFile)
			if err != nil {
				return nil, err
			}
			m := NewModule("__main__", "", object.Builtins())
			m.Set("i", starlark.MakeInt64(i))
			m.Set("x", starlark.Float(x))
			m.Set("s", starlark.String(s))
			if _, err := prog.Run(&starlark.Thread{Name: "format"}, m); err != nil {
				return nil, err
			}
			return m.Get("out"), nil
		}
		written, err := run(fmt.Sprintf(`f"%s"`, text))
		if !fields {
			return
		}
		formatted, formatErr := run(fmt.Sprintf(`"%s".format(i=i, x=x, s=s)`, text))
		if (err == nil) != (formatErr == nil) || err == nil && written != formatted {
			t.Fatalf("f-string %q gives %v, %v; str.format %v, %v", text, written, err, formatted, formatErr)
		}
		if err != nil && errorType(err) != errorType(formatErr) {
			t.Fatalf("f-string %q fails with %v, str.format with %v", text, err, formatErr)
		}
	})
}

// plainFields reports whether all that stands in braces is a plain field.
func plainFields(text string) bool {
	depth, start := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case depth == 0 && (c == '{' || c == '}') && i+1 < len(text) && text[i+1] == c:
			i++
		case c == '{':
			if depth++; depth == 1 {
				start = i
			}
		case c == '}':
			if depth--; depth < 0 || depth == 0 && !plainField.MatchString(text[start:i+1]) {
				return false
			}
		}
	}
	return depth == 0
}

func longRun(s string) bool {
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
