package mlxfn

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// sample is a file of two functions that share a constant.
func sample() *File {
	weight := &Constant{Array: Array{ID: 9, Shape: []int{2}, Dtype: dtype.Float32}, Data: formats.Bytes{0, 0, 128, 63, 0, 0, 0, 64}}
	x := Array{ID: 1, Shape: []int{3, 2}, Dtype: dtype.Float32}
	k := Array{ID: 2, Shape: []int{}, Dtype: dtype.Int64}
	arrays := func(from uint64, n int) []Array {
		out := make([]Array, n)
		for i := range out {
			out[i] = Array{ID: from + uint64(i), Shape: []int{1, 2}, Dtype: dtype.BFloat16}
		}
		return out
	}
	return &File{Version: "0.32.4", Shapeless: true, Metadata: "what it is", Functions: []Function{
		{Keywords: []string{"k"}, Inputs: []Array{x, k}, Outputs: []uint64{21, 30}, Tape: []Entry{
			{ID: 9, Constant: weight},
			{ID: 20, Primitive: &Primitive{Name: "Add", Inputs: []uint64{1, 9}, Outputs: []Array{{ID: 20, Shape: []int{3, 2}, Dtype: dtype.Float32}}}},
			{ID: 21, Primitive: &Primitive{Name: "Split", State: []any{[]int{1, 2}, int64(0)}, Inputs: []uint64{20}, Outputs: arrays(21, 3)}},
			{ID: 30, Primitive: &Primitive{Name: "AddMM", State: []any{0.5, -2.0}, GPU: true, Inputs: []uint64{20, 21, 22}, Outputs: []Array{{ID: 30, Shape: []int{}, Dtype: dtype.Complex64}}}},
			{ID: 31, Primitive: &Primitive{Name: "FFT", State: []any{[]int{1}, true, false, false}, Inputs: []uint64{20}, Outputs: arrays(31, 1)}},
			{ID: 32, Primitive: &Primitive{Name: "AsStrided", State: []any{[]int{2, 2}, []int{-1, 1 << 40}, int64(7)}, Inputs: []uint64{20}, Outputs: arrays(32, 1)}},
			{ID: 33, Primitive: &Primitive{Name: "Eigh", State: []any{"U", true}, Inputs: []uint64{20}, Outputs: arrays(33, 2)}},
			{ID: 40, Primitive: &Primitive{Name: "AsType", State: []any{dtype.BFloat16}, Inputs: []uint64{20}, Outputs: arrays(40, 1)}},
		}},
		{Keywords: []string{}, Inputs: []Array{{ID: 50, Shape: []int{2}, Dtype: dtype.Float32}}, Outputs: []uint64{50}, Tape: []Entry{
			{ID: 50}, {ID: 9, Constant: weight},
			{ID: 51, Primitive: &Primitive{Name: "Arange", State: []any{0.0, math.Inf(1), 0.5}, Outputs: arrays(51, 1)}},
		}},
	}}
}

func written(t testing.TB, f *File) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, f); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRoundTrip(t *testing.T) {
	want := sample()
	data := written(t, want)
	got, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	first, second := got.Functions[0].Tape[0].Constant, got.Functions[1].Tape[1].Constant
	if first != second {
		t.Error("a constant that two functions read was read twice")
	}
	if elements := data[first.Offset:][:8]; !bytes.Equal(elements, want.Functions[0].Tape[0].Constant.Data.(formats.Bytes)) {
		t.Errorf("the constant's elements are %v", elements)
	}
	first.Offset, first.Data = 0, want.Functions[0].Tape[0].Constant.Data
	for i := range want.Functions {
		for k := range want.Functions[i].Tape {
			if p, q := want.Functions[i].Tape[k].Primitive, got.Functions[i].Tape[k].Primitive; p != nil && len(p.Inputs) == 0 {
				q.Inputs = nil
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Every end that a file can have too early is an error, and none is a panic.
func TestTruncated(t *testing.T) {
	data := written(t, sample())
	for n := range data {
		if _, err := Read(bytes.NewReader(data[:n]), int64(n)); err == nil {
			t.Errorf("the first %d of %d bytes are read as a file", n, len(data))
		}
	}
}

func TestUnwritten(t *testing.T) {
	out := []Array{{ID: 2, Shape: []int{1}, Dtype: dtype.Float32}}
	for _, p := range []*Primitive{
		{Name: "Nothing", Outputs: out},
		{Name: "Add", State: []any{true}, Outputs: out},
		{Name: "AddMM", State: []any{1.0, int64(2)}, Outputs: out},
		{Name: "Sort", State: []any{int64(1) << 40}, Outputs: out},
	} {
		f := &File{Functions: []Function{{Tape: []Entry{{ID: 2, Primitive: p}}}}}
		var failed *formats.Error
		if err := Write(&bytes.Buffer{}, f); !errors.As(err, &failed) {
			t.Errorf("%s with %v: got %v", p.Name, p.State, err)
		}
	}
}

// FuzzRead reads what no writer made: it ends, in a file or an error of this package.
func FuzzRead(f *testing.F) {
	f.Add(written(f, sample()))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(bytes.NewReader(data), int64(len(data)))
		var failed *formats.Error
		if err != nil && !errors.As(err, &failed) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		for _, fn := range file.Functions {
			for _, e := range fn.Tape {
				if e.Primitive != nil && !Known(e.Primitive.Name) {
					t.Errorf("read the primitive %q", e.Primitive.Name)
				}
			}
		}
	})
}
