package stdlib

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// Builtins are the builtin functions that reach outside: open, print and input.
func (m *Modules) Builtins() starlark.StringDict {
	out := starlark.StringDict{}
	for _, row := range []function{
		{"open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
			"Open file and return a stream. Raise OSError upon failure.", m.open},
		{"print(*args, sep=' ', end='\\n', file=None, flush=False)",
			"Prints the values to a stream, or to sys.stdout by default.", m.print},
		{"input(prompt='', /)",
			"Read a string from standard input.  The trailing newline is stripped.", m.input},
		{"__import__(name, globals=None, locals=None, fromlist=(), level=0)",
			"Import a module. Programs better call importlib.import_module.", m.importBuiltin},
	} {
		f := native.NewFunction("builtins", row.sig, row.doc, row.body)
		out[f.Name()] = f
	}
	return out
}

// openMode is a parsed mode of open.
type openMode struct {
	flag            int
	read, write     bool
	text, appending bool
}

func parseMode(mode string) (openMode, error) {
	var o openMode
	bad := func(format string) (openMode, error) { return o, object.Errorf(object.ValueError, "%s", format) }
	kinds, plus, binary, text := 0, false, false, false
	for i, ch := range mode {
		if strings.ContainsRune(mode[:i], ch) {
			return bad("invalid mode: '" + mode + "'")
		}
		switch ch {
		case 'r', 'w', 'a', 'x':
			kinds++
		case '+':
			plus = true
		case 'b':
			binary = true
		case 't':
			text = true
		default:
			return bad("invalid mode: '" + mode + "'")
		}
	}
	switch {
	case binary && text:
		return bad("can't have text and binary mode at once")
	case kinds == 0:
		return bad("Must have exactly one of create/read/write/append mode and at most one plus")
	case kinds > 1:
		return bad("must have exactly one of create/read/write/append mode")
	}
	o.text = !binary
	switch {
	case strings.Contains(mode, "r"):
		o.read, o.write = true, plus
	case strings.Contains(mode, "w"):
		o.flag, o.write, o.read = os.O_CREATE|os.O_TRUNC, true, plus
	case strings.Contains(mode, "x"):
		o.flag, o.write, o.read = os.O_CREATE|os.O_EXCL, true, plus
	default:
		o.flag, o.write, o.read, o.appending = os.O_CREATE|os.O_APPEND, true, plus, true
	}
	switch {
	case o.read && o.write:
		o.flag |= os.O_RDWR
	case o.write:
		o.flag |= os.O_WRONLY
	}
	return o, nil
}

func (m *Modules) open(c *call) (starlark.Value, error) {
	mode, err := parseMode(c.StrOr(1, "r"))
	if err != nil {
		return nil, err
	}
	if c.Given(7) {
		return nil, object.Errorf(object.NotImplementedError, "open: opener is not supported; open the file by its path")
	}
	if _, ok := c.Arg(0).(starlark.Int); ok {
		return nil, object.Errorf(object.NotImplementedError, "open: file descriptors are not supported; open the file by its path")
	}
	path := c.Path(0)
	if c.Err != nil {
		return nil, c.Err
	}
	if !mode.text {
		for i, what := range []string{"an encoding", "an errors", "a newline"} {
			if c.Given(3 + i) {
				return nil, object.Errorf(object.ValueError, "binary mode doesn't take %s argument", what)
			}
		}
	}
	f, err := m.openFile(path, mode.flag)
	if err != nil {
		return nil, err
	}
	return m.wrapFile(c, f, path, mode, 3)
}

// openFile opens a file of the file system; directories are refused.
func (m *Modules) openFile(path string, flag int) (File, error) {
	name := m.env.Resolve(path)
	var f File
	var err error
	if m.isPipe(name) {
		f, err = m.openPipe(name, flag)
		if ended := m.env.context().Err(); err != nil && ended != nil {
			return nil, ended
		}
	} else {
		f, err = m.files().OpenFile(name, flag, 0o666)
	}
	if err != nil {
		return nil, osError(err, path)
	}
	if d, ok := f.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := d.Stat(); err == nil && info.IsDir() {
			_ = f.Close()
			return nil, osErrorNumber(21, path)
		}
	}
	if flag&os.O_APPEND != 0 {
		if _, err := f.Seek(0, io.SeekEnd); err != nil {
			_ = f.Close()
			return nil, osError(err, path)
		}
	}
	return f, nil
}

// osErrorNumber makes the error of a number of the table.
func osErrorNumber(number int, path string) error {
	for _, row := range errnos {
		if row.number == number && row.match != (errDenied{}) {
			return osError(row.match, path)
		}
	}
	return object.Errorf(object.OSError, "[Errno %d] unknown error: %s", number, starlark.String(path))
}

// wrapFile makes the stream of an open file. The encoding, errors and newline
// arguments stand at first and after.
func (m *Modules) wrapFile(c *call, f File, path string, mode openMode, first int) (starlark.Value, error) {
	s := &Stream{b: newBuffered(f, m, mode.read, mode.write), name: c.Arg(0), mode: c.StrOr(1, "r")}
	if _, isString := object.AsString(c.Arg(0)); !isString {
		s.name = starlark.String(path)
	}
	if !mode.text {
		s.typ = binaryType(s.b)
		return s, nil
	}
	s.typ = textType
	k, err := newCodec(c.StrOr(first, "utf-8"), c.StrOr(first+1, "strict"))
	if err == nil {
		err = s.setNewline(c.StrOr(first+2, ""), c.Given(first+2))
	}
	if err == nil {
		err = c.Err
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	if k.name == "utf-8-sig" {
		err = s.startSignature(mode)
		k.name = "utf-8"
	}
	s.codec = k
	return s, osError(err)
}

// startSignature skips the mark at the start of a file that is read, or writes it.
func (s *Stream) startSignature(mode openMode) error {
	const mark = "\xef\xbb\xbf"
	if mode.write && !mode.read {
		return s.b.write([]byte(mark))
	}
	if head, _ := s.b.r.Peek(len(mark)); string(head) == mark {
		_, err := s.b.r.Discard(len(mark))
		return err
	}
	return nil
}

// print writes to the stream that sys.stdout is now.
func (m *Modules) print(c *call) (starlark.Value, error) {
	for i, name := range map[int]string{1: "sep", 2: "end"} {
		if _, ok := object.AsString(c.Arg(i)); c.Given(i) && !ok {
			return nil, object.Errorf(object.TypeError, "%s must be None or a string, not %s", name, object.TypeName(c.Arg(i)))
		}
	}
	sep, end := c.StrOr(1, " "), c.StrOr(2, "\n")
	if c.Err != nil {
		return nil, c.Err
	}
	var text strings.Builder
	var meter object.Meter
	for i, v := range c.Rest {
		if i%object.LongStep == object.LongStep-1 {
			if err := object.Steps(c.Thread, object.LongStep); err != nil {
				return nil, err
			}
		}
		s, err := object.Str(c.Thread, v)
		if err == nil {
			err = meter.Grow(c.Thread, text.Len()+len(sep)+len(s))
		}
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text.WriteString(sep)
		}
		text.WriteString(s)
	}
	text.WriteString(end)
	to := c.Arg(3)
	if !c.Given(3) {
		to = m.sys.All()["stdout"]
		if to == nil || to == starlark.None {
			return nil, nil
		}
	}
	if err := writeText(c.Thread, to, text.String()); err != nil {
		return nil, err
	}
	if c.BoolOr(4, false) {
		return nil, flushStream(c.Thread, to)
	}
	return nil, nil
}

// writeText writes to a stream or to any object with a write method.
func writeText(thread *starlark.Thread, to starlark.Value, text string) error {
	if s, ok := to.(*Stream); ok && s.codec != nil {
		return s.writeText(text)
	}
	fn, err := object.GetAttr(thread, to, "write")
	if err != nil {
		return err
	}
	_, err = object.Call(thread, fn, starlark.Tuple{starlark.String(text)}, nil)
	return err
}

func flushStream(thread *starlark.Thread, to starlark.Value) error {
	fn, err := object.GetAttr(thread, to, "flush")
	if err != nil {
		return err
	}
	_, err = object.Call(thread, fn, nil, nil)
	return err
}

// WriteError writes to what sys.stderr is now, for a host that reports an error.
func (m *Modules) WriteError(thread *starlark.Thread, text string) error {
	to := m.sys.All()["stderr"]
	if to == nil || to == starlark.None {
		return nil
	}
	return writeText(thread, to, text)
}

func (m *Modules) input(c *call) (starlark.Value, error) {
	if prompt := c.Arg(0); prompt != nil {
		text, err := object.Str(c.Thread, prompt)
		if err != nil {
			return nil, err
		}
		if out := m.sys.All()["stdout"]; out != nil && out != starlark.None {
			if err := errors.Join(writeText(c.Thread, out, text), flushStream(c.Thread, out)); err != nil {
				return nil, err
			}
		}
	}
	in := m.sys.All()["stdin"]
	if in == nil {
		return nil, object.Errorf(object.RuntimeError, "input(): lost sys.stdin")
	}
	fn, err := object.GetAttr(c.Thread, in, "readline")
	if err != nil {
		return nil, err
	}
	v, err := c.Invoke(fn)
	if err != nil {
		return nil, err
	}
	line, ok := object.AsString(v)
	switch {
	case !ok:
		return nil, object.Errorf(object.TypeError, "object.readline() returned non-string")
	case line == "":
		return nil, object.Errorf(object.EOFError, "EOF when reading a line")
	}
	return starlark.String(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")), nil
}

// standardStream makes sys.stdin, sys.stdout or sys.stderr.
func (m *Modules) standardStream(name string, e endpoint, mode string, terminal bool) *Stream {
	b := &buffered{f: e, direct: mode == "w", readable: mode == "r", writable: mode == "w"}
	if b.readable {
		b.r = bufio.NewReader(b.f)
	}
	s := &Stream{b: b, typ: textType, name: starlark.String(name), mode: mode, codec: &codec{name: "utf-8", errors: "strict"}, terminal: terminal}
	s.translate, s.universal, s.lineEnd = true, true, "\n"
	return s
}
