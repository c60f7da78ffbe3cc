package syntax

// Match is a match statement.
type Match struct {
	Span
	Subject Expr
	Cases   []Case
}

func (*Match) stmt() {}

// Case is one case clause.
type Case struct {
	Span
	Pattern Pattern
	Guard   Expr // or nil
	Body    []Stmt
}

// Pattern is what a case clause compares the subject with.
type Pattern interface {
	Node
	pattern()
}

// The patterns.
type (
	// MatchValue is a literal or a dotted name: the subject equals it. None, True
	// and False are compared by identity.
	MatchValue struct {
		Span
		X Expr
	}

	// MatchAs takes the subject under Name, if Pattern is nil or matches it. An
	// empty Name is the wildcard.
	MatchAs struct {
		Span
		Pattern Pattern
		Name    string
	}

	// MatchSequence is [a, b, *rest].
	MatchSequence struct {
		Span
		Elems []Pattern
	}

	// MatchStar is *Name in a sequence; an empty Name is *_.
	MatchStar struct {
		Span
		Name string
	}

	// MatchMapping is {Keys[0]: Values[0], ..., **Rest}; Rest may be empty.
	MatchMapping struct {
		Span
		Keys   []Expr
		Values []Pattern
		Rest   string
	}

	// MatchClass is Class(Args..., Names[0]=Values[0], ...).
	MatchClass struct {
		Span
		Class  Expr
		Args   []Pattern
		Names  []string
		Values []Pattern
	}

	// MatchOr is Options[0] | Options[1] | ...
	MatchOr struct {
		Span
		Options []Pattern
	}
)

func (*MatchValue) pattern()    {}
func (*MatchAs) pattern()       {}
func (*MatchSequence) pattern() {}
func (*MatchStar) pattern()     {}
func (*MatchMapping) pattern()  {}
func (*MatchClass) pattern()    {}
func (*MatchOr) pattern()       {}

// Captures gives the names that a pattern binds, in the order in which they stand.
func Captures(p Pattern) []string {
	var names []string
	add := func(name string) {
		if name != "" {
			names = append(names, name)
		}
	}
	each := func(ps []Pattern) {
		for _, q := range ps {
			names = append(names, Captures(q)...)
		}
	}
	switch p := p.(type) {
	case *MatchAs:
		if p.Pattern != nil {
			names = append(names, Captures(p.Pattern)...)
		}
		add(p.Name)
	case *MatchStar:
		add(p.Name)
	case *MatchSequence:
		each(p.Elems)
	case *MatchMapping:
		each(p.Values)
		add(p.Rest)
	case *MatchClass:
		each(p.Args)
		each(p.Values)
	case *MatchOr:
		// Every option binds the same names.
		return Captures(p.Options[0])
	}
	return names
}

// irrefutable tells whether a pattern matches everything, and by which name.
func irrefutable(p Pattern) (name string, ok bool) {
	switch p := p.(type) {
	case *MatchAs:
		if p.Pattern == nil {
			return p.Name, true
		}
		return irrefutable(p.Pattern)
	case *MatchOr:
		return irrefutable(p.Options[len(p.Options)-1])
	}
	return "", false
}

func (p *parser) matchStmt() Stmt {
	start := p.tok.Start
	p.next()
	m := &Match{Subject: p.starExprs()}
	p.expect(":")
	p.next() // the newline
	p.next() // the indentation
	p.enter()
	defer p.leave()
	for p.tok.kind != dedentToken && p.tok.kind != endToken {
		if p.tok.kind == newlineToken {
			p.next()
			continue
		}
		if p.tok.kind != nameToken || p.tok.text != "case" {
			p.unexpected()
		}
		m.Cases = append(m.Cases, p.matchCase())
	}
	if p.tok.kind == dedentToken {
		p.next()
	}
	for i, c := range m.Cases[:len(m.Cases)-1] {
		if name, ok := irrefutable(c.Pattern); ok && c.Guard == nil {
			p.refuseRest(m.Cases[i].Pattern, name)
		}
	}
	m.Span = p.since(start)
	return m
}

// refuseRest fails at a pattern that leaves nothing for those after it.
func (p *parser) refuseRest(at Pattern, name string) {
	if name == "" {
		p.fail(at.Range(), "wildcard makes remaining patterns unreachable")
	}
	p.fail(at.Range(), "name capture '%s' makes remaining patterns unreachable", name)
}

func (p *parser) matchCase() Case {
	start := p.tok.Start
	p.next()
	c := Case{Pattern: p.openPattern()}
	p.checkCaptures(c.Pattern)
	if p.accept("if") {
		c.Guard = p.namedExpr()
	}
	c.Body = p.block("'case' statement", start.Line)
	c.Span = p.since(start)
	return c
}

// checkCaptures refuses a name that a pattern binds twice.
func (p *parser) checkCaptures(x Pattern) {
	seen := map[string]bool{}
	for _, name := range Captures(x) {
		if seen[name] {
			p.fail(x.Range(), "multiple assignments to name '%s' in pattern", name)
		}
		seen[name] = true
	}
}

// openPattern reads a pattern, or a sequence pattern without brackets.
func (p *parser) openPattern() Pattern {
	start := p.tok.Start
	first := p.starPattern()
	_, star := first.(*MatchStar)
	if !p.tok.is(",") {
		if star {
			p.unexpected()
		}
		return first
	}
	elems := []Pattern{first}
	for p.accept(",") {
		if p.tok.is(":") || p.tok.is("if") {
			break
		}
		elems = append(elems, p.starPattern())
	}
	return p.sequence(start, elems)
}

func (p *parser) sequence(start Pos, elems []Pattern) Pattern {
	stars := 0
	for _, e := range elems {
		if _, ok := e.(*MatchStar); ok {
			if stars++; stars > 1 {
				p.fail(p.since(start), "multiple starred expressions in sequence pattern")
			}
		}
	}
	return &MatchSequence{Span: p.since(start), Elems: elems}
}

// starPattern reads a pattern or *name.
func (p *parser) starPattern() Pattern {
	start := p.tok.Start
	if p.accept("*") {
		name := p.captureName()
		return &MatchStar{Span: p.since(start), Name: name}
	}
	return p.pattern()
}

// captureName reads a name; the wildcard is empty.
func (p *parser) captureName() string {
	name, _ := p.ident()
	if name == "_" {
		return ""
	}
	return name
}

// pattern reads option | option as name.
func (p *parser) pattern() Pattern {
	p.enter()
	defer p.leave()
	start := p.tok.Start
	x := p.orPattern()
	if !p.accept("as") {
		return x
	}
	if p.tok.kind != nameToken {
		p.fail(p.tok.Span, "invalid pattern target")
	}
	if p.tok.text == "_" {
		p.fail(p.tok.Span, "cannot use '_' as a target")
	}
	name, _ := p.ident()
	if p.tok.is(".") || p.tok.is("(") || p.tok.is("[") {
		p.fail(p.prev.Span, "invalid pattern target")
	}
	return &MatchAs{Span: p.since(start), Pattern: x, Name: name}
}

func (p *parser) orPattern() Pattern {
	start := p.tok.Start
	first := p.closedPattern()
	if !p.tok.is("|") {
		return first
	}
	options := []Pattern{first}
	for p.accept("|") {
		options = append(options, p.closedPattern())
	}
	for _, o := range options[:len(options)-1] {
		if name, ok := irrefutable(o); ok {
			p.refuseRest(o, name)
		}
	}
	for _, o := range options[1:] {
		if !sameNames(Captures(options[0]), Captures(o)) {
			p.fail(p.since(start), "alternative patterns bind different names")
		}
	}
	return &MatchOr{Span: p.since(start), Options: options}
}

func sameNames(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	have := map[string]int{}
	for i := range a {
		have[a[i]]++
		have[b[i]]--
	}
	for _, n := range have {
		if n != 0 {
			return false
		}
	}
	return true
}

func (p *parser) closedPattern() Pattern {
	t := p.tok
	switch {
	case t.kind == numberToken || t.is("-"):
		return p.numberPattern()
	case t.kind == stringToken:
		x := p.strings()
		if _, ok := x.(*Constant); !ok {
			p.fail(x.Range(), "patterns may only match literals and attribute lookups")
		}
		return &MatchValue{Span: x.Range(), X: x}
	case t.is("None") || t.is("True") || t.is("False"):
		x := p.atom()
		return &MatchValue{Span: x.Range(), X: x}
	case t.is("(") || t.is("["):
		return p.bracketPattern()
	case t.is("{"):
		return p.mappingPattern()
	case t.kind == nameToken:
		return p.namePattern()
	}
	p.unexpected()
	return nil
}

// numberPattern reads a number, which may be negative, or the sum of a real and an
// imaginary number.
func (p *parser) numberPattern() Pattern {
	start := p.tok.Start
	x := p.signedNumber()
	if p.tok.is("+") || p.tok.is("-") {
		op := &Binary{Op: Add, OpPos: p.tok.Start, X: x}
		if p.tok.is("-") {
			op.Op = Sub
		}
		p.next()
		if p.tok.kind != numberToken {
			p.unexpected()
		}
		op.Y = p.numberLiteral()
		if c, ok := op.Y.(*Constant); !ok || c.Kind != ImagConst {
			p.fail(op.Y.Range(), "imaginary number required in complex literal")
		}
		op.Span = p.since(start)
		x = op
	}
	return &MatchValue{Span: p.since(start), X: x}
}

func (p *parser) signedNumber() Expr {
	start := p.tok.Start
	negative := p.accept("-")
	if p.tok.kind != numberToken {
		p.unexpected()
	}
	x := p.numberLiteral()
	if negative {
		x = &Unary{Span: p.since(start), Op: Neg, X: x}
	}
	return x
}

// bracketPattern reads a sequence in brackets or parentheses, or a pattern in
// parentheses.
func (p *parser) bracketPattern() Pattern {
	start := p.tok.Start
	closer, group := "]", false
	if p.tok.is("(") {
		closer, group = ")", true
	}
	p.next()
	var elems []Pattern
	comma := false
	for !p.tok.is(closer) {
		elems = append(elems, p.starPattern())
		if !p.accept(",") {
			break
		}
		comma = true
	}
	if !p.tok.is(closer) {
		p.unexpected()
	}
	p.next()
	if group && len(elems) == 1 && !comma {
		if _, star := elems[0].(*MatchStar); star {
			p.unexpected()
		}
		return elems[0]
	}
	return p.sequence(start, elems)
}

func (p *parser) mappingPattern() Pattern {
	start := p.tok.Start
	p.next()
	m := &MatchMapping{}
	seen := map[any]bool{}
	for !p.tok.is("}") {
		if m.Rest != "" {
			p.unexpected()
		}
		if p.accept("**") {
			m.Rest = p.captureName()
			if m.Rest == "" {
				p.unexpected()
			}
		} else {
			p.mappingItem(m, seen)
		}
		if !p.accept(",") {
			break
		}
	}
	if !p.tok.is("}") {
		p.unexpected()
	}
	p.next()
	m.Span = p.since(start)
	return m
}

func (p *parser) mappingItem(m *MatchMapping, seen map[any]bool) {
	key, ok := p.closedPattern().(*MatchValue)
	if !ok {
		p.fail(p.prev.Span, "mapping pattern keys may only match literals and attribute lookups")
	}
	if c, ok := key.X.(*Constant); ok {
		if seen[c.Value] {
			p.fail(key.Span, "mapping pattern checks duplicate key (%s)", p.text(key.Span))
		}
		seen[c.Value] = true
	}
	p.expect(":")
	m.Keys = append(m.Keys, key.X)
	m.Values = append(m.Values, p.pattern())
}

// text is the source of a span of one line.
func (p *parser) text(s Span) string {
	line := []rune(SourceLine([]byte(p.lex.src), int(s.Start.Line)))
	from, to := int(s.Start.Col)-1, int(s.Stop.Col)-1
	if s.Stop.Line != s.Start.Line || from < 0 || to > len(line) || from > to {
		return "..."
	}
	return string(line[from:to])
}

// namePattern reads a capture, the wildcard, a dotted name or a class pattern.
func (p *parser) namePattern() Pattern {
	start := p.tok.Start
	name, _ := p.ident()
	var x Expr = &Name{Span: p.since(start), ID: name}
	for p.accept(".") {
		attr, at := p.ident()
		x = &Attribute{Span: p.since(start), X: x, Name: attr, NamePos: at}
	}
	if p.tok.is("(") {
		return p.classPattern(start, x)
	}
	if _, plain := x.(*Name); !plain {
		return &MatchValue{Span: p.since(start), X: x}
	}
	if name == "_" {
		name = ""
	}
	return &MatchAs{Span: p.since(start), Name: name}
}

func (p *parser) classPattern(start Pos, class Expr) Pattern {
	p.next()
	m := &MatchClass{Class: class}
	for !p.tok.is(")") {
		if p.tok.kind == nameToken && p.ahead(1).is("=") {
			name, at := p.ident()
			p.next()
			for _, n := range m.Names {
				if n == name {
					p.fail(Span{at, p.prev.Stop}, "attribute name repeated in class pattern: %s", name)
				}
			}
			m.Names = append(m.Names, name)
			m.Values = append(m.Values, p.pattern())
		} else {
			x := p.pattern()
			if len(m.Names) > 0 {
				p.fail(x.Range(), "positional patterns follow keyword patterns")
			}
			m.Args = append(m.Args, x)
		}
		if !p.accept(",") {
			break
		}
	}
	if !p.tok.is(")") {
		p.unexpected()
	}
	p.next()
	m.Span = p.since(start)
	return m
}

// patternExprs gives the expressions in a pattern, in the order of evaluation.
func patternExprs(p Pattern) []Expr {
	var out []Expr
	each := func(ps []Pattern) {
		for _, q := range ps {
			out = append(out, patternExprs(q)...)
		}
	}
	switch p := p.(type) {
	case *MatchValue:
		out = append(out, p.X)
	case *MatchAs:
		if p.Pattern != nil {
			out = patternExprs(p.Pattern)
		}
	case *MatchSequence:
		each(p.Elems)
	case *MatchMapping:
		out = append(out, p.Keys...)
		each(p.Values)
	case *MatchClass:
		out = append(out, p.Class)
		each(p.Args)
		each(p.Values)
	case *MatchOr:
		each(p.Options)
	}
	return out
}

// Exprs gives the expressions in a case clause's pattern, in the order of evaluation.
func (c Case) Exprs() []Expr { return patternExprs(c.Pattern) }
