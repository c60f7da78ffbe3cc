package npz

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/npy"
)

func golden(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// load reads an archive's members and compares, for stored ones, the elements
// where the file says they lie.
func load(data []byte) ([]formats.Loaded, error) {
	r, size := bytes.NewReader(data), int64(len(data))
	loaded, err := ReadAll(r, size)
	if err != nil {
		return nil, err
	}
	f, err := Read(r, size)
	if err != nil {
		return nil, err
	}
	for i, m := range f.Members {
		dst := make([]byte, m.Length)
		if m.Stored {
			err = m.Tensor.ReadInto(format, r, dst)
		} else {
			err = m.ReadElements(context.Background(), dst)
		}
		if err != nil || !reflect.DeepEqual(loaded[i].Spec, m.Spec) || !bytes.Equal(dst, loaded[i].Data) {
			return nil, errors.Join(errors.New("the two ways to read "+m.Name+" disagree"), err)
		}
	}
	return loaded, nil
}

func arrays(loaded []formats.Loaded) []formats.Array {
	var list []formats.Array
	for _, l := range loaded {
		list = append(list, formats.Array{Spec: l.Spec, Data: formats.Bytes(l.Data)})
	}
	return list
}

func write(t testing.TB, loaded []formats.Loaded, compress bool) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, arrays(loaded), compress); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	ints    = []byte("\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00")
	zeros   = make([]byte, 4000)
	content = []formats.Loaded{
		{Spec: formats.Spec{Name: "arr_0", Dtype: dtype.Int32, Shape: []int{3}}, Data: ints},
		{Spec: formats.Spec{Name: "layers.0.w", Dtype: dtype.Float32, Shape: []int{10, 100}}, Data: zeros},
		{Spec: formats.Spec{Name: "é/x", Dtype: dtype.Bool, Shape: []int{}}, Data: []byte{1}},
		{Spec: formats.Spec{Name: "", Dtype: dtype.Float16, Shape: []int{0, 2}}, Data: []byte{}},
	}
)

func TestRoundTrip(t *testing.T) {
	for _, compress := range []bool{false, true} {
		data := write(t, content, compress)
		got, err := load(data)
		if err != nil || !reflect.DeepEqual(got, content) {
			t.Errorf("compress %v: got %v, %v, want %v", compress, got, err, content)
		}
		if small := len(data) < len(zeros); small != compress {
			t.Errorf("compress %v: the file has %d bytes", compress, len(data))
		}
		if !bytes.Equal(data, write(t, content, compress)) {
			t.Errorf("compress %v: the same arrays give other bytes", compress)
		}
	}
	if got, err := load(write(t, nil, false)); err != nil || len(got) != 0 {
		t.Errorf("no arrays: got %v, %v", got, err)
	}
}

// TestGoldens reads archives of NumPy and MLX that hold the same two arrays.
func TestGoldens(t *testing.T) {
	for _, name := range []string{"numpy-stored.npz", "numpy-deflated.npz", "mlx-stored.npz", "mlx-deflated.npz"} {
		got, err := load(golden(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		byName := make(map[string]formats.Loaded)
		for _, l := range got {
			byName[l.Name] = l
		}
		for _, want := range []formats.Loaded{
			{Spec: formats.Spec{Name: "arr_0", Dtype: dtype.Int32, Shape: []int{3}}, Data: ints},
			{Spec: formats.Spec{Name: "w.x", Dtype: dtype.Float16, Shape: []int{2, 2}}, Data: []byte("\x00\x00\x00\x3c\x00\x40\x00\x42")},
		} {
			if !reflect.DeepEqual(byName[want.Name], want) {
				t.Errorf("%s: got %v, want %v", name, byName[want.Name], want)
			}
		}
		if len(got) != 2 {
			t.Errorf("%s: got %d arrays, want 2", name, len(got))
		}
	}
}

// archive makes a zip file of members as they are given.
func archive(t testing.TB, method uint16, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: members[i], Method: method})
		if err == nil {
			_, err = io.WriteString(w, members[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func array(t testing.TB, l formats.Loaded) string {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, formats.Array{Spec: l.Spec, Data: formats.Bytes(l.Data)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// patch changes a field of the last entry of a directory.
func patch(data []byte, at int, value uint32) []byte {
	data = bytes.Clone(data)
	entry := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[entry+at:], value)
	return data
}

func TestHostile(t *testing.T) {
	const compressedSize, uncompressedSize, localHeader = 20, 24, 42 // fields of a directory entry
	one := array(t, content[0])
	stored := archive(t, zip.Store, "a.npy", one)
	deflated := archive(t, zip.Deflate, "a.npy", array(t, content[1]))
	corrupt := bytes.Clone(stored)
	corrupt[bytes.Index(corrupt, ints)+4] ^= 1
	broken := bytes.Clone(deflated)
	copy(broken[30+len("a.npy"):], "\xff\xff\xff\xff")
	overlap := archive(t, zip.Store, "a.npy", one, "b.npy", one)
	method := archive(t, zip.Store, "a.npy", one)
	method[bytes.LastIndex(method, []byte("PK\x01\x02"))+10] = 99
	for _, c := range []struct {
		name string
		data []byte
		kind formats.Kind
		want string
	}{
		{"no bytes", nil, formats.Malformed, "directory"},
		{"broken", []byte("PK\x03\x04broken"), formats.Malformed, "directory"},
		{"directory cut", stored[:len(stored)-30], formats.Malformed, "directory"},
		{"no array", archive(t, zip.Store, "readme.txt", "hello, reader"), formats.Unrecognized, `"readme.txt"`},
		{"a short member", archive(t, zip.Store, "a.npy", one[:20]), formats.Truncated, `"a"`},
		{"elements missing", archive(t, zip.Store, "a.npy", one[:len(one)-1]), formats.Malformed, "want 140"},
		{"bytes after the elements", archive(t, zip.Deflate, "a.npy", one+"x"), formats.Malformed, "want 140"},
		{"strings", archive(t, zip.Store, "a.npy", strings.Replace(one, "<i4", "<U1", 1)), formats.Unsupported, "<U1"},
		{"name twice", archive(t, zip.Store, "a.npy", one, "a", one), formats.Malformed, "occurs twice"},
		{"other checksum", corrupt, formats.Malformed, "checksum"},
		{"broken deflate", broken, formats.Malformed, "corrupt"},
		{"unknown method", method, formats.Unsupported, "unsupported compression"},
		{"more than the file", patch(stored, compressedSize, 1<<30), formats.Truncated, "do not fit"},
		{"a bomb", patch(deflated, uncompressedSize, 1<<31), formats.Malformed, "2147483648"},
		{"stored sizes differ", patch(stored, compressedSize, 139), formats.Malformed, "takes 139"},
		{"shared bytes", patch(overlap, localHeader, 0), formats.Malformed, "share bytes"},
	} {
		_, err := load(c.data)
		var typed *formats.Error
		if !errors.As(err, &typed) {
			t.Errorf("%s: got %v, want an error of type *formats.Error", c.name, err)
			continue
		}
		if typed.Kind != c.kind || typed.Format != format || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %s %q, want %s with %q", c.name, typed.Kind, err, c.kind, c.want)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	a := arrays(content[:1])[0]
	long := a
	long.Name = strings.Repeat("x", 1<<16)
	short := a
	short.Data = formats.Bytes("x")
	for _, c := range []struct {
		arrays []formats.Array
		want   string
	}{
		{[]formats.Array{a, a}, "given twice"},
		{[]formats.Array{long}, "at most"},
		{[]formats.Array{short}, "got 1 bytes"},
	} {
		if err := Write(io.Discard, c.arrays, true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// FuzzRead checks that no input makes the reader panic or the ways to read
// disagree, and that what is accepted survives writing and reading again.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.npz")
	if err != nil || len(names) == 0 {
		f.Fatal("no goldens", err)
	}
	for _, name := range names {
		f.Add(golden(f, filepath.Base(name)))
	}
	f.Add(write(f, content, true))
	f.Fuzz(func(t *testing.T, data []byte) {
		loaded, err := load(data)
		if err != nil {
			var typed *formats.Error
			if !errors.As(err, &typed) {
				t.Fatalf("got %v, want an error of type *formats.Error", err)
			}
			return
		}
		var b bytes.Buffer
		if err := Write(&b, arrays(loaded), true); err != nil {
			if strings.Contains(err.Error(), "a name has") {
				return
			}
			t.Fatal(err)
		}
		if again, err := load(b.Bytes()); err != nil || len(again) != len(loaded) {
			t.Fatalf("again: got %v, %v, want %v", again, err, loaded)
		}
	})
}

// FuzzMember puts any bytes into an archive that is sound itself, as hardly
// any change to a whole archive leaves its checksums right.
func FuzzMember(f *testing.F) {
	f.Add("a.npy", []byte(array(f, content[0])), true)
	f.Add("b", []byte(array(f, content[2])), false)
	f.Fuzz(func(t *testing.T, name string, member []byte, deflated bool) {
		if len(name) >= 1<<16 || strings.HasSuffix(name, "/") {
			return
		}
		method := zip.Store
		if deflated {
			method = zip.Deflate
		}
		loaded, err := load(archive(t, method, name, string(member)))
		direct, directErr := npy.ReadAll(bytes.NewReader(member))
		if err == nil && (directErr != nil || !bytes.Equal(loaded[0].Data, direct.Data)) {
			t.Fatalf("the archive gives %v, its member %v, %v", loaded, direct, directErr)
		}
		var typed *formats.Error
		if err != nil && !errors.As(err, &typed) {
			t.Fatalf("got %v, want an error of type *formats.Error", err)
		}
	})
}
