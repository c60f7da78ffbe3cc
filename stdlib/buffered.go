package stdlib

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// buffered reads and writes a File through buffers and knows the position that
// the script sees.
type buffered struct {
	f                  File
	r                  *bufio.Reader
	w                  *bufio.Writer
	owner              *Modules // told when there is something to flush, or nil
	readable, writable bool
	direct             bool // write at once
	wrote              bool
}

const bufferSize = 1 << 16

func newBuffered(f File, owner *Modules, readable, writable bool) *buffered {
	b := &buffered{f: f, owner: owner, readable: readable, writable: writable}
	if readable {
		b.r = bufio.NewReaderSize(f, bufferSize)
	}
	if writable {
		b.w = bufio.NewWriterSize(f, bufferSize)
	}
	return b
}

// startRead prepares for reading.
func (b *buffered) startRead() error {
	if !b.wrote {
		return nil
	}
	b.wrote = false
	return b.flush()
}

// startWrite prepares for writing: bytes read ahead are given back.
func (b *buffered) startWrite() error {
	if b.r != nil && b.r.Buffered() > 0 && !b.direct {
		if _, err := b.f.Seek(int64(-b.r.Buffered()), io.SeekCurrent); err != nil {
			return err
		}
		b.r.Reset(b.f)
	}
	b.wrote = true
	return nil
}

func (b *buffered) write(p []byte) error {
	if err := b.startWrite(); err != nil {
		return err
	}
	if b.direct {
		_, err := b.f.Write(p)
		return err
	}
	_, err := b.w.Write(p)
	if b.owner != nil && b.w.Buffered() > 0 {
		b.owner.dirty[b] = struct{}{}
	}
	return err
}

func (b *buffered) flush() error {
	if b.owner != nil {
		delete(b.owner.dirty, b)
	}
	if b.w != nil && b.w.Buffered() > 0 {
		return b.w.Flush()
	}
	if b.direct {
		if f, ok := b.f.(interface{ Flush() error }); ok {
			return f.Flush()
		}
	}
	return nil
}

// Read reads raw bytes.
func (b *buffered) Read(p []byte) (int, error) {
	if err := b.startRead(); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}

// read reads n bytes, fewer at the end, or for a negative n the rest.
func (b *buffered) read(thread *starlark.Thread, n int) ([]byte, error) {
	if err := b.startRead(); err != nil {
		return nil, err
	}
	if n < 0 {
		return readAll(thread, b.r)
	}
	return readAll(thread, io.LimitReader(b.r, int64(n)))
}

// line reads up to and including a line's end: '\n', and where universal is set
// also '\r' and "\r\n". Limit bounds the bytes; negative means none.
func (b *buffered) line(thread *starlark.Thread, universal bool, limit int) ([]byte, error) {
	if err := b.startRead(); err != nil {
		return nil, err
	}
	var out []byte
	var meter object.Meter
	for limit < 0 || len(out) < limit {
		if _, err := b.r.Peek(1); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return out, err
		}
		chunk, _ := b.r.Peek(b.r.Buffered())
		if limit >= 0 && len(chunk) > limit-len(out) {
			chunk = chunk[:limit-len(out)]
		}
		end := bytes.IndexByte(chunk, '\n')
		if universal {
			if head := chunk[:end+1]; end < 0 {
				end = bytes.IndexByte(chunk, '\r')
			} else if cr := bytes.IndexByte(head, '\r'); cr >= 0 {
				end = cr
			}
		}
		if end < 0 {
			if err := errors.Join(object.Steps(thread, 1), meter.Grow(thread, len(out))); err != nil {
				return nil, err
			}
			out = append(out, chunk...)
			_, _ = b.r.Discard(len(chunk)) // it is buffered
			continue
		}
		out = append(out, chunk[:end+1]...)
		cr := chunk[end] == '\r'
		_, _ = b.r.Discard(end + 1)
		if cr {
			if next, _ := b.r.Peek(1); len(next) == 1 && next[0] == '\n' {
				out = append(out, '\n')
				_, _ = b.r.Discard(1)
			}
		}
		break
	}
	return out, nil
}

// Seek moves the position that the script sees.
func (b *buffered) Seek(offset int64, whence int) (int64, error) {
	if err := b.flush(); err != nil {
		return 0, err
	}
	if whence == io.SeekCurrent && b.r != nil {
		offset -= int64(b.r.Buffered())
	}
	pos, err := b.f.Seek(offset, whence)
	if err != nil {
		return 0, err
	}
	if b.r != nil {
		b.r.Reset(b.f)
	}
	b.wrote = false
	return pos, nil
}

func (b *buffered) tell() (int64, error) {
	pos, err := b.f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	if b.w != nil {
		pos += int64(b.w.Buffered())
	}
	if b.r != nil {
		pos -= int64(b.r.Buffered())
	}
	return pos, nil
}

func (b *buffered) truncate(size int64) error {
	if err := b.flush(); err != nil {
		return err
	}
	return b.f.Truncate(size)
}

func (b *buffered) close() error {
	err := b.flush()
	if e := b.f.Close(); err == nil {
		err = e
	}
	return err
}

// memoryFile is a File in memory.
type memoryFile struct {
	data []byte
	pos  int64
	room func(bytes int64) error // fails where there is none for so many more
}

var _ File = (*memoryFile)(nil)

func (m *memoryFile) Read(p []byte) (int, error) {
	if m.pos >= int64(len(m.data)) {
		return 0, io.EOF
	}
	n := copy(p, m.data[m.pos:])
	m.pos += int64(n)
	return n, nil
}

func (m *memoryFile) Write(p []byte) (int, error) {
	if err := m.reach(m.pos, len(p)); err != nil {
		return 0, err
	}
	n := copy(m.data[m.pos:], p)
	m.pos += int64(n)
	return n, nil
}

// reach makes the file at least n bytes longer than at, which a script may have chosen.
func (m *memoryFile) reach(at int64, n int) error {
	if at > math.MaxInt-int64(n) {
		return object.Errorf(object.OverflowError, "new position too large")
	}
	end := int(at) + n
	if end <= len(m.data) {
		return nil
	}
	if end > cap(m.data) {
		size := max(end, 2*cap(m.data))
		if size > uncharged {
			if err := m.room(int64(size)); err != nil {
				return err
			}
		}
		m.data = append(make([]byte, 0, size), m.data...)
	}
	m.data = m.data[:end] // what is beyond a file's end is zero
	return nil
}

// uncharged is what a file in memory may take without asking.
const uncharged = 1 << 16

func (m *memoryFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += m.pos
	case io.SeekEnd:
		offset += int64(len(m.data))
	}
	if offset < 0 {
		return 0, object.Errorf(object.ValueError, "negative seek value %d", offset)
	}
	m.pos = offset
	return offset, nil
}

func (m *memoryFile) Truncate(size int64) error {
	if size < int64(len(m.data)) {
		clear(m.data[size:])
		m.data = m.data[:size]
	}
	return nil
}

func (m *memoryFile) Close() error { return nil }

// endpoint is a standard stream as a File: it has no position.
type endpoint struct {
	r io.Reader
	w io.Writer
}

var _ File = endpoint{}

func (e endpoint) Read(p []byte) (int, error) {
	if e.r == nil {
		return 0, io.EOF
	}
	return e.r.Read(p)
}

func (e endpoint) Write(p []byte) (int, error) {
	if e.w == nil {
		return len(p), nil
	}
	return e.w.Write(p)
}

// Flush flushes a stream that can be.
func (e endpoint) Flush() error {
	if w, ok := e.w.(interface{ Flush() error }); ok {
		return w.Flush()
	}
	return nil
}

func (endpoint) Seek(int64, int) (int64, error) {
	return 0, object.Errorf(object.OSError, "underlying stream is not seekable")
}
func (endpoint) Truncate(int64) error {
	return object.Errorf(object.OSError, "underlying stream is not seekable")
}
func (endpoint) Close() error { return nil }
