package dialect

import (
	"go.starlark.net/starlark"
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// dynamic lowers eval(source, ...) and exec(source, ...), which see the variables
// around them. Called with stars or keywords, they are left to the builtin, which
// refuses.
func (l *lowerer) dynamic(x *syntax.Call, name string) stars.Expr {
	if len(x.Args) == 0 || len(x.Args) > 3 {
		return nil
	}
	args := []stars.Expr{l.ident(runName, x.Start), l.none(x.Start)}
	if l.scope.kind == functionScope && len(x.Args) == 1 {
		args[1] = l.locals(x)
	}
	for _, a := range x.Args {
		if a.Kind != syntax.Positional {
			return nil
		}
		args = append(args, l.expr(a.X))
	}
	return l.call(name, x.Lparen, args...)
}

// dirHere lowers dir().
func (l *lowerer) dirHere(x *syntax.Call) stars.Expr {
	return l.call("sorted", x.Start, l.variables(x))
}

// What runs programs refers to the table of helpers, and so joins it late.
func init() {
	for name, fn := range dynamicHelpers {
		helperTable[name] = &helper{name, fn}
	}
}

var dynamicHelpers = map[string]operation{
	// eval(run, locals, source[, globals[, locals]]) is the value of an expression.
	"eval": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return dynamic(thread, "eval", ModeEval, args)
	},
	// exec(run, locals, source[, globals[, locals]]) runs statements.
	"exec": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		_, err := dynamic(thread, "exec", ModeFile, args)
		return starlark.None, err
	},
	// sorted(dict) is a sorted list of the keys.
	"sorted": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return object.Sorted(thread, args[0])
	},
}

func dynamic(thread *starlark.Thread, name string, mode Mode, args starlark.Tuple) (starlark.Value, error) {
	src, ok := object.AsString(args[2])
	if !ok {
		return nil, object.Errorf(object.TypeError, "%s() arg 1 must be a string, bytes or code object", name)
	}
	prog, err := compileAside(thread, "<string>", src, mode)
	if err != nil {
		return nil, syntaxException(err)
	}
	r := args[0].(*run)
	if len(args) == 3 && args[1] == starlark.None {
		return prog.Run(thread, r.module)
	}
	globals, locals, err := namespaces(name, args)
	if err != nil {
		return nil, err
	}
	if globals != nil && (locals == nil || locals == globals) {
		return prog.Run(thread, ModuleOver(globals, r.module.builtins))
	}
	m := NewModule(r.module.name, "", r.module.builtins)
	if globals == nil {
		for _, name := range r.module.Names() {
			m.Set(name, r.module.Get(name))
		}
	}
	before := map[string]starlark.Value{}
	for _, d := range []*starlark.Dict{globals, locals} {
		if d == nil {
			continue
		}
		for _, item := range d.Items() {
			if key, ok := object.AsString(item[0]); ok {
				m.Set(key, item[1])
			}
		}
	}
	for _, n := range m.Names() {
		before[n] = m.Get(n)
	}
	v, err := prog.Run(thread, m)
	if target := firstDict(locals, globals); target != nil {
		if e := writeBack(m, before, target); e != nil && err == nil {
			err = e
		}
	}
	return v, err
}

// longSource is the length of a source from which compiling it may take milliseconds.
const longSource = 1 << 14

// compileAside compiles a source that a script made.
func compileAside(thread *starlark.Thread, name, src string, mode Mode) (*Program, error) {
	if len(src) < longSource {
		return Compile(name, []byte(src), mode)
	}
	// Trees and bytecode take many times the room of the source.
	if err := object.Grow(thread, sourceGrowth*int64(len(src))); err != nil {
		return nil, err
	}
	return object.Aside(thread, func() (*Program, error) { return Compile(name, []byte(src), mode) })
}

// sourceGrowth is how many times the bytes of a source compiling it may take.
const sourceGrowth = 150

// namespaces gives the dicts that a call of eval or exec names; globals is nil where
// they are those around the call.
func namespaces(name string, args starlark.Tuple) (globals, locals *starlark.Dict, err error) {
	given := func(i int, what string) (*starlark.Dict, error) {
		if i >= len(args) || args[i] == starlark.None {
			return nil, nil
		}
		d, ok := object.AsDict(args[i])
		if !ok {
			if name == "eval" {
				return nil, object.Errorf(object.TypeError, "%s must be a dict", what)
			}
			return nil, object.Errorf(object.TypeError, "%s() %s must be a dict, not %s", name, what, object.TypeName(args[i]))
		}
		return d, nil
	}
	if globals, err = given(3, "globals"); err != nil {
		return nil, nil, err
	}
	if locals, err = given(4, "locals"); err != nil || locals != nil {
		return globals, locals, err
	}
	if globals == nil {
		locals, _ = args[1].(*starlark.Dict)
	}
	return globals, locals, nil
}

func firstDict(ds ...*starlark.Dict) *starlark.Dict {
	for _, d := range ds {
		if d != nil {
			return d
		}
	}
	return nil
}

// writeBack stores what a run bound anew in a dict, and takes out what it deleted.
func writeBack(m *Module, before map[string]starlark.Value, d *starlark.Dict) error {
	for _, name := range m.Names() {
		if v := m.Get(name); before[name] == nil || !object.Is(before[name], v) {
			if err := d.SetKey(starlark.String(name), v); err != nil {
				return err
			}
		}
	}
	for name := range before {
		if m.Get(name) == nil {
			if _, _, err := d.Delete(starlark.String(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// CompileFor compiles the source of a module within the budget of the call that
// imports it.
func CompileFor(thread *starlark.Thread, filename string, src []byte) (*Program, error) {
	return compileAside(thread, filename, string(src), ModeFile)
}
