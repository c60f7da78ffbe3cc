package workload

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// group begins scripts of several ranks. They are patient with a machine that is busy.
const group = `
import os
os.environ["MLXSTAR_RING_HEARTBEAT"] = "120"
import mlx.core as mx
world = mx.distributed.init(strict=True)
rank, size = world.rank(), world.size()
`

// TestRanks: rank 0's results are the run's, however they come about, and all ranks take
// part in what they are computed by.
func TestRanks(t *testing.T) {
	cases := []struct {
		name, code, keys string
		want             string // out.json
	}{
		{"result", "def main(n):\n    x = mx.ones(n) * (rank + 1)\n    return {'sum': mx.distributed.all_sum(x), 'all': mx.distributed.all_gather(x[:1])}",
			"entry = \"main\"\nargs = [2]\noutputs.o = { json = \"out.json\" }", `{"all":[1,2,3],"sum":[6,6]}`},
		{"many bytes", "def main():\n    return mx.distributed.all_sum(mx.ones(1_000_003) * rank).sum()",
			"entry = \"main\"\noutputs.o = { json = \"out.json\" }", "3000009.0"},
		{"generator", "def main():\n    for i in range(3):\n        yield mx.distributed.all_sum(mx.array(float(i + rank)))",
			"entry = \"main\"\noutputs.o = { json = \"out.json\" }", "[3,6,9]"},
		{"variables", "a = mx.distributed.all_sum(mx.array([rank]))\nb = {'m': mx.distributed.all_max(mx.array([rank]))}",
			"outputs.a = { of = \"a\", json = \"a.json\" }\noutputs.o = { of = \"b\", json = \"out.json\" }", `{"m":[2]}`},
		{"printed", "import os\nprint(os.environ['MLX_RANK'], size)", "outputs.o = { of = \"stdout\", text = \"out.json\" }", "0 3"},
		{"neighbours", "def main():\n    if rank == 0:\n        mx.eval(mx.distributed.send(mx.array([7]), 1))\n        return mx.distributed.recv((1,), mx.int32, 2)\n" +
			"    x = mx.distributed.recv((1,), mx.int32, rank - 1)\n    return mx.distributed.send(x + 1, (rank + 1) % size)",
			"entry = \"main\"\noutputs.o = { json = \"out.json\" }", "[9]"},
	}
	for _, isolation := range []string{"process", "none"} {
		for _, c := range cases {
			t.Run(isolation+"/"+c.name, func(t *testing.T) {
				w := newWorkplace(t, map[string]string{"s.py": group + c.code + "\n"})
				w.write("jobs.toml", fmt.Appendf(nil, "[jobs.j]\nscript = \"s.py\"\nranks = 3\nisolation = %q\nlimits.memory = \"64MiB\"\n%s\n", isolation, c.keys))
				s := w.run(Options{})
				ok(t, s)
				if got := strings.TrimSpace(w.read("out.json")); got != c.want && got+".0" != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
				run := s.Records[0]
				total := int64(0)
				for _, p := range run.Ranks {
					total += p
				}
				if len(run.Ranks) != 3 || run.Peak != total || run.Reserved != 3*64<<20 {
					t.Errorf("the record has ranks %d, peak %d, reserved %d", run.Ranks, run.Peak, run.Reserved)
				}
			})
		}
	}
}

// TestRanksFail: the failure of one rank is the run's, and the others end.
func TestRanksFail(t *testing.T) {
	const forever = "\nwhile True:\n    mx.eval(mx.distributed.all_sum(mx.ones(8)))\n"
	cases := []struct{ name, code, keys, kind, message string }{
		{"raises", group + "if rank == 1:\n    raise ValueError('no')" + forever, "", "error", "no"},
		{"exits", group + "import sys\nif rank == 1:\n    sys.exit(5)" + forever, "", "error", "exit status 5"},
		{"before it joins", "import os, mlx.core as mx\nif os.environ['MLX_RANK'] == '1':\n    raise ValueError('early')\nmx.distributed.init()", "", "error", "early"},
		{"takes too much", group + "if rank == 1:\n    mx.eval(mx.ones(1 << 24))" + forever, "limits.memory = \"16MiB\"\n", "memory", "needed 64 MiB"},
		{"in no group", "import os, time\nif os.environ['MLX_RANK'] == '1':\n    raise ValueError('no')\nwhile True:\n    time.sleep(1)", "", "error", "no"},
	}
	for _, isolation := range []string{"process", "none"} {
		for _, c := range cases {
			t.Run(isolation+"/"+c.name, func(t *testing.T) {
				w := newWorkplace(t, map[string]string{"s.py": c.code + "\n"})
				w.write("jobs.toml", fmt.Appendf(nil, "[jobs.j]\nscript = \"s.py\"\nranks = 3\nisolation = %q\n%s", isolation, c.keys))
				run := w.run(Options{}).Records[0]
				if e := run.Error; e == nil || e.Kind != c.kind || !strings.Contains(e.Message, c.message) || e.Rank == nil || *e.Rank != 1 {
					t.Errorf("got %s %+v, want rank 1's %s %q", run.Status, run.Error, c.kind, c.message)
				}
			})
		}
	}
}

// TestRanksOutput: lines that ranks print have their numbers before them, and the bound on
// what a run writes is for all together.
func TestRanksOutput(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": `
[jobs.j]
code = """
import os
print("line", os.environ["MLX_RANK"])
print("end", end="")
"""
ranks = 2
[jobs.much]
code = """
while True:
    print("x" * 100)
"""
ranks = 2
limits.output = "1KiB"
`})
	var out bytes.Buffer
	var mu sync.Mutex
	s := w.run(Options{Output: writerFunc(func(p []byte) { mu.Lock(); defer mu.Unlock(); out.Write(p) })}, "j")
	ok(t, s)
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	slices.Sort(got)
	if want := []string{"[0] end", "[0] line 0", "[1] end", "[1] line 1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if run := w.run(Options{}, "much").Records[0]; run.Error == nil || run.Error.Kind != "output" {
		t.Errorf("got %s %+v, want the limit of output", run.Status, run.Error)
	}
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

// TestRanksNeed: what one rank took most is what each is admitted by the next time.
func TestRanksNeed(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": "memory = \"256MiB\"\n[jobs.j]\nranks = 2\ncode = '''" + group +
		"mx.eval(mx.ones((rank + 1) << 20))\nmx.eval(mx.distributed.all_sum(mx.ones(1)))\n'''\n"})
	first, second := w.run(Options{}).Records[0], w.run(Options{}).Records[0]
	if first.Reserved != 256<<20 || second.Reserved != 2*slack(first.most()) || second.Status != "ok" {
		t.Errorf("the runs were admitted by %d and %d bytes, want all and %d; %+v", first.Reserved, second.Reserved, 2*slack(first.most()), second.Error)
	}
}
