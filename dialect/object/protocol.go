// Package object gives go.starlark.net's values Python's meaning: operators,
// comparison, truth, indexing, attributes, iteration, formatting, types,
// classes and exceptions.
//
// The front end lowers every Python construct that Starlark's own bytecode
// cannot express to a call of one of this package's operations. A Go value
// takes part in an operation in one of two ways: it implements the Starlark
// interface of that behaviour (HasAttrs, HasSetField, Callable, Iterable,
// Mapping, HasSetKey, Sequence, Indexable), or, where Starlark's interface is
// too narrow for Python, one of the protocols in this file. A protocol method
// that does not apply to its operand declines with a nil value and a nil error,
// as Python's NotImplemented does.
package object

import "go.starlark.net/starlark"

// Op is a binary operator, arithmetic or comparison, or a unary one.
type Op uint8

// The operators. Add to Xor are binary arithmetic and have an in-place form.
const (
	_ Op = iota
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
	And
	Or
	Xor

	Eq
	Ne
	Lt
	Le
	Gt
	Ge

	Neg
	Pos
	Invert
)

// HasOperator is a value that defines binary operators. Side tells whether the
// receiver stands on the left. It declines with (nil, nil).
type HasOperator interface {
	starlark.Value
	Operator(thread *starlark.Thread, op Op, other starlark.Value, side starlark.Side) (starlark.Value, error)
}

// HasInplace is a value that x op= y changes itself (an array, a list). The
// result is what the target is rebound to. It declines with (nil, nil), and
// the plain operator serves.
type HasInplace interface {
	starlark.Value
	Inplace(thread *starlark.Thread, op Op, other starlark.Value) (starlark.Value, error)
}

// HasCompare is a value whose comparison may give something other than a bool
// (arrays compare elementwise), or may fail. It declines with (nil, nil).
type HasCompare interface {
	starlark.Value
	RichCompare(thread *starlark.Thread, op Op, other starlark.Value, side starlark.Side) (starlark.Value, error)
}

// HasUnary is a value with unary operators (Neg, Pos, Invert). It declines with (nil, nil).
type HasUnary interface {
	starlark.Value
	UnaryOperator(thread *starlark.Thread, op Op) (starlark.Value, error)
}

// HasTruth is a value whose truth must be computed and may fail (an array of several elements).
type HasTruth interface {
	starlark.Value
	TruthValue(thread *starlark.Thread) (bool, error)
}

// HasItems is a value indexed by any key: integers, slices (*Slice), None,
// Ellipsis, tuples of these, arrays.
type HasItems interface {
	starlark.Value
	GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error)
}

// HasSetItems is a value whose items can be assigned.
type HasSetItems interface {
	starlark.Value
	SetItem(thread *starlark.Thread, key, value starlark.Value) error
}

// HasDelItem is a value whose items can be deleted.
type HasDelItem interface {
	starlark.Value
	DelItem(thread *starlark.Thread, key starlark.Value) error
}

// HasContains is a value with its own `in`.
type HasContains interface {
	starlark.Value
	Contains(thread *starlark.Thread, item starlark.Value) (bool, error)
}

// HasLength is a value whose len may fail (a 0-d array).
type HasLength interface {
	starlark.Value
	Length(thread *starlark.Thread) (int, error)
}

// HasIter is a value whose iteration may fail, at the start or at any step.
type HasIter interface {
	starlark.Value
	Iter(thread *starlark.Thread) (Iterator, error)
}

// Iterator yields values until ok is false. Close must be called once, also
// after exhaustion, and drops every reference the iterator holds.
type Iterator interface {
	Next(thread *starlark.Thread) (v starlark.Value, ok bool, err error)
	Close()
}

// HasFormat is a value with its own format(x, spec). An empty spec is str(x).
type HasFormat interface {
	starlark.Value
	Format(thread *starlark.Thread, spec string) (string, error)
}

// HasStr is a value whose str and repr may fail (an array is evaluated to be
// printed) or differ from Starlark's String.
type HasStr interface {
	starlark.Value
	Str(thread *starlark.Thread) (string, error)
	Repr(thread *starlark.Thread) (string, error)
}

// HasConvert is a value that int(x), float(x), complex(x), abs(x), round(x)
// and operator.index accept. What is the conversion's name: "int", "float",
// "complex", "index", "abs", "round". It declines with (nil, nil).
type HasConvert interface {
	starlark.Value
	Convert(thread *starlark.Thread, what string) (starlark.Value, error)
}

// HasLateAttr is a value with attributes that are made when they are first asked
// for, by running scripts on the thread that asks. It is asked before Attr, and
// declines with (nil, nil).
type HasLateAttr interface {
	starlark.Value
	LateAttr(thread *starlark.Thread, name string) (starlark.Value, error)
}

// HasMember is a module: what it has is found before anything of its type. Member gives nil
// for a name that it does not have, or that the module answers for elsewhere.
type HasMember interface {
	starlark.Value
	Member(name string) starlark.Value
}

// HasNumber is a value that stands for a Python number, as numpy's scalars do.
type HasNumber interface {
	starlark.Value
	PyNumber() starlark.Value
}

// HasRound is a value with its own round(x, digits).
type HasRound interface {
	starlark.Value
	RoundTo(thread *starlark.Thread, digits int) (starlark.Value, error)
}

// HasDelAttr is a value whose attributes can be deleted.
type HasDelAttr interface {
	starlark.Value
	DelAttr(thread *starlark.Thread, name string) error
}

// HasType is a value that names its own type object; type(x) gives it.
type HasType interface {
	starlark.Value
	PyType() *Type
}
