package api_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
)

// badArguments are what no function takes everywhere, as source.
var badArguments = []string{
	"None", "True", "-1", "0", "3", "2**70", "-(2**40)", "2**31", "2.5", "float('nan')", "1j", "''", "'x'", "b'x'", "[]", "()", "{}",
	"[1, 2]", "(2, 3)", "[[1], [2, 3]]", "[None]", "(-1, 2**40)", "[2**62, 4]", "'ij,jk'", "object()", "len", "lambda *a: a", "slice(1)", "mx", "mx.float32", "mx.cpu",
	"mx.array(1)", "mx.array(2.5)", "mx.array(1j)", "mx.array([], mx.int8)", "mx.zeros((0, 3))", "mx.zeros((2, 3), mx.int32)",
	"mx.ones((2, 2))", "mx.ones((1, 2, 3, 4))", "mx.ones(3, mx.bfloat16)", "mx.array([True, False])", "mx.ones((2, 2), mx.complex64)",
	"mx.array([2**31 - 1, -5])", "mx.array([float('nan'), float('inf')])", "mx.ones((64, 64), mx.uint32)", "[mx.ones(2), mx.ones(3)]", "{'a': mx.ones(2)}",
}

// gridScript calls one function with a grid of bad arguments and lets pass what
// a script could catch.
const gridScript = `
def call(args, kwargs):
    try:
        out = fn(*args, **kwargs)
        if kind != "class":
            mx.eval(out)
            str(out)
    except SystemError:
        raise
    except Exception:
        pass
    calls.append(1)
calls = []
call((), {})
for i, a in enumerate(bad):
    call((a,), {})
    call((), {"stream": a})
    call((), {"no_such_keyword": a})
    call((a, a), {})
    call((a, a, a), {})
    call((a, a, a, a, a, a, a, a), {})
    call((bad[i - 7], a), {})
    call((a, bad[i - 3], bad[i - 11]), {})
    call((mx.ones((2, 2)), a), {})
    call((mx.ones((2, 2)), mx.ones((2, 2)), a), {})
    call((mx.ones((2, 2)), a, mx.ones((2, 2))), {})
    for name in keywords:
        call((), {name: a})
        call((mx.ones((2, 2)),), {name: a})
        call((mx.ones((2, 2)), mx.ones((2, 2))), {name: a})
`

// ungridded are the callables that the grid leaves out, and why.
var ungridded = map[string]string{
	"mx.set_memory_limit":       "it would take away the memory that the test counts on",
	"mx.metal.set_memory_limit": "it would take away the memory that the test counts on",
	"mx.set_default_device":     "it would change what later calls run on",
	"mx.set_default_stream":     "it would change what later calls run on",
}

// TestNoCallCrashes calls every function, class and method of mlx.core with
// arguments that are wrong in every place: what they answer, or raise as a
// Python exception, is right; a mistake of the library (SystemError), a hang and
// memory beyond the limit are not.
func TestNoCallCrashes(t *testing.T) {
	if testing.Short() {
		t.Skip("the grid takes a while")
	}
	names := readAPI(t)
	answers := askAPI(t, names)
	for _, n := range names {
		a := answers[n.name]
		if !strings.HasPrefix(n.name, "mx.") || a.Kind == "value" || ungridded[n.name] != "" {
			continue
		}
		t.Run(n.name, func(t *testing.T) {
			rt, err := mlxstar.New(mlxstar.Options{Stdout: io.Discard, MemoryLimit: 64 << 20})
			if err != nil {
				t.Fatal(err)
			}
			defer rt.Close()
			var keywords []string
			for _, p := range a.Parameters {
				if p.Kind != "POSITIONAL_ONLY" && !strings.HasPrefix(p.Kind, "VAR_") && !slices.Contains(keywords, p.Name) {
					keywords = append(keywords, "'"+p.Name+"'")
				}
			}
			src := "import mlx.core as mx\nfn = " + n.name + "\nkind = '" + n.kind + "'\nkeywords = [" + strings.Join(keywords, ", ") +
				"]\nbad = [" + strings.Join(badArguments, ", ") + "]\n" + gridScript
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := rt.Exec(ctx, "grid.py", src); err != nil {
				var e *mlxstar.Error
				errors.As(err, &e)
				t.Errorf("%v\n%s", err, e.Traceback)
			}
		})
	}
}
