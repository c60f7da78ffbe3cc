package syntax

import "strings"

// statement reads one compound statement, or a line of simple ones.
func (p *parser) statement(body []Stmt) []Stmt {
	t := p.tok
	if t.kind == keywordToken {
		switch t.text {
		case "if":
			return append(body, p.ifStmt())
		case "while":
			return append(body, p.whileStmt())
		case "for":
			return append(body, p.forStmt())
		case "def":
			return append(body, p.funcDef(nil))
		case "class":
			return append(body, p.classDef(nil))
		case "with":
			return append(body, p.withStmt())
		case "try":
			return append(body, p.tryStmt())
		case "async":
			return append(body, p.asyncStmt(nil))
		case "elif", "else", "except", "finally":
			p.unexpected()
		}
	}
	if t.is("@") {
		return append(body, p.decorated())
	}
	if p.matchAhead() {
		return append(body, p.matchStmt())
	}
	p.typeStatement()
	return p.simpleLine(body)
}

// simpleLine reads simple statements between semicolons, up to the newline.
func (p *parser) simpleLine(body []Stmt) []Stmt {
	for {
		body = append(body, p.simple())
		if p.accept(";") {
			if p.tok.kind != newlineToken {
				continue
			}
		}
		break
	}
	if p.tok.kind != newlineToken {
		p.endOfLine(body[len(body)-1])
	}
	p.next()
	return body
}

// endOfLine fails where a statement should have ended.
func (p *parser) endOfLine(last Stmt) {
	if e, ok := last.(*ExprStmt); ok {
		if n, ok := e.X.(*Name); ok && (n.ID == "print" || n.ID == "exec") && (p.startsExpr() || p.tok.kind == stringToken) {
			p.fail(Span{n.Start, p.tok.Stop}, "Missing parentheses in call to '%s'. Did you mean %s(...)?", n.ID, n.ID)
		}
		if p.startsExpr() && p.tok.kind != keywordToken {
			switch e.X.(type) {
			case *Name, *Constant, *JoinedString:
			default:
				p.missingComma(e.X)
			}
		}
	}
	p.unexpected()
}

func (p *parser) simple() Stmt {
	start := p.tok.Start
	if p.tok.kind == keywordToken {
		switch p.tok.text {
		case "pass":
			p.next()
			return &Pass{p.since(start)}
		case "break":
			p.next()
			return &Break{p.since(start)}
		case "continue":
			p.next()
			return &Continue{p.since(start)}
		case "return":
			return p.returnStmt()
		case "raise":
			return p.raiseStmt()
		case "global", "nonlocal":
			return p.scopeStmt()
		case "del":
			return p.delStmt()
		case "assert":
			return p.assertStmt()
		case "import":
			return p.importStmt()
		case "from":
			return p.fromStmt()
		}
	}
	return p.exprStmt()
}

func (p *parser) returnStmt() Stmt {
	start := p.tok.Start
	p.next()
	r := &Return{}
	if p.startsExpr() {
		r.Value = p.starExprs()
	}
	r.Span = p.since(start)
	return r
}

func (p *parser) raiseStmt() Stmt {
	start := p.tok.Start
	p.next()
	r := &Raise{}
	if p.startsExpr() {
		r.X = p.expr()
		if p.accept("from") {
			r.Cause = p.expr()
		}
	}
	r.Span = p.since(start)
	return r
}

func (p *parser) scopeStmt() Stmt {
	start, word := p.tok.Start, p.tok.text
	p.next()
	var names []string
	for {
		name, _ := p.ident()
		names = append(names, name)
		if !p.accept(",") {
			break
		}
	}
	if word == "global" {
		return &Global{p.since(start), names}
	}
	return &Nonlocal{p.since(start), names}
}

func (p *parser) delStmt() Stmt {
	start := p.tok.Start
	p.next()
	x := p.tupleOf(func() Expr { return p.primaryTarget() })
	targets := []Expr{x}
	if t, ok := x.(*TupleExpr); ok {
		targets = t.Elems
	}
	for _, t := range targets {
		p.target(t, "delete")
	}
	return &Delete{p.since(start), targets}
}

func (p *parser) primaryTarget() Expr {
	if p.tok.is("*") {
		p.fail(p.tok.Span, "cannot delete starred")
	}
	return p.binary(0)
}

func (p *parser) assertStmt() Stmt {
	start := p.tok.Start
	p.next()
	a := &Assert{Cond: p.namedExpr()}
	if p.accept(",") {
		a.Msg = p.namedExpr()
	}
	a.Span = p.since(start)
	return a
}

func (p *parser) dottedName() string {
	name, _ := p.ident()
	for p.accept(".") {
		part, _ := p.ident()
		name += "." + part
	}
	return name
}

func (p *parser) importStmt() Stmt {
	start := p.tok.Start
	p.next()
	imp := &Import{}
	for {
		from := p.tok.Start
		a := Alias{Name: p.dottedName()}
		if p.accept("as") {
			a.As, _ = p.ident()
		}
		a.Span = p.since(from)
		imp.Names = append(imp.Names, a)
		if !p.accept(",") {
			break
		}
	}
	imp.Span = p.since(start)
	return imp
}

func (p *parser) fromStmt() Stmt {
	start := p.tok.Start
	p.next()
	imp := &ImportFrom{}
	for p.tok.is(".") || p.tok.is("...") {
		imp.Level += len(p.tok.text)
		p.next()
	}
	if imp.Level == 0 || p.tok.kind == nameToken {
		imp.Module = p.dottedName()
	}
	p.expect("import")
	if p.accept("*") {
		imp.Span = p.since(start)
		return imp
	}
	paren := p.accept("(")
	for {
		from := p.tok.Start
		name, _ := p.ident()
		a := Alias{Name: name}
		if p.accept("as") {
			a.As, _ = p.ident()
		}
		a.Span = p.since(from)
		imp.Names = append(imp.Names, a)
		if !p.accept(",") {
			break
		}
		if paren && p.tok.is(")") {
			break
		}
		if !paren && p.tok.kind == newlineToken {
			p.fail(p.prev.Span, "trailing comma not allowed without surrounding parentheses")
		}
	}
	if paren {
		p.expect(")")
	}
	imp.Span = p.since(start)
	return imp
}

// exprStmt reads an expression, an assignment, or Starlark's load.
func (p *parser) exprStmt() Stmt {
	start := p.tok.Start
	x := p.exprOrYield()
	switch {
	case p.tok.is("="):
		return p.assignment(start, x)
	case p.tok.is(":"):
		return p.annotated(start, x)
	}
	if op := p.augmented(); op != 0 {
		pos := p.tok.Start
		switch x.(type) {
		case *Name, *Attribute, *Subscript:
		case *TupleExpr:
			p.fail(x.Range(), "'tuple' is an illegal expression for augmented assignment")
		case *ListExpr:
			p.fail(x.Range(), "'list' is an illegal expression for augmented assignment")
		default:
			p.fail(x.Range(), "'%s' is an illegal expression for augmented assignment", describeExpr(x))
		}
		p.next()
		value := p.exprOrYield()
		return &AugAssign{Span: p.since(start), Op: op, OpPos: pos, Target: x, Value: value}
	}
	if _, ok := x.(*Starred); ok {
		p.fail(x.Range(), "can't use starred expression here")
	}
	if w, ok := x.(*Walrus); ok && w.Start == start {
		p.fail(Span{p.toks[p.at].Start, p.toks[p.at].Start}, "invalid syntax")
	}
	if load := loadStmt(x); load != nil {
		return load
	}
	return &ExprStmt{p.since(start), x}
}

func (p *parser) exprOrYield() Expr {
	if p.tok.is("yield") {
		return p.yield()
	}
	return p.starExprs()
}

// augmented gives the operator of the augmented assignment that is next, or 0.
func (p *parser) augmented() BinaryOp {
	t := p.tok
	if t.kind != opToken || len(t.text) < 2 || !strings.HasSuffix(t.text, "=") {
		return 0
	}
	op, _ := binaryOp(&token{kind: opToken, text: t.text[:len(t.text)-1]})
	if t.text == "**=" {
		op = Pow
	}
	return op
}

func (p *parser) assignment(start Pos, x Expr) Stmt {
	a := &Assign{Targets: []Expr{x}}
	for p.tok.is("=") {
		target := a.Targets[len(a.Targets)-1]
		if _, ok := target.(*Starred); ok {
			p.fail(target.Range(), "starred assignment target must be in a list or tuple")
		}
		p.assignTarget(target)
		p.next()
		a.Targets = append(a.Targets, p.exprOrYield())
	}
	last := len(a.Targets) - 1
	a.Value = a.Targets[last]
	a.Targets = a.Targets[:last]
	if _, ok := a.Value.(*Starred); ok {
		p.fail(a.Value.Range(), "can't use starred expression here")
	}
	a.Span = p.since(start)
	return a
}

// assignTarget checks a target of =, whose message suggests == where Python's does.
func (p *parser) assignTarget(x Expr) {
	switch x := x.(type) {
	case *Name, *Attribute, *Subscript, *TupleExpr, *ListExpr, *Starred:
	case *Constant:
		if x.Kind == NoneConst || x.Kind == BoolConst {
			p.fail(x.Span, "cannot assign to %s", describeExpr(x))
		}
		p.fail(x.Span, "cannot assign to %s here. Maybe you meant '==' instead of '='?", describeExpr(x))
	default:
		p.fail(x.Range(), "cannot assign to %s here. Maybe you meant '==' instead of '='?", describeExpr(x))
	}
	p.target(x, "assign to")
}

func (p *parser) annotated(start Pos, x Expr) Stmt {
	switch x := x.(type) {
	case *Name, *Attribute, *Subscript:
	case *TupleExpr:
		p.fail(x.Span, "only single target (not tuple) can be annotated")
	case *ListExpr:
		p.fail(x.Span, "only single target (not list) can be annotated")
	default:
		p.fail(x.Range(), "illegal target for annotation")
	}
	p.next()
	from := p.tok.off
	a := &AnnAssign{Target: x, Annotation: p.expr()}
	a.Text = p.lex.src[from:p.prev.end]
	if p.accept("=") {
		a.Value = p.exprOrYield()
	}
	a.Span = p.since(start)
	return a
}

// loadStmt tells whether an expression statement is Starlark's
// load("module", "name", local="name"), and reads it as one.
func loadStmt(x Expr) *Load {
	call, ok := x.(*Call)
	if !ok || len(call.Args) < 2 {
		return nil
	}
	if fn, ok := call.Fn.(*Name); !ok || fn.ID != "load" {
		return nil
	}
	load := &Load{Span: call.Span}
	for i, a := range call.Args {
		c, ok := a.X.(*Constant)
		if !ok || c.Kind != StringConst || a.Kind != Positional && a.Kind != Keyword || i == 0 && a.Kind == Keyword {
			return nil
		}
		name := c.Value.(string)
		switch {
		case i == 0:
			load.Module = name
		case identifierLen(name) != len(name) || name == "":
			return nil
		case a.Kind == Keyword:
			load.Names = append(load.Names, Alias{Span: a.Span, Name: name, As: a.Name})
		default:
			load.Names = append(load.Names, Alias{Span: a.Span, Name: name})
		}
	}
	return load
}
