package stdlib

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// archive is a ZIP file on the path, a wheel among them, that modules are read from.
type archive struct {
	path    string
	file    File
	members map[string]*zip.File
	folders map[string]bool
}

// maxMember bounds what a member of an archive may unpack to, in bytes.
const maxMember = 64 << 20

// archiveOf gives the archive that a path leads into, and the rest of the path with
// slashes; nil where it leads into none.
func (m *Modules) archiveOf(path string) (a *archive, inner string) {
	for dir := path; ; {
		if a := m.archives[dir]; a != nil {
			return a, filepath.ToSlash(strings.Trim(path[len(dir):], `/\`))
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil, ""
		}
		dir = parent
	}
}

// archivePlace is a path that is no folder as a place to look for modules: an archive, or
// a folder in one.
func (m *Modules) archivePlace(path string) *location {
	a, inner := m.archiveOf(path)
	for file := path; a == nil; file = filepath.Dir(file) {
		info, err := m.env.Files.Stat(file)
		switch {
		case err == nil && info.Mode().IsRegular():
			if a = m.openArchive(file); a == nil {
				return nil
			}
			_, inner = m.archiveOf(path)
		case err == nil || filepath.Dir(file) == file:
			return nil
		}
	}
	if inner != "" && !a.folders[inner] {
		return nil
	}
	within := func(path string) string {
		return filepath.ToSlash(strings.Trim(strings.TrimPrefix(path, a.path), `/\`))
	}
	return &location{library: m, path: path, zipped: true,
		read: func(path string) ([]byte, error) { return a.read(within(path)) },
		exists: func(path string) (bool, bool) {
			name := within(path)
			return a.folders[name], a.folders[name] || a.members[name] != nil
		},
		list: func() []string { return a.list(inner) },
	}
}

// openArchive reads the directory of a ZIP file; what is none gives nil.
func (m *Modules) openArchive(path string) *archive {
	f, err := m.env.Files.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil
	}
	size, err := f.Seek(0, io.SeekEnd)
	var r *zip.Reader
	if err == nil {
		r, err = zip.NewReader(seekReaderAt{f}, size)
	}
	if err != nil {
		_ = f.Close() // it was only read
		return nil
	}
	a := &archive{path: path, file: f, members: map[string]*zip.File{}, folders: map[string]bool{"": true}}
	for _, member := range r.File {
		name := strings.TrimSuffix(member.Name, "/")
		if name == member.Name {
			a.members[name] = member
		} else {
			a.folders[name] = true
		}
		for i := strings.LastIndexByte(name, '/'); i > 0 && !a.folders[name[:i]]; i = strings.LastIndexByte(name[:i], '/') {
			a.folders[name[:i]] = true
		}
	}
	if m.archives == nil {
		m.archives = map[string]*archive{}
	}
	m.archives[path] = a
	return a
}

// read unpacks a member.
func (a *archive) read(name string) ([]byte, error) {
	fail := func(err error) ([]byte, error) {
		return nil, &fs.PathError{Op: "open", Path: filepath.Join(a.path, name), Err: err}
	}
	member := a.members[name]
	if member == nil {
		return fail(fs.ErrNotExist)
	}
	if member.UncompressedSize64 > maxMember {
		return fail(errors.New("the member unpacks to more than 64 MiB"))
	}
	r, err := member.Open()
	if err != nil {
		return fail(err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxMember))
	if err != nil {
		return fail(err)
	}
	return b, nil
}

// list gives the names of what is in a folder.
func (a *archive) list(folder string) []string {
	seen := map[string]bool{}
	var names []string
	for name := range a.members {
		rest, ok := strings.CutPrefix(name, folder)
		if folder != "" {
			rest, ok = strings.CutPrefix(name, folder+"/")
		}
		first, _, _ := strings.Cut(rest, "/")
		if ok && !seen[first] {
			seen[first] = true
			names = append(names, first)
		}
	}
	return names
}

func (m *Modules) closeArchives() error {
	var err error
	for _, a := range m.archives {
		err = errors.Join(err, a.file.Close())
	}
	m.archives = nil
	return err
}

// seekReaderAt reads at offsets by seeking; one script reads at a time.
type seekReaderAt struct{ f File }

// ReadAt reads at an offset.
func (r seekReaderAt) ReadAt(b []byte, offset int64) (int, error) {
	if _, err := r.f.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	return io.ReadFull(r.f, b)
}
