package gguf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/npz"
)

func golden(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readAll(data []byte) ([]formats.Loaded, []Entry, error) {
	f, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	parts, err := f.Parts()
	if err != nil {
		return nil, nil, err
	}
	loaded, err := load(parts, data)
	return loaded, f.Narrowed(), err
}

func load(parts []Part, data []byte) ([]formats.Loaded, error) {
	var loaded []formats.Loaded
	for _, p := range parts {
		length, _ := p.ByteLength()
		l := formats.Loaded{Spec: p.Spec, Data: make([]byte, length)}
		if err := p.ReadInto(bytes.NewReader(data), l.Data); err != nil {
			return nil, err
		}
		loaded = append(loaded, l)
	}
	return loaded, nil
}

func loadTensor(x Tensor, data []byte) ([]formats.Loaded, error) {
	parts, err := x.Parts()
	if err != nil {
		return nil, err
	}
	return load(parts, data)
}

func byName(loaded []formats.Loaded) map[string]formats.Loaded {
	m := make(map[string]formats.Loaded)
	for _, l := range loaded {
		m[l.Name] = l
	}
	return m
}

func scalar(d dtype.Dtype, data string) formats.Loaded {
	return formats.Loaded{Spec: formats.Spec{Dtype: d, Shape: []int{}}, Data: []byte(data)}
}

func vector(d dtype.Dtype, n int, data string) formats.Loaded {
	return formats.Loaded{Spec: formats.Spec{Dtype: d, Shape: []int{n}}, Data: []byte(data)}
}

func numbersOf(dtype dtype.Dtype, name string, shape []int, data string) formats.Array {
	return formats.Array{Spec: formats.Spec{Name: name, Dtype: dtype, Shape: shape}, Data: formats.Bytes(data)}
}

// TestBlocks compares every block type with what MLX makes of the same file,
// to the bit. Of Q4_K, MLX decodes every second run of 32 elements with the
// scale of the run before it; TestQ4K covers those.
func TestBlocks(t *testing.T) {
	loaded, metadata, err := readAll(golden(t, "blocks.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	archive := golden(t, "blocks-expected.npz")
	expected, err := npz.ReadAll(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	got := byName(loaded)
	for _, want := range expected {
		if want.Name == "q4k" {
			const run = 2 * 32
			for at := run; at < len(want.Data); at += 2 * run {
				copy(want.Data[at:at+run], got["q4k"].Data[at:at+run])
			}
		}
		if !reflect.DeepEqual(got[want.Name], want) {
			t.Errorf("%s: got %s\n%x\nwant %s\n%x", want.Name, got[want.Name].Layout(), got[want.Name].Data, want.Layout(), want.Data)
		}
	}
	if len(got) != len(expected) || len(got) != 14 {
		t.Errorf("got %d arrays, want %d", len(got), len(expected))
	}
	want := []Entry{
		{"general.architecture", "test"},
		{"tokens", []string{"<s>", "é"}},
		{"eps", scalar(dtype.Float32, "\xac\xc5\x27\x37")},
		{"flags", vector(dtype.Bool, 3, "\x01\x00\x01")},
	}
	if !reflect.DeepEqual(metadata, want) {
		t.Errorf("metadata: got %v, want %v", metadata, want)
	}
}

// TestQ4K packs scales and minima with all of their bits in use.
func TestQ4K(t *testing.T) {
	scales := [8]byte{1, 62, 17, 40, 33, 63, 22, 47}
	minima := [8]byte{60, 5, 34, 49, 12, 31, 63, 18}
	block := make([]byte, Q4_K.row().size)
	copy(block, "\x00\x3c\x00\x40") // 1 and 2
	packed, weights := block[4:16], block[16:]
	for i := range 4 {
		packed[i] = scales[i] | scales[i+4]>>4<<6
		packed[i+4] = minima[i] | minima[i+4]>>4<<6
		packed[i+8] = scales[i+4]&15 | minima[i+4]<<4
	}
	for i := range weights {
		weights[i] = byte(i*7 + 3)
	}
	got := make([]float32, superBlock)
	decodeQ4K(got, block)
	for i, x := range got {
		run, column := i/32, i%32
		q := weights[run/2*32+column]
		if run%2 == 0 {
			q &= 15
		} else {
			q /= 16
		}
		if want := float32(scales[run])*float32(q) - 2*float32(minima[run]); x != want {
			t.Errorf("element %d: got %g, want %g", i, x, want)
		}
	}
}

// TestSpecs checks that what is announced is what is loaded.
func TestSpecs(t *testing.T) {
	data := golden(t, "blocks.gguf")
	f, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range f.Tensors {
		loaded, err := loadTensor(x, data)
		if err != nil {
			t.Fatal(err)
		}
		for i, spec := range x.Specs() {
			if !reflect.DeepEqual(loaded[i].Spec, spec) {
				t.Errorf("%s: announced %v, loaded %v", x.Name, spec, loaded[i].Spec)
			}
		}
		plain, ok := x.Plain()
		if ok != (x.Type == F32) {
			t.Errorf("%s: plain %v", x.Type, ok)
		}
		if ok && !bytes.Equal(data[plain.Offset:plain.Offset+plain.Length], loaded[0].Data) {
			t.Errorf("%s: other bytes", x.Name)
		}
	}
}

func TestReadMLX(t *testing.T) {
	loaded, metadata, err := readAll(golden(t, "mlx.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	got := byName(loaded)
	for _, want := range []formats.Loaded{
		{Spec: formats.Spec{Name: "b", Dtype: dtype.Int32, Shape: []int{3}}, Data: []byte("\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00")},
		{Spec: formats.Spec{Name: "a.weight", Dtype: dtype.Float16, Shape: []int{2, 3}}, Data: bytes.Repeat([]byte{0, 0x3c}, 6)},
		{Spec: formats.Spec{Name: "s", Dtype: dtype.Int32, Shape: []int{}}, Data: []byte{5, 0, 0, 0}},
		{Spec: formats.Spec{Name: "i8", Dtype: dtype.Int8, Shape: []int{2}}, Data: []byte{1, 255}},
	} {
		if !reflect.DeepEqual(got[want.Name], want) {
			t.Errorf("got %v, want %v", got[want.Name], want)
		}
	}
	values := make(map[string]any)
	for _, e := range metadata {
		values[e.Key] = e.Value
	}
	want := map[string]any{
		"s": "hé",
		"l": []string{"a", "bc"},
		"i": scalar(dtype.Int32, "\x03\x00\x00\x00"),
		"v": vector(dtype.Int32, 2, "\x01\x00\x00\x00\x02\x00\x00\x00"),
		"b": scalar(dtype.Bool, "\x01"),
	}
	if len(got) != 4 || !reflect.DeepEqual(values, want) {
		t.Errorf("got %d arrays and %v, want 4 and %v", len(got), values, want)
	}
}

// TestRewriteMLX writes what MLX wrote, in its order, to the byte.
func TestRewriteMLX(t *testing.T) {
	want := golden(t, "mlx.gguf")
	f, err := Read(bytes.NewReader(want), int64(len(want)))
	if err != nil {
		t.Fatal(err)
	}
	var arrays []formats.Array
	for _, x := range f.Tensors {
		l, err := loadTensor(x, want)
		if err != nil {
			t.Fatal(err)
		}
		arrays = append(arrays, formats.Array{Spec: l[0].Spec, Data: formats.Bytes(l[0].Data)})
	}
	var got bytes.Buffer
	if err := Write(&got, arrays, f.Metadata); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("got  %q\nwant %q", got.Bytes(), want)
	}
}

// TestNarrow: MLX presents float64 metadata as float32, Read as it is.
func TestNarrow(t *testing.T) {
	data := start(0, 2).text("x").u32(12).u64(math.Float64bits(1e-5)).text("y").u32(arrayValue).u32(12).u64(1).u64(math.Float64bits(1e300)).Bytes()
	f, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil || f.Metadata[0].Value.(formats.Loaded).Dtype != dtype.Float64 {
		t.Errorf("got %v, %v, want float64", f, err)
	}
	_, metadata, err := readAll(data)
	want := []Entry{
		{"x", scalar(dtype.Float32, "\xac\xc5\x27\x37")},
		{"y", vector(dtype.Float32, 1, "\x00\x00\x80\x7f")},
	}
	if err != nil || !reflect.DeepEqual(metadata, want) {
		t.Errorf("got %v, %v, want %v", metadata, err, want)
	}
}

func TestMetadataRoundTrip(t *testing.T) {
	var entries []Entry
	for _, d := range numbers {
		data := strings.Repeat("\x01", d.Size())
		entries = append(entries, Entry{d.String(), scalar(d, data)}, Entry{"two " + d.String(), vector(d, 2, data+data)})
	}
	entries = append(entries, Entry{"", ""}, Entry{"none", []string{}}, Entry{alignmentKey, scalar(dtype.Uint32, "\x80\x00\x00\x00")})
	var b bytes.Buffer
	if err := Write(&b, []formats.Array{numbersOf(dtype.Int8, "a", []int{1}, "x"), numbersOf(dtype.Int8, "b", []int{1}, "y")}, entries); err != nil {
		t.Fatal(err)
	}
	f, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || !reflect.DeepEqual(f.Metadata, entries) {
		t.Fatalf("got %v, %v, want %v", f, err, entries)
	}
	for i, x := range f.Tensors {
		if x.Offset%128 != 0 || b.Bytes()[x.Offset] != "xy"[i] {
			t.Errorf("%s lies at %d, want a multiple of 128 with its byte", x.Name, x.Offset)
		}
	}
}

// builder makes files field by field.
type builder struct{ bytes.Buffer }

func start(tensors, entries uint64) *builder {
	b := &builder{}
	b.WriteString(magic)
	return b.u32(3).u64(tensors).u64(entries)
}

func (b *builder) u32(v uint32) *builder {
	b.Write(binary.LittleEndian.AppendUint32(nil, v))
	return b
}

func (b *builder) u64(v uint64) *builder {
	b.Write(binary.LittleEndian.AppendUint64(nil, v))
	return b
}

func (b *builder) text(s string) *builder {
	b.u64(uint64(len(s))).WriteString(s)
	return b
}

func (b *builder) tensor(name string, kind uint32, offset uint64, dims ...uint64) *builder {
	b.text(name).u32(uint32(len(dims)))
	for _, d := range dims {
		b.u64(d)
	}
	return b.u32(kind).u64(offset)
}

func (b *builder) data(n int) []byte {
	for b.Len()%defaultAlignment != 0 {
		b.WriteByte(0)
	}
	b.Write(make([]byte, n))
	return b.Bytes()
}

func TestHostile(t *testing.T) {
	const i32, q40, iq1s = 26, 2, 19
	one := func() *builder { return start(1, 0) }
	entry := func() *builder { return start(0, 1).text("k") }
	for _, c := range []struct {
		name string
		data []byte
		kind formats.Kind
		want string
	}{
		{"no bytes", nil, formats.Truncated, "magic"},
		{"garbage", []byte("garbage!garbage"), formats.Unrecognized, "magic"},
		{"version 1", append([]byte("GGUF\x01\x00\x00\x00"), make([]byte, 16)...), formats.Unrecognized, "version: got 1"},
		{"big-endian", append([]byte("GGUF\x00\x00\x00\x03"), make([]byte, 16)...), formats.Unrecognized, "version"},
		{"no counts", []byte("GGUF\x03\x00\x00\x00"), formats.Truncated, "number of tensors"},
		{"many tensors", start(1<<60, 0).data(8), formats.Truncated, "tensor"},
		{"many entries", start(0, 1<<60).Bytes(), formats.Truncated, "metadata key"},
		{"long key", start(0, 1).u64(1 << 40).Bytes(), formats.Truncated, "1099511627776"},
		{"negative key", start(0, 1).u64(1<<64 - 1).Bytes(), formats.Truncated, "metadata key"},
		{"long string", entry().u32(stringValue).u64(1 << 40).Bytes(), formats.Truncated, `metadata "k"`},
		{"long list", entry().u32(arrayValue).u32(stringValue).u64(1 << 40).Bytes(), formats.Truncated, `metadata "k"`},
		{"long vector", entry().u32(arrayValue).u32(5).u64(1 << 62).Bytes(), formats.Truncated, `metadata "k"`},
		{"nested", entry().u32(arrayValue).u32(arrayValue).u64(1).data(32), formats.Unsupported, "array of arrays"},
		{"unknown value", entry().u32(13).u64(0).Bytes(), formats.Unrecognized, "value type 13"},
		{"cut value", entry().u32(4).Bytes(), formats.Truncated, `metadata "k"`},
		{"key twice", start(0, 2).text("k").u32(4).u32(1).text("k").u32(4).u32(1).Bytes(), formats.Malformed, "twice"},
		{"alignment 0", start(0, 1).text(alignmentKey).u32(4).u32(0).Bytes(), formats.Malformed, "power of two"},
		{"alignment 48", start(0, 1).text(alignmentKey).u32(4).u32(48).Bytes(), formats.Malformed, "power of two"},
		{"alignment of another type", start(0, 1).text(alignmentKey).u32(10).u64(32).Bytes(), formats.Malformed, "uint32"},
		{"name twice", start(2, 0).tensor("a", i32, 0, 1).tensor("a", i32, 32, 1).data(64), formats.Malformed, `"a" occurs twice`},
		{"many dimensions", one().tensor("a", i32, 0, slices.Repeat([]uint64{1}, 9)...).data(32), formats.Malformed, "9 dimensions"},
		{"four billion dimensions", one().text("a").u32(1<<32 - 1).data(32), formats.Malformed, "dimensions"},
		{"huge dimension", one().tensor("a", i32, 0, 1<<63).data(32), formats.Malformed, "dimension 0"},
		{"overflow", one().tensor("a", i32, 0, 1<<32, 1<<32).data(32), formats.Malformed, "too many elements"},
		{"overflow of bytes", one().tensor("a", i32, 0, 1<<61).data(32), formats.Malformed, "too many elements"},
		{"past the end", one().tensor("a", i32, 0, 9).data(32), formats.Truncated, `"a"`},
		{"far offset", one().tensor("a", i32, 1<<40, 1).data(32), formats.Truncated, `"a"`},
		{"offset overflows", one().tensor("a", i32, 1<<63-1, 1).data(32), formats.Malformed, "out of range"},
		{"negative offset", one().tensor("a", i32, 1<<64-1, 1).data(32), formats.Malformed, "out of range"},
		{"shared bytes", start(2, 0).tensor("a", i32, 0, 8).tensor("b", i32, 16, 4).data(32), formats.Malformed, "share bytes"},
		{"no whole block", one().tensor("a", q40, 0, 33).data(64), formats.Malformed, "block of 32"},
		{"scalar block", one().tensor("a", q40, 0).data(64), formats.Malformed, "block of 32"},
		{"a type that is not read", one().tensor("a", iq1s, 0, 256).data(64), formats.Unsupported, "IQ1_S"},
		{"unknown type", one().tensor("a", 99, 0, 32).data(64), formats.Unsupported, "type 99"},
		{"names collide", start(2, 0).tensor("a.weight", q40, 0, 32).tensor("a.scales", i32, 32, 1).data(64), formats.Malformed, `"a.scales" occurs twice`},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := readAll(c.data)
		runtime.ReadMemStats(&after)
		var typed *formats.Error
		if !errors.As(err, &typed) {
			t.Errorf("%s: got %v, want an error of type *formats.Error", c.name, err)
			continue
		}
		if typed.Kind != c.kind || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %s %q, want %s with %q", c.name, typed.Kind, err, c.kind, c.want)
		}
		if c.name == "nested" && !errors.Is(err, ErrMetadata) {
			t.Errorf("%s: got %v, want ErrMetadata", c.name, err)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%s: allocated %d bytes for a file of %d", c.name, n, len(c.data))
		}
	}
}

func TestWriteErrors(t *testing.T) {
	a := numbersOf(dtype.Int8, "a", []int{1}, "x")
	with := func(value any) []Entry { return []Entry{{"k", value}} }
	for _, c := range []struct {
		name     string
		arrays   []formats.Array
		metadata []Entry
		want     string
		cause    error
	}{
		{"bool tensor", []formats.Array{numbersOf(dtype.Bool, "a", []int{1}, "x")}, nil, "unsupported dtype bool", nil},
		{"bfloat16 tensor", []formats.Array{numbersOf(dtype.BFloat16, "a", []int{1}, "xx")}, nil, "unsupported dtype bfloat16", nil},
		{"name twice", []formats.Array{a, a}, nil, "given twice", nil},
		{"nine dimensions", []formats.Array{numbersOf(dtype.Int8, "a", slices.Repeat([]int{1}, 9), "x")}, nil, "9 dimensions", nil},
		{"negative shape", []formats.Array{numbersOf(dtype.Int8, "a", []int{-1}, "x")}, nil, "no size", nil},
		{"short data", []formats.Array{numbersOf(dtype.Int8, "a", []int{2}, "x")}, nil, "got 1 bytes", nil},
		{"key twice", nil, []Entry{{"k", ""}, {"k", ""}}, "given twice", nil},
		{"a Go int", nil, with(1), "type int", nil},
		{"matrix", nil, with(formats.Loaded{Spec: formats.Spec{Dtype: dtype.Int8, Shape: []int{1, 1}}, Data: []byte{1}}), "2 dimensions", nil},
		{"half metadata", nil, with(scalar(dtype.Float16, "xx")), "float16", ErrMetadata},
		{"empty vector", nil, with(vector(dtype.Int8, 0, "")), "empty", nil},
		{"wrong size", nil, with(vector(dtype.Int8, 2, "x")), "1 bytes of data", nil},
		{"alignment", nil, []Entry{{alignmentKey, scalar(dtype.Uint32, "\x03\x00\x00\x00")}}, "power of two", nil},
	} {
		err := Write(io.Discard, c.arrays, c.metadata)
		if err == nil || !strings.Contains(err.Error(), c.want) || c.cause != nil && !errors.Is(err, c.cause) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	if !TensorDtype(dtype.Int16) || TensorDtype(dtype.Int64) || !MetadataDtype(dtype.Int64) || MetadataDtype(dtype.Complex64) {
		t.Error("the dtypes that can be written are others")
	}
}

// FuzzRead checks that no input makes the reader panic, and that what it
// accepts survives writing and reading again.
func FuzzRead(f *testing.F) {
	f.Add(golden(f, "blocks.gguf"))
	f.Add(golden(f, "mlx.gguf"))
	f.Add(start(1, 1).text(alignmentKey).u32(4).u32(64).tensor("a", 2, 0, 32, 1).data(128))
	f.Add(start(1, 0).tensor("a", 26, 0).data(4))
	f.Fuzz(func(t *testing.T, data []byte) {
		loaded, metadata, err := readAll(data)
		if err != nil {
			var typed *formats.Error
			if !errors.As(err, &typed) {
				t.Fatalf("got %v, want an error of type *formats.Error", err)
			}
			return
		}
		var arrays []formats.Array
		for _, l := range loaded {
			if TensorDtype(l.Dtype) {
				arrays = append(arrays, formats.Array{Spec: l.Spec, Data: formats.Bytes(l.Data)})
			}
		}
		for i, e := range metadata {
			if n, ok := e.Value.(formats.Loaded); ok && len(n.Data) == 0 {
				metadata[i].Value = []string{}
			}
		}
		var b bytes.Buffer
		if err := Write(&b, arrays, metadata); err != nil {
			t.Fatal(err)
		}
		again, metadataAgain, err := readAll(b.Bytes())
		if err != nil || len(again) != len(arrays) || len(metadataAgain) != len(metadata) {
			t.Fatalf("again: %v, %d arrays and %d entries, want %d and %d", err, len(again), len(metadataAgain), len(arrays), len(metadata))
		}
		for i, l := range again {
			if !bytes.Equal(l.Data, arrays[i].Data.(formats.Bytes)) {
				t.Fatalf("again: %s has other bytes", l.Label())
			}
		}
	})
}
