package language

import (
	"testing"
	"time"
)

// TestRowsRun has every row run once, at a small size, where it runs without Python.
func TestRowsRun(t *testing.T) {
	rows, err := Rows()
	if err != nil || len(rows) < 60 {
		t.Fatalf("%d rows, error %v", len(rows), err)
	}
	seen := map[string]bool{}
	clock := func() time.Duration { return 0 }
	for _, r := range rows {
		if seen[r.Name] {
			t.Errorf("two rows are named %s", r.Name)
		}
		seen[r.Name] = true
		run, closing, err := Mlxstar(t.Context(), r, clock)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			continue
		}
		if _, err := run(r.Count / 50); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		if err := closing(); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		if !r.Starlark {
			continue
		}
		if run, err = Starlark(r, clock); err == nil {
			_, err = run(r.Count / 50)
		}
		if err != nil {
			t.Errorf("%s: Starlark: %v", r.Name, err)
		}
	}
}
