package workload

import (
	"errors"
	"maps"
	"path"
	"path/filepath"
	"slices"

	"github.com/mlxstar/mlxstar"
)

// folders are what a job's script sees of the machine: as "/" the folder of the script, or
// for a module that of the configuration, and below that what was granted, at the path that
// the configuration says. Code that stands in the configuration has no folder of its own.
func (c *Config) folders(j *Job) (root mlxstar.ProcessFolder, mounts map[string]mlxstar.ProcessFolder) {
	switch {
	case j.Script != "":
		root.Path = filepath.Dir(c.path(j.Script))
	case j.Module != "":
		root.Path = c.Dir
	}
	mounts = map[string]mlxstar.ProcessFolder{}
	grant := func(p string, writable bool) {
		at := seen(p)
		if at == "/" {
			root = mlxstar.ProcessFolder{Path: c.path(p), Writable: writable}
			return
		}
		mounts[at] = mlxstar.ProcessFolder{Path: c.path(p), Writable: writable}
	}
	for _, p := range j.Grants.Read {
		grant(p, false)
	}
	for _, p := range j.Grants.Write {
		grant(p, true)
	}
	return root, mounts
}

// seen is the path by which scripts know a folder that was granted.
func seen(p string) string { return path.Clean("/" + filepath.ToSlash(p)) }

// openFolders makes the file system of a run in the command's own process.
func openFolders(root mlxstar.ProcessFolder, mounts map[string]mlxstar.ProcessFolder) (files mlxstar.FileSystem, closeAll func() error, err error) {
	var open []*mlxstar.Folder
	closeAll = func() error {
		var err error
		for _, f := range open {
			err = errors.Join(err, f.Close())
		}
		return err
	}
	all := map[string]mlxstar.FileSystem{}
	for _, at := range append([]string{"/"}, slices.Sorted(maps.Keys(mounts))...) {
		folder := root
		if at != "/" {
			folder = mounts[at]
		}
		if folder.Path == "" {
			continue
		}
		f, err := mlxstar.Dir(folder.Path)
		if err != nil {
			return nil, nil, errors.Join(err, closeAll())
		}
		open = append(open, f)
		all[at] = f
		if !folder.Writable {
			all[at] = mlxstar.ReadOnly(f)
		}
	}
	if len(all) == 0 {
		return nil, closeAll, nil
	}
	if files, err = mlxstar.Mounts(all); err != nil {
		return nil, nil, errors.Join(err, closeAll())
	}
	return files, closeAll, nil
}
