package stdlib

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// host lets scripts import the library and nothing else.
type host struct{ m *Modules }

func (h host) Import(thread *starlark.Thread, from *dialect.Module, name string, level int) (starlark.Value, error) {
	if level > 0 {
		return h.m.ImportFrom(thread, from, name, level)
	}
	return h.m.Import(thread, name)
}

func (h host) Load(*starlark.Thread, *dialect.Module, string) (starlark.Value, error) {
	return nil, errors.New("load: not in this test")
}

// runScript runs a source and gives what it wrote, its error included as a
// traceback's last line.
func runScript(t *testing.T, name, src string, env *Environment) string {
	t.Helper()
	var out bytes.Buffer
	if env.Stdout == nil {
		env.Stdout = &out
	}
	env.Source = func(file string) ([]byte, bool) {
		if file == name {
			return []byte(src), true
		}
		return Source(file)
	}
	m := New(env, object.Builtins())
	thread := &starlark.Thread{Name: name}
	dialect.SetHost(thread, host{m})
	generators := new(object.Generators)
	object.SetGenerators(thread, generators)
	defer generators.Close()
	mod := dialect.NewModule("__main__", name, m.builtins)
	m.Register("__main__", mod)
	prog, err := dialect.Compile(name, []byte(src), dialect.ModeFile)
	if err == nil {
		_, err = prog.Run(thread, mod)
	}
	if e := m.Close(); err == nil {
		err = e
	}
	if err != nil {
		out.WriteString(dialect.Traceback(err, env.Source))
	}
	return out.String()
}

// TestScripts runs the scripts of testdata. What each must print lies beside
// it, as CPython 3.11 prints it.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.py")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".py"), func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(path, ".py") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			env := &Environment{
				Args: []string{path}, Files: HostFiles{}, Network: HostNetwork{}, Dir: t.TempDir(), Variables: map[string]string{"HOME": "/home/me"},
				Source: func(file string) ([]byte, bool) { return src, file == path },
			}
			got := runScript(t, path, string(src), env)
			if got != string(want) {
				t.Errorf("%s", difference(got, string(want)))
			}
		})
	}
}

// difference shows the first lines that differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			rest := strings.Join(g[i:min(i+12, len(g))], "\n")
			line := "(end)"
			if i < len(w) {
				line = w[i]
			}
			return "line " + starlark.MakeInt(i+1).String() + "\nwant: " + line + "\ngot:  " + rest
		}
	}
	return "output ends early at line " + starlark.MakeInt(len(g)).String() + ", want: " + strings.Join(w[len(g):min(len(g)+3, len(w))], "\n")
}
