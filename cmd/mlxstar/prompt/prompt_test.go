package prompt

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// typed is a terminal that sends pieces.
type typed struct{ pieces []string }

func (t *typed) Read(b []byte) (int, error) {
	if len(t.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(b, t.pieces[0])
	t.pieces[0] = t.pieces[0][n:]
	if t.pieces[0] == "" {
		t.pieces = t.pieces[1:]
	}
	return n, nil
}

func (t *typed) Close() error { return nil }

func got(t *testing.T, pieces ...string) string {
	t.Helper()
	out, err := io.ReadAll(newPastes(&typed{pieces}))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), string(newline), "|")
}

const function = "def f(n):\r    x = n\r\r    return x"

// TestPastes makes one line of each paste, wherever a read ends.
func TestPastes(t *testing.T) {
	cases := []struct{ name, sent, want string }{
		{"typed", "x = 1\r", "x = 1\r"},
		{"bracketed", pasteBegin + function + pasteEnd + "\r", "def f(n):|    x = n||    return x\r"},
		{"bracketed, with an end of line", pasteBegin + function + "\r" + pasteEnd + "\r", "def f(n):|    x = n||    return x\r"},
		{"bracketed, of one line", pasteBegin + "mx.zeros" + pasteEnd + "(3)\r", "mx.zeros(3)\r"},
		{"two", pasteBegin + "a" + pasteEnd + pasteBegin + "b" + pasteEnd, "ab"},
		{"keys", "\x1b[1~a\x1b[4~\x1b[A\x1b[1;5D", "\x01a\x05\x1b[A\x1bb"},
		{"escapes within", pasteBegin + "a\x1b[Ab" + pasteEnd, "a\x1b[Ab"},
		{"one that does not end", pasteBegin + "abc", ""},
	}
	for _, c := range cases {
		if s := got(t, c.sent); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
		for at := 1; at < len(c.sent); at++ {
			if strings.HasPrefix(c.sent[at-1:], "\x1b") {
				continue // ESC alone is a key
			}
			if s := got(t, c.sent[:at], c.sent[at:]); s != c.want {
				t.Errorf("%s, divided at %d: got %q, want %q", c.name, at, s, c.want)
			}
		}
	}
}

// TestPlainPastes takes several lines that come at once as pasted, where the terminal does
// not say so.
func TestPlainPastes(t *testing.T) {
	cases := []struct{ name, sent, want string }{
		{"a function", function + "\r", "def f(n):|    x = n||    return x\r"},
		{"and more ends", function + "\r\r\r", "def f(n):|    x = n||    return x\r"},
		{"without an end", function, "def f(n):|    x = n||    return x"},
		{"statements", "a = 1\rb = 2\r", "a = 1\rb = 2\r"},
	}
	for _, c := range cases {
		if s := got(t, c.sent); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
	}
}

func TestPastesPassErrorsOn(t *testing.T) {
	failed := errors.New("gone")
	p := newPastes(io.NopCloser(io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(failed))))
	if out, err := io.ReadAll(p); string(out) != "ab" || !errors.Is(err, failed) {
		t.Errorf("got %q, %v", out, err)
	}
}

// TestClean makes statements of what was copied from elsewhere.
func TestClean(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"plain", "a\nb", "a\nb"},
		{"ends of lines", "a\r\nb\rc", "a\nb\nc"},
		{"an indented block", "    if x:\n        y\n\n    z", "if x:\n    y\n\nz"},
		{"tabs", "\tif x:\n\t\ty", "if x:\n\ty"},
		{"CPython's prompt", ">>> def f():\n...     return 1\n...\n>>> f()\n1\n", "def f():\n    return 1\n\nf()"},
		{"an indented session", "    >>> a = 3\n    >>> a\n    3\n", "a = 3\na"},
		{"IPython's prompt", "In [1]: for i in x:\n   ...:     i\n   ...: \n\nIn [12]: a\nOut[12]: 3", "for i in x:\n    i\n\na"},
		{"a text that mentions one", "a = '>>> b'", "a = '>>> b'"},
		{"nothing", "", ""},
	}
	for _, c := range cases {
		if s := Clean(c.text); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
	}
}

func TestIndentAfter(t *testing.T) {
	for src, want := range map[string]string{
		"if x:\n": step, "for i in x:  # each\n": step, "if x:\n    for y in z:\n": step + step, "if x:\n    y\n": step,
		"def f():\n    return 1\n": "", "f(\n": step, "x = [\n": step, "while x:\n    if y:\n        break\n": step,
	} {
		if s := indentAfter(src); s != want {
			t.Errorf("%q: got %q, want %q", src, s, want)
		}
	}
}

// TestTab indents at the beginning of a line, and completes elsewhere.
func TestTab(t *testing.T) {
	e := &Editor{c: Config{Complete: func(text string) ([]string, int) { return []string{"table"}, 2 }}}
	for text, want := range map[string]string{"": step, "  ": step[2:], "if x:" + string(newline): step, "if x:" + string(newline) + "ta": "ble", "ta": "ble"} {
		tails, _ := e.Do([]rune(text), len([]rune(text)))
		if len(tails) != 1 || string(tails[0]) != want {
			t.Errorf("%q: got %q, want %q", text, tails, want)
		}
	}
}

// TestPaint colours a line without changing what is read of it.
func TestPaint(t *testing.T) {
	for _, line := range []string{"for i in range(10): # x", `s = f"a{b}" + 'c`, "x = 1" + string(newline) + "    return \"\"\"a", "é = 0x1f"} {
		painted := string(painter{true}.Paint([]rune(line), 0))
		for _, c := range []string{colourKeyword, colourString, colourNumber, colourComment, colourEnd} {
			painted = strings.ReplaceAll(painted, c, "")
		}
		if plain := string(painter{false}.Paint([]rune(line), 0)); painted != plain || plain != strings.ReplaceAll(line, string(newline), arrow) {
			t.Errorf("%q: painted %q, plain %q", line, painted, plain)
		}
	}
	if s := string(painter{true}.Paint([]rune("if x"), 0)); s != colourKeyword+"if"+colourEnd+" x" {
		t.Errorf("got %q", s)
	}
}

// FuzzPastes holds that no byte that was typed is lost, however it comes.
func FuzzPastes(f *testing.F) {
	f.Add([]byte(pasteBegin+function+pasteEnd), 3)
	f.Add([]byte("\x1b[1~\x1b[20"), 1)
	f.Add([]byte(">>> a\n... b\n"), 5)
	f.Fuzz(func(t *testing.T, sent []byte, size int) {
		if size < 1 || size > 1<<10 {
			return
		}
		var pieces []string
		for b := sent; len(b) > 0; {
			n := min(size, len(b))
			pieces = append(pieces, string(b[:n]))
			b = b[n:]
		}
		out := got(t, pieces...)
		if !bytes.ContainsAny(sent, "\x1b\r\n\t ") && !bytes.ContainsRune(sent, newline) && out != string(sent) {
			t.Errorf("got %q of %q", out, sent)
		}
	})
}
