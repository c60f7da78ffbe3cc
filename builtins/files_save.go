package builtins

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/gguf"
	"github.com/mlxstar/mlxstar/formats/npy"
	"github.com/mlxstar/mlxstar/formats/npz"
	"github.com/mlxstar/mlxstar/formats/safetensors"
)

// saveFunctions write files.
var saveFunctions = []function{
	{"save(file: file | str | Path, arr: array) -> None",
		"Saves an array in the .npy format. The extension is added where it is missing. A file is written as a whole or not at all.",
		saveBody},
	{"savez(file: file | str | Path, *args, **kwargs) -> None",
		"Saves arrays in an uncompressed .npz archive: positional ones as arr_0, arr_1, ..., the others by their names.",
		func(c *Call) starlark.Value { return saveArchive(c, false) }},
	{"savez_compressed(file: file | str | Path, *args, **kwargs) -> None",
		"Saves arrays in a compressed .npz archive: positional ones as arr_0, arr_1, ..., the others by their names.",
		func(c *Call) starlark.Value { return saveArchive(c, true) }},
	{"save_safetensors(file: file | str | Path, arrays: dict[str, array], metadata: dict[str, str] | None = None) -> None",
		"Saves a dict of arrays in the .safetensors format, with metadata of strings.",
		saveSafetensorsBody},
	{"save_gguf(file: str | Path, arrays: dict[str, array], metadata: dict[str, array | str | list[str]] | None = None) -> None",
		"Saves a dict of arrays in the .gguf format, with metadata of arrays of at most one axis, strings and lists of strings.",
		saveGGUFBody},
}

// saving is one call of a save function.
type saving struct {
	c      *Call
	names  []string
	nodes  []*engine.Node
	format string // the extension
}

func saveBody(c *Call) starlark.Value {
	s := &saving{c: c, format: "npy", names: []string{""}, nodes: []*engine.Node{c.array("arr")}}
	s.to(c.arg("file"), object.RuntimeError, func(w io.Writer, arrays []formats.Array) error { return npy.Write(w, arrays[0]) })
	return starlark.None
}

func saveArchive(c *Call, compress bool) starlark.Value {
	s := &saving{c: c, format: "npz"}
	named := map[string]bool{}
	for _, kv := range c.kwargs {
		name := string(kv[0].(starlark.String))
		named[name] = true
		s.add(name, kv[1])
	}
	for i, v := range c.rest {
		name := fmt.Sprintf("arr_%d", i)
		if named[name] {
			c.fail(object.ValueError, "%s: cannot use un-named arrays and keyword %s", c.sig.Name, name)
		}
		s.add(name, v)
	}
	s.to(c.arg("file"), object.OSError, func(w io.Writer, arrays []formats.Array) error { return npz.Write(w, arrays, compress) })
	return starlark.None
}

func saveSafetensorsBody(c *Call) starlark.Value {
	s := &saving{c: c, format: "safetensors"}
	s.addDict()
	var metadata map[string]string
	if v := c.arg("metadata"); v != nil {
		d, ok := object.AsDict(v)
		if !ok {
			c.mistyped("metadata", v, "dict")
		}
		metadata = make(map[string]string, d.Len())
		for _, kv := range d.Items() {
			k, ok := object.AsString(kv[0])
			text, isText := object.AsString(kv[1])
			if !ok || !isText {
				c.fail(object.ValueError, "save_safetensors: metadata must be a dictionary with string keys and values, got %s: %s", object.TypeName(kv[0]), object.TypeName(kv[1]))
			}
			metadata[k] = text
		}
	}
	s.to(c.arg("file"), object.RuntimeError, func(w io.Writer, arrays []formats.Array) error {
		return safetensors.Write(w, arrays, metadata)
	})
	return starlark.None
}

func saveGGUFBody(c *Call) starlark.Value {
	s := &saving{c: c, format: "gguf"}
	s.addDict()
	var entries []gguf.Entry
	if v := c.arg("metadata"); v != nil {
		d, ok := object.AsDict(v)
		if !ok {
			c.mistyped("metadata", v, "dict")
		}
		for _, kv := range d.Items() {
			k, ok := object.AsString(kv[0])
			if !ok {
				c.fail(object.RuntimeError, "save_gguf: a metadata key is %s, want str", object.TypeName(kv[0]))
			}
			entries = append(entries, gguf.Entry{Key: k, Value: s.entry(k, kv[1])})
		}
	}
	if _, ok := c.path(c.arg("file")); !ok {
		c.fail(object.ValueError, "save_gguf: a gguf file must be given by its path, not %s", object.TypeName(c.arg("file")))
	}
	s.to(c.arg("file"), object.RuntimeError, func(w io.Writer, arrays []formats.Array) error { return gguf.Write(w, arrays, entries) })
	return starlark.None
}

// entry is a value of a .gguf file's metadata.
func (s *saving) entry(key string, v starlark.Value) any {
	if text, ok := object.AsString(v); ok {
		return text
	}
	if items, ok := sequence(v); ok {
		texts := make([]string, len(items))
		for i, item := range items {
			if texts[i], ok = object.AsString(item); !ok {
				s.c.fail(object.RuntimeError, "save_gguf: metadata %q is a list with %s in it, want str", key, object.TypeName(item))
			}
		}
		return texts
	}
	n := s.c.asArray(v)
	if n == nil {
		s.c.fail(object.RuntimeError, "save_gguf: metadata %q is %s, want array, str or a list of str", key, object.TypeName(v))
	}
	if n.Rank() > 1 {
		s.c.fail(object.RuntimeError, "save_gguf: metadata %q has %d axes, want at most one", key, n.Rank())
	}
	data, err := s.c.m.Engine.Dense(s.c.m.host.Context(), n)
	s.c.check(err)
	return formats.Loaded{Spec: formats.Spec{Dtype: n.Dtype(), Shape: n.Shape()}, Data: data}
}

func (s *saving) addDict() {
	v := s.c.arg("arrays")
	d, ok := object.AsDict(v)
	if !ok {
		s.c.mistyped("arrays", v, "dict")
	}
	for _, kv := range d.Items() {
		name, ok := object.AsString(kv[0])
		if !ok {
			s.c.fail(object.RuntimeError, "%s: a key is %s, want str", s.c.sig.Name, object.TypeName(kv[0]))
		}
		s.add(name, kv[1])
	}
}

func (s *saving) add(name string, v starlark.Value) {
	n := s.c.asArray(v)
	if n == nil {
		s.c.fail(object.RuntimeError, "%s: %s is %s, want array", s.c.sig.Name, name, object.TypeName(v))
	}
	s.names, s.nodes = append(s.names, name), append(s.nodes, n)
}

// arrays evaluates what is to be saved.
func (s *saving) arrays() []formats.Array {
	ctx, e := s.c.m.host.Context(), s.c.m.Engine
	s.c.check(e.Eval(ctx, s.nodes...))
	out := make([]formats.Array, len(s.nodes))
	for i, n := range s.nodes {
		data, err := e.Dense(ctx, n)
		s.c.check(err)
		out[i] = formats.Array{
			Spec: formats.Spec{Name: s.names[i], Dtype: n.Dtype(), Shape: n.Shape()},
			Data: formats.Bytes(data),
		}
	}
	return out
}

// writeChunk is how much a file object is given at a time.
const writeChunk = 1 << 20

// stoppingWriter writes to a file until a context ends.
type stoppingWriter struct {
	to  io.Writer
	ctx context.Context
}

func (s stoppingWriter) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		if err = s.ctx.Err(); err == nil {
			var more int
			more, err = s.to.Write(p[n:min(n+writeChunk, len(p))])
			n += more
		}
	}
	return n, err
}

// to writes to a path, to which the format's extension is added where it is
// missing, or to a file object.
func (s *saving) to(file starlark.Value, failed *object.Type, write func(w io.Writer, arrays []formats.Array) error) {
	c := s.c
	path, isPath := c.path(file)
	var method starlark.Value
	if !isPath {
		if method = c.attr(file, "write"); method == nil {
			c.fail(object.ValueError, "%s: input must be a file-like object, or string, not %s", c.sig.Name, object.TypeName(file))
		}
	}
	arrays := s.arrays()
	if !isPath {
		w := bufio.NewWriterSize(&fileWriter{c, method}, writeChunk)
		c.fileFailed(write(w, arrays), object.RuntimeError)
		c.fileFailed(w.Flush(), object.RuntimeError)
		return
	}
	if !strings.HasSuffix(path, "."+s.format) {
		path += "." + s.format
	}
	ctx := c.m.host.Context()
	err := c.files().Write(path, func(w io.Writer) error { return write(stoppingWriter{w, ctx}, arrays) })
	if end := ctx.Err(); end != nil && errors.Is(err, end) {
		c.b.Fail(end)
	}
	if errors.Is(err, gguf.ErrMetadata) {
		failed = object.ValueError
	}
	c.fileFailed(err, failed)
}
