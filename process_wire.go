package mlxstar

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// What a host and the process of a runtime say to each other: frames over two pipes, and
// elements of arrays, and long texts, in two files that both have open, one for each
// direction. A file holds those of the last message. It is read and not mapped: who
// shortens a file that is mapped kills who reads it. Nothing that comes is trusted.

// Kinds of frames.
const (
	frameSetup     = 's' // options, in JSON
	frameHello     = 'h' // the fences that hold, in JSON
	frameExec      = 'x'
	frameFile      = 'f'
	frameEval      = 'e'
	frameCall      = 'c'
	frameSet       = 'v'
	frameGet       = 'g'
	frameLeave     = 'l' // the group
	frameCancel    = 'k'
	frameInterrupt = 'i'
	frameOutput    = 'o'
	frameResult    = 'r'
	frameError     = 'E'
)

const (
	maxFrame  = 64 << 20 // bytes of a frame
	maxLevels = 200      // levels of a value
	longText  = 4 << 10  // bytes from which on a text goes through the file
)

var errFrame = errors.New("process: a frame is malformed")

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	if len(payload) > maxFrame {
		return fmt.Errorf("process: a message of %d bytes, besides arrays, is longer than %d", len(payload), maxFrame)
	}
	head := binary.LittleEndian.AppendUint32(make([]byte, 0, 5+len(payload)), uint32(len(payload)))
	_, err := w.Write(append(append(head, kind), payload...))
	return err
}

func readFrame(r io.Reader) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxFrame {
		return 0, nil, errFrame
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	return head[4], payload, err
}

// message is one that is being written.
type message struct {
	ctx  context.Context
	buf  []byte
	file *os.File
	used int64 // of the file
}

// Tags of values.
const (
	tagNone    = 'N'
	tagFalse   = 'F'
	tagTrue    = 'T'
	tagInt     = 'i'
	tagBigInt  = 'I'
	tagFloat   = 'f'
	tagComplex = 'c'
	tagString  = 's'
	tagBytes   = 'b'
	tagList    = 'l'
	tagTuple   = 't'
	tagDict    = 'd'
	tagStruct  = 'S'
	tagArray   = 'a'
)

func (m *message) number(n int) { m.buf = binary.AppendUvarint(m.buf, uint64(n)) }
func (m *message) bits(f float64) {
	m.buf = binary.LittleEndian.AppendUint64(m.buf, math.Float64bits(f))
}
func (m *message) tag(t byte)    { m.buf = append(m.buf, t) }
func (m *message) text(s string) { m.number(len(s)); m.buf = append(m.buf, s...) }

// blob puts bytes into the file, or if they are few into the message.
func (m *message) blob(b []byte) error {
	m.number(len(b))
	if len(b) < longText {
		m.buf = append(m.buf, b...)
		return nil
	}
	_, err := m.file.WriteAt(b, m.used)
	m.used += int64(len(b))
	return err
}

// value appends a value of a script.
func (m *message) value(v starlark.Value, depth int) error {
	if depth > maxLevels {
		return object.Errorf(object.RecursionError, "process: a value has more than %d levels", maxLevels)
	}
	switch v := object.Unwrap(v).(type) {
	case nil, starlark.NoneType:
		m.tag(tagNone)
	case starlark.Bool:
		if v {
			m.tag(tagTrue)
		} else {
			m.tag(tagFalse)
		}
	case starlark.Int:
		if n, ok := v.Int64(); ok {
			m.tag(tagInt)
			m.buf = binary.AppendVarint(m.buf, n)
			return nil
		}
		m.tag(tagBigInt)
		n := v.BigInt()
		m.number(n.Sign() + 1)
		return m.blob(n.Bytes())
	case starlark.Float:
		m.tag(tagFloat)
		m.bits(float64(v))
	case object.Complex:
		m.tag(tagComplex)
		m.bits(real(complex128(v)))
		m.bits(imag(complex128(v)))
	case starlark.String:
		m.tag(tagString)
		return m.blob([]byte(v))
	case starlark.Bytes:
		m.tag(tagBytes)
		return m.blob([]byte(v))
	case *starlark.List:
		return m.items(tagList, v, depth)
	case starlark.Tuple:
		return m.items(tagTuple, v, depth)
	case *starlark.Dict:
		m.tag(tagDict)
		return m.pairs(v.Items(), depth)
	case *starlarkstruct.Struct:
		fields := starlark.StringDict{}
		v.ToStringDict(fields)
		var items []starlark.Tuple
		for _, name := range fields.Keys() {
			items = append(items, starlark.Tuple{starlark.String(name), fields[name]})
		}
		m.tag(tagStruct)
		return m.pairs(items, depth)
	case *builtins.Array:
		return m.array(v.Handle())
	default:
		return object.Errorf(object.TypeError, "process: a value of type '%s' cannot go to another process", object.TypeName(v))
	}
	return nil
}

func (m *message) items(tag byte, items starlark.Indexable, depth int) error {
	m.tag(tag)
	m.number(items.Len())
	for i := range items.Len() {
		if err := m.value(items.Index(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (m *message) pairs(items []starlark.Tuple, depth int) error {
	m.number(len(items))
	for _, kv := range items {
		if err := errors.Join(m.value(kv[0], depth+1), m.value(kv[1], depth+1)); err != nil {
			return err
		}
	}
	return nil
}

func (m *message) array(a *Array) error {
	data, err := a.Engine().Dense(m.ctx, a.Node())
	if err != nil {
		return evalError(err)
	}
	m.tag(tagArray)
	m.text(a.Dtype().String())
	m.number(len(a.Shape()))
	for _, n := range a.Shape() {
		m.number(n)
	}
	return m.blob(data)
}

// received is a message that is being read.
type received struct {
	buf  []byte
	file io.ReaderAt
	used int64
	left int64 // bytes that it may have in the file
	rt   *Runtime
}

func (r *received) number() (int, error) {
	n, size := binary.Uvarint(r.buf)
	if size <= 0 || n > math.MaxInt32*8 {
		return 0, errFrame
	}
	r.buf = r.buf[size:]
	return int(n), nil
}

func (r *received) take(n int) ([]byte, error) {
	if n < 0 || n > len(r.buf) {
		return nil, errFrame
	}
	b := r.buf[:n]
	r.buf = r.buf[n:]
	return b, nil
}

func (r *received) bits() (float64, error) {
	b, err := r.take(8)
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
}

func (r *received) text() (string, error) {
	n, err := r.number()
	if err != nil {
		return "", err
	}
	b, err := r.take(n)
	return string(b), err
}

func (r *received) blob() ([]byte, error) {
	n, err := r.number()
	if err != nil {
		return nil, err
	}
	if n < longText {
		return r.take(n)
	}
	if r.left -= int64(n); r.left < 0 {
		return nil, object.Errorf(object.MemoryError, "process: a message holds more than the process may take")
	}
	b := make([]byte, n)
	if _, err := r.file.ReadAt(b, r.used); err != nil {
		return nil, errFrame
	}
	r.used += int64(n)
	return b, nil
}

func (r *received) value(depth int) (starlark.Value, error) {
	tag, err := r.take(1)
	if err != nil || depth > maxLevels {
		return nil, errFrame
	}
	switch tag[0] {
	case tagNone:
		return starlark.None, nil
	case tagFalse, tagTrue:
		return starlark.Bool(tag[0] == tagTrue), nil
	case tagInt:
		n, size := binary.Varint(r.buf)
		if size <= 0 {
			return nil, errFrame
		}
		r.buf = r.buf[size:]
		return starlark.MakeInt64(n), nil
	case tagBigInt:
		sign, err := r.number()
		if err != nil {
			return nil, err
		}
		b, err := r.blob()
		n := new(big.Int).SetBytes(b)
		if sign == 0 {
			n.Neg(n)
		}
		return starlark.MakeBigInt(n), err
	case tagFloat:
		f, err := r.bits()
		return starlark.Float(f), err
	case tagComplex:
		re, err := r.bits()
		im, err2 := r.bits()
		return object.Complex(complex(re, im)), errors.Join(err, err2)
	case tagString:
		b, err := r.blob()
		return starlark.String(b), err
	case tagBytes:
		b, err := r.blob()
		return starlark.Bytes(b), err
	case tagList, tagTuple:
		return r.items(tag[0], depth)
	case tagDict, tagStruct:
		return r.pairs(tag[0], depth)
	case tagArray:
		return r.array()
	}
	return nil, errFrame
}

func (r *received) items(tag byte, depth int) (starlark.Value, error) {
	n, err := r.number()
	if err != nil || n > len(r.buf) { // an item has a byte at least
		return nil, errFrame
	}
	out := make([]starlark.Value, n)
	for i := range out {
		if out[i], err = r.value(depth + 1); err != nil {
			return nil, err
		}
	}
	if tag == tagTuple {
		return starlark.Tuple(out), nil
	}
	return starlark.NewList(out), nil
}

func (r *received) pairs(tag byte, depth int) (starlark.Value, error) {
	n, err := r.number()
	if err != nil || n > len(r.buf)/2 {
		return nil, errFrame
	}
	d := new(starlark.Dict)
	for range n {
		k, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if err := d.SetKey(k, v); err != nil {
			return nil, errFrame
		}
	}
	if tag == tagDict {
		return d, nil
	}
	fields := starlark.StringDict{}
	for _, kv := range d.Items() {
		name, ok := starlark.AsString(kv[0])
		if !ok {
			return nil, errFrame
		}
		fields[name] = kv[1]
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, fields), nil
}

func (r *received) array() (starlark.Value, error) {
	name, err := r.text()
	if err != nil {
		return nil, err
	}
	d, known := dtype.Named(name)
	axes, err := r.number()
	if err != nil || !known || axes > maxLevels {
		return nil, errFrame
	}
	shape := make([]int, axes)
	for i := range shape {
		if shape[i], err = r.number(); err != nil {
			return nil, err
		}
	}
	data, err := r.blob()
	if err != nil {
		return nil, err
	}
	n, err := r.rt.engine.NewBuilder().Build(func(b *engine.Builder) *engine.Node { return b.FromBytes(data, d, shape) })
	if err != nil {
		return nil, err
	}
	return r.rt.mx.Wrap(r.rt.engine.NewArray(n)), nil
}

// wireError is an error of the package as it goes from a process to its host.
type wireError struct {
	Type, Message, Traceback string
	File                     string
	Line, Column             int
	Function                 string
	Frames                   []Frame
	Limit                    string // which error is behind it
	Exit                     *ExitError
}

// wireLimits are the errors behind others that go by name, in the order in which they are looked
// for: a call whose deadline passed was also canceled.
var wireLimits = []struct {
	name string
	err  error
}{
	{"memory", ErrMemoryLimit}, {"lost", ErrLost}, {"steps", ErrStepLimit}, {"closed", ErrClosed}, {"interrupted", ErrInterrupted},
	{"deadline", context.DeadlineExceeded}, {"canceled", context.Canceled},
}

// cause is the end of a context of the host.
type cause struct {
	text string
	is   error
}

func (c *cause) Error() string { return c.text }
func (c *cause) Unwrap() error { return c.is }

func toWire(err error) wireError {
	var exit *ExitError
	if errors.As(err, &exit) {
		return wireError{Exit: exit}
	}
	w := wireError{Type: "RuntimeError", Message: err.Error(), Traceback: err.Error() + "\n"}
	var e *Error
	if errors.As(err, &e) {
		w = wireError{Type: e.Type, Message: e.Message, Traceback: e.Traceback, File: e.File, Line: e.Line, Column: e.Column, Function: e.Function, Frames: e.Frames}
	}
	for _, l := range wireLimits {
		if errors.Is(err, l.err) {
			w.Limit = l.name
			break
		}
	}
	return w
}

// limitNamed is the error that goes by a name, nil if there is none.
func limitNamed(name string) error {
	for _, l := range wireLimits {
		if l.name == name {
			return l.err
		}
	}
	return nil
}

func (w *wireError) error() error {
	if w.Exit != nil {
		return w.Exit
	}
	return &Error{Type: w.Type, Message: w.Message, Traceback: w.Traceback, File: w.File, Line: w.Line, Column: w.Column, Function: w.Function,
		Frames: w.Frames, cause: limitNamed(w.Limit)}
}
