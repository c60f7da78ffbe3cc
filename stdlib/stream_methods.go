package stdlib

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// The types of streams. They are immutable.
var (
	textType           = object.NewGoType("_io", "TextIOWrapper", "Character and line based layer over a file.", nil)
	bufferedReaderType = object.NewGoType("_io", "BufferedReader", "A buffered binary reader.", nil)
	bufferedWriterType = object.NewGoType("_io", "BufferedWriter", "A buffered binary writer.", nil)
	bufferedRandomType = object.NewGoType("_io", "BufferedRandom", "A buffered binary reader and writer.", nil)
	stringIOType       = object.NewGoType("_io", "StringIO", "Text I/O implementation using an in-memory buffer.", newStringIO)
	bytesIOType        = object.NewGoType("_io", "BytesIO", "Buffered I/O implementation using an in-memory bytes buffer.", newBytesIO)

	unsupportedOperation = native.NewClass("UnsupportedOperation", "io", object.OSError, object.ValueError)
)

func init() {
	for _, t := range []*object.Type{textType, bufferedReaderType, bufferedWriterType, bufferedRandomType, stringIOType, bytesIOType} {
		defineBriefMethods(t, streamMethods)
	}
	for _, t := range []*object.Type{stringIOType, bytesIOType} {
		defineMethods(t, memoryMethods)
	}
}

func binaryType(b *buffered) *object.Type {
	switch {
	case b.readable && b.writable:
		return bufferedRandomType
	case b.writable:
		return bufferedWriterType
	}
	return bufferedReaderType
}

var streamMethods = []method[*Stream]{
	{"read(size=-1, /)", "Read at most size characters or bytes; all that remain if size is negative or None.", func(s *Stream, c *call) (starlark.Value, error) {
		n := c.IntOr(0, -1)
		if c.Err != nil {
			return nil, c.Err
		}
		return s.read(c.Thread, n)
	}},
	{"read1(size=-1, /)", "Read at most size bytes.", func(s *Stream, c *call) (starlark.Value, error) {
		n := c.IntOr(0, -1)
		if c.Err != nil {
			return nil, c.Err
		}
		return s.read(c.Thread, n)
	}},
	{"readline(size=-1, /)", "Read until newline or end of file; an empty result is the end of file.", func(s *Stream, c *call) (starlark.Value, error) {
		n := c.IntOr(0, -1)
		if c.Err != nil {
			return nil, c.Err
		}
		v, err := s.readLine(c.Thread, n)
		if v == nil && err == nil {
			return s.empty(), nil
		}
		return v, err
	}},
	{"readlines(hint=-1, /)", "Return a list of lines; no more are read once they total hint or more.", streamReadLines},
	{"readinto(buffer, /)", "Not offered: there are no writable buffers.", func(s *Stream, _ *call) (starlark.Value, error) {
		return nil, object.Errorf(object.NotImplementedError, "readinto: there are no writable buffers; use read(size)")
	}},
	{"write(data, /)", "Write data and return how many characters or bytes were written.", func(s *Stream, c *call) (starlark.Value, error) { return s.write(c.Arg(0)) }},
	{"writelines(lines, /)", "Write a list of lines; line separators are not added.", func(s *Stream, c *call) (starlark.Value, error) {
		for _, line := range c.Items(0) {
			if _, err := s.write(line); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}},
	{"seek(offset, whence=0, /)", "Change the stream position, and return the new one.", func(s *Stream, c *call) (starlark.Value, error) {
		offset, whence := c.Int(0), c.IntOr(1, 0)
		if c.Err != nil {
			return nil, c.Err
		}
		return s.seek(int64(offset), whence)
	}},
	{"tell()", "Return the current stream position.", func(s *Stream, _ *call) (starlark.Value, error) { return s.tell() }},
	{"truncate(size=None, /)", "Cut the file off at size bytes, by default at the current position.", streamTruncate},
	{"flush()", "Write out what is buffered.", func(s *Stream, _ *call) (starlark.Value, error) {
		if err := s.check(); err != nil {
			return nil, err
		}
		return nil, osError(s.b.flush())
	}},
	{"close()", "Flush and close the stream. Closing it again does nothing.", func(s *Stream, _ *call) (starlark.Value, error) { return nil, s.close() }},
	{"readable()", "Return whether the stream can be read.", func(s *Stream, _ *call) (starlark.Value, error) { return starlark.Bool(s.b.readable), s.check() }},
	{"writable()", "Return whether the stream can be written.", func(s *Stream, _ *call) (starlark.Value, error) { return starlark.Bool(s.b.writable), s.check() }},
	{"seekable()", "Return whether the stream has positions.", func(s *Stream, _ *call) (starlark.Value, error) {
		_, standard := s.b.f.(endpoint)
		return starlark.Bool(!standard), s.check()
	}},
	{"isatty()", "Return whether the stream is a terminal.", func(s *Stream, _ *call) (starlark.Value, error) { return starlark.Bool(s.terminal), s.check() }},
	{"fileno()", "The descriptor of a standard stream; other streams have none here.", func(s *Stream, _ *call) (starlark.Value, error) {
		if _, standard := s.b.f.(endpoint); standard {
			if i := slices.Index(standardNames, s.name.String()); i >= 0 {
				return starlark.MakeInt(i), s.check()
			}
		}
		return nil, unsupported("fileno")
	}},
	{"reconfigure(*, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)", "Change the stream's encoding.", streamReconfigure},
	{"__enter__()", "", func(s *Stream, _ *call) (starlark.Value, error) { return s, s.check() }},
	{"__exit__(*exc)", "", func(s *Stream, _ *call) (starlark.Value, error) { return starlark.None, s.close() }},
	{"__iter__()", "", func(s *Stream, _ *call) (starlark.Value, error) { return s, s.check() }},
	{"__next__()", "", func(s *Stream, c *call) (starlark.Value, error) {
		v, err := s.readLine(c.Thread, -1)
		if v == nil && err == nil {
			return nil, object.NewException(object.StopIteration)
		}
		return v, err
	}},
}

func streamReadLines(s *Stream, c *call) (starlark.Value, error) {
	hint := c.IntOr(0, -1)
	var out []starlark.Value
	for total := 0; hint <= 0 || total < hint; {
		v, err := s.readLine(c.Thread, -1)
		if err != nil {
			return nil, err
		}
		if v == nil {
			break
		}
		n, err := object.Len(c.Thread, v)
		if err != nil {
			return nil, err
		}
		total += n
		out = append(out, v)
	}
	return list(out), nil
}

func streamTruncate(s *Stream, c *call) (starlark.Value, error) {
	if err := s.checkWrite(); err != nil {
		return nil, err
	}
	var size int64
	if c.Given(0) {
		size = int64(c.Int(0))
		if c.Err == nil && size < 0 {
			return nil, object.Errorf(object.ValueError, "negative size value %d", size)
		}
	} else {
		pos, err := s.b.tell()
		if err != nil {
			return nil, osError(err)
		}
		size = pos
	}
	if c.Err != nil {
		return nil, c.Err
	}
	at := size
	if s.memory != nil && s.codec != nil && c.Given(0) {
		if err := s.b.flush(); err != nil {
			return nil, err
		}
		at = runeOffset(s.memory.data, size)
	}
	return starlark.MakeInt64(size), osError(s.b.truncate(at))
}

func streamReconfigure(s *Stream, c *call) (starlark.Value, error) {
	if s.codec == nil {
		return nil, object.Errorf(object.AttributeError, "'%s' object has no attribute 'reconfigure'", s.typ.Name())
	}
	name, errs := c.StrOr(0, s.codec.name), c.StrOr(1, s.codec.errors)
	if c.Err != nil {
		return nil, c.Err
	}
	k, err := newCodec(name, errs)
	if err != nil {
		return nil, err
	}
	s.codec = k
	if c.Given(2) {
		return nil, s.setNewline(c.Str(2), true)
	}
	return nil, nil
}

// setNewline sets how line ends are read and written: open's newline.
func (s *Stream) setNewline(newline string, given bool) error {
	if !given {
		s.translate, s.universal, s.lineEnd = true, true, nativeLineEnd()
		return nil
	}
	s.translate, s.universal, s.lineEnd = false, false, newline
	switch newline {
	case "":
		s.universal = true
	case "\n", "\r\n":
	case "\r":
		s.universal = true
	default:
		return object.Errorf(object.ValueError, "illegal newline value: %s", starlark.String(newline))
	}
	return nil
}

var memoryMethods = []method[*Stream]{
	{"getvalue()", "Return the whole contents.", func(s *Stream, c *call) (starlark.Value, error) {
		if err := s.check(); err != nil {
			return nil, err
		}
		if err := s.b.flush(); err != nil {
			return nil, err
		}
		if err := object.Grow(c.Thread, int64(len(s.memory.data))); err != nil {
			return nil, err
		}
		if s.codec == nil {
			return starlark.Bytes(s.memory.data), nil
		}
		return starlark.String(s.memory.data), nil
	}},
	{"getbuffer()", "Return the whole contents as bytes; changing them does not change the stream.", func(s *Stream, c *call) (starlark.Value, error) {
		if err := s.b.flush(); err != nil || s.codec != nil {
			return nil, unsupported("getbuffer")
		}
		if err := object.Grow(c.Thread, int64(len(s.memory.data))); err != nil {
			return nil, err
		}
		return starlark.Bytes(s.memory.data), nil
	}},
}

func newMemoryStream(thread *starlark.Thread, t *object.Type, data []byte, k *codec) *Stream {
	f := &memoryFile{data: data[:len(data):len(data)], room: object.BudgetOf(thread).Room()}
	return &Stream{b: newBuffered(f, nil, true, true), typ: t, codec: k, memory: f, mode: "rb+", lineEnd: "\n"}
}

var stringIOSignature = signature.Parse("StringIO(initial_value='', newline='\\n')")

func newStringIO(thread *starlark.Thread, cls *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return native.Invoke(thread, stringIOSignature, args, kwargs, func(c *call) (starlark.Value, error) {
		s := newMemoryStream(thread, cls, []byte(c.StrOr(0, "")), &codec{name: "utf-8", errors: "strict"})
		if c.Arg(1) != nil {
			if err := s.setNewline(c.StrOr(1, "\n"), c.Given(1)); err != nil {
				return nil, err
			}
		}
		return s, nil
	})
}

var bytesIOSignature = signature.Parse("BytesIO(initial_bytes=b'')")

func newBytesIO(thread *starlark.Thread, cls *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return native.Invoke(thread, bytesIOSignature, args, kwargs, func(c *call) (starlark.Value, error) {
		var data []byte
		if c.Given(0) {
			data = c.Bytes(0)
		}
		return newMemoryStream(thread, cls, data, nil), nil
	})
}

// standardNames are the representations of the names of the standard streams, by their
// descriptors.
var standardNames = []string{`"<stdin>"`, `"<stdout>"`, `"<stderr>"`}
