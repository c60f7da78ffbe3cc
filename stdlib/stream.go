package stdlib

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// Stream is a Python file object: what open, io.StringIO, io.BytesIO and
// gzip.open give, and the standard streams. Go code reads and writes the bytes
// below it through io.Reader, io.Writer and io.Seeker.
type Stream struct {
	b      *buffered
	typ    *object.Type
	name   starlark.Value
	mode   string
	codec  *codec // nil for a binary stream
	closed bool
	// translate: line ends become '\n' when read (newline=None). universal: lines
	// end at '\r' and "\r\n" too.
	translate, universal bool
	lineEnd              string // what '\n' is written as
	terminal             bool
	memory               *memoryFile // of StringIO and BytesIO
}

var (
	_ starlark.HasAttrs  = (*Stream)(nil)
	_ object.HasType     = (*Stream)(nil)
	_ object.HasIter     = (*Stream)(nil)
	_ object.HasNext     = (*Stream)(nil)
	_ io.ReadWriteSeeker = (*Stream)(nil)
)

func (s *Stream) String() string {
	switch {
	case s.memory != nil:
		return "<" + s.typ.Module() + "." + s.typ.Name() + " object>"
	case s.codec != nil:
		return "<_io.TextIOWrapper name=" + s.nameText() + " mode='" + s.mode + "' encoding='" + s.codec.label() + "'>"
	}
	return "<_io." + s.typ.Name() + " name=" + s.nameText() + ">"
}

func (s *Stream) nameText() string {
	if s.name == nil {
		return "None"
	}
	text, err := object.Repr(&starlark.Thread{Name: "repr"}, s.name)
	if err != nil {
		return object.TypeName(s.name)
	}
	return text
}

func (s *Stream) Type() string          { return s.typ.Name() }
func (s *Stream) Freeze()               {}
func (s *Stream) Truth() starlark.Bool  { return true }
func (s *Stream) Hash() (uint32, error) { return starlark.String(s.nameText()).Hash() }

// PyType is the kind of stream.
func (s *Stream) PyType() *object.Type { return s.typ }

// Attr gives the stream's data attributes.
func (s *Stream) Attr(name string) (starlark.Value, error) {
	switch name {
	case "closed":
		return starlark.Bool(s.closed), nil
	case "name":
		if s.name != nil {
			return s.name, nil
		}
	case "mode":
		if s.memory == nil {
			return starlark.String(s.mode), nil
		}
	case "encoding":
		if s.codec != nil && s.memory == nil {
			return starlark.String(s.codec.label()), nil
		}
	case "errors":
		if s.codec != nil && s.memory == nil {
			return starlark.String(s.codec.errors), nil
		}
	case "buffer":
		if s.codec != nil && s.memory == nil {
			raw := *s
			raw.codec, raw.translate, raw.typ = nil, false, binaryType(s.b)
			return &raw, nil
		}
	case "newlines":
		if s.codec != nil {
			return starlark.None, nil
		}
	case "line_buffering":
		if s.codec != nil {
			return starlark.Bool(s.terminal), nil
		}
	}
	return nil, nil
}

// AttrNames lists the data attributes.
func (s *Stream) AttrNames() []string {
	return []string{"buffer", "closed", "encoding", "errors", "line_buffering", "mode", "name", "newlines"}
}

func (c *codec) label() string {
	if c.name == "utf-8" {
		return "UTF-8"
	}
	return c.name
}

// check fails for a closed stream.
func (s *Stream) check() error {
	switch {
	case s.closed && s.memory != nil:
		return object.Errorf(object.ValueError, "I/O operation on closed file")
	case s.closed:
		return object.Errorf(object.ValueError, "I/O operation on closed file.")
	}
	return nil
}

func unsupported(what string) error {
	return object.NewException(unsupportedOperation, starlark.String(what))
}

func (s *Stream) checkRead() error {
	if err := s.check(); err != nil {
		return err
	}
	if !s.b.readable {
		return unsupported(s.lacks("readable", "read"))
	}
	return nil
}

func (s *Stream) checkWrite() error {
	if err := s.check(); err != nil {
		return err
	}
	if !s.b.writable {
		return unsupported(s.lacks("writable", "write"))
	}
	return nil
}

func (s *Stream) lacks(able, operation string) string {
	if s.codec != nil {
		return "not " + able
	}
	return operation
}

// Read reads bytes, for Go code.
func (s *Stream) Read(p []byte) (int, error) {
	if err := s.checkRead(); err != nil {
		return 0, err
	}
	return s.b.Read(p)
}

// Write writes bytes, for Go code.
func (s *Stream) Write(p []byte) (int, error) {
	if err := s.checkWrite(); err != nil {
		return 0, err
	}
	return len(p), s.b.write(p)
}

// Seek moves in the bytes, for Go code.
func (s *Stream) Seek(offset int64, whence int) (int64, error) {
	if err := s.check(); err != nil {
		return 0, err
	}
	return s.b.Seek(offset, whence)
}

// Binary reports whether the stream holds bytes rather than text.
func (s *Stream) Binary() bool { return s.codec == nil }

// value makes what a read returns.
func (s *Stream) value(b []byte) (starlark.Value, error) {
	if s.codec == nil {
		return object.BytesOf(b), nil
	}
	text, err := s.codec.decode(b)
	if err != nil {
		return nil, err
	}
	return starlark.String(s.translated(text)), nil
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (s *Stream) translated(text string) string {
	if s.translate && strings.IndexByte(text, '\r') >= 0 {
		return lineEnds.Replace(text)
	}
	return text
}

// read reads n bytes or characters; a negative n reads everything.
func (s *Stream) read(thread *starlark.Thread, n int) (starlark.Value, error) {
	if err := s.checkRead(); err != nil {
		return nil, err
	}
	if s.codec == nil || n < 0 {
		b, err := s.b.read(thread, n)
		if err != nil {
			return nil, osError(err)
		}
		return s.value(b)
	}
	if err := s.b.startRead(); err != nil {
		return nil, osError(err)
	}
	return s.readText(thread, n)
}

// readText reads n characters.
func (s *Stream) readText(thread *starlark.Thread, n int) (starlark.Value, error) {
	var out strings.Builder
	var meter object.Meter
	for turn := 1; n > 0; n-- {
		if turn++; turn%object.LongStep == 0 {
			if err := object.Steps(thread, object.LongStep); err != nil {
				return nil, err
			}
			if err := meter.Grow(thread, out.Len()); err != nil {
				return nil, err
			}
		}
		first, err := s.b.r.Peek(1)
		if len(first) == 0 {
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, osError(err)
			}
			break
		}
		width := 1
		if s.codec.limit == 0 && first[0] >= utf8.RuneSelf {
			head, _ := s.b.r.Peek(utf8.UTFMax)
			_, width = utf8.DecodeRune(head)
		}
		b, err := s.b.read(thread, width)
		if err != nil {
			return nil, osError(err)
		}
		text, err := s.codec.decode(b)
		if err != nil {
			return nil, err
		}
		if s.translate && text == "\r" {
			text = "\n"
			if next, _ := s.b.r.Peek(1); len(next) == 1 && next[0] == '\n' {
				_, _ = s.b.r.Discard(1) // it is buffered
			}
		}
		out.WriteString(text)
	}
	return starlark.String(out.String()), nil
}

// readLine reads a line with its end; at the end of the stream it gives nil.
func (s *Stream) readLine(thread *starlark.Thread, limit int) (starlark.Value, error) {
	if err := s.checkRead(); err != nil {
		return nil, err
	}
	b, err := s.b.line(thread, s.universal, limit)
	if err != nil {
		return nil, osError(err)
	}
	if len(b) == 0 {
		return nil, nil
	}
	return s.value(b)
}

func (s *Stream) empty() starlark.Value {
	if s.codec == nil {
		return starlark.Bytes("")
	}
	return starlark.String("")
}

// write writes a str or bytes and gives how much.
func (s *Stream) write(v starlark.Value) (starlark.Value, error) {
	if err := s.checkWrite(); err != nil {
		return nil, err
	}
	if s.codec == nil {
		b, ok := native.AsBytes(v)
		if !ok {
			return nil, object.Errorf(object.TypeError, "a bytes-like object is required, not '%s'", object.TypeName(v))
		}
		return starlark.MakeInt(len(b)), osError(s.b.write(b))
	}
	text, ok := object.AsString(v)
	if !ok {
		if s.memory != nil {
			return nil, object.Errorf(object.TypeError, "string argument expected, got '%s'", object.TypeName(v))
		}
		return nil, object.Errorf(object.TypeError, "write() argument must be str, not %s", object.TypeName(v))
	}
	return starlark.MakeInt(utf8.RuneCountInString(text)), s.writeText(text)
}

func (s *Stream) writeText(text string) error {
	if err := s.checkWrite(); err != nil {
		return err
	}
	if s.lineEnd != "" && s.lineEnd != "\n" {
		text = strings.ReplaceAll(text, "\n", s.lineEnd)
	}
	b, err := s.codec.encode(text)
	if err != nil {
		return err
	}
	return osError(s.b.write(b))
}

func (s *Stream) close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return osError(s.b.close())
}

// Iter iterates over the lines.
func (s *Stream) Iter(*starlark.Thread) (object.Iterator, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return &streamLines{s}, nil
}

// NextValue is the next line.
func (s *Stream) NextValue(thread *starlark.Thread) (starlark.Value, bool, error) {
	v, err := s.readLine(thread, -1)
	return v, v != nil, err
}

type streamLines struct{ s *Stream }

func (it *streamLines) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.s == nil {
		return nil, false, nil
	}
	return it.s.NextValue(thread)
}

func (it *streamLines) Close() { it.s = nil }

// tell is the position: of bytes, and in a StringIO of characters.
func (s *Stream) tell() (starlark.Value, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	pos, err := s.b.tell()
	if err != nil {
		return nil, osError(err)
	}
	if s.memory != nil && s.codec != nil {
		if err := s.b.flush(); err != nil {
			return nil, err
		}
		pos = int64(utf8.RuneCount(s.memory.data[:min(pos, int64(len(s.memory.data)))]))
	}
	return starlark.MakeInt64(pos), nil
}

func (s *Stream) seek(offset int64, whence int) (starlark.Value, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	switch {
	case whence < 0 || whence > 2:
		return nil, object.Errorf(object.ValueError, "invalid whence (%d, should be 0, 1 or 2)", whence)
	case s.codec != nil && whence == 1 && offset != 0:
		return nil, unsupported("can't do nonzero cur-relative seeks")
	case s.codec != nil && whence == 2 && offset != 0:
		return nil, unsupported("can't do nonzero end-relative seeks")
	case whence == 0 && offset < 0:
		return nil, object.Errorf(object.ValueError, "negative seek position %d", offset)
	}
	if s.memory != nil && s.codec != nil && whence == 0 {
		if err := s.b.flush(); err != nil {
			return nil, err
		}
		offset = runeOffset(s.memory.data, offset)
	}
	if _, err := s.b.Seek(offset, whence); err != nil {
		return nil, osError(err)
	}
	return s.tell()
}

// runeOffset is the byte at which character n starts.
func runeOffset(data []byte, n int64) int64 {
	off := int64(0)
	for ; n > 0 && off < int64(len(data)); n-- {
		_, w := utf8.DecodeRune(data[off:])
		off += int64(w)
	}
	return off
}

// nativeLineEnd is what '\n' becomes in a text file.
func nativeLineEnd() string {
	if runtime.GOOS == "windows" {
		return "\r\n"
	}
	return "\n"
}
