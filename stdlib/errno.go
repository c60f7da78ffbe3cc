package stdlib

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// errnoRow relates a kind of operating system error to Python's number, text and type.
type errnoRow struct {
	match  error
	name   string
	number int
	text   string
	typ    *object.Type
}

// errnos are the errors that Python has types for, with the numbers of Linux.
// Other systems number some differently; a script that prints the number sees these.
var errnos = []errnoRow{
	{errDenied{}, "EPERM", 1, errDenied{}.Error(), object.PermissionError},
	{syscall.EPERM, "EPERM", 1, "Operation not permitted", object.PermissionError},
	{syscall.ENOENT, "ENOENT", 2, "No such file or directory", object.FileNotFoundError},
	{syscall.EACCES, "EACCES", 13, "Permission denied", object.PermissionError},
	{syscall.EEXIST, "EEXIST", 17, "File exists", object.FileExistsError},
	{syscall.ENOTDIR, "ENOTDIR", 20, "Not a directory", object.NotADirectoryError},
	{syscall.EISDIR, "EISDIR", 21, "Is a directory", object.IsADirectoryError},
	{syscall.EINVAL, "EINVAL", 22, "Invalid argument", object.OSError},
	{syscall.ENOSPC, "ENOSPC", 28, "No space left on device", object.OSError},
	{syscall.EPIPE, "EPIPE", 32, "Broken pipe", object.BrokenPipeError},
	{syscall.ENOTEMPTY, "ENOTEMPTY", 39, "Directory not empty", object.OSError},
	{syscall.ECONNREFUSED, "ECONNREFUSED", 111, "Connection refused", object.ConnectionRefusedError},
	{syscall.ECONNRESET, "ECONNRESET", 104, "Connection reset by peer", object.ConnectionResetError},
	{syscall.ECONNABORTED, "ECONNABORTED", 103, "Software caused connection abort", object.ConnectionAbortedError},
	{syscall.EADDRINUSE, "EADDRINUSE", 98, "Address already in use", object.OSError},
	{syscall.EADDRNOTAVAIL, "EADDRNOTAVAIL", 99, "Cannot assign requested address", object.OSError},
	{syscall.ETIMEDOUT, "ETIMEDOUT", 110, "Connection timed out", object.TimeoutError},
	{syscall.EHOSTUNREACH, "EHOSTUNREACH", 113, "No route to host", object.OSError},
	{syscall.ENETUNREACH, "ENETUNREACH", 101, "Network is unreachable", object.OSError},
	{syscall.EBADF, "EBADF", 9, "Bad file descriptor", object.OSError},
	{fs.ErrNotExist, "ENOENT", 2, "No such file or directory", object.FileNotFoundError},
	{fs.ErrExist, "EEXIST", 17, "File exists", object.FileExistsError},
	{fs.ErrPermission, "EACCES", 13, "Permission denied", object.PermissionError},
}

// osError gives a file system's error Python's form:
// FileNotFoundError: [Errno 2] No such file or directory: 'x'.
func osError(err error, names ...string) error {
	if err == nil {
		return nil
	}
	var raised *object.Exception
	if errors.As(err, &raised) || object.IsUncatchable(err) {
		return err
	}
	number, text, typ := 5, "Input/output error", object.OSError
	var code syscall.Errno
	if errors.As(err, &code) {
		number, text = int(code), capitalized(code.Error())
	} else if inner := innermost(err); inner != nil {
		text = inner.Error()
	}
	for _, row := range errnos {
		if errors.Is(err, row.match) {
			number, text, typ = row.number, row.text, row.typ
			break
		}
	}
	e := object.NewException(typ, starlark.MakeInt(number), starlark.String(text))
	for i, n := range names {
		e.SetAttr([]string{"filename", "filename2"}[i], starlark.String(n))
	}
	return e
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

func capitalized(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(unicode.ToUpper(r))) + s[n:]
}
