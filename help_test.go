package mlxstar

import (
	"context"
	"strings"
	"testing"
)

func TestHelpShowsPythonsSignatures(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"import json; help(json.dumps)", "Help on function dumps in module json:\n\ndumps(obj, *, skipkeys=False, "},
		{"def f(a, /, b=1, *, c): 'What f does.'\nhelp(f)", "Help on function f in module __main__:\n\nf(a, /, b=1, *, c)\n    What f does.\n"},
		{"import math; help(math.sqrt)", "Help on built-in function sqrt in module math:\n\nsqrt(x, /)\n"},
		{"import mlx.core as mx; help(mx.exp)", "in module mlx.core:\n\nexp(a: array, /, *, stream"},
		{"import mlx.core as mx; help(mx.array(1).sum)", "\n\nsum(axis: int | Sequence[int] | None = None, "},
		{"import mlx.nn as nn; help(nn.Linear)", "\n\nclass Linear(input_dims, output_dims, bias=True)\n    x @ weight.T + bias.\n"},
		{"import mlx.nn as nn; help(nn.Linear)", "\n    freeze(self, *, recurse=True, keys=None, strict=False): Keep parameters"},
		{"import mlx.core as mx; help(mx.finfo)", "\n    bits: The bits of an element.\n"},
	} {
		var out strings.Builder
		rt, err := New(Options{Stdout: &out})
		if err != nil {
			t.Fatal(err)
		}
		defer rt.Close()
		if err := rt.Exec(context.Background(), "help.py", c.source); err != nil {
			t.Errorf("%s: %v", c.source, err)
		}
		if !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), "@") && !strings.Contains(out.String(), "x @ weight") {
			t.Errorf("%s printed\n%s\nwant it to have %q", c.source, out.String(), c.want)
		}
	}
}
