package stdlib

import (
	"io/fs"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// dirEntry is what os.scandir yields.
type dirEntry struct {
	m     *Modules
	entry fs.DirEntry
	path  string
}

var (
	_ starlark.HasAttrs = (*dirEntry)(nil)
	_ object.HasType    = (*dirEntry)(nil)
)

var dirEntryType = object.NewGoType("os", "DirEntry", "An entry of a directory.", nil)

func init() {
	follow := "(*, follow_symlinks=True)"
	test := func(want fs.FileMode) func(d *dirEntry, c *call) (starlark.Value, error) {
		return func(d *dirEntry, c *call) (starlark.Value, error) {
			info, err := d.info(c.BoolOr(0, true))
			return starlark.Bool(err == nil && info.Mode()&fs.ModeType == want), nil
		}
	}
	defineMethods(dirEntryType, []method[*dirEntry]{
		{"is_dir" + follow, "Return True if the entry is a directory.", test(fs.ModeDir)},
		{"is_file" + follow, "Return True if the entry is a file.", test(0)},
		{"is_symlink()", "Return True if the entry is a symbolic link.", func(d *dirEntry, _ *call) (starlark.Value, error) {
			return starlark.Bool(d.entry.Type()&fs.ModeSymlink != 0), nil
		}},
		{"stat" + follow, "Return stat_result object for the entry.", func(d *dirEntry, c *call) (starlark.Value, error) {
			info, err := d.info(c.BoolOr(0, true))
			return d.m.statResult(info, osError(err, d.path))
		}},
		{"__fspath__()", "Return the path of the entry.", func(d *dirEntry, _ *call) (starlark.Value, error) { return starlark.String(d.path), nil }},
	})
}

func (d *dirEntry) info(follow bool) (fs.FileInfo, error) {
	if follow {
		return d.m.files().Stat(d.m.env.Resolve(d.path))
	}
	return d.entry.Info()
}

func (d *dirEntry) String() string {
	return "<DirEntry " + starlark.String(d.entry.Name()).String() + ">"
}
func (d *dirEntry) Type() string          { return "DirEntry" }
func (d *dirEntry) Freeze()               {}
func (d *dirEntry) Truth() starlark.Bool  { return true }
func (d *dirEntry) Hash() (uint32, error) { return starlark.String(d.path).Hash() }
func (d *dirEntry) PyType() *object.Type  { return dirEntryType }
func (d *dirEntry) AttrNames() []string   { return []string{"name", "path"} }

// Attr gives name and path.
func (d *dirEntry) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(d.entry.Name()), nil
	case "path":
		return starlark.String(d.path), nil
	}
	return nil, nil
}

func (m *Modules) scandir(c *call) (starlark.Value, error) {
	p := "."
	if c.Given(0) {
		p = c.Path(0)
	}
	entries, err := m.entries(c)
	if err != nil {
		return nil, err
	}
	found := make([]starlark.Value, len(entries))
	for i, e := range entries {
		found[i] = &dirEntry{m, e, joinPath(p, e.Name())}
	}
	return &scan{entries: found}, nil
}

// scan is the iterator of os.scandir, which is also a context manager.
type scan struct {
	entries []starlark.Value
}

var (
	_ object.HasNext = (*scan)(nil)
	_ object.HasIter = (*scan)(nil)
	_ object.HasType = (*scan)(nil)
)

var scanType = object.NewGoType("posix", "ScandirIterator", "The entries of a directory.", nil)

func init() {
	defineMethods(scanType, []method[*scan]{
		{"close()", "Close the iterator.", func(s *scan, _ *call) (starlark.Value, error) { s.entries = nil; return nil, nil }},
		{"__enter__()", "", func(s *scan, _ *call) (starlark.Value, error) { return s, nil }},
		{"__exit__(*exc)", "", func(s *scan, _ *call) (starlark.Value, error) { s.entries = nil; return nil, nil }},
	})
}

func (s *scan) String() string       { return "<posix.ScandirIterator object>" }
func (s *scan) Type() string         { return "ScandirIterator" }
func (s *scan) Freeze()              {}
func (s *scan) Truth() starlark.Bool { return true }
func (s *scan) Hash() (uint32, error) {
	return 0, object.Errorf(object.TypeError, "unhashable type: 'ScandirIterator'")
}
func (s *scan) PyType() *object.Type { return scanType }

// NextValue is the next entry.
func (s *scan) NextValue(*starlark.Thread) (starlark.Value, bool, error) {
	if len(s.entries) == 0 {
		return nil, false, nil
	}
	v := s.entries[0]
	s.entries = s.entries[1:]
	return v, true, nil
}

// Iter gives the iterator itself.
func (s *scan) Iter(*starlark.Thread) (object.Iterator, error) { return held{s}, nil }

// held steps an iterator that a script holds too.
type held struct{ object.HasNext }

func (h held) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	return h.NextValue(thread)
}
func (held) Close() {}

// walk yields the directories of a tree. Top down, what the script removes from
// the list of names is not descended into.
func (m *Modules) walk(c *call) (starlark.Value, error) {
	w := &walker{m: m, topDown: c.BoolOr(1, true), follow: c.BoolOr(3, false), todo: []*level{{path: c.Path(0)}}}
	if c.Given(2) {
		w.onError = c.Arg(2)
	}
	return object.NewIterator("generator", w), c.Err
}

// level is a directory of a walk: still to be listed, or listed and waiting for
// what lies below it.
type level struct {
	path   string
	listed starlark.Tuple
	dirs   *starlark.List
}

type walker struct {
	m               *Modules
	topDown, follow bool
	onError         starlark.Value
	todo            []*level
}

func (w *walker) Close() { w.todo = nil }

func (w *walker) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	for len(w.todo) > 0 {
		last := len(w.todo) - 1
		at := w.todo[last]
		if at.listed != nil {
			w.todo = w.todo[:last]
			if w.topDown {
				if err := w.descend(thread, at); err != nil {
					return nil, false, err
				}
				continue
			}
			return at.listed, true, nil
		}
		if err := w.list(thread, at); err != nil {
			return nil, false, err
		}
		switch {
		case at.listed == nil:
			w.todo = w.todo[:last]
		case w.topDown:
			return at.listed, true, nil
		default:
			if err := w.descend(thread, at); err != nil {
				return nil, false, err
			}
		}
	}
	return nil, false, nil
}

// list lists a directory; one that cannot be read is skipped, or reported to onerror.
func (w *walker) list(thread *starlark.Thread, at *level) error {
	entries, err := w.m.files().ReadDir(w.m.env.Resolve(at.path))
	if err != nil {
		if w.onError == nil {
			return nil
		}
		e := object.AsException(osError(err, at.path))
		_, err := object.Call(thread, w.onError, starlark.Tuple{e}, nil)
		return err
	}
	var dirs, files []starlark.Value
	for _, e := range sortedEntries(entries) {
		name := starlark.String(e.Name())
		if info, err := (&dirEntry{w.m, e, joinPath(at.path, e.Name())}).info(true); err == nil && info.IsDir() {
			dirs = append(dirs, name)
		} else {
			files = append(files, name)
		}
	}
	at.dirs = list(dirs)
	at.listed = starlark.Tuple{starlark.String(at.path), at.dirs, list(files)}
	return nil
}

func (w *walker) descend(thread *starlark.Thread, at *level) error {
	names, err := object.Collect(thread, at.dirs)
	if err != nil {
		return err
	}
	for i := len(names) - 1; i >= 0; i-- {
		name, _ := object.AsString(names[i])
		p := joinPath(at.path, name)
		if info, err := w.m.files().Lstat(w.m.env.Resolve(p)); err == nil && info.Mode()&fs.ModeSymlink != 0 && !w.follow {
			continue
		}
		w.todo = append(w.todo, &level{path: p})
	}
	return nil
}
