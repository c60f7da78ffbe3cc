package syntax

// block reads the body after a colon. What names the statement for the error
// of a body that is missing.
func (p *parser) block(what string, line int32) []Stmt {
	p.expect(":")
	if p.tok.kind != newlineToken {
		return p.simpleLine(nil)
	}
	p.next()
	if p.tok.kind != indentToken {
		err := p.lex.errorAt("IndentationError", p.tok.Span, "expected an indented block after %s on line %d", what, line)
		err.Incomplete = p.ended()
		panic(err)
	}
	p.next()
	p.enter()
	defer p.leave()
	var body []Stmt
	for p.tok.kind != dedentToken && p.tok.kind != endToken {
		if p.tok.kind == newlineToken {
			p.next()
			continue
		}
		body = p.statement(body)
	}
	if p.tok.kind == dedentToken {
		p.next()
	}
	return body
}

// condition reads the condition of an if or a while.
func (p *parser) condition() Expr {
	x := p.namedExpr()
	if p.tok.is("=") {
		p.fail(Span{x.Range().Start, p.tok.Stop}, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
	}
	return x
}

func (p *parser) ifStmt() Stmt {
	start, word := p.tok.Start, p.tok.text
	p.next()
	s := &If{Cond: p.condition()}
	s.Then = p.block("'"+word+"' statement", start.Line)
	switch {
	case p.tok.is("elif"):
		p.enter()
		s.Else = []Stmt{p.ifStmt()}
		p.leave()
	case p.tok.is("else"):
		s.Else = p.elseBlock()
	}
	s.Span = p.since(start)
	return s
}

func (p *parser) elseBlock() []Stmt {
	if !p.tok.is("else") {
		return nil
	}
	line := p.tok.Start.Line
	p.next()
	return p.block("'else' statement", line)
}

func (p *parser) whileStmt() Stmt {
	start := p.tok.Start
	p.next()
	s := &While{Cond: p.condition()}
	s.Body = p.block("'while' statement", start.Line)
	s.Else = p.elseBlock()
	s.Span = p.since(start)
	return s
}

func (p *parser) forStmt() *For {
	start := p.tok.Start
	p.next()
	s := &For{Target: p.targetList()}
	p.expect("in")
	s.Iter = p.starExprs()
	s.Body = p.block("'for' statement", start.Line)
	s.Else = p.elseBlock()
	s.Span = p.since(start)
	return s
}

func (p *parser) decorated() Stmt {
	var decorators []Expr
	for p.accept("@") {
		decorators = append(decorators, p.namedExpr())
		if p.tok.kind != newlineToken {
			p.unexpected()
		}
		p.next()
	}
	switch {
	case p.tok.is("def"):
		return p.funcDef(decorators)
	case p.tok.is("class"):
		return p.classDef(decorators)
	case p.tok.is("async"):
		return p.asyncStmt(decorators)
	}
	p.unexpected()
	return nil
}

// asyncStmt reads async def, async for or async with. Only the first can be decorated.
func (p *parser) asyncStmt(decorators []Expr) Stmt {
	start := p.tok.Start
	p.next()
	switch {
	case p.tok.is("def"):
		f := p.funcDef(decorators)
		f.Async, f.Start = true, start
		return f
	case p.tok.is("for") && decorators == nil:
		s := p.forStmt()
		s.Async, s.Start = true, start
		return s
	case p.tok.is("with") && decorators == nil:
		s := p.withStmt()
		s.Async, s.Start = true, start
		return s
	}
	p.unexpected()
	return nil
}

func (p *parser) funcDef(decorators []Expr) *FuncDef {
	def := p.tok.Start
	p.next()
	f := &FuncDef{Decorators: decorators}
	f.Name, f.NamePos = p.ident()
	p.noTypeParameters()
	if !p.tok.is("(") {
		p.fail(p.tok.Span, "expected '('")
	}
	p.next()
	f.Params = p.params(")", true)
	p.expect(")")
	if p.accept("->") {
		from := p.tok.off
		f.Returns = p.expr()
		f.Text = p.lex.src[from:p.prev.end]
	}
	f.Body = p.block("function definition", def.Line)
	f.Span = p.since(def)
	return f
}

func (p *parser) classDef(decorators []Expr) Stmt {
	def := p.tok.Start
	p.next()
	c := &ClassDef{Decorators: decorators}
	c.Name, c.NamePos = p.ident()
	p.noTypeParameters()
	if p.tok.is("(") {
		c.Args = p.arguments()
	}
	c.Body = p.block("class definition", def.Line)
	c.Span = p.since(def)
	return c
}

// params reads the parameters of a function up to the closing token.
func (p *parser) params(closer string, annotated bool) *Params {
	params := &Params{}
	seen := map[string]bool{}
	read := func() *Param { return p.param(annotated, seen) }
	star := false
	for !p.tok.is(closer) {
		switch {
		case params.VarKwargs != nil:
			p.fail(p.tok.Span, "arguments cannot follow var-keyword argument")
		case p.tok.is("/"):
			if star || params.PosOnly != nil {
				p.fail(p.tok.Span, "/ must be ahead of *")
			}
			if len(params.Regular) == 0 {
				p.fail(p.tok.Span, "at least one argument must precede /")
			}
			p.next()
			params.PosOnly, params.Regular = params.Regular, nil
		case p.tok.is("**"):
			p.next()
			params.VarKwargs = read()
			if params.VarKwargs.Default != nil {
				p.fail(params.VarKwargs.Span, "var-keyword argument cannot have default value")
			}
		case p.tok.is("*"):
			if star {
				p.fail(p.tok.Span, "* argument may appear only once")
			}
			star = true
			pos := p.tok.Span
			p.next()
			if p.tok.is(",") {
				if a := p.ahead(1); a.is(closer) || a.is("**") {
					p.fail(pos, "named arguments must follow bare *")
				}
				break
			}
			if p.tok.is(closer) {
				p.fail(pos, "named arguments must follow bare *")
			}
			params.VarArgs = read()
			if params.VarArgs.Default != nil {
				p.fail(params.VarArgs.Span, "var-positional argument cannot have default value")
			}
		default:
			x := read()
			if star {
				params.KwOnly = append(params.KwOnly, x)
				break
			}
			p.defaultOrder(params, x)
			params.Regular = append(params.Regular, x)
		}
		if !p.tok.is(closer) {
			if !p.tok.is(",") {
				p.unexpected()
			}
			p.next()
		}
	}
	return params
}

// defaultOrder refuses a parameter without a default after one with a default.
func (p *parser) defaultOrder(params *Params, x *Param) {
	before := params.Regular
	if len(before) == 0 {
		before = params.PosOnly
	}
	if n := len(before); n > 0 && before[n-1].Default != nil && x.Default == nil {
		p.fail(x.Span, "non-default argument follows default argument")
	}
}

func (p *parser) param(annotated bool, seen map[string]bool) *Param {
	start := p.tok.Start
	x := &Param{}
	x.Name, _ = p.ident()
	if seen[x.Name] {
		p.fail(p.since(start), "duplicate argument '%s' in function definition", x.Name)
	}
	seen[x.Name] = true
	if annotated && p.accept(":") {
		from := p.tok.off
		if p.accept("*") {
			x.Annotation = p.binary(0)
		} else {
			x.Annotation = p.expr()
		}
		x.Text = p.lex.src[from:p.prev.end]
	}
	if p.accept("=") {
		x.Default = p.expr()
	}
	x.Span = p.since(start)
	return x
}

func (p *parser) withStmt() *With {
	start := p.tok.Start
	p.next()
	w := &With{}
	if p.tok.is("(") && p.parenthesizedItems() {
		p.next()
		for {
			w.Items = append(w.Items, p.withItem())
			if !p.accept(",") || p.tok.is(")") {
				break
			}
		}
		p.expect(")")
	} else {
		for {
			w.Items = append(w.Items, p.withItem())
			if !p.accept(",") {
				break
			}
		}
	}
	w.Body = p.block("'with' statement", start.Line)
	w.Span = p.since(start)
	return w
}

// parenthesizedItems tells whether the parenthesis that is next encloses the
// items of a with statement, rather than beginning an expression: the token
// after its partner is the colon, and inside it stands "as" or a comma.
func (p *parser) parenthesizedItems() bool {
	level := 0
	items := false
	for i := 0; ; i++ {
		switch t := p.ahead(i); {
		case t.kind == endToken:
			return false
		case t.is("(") || t.is("[") || t.is("{"):
			level++
		case t.is(")") || t.is("]") || t.is("}"):
			if level--; level == 0 {
				return items && p.ahead(i+1).is(":")
			}
		case level == 1 && (t.is("as") || t.is(",")):
			items = true
		}
	}
}

func (p *parser) withItem() WithItem {
	start := p.tok.Start
	item := WithItem{X: p.expr()}
	if p.accept("as") {
		if p.tok.is("*") {
			p.unexpected()
		}
		item.Target = p.primary()
		p.target(item.Target, "assign to")
	}
	item.Span = p.since(start)
	return item
}

func (p *parser) tryStmt() Stmt {
	start := p.tok.Start
	p.next()
	t := &Try{Body: p.block("'try' statement", start.Line)}
	for p.tok.is("except") {
		groups := p.ahead(1).is("*")
		if len(t.Handlers) > 0 && groups != t.Groups {
			p.fail(p.tok.Span, "cannot have both 'except' and 'except*' on the same 'try'")
		}
		t.Groups = groups
		t.Handlers = append(t.Handlers, p.handler())
		if n := len(t.Handlers); n > 1 && t.Handlers[n-2].Type == nil {
			p.fail(t.Handlers[n-2].Span, "default 'except:' must be last")
		}
	}
	if p.tok.is("else") && len(t.Handlers) > 0 {
		t.Else = p.elseBlock()
	}
	if p.tok.is("finally") {
		line := p.tok.Start.Line
		p.next()
		t.Finally = p.block("'finally' statement", line)
	}
	if len(t.Handlers) == 0 && t.Finally == nil {
		err := p.lex.errorAt("SyntaxError", p.tok.Span, "expected 'except' or 'finally' block")
		err.Incomplete = p.ended()
		panic(err)
	}
	t.Span = p.since(start)
	return t
}

func (p *parser) handler() Handler {
	start := p.tok.Start
	p.next()
	h := Handler{}
	what := "'except' statement"
	groups := p.accept("*")
	if groups {
		what = "'except*' statement"
		if p.tok.is(":") {
			p.fail(p.tok.Span, "expected one or more exception types")
		}
	}
	if !p.tok.is(":") {
		h.Type = p.expr()
		if p.tok.is(",") {
			p.fail(h.Type.Range(), "multiple exception types must be parenthesized")
		}
		if p.accept("as") {
			h.Name, _ = p.ident()
		}
	}
	h.Body = p.block(what, start.Line)
	h.Span = p.since(start)
	return h
}
