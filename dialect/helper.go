package dialect

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// helper is an operation that lowered code calls. Helpers hold no state; what
// a run needs to remember is in the thread's state.
type helper struct {
	name string
	fn   func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error)
}

var _ starlark.Callable = (*helper)(nil)

func (h *helper) String() string        { return "<helper " + h.name + ">" }
func (h *helper) Type() string          { return "builtin_function_or_method" }
func (h *helper) Freeze()               {}
func (h *helper) Truth() starlark.Bool  { return true }
func (h *helper) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'helper'") }

// Name starts with "@", by which tracebacks know a helper.
func (h *helper) Name() string { return "@" + h.name }

// CallInternal calls the helper. The lowering gives it the arguments it wants.
func (h *helper) CallInternal(thread *starlark.Thread, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	return h.fn(thread, args)
}

// helperTable holds every helper and constant by the name without its "@". It
// is never changed.
var helperTable = newHelperTable()

func newHelperTable() map[string]starlark.Value {
	t := map[string]starlark.Value{
		"None":      starlark.None,
		"True":      starlark.True,
		"False":     starlark.False,
		"Ellipsis":  object.Ellipsis,
		"unset":     unset{},
		"box":       newBox{},
		"Break":     breakJump,
		"Continue":  continueJump,
		"Unhandled": unhandledJump,
	}
	for _, group := range []map[string]func(*starlark.Thread, starlark.Tuple) (starlark.Value, error){
		variableHelpers, displayHelpers, accessHelpers, loopHelpers, callHelpers, asyncHelpers, exceptionHelpers, importHelpers, matchHelpers, annotationHelpers, partHelpers, stepHelpers,
	} {
		for name, fn := range group {
			t[name] = &helper{name, fn}
		}
	}
	addOperators(t)
	t["invoke"] = &invoker{helper{name: "invoke"}}
	for _, name := range []string{"call", "method"} {
		for mark, result := range followings {
			t[name+mark] = &caller{name: name, method: name == "method", result: result}
		}
	}
	return t
}

// isHelper tells whether a name in a traceback is a helper's.
func isHelper(name string) bool { return strings.HasPrefix(name, "@") }

// state is what lowered code remembers on a thread and its generators.
type state struct {
	pending error // raised by an iterator, until the loop that ran it ends
	offers  []offer
	routine
}

// routine is the part of the state that each coroutine has its own of.
type routine struct {
	handling []*object.Exception // being handled, the innermost last
	yield    func(starlark.Value) (starlark.Value, error)
	base     int // frames of the threads below
}

const stateKey = "dialect.state"

func stateOf(thread *starlark.Thread) *state {
	if st, ok := thread.Local(stateKey).(*state); ok {
		return st
	}
	st := &state{}
	thread.SetLocal(stateKey, st)
	return st
}

// variableHelpers keep cells, boxes and the names of class bodies.
var variableHelpers = map[string]func(*starlark.Thread, starlark.Tuple) (starlark.Value, error){
	// filled(box, value) is the box, holding the value.
	"filled": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		args[0].(*box).value = args[1]
		return args[0], nil
	},
	// store(variable, value) assigns, and is the value.
	"store": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[1], args[0].(variable).SetField(content, args[1])
	},
	// give(box) is the value that a variable leaves to what called the function.
	"give": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		b := args[0].(*box)
		if _, list := b.value.(*starlark.List); list || !b.owned {
			return b.Attr(content)
		}
		b.owned = false
		out.pass(thread, b.value)
		return b.value, nil
	},
	// keep(x, None...) is x; the call overwrites operand slots (see scrub).
	"keep": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[0], nil
	},
	// delete(variable) makes it unassigned.
	"delete": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.None, args[0].(variable).clear()
	},
	// classname(namespace, name, cell) reads a name in a class body.
	"classname": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		name, _ := starlark.AsString(args[1])
		if v, ok := args[0].(*classNames).names.Get(name); ok {
			return v, nil
		}
		return args[2].(*cell).Attr(content)
	},
	// name(namespace, name) is the variable of a class body.
	"name": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		name, _ := starlark.AsString(args[1])
		return &classVariable{args[0].(*classNames), name}, nil
	},
	// deletename(namespace, name) deletes a name in a class body.
	"deletename": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		name, _ := starlark.AsString(args[1])
		if !args[0].(*classNames).names.Delete(name) {
			return nil, object.Errorf(object.NameError, "name '%s' is not defined", name)
		}
		return starlark.None, nil
	},
	// globals(run) is a dict of the global variables.
	"globals": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[0].(*run).module.Dict(), nil
	},
	// namespace(names) is a dict of the names of a class body.
	"namespace": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[0].(*classNames).names.Copy(), nil
	},
	// locals(name, read, name, read, ...) is a dict of the variables
	// that can be read.
	"locals": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		d := new(starlark.Dict)
		for i := 0; i+1 < len(args); i += 2 {
			v, err := starlark.Call(thread, args[i+1], nil, nil)
			if err != nil {
				if object.IsUncatchable(err) {
					return nil, err
				}
				continue
			}
			if err := d.SetKey(args[i], v); err != nil {
				return nil, err
			}
		}
		return d, nil
	},
}
