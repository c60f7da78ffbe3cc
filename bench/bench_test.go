package main

import (
	"context"
	"math"
	"slices"
	"testing"
)

// TestRowsRun has mlxstar run every row at a small scale, so that a row that does
// not work is found before somebody waits for it.
func TestRowsRun(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range slices.Concat(tableRows(1.0/256), graphRows()[:2]) {
		if seen[r.name] {
			t.Errorf("two rows are named %s", r.name)
		}
		seen[r.name] = true
		times, _, err := r.mlxProgram().measure(t.Context(), 1, effort{Seconds: 0, Least: 1, Most: 1})
		if err != nil {
			t.Errorf("%s: %v", r.name, err)
		} else if len(times) != 1 || times[0] <= 0 {
			t.Errorf("%s: times %v, want one", r.name, times)
		}
	}
	if _, _, err := measureRuntimes(t.Context(), 2, 1, effort{Least: 1, Most: 1}); err != nil {
		t.Errorf("runtimes: %v", err)
	}
}

func TestFailingRowIsAnError(t *testing.T) {
	r := row{name: "bad", in: []input{floats("a", 3), floats("b", 4)}, eval: "a + b"}
	if times, _, err := r.mlxProgram().measure(context.Background(), 1, effort{Least: 1, Most: 1}); err == nil {
		t.Errorf("shapes that do not broadcast gave the times %v", times)
	}
}

func TestTiming(t *testing.T) {
	got := newTiming([]float64{0.005, 0.001, 0.002, 0.004, 0.003}, 2, false)
	want := timing{Time: 1.5, Median: 1.5, Best: 0.5, Spread: 1.0 / 3, Count: 5}
	if got.Time != got.Median || math.Abs(got.Median-want.Median) > 1e-12 || math.Abs(got.Best-want.Best) > 1e-12 ||
		math.Abs(got.Spread-want.Spread) > 1e-12 || got.Count != want.Count {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if best := newTiming([]float64{0.002, 0.001}, 1, true); best.Time != 1 {
		t.Errorf("with --best the time is %v, want the best, 1", best.Time)
	}
}

func TestCeilingThatBinds(t *testing.T) {
	c := ceilings{Copy: 10, All: 100}
	for _, x := range []struct {
		row     row
		ms      float64
		share   float64
		ceiling string
	}{
		{row{bytes: 1e9, flops: 1e9}, 200, 0.5, "memory"},      // 100 ms of memory, 10 of arithmetic
		{row{bytes: 1e8, flops: 1e10}, 200, 0.5, "arithmetic"}, // 10 and 100
		{row{}, 200, 0, ""},
	} {
		r := result{Timing: timing{Time: x.ms}}
		r.against(&c, &x.row)
		if math.Abs(r.Share-x.share) > 1e-12 || r.Ceiling != x.ceiling {
			t.Errorf("%+v: share %v of %q, want %v of %q", x.row, r.Share, r.Ceiling, x.share, x.ceiling)
		}
	}
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"--rows=add,sum", "--scale", "1/16,4", "--json", "--seconds", "0.5", "--threads=1"})
	if err != nil {
		t.Fatal(err)
	}
	if !o.json || !slices.Equal(o.scales, []float64{0.0625, 4}) || o.effort.Seconds != 0.5 || o.threads != 1 {
		t.Errorf("got %+v", o)
	}
	if !o.wanted("sum_axis0") || o.wanted("exp") {
		t.Error("--rows add,sum wants sum_axis0 and not exp")
	}
	for _, bad := range [][]string{{"--what"}, {"--rows"}, {"--scale", "0"}, {"--scale", "1/x"}, {"--threads", "-1"}, {"--json=1"}, {"add"}} {
		if o, err := parse(bad); err == nil {
			t.Errorf("%q: got %+v, want an error", bad, o)
		}
	}
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{0: "", 1234.5: "1234", 12.345: "12.3", 0.5: "0.500", 0.0021: "0.00210"} {
		if got := number(x, 3); got != want {
			t.Errorf("number(%v, 3) = %q, want %q", x, got, want)
		}
	}
}

func TestGrowth(t *testing.T) {
	row := func(name string, scale, work, busy float64) *result {
		return &result{Name: name, Scale: scale, work: work, Timing: timing{Time: 99, Busy: busy}}
	}
	got := growths([]*result{
		row("add", 0.25, 1, 1), row("alone", 0.25, 1, 1), row("add", 1, 4, 8), row("add", 4, 16, 96),
		row("graph_chain_1000", 1, 1, 2), row("graph_chain_10000", 1, 1, 3), row("runtimes_1", 1, 1, 4), row("runtimes_4", 1, 1, 2),
		{Name: "failed", Scale: 1, Error: "no"}, {Name: "failed", Scale: 4, Error: "no"},
	})
	want := []growth{
		{"add", []float64{0.25, 1, 4}, []float64{0.5, 1, 3}, 3},
		{"graph_chain", []float64{1000, 10000}, []float64{1, 1.5}, 1.5},
		{"runtimes", []float64{1, 4}, []float64{1, 0.5}, 0.5},
	}
	if len(got) != len(want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i, g := range got {
		if w := want[i]; g.Name != w.Name || !slices.Equal(g.Sizes, w.Sizes) || !slices.Equal(g.Costs, w.Costs) || g.Worst != w.Worst {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	if r := (result{Timing: timing{Time: 6}, work: 3}); r.cost() != 2 {
		t.Errorf("the cost is %v where no processor time is known, want 2", r.cost())
	}
}
