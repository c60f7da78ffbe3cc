// Package syntax reads the Python 3 subset of the dialect: a lexer, a parser,
// and the tree they build.
//
// Every node knows where it starts and ends, in lines and columns that count
// from one; a column counts characters, not bytes. The parser accepts any
// bytes: what is not a program is a *Error that points at the place.
package syntax

// Pos is a place in a source file. The zero Pos is no place.
type Pos struct {
	Line int32
	Col  int32 // in characters, from 1
}

// Valid tells whether p is a place at all.
func (p Pos) Valid() bool { return p.Line > 0 }

// Before tells whether p stands before q.
func (p Pos) Before(q Pos) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Col < q.Col
}

// Span is the extent of a node: from Start up to, not including, Stop.
type Span struct {
	Start, Stop Pos
}

// Range gives the extent of the node that embeds the span.
func (s Span) Range() Span { return s }

// Node is an expression, a statement, or a part of one.
type Node interface {
	Range() Span
}

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// File is a whole source file.
type File struct {
	Name string
	Body []Stmt
}

// BinaryOp is an arithmetic operator, which also has an augmented form.
type BinaryOp uint8

// The arithmetic operators.
const (
	_ BinaryOp = iota
	Add
	Sub
	Mul
	MatMul
	Div
	FloorDiv
	Mod
	Pow
	LShift
	RShift
	BitAnd
	BitOr
	BitXor
)

// UnaryOp is a prefix operator.
type UnaryOp uint8

// The prefix operators.
const (
	_ UnaryOp = iota
	Neg
	Plus
	Invert
	Not
)

// CompareOp is a comparison operator.
type CompareOp uint8

// The comparison operators.
const (
	_ CompareOp = iota
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	Is
	IsNot
	In
	NotIn
)

// ConstKind tells what a Constant is.
type ConstKind uint8

// The kinds of constants, with the Go type of their Value.
const (
	_             ConstKind = iota
	NoneConst               // nil
	BoolConst               // bool
	EllipsisConst           // nil
	IntConst                // int64 or *big.Int
	FloatConst              // float64
	ImagConst               // float64, the imaginary part
	StringConst             // string
	BytesConst              // string
)

// The expressions.
type (
	// Name is an identifier.
	Name struct {
		Span
		ID string
	}

	// Constant is a literal, or None, True, False or an ellipsis.
	Constant struct {
		Span
		Kind  ConstKind
		Value any
	}

	// JoinedString is an f-string: string constants and Formatted parts.
	JoinedString struct {
		Span
		Parts []Expr
	}

	// Formatted is a replacement field of an f-string.
	Formatted struct {
		Span
		X    Expr
		Conv byte          // 0, 'r', 's' or 'a'
		Spec *JoinedString // nil without a colon
	}

	// TupleExpr is a tuple display, with or without parentheses.
	TupleExpr struct {
		Span
		Elems []Expr
		Paren bool
	}

	// ListExpr is a list display.
	ListExpr struct {
		Span
		Elems []Expr
	}

	// SetExpr is a set display.
	SetExpr struct {
		Span
		Elems []Expr
	}

	// DictExpr is a dict display. The key of a ** entry is nil.
	DictExpr struct {
		Span
		Keys, Values []Expr
	}

	// Unary is op X.
	Unary struct {
		Span
		Op UnaryOp
		X  Expr
	}

	// Binary is X op Y.
	Binary struct {
		Span
		Op    BinaryOp
		OpPos Pos
		X, Y  Expr
	}

	// BoolOp is X and Y and ..., or the same with or.
	BoolOp struct {
		Span
		Or bool
		X  []Expr // two or more
	}

	// Compare is X[0] Ops[0] X[1] Ops[1] X[2] and so on.
	Compare struct {
		Span
		Ops   []CompareOp
		OpPos []Pos
		X     []Expr // one more than Ops
	}

	// Conditional is Then if Cond else Else.
	Conditional struct {
		Span
		Cond, Then, Else Expr
	}

	// Lambda is an anonymous function.
	Lambda struct {
		Span
		Params *Params
		Body   Expr
	}

	// Call is Fn(Args).
	Call struct {
		Span
		Fn     Expr
		Lparen Pos
		Args   []Arg
	}

	// Attribute is X.Name.
	Attribute struct {
		Span
		X       Expr
		Name    string
		NamePos Pos
	}

	// Subscript is X[Index].
	Subscript struct {
		Span
		X      Expr
		Lbrack Pos
		Index  Expr
	}

	// Slice is Lo:Hi:Step, inside a subscript. Each part may be nil.
	Slice struct {
		Span
		Lo, Hi, Step Expr
	}

	// Starred is *X in a display or an assignment target.
	Starred struct {
		Span
		X Expr
	}

	// Comprehension is a list, set or dict comprehension or a generator
	// expression. Value is the value of a dict comprehension, else nil.
	Comprehension struct {
		Span
		Kind    CompKind
		Elem    Expr
		Value   Expr
		Clauses []CompClause
	}

	// Walrus is Target := Value.
	Walrus struct {
		Span
		Target *Name
		Value  Expr
	}

	// Await is await X.
	Await struct {
		Span
		X Expr
	}

	// Yield is a yield expression. From tells of "yield from".
	Yield struct {
		Span
		From bool
		X    Expr // may be nil without From
	}
)

// CompKind is the kind of a comprehension.
type CompKind uint8

// The kinds of comprehensions.
const (
	_ CompKind = iota
	ListComp
	SetComp
	DictComp
	GeneratorComp
)

// CompClause is one "for Target in Iter if ... if ..." of a comprehension.
type CompClause struct {
	Span
	Async  bool
	Target Expr
	Iter   Expr
	Ifs    []Expr
}

// ArgKind tells how an argument is passed.
type ArgKind uint8

// The ways of passing an argument.
const (
	Positional ArgKind = iota
	Keyword
	Star
	DoubleStar
)

// Arg is an argument of a call.
type Arg struct {
	Span
	Kind ArgKind
	Name string // of a Keyword
	X    Expr
}

// Param is a parameter of a function.
type Param struct {
	Span
	Name       string
	Default    Expr   // or nil
	Annotation Expr   // or nil
	Text       string // the annotation as it is written
}

// Params are the parameters of a function, by kind.
type Params struct {
	PosOnly, Regular, KwOnly []*Param
	VarArgs, VarKwargs       *Param // or nil
}

// All gives every parameter in the order in which it is written.
func (p *Params) All() []*Param {
	all := make([]*Param, 0, len(p.PosOnly)+len(p.Regular)+len(p.KwOnly)+2)
	all = append(append(all, p.PosOnly...), p.Regular...)
	if p.VarArgs != nil {
		all = append(all, p.VarArgs)
	}
	all = append(all, p.KwOnly...)
	if p.VarKwargs != nil {
		all = append(all, p.VarKwargs)
	}
	return all
}

// The statements.
type (
	// ExprStmt is an expression evaluated for its effects.
	ExprStmt struct {
		Span
		X Expr
	}

	// Assign is Targets[0] = Targets[1] = ... = Value.
	Assign struct {
		Span
		Targets []Expr
		Value   Expr
	}

	// AugAssign is Target op= Value.
	AugAssign struct {
		Span
		Op     BinaryOp
		OpPos  Pos
		Target Expr
		Value  Expr
	}

	// AnnAssign is Target: Annotation [= Value].
	AnnAssign struct {
		Span
		Target     Expr
		Annotation Expr
		Text       string // the annotation as it is written
		Value      Expr   // or nil
	}

	// Delete is del Targets.
	Delete struct {
		Span
		Targets []Expr
	}

	// If is an if statement; an elif is an If alone in Else.
	If struct {
		Span
		Cond       Expr
		Then, Else []Stmt
	}

	// While is a while loop.
	While struct {
		Span
		Cond       Expr
		Body, Else []Stmt
	}

	// For is a for loop.
	For struct {
		Span
		Async      bool
		Target     Expr
		Iter       Expr
		Body, Else []Stmt
	}

	// FuncDef is a def statement.
	FuncDef struct {
		Span
		Async      bool
		Decorators []Expr
		Name       string
		NamePos    Pos
		Params     *Params
		Returns    Expr   // or nil
		Text       string // what it returns, as it is written
		Body       []Stmt
	}

	// ClassDef is a class statement.
	ClassDef struct {
		Span
		Decorators []Expr
		Name       string
		NamePos    Pos
		Args       []Arg
		Body       []Stmt
	}

	// Return is return [Value].
	Return struct {
		Span
		Value Expr // or nil
	}

	// Pass is pass.
	Pass struct{ Span }

	// Break is break.
	Break struct{ Span }

	// Continue is continue.
	Continue struct{ Span }

	// Assert is assert Cond [, Msg].
	Assert struct {
		Span
		Cond Expr
		Msg  Expr // or nil
	}

	// Raise is raise [X [from Cause]].
	Raise struct {
		Span
		X, Cause Expr // or nil
	}

	// Import is import Names.
	Import struct {
		Span
		Names []Alias
	}

	// ImportFrom is from Module import Names. Level counts leading dots.
	ImportFrom struct {
		Span
		Module string
		Level  int
		Names  []Alias // nil for *
	}

	// Load is Starlark's load(Module, ...): Name is the exported name, As the local one.
	Load struct {
		Span
		Module string
		Names  []Alias
	}

	// With is a with statement.
	With struct {
		Span
		Async bool
		Items []WithItem
		Body  []Stmt
	}

	// Global is global Names.
	Global struct {
		Span
		Names []string
	}

	// Nonlocal is nonlocal Names.
	Nonlocal struct {
		Span
		Names []string
	}

	// Try is a try statement.
	Try struct {
		Span
		Groups   bool // the handlers are except* clauses
		Body     []Stmt
		Handlers []Handler
		Else     []Stmt
		Finally  []Stmt
	}
)

// Alias is one name of an import statement: Name as As.
type Alias struct {
	Span
	Name string
	As   string // empty without "as"
}

// WithItem is one context manager of a with statement.
type WithItem struct {
	Span
	X      Expr
	Target Expr // or nil
}

// Handler is one except clause.
type Handler struct {
	Span
	Type Expr   // nil catches everything
	Name string // or empty
	Body []Stmt
}

func (*Name) expr()          {}
func (*Constant) expr()      {}
func (*JoinedString) expr()  {}
func (*Formatted) expr()     {}
func (*TupleExpr) expr()     {}
func (*ListExpr) expr()      {}
func (*SetExpr) expr()       {}
func (*DictExpr) expr()      {}
func (*Unary) expr()         {}
func (*Binary) expr()        {}
func (*BoolOp) expr()        {}
func (*Compare) expr()       {}
func (*Conditional) expr()   {}
func (*Lambda) expr()        {}
func (*Call) expr()          {}
func (*Attribute) expr()     {}
func (*Subscript) expr()     {}
func (*Slice) expr()         {}
func (*Starred) expr()       {}
func (*Comprehension) expr() {}
func (*Walrus) expr()        {}
func (*Await) expr()         {}
func (*Yield) expr()         {}

func (*ExprStmt) stmt()   {}
func (*Assign) stmt()     {}
func (*AugAssign) stmt()  {}
func (*AnnAssign) stmt()  {}
func (*Delete) stmt()     {}
func (*If) stmt()         {}
func (*While) stmt()      {}
func (*For) stmt()        {}
func (*FuncDef) stmt()    {}
func (*ClassDef) stmt()   {}
func (*Return) stmt()     {}
func (*Pass) stmt()       {}
func (*Break) stmt()      {}
func (*Continue) stmt()   {}
func (*Assert) stmt()     {}
func (*Raise) stmt()      {}
func (*Import) stmt()     {}
func (*ImportFrom) stmt() {}
func (*Load) stmt()       {}
func (*With) stmt()       {}
func (*Global) stmt()     {}
func (*Nonlocal) stmt()   {}
func (*Try) stmt()        {}
