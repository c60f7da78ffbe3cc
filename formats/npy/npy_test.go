package npy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

func golden(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// load reads an array both ways and checks that they agree.
func load(data []byte) (formats.Loaded, error) {
	x, err := Read(bytes.NewReader(data), int64(len(data)))
	streamed, streamErr := ReadAll(iotest.OneByteReader(bytes.NewReader(data)))
	if (err == nil) != (streamErr == nil) {
		return streamed, errors.Join(errors.New("the mapped and the streaming reader disagree"), err, streamErr)
	}
	if err != nil {
		return streamed, err
	}
	loaded := formats.Loaded{Spec: x.Spec, Data: make([]byte, x.Length)}
	if err := x.ReadInto(format, bytes.NewReader(data), loaded.Data); err != nil {
		return loaded, err
	}
	if !reflect.DeepEqual(loaded, streamed) {
		return loaded, errors.New("the mapped and the streaming reader give different arrays")
	}
	return loaded, nil
}

func write(t testing.TB, l formats.Loaded) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, formats.Array{Spec: l.Spec, Data: formats.Bytes(l.Data)}); err != nil {
		t.Fatal(err)
	}
	if n, err := FileLength(l.Spec); err != nil || n != int64(b.Len()) {
		t.Errorf("file length: got %d, %v, want %d", n, err, b.Len())
	}
	return b.Bytes()
}

// TestNumPyBytes reads what NumPy wrote and rewrites it to the byte.
func TestNumPyBytes(t *testing.T) {
	for d := dtype.Bool; d.Valid(); d++ {
		if d == dtype.BFloat16 {
			continue
		}
		want := golden(t, "numpy-"+d.String()+".npy")
		l, err := load(want)
		if err != nil {
			t.Errorf("%s: %v", d, err)
			continue
		}
		if l.Dtype != d || !slices.Equal(l.Shape, []int{2, 3}) {
			t.Errorf("%s: got %s", d, l.Layout())
		}
		if got := write(t, l); !bytes.Equal(got, want) {
			t.Errorf("%s: got  %q\nwant %q", d, got, want)
		}
	}
	for name, shape := range map[string][]int{"scalar": {}, "vector": {3}, "empty": {0, 3}, "large-dim": {1000000, 0}} {
		want := golden(t, "numpy-"+name+".npy")
		l, err := load(want)
		if err != nil || !slices.Equal(l.Shape, shape) {
			t.Errorf("%s: got %v, %v, want shape %v", name, l.Shape, err, shape)
			continue
		}
		if got := write(t, l); !bytes.Equal(got, want) {
			t.Errorf("%s: got  %q\nwant %q", name, got, want)
		}
	}
}

func TestOrder(t *testing.T) {
	l, err := load(golden(t, "numpy-fortran.npy"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 24 {
		if got := binary.LittleEndian.Uint16(l.Data[2*i:]); got != uint16(i) {
			t.Fatalf("element %d of the Fortran array: got %d", i, got)
		}
	}
	l, err = load(golden(t, "numpy-bigendian.npy"))
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x3f\x00\x00\x00\x00\x00\x00\x00\x40")
	if l.Dtype != dtype.Complex64 || !bytes.Equal(l.Data, want) {
		t.Errorf("big-endian complex: got %s %x, want %x", l.Dtype, l.Data, want)
	}
}

func TestReadMLX(t *testing.T) {
	l, err := load(golden(t, "mlx-bfloat16.npy"))
	if err != nil || l.Dtype != dtype.BFloat16 || string(l.Data) != "\x80\x3f\x20\xc0" {
		t.Errorf("bfloat16: got %s %x, %v", l.Dtype, l.Data, err)
	}
	if again, err := load(write(t, l)); err != nil || !reflect.DeepEqual(again, l) {
		t.Errorf("bfloat16 again: got %v, %v, want %v", again, err, l)
	}
	// MLX marks a vector as Fortran order, which for one axis is the same.
	l, err = load(golden(t, "mlx-vector.npy"))
	if err != nil || string(l.Data) != "\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00" {
		t.Errorf("vector: got %x, %v", l.Data, err)
	}
}

// file joins a header and elements as a file of the given version does.
func file(major byte, header, data string) []byte {
	b := append([]byte(magic), major, 0)
	if major == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	}
	return append(append(b, header...), data...)
}

func TestHeaderForms(t *testing.T) {
	for _, header := range []string{
		"{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }          \n",
		"{'descr': '<i2', 'fortran_order': True, 'shape': (2,)}",
		`{"shape":(2L,),"descr":"i2","fortran_order":False}`,
		" { 'fortran_order' : False , 'shape' : ( 2 ) , 'descr' : '=i2' , } \n",
	} {
		for _, major := range []byte{1, 2} {
			l, err := load(file(major, header, "abcdefgh"))
			if err != nil || l.Dtype != dtype.Int16 || !slices.Equal(l.Shape, []int{2}) || string(l.Data) != "abcd" {
				t.Errorf("version %d, %s: got %s, %q, %v", major, header, l.Layout(), l.Data, err)
			}
		}
	}
	l, err := load(file(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", "\x41\x00\x01"))
	if err != nil || string(l.Data) != "\x01\x00\x01" {
		t.Errorf("odd booleans: got %x, %v", l.Data, err)
	}
}

func TestHostile(t *testing.T) {
	with := func(descr, order, shape string) []byte {
		return file(1, "{'descr': "+descr+", 'fortran_order': "+order+", 'shape': "+shape+", }\n", "0123456789abcdef")
	}
	shape := func(s string) []byte { return with("'<i4'", "False", s) }
	huge := file(2, "", "")
	binary.LittleEndian.PutUint32(huge[8:], 1<<31)
	for _, c := range []struct {
		name string
		data []byte
		kind formats.Kind
		want string
	}{
		{"no bytes", nil, formats.Truncated, "magic"},
		{"garbage", []byte("garbage garbage"), formats.Unrecognized, "magic"},
		{"version 3", file(3, "", ""), formats.Unrecognized, "got 3.0, want 1.0 or 2.0"},
		{"header cut", shape("(2,)")[:40], formats.Truncated, "read header of"},
		{"huge header", huge, formats.Malformed, "header length: got 2147483648"},
		{"empty header", file(1, "", ""), formats.Malformed, "got its end, want '{'"},
		{"strings", golden(t, "numpy-string.npy"), formats.Unsupported, `dtype "<U2"`},
		{"structured", golden(t, "numpy-structured.npy"), formats.Unsupported, "structured"},
		{"complex256", with("'<c32'", "False", "(1,)"), formats.Unsupported, `dtype "<c32"`},
		{"object", with("'|O'", "False", "(1,)"), formats.Unsupported, `dtype "|O"`},
		{"order", with("'<i4'", "1", "(1,)"), formats.Malformed, "want True or False"},
		{"elements missing", shape("(99,)"), formats.Truncated, "396"},
		{"terabyte", shape("(1099511627776,)"), formats.Truncated, "4398046511104"},
		{"negative", shape("(-1,)"), formats.Malformed, "dimension"},
		{"overflow", shape("(4294967296, 4294967296)"), formats.Malformed, "too many elements"},
		{"overflow under a zero", shape("(0, 4294967296, 4294967296)"), formats.Malformed, "too many elements"},
		{"large number", shape("(99999999999999999999,)"), formats.Malformed, "dimension"},
		{"no tuple", shape("2"), formats.Malformed, "want '('"},
		{"two commas", shape("(2,,2)"), formats.Malformed, "dimension"},
		{"open tuple", shape("(2"), formats.Malformed, "dimension is"},
		{"unknown key", file(1, "{'x': 1}", ""), formats.Malformed, `"x"`},
		{"key twice", file(1, "{'shape': (), 'shape': ()}", ""), formats.Malformed, "twice"},
		{"no descr", file(1, "{'fortran_order': False, 'shape': ()}", ""), formats.Malformed, "no descr"},
		{"more after", file(1, "{'descr': '<i4', 'fortran_order': False, 'shape': ()}{", "1234"), formats.Malformed, "after the dict"},
		{"no quote", file(1, "{'descr: 1}", ""), formats.Malformed, "closing quote"},
	} {
		_, err := load(c.data)
		var typed *formats.Error
		if !errors.As(err, &typed) {
			t.Errorf("%s: got %v, want an error of type *formats.Error", c.name, err)
			continue
		}
		if typed.Kind != c.kind || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 400 {
			t.Errorf("%s: got %s %q, want %s with %q", c.name, typed.Kind, err, c.kind, c.want)
		}
	}
}

// TestHostileAllocation streams a header that promises four terabytes.
func TestHostileAllocation(t *testing.T) {
	data := file(1, "{'descr': '<i4', 'fortran_order': True, 'shape': (1048576, 1048576)}", "0123")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadAll(bytes.NewReader(data))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want an unexpected end", err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
		t.Errorf("allocated %d bytes for a file of %d", got, len(data))
	}
}

func TestWriteErrors(t *testing.T) {
	for _, c := range []struct {
		array formats.Array
		want  string
	}{
		{formats.Array{Data: formats.Bytes("")}, "unsupported dtype invalid"},
		{formats.Array{Spec: formats.Spec{Dtype: dtype.Int8, Shape: []int{2}}, Data: formats.Bytes("abc")}, "got 3 bytes of data, want 2"},
		{formats.Array{Spec: formats.Spec{Dtype: dtype.Int8, Shape: []int{-2}}, Data: formats.Bytes("abc")}, "no size"},
	} {
		if err := Write(io.Discard, c.array); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestLongHeader has more dimensions than version 1 can describe.
func TestLongHeader(t *testing.T) {
	l := formats.Loaded{Spec: formats.Spec{Dtype: dtype.Int8, Shape: slices.Repeat([]int{1}, 30000)}, Data: []byte{7}}
	data := write(t, l)
	if data[6] != 2 || (len(data)-1)%alignment != 0 {
		t.Errorf("got version %d and %d bytes of header", data[6], len(data)-1)
	}
	if again, err := load(data); err != nil || !reflect.DeepEqual(again, l) {
		t.Errorf("again: %v", err)
	}
}

// FuzzRead checks that no input makes the readers panic or disagree, and that
// what they accept survives writing and reading again.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.npy")
	if err != nil || len(names) == 0 {
		f.Fatal("no goldens", err)
	}
	for _, name := range names {
		f.Add(golden(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := load(data)
		if err != nil {
			var typed *formats.Error
			if !errors.As(err, &typed) {
				t.Fatalf("got %v, want an error of type *formats.Error", err)
			}
			return
		}
		if again, err := load(write(t, l)); err != nil || !reflect.DeepEqual(again, l) {
			t.Fatalf("again: got %v, %v, want %v", again, err, l)
		}
	})
}
