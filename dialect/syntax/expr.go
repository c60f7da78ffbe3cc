package syntax

import "strings"

// starExprs reads one expression, or a tuple without parentheses, whose
// elements may be starred.
func (p *parser) starExprs() Expr {
	return p.tupleOf(p.starExpr)
}

// tupleOf reads elements between commas; one without a comma is itself.
func (p *parser) tupleOf(elem func() Expr) Expr {
	start := p.tok.Start
	first := elem()
	if !p.tok.is(",") {
		return first
	}
	elems := []Expr{first}
	for p.accept(",") {
		if !p.startsExpr() {
			break
		}
		elems = append(elems, elem())
	}
	return &TupleExpr{Span: p.since(start), Elems: elems}
}

// startsExpr tells whether the current token can begin an expression.
func (p *parser) startsExpr() bool {
	switch p.tok.kind {
	case nameToken, numberToken, stringToken:
		return true
	case keywordToken:
		switch p.tok.text {
		case "None", "True", "False", "not", "lambda", "yield", "await":
			return true
		}
	case opToken:
		switch p.tok.text {
		case "(", "[", "{", "-", "+", "~", "...", "*":
			return true
		}
	}
	return false
}

func (p *parser) starExpr() Expr {
	if p.tok.is("*") {
		start := p.tok.Start
		p.next()
		x := p.binary(0)
		return &Starred{Span: p.since(start), X: x}
	}
	return p.namedExpr()
}

// namedExpr reads an expression or name := expression.
func (p *parser) namedExpr() Expr {
	if p.tok.kind == nameToken && p.ahead(1).is(":=") {
		name := &Name{Span: p.tok.Span, ID: p.tok.text}
		p.next()
		p.next()
		value := p.expr()
		return &Walrus{Span: p.since(name.Start), Target: name, Value: value}
	}
	x := p.expr()
	if p.tok.is(":=") {
		p.fail(x.Range(), "cannot use assignment expressions with %s", describeExpr(x))
	}
	return x
}

// expr reads a conditional, a lambda, or what binds tighter.
func (p *parser) expr() Expr {
	p.enter()
	defer p.leave()
	if p.tok.is("lambda") {
		return p.lambda()
	}
	if p.tok.is("yield") {
		p.unexpected()
	}
	start := p.tok.Start
	x := p.disjunction()
	if !p.tok.is("if") {
		return x
	}
	p.next()
	cond := p.disjunction()
	if !p.tok.is("else") {
		p.fail(Span{x.Range().Start, cond.Range().Stop}, "expected 'else' after 'if' expression")
	}
	p.next()
	other := p.expr()
	return &Conditional{Span: p.since(start), Cond: cond, Then: x, Else: other}
}

func (p *parser) lambda() Expr {
	start := p.tok.Start
	p.next()
	params := p.params(":", false)
	p.expect(":")
	body := p.expr()
	return &Lambda{Span: p.since(start), Params: params, Body: body}
}

func (p *parser) disjunction() Expr { return p.boolOp("or", p.conjunction) }
func (p *parser) conjunction() Expr { return p.boolOp("and", p.inversion) }

func (p *parser) boolOp(word string, operand func() Expr) Expr {
	start := p.tok.Start
	x := operand()
	if !p.tok.is(word) {
		return x
	}
	xs := []Expr{x}
	for p.accept(word) {
		xs = append(xs, operand())
	}
	return &BoolOp{Span: p.since(start), Or: word == "or", X: xs}
}

func (p *parser) inversion() Expr {
	if !p.tok.is("not") {
		return p.comparison()
	}
	p.enter()
	defer p.leave()
	start := p.tok.Start
	p.next()
	x := p.inversion()
	return &Unary{Span: p.since(start), Op: Not, X: x}
}

// compareOp reads a comparison operator, or gives 0.
func (p *parser) compareOp() CompareOp {
	var op CompareOp
	switch {
	case p.tok.kind == opToken:
		switch p.tok.text {
		case "==":
			op = Eq
		case "!=":
			op = Ne
		case "<":
			op = Lt
		case "<=":
			op = Le
		case ">":
			op = Gt
		case ">=":
			op = Ge
		}
	case p.tok.is("in"):
		op = In
	case p.tok.is("not") && p.ahead(1).is("in"):
		p.next()
		op = NotIn
	case p.tok.is("is"):
		op = Is
		if p.ahead(1).is("not") {
			p.next()
			op = IsNot
		}
	}
	if op != 0 {
		p.next()
	}
	return op
}

func (p *parser) comparison() Expr {
	start := p.tok.Start
	x := p.binary(0)
	var cmp *Compare
	for {
		pos := p.tok.Start
		op := p.compareOp()
		if op == 0 {
			break
		}
		if cmp == nil {
			cmp = &Compare{X: []Expr{x}}
		}
		cmp.Ops = append(cmp.Ops, op)
		cmp.OpPos = append(cmp.OpPos, pos)
		cmp.X = append(cmp.X, p.binary(0))
	}
	if cmp == nil {
		return x
	}
	cmp.Span = p.since(start)
	return cmp
}

// binaryOp gives the operator a token denotes and how tightly it binds, from 1.
func binaryOp(t *token) (BinaryOp, int) {
	if t.kind != opToken {
		return 0, 0
	}
	switch t.text {
	case "|":
		return BitOr, 1
	case "^":
		return BitXor, 2
	case "&":
		return BitAnd, 3
	case "<<":
		return LShift, 4
	case ">>":
		return RShift, 4
	case "+":
		return Add, 5
	case "-":
		return Sub, 5
	case "*":
		return Mul, 6
	case "/":
		return Div, 6
	case "//":
		return FloorDiv, 6
	case "%":
		return Mod, 6
	case "@":
		return MatMul, 6
	}
	return 0, 0
}

// binary reads operators that bind tighter than level, leftmost first.
func (p *parser) binary(level int) Expr {
	start := p.tok.Start
	return p.links(p.factor, func(x Expr) Expr {
		op, binds := binaryOp(p.tok)
		if op == 0 || binds <= level {
			return nil
		}
		pos := p.tok.Start
		p.next()
		y := p.binary(binds)
		return &Binary{Span: p.since(start), Op: op, OpPos: pos, X: x, Y: y}
	})
}

func (p *parser) factor() Expr {
	var op UnaryOp
	switch {
	case p.tok.is("-"):
		op = Neg
	case p.tok.is("+"):
		op = Plus
	case p.tok.is("~"):
		op = Invert
	default:
		return p.power()
	}
	p.enter()
	defer p.leave()
	start := p.tok.Start
	p.next()
	x := p.factor()
	return &Unary{Span: p.since(start), Op: op, X: x}
}

func (p *parser) power() Expr {
	start := p.tok.Start
	x := p.awaited()
	if !p.tok.is("**") {
		return x
	}
	p.enter()
	defer p.leave()
	pos := p.tok.Start
	p.next()
	y := p.factor()
	return &Binary{Span: p.since(start), Op: Pow, OpPos: pos, X: x, Y: y}
}

// awaited reads a primary, which await may stand before.
func (p *parser) awaited() Expr {
	if !p.tok.is("await") {
		return p.primary()
	}
	start := p.tok.Start
	p.next()
	x := p.primary()
	return &Await{Span: p.since(start), X: x}
}

// primary reads an atom and the calls, subscripts and attributes after it.
func (p *parser) primary() Expr {
	start := p.tok.Start
	return p.links(p.atom, func(x Expr) Expr {
		switch {
		case p.tok.is("."):
			p.next()
			name, pos := p.ident()
			return &Attribute{Span: p.since(start), X: x, Name: name, NamePos: pos}
		case p.tok.is("("):
			paren := p.tok.Start
			args := p.arguments()
			return &Call{Span: p.since(start), Fn: x, Lparen: paren, Args: args}
		case p.tok.is("["):
			brack := p.tok.Start
			p.next()
			index := p.subscript()
			p.expect("]")
			return &Subscript{Span: p.since(start), X: x, Lbrack: brack, Index: index}
		}
		return nil
	})
}

// subscript reads what stands between the brackets of x[...].
func (p *parser) subscript() Expr {
	start := p.tok.Start
	first := p.subscriptElem()
	if _, star := first.(*Starred); !p.tok.is(",") && !star {
		return first
	}
	elems := []Expr{first}
	for p.accept(",") {
		if p.tok.is("]") {
			break
		}
		elems = append(elems, p.subscriptElem())
	}
	return &TupleExpr{Span: p.since(start), Elems: elems}
}

// subscriptElem reads an index or a slice.
func (p *parser) subscriptElem() Expr {
	if p.tok.is("*") {
		return p.starExpr()
	}
	start := p.tok.Start
	part := func() Expr {
		if p.tok.is(":") || p.tok.is(",") || p.tok.is("]") {
			return nil
		}
		return p.namedExpr()
	}
	s := &Slice{}
	if !p.tok.is(":") {
		x := p.namedExpr()
		if !p.tok.is(":") {
			return x
		}
		s.Lo = x
	}
	p.next()
	s.Hi = part()
	if p.accept(":") {
		s.Step = part()
	}
	s.Span = p.since(start)
	return s
}

// arguments reads (args) of a call or a class.
func (p *parser) arguments() []Arg {
	p.enter()
	defer p.leave()
	p.expect("(")
	var args []Arg
	named, doubled := false, false
	seen := map[string]bool{}
	for !p.tok.is(")") {
		a := p.argument(len(args) == 0)
		switch a.Kind {
		case Positional:
			if doubled {
				p.fail(a.Span, "positional argument follows keyword argument unpacking")
			}
			if named {
				p.fail(a.Span, "positional argument follows keyword argument")
			}
		case Keyword:
			if seen[a.Name] {
				p.fail(a.Span, "keyword argument repeated: %s", a.Name)
			}
			seen[a.Name] = true
			named = true
		case Star:
			if doubled {
				p.fail(a.Span, "iterable argument unpacking follows keyword argument unpacking")
			}
		case DoubleStar:
			doubled = true
		}
		args = append(args, a)
		if !p.tok.is(")") {
			if !p.tok.is(",") {
				p.missingComma(a.X)
			}
			p.next()
		}
	}
	p.next()
	return args
}

// missingComma fails where two expressions stand side by side.
func (p *parser) missingComma(x Expr) {
	if p.startsExpr() && !p.tok.is("not") && p.tok.kind != keywordToken {
		p.fail(Span{x.Range().Start, p.tok.Stop}, "invalid syntax. Perhaps you forgot a comma?")
	}
	p.unexpected()
}

func (p *parser) argument(first bool) Arg {
	start := p.tok.Start
	switch {
	case p.accept("*"):
		x := p.expr()
		return Arg{Span: p.since(start), Kind: Star, X: x}
	case p.accept("**"):
		x := p.expr()
		return Arg{Span: p.since(start), Kind: DoubleStar, X: x}
	case p.tok.kind == nameToken && p.ahead(1).is("="):
		name, _ := p.ident()
		p.next()
		x := p.expr()
		return Arg{Span: p.since(start), Kind: Keyword, Name: name, X: x}
	}
	x := p.namedExpr()
	if p.tok.is("=") {
		if c, ok := x.(*Constant); ok && (c.Kind == BoolConst || c.Kind == NoneConst) {
			p.fail(Span{start, p.tok.Stop}, "cannot assign to %s", describeExpr(x))
		}
		p.fail(Span{start, p.tok.Stop}, "expression cannot contain assignment, perhaps you meant \"==\"?")
	}
	if p.tok.is("for") || p.tok.is("async") {
		comp := &Comprehension{Kind: GeneratorComp, Elem: x, Clauses: p.clauses()}
		comp.Span = p.since(start)
		if !first || !p.tok.is(")") && !(p.tok.is(",") && p.ahead(1).is(")")) {
			p.fail(comp.Span, "Generator expression must be parenthesized")
		}
		x = comp
	}
	return Arg{Span: p.since(start), X: x}
}

// clauses reads the for and if clauses of a comprehension.
func (p *parser) clauses() []CompClause {
	var clauses []CompClause
	for p.tok.is("for") || p.tok.is("async") {
		start := p.tok.Start
		c := CompClause{Async: p.accept("async")}
		p.expect("for")
		c.Target = p.targetList()
		p.expect("in")
		c.Iter = p.disjunction()
		for p.accept("if") {
			if p.tok.kind == nameToken && p.ahead(1).is(":=") {
				p.unexpected()
			}
			if p.tok.is("lambda") { // which Starlark takes
				c.Ifs = append(c.Ifs, p.lambda())
				continue
			}
			c.Ifs = append(c.Ifs, p.disjunction())
		}
		c.Span = p.since(start)
		clauses = append(clauses, c)
	}
	return clauses
}

// targetList reads the targets of a for, up to its "in".
func (p *parser) targetList() Expr {
	x := p.tupleOf(func() Expr {
		if p.tok.is("*") {
			return p.starExpr()
		}
		return p.binary(0)
	})
	p.target(x, "assign to")
	return x
}

func (p *parser) atom() Expr {
	t := p.tok
	switch t.kind {
	case nameToken:
		p.next()
		return &Name{Span: t.Span, ID: t.text}
	case numberToken:
		return p.numberLiteral()
	case stringToken:
		return p.strings()
	case keywordToken:
		switch t.text {
		case "None":
			p.next()
			return &Constant{Span: t.Span, Kind: NoneConst}
		case "True", "False":
			p.next()
			return &Constant{Span: t.Span, Kind: BoolConst, Value: t.text == "True"}
		}
	case opToken:
		switch t.text {
		case "...":
			p.next()
			return &Constant{Span: t.Span, Kind: EllipsisConst}
		case "(":
			return p.parenthesized()
		case "[":
			return p.listDisplay()
		case "{":
			return p.braces()
		}
	}
	p.unexpected()
	return nil
}

func (p *parser) numberLiteral() Expr {
	t := p.tok
	k, v, msg := decodeNumber(t.text)
	if msg != "" {
		p.fail(t.Span, "%s", msg)
	}
	p.next()
	if n := p.tok; n.off == t.end && (n.kind == nameToken || n.kind == numberToken || n.kind == stringToken) {
		p.fail(t.Span, "invalid %s literal", numberClass(t.text))
	}
	return &Constant{Span: t.Span, Kind: k, Value: v}
}

// parenthesized reads (x), a tuple, a generator expression or (yield x).
func (p *parser) parenthesized() Expr {
	p.enter()
	defer p.leave()
	start := p.tok.Start
	p.next()
	if p.accept(")") {
		return &TupleExpr{Span: p.since(start), Paren: true}
	}
	if p.tok.is("yield") {
		x := p.yield()
		p.expect(")")
		return x
	}
	first := p.starExpr()
	if p.tok.is("for") || p.tok.is("async") {
		comp := &Comprehension{Kind: GeneratorComp, Elem: p.compElem(first), Clauses: p.clauses()}
		p.expect(")")
		comp.Span = p.since(start)
		return comp
	}
	if !p.tok.is(",") {
		if _, ok := first.(*Starred); ok && p.tok.is(")") {
			p.fail(first.Range(), "cannot use starred expression here")
		}
		p.closing(")", first)
		return first
	}
	elems := p.elements(")", first)
	return &TupleExpr{Span: p.since(start), Elems: elems, Paren: true}
}

// compElem checks the element of a comprehension.
func (p *parser) compElem(x Expr) Expr {
	if _, ok := x.(*Starred); ok {
		p.fail(x.Range(), "iterable unpacking cannot be used in comprehension")
	}
	return x
}

// closing moves over the closing bracket that must follow x.
func (p *parser) closing(text string, x Expr) {
	if !p.tok.is(text) {
		if p.tok.is("=") {
			p.fail(Span{x.Range().Start, p.tok.Stop}, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
		}
		p.missingComma(x)
	}
	p.next()
}

// elements reads the rest of a display whose first element is read.
func (p *parser) elements(closer string, first Expr) []Expr {
	elems := []Expr{first}
	for !p.tok.is(closer) {
		if !p.tok.is(",") {
			p.closing(closer, elems[len(elems)-1])
		}
		p.next()
		if p.tok.is(closer) {
			break
		}
		elems = append(elems, p.starExpr())
	}
	p.next()
	return elems
}

func (p *parser) listDisplay() Expr {
	p.enter()
	defer p.leave()
	start := p.tok.Start
	p.next()
	if p.accept("]") {
		return &ListExpr{Span: p.since(start)}
	}
	first := p.starExpr()
	if p.tok.is("for") || p.tok.is("async") {
		comp := &Comprehension{Kind: ListComp, Elem: p.compElem(first), Clauses: p.clauses()}
		p.closing("]", first)
		comp.Span = p.since(start)
		return comp
	}
	elems := p.elements("]", first)
	return &ListExpr{Span: p.since(start), Elems: elems}
}

// braces reads a dict or set display or comprehension.
func (p *parser) braces() Expr {
	p.enter()
	defer p.leave()
	start := p.tok.Start
	p.next()
	if p.accept("}") {
		return &DictExpr{Span: p.since(start)}
	}
	if p.tok.is("**") {
		return p.dictDisplay(start, nil)
	}
	first := p.starExpr()
	if p.tok.is(":") {
		return p.dictDisplay(start, first)
	}
	if p.tok.is("for") || p.tok.is("async") {
		comp := &Comprehension{Kind: SetComp, Elem: p.compElem(first), Clauses: p.clauses()}
		p.closing("}", first)
		comp.Span = p.since(start)
		return comp
	}
	elems := p.elements("}", first)
	return &SetExpr{Span: p.since(start), Elems: elems}
}

// dictDisplay reads a dict whose first key is read, unless it starts with **.
func (p *parser) dictDisplay(start Pos, key Expr) Expr {
	d := &DictExpr{}
	for {
		var value Expr
		if key == nil && p.accept("**") {
			value = p.binary(0)
		} else {
			if key == nil {
				key = p.expr()
			}
			if !p.tok.is(":") {
				p.fail(p.tok.Span, "':' expected after dictionary key")
			}
			p.next()
			if p.tok.is("}") || p.tok.is(",") {
				p.fail(p.prev.Span, "expression expected after dictionary key and ':'")
			}
			value = p.expr()
		}
		if len(d.Keys) == 0 && key != nil && (p.tok.is("for") || p.tok.is("async")) {
			comp := &Comprehension{Kind: DictComp, Elem: p.compElem(key), Value: value, Clauses: p.clauses()}
			p.closing("}", value)
			comp.Span = p.since(start)
			return comp
		}
		d.Keys = append(d.Keys, key)
		d.Values = append(d.Values, value)
		key = nil
		if !p.tok.is(",") {
			break
		}
		p.next()
		if p.tok.is("}") {
			break
		}
	}
	p.closing("}", d.Values[len(d.Values)-1])
	d.Span = p.since(start)
	return d
}

func (p *parser) yield() Expr {
	start := p.tok.Start
	p.next()
	y := &Yield{From: p.accept("from")}
	if y.From {
		y.X = p.expr()
	} else if p.startsExpr() && !p.tok.is("yield") {
		y.X = p.starExprs()
	}
	y.Span = p.since(start)
	return y
}

// strings reads adjacent string literals, which are one.
func (p *parser) strings() Expr {
	start := p.tok.Start
	var parts []Expr // string constants and fields
	format, bytes, text := false, false, false
	for p.tok.kind == stringToken {
		t := p.tok
		n := strings.IndexAny(t.text, `"'`)
		prefix := strings.ToLower(t.text[:n])
		quote := quoteAt(t.text[n:])
		body := t.text[n+len(quote) : len(t.text)-len(quote)]
		if strings.Contains(prefix, "b") {
			bytes = true
		} else {
			text = true
		}
		if bytes && text {
			p.fail(t.Span, "cannot mix bytes and nonbytes literals")
		}
		raw := strings.Contains(prefix, "r")
		if strings.Contains(prefix, "f") {
			format = true
			f := &formatReader{p: p, raw: raw, quote: quote, span: t.Span}
			parts = append(parts, f.read(t, n+len(quote), len(body))...)
		} else {
			parts = append(parts, p.plainString(t, body, raw, bytes))
		}
		p.next()
	}
	span := p.since(start)
	parts = mergeStrings(parts)
	if format {
		return &JoinedString{Span: span, Parts: parts}
	}
	k := StringConst
	if bytes {
		k = BytesConst
	}
	value := ""
	if len(parts) > 0 {
		value = parts[0].(*Constant).Value.(string)
	}
	return &Constant{Span: span, Kind: k, Value: value}
}

func (p *parser) plainString(t *token, body string, raw, bytes bool) Expr {
	if bytes {
		for i := range len(body) {
			if body[i] >= 0x80 {
				p.fail(t.Span, "bytes can only contain ASCII literal characters")
			}
		}
	}
	value := universalNewlines(body)
	if !raw {
		var msg string
		if value, msg = unescape(body, bytes); msg != "" {
			p.fail(t.Span, "%s", msg)
		}
	}
	return &Constant{Span: t.Span, Kind: StringConst, Value: value}
}

// mergeStrings joins neighbouring constants and drops empty ones.
func mergeStrings(parts []Expr) []Expr {
	var out []Expr
	for _, x := range parts {
		c, ok := x.(*Constant)
		if !ok {
			out = append(out, x)
			continue
		}
		if c.Value.(string) == "" {
			continue
		}
		if n := len(out); n > 0 {
			if last, ok := out[n-1].(*Constant); ok {
				out[n-1] = &Constant{
					Span:  Span{last.Start, c.Stop},
					Kind:  StringConst,
					Value: last.Value.(string) + c.Value.(string),
				}
				continue
			}
		}
		out = append(out, c)
	}
	return out
}
