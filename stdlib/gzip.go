package stdlib

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeGzip(m *Modules) *native.Module {
	mod := native.NewModule("gzip", "Functions that read and write gzipped files.")
	bad := native.NewClass("BadGzipFile", "gzip", object.OSError)
	mod.Members["BadGzipFile"] = bad
	open := func(c *call) (starlark.Value, error) { return m.gzipOpen(c, bad) }
	define(mod, []function{
		{"open(filename, mode='rb', compresslevel=9, encoding=None, errors=None, newline=None)", "Open a gzip-compressed file in binary or text mode.", open},
		{"GzipFile(filename=None, mode='rb', compresslevel=9, fileobj=None)", "A stream over a gzip-compressed file.", func(c *call) (starlark.Value, error) {
			if c.Given(3) {
				c.Bound[0] = c.Arg(3)
			}
			c.Bound = append(c.Bound[:3], nil, nil, nil)
			return m.gzipOpen(c, bad)
		}},
		{"compress(data, compresslevel=9, *, mtime=None)", "Compress data in one shot and return the compressed string.", func(c *call) (starlark.Value, error) {
			data, level := c.Bytes(0), c.IntOr(1, 9)
			if c.Err != nil {
				return nil, c.Err
			}
			var out bytes.Buffer
			w, err := gzip.NewWriterLevel(&out, level)
			if err != nil {
				return nil, object.Errorf(object.ValueError, "Invalid compression level")
			}
			for err == nil && len(data) > 0 {
				var n int
				n, err = w.Write(data[:min(len(data), readChunk)])
				data = data[n:]
				if err == nil {
					err = object.Steps(c.Thread, 1)
				}
			}
			if err == nil {
				err = w.Close()
			}
			return object.BytesOf(out.Bytes()), err
		}},
		{"decompress(data)", "Decompress a gzip compressed string in one shot.", func(c *call) (starlark.Value, error) {
			data := c.Bytes(0)
			if c.Err != nil || len(data) == 0 {
				return starlark.Bytes(""), c.Err
			}
			out, err := readAll(c.Thread, &gzipReader{source: bytes.NewReader(data), bad: bad})
			return object.BytesOf(out), err
		}},
	})
	return mod
}

// readChunk is how much is read or written between two looks at the budget.
const readChunk = 1 << 18

// shortestPart and longestPart are the least and the most that is read into one piece of
// memory.
const (
	shortestPart = 512
	longestPart  = 1 << 24
)

// readAll reads what a script may have made to be far longer than its source: in parts,
// each asked for before there is one, so that all of it is there twice at most.
func readAll(thread *starlark.Thread, r io.Reader) ([]byte, error) {
	var full [][]byte
	size := 0
	part := make([]byte, 0, shortestPart)
	for {
		if err := object.Steps(thread, 1); err != nil {
			return nil, err
		}
		n, err := r.Read(part[len(part):min(cap(part), len(part)+readChunk)])
		part = part[:len(part)+n]
		size += n
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return slices.Concat(append(full, part)...), err
		}
		if len(part) == cap(part) {
			next := min(2*cap(part), longestPart)
			if err := object.Grow(thread, int64(next)); err != nil {
				return nil, err
			}
			full, part = append(full, part), make([]byte, 0, next)
		}
	}
	if full == nil {
		return bytes.Clone(part), nil
	}
	if err := object.Grow(thread, int64(size)); err != nil {
		return nil, err
	}
	return slices.Concat(append(full, part)...), nil
}

func (m *Modules) gzipOpen(c *call, bad *object.Type) (starlark.Value, error) {
	text := c.StrOr(1, "rb")
	mode, err := parseMode(text)
	if err != nil {
		return nil, err
	}
	if len(text) < 2 || text[1] != 't' {
		mode.text = false // binary unless text is asked for
	}
	if mode.read && mode.write {
		return nil, object.Errorf(object.ValueError, "Invalid mode: '%s'", text)
	}
	level := c.IntOr(2, 9)
	var under File
	path := ""
	if s, ok := c.Arg(0).(*Stream); ok {
		under = keepOpen{s}
	} else {
		path = c.Path(0)
		if c.Err != nil {
			return nil, c.Err
		}
		if under, err = m.openFile(path, mode.flag); err != nil {
			return nil, err
		}
	}
	var f File
	if mode.write {
		w, err := gzip.NewWriterLevel(under, level)
		if err != nil {
			return nil, errors.Join(object.Errorf(object.ValueError, "Invalid compression level"), under.Close())
		}
		f = &gzipWriter{under: under, w: w}
	} else {
		f = &gzipReader{source: under, under: under, bad: bad}
	}
	return m.wrapFile(c, f, path, mode, 3)
}

// keepOpen is a stream of the script's as a file that closing leaves open.
type keepOpen struct{ *Stream }

func (k keepOpen) Truncate(size int64) error { return k.b.truncate(size) }
func (k keepOpen) Close() error              { return nil }

// gzipReader decompresses. Seeking back starts over.
type gzipReader struct {
	source io.ReadSeeker
	under  io.Closer
	bad    *object.Type
	r      *gzip.Reader
	pos    int64
}

var _ File = (*gzipReader)(nil)

func (g *gzipReader) Read(p []byte) (int, error) {
	if g.r == nil {
		r, err := gzip.NewReader(g.source)
		if err != nil {
			return 0, g.fault(err)
		}
		g.r = r
	}
	n, err := g.r.Read(p)
	g.pos += int64(n)
	return n, g.fault(err)
}

// fault gives an error Python's form.
func (g *gzipReader) fault(err error) error {
	switch {
	case err == nil, errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return object.Errorf(object.EOFError, "Compressed file ended before the end-of-stream marker was reached")
	case errors.Is(err, gzip.ErrHeader):
		if g.pos > 0 {
			return io.EOF // what follows the last member is not gzip: zero padding
		}
		return object.Errorf(g.bad, "Not a gzipped file")
	case errors.Is(err, gzip.ErrChecksum):
		return object.Errorf(g.bad, "CRC check failed")
	}
	return object.Errorf(g.bad, "%s", err)
}

func (g *gzipReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += g.pos
	case io.SeekEnd:
		return 0, object.Errorf(object.ValueError, "Seek from end not supported")
	}
	if offset < g.pos {
		if _, err := g.source.Seek(0, io.SeekStart); err != nil {
			return 0, err
		}
		g.r, g.pos = nil, 0
	}
	_, err := io.CopyN(io.Discard, g, offset-g.pos)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return g.pos, err
}

func (g *gzipReader) Write([]byte) (int, error) { return 0, unsupported("write") }
func (g *gzipReader) Truncate(int64) error      { return unsupported("truncate") }

func (g *gzipReader) Close() error {
	if g.under == nil {
		return nil
	}
	return g.under.Close()
}

// gzipWriter compresses.
type gzipWriter struct {
	under File
	w     *gzip.Writer
	pos   int64
}

var _ File = (*gzipWriter)(nil)

func (g *gzipWriter) Write(p []byte) (int, error) {
	n, err := g.w.Write(p)
	g.pos += int64(n)
	return n, err
}

func (g *gzipWriter) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent && offset == 0 || whence == io.SeekStart && offset == g.pos {
		return g.pos, nil
	}
	return 0, object.Errorf(object.OSError, "Negative seek in write mode")
}

func (g *gzipWriter) Read([]byte) (int, error) { return 0, unsupported("read") }
func (g *gzipWriter) Truncate(int64) error     { return unsupported("truncate") }
func (g *gzipWriter) Close() error             { return errors.Join(g.w.Close(), g.under.Close()) }
