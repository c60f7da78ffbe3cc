package mlxstar_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/memory/export"
)

func TestProfileCPU(t *testing.T) {
	rt, err := mlxstar.New(mlxstar.Options{StepLimit: 100_000_000})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	p, err := rt.ProfileCPU()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rt.ProfileCPU(); err == nil {
		t.Error("two profiles run at once, want an error")
	}
	script := `
def busy(n):
    total = 0
    for i in range(n):
        total += i % 7
    return total

def outer():
    return busy(100000)

outer()
`
	if err := rt.Exec(t.Context(), "busy.py", script); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	samples := p.Samples()
	if err := rt.Exec(t.Context(), "later.py", "sum(range(100000))"); err != nil {
		t.Fatal(err)
	}
	if n := len(p.Samples()); n != len(samples) {
		t.Errorf("%d stacks after the profile was stopped, want %d", n, len(samples))
	}
	var looks int64
	for _, s := range samples {
		if len(s.Stack) == 3 && s.Stack[0].Function == "busy" && s.Stack[0].File == "busy.py" && s.Stack[1].Function == "outer" && s.Stack[2].Function == "<module>" {
			looks += s.Count
		}
	}
	if looks < 10 {
		t.Errorf("%d looks found busy, called by outer, in %+v; want 10", looks, samples)
	}
	found := false
	for _, r := range memory.CPUFunctions(samples) {
		found = found || r.Function == "outer" && r.All >= r.Own
	}
	if !found {
		t.Error("no row for outer, which called busy")
	}
	var out bytes.Buffer
	if err := export.CPU(&out, samples); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nanoseconds", "busy", "outer", "busy.py", "line"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the file for pprof does not have %q", want)
		}
	}
	if p, err = rt.ProfileCPU(); err != nil {
		t.Errorf("a profile after the first: %v", err)
	} else {
		p.Stop()
	}
}
