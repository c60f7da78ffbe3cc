package gguf

import (
	"encoding/binary"
	"io"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// TensorDtype reports whether a tensor of the dtype can be written.
func TensorDtype(d dtype.Dtype) bool {
	_, ok := typeOf(d)
	return ok
}

// MetadataDtype reports whether numbers of the dtype can be written as metadata.
func MetadataDtype(d dtype.Dtype) bool {
	_, ok := numberOf(d)
	return ok
}

func numberOf(d dtype.Dtype) (uint32, bool) {
	for number, dtype := range numbers {
		if dtype == d {
			return number, true
		}
	}
	return 0, false
}

// Write writes a file: the metadata and the tensors in their order, each
// tensor aligned to 32 bytes, or to what the metadata's "general.alignment"
// says. Names and strings are written as they are.
func Write(w io.Writer, arrays []formats.Array, metadata []Entry) error {
	alignment, err := alignmentOf(metadata)
	if err != nil {
		return err
	}
	header := append([]byte(magic), versionWritten, 0, 0, 0)
	header = binary.LittleEndian.AppendUint64(header, uint64(len(arrays)))
	header = binary.LittleEndian.AppendUint64(header, uint64(len(metadata)))
	if header, err = appendMetadata(header, metadata); err != nil {
		return err
	}
	if header, err = appendTensors(header, arrays, alignment); err != nil {
		return err
	}
	if err := write(w, header); err != nil {
		return err
	}
	at := int64(len(header))
	for _, a := range arrays {
		padding := align(at, alignment) - at
		if err := write(w, make([]byte, padding)); err != nil {
			return err
		}
		if err := a.WriteElements(format, w); err != nil {
			return err
		}
		length, _ := a.ByteLength()
		at += padding + length
	}
	return nil
}

func write(w io.Writer, p []byte) error {
	if _, err := w.Write(p); err != nil {
		return &formats.Error{Format: format, Kind: formats.IO, Offset: -1, Message: "write", Err: err}
	}
	return nil
}

func appendString(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
}

func appendMetadata(b []byte, metadata []Entry) ([]byte, error) {
	seen := make(map[string]bool)
	for _, e := range metadata {
		if seen[e.Key] {
			return nil, formats.Errorf(format, formats.Malformed, -1, "write metadata: key %s given twice", formats.Quote(e.Key))
		}
		seen[e.Key] = true
		b = appendString(b, e.Key)
		switch v := e.Value.(type) {
		case string:
			b = appendString(binary.LittleEndian.AppendUint32(b, stringValue), v)
		case []string:
			b = appendArray(b, stringValue, len(v))
			for _, s := range v {
				b = appendString(b, s)
			}
		case formats.Loaded:
			var err error
			if b, err = appendNumbers(b, e.Key, v); err != nil {
				return nil, err
			}
		default:
			return nil, formats.Errorf(format, formats.Malformed, -1, "write metadata %s: got a value of type %T, want a string, a list of strings or an array", formats.Quote(e.Key), v)
		}
	}
	return b, nil
}

func appendArray(b []byte, kind uint32, n int) []byte {
	b = binary.LittleEndian.AppendUint32(b, arrayValue)
	b = binary.LittleEndian.AppendUint32(b, kind)
	return binary.LittleEndian.AppendUint64(b, uint64(n))
}

func appendNumbers(b []byte, key string, n formats.Loaded) ([]byte, error) {
	fail := func(kind formats.Kind, message string, args ...any) error {
		return formats.Errorf(format, kind, -1, "write metadata "+formats.Quote(key)+": "+message, args...)
	}
	number, ok := numberOf(n.Dtype)
	if !ok {
		return nil, &formats.Error{Format: format, Kind: formats.Unsupported, Offset: -1, Message: "write metadata " + formats.Quote(key) + ": an array of dtype " + n.Dtype.String(), Err: ErrMetadata}
	}
	if len(n.Shape) > 1 {
		return nil, fail(formats.Unsupported, "got an array of %d dimensions, want at most 1", len(n.Shape))
	}
	if length, ok := n.ByteLength(); !ok || length != int64(len(n.Data)) {
		return nil, fail(formats.Malformed, "got %d bytes of data for %s", len(n.Data), n.Layout())
	}
	if len(n.Data) == 0 {
		return nil, fail(formats.Unsupported, "got an empty array")
	}
	if len(n.Shape) == 1 {
		b = appendArray(b, number, n.Shape[0])
	} else {
		b = binary.LittleEndian.AppendUint32(b, number)
	}
	return append(b, n.Data...), nil
}

func appendTensors(b []byte, arrays []formats.Array, alignment int64) ([]byte, error) {
	seen := make(map[string]bool)
	offset := int64(0)
	for _, a := range arrays {
		kind, ok := typeOf(a.Dtype)
		if !ok {
			return nil, formats.Errorf(format, formats.Unsupported, -1, "write tensor %s: unsupported dtype %s", a.Label(), a.Dtype)
		}
		if seen[a.Name] {
			return nil, formats.Errorf(format, formats.Malformed, -1, "write tensor %s: name given twice", a.Label())
		}
		seen[a.Name] = true
		if len(a.Shape) > maxDims {
			return nil, formats.Errorf(format, formats.Unsupported, -1, "write tensor %s: got %d dimensions, want at most %d", a.Label(), len(a.Shape), maxDims)
		}
		length, ok := a.ByteLength()
		if !ok {
			return nil, formats.Errorf(format, formats.Malformed, -1, "write tensor %s: no size for %s", a.Label(), a.Layout())
		}
		b = appendString(b, a.Name)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(a.Shape)))
		for i := len(a.Shape) - 1; i >= 0; i-- {
			b = binary.LittleEndian.AppendUint64(b, uint64(a.Shape[i]))
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(kind))
		b = binary.LittleEndian.AppendUint64(b, uint64(offset))
		offset = align(offset+length, alignment)
	}
	return b, nil
}
