package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// checkAnother has check_memory, in a process of its own, look at a runtime of this one.
func checkAnother(t *testing.T, script string) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	var out bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Monitor: true, Stdout: &out, Args: []string{"train.py"}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	rt.RecordMemory()
	if err := rt.Exec(t.Context(), "train.py", `import mlx.core as mx
spare = mx.zeros((1000, 1000)) + 1
mx.eval(spare)
del spare
kept = []
for i in range(6):
    kept.append(mx.zeros((512, 512)) + i)
    mx.eval(kept)
print(mx.get_active_memory(), mx.get_peak_memory(), mx.get_cache_memory())
`); err != nil {
		t.Fatal(err)
	}
	var active, peak, cache int64
	if _, err := fmt.Sscan(out.String(), &active, &peak, &cache); err != nil {
		t.Fatal(err)
	}
	pid := fmt.Sprint(os.Getpid())
	var got struct {
		Active, Peak, Cache int64
		Command             string
		Lines               []struct {
			Where         string
			Bytes, Growth int64
		}
	}
	r := command(t, "", script, "--pid", pid, "--lines", "--json")
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %q, %q", err, r.stdout, r.stderr)
	}
	if got.Active != active || got.Peak != peak || got.Cache != cache || got.Command != "train.py" {
		t.Errorf("got %+v, the script printed %s", got, out.String())
	}
	if len(got.Lines) == 0 || got.Lines[0].Where != "train.py:7" || got.Lines[0].Bytes != active {
		t.Errorf("lines are %+v", got.Lines)
	}
	for _, c := range []struct {
		args string
		want []string
	}{
		{"--pid " + pid + " --lines 1", []string{"6.29 MB   held by arrays", "train.py:7   1.05 MB more with each step"}},
		{"--pid " + pid + " --watch --count 3 --interval 0.01", []string{"active    6.29 MB", "███\n"}},
		{"--pid " + pid + " --watch --lines --count 1", []string{"train.py:7"}},
		{"", []string{"other processes", pid, "active, peak ", "train.py"}},
		{"--pid " + pid + " --clear", []string{"freed", "cache"}},
	} {
		r := command(t, "", append([]string{script}, strings.Fields(c.args)...)...)
		for _, w := range c.want {
			if r.code != 0 || !strings.Contains(r.stdout, w) {
				t.Errorf("%s: exit code %d, no %q in\n%s%s", c.args, r.code, w, r.stdout, r.stderr)
			}
		}
	}
	if got := rt.Memory().Cache; got != 0 || cache == 0 {
		t.Errorf("after --clear %d bytes are cached", got)
	}
}
