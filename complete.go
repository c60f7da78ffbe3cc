package mlxstar

import (
	"context"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Complete lists what the end of a text may go on to: whole words, sorted, and the length of
// the part that is there already. These are names and attributes, keyword arguments of a
// call that has begun, modules and their names in import statements, and in a string keys of a
// dict in whose brackets it stands, or else paths. Nothing runs for it but imports of
// modules that the library has, and what attributes compute.
func (rt *Runtime) Complete(text string) (words []string, typed int) {
	at := placeOf(text)
	_, _ = rt.run(context.Background(), func(thread *starlark.Thread) (starlark.Value, error) {
		words, typed = rt.complete(thread, at)
		return starlark.None, nil
	})
	slices.Sort(words)
	return slices.Compact(words), typed
}

// completion is what stands before a cursor.
type completion struct {
	inString bool
	text     string // the word, or the string, so far
	before   string // the statement before that
	call     string // the dotted name of the innermost function whose parentheses are open
}

// placeOf looks at the text before a cursor.
func placeOf(text string) completion {
	var open []int // where brackets were opened
	start, quote, from := 0, "", 0
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case quote != "":
			switch {
			case c == '\\':
				i++
			case strings.HasPrefix(text[i:], quote):
				i += len(quote) - 1
				quote = ""
			}
		case c == '"' || c == '\'':
			quote = text[i : i+1]
			if strings.HasPrefix(text[i:], strings.Repeat(quote, 3)) {
				quote = text[i : i+3]
			}
			i += len(quote) - 1
			from = i + 1
		case c == '#':
			if end := strings.IndexByte(text[i:], '\n'); end >= 0 {
				i += end - 1
			} else {
				return completion{inString: true, before: "#"} // nothing completes comments
			}
		case strings.IndexByte("([{", c) >= 0:
			open = append(open, i)
		case strings.IndexByte(")]}", c) >= 0 && len(open) > 0:
			open = open[:len(open)-1]
		case (c == '\n' || c == ';') && len(open) == 0:
			start = i + 1
		}
		i++
	}
	at := completion{inString: quote != ""}
	word := from
	if !at.inString {
		for word = len(text); word > start && isWord(text[word-1]); word-- {
		}
	}
	at.text, at.before = text[word:], strings.TrimSuffix(text[start:word], quote)
	if n := len(open); n > 0 && text[open[n-1]] == '(' {
		at.call = dotted.FindString(text[:open[n-1]])
	}
	return at
}

var (
	// dotted is a name with attributes, at the end of a text.
	dotted = regexp.MustCompile(`[A-Za-z_][\w.]*$`)
	// keyed is a bracket of a value of such a name.
	keyed = regexp.MustCompile(`([A-Za-z_][\w.]*)\[$`)
	// called is a call of one, whose arguments have no brackets of their own.
	called    = regexp.MustCompile(`([A-Za-z_][\w.]*)\([^()]*\)$`)
	importing = regexp.MustCompile(`^import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*$`)
	importOf  = regexp.MustCompile(`^from\s+([\w.]+)\s+import\s+\(?(?:\w+(?:\s+as\s+\w+)?\s*,\s*)*$`)
	fromOnly  = regexp.MustCompile(`^from\s+$`)
)

func (rt *Runtime) complete(thread *starlark.Thread, at completion) (words []string, typed int) {
	if at.inString {
		if m := keyed.FindStringSubmatch(at.before); m != nil {
			return matching(rt.keys(m[1]), at.text), len(at.text)
		}
		return rt.paths(at.text)
	}
	before := strings.TrimLeft(at.before, " \t")
	if importing.MatchString(before) || fromOnly.MatchString(before) {
		return rt.modules(at.text)
	}
	if m := importOf.FindStringSubmatch(before); m != nil {
		return matching(rt.importable(thread, m[1]), at.text), len(at.text)
	}
	path := strings.Split(at.text, ".")
	last := path[len(path)-1]
	var names []string
	switch {
	case len(path) > 1 && path[0] == "":
		names = rt.resultAttributes(strings.TrimRight(at.before, " "))
	case len(path) > 1:
		names = attributesOf(rt.valueAt(path[:len(path)-1]))
	default:
		names = append(append(rt.main.Names(), rt.globals.Keys()...), keywords...)
		if at.call != "" {
			names = append(names, rt.parametersOf(at.call)...)
		}
	}
	return matching(names, last), len(last)
}

// matching are the names that begin so; private ones only where an underscore is typed.
func matching(names []string, prefix string) (words []string) {
	for _, n := range names {
		if strings.HasPrefix(n, prefix) && (prefix != "" || !strings.HasPrefix(n, "_")) {
			words = append(words, n)
		}
	}
	return words
}

var keywords = strings.Fields("and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield")

func isWord(c byte) bool {
	return c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// valueAt is the value at a dotted path of attributes that are there without calling a
// function of the script, or nil.
func (rt *Runtime) valueAt(path []string) starlark.Value {
	v := rt.main.Get(path[0])
	if v == nil {
		v = rt.globals[path[0]]
	}
	for _, name := range path[1:] {
		h, ok := v.(starlark.HasAttrs)
		if !ok {
			return nil
		}
		v, _ = h.Attr(name)
	}
	return v
}

func attributesOf(v starlark.Value) []string {
	if v == nil {
		return nil
	}
	return object.AttrNames(v)
}

// resultAttributes are the attributes of a literal's value, or of what the call of a class
// makes, which the text before the dot ends with.
func (rt *Runtime) resultAttributes(text string) []string {
	if text == "" {
		return nil
	}
	switch text[len(text)-1] {
	case '"', '\'':
		return object.AttrNames(starlark.String(""))
	case ']':
		if open := strings.LastIndexByte(text, '['); open == 0 || open > 0 && !isWord(text[open-1]) && text[open-1] != ')' && text[open-1] != ']' {
			return object.AttrNames(starlark.NewList(nil))
		}
	case '}':
		return object.AttrNames(starlark.NewDict(0))
	case ')':
		if m := called.FindStringSubmatch(text); m != nil {
			if t, ok := rt.valueAt(strings.Split(m[1], ".")).(*object.Type); ok {
				return object.AttrNames(t)
			}
		}
	}
	return nil
}

// parametersOf are the keyword arguments of a function, with their equals sign.
func (rt *Runtime) parametersOf(name string) (names []string) {
	v := rt.valueAt(strings.Split(name, "."))
	if v == nil {
		return nil
	}
	ps, _ := object.ParametersOf(v)
	for _, p := range ps {
		if p.Kind == object.PositionalOrKeyword || p.Kind == object.KeywordOnly {
			names = append(names, p.Name+"=")
		}
	}
	return names
}

// keys are the keys of a dict that are strings.
func (rt *Runtime) keys(name string) (names []string) {
	m, ok := rt.valueAt(strings.Split(name, ".")).(starlark.IterableMapping)
	if !ok {
		return nil
	}
	for _, item := range m.Items() {
		if s, ok := starlark.AsString(item[0]); ok {
			names = append(names, s)
		}
	}
	return names
}

// paths are the files that a path may go on to, if it names a folder or is one that can
// only be meant so.
func (rt *Runtime) paths(text string) (words []string, typed int) {
	files := rt.opts.Files
	if files == nil || text == "" {
		return nil, 0
	}
	folder, prefix := filepath.Split(text)
	dir := folder
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(rt.opts.Dir, dir)
	}
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil, 0
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, prefix) || prefix == "" && strings.HasPrefix(name, ".") {
			continue
		}
		if info, err := files.Stat(filepath.Join(dir, name)); err == nil && info.IsDir() {
			name += "/"
		}
		words = append(words, name)
	}
	return words, len(prefix)
}

// modules are the modules that a dotted name may go on to.
func (rt *Runtime) modules(text string) (words []string, typed int) {
	at := strings.LastIndexByte(text, '.')
	if at >= 0 {
		return matching(append(rt.submodules(text[:at]), rt.filesOf(strings.ReplaceAll(text[:at], ".", "/"))...), text[at+1:]), len(text) - at - 1
	}
	return matching(append(append(rt.std.Names(), "mlx", "mlxstar"), rt.filesOf("")...), text), len(text)
}

// submodules are the modules of a package of the library, those included that the runtime
// provides itself.
func (rt *Runtime) submodules(name string) []string {
	switch names := rt.std.Submodules(name); name {
	case "mlx":
		return append(names, "core", "utils")
	case "mlxstar":
		return append(names, "memory")
	default:
		return names
	}
}

// filesOf are the modules in a folder of the prompt's.
func (rt *Runtime) filesOf(folder string) (names []string) {
	files := rt.opts.Files
	if files == nil {
		return nil
	}
	dir := filepath.Join(rt.opts.Dir, folder)
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name, script := strings.CutSuffix(e.Name(), ".py")
		if !script {
			if !e.IsDir() || !rt.isFile(filepath.Join(dir, name, "__init__.py")) {
				continue
			}
		}
		if !strings.ContainsAny(name, ".- ") {
			names = append(names, name)
		}
	}
	return names
}

func (rt *Runtime) isFile(path string) bool {
	info, err := rt.opts.Files.Stat(path)
	return err == nil && info.Mode()&fs.ModeType == 0
}

// importable are the names of a module of the library, and of others that were imported.
func (rt *Runtime) importable(thread *starlark.Thread, name string) []string {
	names := rt.submodules(name)
	for loaded, v := range rt.std.Loaded {
		if loaded == name {
			return append(names, object.AttrNames(v)...)
		}
	}
	if !rt.std.Has(name) {
		return names
	}
	v, err := rt.std.Import(thread, name)
	if err != nil {
		return names
	}
	return append(names, object.AttrNames(v)...)
}
