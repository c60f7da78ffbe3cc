package stdlib

import (
	"cmp"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeOS(m *Modules) *native.Module {
	mod := native.NewModule("os", "OS routines: files and directories, environment variables, the process.")
	path := makeOSPath(m)
	m.register("os.path", path)
	m.register("posixpath", path)
	for _, name := range []string{"sep", "curdir", "pardir", "extsep", "pathsep", "altsep", "devnull", "defpath"} {
		mod.Members[name] = path.Members[name]
	}
	terminalSize, err := recordClass("os", "terminal_size", "columns", "lines")
	if err != nil {
		panic("stdlib: terminal_size: " + err.Error()) // the definition is constant
	}
	mod.Members["terminal_size"] = terminalSize
	name := "posix"
	if runtime.GOOS == "windows" {
		name = "nt"
	}
	for key, v := range map[string]starlark.Value{
		"path": path, "name": starlark.String(name), "linesep": starlark.String("\n"), "environ": m.environ,
		"error": object.OSError, "F_OK": starlark.MakeInt(0), "R_OK": starlark.MakeInt(4),
		"W_OK": starlark.MakeInt(2), "X_OK": starlark.MakeInt(1),
	} {
		mod.Members[key] = v
	}
	define(mod, m.directoryFunctions(), m.fileFunctions(), m.processFunctions())
	mod.Late = []string{"PathLike", "fdopen"}
	mod.Missing = func(thread *starlark.Thread, name string) (starlark.Value, error) {
		if !slices.Contains(mod.Late, name) {
			return nil, nil
		}
		late, err := m.Import(thread, "_osfiles")
		if err != nil {
			return nil, err
		}
		v, err := object.GetAttr(thread, late, name)
		if err == nil {
			mod.Members[name] = v
		}
		return v, err
	}
	return mod
}

// onPath is a function that acts on the path in argument 0.
func (m *Modules) onPath(sig, doc string, act func(files FileSystem, p string) error) function {
	return function{sig, doc, func(c *call) (starlark.Value, error) {
		p := c.Path(0)
		if c.Err != nil {
			return nil, c.Err
		}
		return nil, osError(act(m.files(), m.env.Resolve(p)), p)
	}}
}

func (m *Modules) directoryFunctions() []function {
	return []function{
		{"getcwd()", "Return a unicode string representing the current working directory.", func(*call) (starlark.Value, error) {
			d, err := m.directory()
			return starlark.String(d), err
		}},
		{"chdir(path)", "Change the current working directory of the runtime to the specified path.", func(c *call) (starlark.Value, error) {
			given := c.Path(0)
			info, err := m.stat(c)
			if err != nil {
				return nil, err
			}
			if !info.IsDir() {
				return nil, osErrorNumber(20, given)
			}
			m.env.Dir, err = m.absolute(given)
			return nil, err
		}},
		{"listdir(path='.')", "Return a list containing the names of the files in the directory.", func(c *call) (starlark.Value, error) {
			entries, err := m.entries(c)
			if err != nil {
				return nil, err
			}
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			return stringList(names), nil
		}},
		{"scandir(path='.')", "Return an iterator of DirEntry objects for given path.", m.scandir},
		{"walk(top, topdown=True, onerror=None, followlinks=False)", "Directory tree generator: yields (dirpath, dirnames, filenames).", m.walk},
		{"mkdir(path, mode=511)", "Create a directory.", func(c *call) (starlark.Value, error) {
			p, mode := c.Path(0), c.IntOr(1, 0o777)
			if c.Err != nil {
				return nil, c.Err
			}
			return nil, osError(m.files().Mkdir(m.env.Resolve(p), fs.FileMode(mode)), p)
		}},
		{"makedirs(name, mode=511, exist_ok=False)", "Create a leaf directory and all intermediate ones.", func(c *call) (starlark.Value, error) {
			p, mode, ok := c.Path(0), c.IntOr(1, 0o777), c.BoolOr(2, false)
			if c.Err != nil {
				return nil, c.Err
			}
			return nil, m.makeDirs(p, fs.FileMode(mode), ok)
		}},
		m.onPath("rmdir(path)", "Remove a directory.", func(f FileSystem, p string) error {
			info, err := f.Lstat(p)
			if err == nil && !info.IsDir() {
				return osErrorNumber(20, p)
			}
			return f.Remove(p)
		}),
		{"removedirs(name)", "Remove a leaf directory and all empty intermediate ones.", func(c *call) (starlark.Value, error) {
			p := c.Path(0)
			if c.Err != nil {
				return nil, c.Err
			}
			if err := m.files().Remove(m.env.Resolve(p)); err != nil {
				return nil, osError(err, p)
			}
			for up, _ := splitPath(p); up != "" && up != "/"; up, _ = splitPath(up) {
				if m.files().Remove(m.env.Resolve(up)) != nil {
					break
				}
			}
			return nil, nil
		}},
	}
}

func (m *Modules) entries(c *call) ([]fs.DirEntry, error) {
	p := "."
	if c.Given(0) {
		p = c.Path(0)
	}
	if c.Err != nil {
		return nil, c.Err
	}
	entries, err := m.files().ReadDir(m.env.Resolve(p))
	return entries, osError(err, p)
}

func (m *Modules) makeDirs(p string, mode fs.FileMode, existOK bool) error {
	head, tail := splitPath(p)
	if tail == "" {
		head, _ = splitPath(head)
	}
	if head != "" && head != p {
		if _, err := m.files().Stat(m.env.Resolve(head)); err != nil {
			if err := m.makeDirs(head, mode, true); err != nil {
				return err
			}
		}
	}
	err := m.files().Mkdir(m.env.Resolve(p), mode)
	if err == nil {
		return nil
	}
	if existOK {
		if info, statErr := m.files().Stat(m.env.Resolve(p)); statErr == nil && info.IsDir() {
			return nil
		}
	}
	return osError(err, p)
}

func (m *Modules) fileFunctions() []function {
	remove := func(f FileSystem, p string) error {
		info, err := f.Lstat(p)
		if err == nil && info.IsDir() {
			return osErrorNumber(21, p)
		}
		return f.Remove(p)
	}
	rename := func(c *call) (starlark.Value, error) {
		from, to := c.Path(0), c.Path(1)
		if c.Err != nil {
			return nil, c.Err
		}
		if err := m.files().Rename(m.env.Resolve(from), m.env.Resolve(to)); err != nil {
			return nil, osError(err, from, to)
		}
		return nil, nil
	}
	return []function{
		m.onPath("remove(path)", "Remove a file.", remove),
		m.onPath("unlink(path)", "Remove a file.", remove),
		{"rename(src, dst)", "Rename a file or directory.", rename},
		{"replace(src, dst)", "Rename a file or directory, overwriting the destination.", rename},
		{"symlink(src, dst)", "Create a symbolic link pointing to src named dst.", func(c *call) (starlark.Value, error) {
			target, p := c.Path(0), c.Path(1)
			if c.Err != nil {
				return nil, c.Err
			}
			if err := m.files().Symlink(target, m.env.Resolve(p)); err != nil {
				return nil, osError(err, target, p)
			}
			return nil, nil
		}},
		{"readlink(path)", "Return the path to which the symbolic link points.", func(c *call) (starlark.Value, error) {
			p := c.Path(0)
			if c.Err != nil {
				return nil, c.Err
			}
			to, err := m.files().Readlink(m.env.Resolve(p))
			return starlark.String(to), osError(err, p)
		}},
		{"chmod(path, mode)", "Change the access permissions of a file.", func(c *call) (starlark.Value, error) {
			p, mode := c.Path(0), c.Int(1)
			if c.Err != nil {
				return nil, c.Err
			}
			return nil, osError(m.files().Chmod(m.env.Resolve(p), fs.FileMode(mode)), p)
		}},
		{"utime(path, times=None)", "Set the access and modified time of path.", m.utime},
		{"access(path, mode)", "Test for access to a path, by its permission bits.", func(c *call) (starlark.Value, error) {
			p, mode := c.Path(0), c.Int(1)
			if c.Err != nil {
				return nil, c.Err
			}
			info, err := m.files().Stat(m.env.Resolve(p))
			return starlark.Bool(err == nil && (mode == 0 || int(info.Mode().Perm())>>6&mode == mode)), nil
		}},
		{"stat(path, *, follow_symlinks=True)", "Perform a stat system call on the given path.", func(c *call) (starlark.Value, error) {
			p, follow := c.Path(0), c.BoolOr(1, true)
			if c.Err != nil {
				return nil, c.Err
			}
			if !follow {
				info, err := m.files().Lstat(m.env.Resolve(p))
				return m.statResult(info, osError(err, p))
			}
			return m.statResult(m.stat(c))
		}},
		{"lstat(path)", "Like stat, but do not follow symbolic links.", func(c *call) (starlark.Value, error) {
			p := c.Path(0)
			if c.Err != nil {
				return nil, c.Err
			}
			info, err := m.files().Lstat(m.env.Resolve(p))
			return m.statResult(info, osError(err, p))
		}},
		{"fspath(path)", "Return the file system path representation of the object.", func(c *call) (starlark.Value, error) {
			return starlark.String(c.Path(0)), nil
		}},
	}
}

func (m *Modules) utime(c *call) (starlark.Value, error) {
	p := c.Path(0)
	if c.Err != nil {
		return nil, c.Err
	}
	access := m.env.clock().Now()
	change := access
	if c.Given(1) {
		pair := c.Items(1)
		if c.Err == nil && len(pair) != 2 {
			return nil, object.Errorf(object.TypeError, "utime: 'times' must be either a tuple of two ints or None")
		}
		if c.Err != nil {
			return nil, c.Err
		}
		access, change = secondsToTime(c.ToFloat(pair[0])), secondsToTime(c.ToFloat(pair[1]))
	}
	if c.Err != nil {
		return nil, c.Err
	}
	return nil, osError(m.files().Chtimes(m.env.Resolve(p), access, change), p)
}

func (m *Modules) statResult(info fs.FileInfo, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	when := info.ModTime()
	seconds, exact := starlark.MakeInt64(when.Unix()), starlark.Float(float64(when.UnixNano())/1e9)
	if m.statType == nil {
		m.statType, err = recordClass("os", "stat_result", "st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size",
			"st_atime_s", "st_mtime_s", "st_ctime_s", "st_atime", "st_mtime", "st_ctime", "st_mtime_ns")
		if err != nil {
			return nil, err
		}
	}
	zero := starlark.MakeInt(0)
	return newRecord(m.statType, starlark.MakeInt(unixMode(info.Mode())), zero, zero, starlark.MakeInt(1), zero, zero,
		starlark.MakeInt64(info.Size()), seconds, seconds, seconds, exact, exact, exact, starlark.MakeInt64(when.UnixNano()))
}

// unixMode gives the mode its bits of the C interface.
func unixMode(mode fs.FileMode) int {
	kind := 0o100000
	switch {
	case mode&fs.ModeDir != 0:
		kind = 0o040000
	case mode&fs.ModeSymlink != 0:
		kind = 0o120000
	case mode&fs.ModeNamedPipe != 0:
		kind = 0o010000
	case mode&fs.ModeSocket != 0:
		kind = 0o140000
	case mode&fs.ModeCharDevice != 0:
		kind = 0o020000
	case mode&fs.ModeDevice != 0:
		kind = 0o060000
	}
	return kind | int(mode.Perm())
}

func (m *Modules) processFunctions() []function {
	return []function{
		{"getenv(key, default=None)", "Get an environment variable, return None if it doesn't exist.", func(c *call) (starlark.Value, error) {
			v, found, err := object.DictGet(c.Thread, m.environ, c.Arg(0))
			if err != nil || found {
				return v, err
			}
			return c.ValueOr(1, starlark.None), nil
		}},
		{"putenv(name, value, /)", "Change or add an environment variable.", func(c *call) (starlark.Value, error) {
			return nil, m.environ.SetKey(starlark.String(c.Str(0)), starlark.String(c.Str(1)))
		}},
		{"unsetenv(name, /)", "Delete an environment variable.", func(c *call) (starlark.Value, error) {
			_, _, err := m.environ.Delete(starlark.String(c.Str(0)))
			return nil, err
		}},
		{"_tempdir()", "The file system's directory for temporary files.", func(*call) (starlark.Value, error) {
			return starlark.String(m.files().TempDir()), nil
		}},
		{"getpid()", "Return the current process id.", func(*call) (starlark.Value, error) { return starlark.MakeInt(cmp.Or(m.env.PID, os.Getpid())), nil }},
		{"getuid()", "Return the number of the user, 0 where the host does not tell.", func(*call) (starlark.Value, error) { return m.userID(os.Getuid), nil }},
		{"geteuid()", "Return the number of the user whose rights the process has, 0 where the host does not tell.", func(*call) (starlark.Value, error) { return m.userID(os.Geteuid), nil }},
		{"getgid()", "Return the number of the group, 0 where the host does not tell.", func(*call) (starlark.Value, error) { return m.userID(os.Getgid), nil }},
		{"getegid()", "Return the number of the group whose rights the process has, 0 where the host does not tell.", func(*call) (starlark.Value, error) { return m.userID(os.Getegid), nil }},
		{"cpu_count()", "Return the number of CPUs in the system.", func(*call) (starlark.Value, error) {
			return starlark.MakeInt(cmp.Or(m.env.CPUs, runtime.NumCPU())), nil
		}},
		{"urandom(size, /)", "Return a bytes object containing random bytes.", func(c *call) (starlark.Value, error) {
			n := c.Int(0)
			if c.Err != nil || n < 0 {
				return nil, object.Errorf(object.ValueError, "negative argument not allowed")
			}
			if err := object.Grow(c.Thread, 2*int64(n)); err != nil {
				return nil, err
			}
			b, err := m.entropy(n)
			return starlark.Bytes(b), err
		}},
		{"strerror(code, /)", "Translate an error code to a message string.", func(c *call) (starlark.Value, error) {
			n := c.Int(0)
			for _, row := range errnos {
				if row.number == n && row.match != (errDenied{}) {
					return starlark.String(row.text), nil
				}
			}
			return starlark.String("Unknown error " + starlark.MakeInt(n).String()), nil
		}},
		{"get_terminal_size(fd=1, /)", "Return the size of the terminal, by the variables COLUMNS and LINES where they are set.", func(c *call) (starlark.Value, error) {
			return m.terminalSize(c)
		}},
	}
}

func (m *Modules) terminalSize(c *call) (starlark.Value, error) {
	size := []starlark.Value{starlark.MakeInt(80), starlark.MakeInt(24)}
	if fd := c.IntOr(0, 1); c.Err != nil {
		return nil, c.Err
	} else if !m.env.Terminal || fd < 0 || fd > 2 {
		return nil, object.NewException(object.OSError, starlark.MakeInt(25), starlark.String("Inappropriate ioctl for device"))
	}
	for i, name := range []string{"COLUMNS", "LINES"} {
		if v, ok := m.variable(name); ok {
			if n, err := object.Call(c.Thread, object.IntType, starlark.Tuple{starlark.String(v)}, nil); err == nil {
				size[i] = n
			}
		}
	}
	class, err := object.GetAttr(c.Thread, m.registered("os"), "terminal_size")
	if err != nil {
		return nil, err
	}
	return object.Call(c.Thread, class, starlark.Tuple{starlark.Tuple(size)}, nil)
}

func secondsToTime(s float64) time.Time {
	whole := int64(s)
	return time.Unix(whole, int64((s-float64(whole))*1e9))
}

// sortedEntries lists a directory by name, so that walks are the same everywhere.
func sortedEntries(entries []fs.DirEntry) []fs.DirEntry {
	slices.SortFunc(entries, func(a, b fs.DirEntry) int {
		if a.Name() < b.Name() {
			return -1
		}
		return 1
	})
	return entries
}

// userID is a number of the user's, 0 for a runtime that is told nothing of its process.
func (m *Modules) userID(of func() int) starlark.Value {
	if m.env.PID != 0 {
		return starlark.MakeInt(0)
	}
	return starlark.MakeInt(max(of(), 0)) // Windows has none
}
