package workload

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// parsers read the formats, by the endings of files' names.
var parsers = map[string]func(file string, data []byte) (*node, error){
	".toml": parseTOML,
	".json": parseJSON,
	".yaml": parseYAML,
	".yml":  parseYAML,
	".star": parseStarlark,
}

// Overrides are what stands above a configuration's file, later ones above earlier.
type Overrides struct {
	// Env are environment variables as "name=value". MLXSTAR_JOB_TRAIN__LIMITS__MEMORY is
	// limits.memory of the job train: case does not matter, and __ stands for a dot.
	Env []string
	// Set are assignments such as "train.limits.memory=1GiB", as of flags.
	Set []string
}

// Load reads a configuration. The error is ConfigErrors, with all that is wrong, or that of
// a file that cannot be read.
func Load(path string, over Overrides) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, over)
}

// Parse reads a configuration from memory. The ending of its name says the format: .toml,
// .json, .yaml, .yml or .star.
func Parse(path string, data []byte, over Overrides) (*Config, error) {
	parse := parsers[strings.ToLower(filepath.Ext(path))]
	if parse == nil {
		return nil, ConfigErrors{{Place{File: path}, "", "the ending of the file's name says no format, want .toml, .json, .yaml, .yml or .star"}}
	}
	root, err := parse(path, data)
	if err != nil {
		return nil, err
	}
	d := &decoder{places: map[string]Place{}}
	d.override(root, over)
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	c := &Config{Version: 1, Path: path, Dir: dir, places: d.places}
	d.config(root, c)
	if len(d.errs) == 0 {
		d.check(c)
	}
	if len(d.errs) > 0 {
		for _, e := range d.errs {
			if e.Place == (Place{}) {
				e.Place = Place{File: path, Line: 1}
			}
		}
		return nil, d.errs.sorted()
	}
	return c, nil
}

// override puts assignments from outside into the tree.
func (d *decoder) override(root *node, over Overrides) {
	if root.kind != tableNode {
		return
	}
	for _, kv := range slices.Sorted(slices.Values(over.Env)) {
		name, value, _ := strings.Cut(kv, "=")
		rest, ok := strings.CutPrefix(name, "MLXSTAR_JOB_")
		if !ok {
			continue
		}
		d.assign(root, Place{File: name}, strings.Split(strings.ToLower(rest), "__"), value)
	}
	for _, kv := range over.Set {
		key, value, ok := strings.Cut(kv, "=")
		at := Place{File: "--set " + key}
		if !ok {
			d.fail(at, key, "want NAME.KEY=VALUE")
			continue
		}
		d.assign(root, at, strings.Split(key, "."), value)
	}
}

// assign sets a key of a job. A value that is JSON is what that says, any other a string.
func (d *decoder) assign(root *node, at Place, path []string, value string) {
	jobs := root.get("jobs")
	if jobs == nil || jobs.value.kind != tableNode {
		return // which is an error of its own
	}
	var all []string
	for _, f := range jobs.value.fields {
		all = append(all, f.key)
	}
	i := slices.IndexFunc(all, func(name string) bool {
		return strings.EqualFold(strings.ReplaceAll(name, "-", "_"), strings.ReplaceAll(path[0], "-", "_"))
	})
	if i < 0 {
		d.fail(at, strings.Join(path, "."), "no job %q%s", path[0], didYouMean(path[0], all))
		return
	}
	if len(path) < 2 {
		d.fail(at, strings.Join(path, "."), "want a key of the job %s", path[0])
		return
	}
	table := jobs.value.fields[i].value
	for _, key := range path[1 : len(path)-1] {
		f := table.get(key)
		if f == nil {
			table.set(key, at, &node{kind: tableNode, at: at})
			f = table.get(key)
		}
		if f.value.kind != tableNode {
			f.value = &node{kind: tableNode, at: at}
		}
		table = f.value
	}
	v := &node{kind: stringNode, text: value, at: at}
	if parsed, err := parseJSON(at.File, []byte(value)); err == nil {
		v = replaced(parsed, at)
	}
	key := path[len(path)-1]
	if f := table.get(key); f != nil {
		f.value, f.at = v, at
		return
	}
	table.set(key, at, v)
}

// replaced puts a tree at another place.
func replaced(n *node, at Place) *node {
	n.at = at
	for _, x := range n.items {
		replaced(x, at)
	}
	for i := range n.fields {
		n.fields[i].at = at
		replaced(n.fields[i].value, at)
	}
	return n
}

// parseJSON reads JSON. Keys that occur twice are errors.
func parseJSON(file string, data []byte) (*node, error) {
	p := &jsonParser{file: file, data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	n, err := p.value()
	if err == nil {
		if _, extra := p.dec.Token(); !errors.Is(extra, io.EOF) {
			err = p.fail("want nothing after the value")
		}
	}
	return n, err
}

type jsonParser struct {
	file string
	data []byte
	dec  *json.Decoder
}

// at is the place of the token that was read last: where it ends, on the line that it
// stands on, less its length.
func (p *jsonParser) at(length int) Place {
	end := min(int(p.dec.InputOffset()), len(p.data))
	start := max(end-length, 0)
	before := p.data[:start]
	return Place{p.file, 1 + bytes.Count(before, []byte("\n")), start - bytes.LastIndexByte(before, '\n')}
}

func (p *jsonParser) fail(message string) error {
	return ConfigErrors{{p.at(0), "", message}}
}

func (p *jsonParser) token() (json.Token, error) {
	tok, err := p.dec.Token()
	if err == nil {
		return tok, nil
	}
	var bad *json.SyntaxError
	switch {
	case errors.As(err, &bad):
		at := min(int(bad.Offset), len(p.data))
		before := p.data[:max(at-1, 0)]
		return nil, ConfigErrors{{Place{p.file, 1 + bytes.Count(before, []byte("\n")), at - 1 - bytes.LastIndexByte(before, '\n')}, "", bad.Error()}}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, p.fail("the file ends in the middle of a value")
	}
	return nil, p.fail(err.Error())
}

func (p *jsonParser) value() (*node, error) {
	tok, err := p.token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case nil:
		return &node{kind: nullNode, at: p.at(4)}, nil
	case bool:
		return &node{kind: boolNode, bool: v, at: p.at(1)}, nil
	case string:
		return &node{kind: stringNode, text: v, at: p.at(1)}, nil
	case json.Number:
		n := &node{at: p.at(len(v))}
		if i, err := v.Int64(); err == nil {
			n.kind, n.int = intNode, i
			return n, nil
		}
		f, err := v.Float64()
		if err != nil {
			return nil, p.fail("the number " + v.String() + " does not fit")
		}
		n.kind, n.float = floatNode, f
		return n, nil
	case json.Delim:
		if v == '[' {
			return p.list()
		}
		return p.table()
	}
	return nil, p.fail("want a value")
}

func (p *jsonParser) list() (*node, error) {
	n := &node{kind: listNode, at: p.at(1)}
	for p.dec.More() {
		x, err := p.value()
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, x)
	}
	_, err := p.token()
	return n, err
}

func (p *jsonParser) table() (*node, error) {
	n := &node{kind: tableNode, at: p.at(1)}
	for p.dec.More() {
		tok, err := p.token()
		if err != nil {
			return nil, err
		}
		key, ok := tok.(string)
		if !ok {
			return nil, p.fail("want a key")
		}
		at := p.at(len(key) + 2)
		x, err := p.value()
		if err != nil {
			return nil, err
		}
		if !n.set(key, at, x) {
			return nil, ConfigErrors{{at, key, "the key occurs twice"}}
		}
	}
	_, err := p.token()
	return n, err
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
