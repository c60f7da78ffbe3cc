package mlxstar

import (
	"context"
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
// context.DeadlineExceeded, ErrStepLimit and ErrMemoryLimit behind it.
type Error struct {
	// Type is Python's name of the exception: "ValueError".
	Type string
	// Message is the exception's text.
	Message string
	// Traceback is what Python would print, its last line being Type: Message.
	Traceback string
	// File and Line are where the error arose, if that is known.
	File string
	Line int

	cause error
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
func (rt *Runtime) scriptError(ctx context.Context, thread *starlark.Thread, err error) error {
	trace := dialect.Traceback(err, rt.source)
	var over *overLimit
	if errors.As(context.Cause(ctx), &over) {
		return &Error{Type: "MemoryError", Message: over.Error(), Traceback: trace, cause: over}
	}
	if cause := ctx.Err(); cause != nil {
		return &Error{Type: "KeyboardInterrupt", Message: context.Cause(ctx).Error(), Traceback: trace, cause: cause}
	}
	if limit := rt.opts.StepLimit; limit > 0 && thread.ExecutionSteps() >= limit {
		return &Error{Type: "TimeoutError", Message: fmt.Sprintf("the script ran more than %d steps", limit), Traceback: trace, cause: ErrStepLimit}
	}
	var bad *syntax.Error
	var raised *object.Exception
	if errors.As(err, &bad) && !errors.As(err, &raised) {
		return &Error{Type: bad.Kind, Message: bad.Msg, Traceback: trace, File: bad.File, Line: int(bad.Span.Start.Line), cause: err}
	}
	exc := object.AsException(err)
	if exc.IsA(object.SystemExit) {
		return exitError(exc)
	}
	e := &Error{Type: exc.Class.Name(), Message: exc.Message(), Traceback: trace, cause: err}
	if n := len(exc.Traceback); n > 0 {
		e.File, e.Line = exc.Traceback[n-1].File, exc.Traceback[n-1].Line
	}
	var limit *alloc.LimitError
	if errors.As(err, &limit) || exc.IsA(object.MemoryError) {
		e.cause = errors.Join(ErrMemoryLimit, err)
	}
	return e
}

func exitError(exc *object.Exception) error {
	if len(exc.Args) == 0 || exc.Args[0] == starlark.None {
		return &ExitError{}
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
	src, err := rt.readFile(file)
	return src, err == nil
}

// internalError is a mistake of this library, which a script sees as Python's
// SystemError.
func internalError(recovered any) *Error {
	message := fmt.Sprintf("internal error: %v", recovered)
	return &Error{Type: "SystemError", Message: message, Traceback: "SystemError: " + message + "\n"}
}
