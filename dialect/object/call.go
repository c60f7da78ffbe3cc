package object

import (
	"fmt"
	"sync"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

// call is one call of a builtin: the arguments in the order of the parameters. One
// that was not given is nil.
type call struct {
	thread *starlark.Thread
	name   string
	self   starlark.Value
	bound  []starlark.Value
	rest   starlark.Tuple
	kw     []starlark.Tuple
	space  [4]starlark.Value
}

// bind places the call's arguments by a signature.
func (c *call) bind(s *signature.Signature, args starlark.Tuple, kwargs []starlark.Tuple) (err error) {
	c.bound, c.rest, c.kw, err = s.Bind(c.space[:], args, kwargs)
	return Raised(err)
}

// calls are those that are over: a call takes one of them again. Functions do not keep
// theirs.
var calls = sync.Pool{New: func() any { return new(call) }}

// invoke binds the arguments and calls a builtin.
func invoke(thread *starlark.Thread, name string, self starlark.Value, sig *signature.Signature, fn func(c *call) (starlark.Value, error), args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	c := calls.Get().(*call)
	c.thread, c.name, c.self = thread, name, self
	err := c.bind(sig, args, kwargs)
	var v starlark.Value
	if err == nil {
		v, err = fn(c)
	}
	*c = call{} // what it held may die
	calls.Put(c)
	return v, err
}

// arg is the argument of parameter i, or nil.
func (c *call) arg(i int) starlark.Value { return c.bound[i] }

// given reports whether parameter i has an argument other than None.
func (c *call) given(i int) bool { return c.bound[i] != nil && c.bound[i] != starlark.None }

// intArg converts an argument to a Go int, as operator.index does.
func (c *call) intArg(i, otherwise int) (int, error) {
	if c.bound[i] == nil {
		return otherwise, nil
	}
	return AsIndex(c.thread, c.bound[i])
}

// boolArg is the truth of an argument.
func (c *call) boolArg(i int, otherwise bool) (bool, error) {
	if c.bound[i] == nil {
		return otherwise, nil
	}
	return Truth(c.thread, c.bound[i])
}

// strArg is a required string argument.
func (c *call) strArg(i int) (string, error) {
	if s, ok := AsString(c.bound[i]); ok {
		return s, nil
	}
	return "", Errorf(TypeError, "%s() argument %d must be str, not %s", c.name, i+1, typeName(c.bound[i]))
}

func newString(s string) (starlark.Value, error) { return starlark.String(s), nil }

func newBool(b bool) (starlark.Value, error) { return starlark.Bool(b), nil }

func newInt(i int) (starlark.Value, error) { return starlark.MakeInt(i), nil }

func addressOf(p any) string { return fmt.Sprintf("%p", p) }
