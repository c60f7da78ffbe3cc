package mlxstar

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
	"github.com/mlxstar/mlxstar/stdlib"
)

// Error is a script's failure: an exception that it did not catch, a syntax
// error, or a limit that it met. errors.Is finds context.Canceled,
// context.DeadlineExceeded, ErrInterrupted, ErrClosed, ErrStepLimit, ErrMemoryLimit and
// ErrLost behind it.
type Error struct {
	// Type is Python's name of the exception: "ValueError".
	Type string
	// Message is the exception's text.
	Message string
	// Traceback is what Python would print, its last line being Type: Message.
	Traceback string
	// File, Line, Column and Function are where the error arose, if that is known. Lines
	// and columns count from 1.
	File         string
	Line, Column int
	Function     string
	// Frames are the calls that led there, outermost first; the last is where the error
	// arose. A syntax error has none.
	Frames []Frame

	cause error
}

// Frame is one call of a script.
type Frame struct {
	File string `json:"file"`
	// Line and Column count from 1; 0 is unknown.
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
	// Function is "<module>" for the statements of a file.
	Function string `json:"function"`
}

// ErrStepLimit is behind the error of a script that ran more steps than Options allow.
var ErrStepLimit = errors.New("step limit exceeded")

// ErrMemoryLimit is behind the error of a script that needed more memory than its limit.
var ErrMemoryLimit = errors.New("memory limit exceeded")

func (e *Error) Error() string { return e.Type + ": " + e.Message }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// ExitError is returned when a script calls sys.exit or raises SystemExit.
type ExitError struct {
	Code    int
	Message string // what sys.exit was given to print, if that was a string
}

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// scriptError turns what a run gave into the package's errors.
func (rt *Runtime) scriptError(c *call, err error) error {
	if c.ended() == nil {
		err = dialect.Interrupted(c.thread, err)
	}
	if stopped := rt.stopped(c, err); stopped != nil {
		frames := dialect.Frames(err)
		stopped.locate(frames)
		stopped.Traceback = dialect.FormatFrames(frames, rt.source) + stopped.Error() + "\n"
		return stopped
	}
	trace := dialect.Traceback(err, rt.source)
	var bad *syntax.Error
	var raised *object.Exception
	if errors.As(err, &bad) && !errors.As(err, &raised) {
		return syntaxError(bad, err)
	}
	exc := object.AsException(err)
	if exc.IsA(object.SystemExit) {
		return exitError(exc)
	}
	e := &Error{Type: exc.Class.Name(), Message: exc.Message(), Traceback: trace, cause: err}
	e.locate(dialect.Frames(err))
	if exc.IsA(object.KeyboardInterrupt) {
		e.cause = errors.Join(ErrInterrupted, c.host.Err(), err)
	}
	var limit *alloc.LimitError
	if errors.As(err, &limit) || exc.IsA(object.MemoryError) {
		e.cause = errors.Join(ErrMemoryLimit, err)
	}
	return e
}

// locate says where the error arose.
func (e *Error) locate(frames []object.Frame) {
	for _, f := range frames {
		e.Frames = append(e.Frames, Frame{f.File, f.Line, f.Col, f.Function})
	}
	if n := len(frames); n > 0 {
		at := frames[n-1]
		e.File, e.Line, e.Column, e.Function = at.File, at.Line, at.Col, at.Function
	}
}

func syntaxError(bad *syntax.Error, cause error) *Error {
	return &Error{Type: bad.Kind, Message: bad.Msg, Traceback: bad.Report() + "\n", File: bad.File,
		Line: int(bad.Span.Start.Line), Column: int(bad.Span.Start.Col), cause: cause}
}

// stopped is the error of a call that was ended from outside, or nil. The place is not
// in it yet.
func (rt *Runtime) stopped(c *call, err error) *Error {
	cause := c.ended()
	var over *overLimit
	switch limit := rt.stepLimit; {
	case errors.As(cause, &over):
		return &Error{Type: "MemoryError", Message: over.Error(), cause: over}
	case cause != nil:
		return &Error{Type: "KeyboardInterrupt", Message: cause.Error(), cause: errors.Join(cause, c.host.Err(), c.Base().Err())}
	case limit > 0 && c.thread.ExecutionSteps() >= limit && object.IsUncatchable(err):
		return &Error{Type: "TimeoutError", Message: fmt.Sprintf("the script ran more than %d steps", limit-rt.stepBase), cause: ErrStepLimit}
	}
	return nil
}

// evalError is the error of an evaluation that no script asked for: behind one for want of
// memory errors.Is finds ErrMemoryLimit.
func evalError(err error) error {
	var limit *alloc.LimitError
	if !errors.As(err, &limit) {
		return err
	}
	return &Error{Type: "MemoryError", Message: err.Error(), Traceback: "MemoryError: " + err.Error() + "\n", cause: errors.Join(ErrMemoryLimit, err)}
}

func exitError(exc *object.Exception) error {
	if len(exc.Args) == 0 || exc.Args[0] == starlark.None {
		return &ExitError{}
	}
	if b, ok := exc.Args[0].(starlark.Bool); ok {
		exc.Args[0] = starlark.MakeInt(map[starlark.Bool]int{true: 1}[b])
	}
	if n, err := starlark.AsInt32(exc.Args[0]); err == nil {
		return &ExitError{Code: n}
	}
	text, err := object.Str(nil, exc.Args[0])
	if err != nil {
		text = exc.Args[0].String()
	}
	return &ExitError{Code: 1, Message: text}
}

// source gives tracebacks the text of a file: what was run under its name, the
// library's own, or a file that scripts may read.
func (rt *Runtime) source(file string) ([]byte, bool) {
	if src, ok := rt.sources[file]; ok {
		return []byte(src), true
	}
	if src, ok := stdlib.Source(file); ok {
		return src, true
	}
	src, err := rt.std.Data(rt.env.Resolve(file))
	return src, err == nil
}

// internalError is a mistake of this library, which a script sees as Python's
// SystemError.
func internalError(recovered any) *Error {
	message := fmt.Sprintf("internal error: %v", recovered)
	return &Error{Type: "SystemError", Message: message, Traceback: "SystemError: " + message + "\n"}
}
