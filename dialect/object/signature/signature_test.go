package signature

import (
	"slices"
	"testing"

	"go.starlark.net/starlark"
)

func TestMismatchesReadAsInPython(t *testing.T) {
	keywords := func(names ...string) (kw []starlark.Tuple) {
		for _, n := range names {
			kw = append(kw, starlark.Tuple{starlark.String(n), starlark.None})
		}
		return kw
	}
	for _, c := range []struct {
		full, params string
		args         int
		keywords     []string
		want         string // "" for a call that fits
	}{
		{"len", "obj, /", 1, nil, ""},
		{"len", "obj, /", 0, nil, "len() takes exactly one argument (0 given)"},
		{"math.sqrt", "x, /", 2, nil, "math.sqrt() takes exactly one argument (2 given)"},
		{"math.sqrt", "x, /", 0, []string{"x"}, "math.sqrt() takes no keyword arguments"},
		{"print", "*args, sep=' ', end='\\n'", 9, []string{"end"}, ""},
		{"print", "*args, sep=' '", 0, []string{"sepp"}, "'sepp' is an invalid keyword argument for print()"},
		{"min", "*args, key=None", 0, nil, ""},
		{"dict.pop", "key, default=None, /", 0, nil, "pop expected at least 1 argument, got 0"},
		{"sum", "iterable, /, start=0", 2, []string{"start"}, "argument for sum() given by name ('start') and position (2)"},
		{"sum", "iterable, /, start=0", 3, nil, "sum() takes at most 2 arguments (3 given)"},
		{"f", "a, b", 1, nil, "f() missing required argument 'b' (pos 2)"},
		{"f", "a, /, *, key", 1, nil, "f() missing required keyword-only argument: 'key'"},
		{"array.item", "self", 2, nil, "array.item() takes no arguments (1 given)"},
		{"array.take", "self, indices, axis=None", 1, nil, "take() missing required argument 'indices' (pos 1)"},
		{"array.take", "self, indices, axis=None, *, stream=None", 5, nil, "take() takes at most 3 arguments (4 given)"},
		{"open", "**options", 0, []string{"any"}, ""},
	} {
		args := starlark.Tuple(slices.Repeat([]starlark.Value{starlark.None}, c.args))
		_, _, _, err := Of(c.full, c.params).Bind(nil, args, keywords(c.keywords...))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if c.want != "" {
			c.want = "TypeError: " + c.want
		}
		if got != c.want {
			t.Errorf("%s(%s) of %d and %v: %q, want %q", c.full, c.params, c.args, c.keywords, got, c.want)
		}
	}
}

func TestArgumentsLieWhereTheParametersAre(t *testing.T) {
	s := Parse("f(a: dict[str, int], *rest, key: str = ',', **kw) -> None")
	one, two, three := starlark.MakeInt(1), starlark.MakeInt(2), starlark.MakeInt(3)
	bound, rest, extra, err := s.Bind(make([]starlark.Value, 4), starlark.Tuple{one, two},
		[]starlark.Tuple{{starlark.String("key"), three}, {starlark.String("x"), one}})
	if err != nil || bound[0] != one || bound[1] != nil || bound[2] != three || bound[3] != nil || len(rest) != 1 || rest[0] != two || len(extra) != 1 {
		t.Errorf("bound %v, %v, %v: %v", bound, rest, extra, err)
	}
	if p := s.Params[2]; p.Default != "','" || p.Type != "str" || p.Kind != KeywordOnly {
		t.Errorf("key is %+v", p)
	}
}
