package object

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// opInfo names an operator: how it is written, the dunder methods that define
// it, and Starlark's token for it where there is one.
type opInfo struct {
	symbol, method, reflected, inplace string
	token                              syntax.Token
}

var opTable = [...]opInfo{
	Add:      {"+", "__add__", "__radd__", "__iadd__", syntax.PLUS},
	Sub:      {"-", "__sub__", "__rsub__", "__isub__", syntax.MINUS},
	Mul:      {"*", "__mul__", "__rmul__", "__imul__", syntax.STAR},
	MatMul:   {"@", "__matmul__", "__rmatmul__", "__imatmul__", syntax.ILLEGAL},
	Div:      {"/", "__truediv__", "__rtruediv__", "__itruediv__", syntax.SLASH},
	FloorDiv: {"//", "__floordiv__", "__rfloordiv__", "__ifloordiv__", syntax.SLASHSLASH},
	Mod:      {"%", "__mod__", "__rmod__", "__imod__", syntax.PERCENT},
	Pow:      {"** or pow()", "__pow__", "__rpow__", "__ipow__", syntax.ILLEGAL},
	LShift:   {"<<", "__lshift__", "__rlshift__", "__ilshift__", syntax.LTLT},
	RShift:   {">>", "__rshift__", "__rrshift__", "__irshift__", syntax.GTGT},
	And:      {"&", "__and__", "__rand__", "__iand__", syntax.AMP},
	Or:       {"|", "__or__", "__ror__", "__ior__", syntax.PIPE},
	Xor:      {"^", "__xor__", "__rxor__", "__ixor__", syntax.CIRCUMFLEX},
	Eq:       {"==", "__eq__", "__eq__", "", syntax.EQL},
	Ne:       {"!=", "__ne__", "__ne__", "", syntax.NEQ},
	Lt:       {"<", "__lt__", "__gt__", "", syntax.LT},
	Le:       {"<=", "__le__", "__ge__", "", syntax.LE},
	Gt:       {">", "__gt__", "__lt__", "", syntax.GT},
	Ge:       {">=", "__ge__", "__le__", "", syntax.GE},
	Neg:      {"-", "__neg__", "", "", syntax.MINUS},
	Pos:      {"+", "__pos__", "", "", syntax.PLUS},
	Invert:   {"~", "__invert__", "", "", syntax.TILDE},
}

// String is the operator as Python writes it in its messages.
func (op Op) String() string {
	if int(op) >= len(opTable) || op == 0 {
		return "op(?)"
	}
	return opTable[op].symbol
}

// Binary is x op y for the arithmetic operators.
func Binary(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	switch a := x.(type) {
	case starlark.Int:
		switch b := y.(type) {
		case starlark.Int:
			return intBinary(thread, op, a, b)
		case starlark.Float:
			f, err := intToFloat(a)
			if err != nil {
				return nil, err
			}
			if v, err := floatBinary(op, f, float64(b)); v != nil || err != nil {
				return v, err
			}
		}
	case starlark.Float:
		switch b := y.(type) {
		case starlark.Float:
			if v, err := floatBinary(op, float64(a), float64(b)); v != nil || err != nil {
				return v, err
			}
		case starlark.Int:
			f, err := intToFloat(b)
			if err != nil {
				return nil, err
			}
			if v, err := floatBinary(op, float64(a), f); v != nil || err != nil {
				return v, err
			}
		}
	}
	v, err := binaryOf(thread, op, x, y)
	if v == nil && err == nil {
		err = unsupportedOperands(op.String(), op, x, y)
	}
	return v, err
}

func unsupportedOperands(symbol string, op Op, x, y starlark.Value) error {
	if op == Add {
		switch unwrap(x).(type) {
		case starlark.String:
			return Errorf(TypeError, `can only concatenate str (not "%s") to str`, typeName(y))
		case *starlark.List:
			return Errorf(TypeError, `can only concatenate list (not "%s") to list`, typeName(y))
		case starlark.Tuple:
			return Errorf(TypeError, `can only concatenate tuple (not "%s") to tuple`, typeName(y))
		case starlark.Bytes:
			return Errorf(TypeError, "can't concat %s to bytes", typeName(y))
		}
	}
	if op == Mul {
		if isSequence(x) {
			return Errorf(TypeError, "can't multiply sequence by non-int of type '%s'", typeName(y))
		}
		if isSequence(y) && symbol == "*" {
			return Errorf(TypeError, "can't multiply sequence by non-int of type '%s'", typeName(x))
		}
	}
	return Errorf(TypeError, "unsupported operand type(s) for %s: '%s' and '%s'", symbol, typeName(x), typeName(y))
}

func isSequence(x starlark.Value) bool {
	switch unwrap(x).(type) {
	case starlark.String, *starlark.List, starlark.Tuple, starlark.Bytes:
		return true
	}
	return false
}

// binaryOf tries every way in which x op y may be defined; nil means none is.
func binaryOf(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	if hasClass(x) || hasClass(y) {
		v, err := classBinary(thread, op, x, y)
		if v != nil || err != nil {
			return v, err
		}
		ux, uy := unwrap(x), unwrap(y)
		if op == Mod && isFormat(ux) {
			uy = y // what is formatted keeps its class
		}
		if !Is(ux, x) || !Is(uy, y) {
			return binaryOf(thread, op, ux, uy)
		}
	}
	if h, ok := x.(HasOperator); ok {
		if v, err := h.Operator(thread, op, y, starlark.Left); implemented(v) || err != nil {
			return v, err
		}
	}
	if h, ok := y.(HasOperator); ok {
		if v, err := h.Operator(thread, op, x, starlark.Right); implemented(v) || err != nil {
			return v, err
		}
	}
	if v, err := builtinBinary(thread, op, x, y); v != nil || err != nil {
		return v, err
	}
	return starlarkBinary(op, x, y)
}

func isFormat(x starlark.Value) bool {
	switch x.(type) {
	case starlark.String, starlark.Bytes:
		return true
	}
	return false
}

// starlarkBinary serves values of other Go packages that know Starlark's protocol.
func starlarkBinary(op Op, x, y starlark.Value) (starlark.Value, error) {
	token := opTable[op].token
	if token == syntax.ILLEGAL {
		return nil, nil
	}
	if h, ok := x.(starlark.HasBinary); ok {
		if v, err := h.Binary(token, y, starlark.Left); v != nil || err != nil {
			return v, err
		}
	}
	if h, ok := y.(starlark.HasBinary); ok {
		return h.Binary(token, x, starlark.Right)
	}
	return nil, nil
}

// hasClass reports whether x may define dunder methods in a class.
func hasClass(x starlark.Value) bool {
	switch x := x.(type) {
	case *Instance:
		return true
	case *Exception:
		return !x.Class.builtin
	case *Type:
		return x.meta != nil
	}
	return false
}

// implemented reports whether an operator method gave an answer.
func implemented(v starlark.Value) bool { return v != nil && v != NotImplemented }

// classBinary calls the dunder methods that classes define: the right operand's
// first where its type derives from the left's and overrides them.
func classBinary(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	info := &opTable[op]
	left, right := special(x, info.method), special(y, info.reflected)
	tx, ty := TypeOf(x), TypeOf(y)
	if right != nil && tx != ty && ty.IsSubtype(tx) && ty != tx {
		if v, err := callBound(thread, right, y, x); implemented(v) || err != nil {
			return v, err
		}
		right = nil
	}
	if left != nil {
		if v, err := callBound(thread, left, x, y); implemented(v) || err != nil {
			return v, err
		}
	}
	if right != nil && (tx != ty || left == nil) {
		if v, err := callBound(thread, right, y, x); implemented(v) || err != nil {
			return v, err
		}
	}
	return nil, nil
}

// builtinBinary is x op y for values of builtin types; nil means undefined.
func builtinBinary(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	if op == Mod {
		switch a := x.(type) {
		case starlark.String:
			s, err := formatPercent(thread, string(a), y, false)
			return starlark.String(s), err
		case starlark.Bytes:
			s, err := formatPercent(thread, string(a), y, true)
			return starlark.Bytes(s), err
		}
	}
	if isNumber(x) && isNumber(y) {
		return numberBinary(thread, op, x, y)
	}
	switch op {
	case Add:
		return concat(thread, x, y)
	case Mul:
		if isSequence(x) {
			if n, ok, err := asRepeat(thread, y); ok || err != nil {
				return repeatTimes(thread, x, n, err)
			}
		}
		if isSequence(y) {
			if n, ok, err := asRepeat(thread, x); ok || err != nil {
				return repeatTimes(thread, y, n, err)
			}
		}
	case Or:
		if a, ok := x.(*starlark.Dict); ok {
			if b, ok := y.(*starlark.Dict); ok {
				return dictUnion(thread, a, b)
			}
		}
		if v, ok := typeUnion(x, y); ok {
			return v, nil
		}
	}
	switch op {
	case Or, And, Sub, Xor:
		return setBinary(thread, op, x, y)
	}
	return nil, nil
}

// asRepeat is x as the count of a repetition.
func asRepeat(thread *starlark.Thread, x starlark.Value) (starlark.Int, bool, error) {
	switch x := x.(type) {
	case starlark.Int:
		return x, true, nil
	case starlark.Bool:
		return boolInt(x), true, nil
	case HasConvert, *Instance:
		i, err := Index(thread, x)
		if isException(err, TypeError) {
			return i, false, nil
		}
		return i, err == nil, err
	}
	return starlark.Int{}, false, nil
}

func repeatTimes(thread *starlark.Thread, x starlark.Value, n starlark.Int, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	return repeat(thread, x, n)
}

func concat(thread *starlark.Thread, x, y starlark.Value) (starlark.Value, error) {
	switch a := x.(type) {
	case starlark.String:
		if b, ok := y.(starlark.String); ok {
			s, err := Concat(thread, string(a), string(b))
			return starlark.String(s), err
		}
	case *starlark.List:
		if b, ok := y.(*starlark.List); ok {
			if err := GrowTimes(thread, a.Len()+b.Len(), valueSize); err != nil {
				return nil, err
			}
			vals, err := gather(thread, *elements(a), *elements(b))
			return starlark.NewList(vals), err
		}
	case starlark.Tuple:
		if b, ok := y.(starlark.Tuple); ok {
			if err := GrowTimes(thread, len(a)+len(b), valueSize); err != nil {
				return nil, err
			}
			vals, err := gather(thread, a, b)
			return starlark.Tuple(vals), err
		}
	case starlark.Bytes:
		if b, ok := y.(starlark.Bytes); ok {
			s, err := Concat(thread, string(a), string(b))
			return starlark.Bytes(s), err
		}
	}
	return nil, nil
}

// valueSize is the bytes of a value in a list.
const valueSize = 16

// maxRepeat bounds the elements that a repetition makes.
const maxRepeat = 1 << 30

func repeat(thread *starlark.Thread, x starlark.Value, count starlark.Int) (starlark.Value, error) {
	size := 0
	switch a := x.(type) {
	case starlark.String:
		size = len(a)
	case starlark.Bytes:
		size = len(a)
	case *starlark.List:
		size = a.Len()
	case starlark.Tuple:
		size = len(a)
	default:
		return nil, nil
	}
	n64, ok := count.Int64()
	if count.Sign() < 0 {
		n64, ok = 0, true
	}
	if size > 0 && (!ok || n64 > int64(maxRepeat/size)) {
		return nil, Errorf(MemoryError, "repeat %s %s times: %d elements at most", typeName(x), count, maxRepeat)
	}
	n := int(n64)
	if size == 0 {
		n = 0
	}
	each := 1
	switch x.(type) {
	case *starlark.List, starlark.Tuple:
		each = valueSize
	}
	if err := GrowTimes(thread, n*size, each); err != nil {
		return nil, err
	}
	switch a := x.(type) {
	case starlark.String:
		return starlark.String(repeatString(string(a), n)), nil
	case starlark.Bytes:
		return starlark.Bytes(repeatString(string(a), n)), nil
	case *starlark.List:
		vals, err := repeatValues(thread, *elements(a), n)
		return starlark.NewList(vals), err
	case starlark.Tuple:
		vals, err := repeatValues(thread, a, n)
		return starlark.Tuple(vals), err
	}
	return nil, nil
}

func repeatValues(thread *starlark.Thread, elems []starlark.Value, n int) ([]starlark.Value, error) {
	out := make([]starlark.Value, 0, len(elems)*n)
	for i := range n {
		if i&(copyAtOnce-1) == 0 || len(elems) >= copyAtOnce {
			if err := BudgetOf(thread).stop(); err != nil {
				return nil, err
			}
		}
		out = append(out, elems...)
	}
	return out, nil
}

// copyAtOnce is how many elements are copied between two looks at whether the call ends.
const copyAtOnce = 1 << 16

// gather copies slices into a new one, whose size the caller has asked for.
func gather[T any](thread *starlark.Thread, parts ...[]T) ([]T, error) {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := make([]T, 0, n)
	for _, p := range parts {
		for len(p) > copyAtOnce {
			if err := BudgetOf(thread).stop(); err != nil {
				return nil, err
			}
			out, p = append(out, p[:copyAtOnce]...), p[copyAtOnce:]
		}
		out = append(out, p...)
	}
	return out, nil
}

// InplaceBinary is what x op= y binds x to.
func InplaceBinary(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	switch a := x.(type) {
	case starlark.Int, starlark.Float, starlark.String:
		return inplaceFallback(thread, op, x, y)
	case starlark.Tuple:
		if b, ok := y.(starlark.Tuple); ok && op == Add {
			return AppendTuple(thread, a, b)
		}
	case HasInplace:
		if v, err := a.Inplace(thread, op, y); implemented(v) || err != nil {
			return v, err
		}
	case *starlark.List:
		if v, err := listInplace(thread, op, a, y); v != nil || err != nil {
			return v, err
		}
	case *starlark.Dict:
		if op == Or {
			if err := dictUpdate(thread, a, "update", starlark.Tuple{y}, nil); err != nil {
				return nil, err
			}
			return a, nil
		}
	case *starlark.Set:
		if v, err := setInplace(thread, op, a, y); v != nil || err != nil {
			return v, err
		}
	case *Instance:
		if fn := a.class.lookupUser(opTable[op].inplace); fn != nil {
			if v, err := callBound(thread, fn, a, y); implemented(v) || err != nil {
				return v, err
			}
		}
		if a.base != nil && mutableLayout(a.class.layout) && special(a, opTable[op].method) == nil {
			v, err := InplaceBinary(thread, op, a.base, y)
			if err == nil && v == a.base {
				return a, nil
			}
			return v, err
		}
	}
	return inplaceFallback(thread, op, x, y)
}

func inplaceFallback(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	v, err := Binary(thread, op, x, y)
	if err == nil {
		return v, nil
	}
	if e, ok := err.(*Exception); ok && e.Class == TypeError {
		if e.Message() == unsupportedOperands(op.String(), op, x, y).(*Exception).Message() {
			symbol := opTable[op].symbol + "="
			if op == Pow {
				symbol = "**="
			}
			return nil, unsupportedOperands(symbol, op, x, y)
		}
	}
	return nil, err
}

func listInplace(thread *starlark.Thread, op Op, l *starlark.List, y starlark.Value) (starlark.Value, error) {
	switch op {
	case Add:
		return l, listExtend(thread, l, y)
	case Mul:
		n, ok, err := asRepeat(thread, unwrap(y))
		if err != nil || !ok {
			return nil, err
		}
		v, err := repeat(thread, l, n)
		if err != nil {
			return nil, err
		}
		if err := mutable(l); err != nil {
			return nil, err
		}
		*elements(l) = *elements(v.(*starlark.List))
		return l, nil
	}
	return nil, nil
}

// Unary is op x.
func Unary(thread *starlark.Thread, op Op, x starlark.Value) (starlark.Value, error) {
	switch a := x.(type) {
	case starlark.Int:
		return intUnary(thread, op, a)
	case starlark.Float:
		switch op {
		case Neg:
			return -a, nil
		case Pos:
			return a, nil
		}
	case starlark.Bool:
		return intUnary(thread, op, boolInt(a))
	case HasUnary:
		if v, err := a.UnaryOperator(thread, op); implemented(v) || err != nil {
			return v, err
		}
	case starlark.HasUnary:
		if v, err := a.Unary(opTable[op].token); v != nil || err != nil {
			return v, err
		}
	}
	if hasClass(x) {
		if fn := special(x, opTable[op].method); fn != nil {
			return callBound(thread, fn, x)
		}
		if u := unwrap(x); u != x {
			return Unary(thread, op, u)
		}
	}
	return nil, Errorf(TypeError, "bad operand type for unary %s: '%s'", op, typeName(x))
}
