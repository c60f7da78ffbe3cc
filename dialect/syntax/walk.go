package syntax

// Walk visits the nodes of a file, each before its parts. It leaves out the
// parts of a node for which visit gives false.
func Walk(file *File, visit func(Node) bool) {
	w := walker{visit}
	w.stmts(file.Body)
}

type walker struct{ visit func(Node) bool }

func (w walker) stmts(body []Stmt) {
	for _, s := range body {
		if w.visit(s) {
			w.stmt(s)
		}
	}
}

func (w walker) exprs(xs ...Expr) {
	for _, x := range xs {
		if x != nil && w.visit(x) {
			w.expr(x)
		}
	}
}

func (w walker) args(args []Arg) {
	for _, a := range args {
		w.exprs(a.X)
	}
}

func (w walker) params(p *Params) {
	for _, x := range p.All() {
		w.exprs(x.Default, x.Annotation)
	}
}

func (w walker) stmt(s Stmt) {
	switch s := s.(type) {
	case *ExprStmt:
		w.exprs(s.X)
	case *Assign:
		w.exprs(s.Targets...)
		w.exprs(s.Value)
	case *AugAssign:
		w.exprs(s.Target, s.Value)
	case *AnnAssign:
		w.exprs(s.Target, s.Annotation, s.Value)
	case *Delete:
		w.exprs(s.Targets...)
	case *If:
		w.exprs(s.Cond)
		w.stmts(s.Then)
		w.stmts(s.Else)
	case *While:
		w.exprs(s.Cond)
		w.stmts(s.Body)
		w.stmts(s.Else)
	case *For:
		w.exprs(s.Target, s.Iter)
		w.stmts(s.Body)
		w.stmts(s.Else)
	case *FuncDef:
		w.exprs(s.Decorators...)
		w.params(s.Params)
		w.exprs(s.Returns)
		w.stmts(s.Body)
	case *ClassDef:
		w.exprs(s.Decorators...)
		w.args(s.Args)
		w.stmts(s.Body)
	case *Return:
		w.exprs(s.Value)
	case *Assert:
		w.exprs(s.Cond, s.Msg)
	case *Raise:
		w.exprs(s.X, s.Cause)
	case *With:
		for _, item := range s.Items {
			w.exprs(item.X, item.Target)
		}
		w.stmts(s.Body)
	case *Match:
		w.exprs(s.Subject)
		for _, c := range s.Cases {
			w.exprs(c.Exprs()...)
			w.exprs(c.Guard)
			w.stmts(c.Body)
		}
	case *Try:
		w.stmts(s.Body)
		for _, h := range s.Handlers {
			w.exprs(h.Type)
			w.stmts(h.Body)
		}
		w.stmts(s.Else)
		w.stmts(s.Finally)
	}
}

func (w walker) expr(x Expr) {
	switch x := x.(type) {
	case *JoinedString:
		w.exprs(x.Parts...)
	case *Formatted:
		w.exprs(x.X)
		if x.Spec != nil {
			w.exprs(x.Spec)
		}
	case *TupleExpr:
		w.exprs(x.Elems...)
	case *ListExpr:
		w.exprs(x.Elems...)
	case *SetExpr:
		w.exprs(x.Elems...)
	case *DictExpr:
		for i, k := range x.Keys {
			w.exprs(k, x.Values[i])
		}
	case *Unary:
		w.exprs(x.X)
	case *Binary:
		w.exprs(x.X, x.Y)
	case *BoolOp:
		w.exprs(x.X...)
	case *Compare:
		w.exprs(x.X...)
	case *Conditional:
		w.exprs(x.Cond, x.Then, x.Else)
	case *Lambda:
		w.params(x.Params)
		w.exprs(x.Body)
	case *Call:
		w.exprs(x.Fn)
		w.args(x.Args)
	case *Attribute:
		w.exprs(x.X)
	case *Subscript:
		w.exprs(x.X, x.Index)
	case *Slice:
		w.exprs(x.Lo, x.Hi, x.Step)
	case *Starred:
		w.exprs(x.X)
	case *Comprehension:
		for _, c := range x.Clauses {
			w.exprs(c.Target, c.Iter)
			w.exprs(c.Ifs...)
		}
		w.exprs(x.Elem, x.Value)
	case *Walrus:
		w.exprs(x.Target, x.Value)
	case *Await:
		w.exprs(x.X)
	case *Yield:
		w.exprs(x.X)
	}
}
