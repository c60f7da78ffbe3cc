package syntax

// kind is the class of a token.
type kind uint8

const (
	endToken kind = iota
	newlineToken
	indentToken
	dedentToken
	nameToken
	keywordToken
	numberToken
	stringToken
	opToken
)

// token is one lexical element. An operator, a keyword and a name are their text.
type token struct {
	kind kind
	text string
	Span
	off, end int // in bytes
}

// is tells whether the token is the given operator or keyword.
func (t *token) is(text string) bool {
	return (t.kind == opToken || t.kind == keywordToken) && t.text == text
}

// operatorAt gives the length of the operator that starts s, or 0.
func operatorAt(s string) int {
	if len(s) >= 3 {
		switch s[:3] {
		case "**=", "//=", "<<=", ">>=", "...":
			return 3
		}
	}
	if len(s) >= 2 {
		switch s[:2] {
		case "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", ":=",
			"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=":
			return 2
		}
	}
	switch s[0] {
	case '+', '-', '*', '/', '%', '@', '&', '|', '^', '~', '<', '>', '(', ')', '[', ']', '{', '}',
		',', ':', '.', ';', '=':
		return 1
	}
	return 0
}
