package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/mlxstar/mlxstar/formats"
)

// Write writes a file. The tensors follow the header without a gap, those with
// the largest elements first (as the reference orders them) and then by name, and the header is padded with
// spaces to a multiple of eight bytes: every tensor of a mapped file is
// aligned for its dtype. The same input gives the same bytes.
func Write(w io.Writer, arrays []formats.Array, metadata map[string]string) error {
	arrays = slices.Clone(arrays)
	slices.SortStableFunc(arrays, func(a, b formats.Array) int {
		return cmp.Or(cmp.Compare(rank(b.Dtype), rank(a.Dtype)), cmp.Compare(a.Name, b.Name))
	})
	header, err := encodeHeader(arrays, metadata)
	if err != nil {
		return err
	}
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	for _, part := range [][]byte{length, header} {
		if _, err := w.Write(part); err != nil {
			return &formats.Error{Format: format, Kind: formats.IO, Offset: -1, Message: "write header", Err: err}
		}
	}
	for _, a := range arrays {
		if err := a.WriteElements(format, w); err != nil {
			return err
		}
	}
	return nil
}

// entry is a tensor in the header, its members in the order they are written.
type entry struct {
	DType       string   `json:"dtype"`
	Shape       []int    `json:"shape"`
	DataOffsets [2]int64 `json:"data_offsets"`
}

func encodeHeader(arrays []formats.Array, metadata map[string]string) ([]byte, error) {
	h := headerWriter{seen: make(map[string]bool)}
	h.WriteByte('{')
	if len(metadata) > 0 {
		if err := h.metadata(metadata); err != nil {
			return nil, err
		}
	}
	at := int64(0)
	for _, a := range arrays {
		length, err := h.tensor(a, at)
		if err != nil {
			return nil, err
		}
		at += length
	}
	h.WriteByte('}')
	for h.Len()%alignment != 0 {
		h.WriteByte(' ')
	}
	if h.Len() > maxHeader {
		return nil, formats.Errorf(format, formats.Unsupported, -1, "write header: got %d bytes, want at most %d", h.Len(), maxHeader)
	}
	return h.Bytes(), nil
}

type headerWriter struct {
	bytes.Buffer
	seen map[string]bool
}

// key starts a member of the header.
func (h *headerWriter) key(name string) error {
	if h.seen[name] {
		return formats.Errorf(format, formats.Malformed, -1, "write header: name %s given twice", formats.Quote(name))
	}
	if h.Len() > 1 {
		h.WriteByte(',')
	}
	h.seen[name] = true
	if err := h.value(name); err != nil {
		return err
	}
	h.WriteByte(':')
	return nil
}

// value appends v as JSON, without the escapes that are for HTML.
func (h *headerWriter) value(v any) error {
	if s, ok := v.(string); ok && !utf8.ValidString(s) {
		return formats.Errorf(format, formats.Malformed, -1, "write header: %s is not valid UTF-8", formats.Quote(s))
	}
	enc := json.NewEncoder(&h.Buffer)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return &formats.Error{Format: format, Kind: formats.Malformed, Offset: -1, Message: "write header", Err: err}
	}
	h.Truncate(h.Len() - 1) // the encoder's newline
	return nil
}

func (h *headerWriter) metadata(metadata map[string]string) error {
	if err := h.key(metadataKey); err != nil {
		return err
	}
	for i, key := range slices.Sorted(maps.Keys(metadata)) {
		h.WriteByte("{,"[min(i, 1)])
		if err := h.value(key); err != nil {
			return err
		}
		h.WriteByte(':')
		if err := h.value(metadata[key]); err != nil {
			return err
		}
	}
	h.WriteByte('}')
	return nil
}

func (h *headerWriter) tensor(a formats.Array, at int64) (length int64, err error) {
	if a.Name == metadataKey {
		return 0, formats.Errorf(format, formats.Malformed, -1, "write header: a tensor cannot be named %q", metadataKey)
	}
	row := rank(a.Dtype)
	if row < 0 {
		return 0, formats.Errorf(format, formats.Unsupported, -1, "write header: tensor %s has unsupported dtype %s", a.Label(), a.Dtype)
	}
	length, ok := a.ByteLength()
	if !ok {
		return 0, formats.Errorf(format, formats.Malformed, -1, "write header: tensor %s: no size for shape %s", a.Label(), formats.ShapeString(a.Shape))
	}
	if err := h.key(a.Name); err != nil {
		return 0, err
	}
	shape := a.Shape
	if shape == nil {
		shape = []int{}
	}
	return length, h.value(entry{dtypes[row].name, shape, [2]int64{at, at + length}})
}
