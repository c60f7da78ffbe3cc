package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// TestGroupProgram has two runtimes of a group run every row of groups at a small scale.
func TestGroupProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "groups.py")
	if err := os.WriteFile(path, []byte(groupProgram), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := groupRows(1e-4, 1e-3)
	list, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	group, err := mlxstar.NewRanks(2)
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	var out bytes.Buffer
	ends := make(chan error, 2)
	for rank := range 2 {
		o := mlxstar.Options{Args: []string{path, string(list)}, Files: mlxstar.SystemFiles(), Ranks: group, Rank: rank, Threads: 1, Env: []string{"MLXSTAR_RING_HEARTBEAT=120"}}
		if rank == 0 {
			o.Stdout = &out
		}
		rt, err := mlxstar.New(o)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			err := rt.ExecFile(t.Context(), path)
			_ = rt.Close() // so that the other ends, too
			ends <- err
		}()
	}
	for range 2 {
		if err := <-ends; err != nil {
			t.Error(err)
		}
	}
	var got struct {
		Size  int
		Times map[string][]float64
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Size != 2 {
		t.Fatalf("it printed %q: %v", out.String(), err)
	}
	for _, r := range rows {
		if len(got.Times[r.Name]) != r.Repetitions || slices.Min(got.Times[r.Name]) <= 0 {
			t.Errorf("%s took %v, want %d times", r.Name, got.Times[r.Name], r.Repetitions)
		}
	}
}

func TestParseRanks(t *testing.T) {
	if got, err := parseRanks("1,2,8"); err != nil || !slices.Equal(got, []int{1, 2, 8}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "0", "65", "2,", "two"} {
		if got, err := parseRanks(bad); err == nil {
			t.Errorf("%q gave %v", bad, got)
		}
	}
}
