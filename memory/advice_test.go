package memory

import (
	"slices"
	"strings"
	"testing"
)

// profileOf makes a profile and a trace of one step in which layers calls of a block keep
// two arrays each, beside what the step before left.
func profileOf(layers int) (*Profile, Changes) {
	p := &Profile{Version: Version, Rows: []Row{
		{Stack: []Frame{{"net.py", 3, "block"}, {"net.py", 9, "loss"}, {"net.py", 20, "<module>"}}, Operation: "matmul", Dtype: "float32"},
		{Stack: []Frame{{"net.py", 4, "block"}, {"net.py", 9, "loss"}, {"net.py", 20, "<module>"}}, Operation: "add", Dtype: "float32"},
		{Stack: []Frame{{"net.py", 20, "<module>"}}, Operation: "vjp", Dtype: "float16"},
		{Stack: []Frame{{"net.py", 15, "<module>"}}, Operation: "load", Dtype: "int32"},
	}}
	var all []Change
	active := int64(0)
	add := func(kind string, id uint64, bytes int64, row int) {
		if kind == "free" {
			active -= bytes
		} else if kind == "allocate" {
			active += bytes
		}
		c := Change{At: float64(len(all)), Kind: kind, ID: id, Bytes: bytes, Row: row, Active: active}
		if active > p.Peak {
			p.Peak, p.PeakAt = active, c.At
		}
		all = append(all, c)
	}
	add("allocate", 1, 1000, 2) // what the step before made
	add("allocate", 2, 500, 3)  // data
	add("step", 0, 0, -1)
	for i := range layers {
		add("allocate", uint64(10+2*i), 400, 0)
		add("allocate", uint64(11+2*i), 100, 1)
	}
	add("free", 1, 1000, 2)
	for i := range layers {
		add("free", uint64(10+2*i), 400, 0)
		add("free", uint64(11+2*i), 100, 1)
	}
	add("step", 1, 0, -1)
	p.Rows[0].AtPeak = Sum{int64(layers) * 400, int64(layers)}
	p.Rows[1].AtPeak = Sum{int64(layers) * 100, int64(layers)}
	p.Rows[2].AtPeak = Sum{1000, 1}
	p.Owners = []Owner{{Path: "x", Kind: Data, Bytes: 500, Buffer: 2}}
	return p, func(yield func(c Change) bool) error {
		for _, c := range all {
			if !yield(c) {
				break
			}
		}
		return nil
	}
}

func TestAdvice(t *testing.T) {
	p, changes := profileOf(8)
	got, err := p.Advise(changes)
	if err != nil {
		t.Fatal(err)
	}
	// Of 8 x 500 bytes one call's stay, and what seven hand on, of 100 bytes each.
	want := []Advice{
		{Kind: "checkpoint", Bytes: 4000 - 500 - 700, Where: "net.py:9"},
		{Kind: "dtype", Bytes: 2000},
		{Kind: "del", Bytes: 1000, Where: "net.py:20"},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, a := range got {
		if a.Text == "" {
			t.Errorf("%s has no text", a.Kind)
		}
		if a.Text = ""; a != want[i] {
			t.Errorf("%d is %+v, want %+v", i, a, want[i])
		}
	}

	// One call keeps nothing that computing it again would save.
	p, changes = profileOf(1)
	if got, err = p.Advise(changes); err != nil || slices.ContainsFunc(got, func(a Advice) bool { return a.Kind == "checkpoint" }) {
		t.Errorf("%+v: %v", got, err)
	}
	// Without events there is no advice that needs them.
	if got, err = p.Advise(nil); err != nil || len(got) != 1 || got[0].Kind != "dtype" {
		t.Errorf("%+v: %v", got, err)
	}
	p = &Profile{Peak: 100, Owners: []Owner{
		{Path: "pending graph of total, 40 operations", Kind: Activations, Bytes: 60, Pending: 40},
		{Path: "pending graph of small, 4 operations", Kind: Activations, Bytes: 1, Pending: 4},
	}}
	if got, err = p.Advise(nil); err != nil || len(got) != 1 || got[0].Text != "mx.eval(total) would let go of 60 B that its graph of 40 operations keeps" {
		t.Errorf("%+v: %v", got, err)
	}
	// What many steps made and one let go of waited for an evaluation.
	p = &Profile{Peak: 400, Rows: []Row{{Stack: []Frame{{"a.py", 2, ""}}, Operation: "load"}}}
	var trace []Change
	for i := range 4 {
		p.PeakAt = float64(len(trace))
		trace = append(trace, Change{At: p.PeakAt, Kind: "allocate", ID: uint64(i + 1), Bytes: 100, Active: int64(100 * (i + 1))}, Change{At: p.PeakAt, Kind: "step", Row: -1})
	}
	trace = trace[:len(trace)-1]
	for i := range 4 {
		trace = append(trace, Change{At: p.PeakAt + 1, Kind: "free", ID: uint64(i + 1), Bytes: 100})
	}
	got, err = p.Advise(func(yield func(c Change) bool) error {
		for _, c := range trace {
			yield(c)
		}
		return nil
	})
	if err != nil || len(got) != 1 || got[0].Kind != "eval" || got[0].Bytes != 200 {
		t.Errorf("%+v: %v", got, err)
	}
	p = &Profile{Rows: []Row{{Stack: []Frame{{"a.py", 4, ""}}, Live: Sum{400, 4}}}, Lines: []History{{Where: "a.py:4", Growth: 100, Growing: true}},
		Owners: []Owner{{Path: "kept[0]", Where: "a.py:4", Bytes: 100}}}
	if got, err = p.Advise(nil); err != nil || len(got) != 1 || got[0].Bytes != 100 || !strings.Contains(got[0].Text, "such as kept[0]") {
		t.Errorf("%+v: %v", got, err)
	}
}
