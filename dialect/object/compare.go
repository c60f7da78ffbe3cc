package object

import (
	"cmp"
	"math"
	"reflect"
	"strings"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// maxDepth bounds the nesting of containers that comparison and repr follow.
const maxDepth = 2000

// Compare is x op y for the comparison operators. The result is a bool for
// builtin types; arrays and classes may give anything.
func Compare(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	switch a := x.(type) {
	case starlark.Int:
		switch b := y.(type) {
		case starlark.Int:
			return starlark.Bool(holds(op, number.CompareInts(a, b))), nil
		case starlark.Float:
			return starlark.Bool(intFloatHolds(op, a, float64(b))), nil
		}
	case starlark.Float:
		switch b := y.(type) {
		case starlark.Float:
			return starlark.Bool(floatHolds(op, float64(a), float64(b))), nil
		case starlark.Int:
			return starlark.Bool(intFloatHolds(mirrored(op), b, float64(a))), nil
		}
	case starlark.String:
		if b, ok := y.(starlark.String); ok {
			return starlark.Bool(holds(op, strings.Compare(string(a), string(b)))), nil
		}
	}
	return compareDepth(thread, op, x, y, 0)
}

// holds interprets a three-way comparison.
func holds(op Op, c int) bool {
	switch op {
	case Eq:
		return c == 0
	case Ne:
		return c != 0
	case Lt:
		return c < 0
	case Le:
		return c <= 0
	case Gt:
		return c > 0
	}
	return c >= 0
}

func floatHolds(op Op, x, y float64) bool {
	switch op {
	case Eq:
		return x == y
	case Ne:
		return x != y
	case Lt:
		return x < y
	case Le:
		return x <= y
	case Gt:
		return x > y
	}
	return x >= y
}

func intFloatHolds(op Op, x starlark.Int, y float64) bool {
	if math.IsNaN(y) {
		return op == Ne
	}
	return holds(op, number.CompareIntFloat(x, y))
}

// mirrored is the operator that holds for (y, x) where op holds for (x, y).
func mirrored(op Op) Op {
	switch op {
	case Lt:
		return Gt
	case Le:
		return Ge
	case Gt:
		return Lt
	case Ge:
		return Le
	}
	return op
}

// compareBool is the truth of x op y.
func compareBool(thread *starlark.Thread, op Op, x, y starlark.Value) (bool, error) {
	v, err := Compare(thread, op, x, y)
	if err != nil {
		return false, err
	}
	return Truth(thread, v)
}

// Equal reports whether x is y or x == y, as the elements of containers compare.
func Equal(thread *starlark.Thread, x, y starlark.Value) (bool, error) {
	return equalDepth(thread, x, y, 0)
}

func equalDepth(thread *starlark.Thread, x, y starlark.Value, depth int) (bool, error) {
	if _, nan := x.(starlark.Float); !nan && Is(x, y) {
		return true, nil
	}
	switch x.(type) {
	case *starlark.List, starlark.Tuple, *starlark.Dict, HasCompare:
		return partsEqual(thread, x, y, depth)
	}
	v, err := compareDepth(thread, Eq, x, y, depth)
	if err != nil {
		return false, err
	}
	return Truth(thread, v)
}

// partsEqual compares values that have parts. What is shared between parts is compared
// once: pairs that were found equal are remembered until the comparison is over.
func partsEqual(thread *starlark.Thread, x, y starlark.Value, depth int) (bool, error) {
	b := BudgetOf(thread)
	if err := b.turn(thread); err != nil {
		return false, err
	}
	pair := [2]unsafe.Pointer{identity(x), identity(y)}
	if b.equal[pair] {
		return true, nil
	}
	b.comparing++
	same, err := false, error(nil)
	if v, e := compareDepth(thread, Eq, x, y, depth); e != nil {
		err = e
	} else {
		same, err = Truth(thread, v)
	}
	b.comparing--
	switch {
	case b.comparing == 0:
		b.equal = nil
	case same && b.comparing > sharingDepth:
		if b.equal == nil {
			b.equal = map[[2]unsafe.Pointer]bool{}
		}
		b.equal[pair] = true
	}
	return same, err
}

// sharingDepth is how deep values must be nested for it to be worth remembering that they
// are equal.
const sharingDepth = 4

func compareDepth(thread *starlark.Thread, op Op, x, y starlark.Value, depth int) (starlark.Value, error) {
	if depth > maxDepth {
		return nil, Errorf(RecursionError, "maximum recursion depth exceeded in comparison")
	}
	if hasClass(x) || hasClass(y) {
		b, err := Deeper(thread)
		if err != nil {
			return nil, err
		}
		defer b.Shallower()
		v, err := classCompare(thread, op, x, y)
		b.equal = nil // a script ran, and may have changed what was compared
		if v != nil || err != nil {
			return v, err
		}
		if ux, uy := unwrap(x), unwrap(y); ux != nil && uy != nil && (!Is(ux, x) || !Is(uy, y)) {
			return compareDepth(thread, op, ux, uy, depth+1)
		}
	}
	if v, err := richCompare(thread, op, x, y); v != nil || err != nil {
		return v, err
	}
	result, known, err := builtinCompare(thread, op, x, y, depth)
	if err != nil {
		return nil, err
	}
	if known {
		return starlark.Bool(result), nil
	}
	switch op {
	case Eq:
		return starlark.Bool(Is(x, y)), nil
	case Ne:
		return starlark.Bool(!Is(x, y)), nil
	}
	return nil, Errorf(TypeError, "'%s' not supported between instances of '%s' and '%s'", op, typeName(x), typeName(y))
}

// richCompare asks the operands that compare themselves, the left one first; nil means
// that neither does.
func richCompare(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	left, hasLeft := x.(HasCompare)
	right, hasRight := y.(HasCompare)
	if !hasLeft && !hasRight {
		return nil, nil
	}
	b, err := Deeper(thread)
	if err != nil {
		return nil, err
	}
	defer b.Shallower()
	if hasLeft {
		if v, err := left.RichCompare(thread, op, y, starlark.Left); implemented(v) || err != nil {
			return v, err
		}
	}
	if hasRight {
		if v, err := right.RichCompare(thread, mirrored(op), x, starlark.Right); implemented(v) || err != nil {
			return v, err
		}
	}
	return nil, nil
}

// classCompare calls the comparison methods that classes define. A class that
// defines only __eq__ answers != with its opposite.
func classCompare(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	try := func(a, b starlark.Value, op Op) (starlark.Value, error) {
		if fn := special(a, opTable[op].method); fn != nil && fn != starlark.None {
			if v, err := callBound(thread, fn, a, b); implemented(v) || err != nil {
				return v, err
			}
		} else if op == Ne {
			if fn := special(a, "__eq__"); fn != nil {
				v, err := callBound(thread, fn, a, b)
				if err != nil || !implemented(v) {
					return nil, err
				}
				t, err := Truth(thread, v)
				return starlark.Bool(!t), err
			}
		}
		return nil, nil
	}
	tx, ty := TypeOf(x), TypeOf(y)
	swapped := tx != ty && ty.IsSubtype(tx)
	if swapped {
		if v, err := try(y, x, mirrored(op)); v != nil || err != nil {
			return v, err
		}
	}
	if v, err := try(x, y, op); v != nil || err != nil {
		return v, err
	}
	if swapped {
		return nil, nil
	}
	return try(y, x, mirrored(op))
}

// builtinCompare compares values of builtin types. Known is false where the
// pair has no comparison of its own.
func builtinCompare(thread *starlark.Thread, op Op, x, y starlark.Value, depth int) (result, known bool, err error) {
	switch a := x.(type) {
	case starlark.Int, starlark.Float, starlark.Bool, Complex:
		if isNumber(y) {
			return numberCompare(op, a, y)
		}
	case starlark.String:
		if b, ok := y.(starlark.String); ok {
			return holds(op, strings.Compare(string(a), string(b))), true, nil
		}
	case starlark.Bytes:
		if b, ok := y.(starlark.Bytes); ok {
			return holds(op, strings.Compare(string(a), string(b))), true, nil
		}
	case *starlark.List:
		if b, ok := y.(*starlark.List); ok {
			return sequenceCompare(thread, op, a.Len, b.Len, a.Index, b.Index, depth)
		}
	case starlark.Tuple:
		if b, ok := y.(starlark.Tuple); ok {
			return sequenceCompare(thread, op, a.Len, b.Len, a.Index, b.Index, depth)
		}
	case *starlark.Dict:
		if b, ok := y.(*starlark.Dict); ok && (op == Eq || op == Ne) {
			same, err := dictsEqual(thread, a, b, depth)
			return same == (op == Eq), true, err
		}
	case *Exception, *starlark.Function, *starlark.Builtin, starlark.NoneType:
		return false, false, nil
	}
	if a, b := setElements(x), setElements(y); a != nil && b != nil {
		r, err := setCompare(thread, op, a, b)
		return r, true, err
	}
	return foreignCompare(op, x, y)
}

// foreignCompare serves values of other Go packages that order themselves.
func foreignCompare(op Op, x, y starlark.Value) (result, known bool, err error) {
	if reflect.TypeOf(x) != reflect.TypeOf(y) {
		return false, false, nil
	}
	switch a := x.(type) {
	case *Instance:
		return false, false, nil
	case starlark.Comparable:
		r, err := a.CompareSameType(opTable[op].token, y, maxDepth)
		return r, true, err
	case starlark.TotallyOrdered:
		c, err := a.Cmp(y, maxDepth)
		return holds(op, c), true, err
	}
	return false, false, nil
}

func numberCompare(op Op, x, y starlark.Value) (result, known bool, err error) {
	if b, ok := x.(starlark.Bool); ok {
		x = boolInt(b)
	}
	if b, ok := y.(starlark.Bool); ok {
		y = boolInt(b)
	}
	_, cx := x.(Complex)
	_, cy := y.(Complex)
	if cx || cy {
		if op != Eq && op != Ne {
			return false, false, nil
		}
		a, errA := toComplex(x)
		b, errB := toComplex(y)
		same := errA == nil && errB == nil && a == b
		return same == (op == Eq), true, nil
	}
	switch a := x.(type) {
	case starlark.Int:
		if b, ok := y.(starlark.Int); ok {
			return holds(op, number.CompareInts(a, b)), true, nil
		}
		return intFloatHolds(op, a, float64(y.(starlark.Float))), true, nil
	case starlark.Float:
		if b, ok := y.(starlark.Float); ok {
			return floatHolds(op, float64(a), float64(b)), true, nil
		}
		return intFloatHolds(mirrored(op), y.(starlark.Int), float64(a)), true, nil
	}
	return false, false, nil
}

// sequenceCompare orders two sequences by their first unequal elements, then by length.
func sequenceCompare(thread *starlark.Thread, op Op, lenX, lenY func() int, x, y func(int) starlark.Value, depth int) (result, known bool, err error) {
	if (op == Eq || op == Ne) && lenX() != lenY() {
		return op == Ne, true, nil
	}
	var turns pace
	for i := 0; i < lenX() && i < lenY(); i++ {
		if err := turns.step(thread); err != nil {
			return false, true, err
		}
		a, b := x(i), y(i)
		same, err := equalDepth(thread, a, b, depth+1)
		if err != nil {
			return false, true, err
		}
		if same {
			continue
		}
		switch op {
		case Eq, Ne:
			return op == Ne, true, nil
		}
		v, err := compareDepth(thread, op, a, b, depth+1)
		if err != nil {
			return false, true, err
		}
		r, err := Truth(thread, v)
		return r, true, err
	}
	return holds(op, cmp.Compare(lenX(), lenY())), true, nil
}

func dictsEqual(thread *starlark.Thread, x, y *starlark.Dict, depth int) (bool, error) {
	if x.Len() != y.Len() {
		return false, nil
	}
	for _, item := range x.Items() {
		v, found, err := dictGet(thread, y, item[0])
		if err != nil || !found {
			return false, err
		}
		same, err := equalDepth(thread, item[1], v, depth+1)
		if err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

// Is is Python's identity. Numbers and strings, which have no identity here,
// are identical when they are equal and of one type.
func Is(x, y starlark.Value) bool {
	switch a := x.(type) {
	case starlark.Int:
		b, ok := y.(starlark.Int)
		return ok && number.CompareInts(a, b) == 0
	case starlark.Float:
		b, ok := y.(starlark.Float)
		return ok && math.Float64bits(float64(a)) == math.Float64bits(float64(b))
	case starlark.Tuple:
		b, ok := y.(starlark.Tuple)
		return ok && len(a) == len(b) && unsafe.SliceData(a) == unsafe.SliceData(b)
	case *Type:
		b, ok := y.(*Type)
		return ok && sameType(a, b)
	case *Instance:
		return x == y
	case nil:
		return y == nil
	}
	if y == nil || reflect.TypeOf(x) != reflect.TypeOf(y) || !reflect.TypeOf(x).Comparable() {
		return false
	}
	return x == y
}
