package safetensors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/mlxstar/mlxstar/formats"
)

// parser reads a header token by token, which keeps what it allocates in
// proportion to the header and sees a name that occurs twice.
type parser struct {
	*json.Decoder
	base int64 // offset in the file of the first tensor's bytes
}

// parse reads a header. Offsets of the tensors count from the file's start.
func parse(header []byte) (*File, error) {
	if !utf8.Valid(header) {
		return nil, formats.Errorf(format, formats.Malformed, prefix, "read header: not valid UTF-8")
	}
	p := &parser{Decoder: json.NewDecoder(bytes.NewReader(header)), base: prefix + int64(len(header))}
	p.UseNumber()
	f := &File{}
	seen := make(map[string]bool)
	err := p.object("the header", func(key string) error {
		if seen[key] {
			return p.malformed("name %s occurs twice", formats.Quote(key))
		}
		seen[key] = true
		if key == metadataKey {
			return p.metadata(f)
		}
		t, err := p.tensor(key)
		f.Tensors = append(f.Tensors, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, err := p.Token(); err != io.EOF {
		return nil, p.malformed("bytes other than spaces follow the object")
	}
	return f, arrange(f.Tensors)
}

func (p *parser) malformed(message string, args ...any) error {
	return formats.Errorf(format, formats.Malformed, prefix+p.InputOffset(), "read header: %s", fmt.Sprintf(message, args...))
}

// token returns the next token; an invalid one is an error with its place.
func (p *parser) token() (json.Token, error) {
	tok, err := p.Token()
	if err == nil {
		return tok, nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return nil, formats.Errorf(format, formats.Malformed, prefix+syntax.Offset, "read header: invalid JSON: %v", syntax)
	}
	return nil, p.malformed("invalid JSON: it ends too early")
}

// object reads an object and calls member at each key, to read the value.
func (p *parser) object(what string, member func(key string) error) error {
	return p.nested('{', "an object", what, func() error {
		key, err := p.text("a key of " + what)
		if err != nil {
			return err
		}
		return member(key)
	})
}

// nested reads the brackets around what element reads.
func (p *parser) nested(open json.Delim, kind, what string, element func() error) error {
	tok, err := p.token()
	if err != nil {
		return err
	}
	if tok != open {
		return p.malformed("%s is %s, want %s", what, kindOf(tok), kind)
	}
	for p.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err = p.token()
	return err
}

func (p *parser) text(what string) (string, error) {
	tok, err := p.token()
	if err != nil {
		return "", err
	}
	s, ok := tok.(string)
	if !ok {
		return "", p.malformed("%s is %s, want a string", what, kindOf(tok))
	}
	return s, nil
}

// integer reads a number in 0 to limit.
func (p *parser) integer(what string, limit int64) (int64, error) {
	tok, err := p.token()
	if err != nil {
		return 0, err
	}
	number, ok := tok.(json.Number)
	if !ok {
		return 0, p.malformed("%s is %s, want an integer", what, kindOf(tok))
	}
	n, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil || n < 0 || n > limit {
		return 0, p.malformed("%s is %s, want an integer from 0 to %d", what, clip(number.String()), limit)
	}
	return n, nil
}

// clip keeps a hostile number from filling the message.
func clip(s string) string {
	const longest = 32
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}

func (p *parser) integers(what string, limit int64) ([]int, error) {
	list := []int{}
	err := p.nested('[', "an array", what, func() error {
		n, err := p.integer("an element of "+what, limit)
		list = append(list, int(n))
		return err
	})
	return list, err
}

// metadata reads an object of strings. Some writers put null for none.
func (p *parser) metadata(f *File) error {
	rest, err := p.token()
	if err != nil || rest == nil {
		return err
	}
	if rest != json.Delim('{') {
		return p.malformed("%s is %s, want an object", metadataKey, kindOf(rest))
	}
	f.Metadata = make(map[string]string)
	for p.More() {
		key, err := p.text("a key of " + metadataKey)
		if err != nil {
			return err
		}
		if _, twice := f.Metadata[key]; twice {
			return p.malformed("key %s of %s occurs twice", formats.Quote(key), metadataKey)
		}
		if f.Metadata[key], err = p.text(fmt.Sprintf("%s[%s]", metadataKey, formats.Quote(key))); err != nil {
			return err
		}
	}
	_, err = p.token()
	return err
}

// tensor reads the description of one tensor. Members that the format does not
// know are skipped.
func (p *parser) tensor(name string) (formats.Tensor, error) {
	t := formats.Tensor{Spec: formats.Spec{Name: name}}
	var dtype string
	var offsets []int
	seen := make(map[string]bool, 3)
	err := p.object(fmt.Sprintf("tensor %s", t.Label()), func(key string) (err error) {
		if seen[key] {
			return p.malformed("tensor %s has %s twice", t.Label(), key)
		}
		seen[key] = true
		switch key {
		case "dtype":
			dtype, err = p.text(fmt.Sprintf("dtype of tensor %s", t.Label()))
		case "shape":
			t.Shape, err = p.integers(fmt.Sprintf("shape of tensor %s", t.Label()), math.MaxInt)
		case "data_offsets":
			offsets, err = p.integers(fmt.Sprintf("data_offsets of tensor %s", t.Label()), math.MaxInt)
		default:
			var skipped json.RawMessage
			if err = p.Decode(&skipped); err != nil {
				err = p.malformed("tensor %s: invalid JSON: %v", t.Label(), err)
			}
		}
		return err
	})
	if err != nil {
		return t, err
	}
	for _, key := range []string{"dtype", "shape", "data_offsets"} {
		if !seen[key] {
			return t, p.malformed("tensor %s has no %s", t.Label(), key)
		}
	}
	return t, p.place(&t, dtype, offsets)
}

// place checks dtype, shape and offsets against each other.
func (p *parser) place(t *formats.Tensor, dtype string, offsets []int) error {
	for _, row := range dtypes {
		if row.name == dtype {
			t.Dtype = row.dtype
			break
		}
	}
	if !t.Dtype.Valid() {
		return formats.Errorf(format, formats.Unsupported, prefix+p.InputOffset(), "read header: tensor %s has unsupported dtype %s", t.Label(), clip(dtype))
	}
	want, ok := t.ByteLength()
	if !ok {
		return p.malformed("tensor %s: shape %s has too many elements", t.Label(), formats.ShapeString(t.Shape))
	}
	if len(offsets) != 2 {
		return p.malformed("tensor %s: got %d data_offsets, want 2", t.Label(), len(offsets))
	}
	begin, end := int64(offsets[0]), int64(offsets[1])
	if end < begin || end-begin != want {
		return p.malformed("tensor %s: data_offsets (%d, %d) do not span the %d bytes of dtype %s, shape %s", t.Label(), begin, end, want, dtype, formats.ShapeString(t.Shape))
	}
	if end > math.MaxInt64-p.base {
		return p.malformed("tensor %s: data_offsets (%d, %d) out of range", t.Label(), begin, end)
	}
	t.Offset, t.Length = p.base+begin, want
	return nil
}

// kindOf names a JSON value for a message.
func kindOf(tok json.Token) string {
	switch v := tok.(type) {
	case json.Delim:
		if v == '{' {
			return "an object"
		}
		return "an array"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	}
	return "null"
}
