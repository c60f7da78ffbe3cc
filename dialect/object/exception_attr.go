package object

import "go.starlark.net/starlark"

// orNone is e as a value.
func orNone(e *Exception) starlark.Value {
	if e == nil {
		return starlark.None
	}
	return e
}

// TracebackValue is e.__traceback__: the frames as a script sees them.
type TracebackValue struct{ Frames []Frame }

func (t *TracebackValue) String() string        { return "<traceback object at " + addressOf(t) + ">" }
func (t *TracebackValue) Type() string          { return "traceback" }
func (t *TracebackValue) Freeze()               {}
func (t *TracebackValue) Truth() starlark.Bool  { return true }
func (t *TracebackValue) Hash() (uint32, error) { return hashPointer(identity(t)), nil }

// Attr gives the line number of the innermost frame, as traceback.tb_lineno does.
func (t *TracebackValue) Attr(name string) (starlark.Value, error) {
	if name == "tb_lineno" && len(t.Frames) > 0 {
		return starlark.MakeInt(t.Frames[0].Line), nil
	}
	if name == "tb_next" {
		if len(t.Frames) > 1 {
			return &TracebackValue{t.Frames[1:]}, nil
		}
		return starlark.None, nil
	}
	return nil, nil
}

// AttrNames lists the attributes.
func (t *TracebackValue) AttrNames() []string { return []string{"tb_lineno", "tb_next"} }

// TracebackValue is e.__traceback__, None for an exception that was not raised.
func (e *Exception) TracebackValue() starlark.Value {
	if len(e.Traceback) == 0 {
		return starlark.None
	}
	return &TracebackValue{e.Traceback}
}

// setExceptionAttr assigns what an exception is made of.
func setExceptionAttr(thread *starlark.Thread, e *Exception, name string, v starlark.Value) (bool, error) {
	link := func(to **Exception) (bool, error) {
		if v == starlark.None {
			*to = nil
			return true, nil
		}
		x, ok := v.(*Exception)
		if !ok {
			return true, Errorf(TypeError, "exception %s must be None or derive from BaseException", name[2:len(name)-2])
		}
		*to = x
		return true, nil
	}
	switch name {
	case "args":
		args, err := collect(thread, v)
		e.Args = args
		return true, err
	case "__cause__":
		e.SuppressContext = true
		return link(&e.Cause)
	case "__context__":
		return link(&e.Context)
	case "__suppress_context__":
		e.SuppressContext = v == starlark.True
		return true, nil
	case "__traceback__":
		e.setTraceback(v)
		return true, nil
	}
	return false, nil
}

func (e *Exception) setTraceback(v starlark.Value) {
	if t, ok := v.(*TracebackValue); ok {
		e.Traceback = t.Frames
		return
	}
	e.Traceback = nil
}

func init() {
	type get = func(*starlark.Thread, starlark.Value) (starlark.Value, error)
	field := func(f func(e *Exception) starlark.Value) get {
		return func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			if e, ok := self.(*Exception); ok {
				return f(e), nil
			}
			return nil, nil
		}
	}
	argument := func(i, least int) get {
		return field(func(e *Exception) starlark.Value {
			if len(e.Args) >= least && i < len(e.Args) {
				return e.Args[i]
			}
			return starlark.None
		})
	}
	BaseException.getset = map[string]get{
		"args":                 field(func(e *Exception) starlark.Value { return e.Args }),
		"__cause__":            field(func(e *Exception) starlark.Value { return orNone(e.Cause) }),
		"__context__":          field(func(e *Exception) starlark.Value { return orNone(e.Context) }),
		"__suppress_context__": field(func(e *Exception) starlark.Value { return starlark.Bool(e.SuppressContext) }),
		"__traceback__": field(func(e *Exception) starlark.Value {
			return e.TracebackValue()
		}),
		"__dict__": field(func(e *Exception) starlark.Value { return e.namespace().Dict() }),
	}
	StopIteration.getset = map[string]get{"value": argument(0, 1)}
	SystemExit.getset = map[string]get{"code": field(func(e *Exception) starlark.Value {
		switch len(e.Args) {
		case 0:
			return starlark.None
		case 1:
			return e.Args[0]
		}
		return e.Args
	})}
	OSError.getset = map[string]get{"errno": argument(0, 2), "strerror": argument(1, 2), "filename": argument(-1, 1<<30)}
	ImportError.getset = map[string]get{"msg": argument(0, 1), "name": argument(-1, 1<<30), "path": argument(-1, 1<<30)}
	for _, t := range []*Type{UnicodeDecodeError, UnicodeEncodeError} {
		t.getset = map[string]get{
			"encoding": argument(0, 5), "object": argument(1, 5), "start": argument(2, 5),
			"end": argument(3, 5), "reason": argument(4, 5),
		}
	}
	SyntaxError.getset = map[string]get{"msg": argument(0, 1)}
	install(BaseException, []methodSpec{
		{name: "__init__", sig: "*args, **kw", fn: exceptionInit},
		{name: "add_note", sig: "note, /", fn: exceptionAddNote},
		{name: "with_traceback", sig: "tb, /", fn: exceptionWithTraceback},
		{name: "__str__", fn: func(c *call) (starlark.Value, error) {
			s, err := exceptionText(c.thread, c.self.(*Exception))
			return starlark.String(s), err
		}},
	})
}

func exceptionInit(c *call) (starlark.Value, error) {
	e, ok := c.self.(*Exception)
	if !ok {
		return nil, Errorf(TypeError, "descriptor '__init__' requires a 'BaseException' object but received a '%s'", typeName(c.self))
	}
	e.Args = append(starlark.Tuple(nil), c.rest...)
	return starlark.None, nil
}

func exceptionAddNote(c *call) (starlark.Value, error) {
	e := c.self.(*Exception)
	if _, ok := c.arg(0).(starlark.String); !ok {
		return nil, Errorf(TypeError, "note must be a str, not '%s'", typeName(c.arg(0)))
	}
	if v, ok := e.attrs.Get("__notes__"); ok {
		if l, ok := v.(*starlark.List); ok {
			return starlark.None, l.Append(c.arg(0))
		}
	}
	e.namespace().Set("__notes__", starlark.NewList([]starlark.Value{c.arg(0)}))
	return starlark.None, nil
}

func exceptionWithTraceback(c *call) (starlark.Value, error) {
	e := c.self.(*Exception)
	e.setTraceback(c.arg(0))
	return e, nil
}
