package conformance

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// answering is a program that leaves a value whatever its source.
func answering(v starlark.Value) Program {
	return func(string) Outcome { return Outcome{Out: v} }
}

func TestCheckValues(t *testing.T) {
	list := starlark.NewList([]starlark.Value{starlark.MakeInt(1), starlark.Float(2.5)})
	dict := starlark.NewDict(1)
	if err := dict.SetKey(starlark.String("a"), starlark.None); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		want string
		got  starlark.Value
		fail string // part of the reason, or "" where the values agree
	}{
		{`1`, starlark.MakeInt(1), ""},
		{`1`, starlark.Float(1), "float"},
		{`1.0`, starlark.Float(1.0000001), ""},
		{`1.0`, starlark.Float(1.1), "want 1.0"},
		{`1.0`, starlark.MakeInt(1), "int"},
		{`true`, starlark.True, ""},
		{`true`, starlark.MakeInt(1), "int"},
		{`null`, starlark.None, ""},
		{`null`, starlark.False, "want None"},
		{`"s"`, starlark.String("s"), ""},
		{`"s"`, starlark.String("t"), "want \"s\""},
		{`18446744073709551615`, starlark.MakeUint64(1<<64 - 1), ""},
		{`18446744073709551615`, starlark.MakeUint64(1<<64 - 2), "want 1844"},
		{`[1, 2.5]`, list, ""},
		{`[1, 2.5, 3]`, list, "2 items, want 3"},
		{`[1, 2.75]`, list, "out[1]"},
		{`{"tuple": [1]}`, starlark.Tuple{starlark.MakeInt(1)}, ""},
		{`{"tuple": [1]}`, list, "want a tuple"},
		{`{"dict": [["a", null]]}`, dict, ""},
		{`{"dict": [["b", null]]}`, dict, "out key"},
		{`{"dict": []}`, dict, "want 0 items"},
		{`{"float": "inf"}`, starlark.Float(1e308), "want inf"},
		{`{"complex": [1.0, "nan"]}`, object.Complex(1), "want"},
		{`{"complex": [1.0, 2.0]}`, object.Complex(1 + 2i), ""},
		{`{"array": [1], "shape": [1], "dtype": "int32"}`, list, "want an array"},
		{`{"unheard": 1}`, list, "no known form"},
	} {
		c := &Case{ID: "x", Out: []byte(test.want), Rtol: 1e-5, Atol: 1e-6}
		got := Check(c, answering(test.got))
		if (got == "") != (test.fail == "") || !strings.Contains(got, test.fail) {
			t.Errorf("%s against %s: %q, want %q", test.got, test.want, got, test.fail)
		}
	}
}

func TestCheckErrorsAndOutput(t *testing.T) {
	raising := func(name string) Program {
		return func(string) Outcome { return Outcome{Err: errors.New("boom"), ErrorType: name} }
	}
	printing := func(s string) Program { return func(string) Outcome { return Outcome{Stdout: s} } }
	hello := "hello\n"
	for _, test := range []struct {
		c       Case
		program Program
		passes  bool
	}{
		{Case{Error: "ValueError"}, raising("ValueError"), true},
		{Case{Error: "ValueError"}, raising("TypeError"), false},
		{Case{Error: "ValueError"}, answering(starlark.None), false},
		{Case{Out: []byte("null")}, raising("ValueError"), false},
		{Case{Out: []byte("null")}, answering(nil), false},
		{Case{Stdout: &hello}, printing("hello\n"), true},
		{Case{Stdout: &hello}, printing("hello"), false},
	} {
		if got := Check(&test.c, test.program); (got == "") != test.passes {
			t.Errorf("%+v: %q, want it to pass: %v", test.c, got, test.passes)
		}
	}
}

func TestRunReleasesAndCounts(t *testing.T) {
	released := 0
	program := func(src string) Outcome {
		return Outcome{Out: starlark.String(src), Release: func() { released++ }}
	}
	r := Run(Family{"f", []Case{{ID: "a", Src: "x", Out: []byte(`"x"`)}, {ID: "b", Src: "y", Out: []byte(`"x"`)}}}, program)
	if r.Total != 2 || r.Passed != 1 || len(r.Failed) != 1 || r.Failed[0].ID != "b" || released != 2 {
		t.Errorf("%+v, %d released", r, released)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ops.jsonl", `{"id": "a", "src": "out = 1", "out": 1}`+"\n\n")
	families, err := Load(dir)
	if err != nil || len(families) != 1 || families[0].Name != "ops" || len(families[0].Cases) != 1 {
		t.Fatalf("%v, %v", families, err)
	}
	if _, err := Load(dir, "ops", "lang"); err == nil {
		t.Error("a family that is not there was not missed")
	}
	write("lang.jsonl", `{"id": "a", "src": "out = 1"}`)
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "lang.jsonl:1") {
		t.Errorf("a case without an answer: %v", err)
	}
}
