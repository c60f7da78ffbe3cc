package mlxstar

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// This file is what an interactive prompt needs of a runtime.

// Interact runs a chunk typed at a prompt. If its last statement is an
// expression whose value is not None, its repr is returned and the value is kept
// in the variable _. Values before it are in __ and ___, but for those that hold arrays:
// showing one does not keep its memory.
func (rt *Runtime) Interact(ctx context.Context, name, src string) (repr string, err error) {
	_, err = rt.runWith(ctx, Span{Kind: SpanExec, Name: name}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		v, err := rt.chunk(thread, name, src, dialect.ModeInteractive)
		if err != nil || v == starlark.None {
			return v, err
		}
		for _, names := range [...][2]string{{"___", "__"}, {"__", "_"}} {
			if before := rt.main.Get(names[1]); before != nil && !holdsArray(before, 0) {
				rt.main.Set(names[0], before)
			}
		}
		rt.main.Set("_", v)
		repr, err = object.Repr(thread, v)
		return starlark.None, err
	})
	return repr, err
}

// holdsArray reports whether a value is an array or a container with one. What is not plain
// from some elements is believed to.
func holdsArray(v starlark.Value, depth int) bool {
	switch v := v.(type) {
	case starlark.NoneType, starlark.Bool, starlark.Int, starlark.Float, starlark.String, starlark.Bytes:
		return false
	case *starlark.List, starlark.Tuple:
		if starlark.Len(v) > 64 || depth > 2 {
			return true
		}
		found := false
		object.Referents(v, func(_, x starlark.Value) { found = found || holdsArray(x, depth+1) })
		return found
	}
	return true
}

// Incomplete reports whether source typed so far is the beginning of a statement
// that goes on in further lines.
func Incomplete(src string) bool { return dialect.Incomplete([]byte(src)) }

// Variable describes a global variable.
type Variable struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"` // shape and dtype of an array, else a short repr
	Bytes int64  `json:"bytes"` // what an array's elements take; 0 until it is evaluated
}

// Variables lists the script's global variables, those that hold most first.
func (rt *Runtime) Variables() []Variable {
	_, release, err := rt.enter(context.Background())
	if err != nil {
		return nil
	}
	defer release()
	var out []Variable
	for _, name := range rt.main.Names() {
		if strings.HasPrefix(name, "_") {
			continue
		}
		v := rt.main.Get(name)
		row := Variable{Name: name, Type: object.TypeName(v)}
		if a, ok := v.(*builtins.Array); ok {
			row.Value = fmt.Sprintf("%s %s", a.Dtype(), engine.FormatShape(a.Shape()))
			if a.Node().Evaluated() {
				row.Bytes = int64(a.Node().Bytes())
			} else {
				row.Value += ", not evaluated"
			}
		} else {
			row.Value = shorten(v.String(), 48)
		}
		out = append(out, row)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Bytes > out[j].Bytes })
	return out
}

func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-3]) + "..."
	}
	return s
}

// ParseSize reads a size in bytes such as 2GiB, 512MB or 1.5G.
func ParseSize(s string) (int64, error) { return alloc.ParseBytes(s) }

// DefaultMemoryLimit is the limit of runtimes that are given none: 75% of the machine's
// memory, or of the control group's.
func DefaultMemoryLimit() int64 { return alloc.DefaultLimit() }

// MachineMemory is the memory in bytes that the machine, or the control group, has; 0 where
// that cannot be found out.
func MachineMemory() int64 { return alloc.SystemMemory() }

// FormatSize writes a size in bytes readably.
func FormatSize(n int64) string { return alloc.FormatBytes(n) }
