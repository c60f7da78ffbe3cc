// Package signature is the parameter list of a function that Go defines, written as
// Python writes it: how it is read, how a call's arguments are bound by it, and what
// Python says of a call that does not fit. Functions that scripts define are bound by
// Starlark; the words for those are here too.
package signature

import (
	"strings"
	"sync"
)

// Signature is a Python parameter list, parsed from its text:
// "sum(a: array, /, axis: None | int = None, *, stream=None) -> array".
type Signature struct {
	Name   string
	Full   string // the name with its type's, where that is known
	Text   string
	Params []Param

	rest, kwrest int    // indices of *args and **kwargs, or -1
	self         int    // 1 for a method that lists self, which no message counts
	named        int    // parameters other than *args and **kwargs
	posOnly      int    // those that no keyword reaches
	npos         int    // those that can be given by position
	required     uint64 // bit i: Params[i] must be given
	callbacks    bool   // a parameter is a function
}

// Param is one parameter.
type Param struct {
	Name    string
	Type    string // the annotation, or ""
	Default string // the default's text, or "" for a required parameter
	Kind    Kind
}

// Kind says how an argument may reach a parameter. The values are those of
// inspect.Parameter.
type Kind uint8

// The kinds.
const (
	PositionalOnly Kind = iota
	Positional          // or by keyword
	Rest                // *args
	KeywordOnly
	KeywordMap // **kwargs
)

// maxParams is how many parameters a signature can have.
const maxParams = 64

// parsed are the signatures that were read, by their texts: those are constants, and every
// runtime of a process defines the same functions.
var parsed sync.Map

// Parse reads a signature's text. It panics on a malformed one: the texts are
// constants of the packages that define functions. What it gives is shared and must not be
// changed.
func Parse(text string) *Signature {
	if s, ok := parsed.Load(text); ok {
		return s.(*Signature)
	}
	s, _ := parsed.LoadOrStore(text, parse(text))
	return s.(*Signature)
}

func parse(text string) *Signature {
	open := strings.IndexByte(text, '(')
	s := &Signature{Name: strings.TrimSpace(text[:open]), Text: text, rest: -1, kwrest: -1}
	s.Full = s.Name
	fields, _ := splitTop(text[open+1:])
	kind := Positional
	for _, f := range fields {
		f = strings.TrimSpace(f)
		switch {
		case f == "":
		case f == "/":
			for i := range s.Params {
				s.Params[i].Kind = PositionalOnly
			}
			s.posOnly = len(s.Params)
		case f == "*":
			kind = KeywordOnly
		default:
			s.add(f, &kind)
		}
	}
	if len(s.Params) > maxParams {
		panic("signature: too many parameters in " + text)
	}
	if s.npos > 0 && s.Params[0].Name == "self" {
		s.self = 1
	}
	return s
}

// Of parses the parameters of a function whose name, maybe with its type's before a
// dot, is known otherwise.
func Of(full, params string) *Signature {
	s := *Parse(full[strings.LastIndexByte(full, '.')+1:] + "(" + params + ")")
	s.Full = full
	return &s
}

func (s *Signature) add(field string, kind *Kind) {
	p := Param{Kind: *kind}
	i := len(s.Params)
	switch {
	case strings.HasPrefix(field, "**"):
		p.Kind, field, s.kwrest = KeywordMap, field[2:], i
	case strings.HasPrefix(field, "*"):
		p.Kind, field, s.rest = Rest, field[1:], i
		*kind = KeywordOnly
	}
	if i := topIndex(field, '='); i >= 0 {
		p.Default, field = strings.TrimSpace(field[i+1:]), field[:i]
	}
	if i := topIndex(field, ':'); i >= 0 {
		p.Type, field = strings.TrimSpace(field[i+1:]), field[:i]
		s.callbacks = s.callbacks || takesFunction(p.Type)
	}
	p.Name = strings.TrimSpace(field)
	s.Params = append(s.Params, p)
	if p.Kind == Rest || p.Kind == KeywordMap {
		return
	}
	s.named++
	if p.Kind == Positional {
		s.npos++
	}
	if p.Default == "" {
		s.required |= 1 << i
	}
}

// takesFunction tells whether an annotation names a function that may be called.
func takesFunction(annotation string) bool { return strings.Contains(annotation, "Callable") }

// TakesFunctions tells whether an argument may be a function that the call calls.
func (s *Signature) TakesFunctions() bool { return s.callbacks }

// List is the parameter list without the name: "(x, /)".
func (s *Signature) List() string { return s.Text[strings.IndexByte(s.Text, '('):] }

// splitTop cuts a parameter list at its top-level commas, up to the bracket
// that closes it.
func splitTop(text string) (fields []string, rest string) {
	depth, from := 0, 0
	quoted := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
		case c == '\'' || c == '"':
			quoted = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			if depth == 0 {
				return append(fields, text[from:i]), text[i+1:]
			}
			depth--
		case c == ',' && depth == 0:
			fields, from = append(fields, text[from:i]), i+1
		}
	}
	panic("signature: unclosed " + text)
}

func topIndex(s string, want byte) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == want && depth == 0:
			return i
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
	}
	return -1
}
