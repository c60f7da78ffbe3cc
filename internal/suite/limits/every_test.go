// Package limits holds every function that scripts can call to the limits of a runtime.
package limits

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/stdlib"
)

var grid = flag.Bool("limits", false, "call every function with every kind of argument, not with one")

// hostile are arguments that make a function which forgets its budget loop, allocate or
// recurse without end.
var hostile = []string{
	"range(10**9)",
	"iter(int, 1)",
	"10**12",
	"10**9, 10**9",
	"'a' * 10**6, 10**9",
	"b'a' * 10**6, 10**9",
	"(10**6, 10**6)",
	"[0], 10**9",
	"deep",
	"deep, deep",
	"shared",
	"str, range(10**9)",
	"max, range(10**9)",
	"3 ** 10**6, 3 ** 10**6",
}

const prepare = `
deep = []
for _ in range(3000): deep = [deep]
shared = [0]
for _ in range(60): shared = [shared, shared]
`

// list prints the functions of modules and the methods of builtin types.
const list = `
def functions(name, module, names):
    for n in dir(module):
        if n.startswith('_') or n in leave: continue
        if callable(getattr(module, n, None)): names.append('import ' + name + ' as m\nf = m.' + n)
leave = ['input', 'breakpoint', 'exit', 'quit', 'sleep', 'help', 'license']
found = []
for name in ['builtins', *modules]:
    try: exec('import ' + name + ' as m')
    except Exception: continue
    functions(name, m, found)
for value in ["''", "b''", "[]", "{}", "()", "set()", "frozenset()", "bytearray()", "0", "0.0", "range(3)"]:
    for n in dir(eval(value)):
        if not n.startswith('_'): found.append('f = (' + value + ').' + n)
`

// childKey marks the process in which the functions are called.
const childKey = "MLXSTAR_TEST_LIMITS_CHILD"

const (
	deadline      = 20 * time.Millisecond
	shortDeadline = 10 * time.Millisecond // without the flag
	overrun       = 10 * time.Second      // on a machine that is busy
)

// TestEvery calls each function with arguments that it cannot get done with. A function that
// does not come back, or ends the process, fails it by name.
func TestEvery(t *testing.T) {
	if os.Getenv(childKey) != "" {
		callEvery(t)
		return
	}
	t.Parallel() // with what else runs in a process of its own
	args := []string{"-test.run=^TestEvery$", "-test.v"}
	if *grid {
		args = append(args, "-limits")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), childKey+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if call, ok := strings.CutPrefix(line, "call "); ok {
			last = call
		} else if strings.Contains(line, "_test.go:") {
			t.Log(line)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v; the last call was %s", err, last)
	}
}

func callEvery(t *testing.T) {
	modules := stdlib.New(&stdlib.Environment{}, object.Builtins()).Names()
	rt := suite.NewRuntime(t, mlxstar.Options{HardMemoryLimit: 300 << 20, Threads: 1})
	if err := rt.Set("modules", modules); err != nil {
		t.Fatal(err)
	}
	suite.Exec(t, rt, list)
	v, err := rt.Eval(t.Context(), "found.py", "'\\0'.join(found)")
	if err != nil {
		t.Fatal(err)
	}
	functions := strings.Split(v.(string), "\x00")
	arguments, limit := hostile, deadline
	if !*grid {
		arguments, limit = hostile[:1], shortDeadline
	}
	rt = suite.NewRuntime(t, mlxstar.Options{HardMemoryLimit: 300 << 20, Threads: 1})
	suite.Exec(t, rt, prepare)
	calls, stopped := 0, 0
	for _, f := range functions {
		if err := rt.Exec(t.Context(), "function.py", f); err != nil {
			continue // a module that is not there for this runtime
		}
		for _, a := range arguments {
			what := strings.ReplaceAll(f, "\n", "; ") + "(" + a + ")"
			fmt.Println("call " + what)
			src := "r = f(" + a + ")\nif hasattr(r, '__next__'): r = list(r)\nr = None"
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			start := time.Now()
			_ = rt.Exec(ctx, "call.py", src) // any error will do
			if took := time.Since(start); took > overrun {
				t.Errorf("%s: %v past its deadline", what, took)
			}
			if ctx.Err() != nil {
				stopped++
			}
			cancel()
			calls++
		}
	}
	if calls < 500 {
		t.Errorf("%d calls: the functions were not found", calls)
	}
	t.Logf("%d calls of %d functions, %d stopped", calls, len(functions), stopped)
}
