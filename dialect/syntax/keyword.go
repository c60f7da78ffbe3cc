package syntax

// isKeyword tells whether a word is reserved. "match", "case" and "type" are
// names wherever Python takes them for names.
func isKeyword(word string) bool {
	switch word {
	case "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
		"continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
		"if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
		"try", "while", "with", "yield":
		return true
	}
	return false
}

// softenAssert makes a name of "assert" before a dot, an equals sign or a closing
// parenthesis, where it can be no statement: in Starlark it is a name.
func (l *lexer) softenAssert() {
	for i := range l.tokens[:len(l.tokens)-1] {
		if t, next := &l.tokens[i], &l.tokens[i+1]; t.is("assert") && (next.is(".") || next.is("=") || next.is(")")) {
			t.kind = nameToken
		}
	}
}

// matchAhead tells whether a match statement is next: a line that starts with
// "match" and ends in a colon, before an indented "case". Anywhere else the words
// are names.
func (p *parser) matchAhead() bool {
	if p.tok.kind != nameToken || p.tok.text != "match" || p.ahead(1).is(":") {
		return false
	}
	for i := 1; ; i++ {
		switch a := p.ahead(i); a.kind {
		case endToken:
			return false
		case newlineToken:
			return p.ahead(i-1).is(":") && p.ahead(i+1).kind == indentToken && p.ahead(i+2).kind == nameToken && p.ahead(i+2).text == "case"
		}
	}
}

// typeStatement refuses the type statement by name.
func (p *parser) typeStatement() {
	if t := p.tok; t.kind == nameToken && t.text == "type" && p.ahead(1).kind == nameToken && p.ahead(2).is("=") {
		p.fail(t.Span, "the 'type' statement is not supported: assign the type to a name instead")
	}
}

// noTypeParameters refuses what may stand behind the name of a function or class.
func (p *parser) noTypeParameters() {
	if p.tok.is("[") {
		p.fail(p.tok.Span, "type parameters are not supported: leave them out, and write typing.TypeVar where an annotation needs one")
	}
}
