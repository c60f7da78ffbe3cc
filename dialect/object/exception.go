package object

import (
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// Exception is an instance of an exception type: a Starlark value that a script
// can catch, and a Go error that travels up the call chain.
type Exception struct {
	Class           *Type
	Args            starlark.Tuple
	Cause           *Exception // raise ... from Cause
	Context         *Exception // the exception being handled when this one was raised
	SuppressContext bool
	Traceback       []Frame // outermost first

	attrs     *Namespace
	members   []*Exception     // of a group
	outermost *starlark.Thread // whose frames the traceback begins with, once it left a generator
	name      string           // the name that was not found
	names     func() []string  // the names there are
	goErr     error            // the Go error this was made from, for errors.Is and errors.As
}

// Frame is one line of a traceback.
type Frame struct {
	File      string
	Line, Col int
	Function  string
}

var (
	_ starlark.Value = (*Exception)(nil)
	_ error          = (*Exception)(nil)
	_ HasType        = (*Exception)(nil)
)

// NewException makes an exception of type t.
func NewException(t *Type, args ...starlark.Value) *Exception {
	return &Exception{Class: t, Args: args}
}

// Errorf makes an exception of type t whose one argument is the formatted message.
func Errorf(t *Type, format string, args ...any) error {
	return &Exception{Class: t, Args: starlark.Tuple{starlark.String(fmt.Sprintf(format, args...))}}
}

// Error is the last line of Python's traceback: the type and the message.
func (e *Exception) Error() string {
	if msg, ok := e.plainMessage(); ok {
		return e.line(msg)
	}
	return e.ErrorOn(NewReport())
}

// plainMessage is the message of an exception that says it without code of the script.
func (e *Exception) plainMessage() (msg string, ok bool) {
	if len(e.Args) > 1 || special(e, "__str__") != nil || e.Class.IsSubtype(SyntaxError) {
		return "", false
	}
	if len(e.Args) == 0 {
		return "", true
	}
	if e.Class.IsSubtype(KeyError) {
		switch e.Args[0].(type) {
		case starlark.Int, starlark.String, starlark.Bool, starlark.NoneType:
			msg, err := Repr(nil, e.Args[0])
			return msg, err == nil
		}
		return "", false
	}
	s, ok := e.Args[0].(starlark.String)
	return string(s), ok
}

// ErrorOn is Error, with what it runs of the script on a thread.
func (e *Exception) ErrorOn(thread *starlark.Thread) string { return e.line(e.messageOn(thread)) }

// line is the last line of a traceback with a message.
func (e *Exception) line(msg string) string {
	name := e.Class.qualname
	if e.Class.module != "builtins" && e.Class.module != "" && e.Class.module != "__main__" {
		name = e.Class.module + "." + name
	}
	if near := e.Suggestion(); near != "" {
		msg += ". Did you mean: '" + near + "'?"
	}
	if msg != "" {
		return name + ": " + msg
	}
	return name
}

// WithCandidates lets the exception suggest one of names, computed on demand,
// for a name that was not found.
func (e *Exception) WithCandidates(name string, names func() []string) *Exception {
	e.name, e.names = name, names
	return e
}

// Suggestion is the name that was probably meant, or "".
func (e *Exception) Suggestion() string {
	if e.names == nil {
		return ""
	}
	return Nearest(e.name, e.names())
}

// Message is str(e).
func (e *Exception) Message() string { return e.messageOn(NewReport()) }

func (e *Exception) messageOn(thread *starlark.Thread) string {
	s, err := Str(thread, e)
	if err != nil {
		return "<exception str() failed>"
	}
	return s
}

// From notes the Go error that the exception stands for, which errors.As finds.
func (e *Exception) From(err error) *Exception {
	e.goErr = err
	return e
}

// Unwrap gives the Go error the exception was made from, if any.
func (e *Exception) Unwrap() error { return e.goErr }

func (e *Exception) String() string {
	s, err := Repr(NewReport(), e)
	if err != nil {
		return "<" + e.Class.name + " object>"
	}
	return s
}

// Type is the name of the exception's type.
func (e *Exception) Type() string          { return e.Class.name }
func (e *Exception) Freeze()               {}
func (e *Exception) Truth() starlark.Bool  { return true }
func (e *Exception) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(e)), nil }

// PyType is the exception's type.
func (e *Exception) PyType() *Type { return e.Class }

// Is reports whether the exception is an instance of t.
func (e *Exception) IsA(t *Type) bool { return e.Class.IsSubtype(t) }

// namespace is where the exception's own attributes live.
func (e *Exception) namespace() *Namespace {
	if e.attrs == nil {
		e.attrs = NewNamespace()
	}
	return e.attrs
}

// Notes returns the notes that add_note attached.
func (e *Exception) Notes() []string {
	v, ok := e.attrs.Get("__notes__")
	if !ok {
		return nil
	}
	list, ok := v.(*starlark.List)
	if !ok {
		return nil
	}
	var notes []string
	for _, n := range *elements(list) {
		if s, ok := n.(starlark.String); ok {
			notes = append(notes, string(s))
		}
	}
	return notes
}

// SetAttr binds an attribute of the exception, for Go code that raises one with details.
func (e *Exception) SetAttr(name string, v starlark.Value) *Exception {
	e.namespace().Set(name, v)
	return e
}

// exceptionText is str(e) for an exception whose class does not define __str__.
func exceptionText(thread *starlark.Thread, e *Exception) (string, error) {
	switch {
	case e.members != nil:
		return groupText(e), nil
	case e.Class.IsSubtype(KeyError) && len(e.Args) == 1:
		return Repr(thread, e.Args[0])
	case e.Class.IsSubtype(OSError) && len(e.Args) >= 2:
		return osErrorText(thread, e)
	case e.Class.IsSubtype(SyntaxError) && len(e.Args) == 0:
		return "None", nil
	case e.Class.IsSubtype(SyntaxError):
		return argumentText(thread, e.Args[0])
	case e.Class.IsSubtype(UnicodeDecodeError) && len(e.Args) == 5:
		return decodeErrorText(e), nil
	case e.Class.IsSubtype(UnicodeEncodeError) && len(e.Args) == 5:
		return encodeErrorText(e), nil
	case len(e.Args) == 0:
		return "", nil
	case len(e.Args) == 1:
		return argumentText(thread, e.Args[0])
	}
	return Repr(thread, e.Args)
}

// argumentText is str of an exception's argument, which may be another exception.
func argumentText(thread *starlark.Thread, x starlark.Value) (string, error) {
	if s, ok := x.(starlark.String); ok {
		return string(s), nil
	}
	b, err := Deeper(thread)
	if err != nil {
		return "", err
	}
	defer b.Shallower()
	return Str(thread, x)
}

func decodeErrorText(e *Exception) string {
	codec, start, end, reason := unicodeErrorParts(e)
	if b, ok := e.Args[1].(starlark.Bytes); ok && end == start+1 && start >= 0 && start < len(b) {
		return fmt.Sprintf("'%s' codec can't decode byte 0x%02x in position %d: %s", codec, b[start], start, reason)
	}
	return fmt.Sprintf("'%s' codec can't decode bytes in position %d-%d: %s", codec, start, end-1, reason)
}

func encodeErrorText(e *Exception) string {
	codec, start, end, reason := unicodeErrorParts(e)
	whole, _ := starlark.AsString(e.Args[1])
	if rest := whole[text.Offset(whole, start):]; end == start+1 && start >= 0 && rest != "" {
		r, _ := utf8.DecodeRuneInString(rest)
		return fmt.Sprintf("'%s' codec can't encode character '%s' in position %d: %s",
			codec, strings.Trim(text.QuoteASCII(string(r)), "'"), start, reason)
	}
	return fmt.Sprintf("'%s' codec can't encode characters in position %d-%d: %s", codec, start, end-1, reason)
}

func unicodeErrorParts(e *Exception) (codec string, start, end int, reason string) {
	codec, _ = starlark.AsString(e.Args[0])
	start, _ = starlark.AsInt32(e.Args[2])
	end, _ = starlark.AsInt32(e.Args[3])
	reason, _ = starlark.AsString(e.Args[4])
	return codec, start, end, reason
}

func osErrorText(thread *starlark.Thread, e *Exception) (string, error) {
	errno, err := Str(thread, e.Args[0])
	if err != nil {
		return "", err
	}
	text, err := Str(thread, e.Args[1])
	if err != nil {
		return "", err
	}
	s := "[Errno " + errno + "] " + text
	if file, ok := e.attrs.Get("filename"); ok && file != starlark.None {
		name, err := Repr(thread, file)
		if err != nil {
			return "", err
		}
		s += ": " + name
	}
	return s, nil
}
