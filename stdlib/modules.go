package stdlib

import (
	"embed"
	"errors"
	"maps"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
	"github.com/mlxstar/mlxstar/stdlib/numpy"
)

// sources are the modules written in the script language, one file each. The
// packages of MLX are directories. Those of numpy are beside its Go files.
//
//go:embed all:packed
var packedFiles embed.FS

//go:generate go run ./internal/packed/pack source packed
var sources = packed.Of(packedFiles, "packed")

//go:embed all:frozen
var frozenFiles embed.FS

// programs are those of mlx's packages, which most scripts import, and of what they import.
//
//go:generate go run ./internal/frozen/freeze source frozen mlx.nn mlx.optimizers functools textwrap
var programs = packed.Of(frozenFiles, "frozen")

// Modules is the standard library of one runtime.
type Modules struct {
	env          *Environment
	builtins     starlark.StringDict
	hostBuiltins starlark.StringDict // those of the host's own modules, its scripts' among them
	loaded       *starlark.Dict      // sys.modules
	dirty        map[*buffered]struct{}
	sys          *native.Module
	environ      *starlark.Dict // os.environ
	statType     *object.Type
	arrays       *builtins.Module // mlx.core, for numpy; nil where the host has none
	numpy        *numpy.Library
	provider     Provider
	shadowed     map[string]starlark.Value // the library's modules whose names scripts have taken
	loaders      *loaderTypes
	archives     map[string]*archive
	exits        []exitCall
	folder       string // that the host has put at the head of sys.path
	threads      *threads
	wires        map[*endOfWire]struct{} // that are not closed
}

// UseArrays gives the library the arrays of mlx.core, which numpy needs.
func (m *Modules) UseArrays(mx *builtins.Module) {
	m.arrays = mx
	m.threads.whole = mx.Transforming
}

// New makes the library of a runtime. Builtins are what modules written in the
// script language see as builtins; New's own (open, print, input) are added to
// a copy of it.
func New(env *Environment, builtins starlark.StringDict) *Modules {
	m := &Modules{env: env, hostBuiltins: builtins, loaded: new(starlark.Dict), dirty: map[*buffered]struct{}{}, threads: newThreads(env.Park)}
	m.builtins = make(starlark.StringDict, 2*len(builtins))
	for k, v := range builtins {
		m.builtins[k] = v
	}
	for k, v := range m.Builtins() {
		m.builtins[k] = v
	}
	m.environ = new(starlark.Dict)
	for _, k := range slices.Sorted(maps.Keys(env.Variables)) {
		_ = m.environ.SetKey(starlark.String(k), starlark.String(env.Variables[k])) // a string key always hashes
	}
	m.sys = makeSys(m)
	m.register("sys", m.sys)
	m.register("builtins", makeBuiltins(m))
	return m
}

// Environment is what the library was made with.
func (m *Modules) Environment() *Environment { return m.env }

// Variable gives an environment variable as the script has it now. Only the goroutine that runs
// the script may ask.
func (m *Modules) Variable(name string) (value string, ok bool) {
	v, found, err := m.environ.Get(starlark.String(name))
	if !found || err != nil {
		return "", false
	}
	return starlark.AsString(v)
}

// makers are the modules made of Go functions. Some of these import others, which
// is why the table is filled in init; it does not change after.
var makers map[string]func(m *Modules) *native.Module

func init() {
	makers = map[string]func(m *Modules) *native.Module{
		"_collections": makeCollections,
		"_csv":         makeCSV,
		"_dataclasses": makeDataclasses,
		"_functools":   makeFunctools,
		"_imp":         makeImp,
		"_imaging":     makeImaging,
		"_inspect":     makeInspect,
		"_json":        makeJSON,
		"_datetime":    makeDatetime,
		"_hmac":        makeHMAC,
		"_heapq":       makeHeapq,
		"_re":          makeRegexp,
		"_ast":         makeAST,
		"_asyncio":     makeAsyncio,
		"_atexit":      makeAtexit,
		"_bz2":         makeBzip2,
		"_html":        makeHTML,
		"_tokenizers":  makeTokenizers,
		"_yaml":        makeYAML,
		"_zlib":        makeZlib,
		"binascii":     makeBinascii,
		"unicodedata":  makeUnicodedata,
		"hashlib":      makeHashlib,
		"struct":       makeStruct,
		"gc":           makeGC,
		"gzip":         makeGzip,
		"itertools":    makeItertools,
		"_random":      makeRandom,
		"_socket":      makeSocket,
		"_thread":      makeThread,
		"_traceback":   makeTraceback,
		"_weakref":     makeWeakref,
		"operator":     makeOperator,
		"_io":          makeIO,
		"math":         makeMath,
		"numpy":        func(m *Modules) *native.Module { m.numpy = numpy.New(numpyHost{m}, m.arrays); return m.numpy.Module() },
		"numpy.fft":    func(m *Modules) *native.Module { return m.numpy.FFT() },
		"numpy.linalg": func(m *Modules) *native.Module { return m.numpy.Linalg() },
		"numpy.random": func(m *Modules) *native.Module { return m.numpy.Random() },
		"os":           makeOS,
		"time":         makeTime,
	}
}

// Names lists the modules there are, sorted.
func (m *Modules) Names() []string {
	names := []string{"builtins", "sys"}
	for n := range makers {
		if !strings.HasPrefix(n, "_") {
			names = append(names, n)
		}
	}
	for _, f := range sources.Names(".") {
		n, _, folder := strings.Cut(f, "/")
		n = strings.TrimSuffix(n, ".py")
		if folder && n == "mlx" {
			continue // MLX's own
		}
		if !strings.HasPrefix(n, "_") || n == "__future__" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Submodules lists the modules of the library that a package of it has, sorted, by their
// last names.
func (m *Modules) Submodules(name string) []string {
	found := map[string]bool{}
	add := func(n string) {
		if n, _, _ = strings.Cut(n, "."); n != "" && !strings.HasPrefix(n, "_") {
			found[n] = true
		}
	}
	for n := range makers {
		if n, ok := strings.CutPrefix(n, name+"."); ok {
			add(n)
		}
	}
	folder := strings.ReplaceAll(name, ".", "/")
	for _, f := range sources.Names(folder) {
		f, _, _ = strings.Cut(strings.TrimPrefix(f, folder+"/"), "/")
		add(f)
	}
	return slices.Sorted(maps.Keys(found))
}

// before imports what a module of numpy needs.
func (m *Modules) before(thread *starlark.Thread, name string) error {
	switch {
	case name == "numpy" && m.arrays == nil:
		return object.Errorf(object.ModuleNotFoundError, "No module named 'numpy': this runtime has no arrays")
	case strings.HasPrefix(name, "numpy."):
		_, err := m.Import(thread, "numpy")
		return err
	}
	return nil
}

// source gives the text of a module: a file of its dotted name, or one at its
// path, where a package is a directory's __init__.
func source(name string) (src []byte, ok bool) {
	if src, ok := numpy.Source(name); ok {
		return src, true
	}
	file := fileOf(name)
	if file == "" {
		return nil, false
	}
	src, err := sources.ReadFile(file)
	return src, err == nil
}

// fileOf is the file of a module that is not one of numpy's, or "".
func fileOf(name string) string {
	path := strings.ReplaceAll(name, ".", "/")
	for _, file := range []string{name + ".py", path + ".py", path + "/__init__.py"} {
		if sources.Has(file) {
			return file
		}
	}
	return ""
}

// Has reports whether the library has a module of the name.
func (m *Modules) Has(name string) bool {
	if makers[name] != nil || name == "os.path" || m.provider != nil && m.provider(name) != nil {
		return true
	}
	return hasFile(name)
}

// hasFile reports whether a module of the library is written in the script language.
func hasFile(name string) bool { return numpy.Has(name) || fileOf(name) != "" }

// Source gives the text of a file named in a traceback, if it is one of the
// library's.
func Source(file string) ([]byte, bool) {
	name, ok := strings.CutPrefix(file, dialect.Frozen)
	if !ok {
		return nil, false
	}
	return source(strings.TrimSuffix(name, ">"))
}

// Flush writes out what scripts have written to files that they have not
// closed. A script sees its own writes without it; others see them after.
func (m *Modules) Flush() error {
	var first error
	for b := range m.dirty {
		if err := b.flush(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Close flushes all files. The library must not be used after it.
func (m *Modules) Close() error {
	m.closeWires()
	m.threads.end()
	err := errors.Join(m.Flush(), m.closeArchives())
	m.shadowed = nil
	_ = m.loaded.Clear() // nothing freezes the dict
	for _, f := range []any{m.env.Stdout, m.env.Stderr} {
		if w, ok := f.(interface{ Flush() error }); ok {
			if e := w.Flush(); e != nil && err == nil {
				err = e
			}
		}
	}
	return err
}

// Threads are those that scripts have started and that have not ended.
func (m *Modules) Threads() []*starlark.Thread { return m.threads.running() }

// files is the file system, up to date with what scripts have written.
func (m *Modules) files() FileSystem {
	// A file that cannot be written reports it when it is closed.
	_ = m.Flush()
	return m.env.files()
}
