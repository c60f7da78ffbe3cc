package stdlib

import (
	"os"
	"path/filepath"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// The functions of os.path work on POSIX paths; where the system's own
// separator differs, forward slashes serve as well.

func makeOSPath(m *Modules) *native.Module {
	mod := native.NewModule("posixpath", "Common operations on Posix pathnames.")
	for name, v := range map[string]string{
		"sep": "/", "curdir": ".", "pardir": "..", "extsep": ".", "pathsep": ":", "defpath": "/bin:/usr/bin", "devnull": "/dev/null",
	} {
		mod.Members[name] = starlark.String(v)
	}
	mod.Members["altsep"] = starlark.None
	define(mod, pathTextFunctions, m.pathFileFunctions())
	return mod
}

// pathText is a function from a path to text.
func pathText(sig, doc string, f func(string) string) function {
	return function{sig, doc, func(c *call) (starlark.Value, error) { return starlark.String(f(c.Path(0))), nil }}
}

// pathPair is a function from a path to a pair.
func pathPair(sig, doc string, f func(string) (string, string)) function {
	return function{sig, doc, func(c *call) (starlark.Value, error) {
		a, b := f(c.Path(0))
		return starlark.Tuple{starlark.String(a), starlark.String(b)}, nil
	}}
}

var pathTextFunctions = []function{
	pathText("basename(p)", "Returns the final component of a pathname.", func(p string) string { _, b := splitPath(p); return b }),
	pathText("dirname(p)", "Returns the directory component of a pathname.", func(p string) string { d, _ := splitPath(p); return d }),
	pathText("normpath(path)", "Normalize path, eliminating double slashes, etc.", normPath),
	pathText("normcase(s)", "Normalize case of pathname.  Has no effect under Posix.", func(p string) string { return p }),
	pathPair("split(p)", "Split a pathname.  Returns tuple \"(head, tail)\".", splitPath),
	pathPair("splitext(p)", "Split the extension from a pathname.", splitExt),
	pathPair("splitdrive(p)", "Split a pathname into drive and path. On Posix, drive is always empty.", func(p string) (string, string) { return "", p }),
	{"isabs(s)", "Test whether a path is absolute.", func(c *call) (starlark.Value, error) {
		return starlark.Bool(strings.HasPrefix(c.Path(0), "/")), nil
	}},
	{"join(a, *p)", "Join two or more pathname components, inserting '/' as needed.", func(c *call) (starlark.Value, error) {
		parts := []string{c.Path(0)}
		for _, v := range c.Rest {
			parts = append(parts, c.ToPath(v))
		}
		return starlark.String(joinPath(parts...)), nil
	}},
	{"commonprefix(m)", "Given a list of pathnames, returns the longest common leading component.", func(c *call) (starlark.Value, error) {
		return starlark.String(commonPrefix(pathArgs(c, 0))), nil
	}},
	{"commonpath(paths)", "Given a sequence of path names, returns the longest common sub-path.", commonPath},
}

func pathArgs(c *call, i int) []string {
	var out []string
	for _, v := range c.Items(i) {
		out = append(out, c.ToPath(v))
	}
	return out
}

// splitPath divides before the last component; the head keeps no slash at its
// end unless it is the root.
func splitPath(p string) (head, tail string) {
	i := strings.LastIndexByte(p, '/') + 1
	head, tail = p[:i], p[i:]
	if trimmed := strings.TrimRight(head, "/"); trimmed != "" {
		head = trimmed
	}
	return head, tail
}

func splitExt(p string) (root, ext string) {
	base := strings.LastIndexByte(p, '/') + 1
	dot := strings.LastIndexByte(p, '.')
	if dot <= base || strings.Trim(p[base:dot], ".") == "" {
		return p, ""
	}
	return p[:dot], p[dot:]
}

func joinPath(parts ...string) string {
	out := parts[0]
	for _, p := range parts[1:] {
		switch {
		case strings.HasPrefix(p, "/"):
			out = p
		case out == "" || strings.HasSuffix(out, "/"):
			out += p
		default:
			out += "/" + p
		}
	}
	return out
}

func normPath(p string) string {
	if p == "" {
		return "."
	}
	// Two slashes at the start, and no more, are kept: POSIX leaves their meaning open.
	root := ""
	if strings.HasPrefix(p, "/") {
		root = "/"
		if strings.HasPrefix(p, "//") && !strings.HasPrefix(p, "///") {
			root = "//"
		}
	}
	var out []string
	for _, part := range strings.Split(p, "/") {
		switch {
		case part == "" || part == ".":
		case part != ".." || root == "" && (len(out) == 0 || out[len(out)-1] == ".."):
			out = append(out, part)
		case len(out) > 0:
			out = out[:len(out)-1]
		}
	}
	if p := root + strings.Join(out, "/"); p != "" {
		return p
	}
	return "."
}

func commonPrefix(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	first := paths[0]
	for _, p := range paths[1:] {
		i := 0
		for i < len(first) && i < len(p) && first[i] == p[i] {
			i++
		}
		first = first[:i]
	}
	return first
}

func commonPath(c *call) (starlark.Value, error) {
	paths := pathArgs(c, 0)
	if c.Err != nil {
		return nil, c.Err
	}
	if len(paths) == 0 {
		return nil, object.Errorf(object.ValueError, "commonpath() arg is an empty sequence")
	}
	abs := strings.HasPrefix(paths[0], "/")
	var common []string
	for i, p := range paths {
		if strings.HasPrefix(p, "/") != abs {
			return nil, object.Errorf(object.ValueError, "Can't mix absolute and relative paths")
		}
		var parts []string
		for _, part := range strings.Split(p, "/") {
			if part != "" && part != "." {
				parts = append(parts, part)
			}
		}
		if i == 0 {
			common = parts
			continue
		}
		n := 0
		for n < len(common) && n < len(parts) && common[n] == parts[n] {
			n++
		}
		common = common[:n]
	}
	out := strings.Join(common, "/")
	if abs {
		out = "/" + out
	}
	return starlark.String(out), nil
}

// directory is the runtime's working directory.
func (m *Modules) directory() (string, error) {
	if m.env.Dir != "" {
		return m.env.Dir, nil
	}
	if m.env.Files == nil {
		return "/", nil
	}
	d, err := os.Getwd()
	return d, osError(err)
}

func (m *Modules) absolute(p string) (string, error) {
	if strings.HasPrefix(p, "/") || filepath.IsAbs(p) {
		return normPath(p), nil
	}
	dir, err := m.directory()
	return normPath(joinPath(dir, p)), err
}

func (m *Modules) pathFileFunctions() []function {
	test := func(sig, doc string, f func(p string) bool) function {
		return function{sig, doc, func(c *call) (starlark.Value, error) {
			p := c.Path(0)
			if c.Err != nil {
				return nil, c.Err
			}
			return starlark.Bool(f(m.env.Resolve(p))), nil
		}}
	}
	mode := func(want os.FileMode, any bool, stat func(string) (os.FileInfo, error)) func(string) bool {
		return func(p string) bool {
			info, err := stat(p)
			return err == nil && (any || info.Mode()&os.ModeType == want)
		}
	}
	stat := func(p string) (os.FileInfo, error) { return m.files().Stat(p) }
	lstat := func(p string) (os.FileInfo, error) { return m.files().Lstat(p) }
	return []function{
		test("exists(path)", "Test whether a path exists.  Returns False for broken symbolic links.", mode(0, true, stat)),
		test("lexists(path)", "Test whether a path exists.  Returns True for broken symbolic links.", mode(0, true, lstat)),
		test("isfile(path)", "Test whether a path is a regular file.", mode(0, false, stat)),
		test("isdir(s)", "Return true if the pathname refers to an existing directory.", mode(os.ModeDir, false, stat)),
		test("islink(path)", "Test whether a path is a symbolic link.", mode(os.ModeSymlink, false, lstat)),
		{"abspath(path)", "Return an absolute path.", func(c *call) (starlark.Value, error) {
			p, err := m.absolute(c.Path(0))
			return starlark.String(p), err
		}},
		{"realpath(filename, *, strict=False)", "Return the canonical path, eliminating any symbolic links encountered in the path.", m.realPath},
		{"relpath(path, start=None)", "Return a relative version of a path.", m.relPath},
		{"expanduser(path)", "Expand ~ constructions.", func(c *call) (starlark.Value, error) {
			p := c.Path(0)
			if home := m.env.Variables["HOME"]; home != "" && (p == "~" || strings.HasPrefix(p, "~/")) {
				p = strings.TrimRight(home, "/") + p[1:]
			}
			return starlark.String(p), nil
		}},
		{"expandvars(path)", "Expand shell variables of form $var and ${var}.  Unknown variables are left unchanged.", func(c *call) (starlark.Value, error) {
			return starlark.String(expandVariables(c.Path(0), m.variable)), nil
		}},
		{"getsize(filename)", "Return the size of a file, reported by os.stat().", func(c *call) (starlark.Value, error) {
			info, err := m.stat(c)
			if err != nil {
				return nil, err
			}
			return starlark.MakeInt64(info.Size()), nil
		}},
		{"getmtime(filename)", "Return the last modification time of a file, reported by os.stat().", func(c *call) (starlark.Value, error) {
			info, err := m.stat(c)
			if err != nil {
				return nil, err
			}
			return starlark.Float(float64(info.ModTime().UnixNano()) / 1e9), nil
		}},
		{"samefile(f1, f2)", "Test whether two pathnames reference the same actual file.", func(c *call) (starlark.Value, error) {
			a, b := c.Path(0), c.Path(1)
			if c.Err != nil {
				return nil, c.Err
			}
			x, err := stat(m.env.Resolve(a))
			if err != nil {
				return nil, osError(err, a)
			}
			y, err := stat(m.env.Resolve(b))
			if err != nil {
				return nil, osError(err, b)
			}
			return starlark.Bool(os.SameFile(x, y)), nil
		}},
	}
}

// stat describes the file that argument 0 names.
func (m *Modules) stat(c *call) (os.FileInfo, error) {
	p := c.Path(0)
	if c.Err != nil {
		return nil, c.Err
	}
	info, err := m.files().Stat(m.env.Resolve(p))
	return info, osError(err, p)
}

func (m *Modules) realPath(c *call) (starlark.Value, error) {
	given := c.Path(0)
	p, err := m.absolute(given)
	if err != nil || c.Err != nil {
		return nil, err
	}
	// What does not exist stays as it is, below what does.
	rest := ""
	for head := p; ; {
		real, err := m.files().RealPath(head)
		if err == nil {
			return starlark.String(strings.TrimSuffix(joinPath(real, rest), "/")), nil
		}
		if c.BoolOr(1, false) {
			return nil, osError(err, given)
		}
		up, tail := splitPath(head)
		if up == head || tail == "" {
			return starlark.String(p), nil
		}
		rest = strings.TrimSuffix(joinPath(tail, rest), "/")
		head = up
	}
}

func (m *Modules) relPath(c *call) (starlark.Value, error) {
	p, start := c.Path(0), "."
	if c.Given(1) {
		start = c.Path(1)
	}
	if c.Err != nil {
		return nil, c.Err
	}
	if p == "" {
		return nil, object.Errorf(object.ValueError, "no path specified")
	}
	to, err := m.absolute(p)
	if err != nil {
		return nil, err
	}
	from, err := m.absolute(start)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return nil, object.Errorf(object.ValueError, "%s", err)
	}
	return starlark.String(filepath.ToSlash(rel)), nil
}

// variable looks an environment variable up as the script sees it.
func (m *Modules) variable(name string) (string, bool) {
	v, found, _ := m.environ.Get(starlark.String(name))
	s, ok := starlark.AsString(v)
	return s, found && ok
}

func expandVariables(s string, get func(string) (string, bool)) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '$' {
			out.WriteByte(s[i])
			continue
		}
		name, end := variableAt(s, i+1)
		v, ok := get(name)
		if name == "" || !ok {
			out.WriteByte('$')
			continue
		}
		out.WriteString(v)
		i = end - 1
	}
	return out.String()
}

// variableAt reads the name, or the name in braces, at i, and gives where it ends.
func variableAt(s string, i int) (name string, end int) {
	if i < len(s) && s[i] == '{' {
		if j := strings.IndexByte(s[i:], '}'); j > 0 {
			return s[i+1 : i+j], i + j + 1
		}
		return "", i
	}
	j := i
	for j < len(s) && (s[j] == '_' || s[j] >= '0' && s[j] <= '9' || s[j]|0x20 >= 'a' && s[j]|0x20 <= 'z') {
		j++
	}
	return s[i:j], j
}
