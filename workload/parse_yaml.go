package workload

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads one document of YAML.
func parseYAML(file string, data []byte) (*node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &node{kind: tableNode, at: Place{file, 1, 1}}, nil
	case err != nil:
		return nil, yamlError(file, data, err)
	}
	y := &yamlTree{file: file, open: map[*yaml.Node]bool{}}
	switch err := dec.Decode(&more); {
	case err == nil:
		return nil, ConfigErrors{{y.at(&more), "", "a second document, want one"}}
	case !errors.Is(err, io.EOF):
		return nil, yamlError(file, data, err)
	}
	root := y.node(&doc, 0)
	if len(y.errs) > 0 {
		return nil, y.errs
	}
	return root, nil
}

var (
	// yamlLine finds the line that the library's errors begin with.
	yamlLine = regexp.MustCompile(`^line (\d+): `)
	// yamlShort are messages that the library tells with the line before that of the
	// collection which they are about: those of its parser, and not of its scanner.
	yamlShort  = regexp.MustCompile(`^did not find expected (node content|'-' indicator|key|',' or '[]}]'|<document start>)`)
	yamlAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

func yamlError(file string, data []byte, err error) error {
	at, message := Place{File: file, Line: 1}, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		at.Line, _ = strconv.Atoi(m[1]) // digits
		message = message[len(m[0]):]
		if yamlShort.MatchString(message) {
			at.Line++
			message = "in what begins here: " + message
		}
	}
	if m := yamlAnchor.FindStringSubmatch(message); m != nil {
		if i := bytes.Index(data, []byte("*"+m[1])); i >= 0 {
			at.Line, at.Col = 1+bytes.Count(data[:i], []byte("\n")), i-bytes.LastIndexByte(data[:i], '\n')
		}
	}
	return ConfigErrors{{at, "", message}}
}

type yamlTree struct {
	file  string
	open  map[*yaml.Node]bool // anchors that are being read
	nodes int
	errs  ConfigErrors
}

// maxYAMLNodes bounds what aliases can blow a file up to.
const maxYAMLNodes = 100_000

func (y *yamlTree) at(n *yaml.Node) Place { return Place{y.file, n.Line, n.Column} }

func (y *yamlTree) fail(at Place, format string, args ...any) *node {
	if len(y.errs) == 0 || y.errs[len(y.errs)-1].Place != at {
		y.errs = append(y.errs, &ConfigError{at, "", fmt.Sprintf(format, args...)})
	}
	return &node{kind: nullNode, at: at}
}

func (y *yamlTree) node(n *yaml.Node, depth int) *node {
	at := y.at(n)
	if y.nodes++; y.nodes > maxYAMLNodes || depth > maxDepth {
		return y.fail(Place{y.file, 1, 1}, "the file has more than %d values, or %d levels", maxYAMLNodes, maxDepth)
	}
	out := &node{at: at}
	switch n.Kind {
	case yaml.DocumentNode:
		return y.node(n.Content[0], depth)
	case yaml.SequenceNode:
		out.kind = listNode
		for _, item := range n.Content {
			out.items = append(out.items, y.node(item, depth+1))
		}
	case yaml.MappingNode:
		out.kind = tableNode
		for i := 0; i+1 < len(n.Content); i += 2 {
			y.pair(out, n.Content[i], n.Content[i+1], depth)
		}
	case yaml.AliasNode:
		if n.Alias == nil || y.open[n.Alias] {
			return y.fail(at, "the alias %s stands in what it names", n.Value)
		}
		y.open[n.Alias] = true
		defer delete(y.open, n.Alias)
		return y.node(n.Alias, depth+1)
	default:
		return y.scalar(n, out)
	}
	return out
}

func (y *yamlTree) scalar(n *yaml.Node, out *node) *node {
	var err error
	switch tag := n.ShortTag(); tag {
	case "!!null":
		out.kind = nullNode
	case "!!bool":
		out.kind = boolNode
		err = n.Decode(&out.bool)
	case "!!int":
		out.kind = intNode
		err = n.Decode(&out.int)
	case "!!float":
		out.kind = floatNode
		if err = n.Decode(&out.float); err == nil && math.IsInf(out.float, 0) && !strings.Contains(strings.ToLower(n.Value), "inf") {
			err = errors.New("too large")
		}
	case "!!str", "!!timestamp": // times are strings here, as in the other formats
		out.kind, out.text = stringNode, n.Value
	default:
		return y.fail(out.at, "tags such as %s have no meaning here", tag)
	}
	if err != nil {
		return y.fail(out.at, "the value %s does not fit", n.Value)
	}
	return out
}

// pair adds a key to a table; <<: adds those of another that it does not have.
func (y *yamlTree) pair(table *node, key, value *yaml.Node, depth int) {
	v, at := y.node(value, depth+1), y.at(key)
	switch {
	case key.Kind != yaml.ScalarNode:
		y.fail(at, "a key that is no string")
	case key.ShortTag() == "!!merge":
		if v.kind != tableNode {
			y.fail(at, "<<: got %s, want a table", v.got())
		}
		for _, f := range v.fields {
			table.set(f.key, f.at, f.value)
		}
	case !table.set(key.Value, at, v):
		y.fail(at, "%s: the key occurs twice", key.Value)
	}
}
