package workload

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar"
)

// granted is the file system of a run in the command's own process: the folders that it
// was granted, at the paths that they have, and nothing else.
type granted struct {
	mounts []mount // the longest path first where one lies in another
}

type mount struct {
	path   string
	files  mlxstar.FileSystem // with the mount as its root
	folder *mlxstar.Folder
}

var _ mlxstar.FileSystem = (*granted)(nil)

// open adds a folder.
func (g *granted) open(path string, writable bool) error {
	folder, err := mlxstar.Dir(path)
	if err != nil {
		return err
	}
	m := mount{path: filepath.Clean(path), files: folder, folder: folder}
	if !writable {
		m.files = mlxstar.ReadOnly(folder)
	}
	at := 0
	for at < len(g.mounts) && len(g.mounts[at].path) >= len(m.path) {
		at++
	}
	g.mounts = append(g.mounts[:at], append([]mount{m}, g.mounts[at:]...)...)
	return nil
}

// Close closes the folders.
func (g *granted) Close() error {
	var err error
	for _, m := range g.mounts {
		err = errors.Join(err, m.folder.Close())
	}
	return err
}

// at gives the mount that a name lies in, and its name there.
func (g *granted) at(op, name string) (*mount, string, error) {
	clean := filepath.Clean(name)
	for i := range g.mounts {
		m := &g.mounts[i]
		if clean == m.path {
			return m, "/", nil
		}
		if rest, ok := strings.CutPrefix(clean, strings.TrimSuffix(m.path, string(filepath.Separator))+string(filepath.Separator)); ok {
			return m, "/" + filepath.ToSlash(rest), nil
		}
	}
	return nil, "", &fs.PathError{Op: op, Path: name, Err: fs.ErrPermission}
}

func (g *granted) OpenFile(name string, flag int, perm fs.FileMode) (mlxstar.File, error) {
	m, inner, err := g.at("open", name)
	if err != nil {
		return nil, err
	}
	return m.files.OpenFile(inner, flag, perm)
}

func (g *granted) Stat(name string) (fs.FileInfo, error) {
	m, inner, err := g.at("stat", name)
	if err != nil {
		return nil, err
	}
	return m.files.Stat(inner)
}

func (g *granted) Lstat(name string) (fs.FileInfo, error) {
	m, inner, err := g.at("lstat", name)
	if err != nil {
		return nil, err
	}
	return m.files.Lstat(inner)
}

func (g *granted) ReadDir(name string) ([]fs.DirEntry, error) {
	m, inner, err := g.at("readdir", name)
	if err != nil {
		return nil, err
	}
	return m.files.ReadDir(inner)
}

func (g *granted) Mkdir(name string, perm fs.FileMode) error {
	m, inner, err := g.at("mkdir", name)
	if err != nil {
		return err
	}
	return m.files.Mkdir(inner, perm)
}

func (g *granted) Remove(name string) error {
	m, inner, err := g.at("remove", name)
	if err != nil {
		return err
	}
	return m.files.Remove(inner)
}

// Rename moves a file within a folder that was granted.
func (g *granted) Rename(from, to string) error {
	m, inner, err := g.at("rename", from)
	if err != nil {
		return err
	}
	other, target, err := g.at("rename", to)
	if err != nil {
		return err
	}
	if m != other {
		return &fs.PathError{Op: "rename", Path: to, Err: errors.New("is in another folder of the grants")}
	}
	return m.files.Rename(inner, target)
}

func (g *granted) Symlink(target, name string) error {
	m, inner, err := g.at("symlink", name)
	if err != nil {
		return err
	}
	return m.files.Symlink(target, inner)
}

func (g *granted) Readlink(name string) (string, error) {
	m, inner, err := g.at("readlink", name)
	if err != nil {
		return "", err
	}
	return m.files.Readlink(inner)
}

func (g *granted) Chmod(name string, mode fs.FileMode) error {
	m, inner, err := g.at("chmod", name)
	if err != nil {
		return err
	}
	return m.files.Chmod(inner, mode)
}

func (g *granted) Chtimes(name string, access, modification time.Time) error {
	m, inner, err := g.at("chtimes", name)
	if err != nil {
		return err
	}
	return m.files.Chtimes(inner, access, modification)
}

// RealPath gives the cleaned path of what exists.
func (g *granted) RealPath(name string) (string, error) {
	if _, err := g.Stat(name); err != nil {
		return "", err
	}
	return filepath.Clean(name), nil
}

// TempDir is the first folder that can be written, or the first of all.
func (g *granted) TempDir() string {
	for _, m := range g.mounts {
		if m.files == mlxstar.FileSystem(m.folder) {
			return m.path
		}
	}
	if len(g.mounts) > 0 {
		return g.mounts[0].path
	}
	return string(filepath.Separator)
}
