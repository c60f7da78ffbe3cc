package workload

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// parseTOML reads TOML. The library's decoder says whether the file is right; the tree with
// its places comes from its parser.
func parseTOML(file string, data []byte) (*node, error) {
	var whole map[string]any
	if err := toml.Unmarshal(data, &whole); err != nil {
		at := Place{file, 1, 1}
		message := strings.TrimPrefix(err.Error(), "toml: ")
		var bad *toml.DecodeError
		if errors.As(err, &bad) {
			at.Line, at.Col = bad.Position()
		}
		return nil, ConfigErrors{{at, "", message}}
	}
	t := &tomlTree{file: file, root: &node{kind: tableNode, at: Place{file, 1, 1}}}
	t.parser.Reset(data)
	table := t.root
	for t.parser.NextExpression() {
		e := t.parser.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = t.open(e, e.Kind == unstable.ArrayTable)
		case unstable.KeyValue:
			t.assign(table, e)
		}
	}
	if err := t.parser.Error(); err != nil {
		return nil, ConfigErrors{{Place{file, 1, 1}, "", err.Error()}}
	}
	return t.root, nil
}

type tomlTree struct {
	file   string
	parser unstable.Parser
	root   *node
}

func (t *tomlTree) at(n *unstable.Node) Place {
	start := t.parser.Shape(n.Raw).Start
	return Place{t.file, start.Line, start.Column}
}

// child gives the table of a key, which it makes; of a list of tables the last.
func (t *tomlTree) child(table *node, key string, at Place) *node {
	f := table.get(key)
	if f == nil {
		table.set(key, at, &node{kind: tableNode, at: at})
		f = table.get(key)
	}
	if f.value.kind == listNode && len(f.value.items) > 0 {
		return f.value.items[len(f.value.items)-1]
	}
	return f.value
}

// open gives the table that a header names.
func (t *tomlTree) open(e *unstable.Node, list bool) *node {
	table := t.root
	for it := e.Key(); it.Next(); {
		k := it.Node()
		key, at := string(k.Data), t.at(k)
		if !it.IsLast() || !list {
			table = t.child(table, key, at)
			continue
		}
		f := table.get(key)
		if f == nil {
			table.set(key, at, &node{kind: listNode, at: at})
			f = table.get(key)
		}
		table = &node{kind: tableNode, at: at}
		f.value.items = append(f.value.items, table)
	}
	return table
}

// assign adds a key and its value, whose key may have dots.
func (t *tomlTree) assign(table *node, e *unstable.Node) {
	for it := e.Key(); it.Next(); {
		k := it.Node()
		key, at := string(k.Data), t.at(k)
		if it.IsLast() {
			table.set(key, at, t.value(e.Value(), at))
			return
		}
		table = t.child(table, key, at)
	}
}

// value makes a node. Lists and tables have no place of their own: theirs is the key's.
func (t *tomlTree) value(v *unstable.Node, at Place) *node {
	n := &node{at: at}
	if v.Raw.Length > 0 {
		n.at = t.at(v)
	}
	switch v.Kind {
	case unstable.Bool:
		n.kind, n.bool = boolNode, string(v.Data) == "true"
	case unstable.Integer:
		n.kind = intNode
		n.int, _ = strconv.ParseInt(strings.ReplaceAll(string(v.Data), "_", ""), 0, 64) // the decoder took it
	case unstable.Float:
		n.kind, n.float = floatNode, tomlFloat(string(v.Data))
	case unstable.Array:
		n.kind = listNode
		for it := v.Children(); it.Next(); {
			n.items = append(n.items, t.value(it.Node(), at))
		}
	case unstable.InlineTable:
		n.kind = tableNode
		for it := v.Children(); it.Next(); {
			t.assign(n, it.Node())
		}
	default: // strings, and dates, which are strings here
		n.kind, n.text = stringNode, string(v.Data)
	}
	return n
}

func tomlFloat(s string) float64 {
	s = strings.ReplaceAll(s, "_", "")
	switch strings.TrimLeft(s, "+-") {
	case "inf":
		if s[0] == '-' {
			return math.Inf(-1)
		}
		return math.Inf(1)
	case "nan":
		return math.NaN()
	}
	f, _ := strconv.ParseFloat(s, 64) // the decoder took it
	return f
}
