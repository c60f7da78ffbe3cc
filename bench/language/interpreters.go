package language

import (
	"context"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar"
)

// Timer runs a row's program for n operations and gives the processor time that it took.
type Timer func(n int) (time.Duration, error)

// timed runs a row and drops its result, which a host would have converted to Go's types.
const timed = `
def timed(n):
    run(n)
`

// Mlxstar readies a row in a runtime of its own, which closing ends. Clock tells the
// processor time of the process.
func Mlxstar(ctx context.Context, r Row, clock func() time.Duration) (timer Timer, closing func() error, err error) {
	rt, err := mlxstar.New(mlxstar.Options{Threads: 1})
	if err != nil {
		return nil, nil, err
	}
	for _, chunk := range []string{r.Source, timed} {
		if err := rt.Exec(ctx, r.Name+".py", chunk); err != nil {
			return nil, nil, closed(rt, err)
		}
	}
	return func(n int) (time.Duration, error) {
		start := clock()
		_, err := rt.Call(ctx, "timed", n)
		return clock() - start, err
	}, rt.Close, nil
}

func closed(rt *mlxstar.Runtime, err error) error {
	if e := rt.Close(); err == nil {
		return e
	}
	return err
}

// options allow in Starlark what the rows are written with.
var options = syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true, Recursion: true}

// Starlark readies a row in go.starlark.net's own interpreter, without anything of mlxstar's.
func Starlark(r Row, clock func() time.Duration) (Timer, error) {
	globals, err := starlark.ExecFileOptions(&options, &starlark.Thread{Name: r.Name}, r.Name+".star", r.Source, nil)
	if err != nil {
		return nil, err
	}
	return func(n int) (time.Duration, error) {
		start := clock()
		_, err := starlark.Call(&starlark.Thread{Name: r.Name}, globals["run"], starlark.Tuple{starlark.MakeInt(n)}, nil)
		return clock() - start, err
	}, nil
}
