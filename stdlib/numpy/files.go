package numpy

import (
	"bytes"
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/npy"
	"github.com/mlxstar/mlxstar/formats/npz"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// readFrom reads all of a file: a path, or a file object from where it stands.
func (p *np) readFrom(file starlark.Value) []byte {
	data, err := p.host.ReadAll(p.thread, file)
	p.check(err)
	return data
}

// writeTo writes bytes to a path or to a file object.
func (p *np) writeTo(file starlark.Value, data []byte) {
	p.check(p.host.WriteAll(p.thread, file, data))
}

// named adds an extension to a path that lacks it.
func (p *np) named(file starlark.Value, extension string) starlark.Value {
	path, err := native.FSPath(p.thread, file)
	if err != nil || strings.HasSuffix(path, extension) {
		return file
	}
	return starlark.String(path + extension)
}

func (a *ndarray) toFile(name string) formats.Array {
	return formats.Array{Spec: formats.Spec{Name: name, Dtype: a.dtype, Shape: a.shape}, Data: formats.Bytes(a.dense())}
}

func (p *np) fromFile(l formats.Loaded) *ndarray {
	if infoOf(l.Dtype) == nil {
		p.fail(object.ValueError, "numpy has no dtype %s here", l.Dtype)
	}
	return p.fromBytes(l.Data, l.Dtype, l.Shape)
}

var fileFunctions = []function{
	{"save(file, arr, allow_pickle=True)", "Save an array in the .npy format.", func(p *np) starlark.Value {
		var out bytes.Buffer
		p.check(npy.Write(&out, p.elementsOf(1).toFile("")))
		p.writeTo(p.named(p.c.Arg(0), ".npy"), out.Bytes())
		return nil
	}},
	{"savez(file, *args, **kwds)", "Save arrays in an uncompressed .npz archive.", func(p *np) starlark.Value { return p.saveArchive(false) }},
	{"savez_compressed(file, *args, **kwds)", "Save arrays in a compressed .npz archive.", func(p *np) starlark.Value { return p.saveArchive(true) }},
	{"load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding='ASCII')", "Load an array from a .npy file, or the arrays of a .npz archive.", func(p *np) starlark.Value {
		data := p.readFrom(p.c.Arg(0))
		switch {
		case bytes.HasPrefix(data, []byte("PK")):
			archive, err := npz.Read(bytes.NewReader(data), int64(len(data)))
			p.checkFormat(err)
			f := &npzFile{m: p.Library, arrays: new(starlark.Dict)}
			for _, member := range archive.Members {
				p.grow(int(min(member.Length, maxArrayBytes)), 2) // it may unpack to far more than the file has
				l, err := object.Aside(p.thread, member.Load)
				p.checkFormat(err)
				p.check(f.arrays.SetKey(starlark.String(l.Name), p.fromFile(l)))
			}
			return f
		case bytes.HasPrefix(data, []byte("\x93NUMPY")):
			l, err := npy.ReadAll(bytes.NewReader(data))
			p.checkFormat(err)
			return p.fromFile(l)
		case len(data) == 0:
			p.fail(object.EOFError, "No data left in file")
		}
		p.fail(object.ValueError, "numpy.load: the file is neither .npy nor .npz; pickled data is not provided here")
		return nil
	}},
	{"_format_row(values, fmt, delimiter)", "A row of savetxt.", func(p *np) starlark.Value {
		format := p.c.Str(1)
		var parts []string
		for _, v := range p.c.Items(0) {
			if s, ok := v.(*scalar); ok {
				v = s.v
			}
			text, err := object.Binary(p.thread, object.Mod, starlark.String(format), v)
			p.check(err)
			s, _ := object.AsString(text)
			parts = append(parts, s)
		}
		return starlark.String(strings.Join(parts, p.c.Str(2)))
	}},
}

func (p *np) checkFormat(err error) {
	if err != nil {
		p.fail(object.ValueError, "%s", err)
	}
}

func (p *np) saveArchive(compress bool) starlark.Value {
	var arrays []formats.Array
	named := map[string]bool{}
	for _, kv := range p.c.Keywords {
		name := string(kv[0].(starlark.String))
		named[name] = true
		arrays = append(arrays, p.array(kv[1], 0).toFile(name))
	}
	for i, v := range p.c.Rest {
		name := fmt.Sprintf("arr_%d", i)
		if named[name] {
			p.fail(object.ValueError, "Cannot use un-named variables and keyword %s", name)
		}
		arrays = append(arrays, p.array(v, 0).toFile(name))
	}
	var out bytes.Buffer
	p.check(npz.Write(&out, arrays, compress))
	p.writeTo(p.named(p.c.Arg(0), ".npz"), out.Bytes())
	return nil
}

// npzFile is what numpy.load gives for an archive: arrays by name.
type npzFile struct {
	m      *Library
	arrays *starlark.Dict
}

var (
	_ object.HasItems    = (*npzFile)(nil)
	_ object.HasIter     = (*npzFile)(nil)
	_ object.HasContains = (*npzFile)(nil)
	_ object.HasLength   = (*npzFile)(nil)
	_ starlark.HasAttrs  = (*npzFile)(nil)
)

func (f *npzFile) String() string        { return "NpzFile with keys: " + f.arrays.String() }
func (f *npzFile) Type() string          { return "NpzFile" }
func (f *npzFile) Freeze()               {}
func (f *npzFile) Truth() starlark.Bool  { return true }
func (f *npzFile) Hash() (uint32, error) { return 0, nil }

// GetItem gives an array by its name, with or without .npy.
func (f *npzFile) GetItem(_ *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	name, ok := object.AsString(key)
	if v, found, err := f.arrays.Get(starlark.String(strings.TrimSuffix(name, ".npy"))); ok && found && err == nil {
		return v, nil
	}
	return nil, object.NewException(object.KeyError, starlark.String(name+" is not a file in the archive"))
}

// Iter goes over the names.
func (f *npzFile) Iter(thread *starlark.Thread) (object.Iterator, error) {
	return object.Iterate(thread, f.arrays)
}

// Contains is whether there is an array of the name.
func (f *npzFile) Contains(_ *starlark.Thread, key starlark.Value) (bool, error) {
	_, found, err := f.arrays.Get(key)
	return found, err
}

// Length is the number of arrays.
func (f *npzFile) Length(*starlark.Thread) (int, error) { return f.arrays.Len(), nil }

// Attr gives files, the methods of a mapping, and close.
func (f *npzFile) Attr(name string) (starlark.Value, error) {
	switch name {
	case "files":
		return starlark.NewList(f.arrays.Keys()), nil
	case "keys", "values", "items", "get":
		return object.GetAttr(nil, f.arrays, name)
	case "close", "__exit__":
		return starlark.NewBuiltin(name, func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return starlark.None, nil
		}), nil
	case "__enter__":
		return starlark.NewBuiltin(name, func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return f, nil
		}), nil
	}
	return nil, nil
}

// AttrNames lists what Attr gives.
func (f *npzFile) AttrNames() []string {
	return []string{"close", "files", "get", "items", "keys", "values"}
}
