package workload

import (
	"fmt"
	"strconv"
)

// Place is where something stands in a configuration. Lines and columns count from 1; a
// line of 0 is outside of any file, such as an environment variable, which File then names.
type Place struct {
	File      string
	Line, Col int
}

func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// kind is what a node is. All formats have these and no others.
type kind uint8

const (
	nullNode kind = iota + 1
	boolNode
	intNode
	floatNode
	stringNode
	listNode
	tableNode
)

// String names a kind as messages do.
func (k kind) String() string {
	return [...]string{"nothing", "nothing", "a boolean", "an integer", "a float", "a string", "a list", "a table"}[k]
}

// node is a value of a configuration and its place: what all formats are read into.
type node struct {
	kind   kind
	bool   bool
	int    int64
	float  float64
	text   string
	items  []*node
	fields []field // in the order of the file
	at     Place
}

// field is a key of a table.
type field struct {
	key   string
	at    Place
	value *node
}

func (n *node) get(key string) *field {
	for i := range n.fields {
		if n.fields[i].key == key {
			return &n.fields[i]
		}
	}
	return nil
}

// set adds a key to a table; false where it has it already.
func (n *node) set(key string, at Place, value *node) bool {
	if n.get(key) != nil {
		return false
	}
	n.fields = append(n.fields, field{key, at, value})
	return true
}

// got describes a node for a message: what it is, and of short ones the value.
func (n *node) got() string {
	switch n.kind {
	case boolNode:
		return strconv.FormatBool(n.bool)
	case intNode:
		return strconv.FormatInt(n.int, 10)
	case floatNode:
		return strconv.FormatFloat(n.float, 'g', -1, 64)
	case stringNode:
		if len(n.text) > 60 {
			return strconv.Quote(n.text[:60]) + "..."
		}
		return strconv.Quote(n.text)
	}
	return n.kind.String()
}

// plain gives a node as Go values: nil, bool, int64, float64, string, []any and
// map[string]any.
func (n *node) plain() any {
	switch n.kind {
	case boolNode:
		return n.bool
	case intNode:
		return n.int
	case floatNode:
		return n.float
	case stringNode:
		return n.text
	case listNode:
		out := make([]any, len(n.items))
		for i, x := range n.items {
			out[i] = x.plain()
		}
		return out
	case tableNode:
		out := make(map[string]any, len(n.fields))
		for _, f := range n.fields {
			out[f.key] = f.value.plain()
		}
		return out
	}
	return nil
}
