package object

import (
	"strconv"

	"go.starlark.net/starlark"
)

// The types of groups of exceptions. A group of exceptions that are all Exceptions is one itself.
var (
	BaseExceptionGroup = exceptionType("BaseExceptionGroup", BaseException)
	ExceptionGroup     = newExceptionGroup()
)

func newExceptionGroup() *Type {
	t := exceptionType("ExceptionGroup", BaseExceptionGroup)
	t.bases = append(t.bases, ExceptionType)
	t.mro = []*Type{t, BaseExceptionGroup, ExceptionType, BaseException, ObjectType}
	return t
}

// Members are the exceptions of a group, nil for an exception that is none.
func (e *Exception) Members() []*Exception { return e.members }

// NewGroup is BaseExceptionGroup(message, members).
func NewGroup(message string, members []*Exception) *Exception {
	list := make([]starlark.Value, len(members))
	t := ExceptionGroup
	for i, m := range members {
		list[i] = m
		if !m.IsA(ExceptionType) {
			t = BaseExceptionGroup
		}
	}
	return &Exception{Class: t, Args: starlark.Tuple{starlark.String(message), starlark.NewList(list)}, members: members}
}

// join gives a new group its members, which are the second argument, and its type.
func (e *Exception) join(args starlark.Tuple) error {
	t := e.Class
	if len(args) != 2 {
		return Errorf(TypeError, "BaseExceptionGroup.__new__() takes exactly 2 arguments (%d given)", len(args))
	}
	if _, ok := AsString(args[0]); !ok {
		return Errorf(TypeError, "BaseExceptionGroup.__new__() argument 1 must be str, not %s", typeName(args[0]))
	}
	sequence := unwrap(args[1])
	list, ok := sequence.(starlark.Indexable)
	if s, isText := sequence.(starlark.String); isText {
		chars := make(starlark.Tuple, 0, len(s))
		for _, r := range string(s) {
			chars = append(chars, starlark.String(string(r)))
		}
		list, ok = chars, true
	}
	if !ok {
		return Errorf(TypeError, "second argument (exceptions) must be a sequence")
	}
	if list.Len() == 0 {
		return Errorf(ValueError, "second argument (exceptions) must be a non-empty sequence")
	}
	plain := true
	for i := range list.Len() {
		m, ok := list.Index(i).(*Exception)
		if !ok {
			return Errorf(ValueError, "Item %d of second argument (exceptions) is not an exception", i)
		}
		plain = plain && m.IsA(ExceptionType)
		e.members = append(e.members, m)
	}
	switch {
	case t == BaseExceptionGroup && plain:
		e.Class = ExceptionGroup
	case plain:
	case t == ExceptionGroup:
		return Errorf(TypeError, "Cannot nest BaseExceptions in an ExceptionGroup")
	case t.IsSubtype(ExceptionType):
		return Errorf(TypeError, "Cannot nest BaseExceptions in '%s'", t.name)
	}
	return nil
}

// groupText is str of a group.
func groupText(e *Exception) string {
	message, _ := AsString(e.Args[0])
	ending := "s"
	if len(e.members) == 1 {
		ending = ""
	}
	return message + " (" + strconv.Itoa(len(e.members)) + " sub-exception" + ending + ")"
}

// Split divides an exception into those parts that match takes and the others; either may be
// nil. A group's parts are groups like it.
func Split(thread *starlark.Thread, e *Exception, match func(*Exception) (bool, error)) (in, out *Exception, err error) {
	ok, err := match(e)
	if err != nil {
		return nil, nil, err
	}
	if ok {
		return e, nil, nil
	}
	if e.members == nil {
		return nil, e, nil
	}
	b, err := Deeper(thread)
	if err != nil {
		return nil, nil, err
	}
	defer b.Shallower()
	if err := Steps(thread, len(e.members)); err != nil {
		return nil, nil, err
	}
	var ins, outs []*Exception
	for _, m := range e.members {
		in, out, err := Split(thread, m, match)
		if err != nil {
			return nil, nil, err
		}
		if in != nil {
			ins = append(ins, in)
		}
		if out != nil {
			outs = append(outs, out)
		}
	}
	if in, err = e.derive(thread, ins); err == nil {
		out, err = e.derive(thread, outs)
	}
	return in, out, err
}

// derive is a group of some of the members, with what is known of the whole.
func (e *Exception) derive(thread *starlark.Thread, members []*Exception) (*Exception, error) {
	if len(members) == 0 {
		return nil, nil
	}
	list := make([]starlark.Value, len(members))
	for i, m := range members {
		list[i] = m
	}
	fn, err := GetAttr(thread, e, "derive")
	if err != nil {
		return nil, err
	}
	v, err := Call(thread, fn, starlark.Tuple{starlark.NewList(list)}, nil)
	if err != nil {
		return nil, err
	}
	part, ok := v.(*Exception)
	if !ok || part.members == nil {
		return nil, Errorf(TypeError, "derive must return an instance of BaseExceptionGroup")
	}
	part.Traceback, part.Cause, part.Context, part.SuppressContext, part.outermost = e.Traceback, e.Cause, e.Context, true, e.outermost
	if notes, ok := e.attrs.Get("__notes__"); ok {
		if list, ok := notes.(*starlark.List); ok {
			part.namespace().Set("__notes__", starlark.NewList(append([]starlark.Value(nil), *elements(list)...)))
		}
	}
	return part, nil
}

// matcher is the condition of split and subgroup: a type, several, or a function.
func matcher(thread *starlark.Thread, x starlark.Value) (func(*Exception) (bool, error), error) {
	refusal := Errorf(TypeError, "expected a function, exception type or tuple of exception types")
	types, ok := x.(starlark.Tuple)
	if t, isType := x.(*Type); isType {
		types, ok = starlark.Tuple{t}, true
	}
	if !ok {
		if !isCallable(x) {
			return nil, refusal
		}
		return func(e *Exception) (bool, error) {
			v, err := Call(thread, x, starlark.Tuple{e}, nil)
			if err != nil {
				return false, err
			}
			return Truth(thread, v)
		}, nil
	}
	for _, t := range types {
		if t, ok := t.(*Type); !ok || !t.IsSubtype(BaseException) {
			return nil, refusal
		}
	}
	return func(e *Exception) (bool, error) {
		for _, t := range types {
			if e.IsA(t.(*Type)) {
				return true, nil
			}
		}
		return false, nil
	}, nil
}

func groupMethods() []methodSpec {
	split := func(c *call) (in, out *Exception, err error) {
		match, err := matcher(c.thread, c.arg(0))
		if err != nil {
			return nil, nil, err
		}
		return Split(c.thread, c.self.(*Exception), match)
	}
	return []methodSpec{
		{name: "split", sig: "matcher_value, /", fn: func(c *call) (starlark.Value, error) {
			in, out, err := split(c)
			return starlark.Tuple{orNone(in), orNone(out)}, err
		}},
		{name: "subgroup", sig: "matcher_value, /", fn: func(c *call) (starlark.Value, error) {
			in, _, err := split(c)
			return orNone(in), err
		}},
		{name: "derive", sig: "excs, /", fn: func(c *call) (starlark.Value, error) {
			return Call(c.thread, BaseExceptionGroup, starlark.Tuple{c.self.(*Exception).Args[0], c.arg(0)}, nil)
		}},
	}
}

func init() {
	field := func(f func(e *Exception) starlark.Value) getter {
		return func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			if e, ok := self.(*Exception); ok && e.members != nil {
				return f(e), nil
			}
			return nil, nil
		}
	}
	BaseExceptionGroup.getset = map[string]getter{
		"message": field(func(e *Exception) starlark.Value { return e.Args[0] }),
		"exceptions": field(func(e *Exception) starlark.Value {
			out := make(starlark.Tuple, len(e.members))
			for i, m := range e.members {
				out[i] = m
			}
			return out
		}),
	}
	install(BaseExceptionGroup, groupMethods())
}
