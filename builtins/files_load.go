package builtins

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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

// loadFunctions read files.
var loadFunctions = []function{
	{"load(file: file | str | Path, /, format: str | None = None, return_metadata: bool = False, *, stream: StreamOrDevice = None) -> array | dict[str, array] | tuple",
		"Loads arrays from a .npy, .npz, .safetensors or .gguf file; format names another extension's. Of a file named by a path, elements are read when an array is evaluated: until then it takes no memory. A file object is read at once. With return_metadata the result is a tuple of the arrays and the metadata of a .safetensors or .gguf file.",
		loadBody},
}

// fileFormat is how files of an extension are loaded. Path gives the arrays of
// an open file, stream those of a file object.
type fileFormat struct {
	open     func(l *loader, src Source) starlark.Value
	stream   func(l *loader, r io.Reader) starlark.Value
	metadata bool         // the format has metadata
	follow   bool         // MLX reads a path lazily, so that replacing the file replaces the arrays
	missing  *object.Type // raised for a file that cannot be opened
	broken   *object.Type // raised for one that is not what it should be
}

// fileFormats lists the formats by extension.
func fileFormats() map[string]fileFormat {
	return map[string]fileFormat{
		"npy":         {loadNPY, streamNPY, false, true, object.RuntimeError, object.RuntimeError},
		"npz":         {loadNPZ, streamNPZ, false, false, object.ValueError, object.ValueError},
		"safetensors": {loadSafetensors, streamSafetensors, true, true, object.RuntimeError, object.RuntimeError},
		"gguf":        {loadGGUF, nil, true, false, object.ValueError, object.RuntimeError},
	}
}

// loader is one call of load: what it was asked for, and what it found.
type loader struct {
	c            *Call
	path         string         // of the file, or "" for a file object
	read         starlark.Value // of a file object
	name         string         // of the format
	format       fileFormat
	withMetadata bool
	metadata     starlark.Value
}

func loadBody(c *Call) starlark.Value {
	l := newLoader(c)
	out := l.load()
	if l.withMetadata {
		return starlark.Tuple{out, l.metadata}
	}
	return out
}

// newLoader reads the arguments, all of them before a file is opened.
func newLoader(c *Call) *loader {
	l := &loader{c: c, name: c.str("format", ""), withMetadata: c.bool("return_metadata", false)}
	named := l.source(c.bound[0])
	if l.name == "" {
		if l.name = extension(named); l.name == "" {
			c.fail(object.ValueError, "load: could not infer file format from the extension of %q", named)
		}
	}
	known := false
	if l.format, known = fileFormats()[l.name]; !known {
		c.fail(object.ValueError, "load: unknown file format %s, want npy, npz, safetensors or gguf", l.name)
	}
	if l.withMetadata && !l.format.metadata {
		c.fail(object.ValueError, "load: metadata not supported for format %s", l.name)
	}
	if l.read != nil && l.format.stream == nil {
		c.fail(object.ValueError, "load: a %s file must be given by its path", l.name)
	}
	return l
}

// source takes a path or a file object, and gives the name that may end in the
// format's extension.
func (l *loader) source(file starlark.Value) (named string) {
	c := l.c
	if file == starlark.None {
		c.mistyped("file", file, "a file object, str or Path")
	}
	if path, ok := c.path(file); ok {
		l.path = path
		return path
	}
	if l.read = c.attr(file, "read"); l.read == nil || isText(c.attr(file, "mode")) {
		c.fail(object.ValueError, "load: input must be a file-like object opened in binary mode, or string, not %s", object.TypeName(file))
	}
	if l.name != "" {
		return ""
	}
	name, err := object.GetAttr(c.thread, file, "name")
	c.check(err)
	named, _ = object.AsString(name)
	return named
}

// load gives the arrays of the file.
func (l *loader) load() starlark.Value {
	if l.read != nil {
		return l.format.stream(l, &fileReader{c: l.c, read: l.read})
	}
	return l.open()
}

// isText tells from a file object's mode that it was not opened in binary mode.
func isText(mode starlark.Value) bool {
	s, ok := object.AsString(mode)
	return ok && !strings.Contains(s, "b")
}

func (l *loader) open() starlark.Value {
	src, err := l.c.files().Open(l.path)
	l.c.fileFailed(err, l.format.missing)
	opened := false
	defer func() {
		if !opened {
			src.Close()
		}
	}()
	out := l.format.open(l, src)
	opened = true
	return out
}

// check abandons the call for a file that is not what it should be. A dtype
// that MLX has no place for is a ValueError.
func (l *loader) check(err error) {
	t := l.format.broken
	var e *formats.Error
	if errors.As(err, &e) && e.Kind == formats.Unsupported && l.name == "npy" {
		t = object.ValueError
	}
	l.c.fileFailed(err, t)
}

// origin is the file that lazily loaded arrays come from.
type origin struct {
	files  Files
	path   string
	format string
	source Source
	follow bool // where the file has been replaced, the new one counts
}

// stored is a tensor in a file: what it is, and how its elements are read.
type stored struct {
	formats.Spec
	read func(ctx context.Context, src io.ReaderAt, dst []byte) error
}

// stopping reads from a file until a context ends.
type stopping struct {
	from io.ReaderAt
	ctx  context.Context
}

// readPiece is how much of a file is read between two looks at the context.
const readPiece = 4 << 20

func (s stopping) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) && err == nil {
		if err = s.ctx.Err(); err == nil {
			var more int
			more, err = s.from.ReadAt(p[n:min(n+readPiece, len(p))], at+int64(n))
			n += more
		}
	}
	return n, err
}

// inPlace is a tensor whose elements lie in the file as they are.
func inPlace(format string, t formats.Tensor) stored {
	return stored{t.Spec, func(_ context.Context, src io.ReaderAt, dst []byte) error { return t.ReadInto(format, src, dst) }}
}

// elements are a tensor's elements in a file. It keeps the file open.
type elements struct {
	*origin
	tensor stored
}

var _ engine.ElementReader = (*elements)(nil)

// ReadElements reads the file that was loaded. Of the formats that MLX loads lazily
// it reads what the path holds now, as MLX does: where the file has been replaced
// since, the tensor of the same name, which must have kept dtype and shape.
func (e *elements) ReadElements(ctx context.Context, dst []byte) error {
	t, src := e.tensor, e.source
	if e.follow && src.Replaced() {
		var err error
		if src, err = e.files.Open(e.path); err != nil {
			return e.failed(err)
		}
		defer src.Close()
		if t, err = e.find(src); err != nil {
			return err
		}
	}
	err := t.read(ctx, stopping{src, ctx}, dst)
	if end := ctx.Err(); end != nil && errors.Is(err, end) {
		return end
	}
	return e.failed(err)
}

// find looks the tensor up in the file that has taken the other's place.
func (e *elements) find(src Source) (t stored, err error) {
	now, _, err := headers[e.format](src)
	if err != nil {
		return t, e.failed(err)
	}
	for _, t := range now {
		if t.Name == e.tensor.Name && t.Dtype == e.tensor.Dtype && slices.Equal(t.Shape, e.tensor.Shape) {
			return t, nil
		}
	}
	return t, e.failed(fmt.Errorf("the file was replaced after it was loaded, and has no array %s of %s any more", e.tensor.Label(), e.tensor.Layout()))
}

func (e *elements) failed(err error) error {
	if err == nil {
		return nil
	}
	return &engine.Error{Kind: engine.RuntimeError, Op: "load", Msg: e.path + ": " + err.Error(), Err: err}
}

// headers read what tensors a file has, and its metadata: a map[string]string of
// a .safetensors file, a []gguf.Entry of a .gguf file.
var headers = map[string]func(src Source) (tensors []stored, metadata any, err error){
	"npy": func(src Source) ([]stored, any, error) {
		t, err := npy.Read(src, src.Size())
		if t.Length > max(src.Size()-t.Offset, 0) && t.Offset > 0 {
			err = nil // the header is whole: what lacks is missed when elements are read, as in MLX
		}
		return []stored{inPlace("npy", t)}, nil, err
	},
	"npz": func(src Source) ([]stored, any, error) {
		f, err := npz.Read(src, src.Size())
		if err != nil {
			return nil, nil, err
		}
		ts := make([]stored, len(f.Members))
		for i, m := range f.Members {
			// The member knows its file; it may be deflated, and has a checksum.
			ts[i] = stored{m.Spec, func(ctx context.Context, _ io.ReaderAt, dst []byte) error { return m.ReadElements(ctx, dst) }}
		}
		return ts, nil, nil
	},
	"safetensors": func(src Source) ([]stored, any, error) {
		f, err := safetensors.Read(src, src.Size())
		if err != nil {
			return nil, nil, err
		}
		ts := make([]stored, len(f.Tensors))
		for i, t := range f.Tensors {
			ts[i] = inPlace("safetensors", t)
		}
		return ts, f.Metadata, nil
	},
	"gguf": func(src Source) ([]stored, any, error) {
		f, err := gguf.Read(src, src.Size())
		if err != nil {
			return nil, nil, err
		}
		parts, err := f.Parts()
		ts := make([]stored, len(parts))
		for i, p := range parts {
			ts[i] = stored{p.Spec, func(_ context.Context, src io.ReaderAt, dst []byte) error { return p.ReadInto(src, dst) }}
		}
		return ts, f.Narrowed(), err
	},
}

// lazy makes an array that is read when it is evaluated.
func (l *loader) lazy(t stored, src Source) *engine.Node {
	l.known(t.Spec)
	from := &origin{l.c.files(), l.path, l.name, src, l.format.follow}
	return l.c.b.Load(&elements{from, t}, t.Dtype, append([]int{}, t.Shape...))
}

// known fails for a dtype that files of NumPy have and MLX has not.
func (l *loader) known(s formats.Spec) {
	if !s.Dtype.OfMLX() {
		l.check(formats.Errorf(l.name, formats.Unsupported, -1, "read array: unsupported dtype %s", s.Dtype))
	}
}

// ready makes an array of elements in memory.
func (l *loader) ready(t formats.Loaded) *engine.Node {
	l.known(t.Spec)
	return l.c.b.FromBytes(t.Data, t.Dtype, append([]int{}, t.Shape...))
}

// lazyDict makes a dict of all arrays of a file, and gives its metadata.
func (l *loader) lazyDict(src Source) (d *starlark.Dict, metadata any) {
	ts, metadata, err := headers[l.name](src)
	l.check(err)
	d = starlark.NewDict(len(ts))
	for _, t := range ts {
		l.c.check(d.SetKey(starlark.String(t.Name), l.c.out(l.lazy(t, src))))
	}
	return d, metadata
}

func (l *loader) dict(ts []formats.Loaded) starlark.Value {
	d := starlark.NewDict(len(ts))
	for _, t := range ts {
		l.c.check(d.SetKey(starlark.String(t.Name), l.c.out(l.ready(t))))
	}
	return d
}

func loadNPY(l *loader, src Source) starlark.Value {
	ts, _, err := headers["npy"](src)
	l.check(err)
	return l.c.out(l.lazy(ts[0], src))
}

func streamNPY(l *loader, r io.Reader) starlark.Value {
	t, err := npy.ReadAll(r)
	l.check(err)
	return l.c.out(l.ready(t))
}

func loadSafetensors(l *loader, src Source) starlark.Value {
	d, metadata := l.lazyDict(src)
	l.metadata = stringDict(metadata.(map[string]string))
	return d
}

func streamSafetensors(l *loader, r io.Reader) starlark.Value {
	ts, metadata, err := safetensors.ReadAll(r)
	l.check(err)
	l.metadata = stringDict(metadata)
	return l.dict(ts)
}

func stringDict(m map[string]string) starlark.Value {
	d := starlark.NewDict(len(m))
	for _, k := range sortedKeys(m) {
		_ = d.SetKey(starlark.String(k), starlark.String(m[k])) // strings are hashable
	}
	return d
}

func loadNPZ(l *loader, src Source) starlark.Value {
	d, _ := l.lazyDict(src)
	return d
}

func streamNPZ(l *loader, r io.Reader) starlark.Value {
	data, err := io.ReadAll(r)
	l.check(err)
	ts, err := npz.ReadAll(bytes.NewReader(data), int64(len(data)))
	l.check(err)
	return l.dict(ts)
}

func loadGGUF(l *loader, src Source) starlark.Value {
	d, found := l.lazyDict(src)
	entries := found.([]gguf.Entry)
	metadata := starlark.NewDict(len(entries))
	for _, e := range entries {
		l.c.check(metadata.SetKey(starlark.String(e.Key), l.entry(e)))
	}
	l.metadata = metadata
	return d
}

// entry is a value of a .gguf file's metadata.
func (l *loader) entry(e gguf.Entry) starlark.Value {
	switch v := e.Value.(type) {
	case string:
		return starlark.String(v)
	case []string:
		out := make([]starlark.Value, len(v))
		for i, s := range v {
			out[i] = starlark.String(s)
		}
		return starlark.NewList(out)
	case formats.Loaded:
		return l.c.out(l.ready(v))
	}
	return starlark.None
}
