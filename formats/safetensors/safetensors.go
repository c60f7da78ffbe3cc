// Package safetensors reads and writes the safetensors format: eight bytes
// with the length of a header, the header, a JSON object from names to dtype,
// shape and byte range, and the tensors' bytes.
//
// The reader takes what the format's reference takes and, where a file breaks
// the rules without doing harm (holes between tensors, bytes after the last
// one), is lenient. It refuses what is ambiguous or unsafe: names that occur
// twice, tensors that share bytes, ranges that leave the file or do not fit
// the shape. F64 is refused in both directions, as MLX has no such files.
package safetensors

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

const (
	format      = "safetensors"
	metadataKey = "__metadata__"
	prefix      = 8           // bytes of the header's length
	maxHeader   = 100_000_000 // the format's own bound
	alignment   = 8           // the header is padded to it with spaces
)

// dtypes are the names in headers, in the order of the format's reference:
// later ones come first in a file, which puts the largest elements first. The
// first row of an element type is the one that is written; the others are read
// only: MLX hands out the bytes of the eight-bit floats for scripts to decode.
var dtypes = []struct {
	name  string
	dtype dtype.Dtype
}{
	{"BOOL", dtype.Bool},
	{"U8", dtype.Uint8},
	{"I8", dtype.Int8},
	{"F8_E4M3", dtype.Uint8},
	{"F8_E8M0", dtype.Uint8},
	{"I16", dtype.Int16},
	{"U16", dtype.Uint16},
	{"F16", dtype.Float16},
	{"BF16", dtype.BFloat16},
	{"I32", dtype.Int32},
	{"U32", dtype.Uint32},
	{"F32", dtype.Float32},
	{"C64", dtype.Complex64},
	{"I64", dtype.Int64},
	{"U64", dtype.Uint64},
}

// rank is the row that writes a dtype, -1 for one that the format lacks.
func rank(d dtype.Dtype) int {
	for i, row := range dtypes {
		if row.dtype == d {
			return i
		}
	}
	return -1
}

// File is the parsed header of a file. Tensors are in the order of their
// bytes. Metadata is nil if the header has none.
type File struct {
	Tensors  []formats.Tensor
	Metadata map[string]string
}

// Read parses the header of a file of the given size.
func Read(r io.ReaderAt, size int64) (*File, error) {
	if size < prefix {
		return nil, formats.Errorf(format, formats.Truncated, size, "read header length: got a file of %d bytes, want at least %d", size, prefix)
	}
	section := io.NewSectionReader(r, 0, size)
	length, err := headerLength(section)
	if err != nil {
		return nil, err
	}
	if length > size-prefix {
		return nil, formats.Errorf(format, formats.Truncated, prefix, "read header: the header is %d bytes long, but the file has only %d bytes after its length; an incomplete download or a corrupt file", length, size-prefix)
	}
	header := make([]byte, length)
	if _, err := io.ReadFull(section, header); err != nil {
		return nil, formats.ReadError(format, prefix, "read header", err)
	}
	f, err := parse(header)
	if err != nil {
		return nil, err
	}
	for _, t := range f.Tensors {
		if t.Offset > size || t.Length > size-t.Offset {
			return nil, formats.Errorf(format, formats.Truncated, t.Offset, "read header: tensor %s needs the bytes up to %d, but the file has %d; an incomplete download or a corrupt file", t.Label(), t.Offset+t.Length, size)
		}
	}
	return f, nil
}

// ReadAll reads a stream up to the end of the last tensor, and the tensors
// with it. The tensors are in the order of their bytes.
func ReadAll(r io.Reader) ([]formats.Loaded, map[string]string, error) {
	length, err := headerLength(r)
	if err != nil {
		return nil, nil, err
	}
	header, err := formats.ReadN(r, length)
	if err != nil {
		return nil, nil, formats.ReadError(format, prefix, "read header", err)
	}
	f, err := parse(header)
	if err != nil {
		return nil, nil, err
	}
	at := prefix + length
	loaded := make([]formats.Loaded, 0, len(f.Tensors))
	for _, t := range f.Tensors {
		if t.Length > 0 {
			if _, err := io.CopyN(io.Discard, r, t.Offset-at); err != nil {
				return nil, nil, formats.ReadError(format, at, "skip to tensor "+t.Label(), err)
			}
			at = t.Offset + t.Length
		}
		data, err := formats.ReadN(r, t.Length)
		if err != nil {
			return nil, nil, formats.ReadError(format, t.Offset, fmt.Sprintf("read tensor %s of %d bytes", t.Label(), t.Length), err)
		}
		loaded = append(loaded, t.Load(data))
	}
	return loaded, f.Metadata, nil
}

func headerLength(r io.Reader) (int64, error) {
	var b [prefix]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, formats.ReadError(format, 0, "read header length", err)
	}
	n := binary.LittleEndian.Uint64(b[:])
	if n < 2 || n > maxHeader {
		return 0, formats.Errorf(format, formats.Malformed, 0, "read header length: got %d, want 2 to %d", n, maxHeader)
	}
	return int64(n), nil
}

// arrange sorts tensors by their bytes and refuses those that share some.
func arrange(tensors []formats.Tensor) error {
	slices.SortStableFunc(tensors, func(a, b formats.Tensor) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Length, b.Length))
	})
	last := -1
	for i, t := range tensors {
		if t.Length == 0 {
			continue
		}
		if last >= 0 {
			if p := tensors[last]; t.Offset < p.Offset+p.Length {
				return formats.Errorf(format, formats.Malformed, t.Offset, "read header: tensors %s and %s share bytes", p.Label(), t.Label())
			}
		}
		last = i
	}
	return nil
}
