package mlxstar_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var buildOutside = flag.Bool("outside", false, "build and run a module that requires this one")

// A module outside of this one builds against the root package, and does what a host does.
const foreignHost = `package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar"
)

type store struct{ Rows map[string]float64 }

var errNone = errors.New("none")

func (s *store) Get(_ context.Context, key string) (float64, error) {
	v, ok := s.Rows[key]
	if !ok {
		return 0, errNone
	}
	return v, nil
}

const script = ` + "`" + `
import host.db as db
import mlx.core as mx
def total(*keys): return sum(db.store.get(k) for k in keys)
def cube(x): return mx.array(x) + 1
def steps(n):
    for i in range(n):
        print(i)
        yield i
def fails(): return total("nowhere")
` + "`" + `

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	ctx := context.Background()
	var cache mlxstar.ProgramCache
	program, err := cache.Compile("host.py", script)
	check(err)
	account := mlxstar.NewMemoryAccount(256 << 20)
	for range 2 {
		spans := 0
		rt, err := mlxstar.New(mlxstar.Options{
			Memory: account, MemoryLimit: 64 << 20, Device: "cpu",
			Methods: mlxstar.ReflectMethods,
			Trace: func(ctx context.Context, s mlxstar.Span) (context.Context, func(mlxstar.SpanEnd)) {
				return ctx, func(mlxstar.SpanEnd) { spans++ }
			},
			Modules: map[string]mlxstar.Module{"host.db": {"store": &store{map[string]float64{"a": 1, "b": 2}}}},
		})
		check(err)
		check(rt.Run(ctx, program))
		total, err := rt.Function("total")
		check(err)
		v, err := total.Call(ctx, "a", "b")
		check(err)
		var out strings.Builder
		var used mlxstar.Usage
		g, err := rt.CallWith(ctx, "steps", mlxstar.CallOptions{Args: []any{3}, Usage: &used, Timeout: time.Minute})
		check(err)
		n := 0
		for _, err := range rt.Iterate(ctx, g) {
			check(err)
			n++
		}
		c, err := rt.CallWith(ctx, "cube", mlxstar.CallOptions{Args: []any{[][][]float32{{{1, 2}}, {{3, 4}}}}, Stdout: &out})
		check(err)
		var cube [2][1][2]float32
		check(mlxstar.Decode(ctx, c, &cube))
		_, err = rt.Call(ctx, "fails")
		var e *mlxstar.Error
		if !errors.Is(err, errNone) || !errors.As(err, &e) || len(e.Frames) < 2 {
			log.Fatal(err)
		}
		fmt.Println(v, n, cube, e.Frames[0].Function)
		warm, err := rt.Snapshot(ctx)
		check(err)
		check(rt.Exec(ctx, "change.py", "total = None"))
		check(rt.Restore(ctx, warm))
		_, err = rt.Function("total")
		check(err)
		check(rt.Reset(ctx))
		if _, ok := rt.Get("total"); ok || spans == 0 {
			log.Fatal("a runtime that was reset has variables, or nobody was told")
		}
		check(rt.Close())
	}
	fmt.Println(account.Active())
}
`

func TestOutsideModule(t *testing.T) {
	if !*buildOutside {
		t.Skip("compiles the tree anew: -outside builds it")
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	// Its requirements are this module's: nothing is asked of a network.
	_, requirements, _ := strings.Cut(string(mod), "\nrequire (")
	requirements, _, _ = strings.Cut(requirements, "\ntool ")
	for name, text := range map[string]string{
		"go.mod": "module example.org/host\n\ngo 1.26.0\n\nrequire github.com/mlxstar/mlxstar v0.0.0\n\nreplace github.com/mlxstar/mlxstar => " + root + "\n\nrequire (" + requirements,
		"go.sum": string(sums), "main.go": foreignHost,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "run", "-mod=mod", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOPROXY=off", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	want := "3 3 [[[2 3]] [[4 5]]] fails\n3 3 [[[2 3]] [[4 5]]] fails\n0\n"
	if string(out) != want || err != nil {
		t.Errorf("got %v:\n%s\nwant\n%s", err, out, want)
	}
}
