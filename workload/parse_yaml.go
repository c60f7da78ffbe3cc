package workload

import (
	"errors"
	"fmt"
	"math"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parseYAML reads one document of YAML.
func parseYAML(file string, data []byte) (*node, error) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		at := Place{file, 1, 1}
		message := err.Error()
		var bad yaml.Error
		if errors.As(err, &bad) {
			message = bad.GetMessage()
			if t := bad.GetToken(); t != nil {
				at.Line, at.Col = t.Position.Line, t.Position.Column
			}
		}
		return nil, ConfigErrors{{at, "", message}}
	}
	y := &yamlTree{file: file, anchors: map[string]*node{}}
	var root *node
	for _, doc := range tree.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			return nil, ConfigErrors{{y.at(doc.Body), "", "a second document, want one"}}
		}
		root = y.node(doc.Body, 0)
	}
	if len(y.errs) > 0 {
		return nil, y.errs
	}
	if root == nil {
		root = &node{kind: tableNode, at: Place{file, 1, 1}}
	}
	return root, nil
}

type yamlTree struct {
	file    string
	anchors map[string]*node
	nodes   int
	errs    ConfigErrors
}

// maxYAMLNodes bounds what aliases can blow a file up to.
const maxYAMLNodes = 100_000

func (y *yamlTree) at(n ast.Node) Place {
	p := Place{y.file, 1, 1}
	if t := n.GetToken(); t != nil && t.Position != nil {
		p.Line, p.Col = t.Position.Line, t.Position.Column
	}
	return p
}

func (y *yamlTree) fail(at Place, format string, args ...any) *node {
	y.errs = append(y.errs, &ConfigError{at, "", fmt.Sprintf(format, args...)})
	return &node{kind: nullNode, at: at}
}

func (y *yamlTree) node(n ast.Node, depth int) *node {
	at := y.at(n)
	if y.nodes++; y.nodes > maxYAMLNodes || depth > maxDepth {
		return y.fail(at, "the file has more than %d values, or %d levels", maxYAMLNodes, maxDepth)
	}
	out := &node{at: at}
	switch n := n.(type) {
	case *ast.NullNode:
		out.kind = nullNode
	case *ast.BoolNode:
		out.kind, out.bool = boolNode, n.Value
	case *ast.IntegerNode:
		out.kind = intNode
		switch v := n.Value.(type) {
		case int64:
			out.int = v
		case uint64:
			if v > math.MaxInt64 {
				return y.fail(at, "the number %d does not fit", v)
			}
			out.int = int64(v)
		}
	case *ast.FloatNode:
		out.kind, out.float = floatNode, n.Value
	case *ast.InfinityNode:
		out.kind, out.float = floatNode, n.Value
	case *ast.NanNode:
		out.kind, out.float = floatNode, math.NaN()
	case *ast.StringNode:
		out.kind, out.text = stringNode, n.Value
	case *ast.LiteralNode:
		out.kind, out.text = stringNode, n.Value.Value
	case *ast.SequenceNode:
		out.kind = listNode
		for _, item := range n.Values {
			out.items = append(out.items, y.node(item, depth+1))
		}
	case *ast.MappingNode:
		out.kind = tableNode
		for _, kv := range n.Values {
			y.pair(out, kv, depth)
		}
	case *ast.MappingValueNode:
		out.kind = tableNode
		y.pair(out, n, depth)
	case *ast.AnchorNode:
		v := y.node(n.Value, depth+1)
		y.anchors[n.Name.GetToken().Value] = v
		return v
	case *ast.AliasNode:
		v := y.anchors[n.Value.GetToken().Value]
		if v == nil {
			return y.fail(at, "the alias %s names no anchor before it", n.Value.GetToken().Value)
		}
		y.nodes += v.size()
		return v
	case *ast.TagNode:
		return y.fail(at, "tags such as %s have no meaning here", n.Start.Value)
	default:
		return y.fail(at, "got %s, which configurations do not have", n.Type())
	}
	return out
}

// size is the number of values in a tree.
func (n *node) size() int {
	total := 1
	for _, x := range n.items {
		total += x.size()
	}
	for _, f := range n.fields {
		total += f.value.size()
	}
	return total
}

// pair adds a key to a table; <<: adds those of another that it does not have.
func (y *yamlTree) pair(table *node, kv *ast.MappingValueNode, depth int) {
	v := y.node(kv.Value, depth+1)
	at := y.at(kv.Key)
	if _, ok := kv.Key.(*ast.MergeKeyNode); ok {
		if v.kind != tableNode {
			y.fail(at, "<<: got %s, want a table", v.got())
		}
		for _, f := range v.fields {
			table.set(f.key, f.at, f.value)
		}
		return
	}
	key := kv.Key.GetToken().Value
	if !table.set(key, at, v) {
		y.fail(at, "%s: the key occurs twice", key)
	}
}
