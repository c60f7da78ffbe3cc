package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Parse reads a source file. The error is an *Error.
func Parse(name string, src []byte) (file *File, err error) {
	defer recoverError(&err)
	p := newParser(name, string(src))
	file = &File{Name: name, Body: p.file()}
	p.atEnd()
	return file, nil
}

// ParseExpr reads a source that is one expression, as eval takes it.
func ParseExpr(name string, src []byte) (x Expr, err error) {
	defer recoverError(&err)
	p := newParser(name, strings.TrimLeft(string(src), " \t"))
	x = p.starExprs()
	for p.tok.kind == newlineToken {
		p.next()
	}
	if p.tok.kind != endToken {
		p.unexpected()
	}
	return x, nil
}

// recoverError turns the panic of lexer.fail into an error.
func recoverError(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// parser is a recursive descent over the tokens.
type parser struct {
	lex   *lexer
	toks  []token
	at    int
	tok   *token // toks[at]
	prev  *token // the last token before that is text, or nil
	depth int    // of nested expressions
	chain int    // the links of the longest chain of operators, calls, ... just read
}

func newParser(name, src string) *parser {
	lex := newLexer(name, src)
	if i := strings.IndexByte(src, 0); i >= 0 {
		before := src[:i]
		line := int32(strings.Count(before, "\n") + 1)
		col := int32(utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1)
		lex.fail(Span{Pos{line, col}, Pos{line, col}}, "source code cannot contain null bytes")
	}
	p := &parser{lex: lex, toks: lex.run()}
	p.tok = &p.toks[0]
	return p
}

func (p *parser) next() {
	switch p.tok.kind {
	case newlineToken, indentToken, dedentToken: // a block ends with its text
	default:
		p.prev = p.tok
	}
	if p.at < len(p.toks)-1 {
		p.at++
		p.tok = &p.toks[p.at]
	}
}

// ahead gives the token i places on.
func (p *parser) ahead(i int) *token {
	return &p.toks[min(p.at+i, len(p.toks)-1)]
}

func (p *parser) fail(span Span, format string, args ...any) {
	p.atEnd()
	p.lex.fail(span, format, args...)
}

// atEnd fails with the bracket that is still open, if that is why the source
// ends where something is missing, or why a later line makes no sense.
func (p *parser) atEnd() {
	open := p.lex.unclosed
	if open == nil {
		return
	}
	if p.tok.kind == endToken || p.tok.kind == newlineToken && p.ahead(1).kind == endToken {
		panic(open)
	}
	if p.tok.Start.Line > open.Start.Line {
		err := *open
		err.Incomplete = false
		panic(&err)
	}
}

// ended reports whether nothing follows any more, but the ends of blocks.
func (p *parser) ended() bool {
	t := p.tok
	for i := 1; t.kind == dedentToken; i++ {
		t = p.ahead(i)
	}
	return t.kind == endToken
}

// unexpected fails at the current token.
func (p *parser) unexpected() {
	p.atEnd()
	msg := "invalid syntax"
	kind := "SyntaxError"
	switch {
	case p.tok.kind == indentToken:
		kind, msg = "IndentationError", "unexpected indent"
	case p.tok.kind == dedentToken:
		kind, msg = "IndentationError", "unexpected unindent"
	case p.tok.kind == endToken && p.lex.nested:
		msg = "f-string: invalid syntax"
	}
	err := p.lex.errorAt(kind, p.tok.Span, "%s", msg)
	err.Incomplete = p.tok.kind == endToken && !p.lex.nested
	panic(err)
}

// accept moves over the operator or keyword if it is next.
func (p *parser) accept(text string) bool {
	if p.tok.is(text) {
		p.next()
		return true
	}
	return false
}

// expect moves over the operator or keyword, which must be next.
func (p *parser) expect(text string) {
	if p.accept(text) {
		return
	}
	if text == ":" && !p.tok.is("=") {
		p.fail(p.tok.Span, "expected ':'")
	}
	if text == "in" || text == "import" {
		p.fail(p.tok.Span, "expected '%s'", text)
	}
	p.unexpected()
}

func (p *parser) ident() (string, Pos) {
	if p.tok.kind != nameToken {
		p.unexpected()
	}
	name, pos := p.tok.text, p.tok.Start
	p.next()
	return name, pos
}

// since gives the span from start to the end of the last token read.
func (p *parser) since(start Pos) Span {
	if p.prev == nil {
		return Span{start, start}
	}
	return Span{start, p.prev.Stop}
}

// enter counts a level of nesting; the caller defers leave.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxDepth {
		p.fail(p.tok.Span, "too many nested expressions")
	}
}

func (p *parser) leave() { p.depth-- }

// links reads the parts of a chain, which leans to the left: a.b().c, a + b + c. First
// reads what it starts with, then each link; that ends where it gives nil.
func (p *parser) links(first func() Expr, link func(x Expr) Expr) Expr {
	outer := p.chain
	p.chain = 0
	x := first()
	length := p.chain
	for {
		p.chain = 0
		next := link(x)
		if next == nil {
			break
		}
		x = next
		if length = max(length, p.chain) + 1; length > maxChain {
			panic(p.lex.errorAt("RecursionError", p.tok.Span, "maximum recursion depth exceeded during compilation"))
		}
	}
	p.chain = max(outer, length)
	return x
}

// file reads statements up to the end.
func (p *parser) file() []Stmt {
	var body []Stmt
	for p.tok.kind != endToken {
		if p.tok.kind == newlineToken {
			p.next()
			continue
		}
		body = p.statement(body)
	}
	return body
}

// target checks that x can be assigned to. What is "assign to" or "delete".
func (p *parser) target(x Expr, verb string) {
	switch x := x.(type) {
	case *Name, *Attribute, *Subscript:
		return
	case *TupleExpr:
		p.targets(x.Elems, verb)
		return
	case *ListExpr:
		p.targets(x.Elems, verb)
		return
	case *Starred:
		if verb == "delete" {
			p.fail(x.Span, "cannot delete starred")
		}
		p.target(x.X, verb)
		return
	}
	p.fail(x.Range(), "cannot %s %s", verb, describeExpr(x))
}

func (p *parser) targets(xs []Expr, verb string) {
	stars := 0
	for _, x := range xs {
		p.target(x, verb)
		if _, ok := x.(*Starred); ok {
			if stars++; stars > 1 {
				p.fail(x.Range(), "multiple starred expressions in assignment")
			}
		}
	}
}

// describeExpr names the class of an expression as Python's messages do.
func describeExpr(x Expr) string {
	switch x := x.(type) {
	case *Constant:
		switch x.Kind {
		case NoneConst:
			return "None"
		case BoolConst:
			if x.Value.(bool) {
				return "True"
			}
			return "False"
		case EllipsisConst:
			return "ellipsis"
		}
		return "literal"
	case *JoinedString:
		return "f-string expression"
	case *Binary, *Unary, *BoolOp:
		return "expression"
	case *Compare:
		return "comparison"
	case *Conditional:
		return "conditional expression"
	case *Lambda:
		return "lambda"
	case *Call:
		return "function call"
	case *DictExpr:
		return "dict literal"
	case *SetExpr:
		return "set display"
	case *Comprehension:
		switch x.Kind {
		case ListComp:
			return "list comprehension"
		case SetComp:
			return "set comprehension"
		case DictComp:
			return "dict comprehension"
		}
		return "generator expression"
	case *Walrus:
		return "named expression"
	case *Await:
		return "await expression"
	case *Yield:
		return "yield expression"
	case *Name:
		return "name"
	case *Attribute:
		return "attribute"
	case *Subscript:
		return "subscript"
	}
	return fmt.Sprintf("%T", x)
}
