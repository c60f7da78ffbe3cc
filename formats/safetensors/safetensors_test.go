package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// file joins a header and data as a file does.
func file(header, data string) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

func golden(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// load reads a file both ways and checks that they agree.
func load(data []byte) ([]formats.Loaded, map[string]string, error) {
	f, err := Read(bytes.NewReader(data), int64(len(data)))
	streamed, metadata, streamErr := ReadAll(iotest.OneByteReader(bytes.NewReader(data)))
	if (err == nil) != (streamErr == nil) {
		return nil, nil, errors.Join(errors.New("the mapped and the streaming reader disagree"), err, streamErr)
	}
	if err != nil {
		return nil, nil, err
	}
	var loaded []formats.Loaded
	for _, t := range f.Tensors {
		dst := make([]byte, t.Length)
		if err := t.ReadInto(format, bytes.NewReader(data), dst); err != nil {
			return nil, nil, err
		}
		loaded = append(loaded, formats.Loaded{Spec: t.Spec, Data: dst})
	}
	if len(loaded) != len(streamed) || !maps.Equal(metadata, f.Metadata) {
		return nil, nil, errors.New("the mapped and the streaming reader give different files")
	}
	for i := range loaded {
		if !reflect.DeepEqual(loaded[i], streamed[i]) {
			return nil, nil, errors.New("the mapped and the streaming reader give different tensors")
		}
	}
	return loaded, f.Metadata, nil
}

func arrays(loaded []formats.Loaded) []formats.Array {
	var list []formats.Array
	for _, l := range loaded {
		list = append(list, formats.Array{Spec: l.Spec, Data: formats.Bytes(l.Data)})
	}
	return list
}

// TestReferenceBytes rewrites a file of the format's own library to the byte,
// whatever order the tensors are given in.
func TestReferenceBytes(t *testing.T) {
	want := golden(t, "reference.safetensors")
	loaded, metadata, err := load(want)
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded) != 6 || metadata["format"] != "pt" {
		t.Fatalf("got %d tensors and metadata %v", len(loaded), metadata)
	}
	slices.Reverse(loaded)
	var got bytes.Buffer
	if err := Write(&got, arrays(loaded), metadata); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("got  %q\nwant %q", got.Bytes(), want)
	}
}

func TestReadMLX(t *testing.T) {
	loaded, metadata, err := load(golden(t, "mlx.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"k": "é\"\n\x01", "j": "2"}; !maps.Equal(metadata, want) {
		t.Errorf("metadata: got %q, want %q", metadata, want)
	}
	got := make(map[string]formats.Loaded)
	for _, l := range loaded {
		got[l.Name] = l
	}
	for _, want := range []formats.Loaded{
		{Spec: formats.Spec{Name: "b", Dtype: dtype.Int32, Shape: []int{3}}, Data: []byte("\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00")},
		{Spec: formats.Spec{Name: "a", Dtype: dtype.BFloat16, Shape: []int{2}}, Data: []byte("\x80\x3f\x80\x3f")},
		{Spec: formats.Spec{Name: "é\"\n", Dtype: dtype.Complex64, Shape: []int{}}, Data: []byte("\x00\x00\x80\x3f\x00\x00\x00\x40")},
		{Spec: formats.Spec{Name: "z", Dtype: dtype.Bool, Shape: []int{1}}, Data: []byte{1}},
		{Spec: formats.Spec{Name: "e", Dtype: dtype.Float32, Shape: []int{0, 3}}, Data: []byte{}},
	} {
		if !reflect.DeepEqual(got[want.Name], want) {
			t.Errorf("got %v, want %v", got[want.Name], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("got %d tensors, want 5", len(got))
	}
	if _, metadata, err := load(golden(t, "mlx-no-metadata.safetensors")); err != nil || metadata != nil {
		t.Errorf("null metadata: got %v, %v", metadata, err)
	}
}

func TestRoundTripDTypes(t *testing.T) {
	var list []formats.Array
	want := make(map[string][]byte)
	for _, row := range dtypes {
		if dtypes[rank(row.dtype)].name != row.name {
			continue
		}
		data := bytes.Repeat([]byte{1, 0, 1}, row.dtype.Size())
		list = append(list, formats.Array{Spec: formats.Spec{Name: row.name, Dtype: row.dtype, Shape: []int{3}}, Data: formats.Bytes(data)})
		want[row.name] = data
	}
	var b bytes.Buffer
	if err := Write(&b, list, nil); err != nil {
		t.Fatal(err)
	}
	f, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Tensors) != len(want) {
		t.Fatalf("got %d tensors, want %d", len(f.Tensors), len(want))
	}
	for _, x := range f.Tensors {
		if x.Offset%int64(x.Dtype.Size()) != 0 {
			t.Errorf("%s lies at %d, which is not aligned", x.Name, x.Offset)
		}
		if !bytes.Equal(b.Bytes()[x.Offset:x.Offset+x.Length], want[x.Name]) {
			t.Errorf("%s: other bytes", x.Name)
		}
	}
}

// TestLenient has files that break the format's rules without harm.
func TestLenient(t *testing.T) {
	const entry = `"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}`
	for name, data := range map[string][]byte{
		"hole before a tensor": file(`{`+entry+`}`, "xab"),
		"bytes after the last": file(`{`+entry+`}`, "xabyy"),
		"spaces around":        file(` {`+entry+`}  `, "xab"),
		"unknown member":       file(`{"a":{"dtype":"U8","x":{"y":[1]},"shape":[2],"data_offsets":[1,3]}}`, "xab"),
		"eight-bit float":      file(`{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[1,3]}}`, "xab"),
		"empty metadata":       file(`{"__metadata__":{},`+entry+`}`, "xab"),
	} {
		loaded, _, err := load(data)
		if err != nil || len(loaded) != 1 || string(loaded[0].Data) != "ab" || loaded[0].Dtype != dtype.Uint8 {
			t.Errorf("%s: got %v, %v", name, loaded, err)
		}
	}
	loaded, _, err := load(file(`{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}`, "\x41\x00\x01"))
	if err != nil || string(loaded[0].Data) != "\x01\x00\x01" {
		t.Errorf("odd booleans: got %v, %v", loaded, err)
	}
}

func TestHostile(t *testing.T) {
	tensor := func(body string) []byte { return file(`{"a":{`+body+`}}`, "12345678") }
	for _, c := range []struct {
		name string
		data []byte
		kind formats.Kind
		want string
	}{
		{"no bytes", nil, formats.Truncated, "header length"},
		{"three bytes", []byte("abc"), formats.Truncated, "header length"},
		{"length of -1", bytes.Repeat([]byte{0xff}, 8), formats.Malformed, "header length: got 18446744073709551615"},
		{"length past the end", append(file("", ""), 0)[:8:8], formats.Malformed, "header length: got 0"},
		{"header cut", file(`{"a":{}}`, "")[:12], formats.Truncated, "read header"},
		{"not JSON", file("{not json", ""), formats.Malformed, "invalid JSON"},
		{"cut JSON", file(`{"a":`, ""), formats.Malformed, "ends too early"},
		{"an array", file(`[]`, ""), formats.Malformed, "the header is an array, want an object"},
		{"two objects", file(`{}{}`, ""), formats.Malformed, "follow the object"},
		{"not UTF-8", file("{\"\xff\":1}", ""), formats.Malformed, "UTF-8"},
		{"a number", file(`{"a":1}`, ""), formats.Malformed, `tensor "a" is a number`},
		{"no dtype", tensor(`"shape":[1],"data_offsets":[0,1]`), formats.Malformed, "has no dtype"},
		{"no shape", tensor(`"dtype":"U8","data_offsets":[0,1]`), formats.Malformed, "has no shape"},
		{"no offsets", tensor(`"dtype":"U8","shape":[1]`), formats.Malformed, "has no data_offsets"},
		{"shape twice", tensor(`"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]`), formats.Malformed, "has shape twice"},
		{"unknown dtype", tensor(`"dtype":"X9","shape":[1],"data_offsets":[0,1]`), formats.Unsupported, "unsupported dtype X9"},
		{"float64", tensor(`"dtype":"F64","shape":[1],"data_offsets":[0,8]`), formats.Unsupported, "unsupported dtype F64"},
		{"negative dimension", tensor(`"dtype":"U8","shape":[-1],"data_offsets":[0,1]`), formats.Malformed, "is -1, want an integer"},
		{"fraction", tensor(`"dtype":"U8","shape":[1.5],"data_offsets":[0,1]`), formats.Malformed, "is 1.5, want an integer"},
		{"huge number", tensor(`"dtype":"U8","shape":[` + strings.Repeat("9", 99) + `],"data_offsets":[0,1]`), formats.Malformed, "99..., want an integer"},
		{"shape overflows", tensor(`"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]`), formats.Malformed, "too many elements"},
		{"empty shape overflows", tensor(`"dtype":"U8","shape":[4294967296,0,4294967296],"data_offsets":[0,0]`), formats.Malformed, "too many elements"},
		{"too few bytes", tensor(`"dtype":"U8","shape":[8],"data_offsets":[0,4]`), formats.Malformed, "do not span the 8 bytes"},
		{"too many bytes", tensor(`"dtype":"U8","shape":[4],"data_offsets":[0,8]`), formats.Malformed, "do not span the 4 bytes"},
		{"reversed", tensor(`"dtype":"U8","shape":[4],"data_offsets":[4,0]`), formats.Malformed, "do not span"},
		{"one offset", tensor(`"dtype":"U8","shape":[4],"data_offsets":[4]`), formats.Malformed, "got 1 data_offsets"},
		{"past the end", tensor(`"dtype":"U8","shape":[4],"data_offsets":[6,10]`), formats.Truncated, `"a"`},
		{"far past the end", tensor(`"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]`), formats.Truncated, `"a"`},
		{"offset overflows", tensor(`"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]`), formats.Malformed, "out of range"},
		{"metadata of numbers", file(`{"__metadata__":{"a":1}}`, ""), formats.Malformed, `__metadata__["a"] is a number, want a string`},
		{"metadata an array", file(`{"__metadata__":[1]}`, ""), formats.Malformed, "__metadata__ is an array"},
		{"metadata key twice", file(`{"__metadata__":{"a":"","a":""}}`, ""), formats.Malformed, "twice"},
		{"name twice", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, "12"), formats.Malformed, `"a" occurs twice`},
		{"shared bytes", file(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}`, "12345678"), formats.Malformed, "share bytes"},
		{"deep nesting", tensor(`"x":` + strings.Repeat("[", 1<<20)), formats.Malformed, "invalid JSON"},
	} {
		_, _, err := load(c.data)
		var typed *formats.Error
		if !errors.As(err, &typed) {
			t.Errorf("%s: got %v, want an error of type *formats.Error", c.name, err)
			continue
		}
		if typed.Kind != c.kind || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 500 {
			t.Errorf("%s: got %s %q, want %s with %q", c.name, typed.Kind, err, c.kind, c.want)
		}
	}
}

// TestHostileAllocation sends a header that promises a terabyte.
func TestHostileAllocation(t *testing.T) {
	data := file(`{"a":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}`, "12345678")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := ReadAll(bytes.NewReader(data))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want an unexpected end", err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
		t.Errorf("allocated %d bytes for a file of %d", got, len(data))
	}
}

func TestWriteErrors(t *testing.T) {
	spec := formats.Spec{Name: "a", Dtype: dtype.Uint8, Shape: []int{2}}
	ok := formats.Array{Spec: spec, Data: formats.Bytes("ab")}
	with := func(change func(*formats.Array)) []formats.Array {
		a := ok
		change(&a)
		return []formats.Array{a}
	}
	for _, c := range []struct {
		name   string
		arrays []formats.Array
		meta   map[string]string
		want   string
	}{
		{"float64", with(func(a *formats.Array) { a.Dtype = dtype.Float64 }), nil, "unsupported dtype float64"},
		{"no dtype", with(func(a *formats.Array) { a.Dtype = 0 }), nil, "unsupported dtype invalid"},
		{"name twice", []formats.Array{ok, ok}, nil, `"a" given twice`},
		{"reserved name", with(func(a *formats.Array) { a.Name = metadataKey }), nil, "cannot be named"},
		{"name not UTF-8", with(func(a *formats.Array) { a.Name = "\xff" }), nil, "UTF-8"},
		{"metadata not UTF-8", []formats.Array{ok}, map[string]string{"k": "\xff"}, "UTF-8"},
		{"negative shape", with(func(a *formats.Array) { a.Shape = []int{-1} }), nil, "no size"},
		{"too few bytes", with(func(a *formats.Array) { a.Data = formats.Bytes("a") }), nil, "got 1 bytes of data, want 2"},
		{"no data", with(func(a *formats.Array) { a.Data = nil }), nil, "no data"},
	} {
		err := Write(io.Discard, c.arrays, c.meta)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	failing := func(n int64) io.Writer { return &limited{n} }
	for _, n := range []int64{0, 10, 65} {
		if err := Write(failing(n), []formats.Array{ok}, nil); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("disk full after %d bytes: got %v", n, err)
		}
	}
}

// limited is a disk that becomes full.
type limited struct{ left int64 }

func (l *limited) Write(p []byte) (int, error) {
	if int64(len(p)) > l.left {
		return 0, io.ErrShortWrite
	}
	l.left -= int64(len(p))
	return len(p), nil
}

// FuzzRead checks that no input makes the readers panic or disagree, and that
// what they accept survives writing and reading again.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"reference.safetensors", "mlx.safetensors", "mlx-no-metadata.safetensors"} {
		f.Add(golden(f, name))
	}
	f.Add(file(`{"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]},"a":{"dtype":"I16","shape":[1],"data_offsets":[0,2]}}`, "abcd"))
	f.Fuzz(func(t *testing.T, data []byte) {
		loaded, metadata, err := load(data)
		if err != nil {
			var typed *formats.Error
			if !errors.As(err, &typed) {
				t.Fatalf("got %v, want an error of type *formats.Error", err)
			}
			return
		}
		var b bytes.Buffer
		if err := Write(&b, arrays(loaded), metadata); err != nil {
			t.Fatal(err)
		}
		again, metadataAgain, err := load(b.Bytes())
		if err != nil || len(again) != len(loaded) || !maps.Equal(metadata, metadataAgain) {
			t.Fatalf("again: %v, %d tensors, metadata %v; before: %d, %v", err, len(again), metadataAgain, len(loaded), metadata)
		}
	})
}
