package syntax

import (
	"strings"
	"unicode/utf8"
)

// formatReader cuts the body of an f-string into constants and fields.
type formatReader struct {
	p     *parser
	raw   bool
	quote string
	span  Span

	off, end int // the bytes of the source still to read
	line     int32
	col      int32
	depth    int // of format specs within format specs
}

// read cuts the body of token t: n bytes from its byte at.
func (f *formatReader) read(t *token, at, n int) []Expr {
	f.off, f.end = t.off+at, t.off+at+n
	f.line, f.col = t.Start.Line, t.Start.Col+int32(at)
	return f.parts(false)
}

func (f *formatReader) src() string { return f.p.lex.src }

func (f *formatReader) pos() Pos { return Pos{f.line, f.col} }

// advance moves over n bytes.
func (f *formatReader) advance(n int) {
	for _, r := range f.src()[f.off : f.off+n] {
		f.col++
		if r == '\n' {
			f.line++
			f.col = 1
		}
	}
	f.off += n
}

// parts reads constants and fields; in a format spec, up to its closing brace.
func (f *formatReader) parts(spec bool) []Expr {
	var parts []Expr
	start, from := f.pos(), f.off
	flush := func() {
		if f.off > from {
			parts = append(parts, f.constant(f.src()[from:f.off], start, spec))
		}
	}
	for f.off < f.end {
		c := f.src()[f.off]
		double := f.off+1 < f.end && f.src()[f.off+1] == c
		switch {
		case c == '\\' && !f.raw && f.off+1 < f.end:
			// \N{...} hides its braces, which \{ does not.
			if next := f.src()[f.off+1]; next == '{' || next == '}' {
				f.advance(1)
			} else if end := strings.IndexByte(f.src()[f.off:f.end], '}'); strings.HasPrefix(f.src()[f.off+1:f.end], "N{") && end > 0 {
				f.advance(end + 1)
			} else {
				_, n := utf8.DecodeRuneInString(f.src()[f.off+1 : f.end])
				f.advance(1 + n)
			}
		case (c == '{' || c == '}') && double && !spec:
			f.advance(1)
			flush()
			f.advance(1)
			start, from = f.pos(), f.off
		case c == '{':
			flush()
			parts = append(parts, f.field()...)
			start, from = f.pos(), f.off
		case c == '}' && spec:
			flush()
			return parts
		case c == '}':
			f.fail("f-string: single '}' is not allowed")
		default:
			_, n := utf8.DecodeRuneInString(f.src()[f.off:f.end])
			f.advance(n)
		}
	}
	flush()
	if spec {
		f.fail("f-string: expecting '}'")
	}
	return parts
}

func (f *formatReader) fail(format string, args ...any) {
	f.p.fail(Span{f.pos(), f.pos()}, format, args...)
}

func (f *formatReader) constant(text string, start Pos, spec bool) Expr {
	value := universalNewlines(text)
	if !f.raw {
		var msg string
		if value, msg = unescape(text, false); msg != "" {
			f.p.fail(f.span, "%s", msg)
		}
	}
	return &Constant{Span: Span{start, f.pos()}, Kind: StringConst, Value: value}
}

// field reads a replacement field, whose opening brace is next. With the
// debugging "=" it gives the text of the expression too.
func (f *formatReader) field() []Expr {
	if f.depth++; f.depth > 4 {
		f.fail("f-string: expressions nested too deeply")
	}
	defer func() { f.depth-- }()
	start := f.pos()
	f.advance(1)
	exprStart, exprFrom := f.pos(), f.off
	n, debug := f.exprEnd()
	text := f.src()[f.off : f.off+n]
	if strings.TrimSpace(text) == "" {
		f.fail("f-string: empty expression not allowed")
	}
	x := f.expression(n)
	f.advance(n)
	var parts []Expr
	if debug {
		f.advance(1)
		for f.off < f.end && (f.src()[f.off] == ' ' || f.src()[f.off] == '\t') {
			f.advance(1)
		}
		parts = append(parts, &Constant{Span: Span{exprStart, f.pos()}, Kind: StringConst, Value: f.src()[exprFrom:f.off]})
	}
	field := &Formatted{X: x}
	field.Conv = f.conversion()
	if f.off < f.end && f.src()[f.off] == ':' {
		f.advance(1)
		specStart := f.pos()
		spec := f.parts(true)
		field.Spec = &JoinedString{Span: Span{specStart, f.pos()}, Parts: mergeStrings(spec)}
	}
	if f.off >= f.end || f.src()[f.off] != '}' {
		f.fail("f-string: expecting '}'")
	}
	f.advance(1)
	if debug && field.Conv == 0 && field.Spec == nil {
		field.Conv = 'r'
	}
	field.Span = Span{start, f.pos()}
	return append(parts, field)
}

func (f *formatReader) conversion() byte {
	if f.off >= f.end || f.src()[f.off] != '!' {
		return 0
	}
	f.advance(1)
	if f.off < f.end {
		switch c := f.src()[f.off]; c {
		case 'r', 's', 'a':
			f.advance(1)
			return c
		}
	}
	f.fail("f-string: invalid conversion character: expected 's', 'r', or 'a'")
	return 0
}

// exprEnd gives how many bytes the expression of a field takes, and whether a
// debugging "=" follows.
func (f *formatReader) exprEnd() (n int, debug bool) {
	s := f.src()[f.off:f.end]
	level := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\'', '"':
			i += stringEnd(s[i:]) - 1
		case '(', '[', '{':
			level++
		case ')', ']':
			level--
		case '}':
			if level == 0 {
				return i, false
			}
			level--
		case '!':
			if level == 0 && !(i+1 < len(s) && s[i+1] == '=') {
				return i, false
			}
		case ':':
			if level == 0 {
				return i, false
			}
		case '=':
			if level != 0 || i+1 < len(s) && s[i+1] == '=' || i > 0 && strings.IndexByte("=!<>", s[i-1]) >= 0 {
				continue
			}
			rest := strings.TrimLeft(s[i+1:], " \t")
			if rest != "" && (rest[0] == '}' || rest[0] == ':' || rest[0] == '!') {
				return i, true
			}
		case '\n', '#':
			if c == '#' && len(f.quote) == 1 {
				f.fail("f-string expression part cannot include '#'")
			}
		}
	}
	f.fail("f-string: expecting '}'")
	return 0, false
}

// stringEnd gives the length of the string literal that starts s.
func stringEnd(s string) int {
	quote := quoteAt(s)
	for i := len(quote); i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if strings.HasPrefix(s[i:], quote) {
			return i + len(quote)
		}
	}
	return len(s)
}

// expression parses the n bytes of the source under the cursor.
func (f *formatReader) expression(n int) Expr {
	lex := &lexer{
		file:   f.p.lex.file,
		src:    f.src(),
		off:    f.off,
		end:    f.off + n,
		line:   f.line,
		col:    f.col,
		nested: true,
	}
	sub := &parser{lex: lex, toks: lex.run(), depth: f.p.depth + 1}
	sub.tok = &sub.toks[0]
	if sub.depth > maxDepth {
		f.fail("too many nested expressions")
	}
	var x Expr
	if sub.tok.is("yield") {
		x = sub.yield()
	} else {
		x = sub.starExprs()
	}
	if sub.tok.kind != endToken {
		sub.unexpected()
	}
	return x
}
