package syntax

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of nesting. They keep hostile source from exhausting the stack;
// Python has limits of the same order.
const (
	maxIndents = 100
	maxNesting = 200    // of brackets
	maxChain   = 25_000 // links of one expression
	maxDepth   = 1000   // of expressions, a bracket counting twice
)

// lexer cuts a source, or the stretch of one that stands between the braces
// of an f-string, into tokens.
type lexer struct {
	file  string
	src   string
	off   int // next byte
	end   int // where the stretch ends
	begin int // and where it begins
	line  int32
	col   int32

	brackets []token // open brackets
	indents  []indent
	unclosed *Error // a bracket is still open at the end
	nested   bool   // inside an f-string: newlines do not count
	tokens   []token
}

// indent is the width of a block's indentation, with tabs to multiples of
// eight and with tabs as one column; the two must agree in order.
type indent struct{ wide, narrow int }

func newLexer(file, src string) *lexer {
	l := &lexer{file: file, src: src, end: len(src), line: 1, col: 1, indents: []indent{{}}}
	if strings.HasPrefix(src, "\ufeff") {
		l.off = len("\ufeff")
	}
	return l
}

// fail panics with a syntax error; the parser's entry points recover it.
func (l *lexer) fail(span Span, format string, args ...any) {
	panic(l.errorAt("SyntaxError", span, format, args...))
}

func (l *lexer) errorAt(kind string, span Span, format string, args ...any) *Error {
	return &Error{
		Kind: kind,
		Msg:  fmt.Sprintf(format, args...),
		File: l.file,
		Span: span,
		Text: SourceLine([]byte(l.src), int(span.Start.Line)),
	}
}

func (l *lexer) pos() Pos { return Pos{l.line, l.col} }

// skip moves over n bytes that hold no newline.
func (l *lexer) skip(n int) {
	l.col += int32(utf8.RuneCountInString(l.src[l.off : l.off+n]))
	l.off += n
}

// newline moves over a newline: \n, \r or \r\n.
func (l *lexer) newline() {
	if l.src[l.off] == '\r' && l.off+1 < l.end && l.src[l.off+1] == '\n' {
		l.off++
	}
	l.off++
	l.line++
	l.col = 1
}

func (l *lexer) peek(i int) byte {
	if l.off+i < l.end {
		return l.src[l.off+i]
	}
	return 0
}

func (l *lexer) emit(k kind, off int, start Pos) {
	if n := len(l.tokens); n == cap(l.tokens) && l.off > l.begin {
		// As many more as there would be at this rate: a long source has its tokens once.
		rest := int(float64(n) / float64(l.off-l.begin) * float64(l.end-l.off))
		l.tokens = slices.Grow(l.tokens, rest+n/16+16)
	}
	l.tokens = append(l.tokens, token{kind: k, text: l.src[off:l.off], Span: Span{start, l.pos()}, off: off, end: l.off})
}

// meanToken is about how many bytes of a program there are to a token.
const meanToken = 4

// run cuts the whole stretch.
func (l *lexer) run() []token {
	l.begin = l.off
	l.tokens = make([]token, 0, (l.end-l.off)/meanToken+1)
	atStart := !l.nested
	for {
		if atStart && len(l.brackets) == 0 {
			l.indentation()
			atStart = false
		}
		l.blanks()
		if l.off >= l.end {
			break
		}
		c := l.src[l.off]
		if c == '\n' || c == '\r' {
			start, off := l.pos(), l.off
			if l.nested || len(l.brackets) > 0 {
				l.newline()
				continue
			}
			if n := len(l.tokens); n > 0 && l.tokens[n-1].kind != newlineToken && l.tokens[n-1].kind != indentToken && l.tokens[n-1].kind != dedentToken {
				l.tokens = append(l.tokens, token{kind: newlineToken, text: "\n", Span: Span{start, Pos{start.Line, start.Col + 1}}, off: off, end: off})
			}
			l.newline()
			atStart = true
			continue
		}
		l.token(c)
	}
	l.finish()
	l.softenAssert()
	return l.tokens
}

// finish closes what is open at the end of the source.
func (l *lexer) finish() {
	if n := len(l.brackets); n > 0 {
		open := l.brackets[n-1]
		err := l.errorAt("SyntaxError", open.Span, "'%s' was never closed", open.text)
		err.Incomplete = true
		l.unclosed = err
	}
	here := Span{l.pos(), l.pos()}
	if !l.nested {
		if n := len(l.tokens); n > 0 && l.tokens[n-1].kind != newlineToken && l.tokens[n-1].kind != dedentToken {
			l.tokens = append(l.tokens, token{kind: newlineToken, Span: here, off: l.off, end: l.off})
		}
		for len(l.indents) > 1 {
			l.indents = l.indents[:len(l.indents)-1]
			l.tokens = append(l.tokens, token{kind: dedentToken, Span: here, off: l.off, end: l.off})
		}
	}
	l.tokens = append(l.tokens, token{kind: endToken, Span: here, off: l.off, end: l.off})
}

// blanks skips spaces, comments and joined lines.
func (l *lexer) blanks() {
	for l.off < l.end {
		switch c := l.src[l.off]; {
		case c == ' ' || c == '\t' || c == '\f':
			l.skip(1)
		case c == '#':
			n := 0
			for l.off+n < l.end && l.src[l.off+n] != '\n' && l.src[l.off+n] != '\r' {
				n++
			}
			l.skip(n)
		case c == '\\' && (l.peek(1) == '\n' || l.peek(1) == '\r'):
			l.skip(1)
			l.newline()
			if l.off >= l.end {
				err := l.errorAt("SyntaxError", Span{l.pos(), l.pos()}, "unexpected EOF while parsing")
				err.Incomplete = true
				panic(err)
			}
		default:
			return
		}
	}
}

// indentation reads the white space that starts a line, and emits the indent
// or the dedents it means. Lines that are blank or hold a comment mean nothing.
func (l *lexer) indentation() {
	var in indent
	for l.off < l.end {
		switch l.src[l.off] {
		case ' ':
			in.wide++
			in.narrow++
		case '\t':
			in.wide += 8 - in.wide%8
			in.narrow++
		case '\f':
			in = indent{}
		case '\n', '\r':
			l.newline()
			in = indent{}
			continue
		case '#':
			l.blanks()
			in = indent{}
			continue
		default:
			l.indentTo(in)
			return
		}
		l.skip(1)
	}
}

func (l *lexer) indentTo(in indent) {
	start := Pos{l.line, 1}
	span := Span{start, l.pos()}
	top := l.indents[len(l.indents)-1]
	if (in.wide == top.wide) != (in.narrow == top.narrow) || in.wide > top.wide && in.narrow < top.narrow {
		panic(l.errorAt("TabError", span, "inconsistent use of tabs and spaces in indentation"))
	}
	if in.wide > top.wide {
		if len(l.indents) >= maxIndents {
			panic(l.errorAt("IndentationError", span, "too many levels of indentation"))
		}
		l.indents = append(l.indents, in)
		l.tokens = append(l.tokens, token{kind: indentToken, Span: span, off: l.off, end: l.off})
		return
	}
	for in.wide < l.indents[len(l.indents)-1].wide {
		l.indents = l.indents[:len(l.indents)-1]
		if in.wide > l.indents[len(l.indents)-1].wide {
			panic(l.errorAt("IndentationError", Span{l.pos(), l.pos()}, "unindent does not match any outer indentation level"))
		}
		l.tokens = append(l.tokens, token{kind: dedentToken, Span: span, off: l.off, end: l.off})
	}
}

// token reads one name, number, string or operator.
func (l *lexer) token(c byte) {
	start, off := l.pos(), l.off
	switch {
	case c >= '0' && c <= '9' || c == '.' && l.peek(1) >= '0' && l.peek(1) <= '9':
		l.number()
		l.emit(numberToken, off, start)
		return
	case c == '"' || c == '\'':
		l.stringLiteral(off, start, "")
		return
	}
	if n := identifierLen(l.src[l.off:l.end]); n > 0 {
		word := l.src[l.off : l.off+n]
		if q := l.peek(n); (q == '"' || q == '\'') && isStringPrefix(word) {
			l.skip(n)
			l.stringLiteral(off, start, strings.ToLower(word))
			return
		}
		l.skip(n)
		k := nameToken
		if isKeyword(word) {
			k = keywordToken
		}
		l.emit(k, off, start)
		return
	}
	n := operatorAt(l.src[l.off:l.end])
	if n == 0 {
		l.badCharacter(start)
	}
	l.skip(n)
	l.emit(opToken, off, start)
	l.bracket()
}

func (l *lexer) badCharacter(start Pos) {
	r, size := utf8.DecodeRuneInString(l.src[l.off:l.end])
	span := Span{start, Pos{start.Line, start.Col + 1}}
	switch {
	case r == utf8.RuneError && size <= 1:
		l.fail(span, "invalid utf-8 byte 0x%02x", l.src[l.off])
	case r == '\\':
		l.fail(span, "unexpected character after line continuation character")
	case r < ' ' || !unicode.IsPrint(r):
		l.fail(span, "invalid non-printable character U+%04X", r)
	case r < utf8.RuneSelf:
		l.fail(span, "invalid syntax")
	}
	l.fail(span, "invalid character '%c' (U+%04X)", r, r)
}

// bracket keeps the account of open brackets for the operator just emitted.
func (l *lexer) bracket() {
	t := l.tokens[len(l.tokens)-1]
	switch t.text {
	case "(", "[", "{":
		if len(l.brackets) >= maxNesting {
			l.fail(t.Span, "too many nested parentheses")
		}
		l.brackets = append(l.brackets, t)
	case ")", "]", "}":
		n := len(l.brackets)
		if n == 0 {
			l.fail(t.Span, "unmatched '%s'", t.text)
		}
		open := l.brackets[n-1]
		if want := map[string]string{"(": ")", "[": "]", "{": "}"}[open.text]; want != t.text {
			if open.Start.Line != t.Start.Line {
				l.fail(t.Span, "closing parenthesis '%s' does not match opening parenthesis '%s' on line %d", t.text, open.text, open.Start.Line)
			}
			l.fail(t.Span, "closing parenthesis '%s' does not match opening parenthesis '%s'", t.text, open.text)
		}
		l.brackets = l.brackets[:n-1]
	}
}

// identifierLen gives the length in bytes of the identifier that starts s, or 0.
func identifierLen(s string) int {
	for i, r := range s {
		switch {
		case r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		case r >= '0' && r <= '9' && i > 0:
		case r >= utf8.RuneSelf && r != utf8.RuneError && (unicode.IsLetter(r) || i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r))):
		default:
			return i
		}
	}
	return len(s)
}

// number moves over a numeric literal; decodeNumber judges it.
func (l *lexer) number() {
	start := l.pos()
	n := 0
	at := func(i int) byte { return l.peek(i) }
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' || c == '_' }
	if at(0) == '0' && (at(1)|0x20 == 'x' || at(1)|0x20 == 'o' || at(1)|0x20 == 'b') {
		n = 2
		for isDigit(at(n)) || at(1)|0x20 == 'x' && (at(n)|0x20 >= 'a' && at(n)|0x20 <= 'f') {
			n++
		}
	} else {
		for isDigit(at(n)) {
			n++
		}
		if at(n) == '.' {
			n++
			for isDigit(at(n)) {
				n++
			}
		}
		if at(n)|0x20 == 'e' {
			m := n + 1
			if at(m) == '+' || at(m) == '-' {
				m++
			}
			if at(m) >= '0' && at(m) <= '9' {
				for isDigit(at(m)) {
					m++
				}
				n = m
			}
		}
		if at(n)|0x20 == 'j' {
			n++
		}
	}
	text := l.src[l.off : l.off+n]
	l.skip(n)
	if m := identifierLen(l.src[l.off:l.end]); m > 0 {
		switch l.src[l.off : l.off+m] {
		case "and", "or", "in", "is", "if", "else", "for", "not":
		default:
			l.fail(Span{start, l.pos()}, "invalid %s literal", numberClass(text))
		}
	}
}
