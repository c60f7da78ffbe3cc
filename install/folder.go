package install

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Package is one that lies in a folder.
type Package struct {
	Name, Version string
	Asked         bool // by the user, and not as a need of another
	info          string
}

// List gives the packages of a folder, sorted by name. A folder that is not there has none.
func List(target string) ([]Package, error) {
	entries, err := os.ReadDir(target)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	var out []Package
	for _, e := range entries {
		if !e.IsDir() || !strings.HasSuffix(e.Name(), ".dist-info") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(target, e.Name(), "METADATA"))
		if err != nil {
			continue // no package, or half of one
		}
		h, err := parseHeader(b)
		if err != nil {
			return nil, fmt.Errorf("list: %s: %w", e.Name(), err)
		}
		_, err = os.Stat(filepath.Join(target, e.Name(), "REQUESTED"))
		out = append(out, Package{h.Get("Name"), h.Get("Version"), err == nil, e.Name()})
	}
	slices.SortFunc(out, func(a, b Package) int {
		return cmp.Or(strings.Compare(normal(a.Name), normal(b.Name)), strings.Compare(a.Version, b.Version))
	})
	return out, nil
}

// Remove takes packages out of a folder: all files that their RECORD names.
func Remove(target string, names []string, tell func(line string)) error {
	have, err := List(target)
	if err != nil {
		return err
	}
	var doomed []Package
	for _, name := range names {
		i := slices.IndexFunc(have, func(p Package) bool { return normal(p.Name) == normal(name) })
		if i < 0 {
			return fmt.Errorf("remove: %s is not installed in %s", name, target)
		}
		doomed = append(doomed, have[i])
	}
	for _, p := range doomed {
		if err := remove(target, p); err != nil {
			return fmt.Errorf("remove: %s: %w", p.Name, err)
		}
		if tell != nil {
			tell("removed " + p.Name + " " + p.Version)
		}
	}
	return nil
}

func remove(target string, p Package) error {
	root, err := os.OpenRoot(target)
	if err != nil {
		return err
	}
	defer root.Close()
	f, err := root.Open(p.info + "/RECORD")
	if err != nil {
		return err
	}
	rows := csv.NewReader(f)
	rows.FieldsPerRecord = -1
	all, err := rows.ReadAll()
	_ = f.Close() // it was read
	if err != nil {
		return fmt.Errorf("RECORD: %w", err)
	}
	var folders []string
	for _, row := range all {
		name := filepath.ToSlash(row[0])
		if !fs.ValidPath(name) {
			return fmt.Errorf("RECORD names %q, which is outside of the folder", row[0])
		}
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			folders = append(folders, dir)
		}
	}
	if err := root.RemoveAll(p.info); err != nil {
		return err
	}
	// What is empty goes, the innermost first; caches of byte code are nobody's.
	slices.SortFunc(folders, func(a, b string) int { return len(b) - len(a) })
	for _, dir := range slices.Compact(folders) {
		_ = root.RemoveAll(dir + "/__pycache__") // there is none, mostly
		_ = root.Remove(dir)                     // others may have files there
	}
	return nil
}

// place puts the chosen wheels into the target: all of them are read and whole by now. One that is there in
// another version is replaced.
func (r *resolver) place() error {
	if err := os.MkdirAll(r.Target, 0o755); err != nil {
		return fmt.Errorf("install: %w", err)
	}
	have, err := List(r.Target)
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	names := make([]string, 0, len(r.picked))
	for name := range r.picked {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c := r.picked[name]
		i := slices.IndexFunc(have, func(p Package) bool { return normal(p.Name) == name })
		if i >= 0 {
			if v, err := parseVersion(have[i].Version); err == nil && v.compare(c.version) == 0 {
				r.Tell(have[i].Name + " " + have[i].Version + ": is installed")
				continue
			}
			if err := remove(r.Target, have[i]); err != nil {
				return fmt.Errorf("install: replacing %s %s: %w", have[i].Name, have[i].Version, err)
			}
		}
		if err := c.unpack(r.Target); err != nil {
			return fmt.Errorf("install: %s: %w", c.release.file, err)
		}
		r.Tell("installed " + c.wheel.metadata.Get("Name") + " " + c.version.text)
	}
	return nil
}

// unpack writes a wheel's files into a folder, and in the end what was written. One that fails takes away
// what it has written.
func (c *chosen) unpack(target string) (err error) {
	root, err := os.OpenRoot(target)
	if err != nil {
		return err
	}
	defer root.Close()
	var rows [][]string
	defer func() {
		if err != nil {
			for _, row := range rows {
				_ = root.Remove(row[0]) // which there may be no more of
			}
		}
	}()
	write := func(name string, content []byte) error {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		rows = append(rows, []string{name, "sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]), strconv.Itoa(len(content))})
		_, err = f.Write(content)
		return errors.Join(err, f.Close())
	}
	names := make([]string, 0, len(c.wheel.files))
	for name := range c.wheel.files {
		names = append(names, name)
	}
	slices.Sort(names)
	record := c.wheel.info + "/RECORD"
	own := []string{record, c.wheel.info + "/INSTALLER", c.wheel.info + "/REQUESTED", c.wheel.info + "/direct_url.json"}
	for _, name := range names {
		if slices.Contains(own, name) {
			continue
		}
		content, err := c.wheel.read(name)
		if err != nil {
			return err
		}
		if err := write(name, content); err != nil {
			return err
		}
	}
	if err := write(c.wheel.info+"/INSTALLER", []byte("mlxstar\n")); err != nil {
		return err
	}
	if c.asked {
		if err := write(c.wheel.info+"/REQUESTED", nil); err != nil {
			return err
		}
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append(slices.Clone(rows), []string{record, "", ""})); err != nil {
		return err
	}
	return write(record, []byte(b.String()))
}
