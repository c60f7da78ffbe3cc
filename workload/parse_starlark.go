package workload

import (
	"errors"
	"fmt"
	"math"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// maxStarlarkSteps bounds what a configuration in Starlark may compute.
const maxStarlarkSteps = 10_000_000

// starlarkConfig is a configuration that a Starlark file makes by its calls: job(name=...),
// defaults(...), serve(...), and config(memory=...) for the rest.
type starlarkConfig struct {
	root  *node
	jobs  *node
	calls map[[2]int32]map[string]Place // the places of keywords, by that of their call
	file  string
}

// parseStarlark runs a configuration. It reaches nothing outside of itself.
func parseStarlark(file string, data []byte) (*node, error) {
	options := &syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true}
	tree, err := options.Parse(file, data, 0)
	if err != nil {
		return nil, starlarkError(file, err)
	}
	top := Place{file, 1, 1}
	c := &starlarkConfig{root: &node{kind: tableNode, at: top}, jobs: &node{kind: tableNode, at: top}, calls: map[[2]int32]map[string]Place{}, file: file}
	syntax.Walk(tree, c.note)
	thread := &starlark.Thread{Name: file, Print: func(*starlark.Thread, string) {}}
	thread.SetMaxExecutionSteps(maxStarlarkSteps)
	known := starlark.StringDict{
		"job":      starlark.NewBuiltin("job", c.job),
		"defaults": starlark.NewBuiltin("defaults", c.section),
		"serve":    starlark.NewBuiltin("serve", c.section),
		"config":   starlark.NewBuiltin("config", c.config),
	}
	program, err := starlark.FileProgram(tree, known.Has)
	if err == nil {
		_, err = program.Init(thread, known)
	}
	if err != nil {
		return nil, starlarkError(file, err)
	}
	if len(c.jobs.fields) > 0 {
		c.root.set("jobs", c.jobs.fields[0].at, c.jobs)
	}
	return c.root, nil
}

// note remembers where the keywords of a call stand.
func (c *starlarkConfig) note(n syntax.Node) bool {
	call, ok := n.(*syntax.CallExpr)
	if !ok {
		return true
	}
	at := map[string]Place{}
	for _, arg := range call.Args {
		if kw, ok := arg.(*syntax.BinaryExpr); ok && kw.Op == syntax.EQ {
			if name, ok := kw.X.(*syntax.Ident); ok {
				at[name.Name] = Place{c.file, int(name.NamePos.Line), int(name.NamePos.Col)}
			}
		}
	}
	c.calls[[2]int32{call.Lparen.Line, call.Lparen.Col}] = at
	return true
}

func starlarkError(file string, err error) error {
	var bad syntax.Error
	var unresolved resolve.ErrorList
	var failed *starlark.EvalError
	switch {
	case errors.As(err, &bad):
		return ConfigErrors{{Place{file, int(bad.Pos.Line), int(bad.Pos.Col)}, "", bad.Msg}}
	case errors.As(err, &failed):
		at := Place{File: file, Line: 1}
		for _, f := range failed.CallStack {
			if f.Pos.Filename() == file && f.Pos.Line > 0 {
				at = Place{file, int(f.Pos.Line), int(f.Pos.Col)}
			}
		}
		var own *ConfigError
		if errors.As(err, &own) {
			return ConfigErrors{own}
		}
		return ConfigErrors{{at, "", failed.Msg}}
	case errors.As(err, &unresolved):
		var all ConfigErrors
		for _, e := range unresolved {
			all = append(all, &ConfigError{Place{file, int(e.Pos.Line), int(e.Pos.Col)}, "", e.Msg})
		}
		return all
	}
	return ConfigErrors{{Place{file, 1, 1}, "", err.Error()}}
}

// section is defaults(...) or serve(...): a table of the file.
func (c *starlarkConfig) section(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	at, table, err := c.table(thread, b, args, kwargs)
	if err != nil {
		return nil, err
	}
	if !c.root.set(b.Name(), at, table) {
		return nil, &ConfigError{at, b.Name(), "is called twice"}
	}
	return starlark.None, nil
}

// config is config(memory=...): keys of the file itself.
func (c *starlarkConfig) config(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	_, table, err := c.table(thread, b, args, kwargs)
	if err != nil {
		return nil, err
	}
	for _, f := range table.fields {
		if !c.root.set(f.key, f.at, f.value) {
			return nil, &ConfigError{f.at, f.key, "the key occurs twice"}
		}
	}
	return starlark.None, nil
}

// job is job(name=..., ...).
func (c *starlarkConfig) job(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	at, table, err := c.table(thread, b, args, kwargs)
	if err != nil {
		return nil, err
	}
	name := table.get("name")
	if name == nil || name.value.kind != stringNode {
		return nil, &ConfigError{at, "jobs", "job() needs a name, a string"}
	}
	key, where := name.value.text, name.at
	for i := range table.fields {
		if table.fields[i].key == "name" {
			table.fields = append(table.fields[:i], table.fields[i+1:]...)
			break
		}
	}
	if !c.jobs.set(key, where, table) {
		return nil, &ConfigError{where, "jobs." + key, "the job occurs twice"}
	}
	return starlark.None, nil
}

// table makes a table of a call's keywords.
func (c *starlarkConfig) table(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (Place, *node, error) {
	pos := thread.CallFrame(1).Pos
	at := Place{c.file, int(pos.Line), int(pos.Col)}
	if len(args) > 0 {
		return at, nil, &ConfigError{at, b.Name(), "takes keyword arguments only"}
	}
	n := &node{kind: tableNode, at: at}
	places := c.calls[[2]int32{pos.Line, pos.Col}]
	for _, kv := range kwargs {
		key := string(kv[0].(starlark.String))
		where, ok := places[key]
		if !ok {
			where = at
		}
		v, err := starlarkNode(kv[1], where, 0)
		if err != nil {
			return at, nil, &ConfigError{where, key, err.Error()}
		}
		n.set(key, where, v)
	}
	return at, n, nil
}

// maxDepth bounds how deep the values of a configuration lie in each other.
const maxDepth = 100

func starlarkNode(v starlark.Value, at Place, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d levels", maxDepth)
	}
	n := &node{at: at}
	switch v := v.(type) {
	case starlark.NoneType:
		n.kind = nullNode
	case starlark.Bool:
		n.kind, n.bool = boolNode, bool(v)
	case starlark.Int:
		i, ok := v.Int64()
		if !ok {
			return nil, fmt.Errorf("the number %s does not fit", v)
		}
		n.kind, n.int = intNode, i
	case starlark.Float:
		if f := float64(v); math.IsInf(f, 0) || math.IsNaN(f) {
			return nil, fmt.Errorf("got %s, want a finite number", v)
		}
		n.kind, n.float = floatNode, float64(v)
	case starlark.String:
		n.kind, n.text = stringNode, string(v)
	case *starlark.Dict:
		n.kind = tableNode
		for _, kv := range v.Items() {
			key, ok := kv[0].(starlark.String)
			if !ok {
				return nil, fmt.Errorf("a key of type %s, want a string", kv[0].Type())
			}
			x, err := starlarkNode(kv[1], at, depth+1)
			if err != nil {
				return nil, err
			}
			n.set(string(key), at, x)
		}
	case starlark.Indexable:
		n.kind = listNode
		for i := range v.Len() {
			x, err := starlarkNode(v.Index(i), at, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, x)
		}
	default:
		return nil, fmt.Errorf("got a value of type %s, which configurations do not have", v.Type())
	}
	return n, nil
}
