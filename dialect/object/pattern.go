package object

import "go.starlark.net/starlark"

// This file says what values a match statement takes for sequences, for mappings
// and for instances of a class.

// IsSequence tells whether a sequence pattern may match x: a list, a tuple, a
// range, or an instance of a class that derives from one of them or from
// collections.abc.Sequence. Strings and bytes are not.
func IsSequence(x starlark.Value) bool {
	switch x := unwrap(x).(type) {
	case *starlark.List, starlark.Tuple, *Range:
		return true
	case interface{ MatchesSequence() bool }:
		return x.MatchesSequence()
	}
	return derivesFrom(TypeOf(x), "Sequence")
}

// IsMapping tells whether a mapping pattern may match x: a dict, or an instance of
// a class that derives from dict or from collections.abc.Mapping.
func IsMapping(x starlark.Value) bool {
	if _, ok := AsDict(x); ok {
		return true
	}
	return derivesFrom(TypeOf(x), "Mapping")
}

// derivesFrom tells whether a base of t is the class of collections.abc of the name.
func derivesFrom(t *Type, name string) bool {
	for _, m := range t.mro {
		if m.name == name && m.module == "collections.abc" {
			return true
		}
	}
	return false
}

// MatchesSelf tells whether the one positional pattern of a class pattern matches
// the value itself, as int(n) does.
func MatchesSelf(t *Type) bool {
	for _, m := range t.mro {
		switch m {
		case BoolType, ByteArrayType, BytesType, DictType, FloatType, FrozenSetType, IntType, ListType, SetType, StrType, TupleType:
			return true
		}
	}
	return false
}

// IsInstanceOf is isinstance(x, t).
func IsInstanceOf(thread *starlark.Thread, x starlark.Value, t *Type) (bool, error) {
	return isInstance(thread, x, t)
}
