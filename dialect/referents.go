package dialect

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Referents yields the values that a module's variables, a function's closure and
// defaults, or any value of the object model refer to, each with the name or key it is
// found under. Reading them so leaves their ownership as it is. It must not be called
// while a script runs, other than by what the script itself calls.
func Referents(v starlark.Value, yield func(key starlark.Value, v starlark.Value)) {
	named := func(name string, v starlark.Value) {
		if v != nil {
			yield(starlark.String(name), v)
		}
	}
	switch v := v.(type) {
	case *Module:
		if v.dict != nil {
			object.Referents(v.dict, yield)
			return
		}
		for _, c := range v.order {
			named(c.name, c.value)
		}
	case *cell:
		if v.value != nil {
			named(v.name, v.value)
		}
	case *box:
		named(v.name, v.value)
	case *starlark.Function:
		for i := range v.NumFreeVars() {
			if binding, free := v.FreeVar(i); free != nil {
				held(binding.Name, free, named)
			}
		}
		for i := range v.NumParams() {
			if d := v.ParamDefault(i); d != nil {
				name, _ := v.Param(i)
				named(name, d)
			}
		}
	case *jump:
		named("return", v.value)
	default:
		object.Referents(v, yield)
	}
}

// held yields a variable of a frame or a closure: what is in its cell or box, if it has one.
func held(name string, v starlark.Value, named func(name string, v starlark.Value)) {
	switch b := v.(type) {
	case *box:
		named(b.name, b.value)
	case *cell: // a global variable, which its module has
	case nil:
	default:
		named(displayName(name), v)
	}
}

// Unboxed is what a box or a cell of a variable holds, and any other value as it is.
func Unboxed(v starlark.Value) starlark.Value {
	out := v
	held("", v, func(_ string, inner starlark.Value) { out = inner })
	return out
}

// FrameVariables yields the local variables of a thread's script frames, the innermost
// first, with the function's name and the line that it is at.
func FrameVariables(thread *starlark.Thread, yield func(function string, line int, name string, v starlark.Value)) {
	for i := range thread.CallStackDepth() {
		frame := thread.DebugFrame(i)
		fn, ok := frame.Callable().(*starlark.Function)
		if !ok {
			continue
		}
		at := int(frame.Position().Line)
		for k := range frame.NumLocals() {
			binding, v := frame.Local(k)
			held(binding.Name, v, func(name string, v starlark.Value) { yield(displayName(fn.Name()), at, name, v) })
		}
		Referents(fn, func(key, v starlark.Value) {
			name, _ := starlark.AsString(key)
			yield(displayName(fn.Name()), at, name, v)
		})
	}
}
