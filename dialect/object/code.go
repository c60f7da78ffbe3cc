package object

import (
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

// functionDefaults is __defaults__: those of positional parameters.
func functionDefaults(f *starlark.Function) starlark.Value {
	var out starlark.Tuple
	for _, p := range functionParameters(f) {
		if p.Default != nil && p.Kind <= PositionalOrKeyword {
			out = append(out, p.Default)
		}
	}
	if out == nil {
		return starlark.None
	}
	return out
}

// functionKeywordDefaults is __kwdefaults__: those of keyword-only parameters.
func functionKeywordDefaults(f *starlark.Function) starlark.Value {
	d := new(starlark.Dict)
	for _, p := range functionParameters(f) {
		if p.Default != nil && p.Kind == KeywordOnly {
			_ = d.SetKey(starlark.String(p.Name), p.Default) // a string hashes
		}
	}
	if d.Len() == 0 {
		return starlark.None
	}
	return d
}

// The bits of co_flags that a script can ask for.
const (
	codeOwnLocals = 3
	codeVarArgs   = 4
	codeVarKwargs = 8
)

var codeYielding = map[signature.Yielding]int{signature.Yields: 0x20, signature.Awaits: 0x80, signature.YieldsAndAwaits: 0x200}

// functionCode is __code__: what it tells of the parameters and the place. There are
// no instructions to look at.
func functionCode(f *starlark.Function) starlark.Value {
	var count [VarKeyword + 1]int
	var names, variadic starlark.Tuple
	flags := codeOwnLocals | codeYielding[signature.YieldingOf(f.Name())]
	for _, p := range functionParameters(f) {
		count[p.Kind]++
		switch p.Kind {
		case VarPositional:
			flags |= codeVarArgs
			variadic = append(variadic, starlark.String(p.Name))
		case VarKeyword:
			flags |= codeVarKwargs
			variadic = append(variadic, starlark.String(p.Name))
		default:
			names = append(names, starlark.String(p.Name))
		}
	}
	qualname := FunctionName(f)
	return starlarkstruct.FromStringDict(starlark.String("code"), starlark.StringDict{
		"co_argcount":        starlark.MakeInt(count[PositionalOnly] + count[PositionalOrKeyword]),
		"co_posonlyargcount": starlark.MakeInt(count[PositionalOnly]),
		"co_kwonlyargcount":  starlark.MakeInt(count[KeywordOnly]),
		"co_varnames":        append(names, variadic...),
		"co_name":            starlark.String(qualname[strings.LastIndexByte(qualname, '.')+1:]),
		"co_qualname":        starlark.String(qualname),
		"co_filename":        starlark.String(f.Position().Filename()),
		"co_firstlineno":     starlark.MakeInt(int(f.Position().Line)),
		"co_flags":           starlark.MakeInt(flags),
	})
}
