package examples_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/metal"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

var recordEconomy = flag.Bool("record-economy", false, "write the table of the GPU's dispatches to docs/metal.md")

// economyPage has the table, from the line economyHead on.
const (
	economyPage = "../docs/metal.md"
	economyHead = "| | dispatches | barriers | needed at least | by whole buffers | command buffers |\n|---|---:|---:|---:|---:|---:|\n"
)

// TestGPUEconomy counts what a step of training and a token of a language model ask
// of the GPU once most kernels are fused: no more barriers than the longest chain of
// dispatches that share a buffer asks for, and what docs/metal.md says.
func TestGPUEconomy(t *testing.T) {
	sim := metalsim.For(t)
	folder, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	rt, err := mlxstar.New(mlxstar.Options{
		Device: "gpu", GPU: metal.Linked(sim), Files: mlxstar.SystemFiles(), Args: []string{"economy.py", folder, makeModel(t)},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := rt.ExecFile(t.Context(), filepath.Join(folder, "testdata", "economy.py")); err != nil {
		t.Fatal(err)
	}
	table := economyHead
	for _, c := range []struct{ what, function string }{
		{"training step of `examples/digits_cnn.py`", "train"}, {"token of `examples/llama/generate.py`", "speak"},
	} {
		call := func(times int) {
			t.Helper()
			if _, err := rt.Call(t.Context(), c.function, times); err != nil {
				t.Fatal(err)
			}
		}
		call(32) // until most kernels are fused
		const times = 4
		counts := map[string]float64{}
		for _, sign := range []float64{-1, 1} {
			for _, n := range []string{"dispatches", "barriers", "neededbarriers", "sharedbarriers", "commandbuffers"} {
				counts[n] += sign * float64(sim.Count(n)) / times
			}
			if sign < 0 {
				call(times)
			}
		}
		if b := counts["barriers"]; b < counts["neededbarriers"] || b > counts["sharedbarriers"] {
			t.Errorf("%s: %.1f barriers, want %.1f at least and %.1f at most", c.what, b, counts["neededbarriers"], counts["sharedbarriers"])
		}
		t.Logf("%s: %v", c.what, counts)
		table += fmt.Sprintf("| %s | %.0f | %.0f | %.0f | %.0f | %.0f |\n", c.what, counts["dispatches"], counts["barriers"],
			counts["neededbarriers"], counts["sharedbarriers"], counts["commandbuffers"])
	}
	holdTable(t, table)
}

// holdTable compares the table with the page's, or writes it there. What is counted
// depends a little on when the collector runs.
func holdTable(t *testing.T, table string) {
	t.Helper()
	text, err := os.ReadFile(economyPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), economyHead)
	if !found {
		t.Fatalf("%s has no table of dispatches", economyPage)
	}
	end := 0
	for strings.HasPrefix(rest[end:], "|") {
		end += strings.Index(rest[end:], "\n") + 1
	}
	if *recordEconomy {
		if err := os.WriteFile(economyPage, []byte(before+table+rest[end:]), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	had, have := strings.Split(rest[:end], "\n"), strings.Split(table[len(economyHead):], "\n")
	for i, row := range have {
		if i >= len(had) || !near(had[i], row) {
			t.Errorf("%s does not have the row\n%s\nwrite it with -record-economy", economyPage, row)
		}
	}
}

// near reports whether two rows say the same, but for a tenth of the numbers.
func near(a, b string) bool {
	x, y := strings.Split(a, "|"), strings.Split(b, "|")
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		var m, n float64
		_, errX := fmt.Sscan(x[i], &m)
		_, errY := fmt.Sscan(y[i], &n)
		if errX != nil || errY != nil {
			if x[i] != y[i] {
				return false
			}
		} else if math.Abs(m-n) > 1+0.1*m {
			return false
		}
	}
	return true
}
