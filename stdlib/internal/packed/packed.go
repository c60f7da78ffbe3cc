// Package packed keeps the library's files of the script language compressed in the program, each by itself,
// so that a module that is imported is read and no other. The files are written and read in folders beside;
// `go generate ./stdlib/...` packs them, and a test of each package that has some finds what was not packed.
package packed

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Suffix is what a packed file's name has behind that of the file.
const Suffix = ".z"

// Files are the packed files of a folder.
type Files struct{ packed fs.FS }

// Of gives the files that are packed in a folder of an embedded file system.
func Of(files fs.FS, folder string) Files {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic("packed: " + err.Error()) // the folder is a constant of the program
	}
	return Files{sub}
}

// ReadFile gives the content of a file.
func (f Files) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(f.packed, name+Suffix)
	if err != nil {
		return nil, err
	}
	return Unpack(b)
}

// Unpack gives what Pack compressed.
func Unpack(packed []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
}

// Has reports whether there is a file of the name.
func (f Files) Has(name string) bool {
	info, err := fs.Stat(f.packed, name+Suffix)
	return err == nil && !info.IsDir()
}

// HasFolder reports whether there is a folder of the name.
func (f Files) HasFolder(name string) bool {
	info, err := fs.Stat(f.packed, name)
	return err == nil && info.IsDir()
}

// Names lists the files below a folder, "." for all, with their paths.
func (f Files) Names(folder string) []string {
	var names []string
	// A file system in memory has no errors to report but that there is no such folder.
	_ = fs.WalkDir(f.packed, folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimSuffix(name, Suffix))
		}
		return err
	})
	return names
}

// Pack compresses a file.
func Pack(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Source gives the files of a folder, which are all of the script language, by their paths.
func Source(folder fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if path.Ext(name) != ".py" {
			return fmt.Errorf("%s: is no file of the script language", name)
		}
		files[name], err = fs.ReadFile(folder, name)
		return err
	})
	return files, err
}

// Compare gives the files that are not packed as they are wanted, and packed ones that are wanted no more,
// each sorted.
func (f Files) Compare(want map[string][]byte) (stale, gone []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got, err := f.ReadFile(name); err != nil || !bytes.Equal(got, want[name]) {
			stale = append(stale, name)
		}
	}
	for _, name := range f.Names(".") {
		if _, wanted := want[name]; !wanted {
			gone = append(gone, name)
		}
	}
	return stale, gone
}

// Write packs files into a folder, and removes what is packed there besides. What is packed already stays as
// it is, byte for byte.
func Write(folder string, want map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	stale, gone := Of(os.DirFS(folder), ".").Compare(want)
	for _, name := range stale {
		b, err := Pack(want[name])
		if err != nil {
			return err
		}
		to := filepath.Join(folder, filepath.FromSlash(name)+Suffix)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			return err
		}
	}
	for _, name := range gone {
		if err := os.Remove(filepath.Join(folder, filepath.FromSlash(name)+Suffix)); err != nil {
			return err
		}
	}
	return nil
}
