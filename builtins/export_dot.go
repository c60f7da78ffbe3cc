package builtins

import (
	"fmt"
	"io"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// exportToDot writes a graph in the language of Graphviz: a box for each
// operation, a name for each array.
func exportToDot(c *Call) starlark.Value {
	roots, err := arraysOf(c.rest, func(leaf starlark.Value) error {
		return object.Errorf(object.ValueError, "export_to_dot: got %s, want arrays and trees of arrays", object.TypeName(leaf))
	})
	c.check(err)
	names := map[*engine.Node]string{}
	for _, kv := range c.kwargs {
		a, ok := kv[1].(*Array)
		if !ok {
			c.fail(object.ValueError, "export_to_dot: %s is %s, want array", kv[0], object.TypeName(kv[1]))
		}
		names[a.Node()] = string(kv[0].(starlark.String))
	}
	text := graphText(nodesOf(roots), names)
	file := c.arg("file")
	if path, ok := c.path(file); ok {
		c.fileFailed(c.files().Write(path, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}), object.RuntimeError)
		return starlark.None
	}
	write := c.attr(file, "write")
	if write == nil {
		c.fail(object.ValueError, "export_to_dot: the file is %s, want a path or a file object", object.TypeName(file))
	}
	_, err = object.Call(c.thread, write, starlark.Tuple{starlark.String(text)}, nil)
	c.check(err)
	return starlark.None
}

// graphText describes the pending operations that the nodes are computed by,
// inputs first.
func graphText(roots []*engine.Node, names map[*engine.Node]string) string {
	var w strings.Builder
	w.WriteString("digraph {\n")
	consumed := map[*engine.Node]bool{}
	order := engine.Pending(roots)
	for _, n := range order {
		for _, in := range n.Inputs() {
			consumed[in] = true
		}
	}
	letters := 0
	name := func(n *engine.Node) string {
		if names[n] == "" {
			names[n] = letterName(letters)
			letters++
		}
		return names[n]
	}
	shown := map[*engine.Node]bool{}
	array := func(n *engine.Node, rank string) {
		if !shown[n] {
			shown[n] = true
			fmt.Fprintf(&w, "{ %s%q; }\n", rank, name(n))
		}
	}
	for i, n := range order {
		for _, in := range n.Inputs() {
			if in.Op() == nil {
				array(in, "rank=source; ")
			}
		}
		fmt.Fprintf(&w, "{ %d [label =%q, shape=rectangle]; }\n", i, n.Op().Name)
		for _, in := range n.Inputs() {
			fmt.Fprintf(&w, "%q -> %d\n", name(in), i)
		}
		for _, out := range n.Outputs() {
			if consumed[out] {
				array(out, "")
			} else {
				array(out, "rank=sink; ")
			}
			fmt.Fprintf(&w, "%d -> %q\n", i, name(out))
		}
	}
	w.WriteString("}\n")
	return w.String()
}
