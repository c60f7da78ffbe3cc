// Package npy reads and writes NumPy's format for one array: a magic string,
// a version, a header that is a Python dict literal, and the elements.
//
// Versions 1 and 2 are read; version 3 differs only in allowing structured
// dtypes with names beyond Latin-1, which no array here has. bfloat16, which
// NumPy lacks, is spelled V2, as MLX and ml_dtypes do.
package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

const (
	format    = "npy"
	magic     = "\x93NUMPY"
	alignment = 64      // of the elements in the file
	maxHeader = 1 << 20 // far above what any shape needs
)

// dtypes are the type codes, without the byte order.
var dtypes = []struct {
	code  string
	dtype dtype.Dtype
}{
	{"b1", dtype.Bool},
	{"u1", dtype.Uint8},
	{"u2", dtype.Uint16},
	{"u4", dtype.Uint32},
	{"u8", dtype.Uint64},
	{"i1", dtype.Int8},
	{"i2", dtype.Int16},
	{"i4", dtype.Int32},
	{"i8", dtype.Int64},
	{"f2", dtype.Float16},
	{"V2", dtype.BFloat16},
	{"f4", dtype.Float32},
	{"f8", dtype.Float64},
	{"c8", dtype.Complex64},
	{"c16", dtype.Complex128},
	{"?", dtype.Bool}, // read only
}

// Read parses the header of a file of the given size. The tensor has no name.
func Read(r io.ReaderAt, size int64) (formats.Tensor, error) {
	t, err := ReadHeader(io.NewSectionReader(r, 0, size))
	if err != nil {
		return t, err
	}
	if t.Length > size-t.Offset {
		return t, formats.Errorf(format, formats.Truncated, t.Offset, "read array: got %d bytes of elements, want %d for %s", size-t.Offset, t.Length, t.Layout())
	}
	return t, nil
}

// ReadAll reads one array of a stream, which may hold more bytes after it.
func ReadAll(r io.Reader) (formats.Loaded, error) {
	t, err := ReadHeader(r)
	if err != nil {
		return formats.Loaded{}, err
	}
	raw, err := formats.ReadN(r, t.Length)
	if err != nil {
		return formats.Loaded{}, formats.ReadError(format, t.Offset, fmt.Sprintf("read %d bytes of elements", t.Length), err)
	}
	return t.Load(raw), nil
}

// Write writes one array, byte for byte as NumPy does. The name is not stored.
func Write(w io.Writer, a formats.Array) error {
	header, err := encodeHeader(a.Spec)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return &formats.Error{Format: format, Kind: formats.IO, Offset: -1, Message: "write header", Err: err}
	}
	return a.WriteElements(format, w)
}

// FileLength returns the number of bytes that Write writes for an array.
func FileLength(s formats.Spec) (int64, error) {
	header, err := encodeHeader(s)
	if err != nil {
		return 0, err
	}
	length, ok := s.ByteLength()
	if !ok || length > math.MaxInt64-int64(len(header)) {
		return 0, formats.Errorf(format, formats.Malformed, -1, "write %s: no size for %s", s.Label(), s.Layout())
	}
	return length + int64(len(header)), nil
}

// ReadHeader reads a stream up to the elements. Offset counts from where the
// stream stood; Length is what the header promises, whether or not it follows.
func ReadHeader(r io.Reader) (formats.Tensor, error) {
	var t formats.Tensor
	var start [len(magic) + 2]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return t, formats.ReadError(format, 0, "read magic string", err)
	}
	if string(start[:len(magic)]) != magic {
		return t, formats.Errorf(format, formats.Unrecognized, 0, "read magic string: got %q, want %q", start[:len(magic)], magic)
	}
	width := 0 // bytes of the header's length
	switch major := start[len(magic)]; major {
	case 1:
		width = 2
	case 2:
		width = 4
	default:
		return t, formats.Errorf(format, formats.Unrecognized, int64(len(magic)), "read version: got %d.%d, want 1.0 or 2.0", major, start[len(magic)+1])
	}
	var field [4]byte
	if _, err := io.ReadFull(r, field[:width]); err != nil {
		return t, formats.ReadError(format, int64(len(start)), "read header length", err)
	}
	length := int64(binary.LittleEndian.Uint32(field[:]))
	if length > maxHeader {
		return t, formats.Errorf(format, formats.Malformed, int64(len(start)), "read header length: got %d, want at most %d", length, maxHeader)
	}
	base := int64(len(start) + width)
	header, err := formats.ReadN(r, length)
	if err != nil {
		return t, formats.ReadError(format, base, fmt.Sprintf("read header of %d bytes", length), err)
	}
	t.Offset = base + length
	return t, parse(&t, header, base)
}

// setDescr applies a type string such as "<f4".
func setDescr(t *formats.Tensor, descr string) bool {
	code := descr
	if code != "" {
		switch code[0] {
		case '>':
			t.BigEndian = true
			fallthrough
		case '<', '=', '|':
			code = code[1:]
		}
	}
	for _, row := range dtypes {
		if row.code == code {
			t.Dtype = row.dtype
			return true
		}
	}
	return false
}

func descrOf(d dtype.Dtype) (string, bool) {
	for _, row := range dtypes {
		if row.dtype == d {
			if d.Size() == 1 {
				return "|" + row.code, true
			}
			return "<" + row.code, true
		}
	}
	return "", false
}

// encodeHeader returns everything before the elements, padded so that they are
// aligned in the file. A header too long for version 1 makes it version 2.
func encodeHeader(s formats.Spec) ([]byte, error) {
	descr, ok := descrOf(s.Dtype)
	if !ok {
		return nil, formats.Errorf(format, formats.Unsupported, -1, "write %s: unsupported dtype %s", s.Label(), s.Dtype)
	}
	dict := append([]byte("{'descr': '"), descr...)
	dict = append(dict, "', 'fortran_order': False, 'shape': ("...)
	for i, d := range s.Shape {
		if i > 0 {
			dict = append(dict, ", "...)
		}
		dict = strconv.AppendInt(dict, int64(d), 10)
	}
	if len(s.Shape) == 1 {
		dict = append(dict, ',')
	}
	dict = append(dict, "), }"...)
	// NumPy leaves room for the first dimension to grow to 21 digits in place.
	if len(s.Shape) > 0 {
		const growth = 21
		digits := len(strconv.Itoa(s.Shape[0]))
		for range growth - digits {
			dict = append(dict, ' ')
		}
	}
	version, width := byte(1), 2
	if fixed := len(magic) + 2 + width; len(dict)+1+alignment+fixed > math.MaxUint16 {
		version, width = 2, 4
	}
	fixed := len(magic) + 2 + width
	for (fixed+len(dict)+1)%alignment != 0 {
		dict = append(dict, ' ')
	}
	dict = append(dict, '\n')
	if len(dict) > maxHeader {
		return nil, formats.Errorf(format, formats.Unsupported, -1, "write %s: the header takes %d bytes, want at most %d", s.Label(), len(dict), maxHeader)
	}
	header := append([]byte(magic), version, 0)
	if version == 1 {
		header = binary.LittleEndian.AppendUint16(header, uint16(len(dict)))
	} else {
		header = binary.LittleEndian.AppendUint32(header, uint32(len(dict)))
	}
	return append(header, dict...), nil
}
