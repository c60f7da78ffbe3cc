package workload

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// decoder fills the schema's types from nodes, and notes all that is wrong.
type decoder struct {
	places map[string]Place
	errs   ConfigErrors
}

func (d *decoder) fail(at Place, key, format string, args ...any) {
	d.errs = append(d.errs, &ConfigError{at, key, fmt.Sprintf(format, args...)})
}

// keyed is a field of a schema's struct that configurations can name.
type keyed struct {
	name  string
	index int
	field reflect.StructField
}

// keysOf lists the keys of a schema's struct, in its order.
func keysOf(t reflect.Type) []keyed {
	var out []keyed
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("key"); name != "" {
			out = append(out, keyed{name, i, t.Field(i)})
		}
	}
	return out
}

func names(keys []keyed) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.name
	}
	return out
}

func under(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// wants describes the values of a type, for messages.
func wants(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[Size]():
		return "a size such as 200MiB"
	case reflect.TypeFor[Duration]():
		return "a time such as 30s or 5m"
	case reflect.TypeFor[Threshold]():
		return `a condition such as "peak < 200MiB"`
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Int:
		return "a whole number"
	case reflect.Uint64:
		return "a whole number from 0"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.String {
			return "a list of strings"
		}
		return "a list"
	case reflect.Pointer:
		return wants(t.Elem())
	}
	return "a table"
}

// value stores a node in v. Tag is of the field that it is for.
func (d *decoder) value(n *node, v reflect.Value, path string, tag reflect.StructTag) {
	d.places[path] = n.at
	wrong := func() { d.fail(n.at, path, "got %s, want %s", n.got(), wants(v.Type())) }
	switch p := v.Addr().Interface().(type) {
	case *any:
		*p = n.plain()
		return
	case *Size:
		d.size(n, p, path)
		return
	case *Duration:
		d.duration(n, p, path)
		return
	case *Threshold:
		if n.kind != stringNode {
			wrong()
			return
		}
		t, err := ParseThreshold(n.text)
		if err != nil {
			d.fail(n.at, path, "%s", err)
		}
		*p = t
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path, tag)
	case reflect.Bool:
		if n.kind != boolNode {
			wrong()
			return
		}
		v.SetBool(n.bool)
	case reflect.String:
		if n.kind != stringNode {
			wrong()
			return
		}
		v.SetString(n.text)
		d.oneOf(n, path, tag)
	case reflect.Int, reflect.Uint64:
		d.whole(n, v, path, tag)
	case reflect.Slice:
		d.list(n, v, path, tag)
	case reflect.Map:
		d.table(n, v, path, tag)
	case reflect.Struct:
		if n.kind != tableNode {
			wrong()
			return
		}
		d.keys(n, v, path)
	}
}

func (d *decoder) oneOf(n *node, path string, tag reflect.StructTag) {
	allowed := strings.Fields(tag.Get("one"))
	if len(allowed) > 0 && !slices.Contains(allowed, n.text) {
		d.fail(n.at, path, "got %s, want %s%s", n.got(), strings.Join(allowed, ", "), didYouMean(n.text, allowed))
	}
}

func (d *decoder) whole(n *node, v reflect.Value, path string, tag reflect.StructTag) {
	if n.kind != intNode || v.Kind() == reflect.Uint64 && n.int < 0 {
		d.fail(n.at, path, "got %s, want %s", n.got(), wants(v.Type()))
		return
	}
	if tag.Get("min") == "1" && n.int < 1 {
		d.fail(n.at, path, "got %d, want at least 1", n.int)
		return
	}
	if v.Kind() == reflect.Int {
		v.SetInt(n.int)
	} else {
		v.SetUint(uint64(n.int))
	}
}

func (d *decoder) size(n *node, p *Size, path string) {
	switch n.kind {
	case intNode:
		*p = Size(n.int)
	case stringNode:
		var err error
		if *p, err = parseSize(n.text); err != nil {
			d.fail(n.at, path, "got %s, want a size such as 200MiB", n.got())
			return
		}
	default:
		d.fail(n.at, path, "got %s, want a size such as 200MiB", n.got())
		return
	}
	if *p < 0 {
		d.fail(n.at, path, "got %s, want at least 0", n.got())
	}
}

func (d *decoder) duration(n *node, p *Duration, path string) {
	switch n.kind {
	case intNode:
		*p = Duration(time.Duration(n.int) * time.Second)
	case floatNode:
		*p = Duration(n.float * float64(time.Second))
	case stringNode:
		t, err := time.ParseDuration(n.text)
		if err != nil {
			d.fail(n.at, path, "got %s, want a time such as 30s or 5m", n.got())
			return
		}
		*p = Duration(t)
	default:
		d.fail(n.at, path, "got %s, want a time such as 30s or 5m", n.got())
		return
	}
	if *p < 0 {
		d.fail(n.at, path, "got %s, want at least 0", n.got())
	}
}

func (d *decoder) list(n *node, v reflect.Value, path string, tag reflect.StructTag) {
	if n.kind != listNode {
		d.fail(n.at, path, "got %s, want %s", n.got(), wants(v.Type()))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		d.value(item, out.Index(i), fmt.Sprintf("%s[%d]", path, i), tag)
	}
	v.Set(out)
}

func (d *decoder) table(n *node, v reflect.Value, path string, tag reflect.StructTag) {
	if n.kind != tableNode {
		d.fail(n.at, path, "got %s, want a table", n.got())
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(n.fields))
	for _, key := range v.MapKeys() { // what defaults gave
		out.SetMapIndex(key, v.MapIndex(key))
	}
	for _, f := range n.fields {
		slot := reflect.New(v.Type().Elem()).Elem()
		d.value(f.value, slot, under(path, f.key), tag)
		d.places[under(path, f.key)] = f.at
		out.SetMapIndex(reflect.ValueOf(f.key), slot)
	}
	v.Set(out)
}

// keys fills a struct. What the table does not have stays as it was.
func (d *decoder) keys(n *node, v reflect.Value, path string) {
	known := keysOf(v.Type())
	for _, f := range n.fields {
		i := slices.IndexFunc(known, func(k keyed) bool { return k.name == f.key })
		if i < 0 {
			d.fail(f.at, under(path, f.key), "unknown key%s", didYouMean(f.key, names(known)))
			continue
		}
		d.value(f.value, v.Field(known[i].index), under(path, f.key), known[i].field.Tag)
		d.places[under(path, f.key)] = f.at
	}
}

// config fills a configuration from the root of a file.
func (d *decoder) config(root *node, c *Config) {
	if root.kind != tableNode {
		d.fail(root.at, "", "got %s, want a table with the key jobs", root.got())
		return
	}
	jobs := root.get("jobs")
	rest := &node{kind: tableNode, at: root.at}
	for _, f := range root.fields {
		if f.key != "jobs" {
			rest.fields = append(rest.fields, f)
		}
	}
	known := keysOf(reflect.TypeFor[Config]())
	v := reflect.ValueOf(c).Elem()
	d.keys(rest, v, "")
	if jobs == nil {
		for _, f := range rest.fields {
			if f.key == "job" {
				return // the unknown key was told of
			}
		}
		d.fail(root.at, "jobs", "is missing: a file needs at least one of the keys %s", strings.Join(names(known), ", "))
		return
	}
	if jobs.value.kind != tableNode {
		d.fail(jobs.value.at, "jobs", "got %s, want a table of jobs by name", jobs.value.got())
		return
	}
	c.Jobs = map[string]*Job{}
	for _, f := range jobs.value.fields {
		path := under("jobs", f.key)
		if !nameFits(f.key) {
			d.fail(f.at, path, "a job's name has letters, digits, - and _ only")
		}
		job := copyJob(&c.Defaults)
		job.Name = f.key
		d.value(f.value, reflect.ValueOf(job).Elem(), path, "")
		d.places[path] = f.at
		c.Jobs[f.key] = job
		c.Order = append(c.Order, f.key)
	}
	if len(c.Jobs) == 0 {
		d.fail(jobs.at, "jobs", "has no job")
	}
}

// nameFits tells whether a name can be part of a path, of a URL and of a variable's name.
func nameFits(name string) bool {
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return name != ""
}

// copyJob copies defaults, whose tables a job adds to.
func copyJob(j *Job) *Job {
	c := *j
	c.Inputs, c.Outputs = copyMap(j.Inputs), copyMap(j.Outputs)
	c.Kwargs = copyMap(j.Kwargs)
	return &c
}

func copyMap[V any](m map[string]V) map[string]V {
	if m == nil {
		return nil
	}
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}
