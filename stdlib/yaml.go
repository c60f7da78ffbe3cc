package stdlib

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.starlark.net/starlark"
	"go.yaml.in/yaml/v3"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeYAML reads YAML into nodes. What they stand for is for yaml's loaders to say.
func makeYAML(*Modules) *native.Module {
	mod := native.NewModule("_yaml", "Parts of yaml.")
	define(mod, []function{{"compose(text, /)", "The documents' nodes, and what is wrong after them, with its line.", func(c *call) (starlark.Value, error) {
		text := c.Str(0)
		if c.Err != nil {
			return nil, c.Err
		}
		return composeYAML(c.Thread, text)
	}}})
	return mod
}

// yamlNodeSize is about what a node takes for each byte of a text, in Go's tree and in ours.
const yamlNodeSize = 200

func composeYAML(thread *starlark.Thread, text string) (starlark.Value, error) {
	if err := object.GrowTimes(thread, len(text), yamlNodeSize); err != nil {
		return nil, err
	}
	type outcome struct {
		documents []*yaml.Node
		problem   error
	}
	read, err := object.Aside(thread, func() (outcome, error) {
		var o outcome
		d := yaml.NewDecoder(strings.NewReader(text))
		for {
			var n yaml.Node
			if err := d.Decode(&n); err != nil {
				if !errors.Is(err, io.EOF) {
					o.problem = err
				}
				return o, nil
			}
			o.documents = append(o.documents, &n)
		}
	})
	if err != nil {
		return nil, err
	}
	made := yamlNodes{thread: thread, seen: map[*yaml.Node]starlark.Value{}}
	documents := make([]starlark.Value, 0, len(read.documents))
	for _, d := range read.documents {
		v, err := made.node(d)
		if err != nil {
			return nil, err
		}
		documents = append(documents, v)
	}
	problem, line := starlark.Value(starlark.None), 0
	if read.problem != nil {
		text := strings.TrimPrefix(read.problem.Error(), "yaml: ")
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			line, _ = strconv.Atoi(m[1]) // digits
			text = text[len(m[0]):]
		}
		problem = starlark.String(text)
	}
	return starlark.Tuple{starlark.NewList(documents), problem, starlark.MakeInt(line)}, nil
}

var yamlLine = regexp.MustCompile(`^line (\d{1,9}): `)

// yamlNodes makes rows of nodes: kind, tag, value, line, column, and whether a text is plain
// or a collection in flow style. An alias is the row of its anchor.
type yamlNodes struct {
	thread *starlark.Thread
	seen   map[*yaml.Node]starlark.Value
}

func (y *yamlNodes) node(n *yaml.Node) (starlark.Value, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 1 {
			return y.node(n.Content[0])
		}
		return starlark.None, nil
	case yaml.AliasNode:
		return y.node(n.Alias)
	}
	if v := y.seen[n]; v != nil {
		return v, nil
	}
	b, err := object.Deeper(y.thread)
	if err != nil {
		return nil, err
	}
	defer b.Shallower()
	if err := object.Steps(y.thread, 1); err != nil {
		return nil, err
	}
	tag := ""
	if n.Style&yaml.TaggedStyle != 0 {
		tag = n.LongTag()
	}
	row := func(kind string, value starlark.Value, flag bool) starlark.Tuple {
		return starlark.Tuple{starlark.String(kind), starlark.String(tag), value, starlark.MakeInt(n.Line), starlark.MakeInt(n.Column), starlark.Bool(flag)}
	}
	if n.Kind == yaml.ScalarNode {
		plain := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
		v := row("scalar", starlark.String(n.Value), plain)
		y.seen[n] = v
		return v, nil
	}
	kind := "sequence"
	if n.Kind == yaml.MappingNode {
		kind = "mapping"
	}
	list := starlark.NewList(nil)
	v := row(kind, list, n.Style&yaml.FlowStyle != 0)
	y.seen[n] = v // before its parts, which may refer to it
	for _, part := range n.Content {
		p, err := y.node(part)
		if err != nil {
			return nil, err
		}
		if err := list.Append(p); err != nil {
			return nil, err
		}
	}
	return v, nil
}
