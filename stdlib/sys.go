package stdlib

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// pythonVersion is the version of the language that scripts see.
var pythonVersion = []int{3, 11, 0}

// makeSys is sys. Most of what it says of the machine and the run is made when a script, or
// an import, asks for the first of it.
func makeSys(m *Modules) *native.Module {
	mod := native.NewModule("sys", "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.")
	mod.Fill = func() {
		mod.Members = m.sysValues()
		define(mod, sysFunctions)
	}
	mod.Late = []string{"stdlib_module_names"}
	mod.Missing = func(thread *starlark.Thread, name string) (starlark.Value, error) {
		if name != "stdlib_module_names" {
			return nil, nil
		}
		return m.standardNames(thread)
	}
	return mod
}

// sysValues are the members of sys that are no functions.
func (m *Modules) sysValues() starlark.StringDict {
	stdin := m.standardStream("<stdin>", endpoint{r: m.env.Stdin}, "r", false)
	stdout := m.standardStream("<stdout>", endpoint{w: m.env.Stdout}, "w", m.env.Terminal)
	stderr := m.standardStream("<stderr>", endpoint{w: m.env.Stderr}, "w", m.env.Terminal)
	return starlark.StringDict{
		"argv":                stringList(m.env.Args),
		"orig_argv":           stringList(m.env.Args),
		"path":                stringList(m.env.Path),
		"modules":             m.loaded,
		"meta_path":           starlark.NewList(nil),
		"path_hooks":          starlark.NewList(nil),
		"flags":               flagsRecord(),
		"warnoptions":         starlark.NewList(nil),
		"path_importer_cache": starlark.NewDict(0),
		"base_prefix":         starlark.String(""), "exec_prefix": starlark.String(""), "base_exec_prefix": starlark.String(""),
		"float_repr_style": starlark.String("short"),
		"api_version":      starlark.MakeInt(1013),
		"stdin":            stdin,
		"stdout":           stdout,
		"stderr":           stderr,
		"__stdin__":        stdin,
		"__stdout__":       stdout,
		"__stderr__":       stderr,
		"maxsize":          starlark.MakeInt64(math.MaxInt64),
		"maxunicode":       starlark.MakeInt(utf8.MaxRune),
		"byteorder":        starlark.String("little"),
		"platform":         starlark.String(cmp.Or(m.env.System, platformName())),
		"executable":       starlark.String(m.env.Executable),
		"prefix":           starlark.String(""),
		"hexversion":       starlark.MakeInt(pythonVersion[0]<<24 | pythonVersion[1]<<16 | pythonVersion[2]<<8 | 0xf0),
		"copyright":        starlark.String("Copyright (c) the mlxstar authors."),
		"version":          starlark.String("3.11.0 (mlxstar " + m.env.Version + ")"),
		"version_info":     versionInfo(),
		"float_info":       floatInfo(),
		"implementation": record("types", "SimpleNamespace", []string{"name", "version", "hexversion", "cache_tag"},
			starlark.String("mlxstar"), versionInfo(), starlark.MakeInt(pythonVersion[0]<<24|pythonVersion[1]<<16|pythonVersion[2]<<8|0xf0),
			starlark.String(fmt.Sprintf("mlxstar-%d%d", pythonVersion[0], pythonVersion[1]))),
		"dont_write_bytecode":  starlark.True,
		"builtin_module_names": starlark.Tuple{starlark.String("math"), starlark.String("sys"), starlark.String("time")},
	}
}

// sysFunctions are the functions of sys.
var sysFunctions = []function{
	{"exit(status=None, /)", "Exit the interpreter by raising SystemExit(status).", func(c *call) (starlark.Value, error) {
		e := object.NewException(object.SystemExit)
		if c.Arg(0) != nil {
			e = object.NewException(object.SystemExit, c.Arg(0))
		}
		return nil, e
	}},
	{"getrecursionlimit()", "Return the maximum depth of the stack of calls.", func(c *call) (starlark.Value, error) {
		return starlark.MakeInt(dialect.RecursionLimit(c.Thread)), nil
	}},
	{"setrecursionlimit(limit, /)", "Set the maximum depth of the stack of calls.", func(c *call) (starlark.Value, error) {
		n := c.Int(0)
		if c.Err == nil && n < 1 {
			return nil, object.Errorf(object.ValueError, "recursion limit must be greater or equal than 1")
		}
		if c.Err == nil {
			dialect.SetRecursionLimit(c.Thread, n)
		}
		return nil, nil
	}},
	{"get_int_max_str_digits()", "Return the most decimal digits that converting ints to and from str may take; 0 is no limit.", func(c *call) (starlark.Value, error) {
		return starlark.MakeInt(object.IntDigits(c.Thread)), nil
	}},
	{"set_int_max_str_digits(maxdigits)", "Set the most decimal digits that converting ints to and from str may take; 0 is no limit.", func(c *call) (starlark.Value, error) {
		n := c.Int(0)
		if c.Err == nil && n != 0 && n < number.LeastDigits {
			return nil, object.Errorf(object.ValueError, "maxdigits must be 0 or larger than %d", number.LeastDigits)
		}
		if c.Err == nil {
			object.SetIntDigits(c.Thread, n)
		}
		return nil, nil
	}},
	{"is_finalizing()", "Whether the interpreter is ending.", func(*call) (starlark.Value, error) { return starlark.False, nil }},
	{"gettrace()", "Return the trace function: there is none.", func(*call) (starlark.Value, error) { return nil, nil }},
	{"getprofile()", "Return the profile function: there is none.", func(*call) (starlark.Value, error) { return nil, nil }},
	{"exception()", "Return the exception being handled, or None.", func(c *call) (starlark.Value, error) { return handled(c.Thread), nil }},
	{"getswitchinterval()", "Return the seconds after which threads take turns.", func(*call) (starlark.Value, error) { return starlark.Float(0.005), nil }},
	{"setswitchinterval(interval, /)", "Do nothing: threads take turns where they wait.", func(*call) (starlark.Value, error) { return nil, nil }},
	{"exc_info()", "Return the type, the value and the traceback of the exception being handled.", excInfo},
	{"getdefaultencoding()", "Return the default encoding of strings.", func(*call) (starlark.Value, error) { return starlark.String("utf-8"), nil }},
	{"getfilesystemencoding()", "Return the encoding of file names.", func(*call) (starlark.Value, error) { return starlark.String("utf-8"), nil }},
	{"intern(string, /)", "Return string: equal strings need no interning here.", func(c *call) (starlark.Value, error) {
		return starlark.String(c.Str(0)), nil
	}},
	{"getsizeof(object, default=None, /)", "Return an estimate of the bytes that object itself takes.", func(c *call) (starlark.Value, error) {
		return starlark.MakeInt(sizeOf(c.Arg(0))), nil
	}},
}

func platformName() string {
	if runtime.GOOS == "windows" {
		return "win32"
	}
	return runtime.GOOS
}

// standardNames are the names of Python's own modules that are here.
func (m *Modules) standardNames(thread *starlark.Thread) (starlark.Value, error) {
	var names []starlark.Value
	for _, name := range m.Names() {
		top, _, _ := strings.Cut(name, ".")
		if !provided[top] && top != "numpy" && top != "mlx" {
			names = append(names, starlark.String(top))
		}
	}
	return object.Call(thread, object.FrozenSetType, starlark.Tuple{starlark.NewList(names)}, nil)
}

// flagsRecord is sys.flags: the options that Python's command has, all off.
func flagsRecord() starlark.Value {
	fields := strings.Fields("debug inspect interactive optimize dont_write_bytecode no_user_site no_site ignore_environment verbose bytes_warning quiet hash_randomization isolated dev_mode utf8_mode")
	values := make([]starlark.Value, len(fields))
	for i := range values {
		values[i] = starlark.MakeInt(0)
	}
	return record("sys", "flags", fields, values...)
}

func versionInfo() starlark.Value {
	return record("sys", "version_info", []string{"major", "minor", "micro", "releaselevel", "serial"},
		starlark.MakeInt(pythonVersion[0]), starlark.MakeInt(pythonVersion[1]), starlark.MakeInt(pythonVersion[2]),
		starlark.String("final"), starlark.MakeInt(0))
}

func floatInfo() starlark.Value {
	return record("sys", "float_info",
		[]string{"max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds"},
		starlark.Float(math.MaxFloat64), starlark.MakeInt(1024), starlark.MakeInt(308),
		starlark.Float(0x1p-1022), starlark.MakeInt(-1021), starlark.MakeInt(-307),
		starlark.MakeInt(15), starlark.MakeInt(53), starlark.Float(0x1p-52), starlark.MakeInt(2), starlark.MakeInt(1))
}

// sizeOf estimates a value's own size: a header, and its elements' slots.
func sizeOf(v starlark.Value) int {
	const header, slot = 32, 16
	switch x := object.Unwrap(v).(type) {
	case starlark.String:
		return header + len(x)
	case starlark.Bytes:
		return header + len(x)
	case *starlark.Dict:
		return header + x.Len()*(4*slot)
	case starlark.Sequence:
		return header + x.Len()*slot
	}
	return header
}
