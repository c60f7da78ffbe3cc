package mlxstar

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// unifiedGroups are control groups as the kernel's documents describe them: of the version
// with one tree, whose files follow from what the groups above hand down.
type unifiedGroups struct {
	files    map[string]string
	readOnly map[string]bool // files that the caller may not write
	wrote    []string
}

// newUnifiedGroups has a root that hands the controllers down to the group "a".
func newUnifiedGroups(controllers string) *unifiedGroups {
	g := &unifiedGroups{files: map[string]string{}, readOnly: map[string]bool{}}
	g.populate("/", controllers)
	g.files["/cgroup.subtree_control"] = controllers
	g.populate("/a", controllers)
	return g
}

// populate makes the files of a group.
func (u *unifiedGroups) populate(dir, controllers string) {
	add := func(name, text string) { u.files[path.Join(dir, name)] = text }
	add("cgroup.controllers", controllers)
	add("cgroup.subtree_control", "")
	add("cgroup.procs", "")
	add("cgroup.kill", "")
	if dir == "/" {
		return
	}
	for _, c := range strings.Fields(controllers) {
		switch c {
		case "memory":
			add("memory.max", "max")
			add("memory.oom.group", "0")
			add("memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n")
		case "pids":
			add("pids.max", "max")
		case "cpu":
			add("cpu.max", "max 100000")
		}
	}
}

func (u *unifiedGroups) mkdir(p string) error {
	p = filepath.ToSlash(p)
	if _, ok := u.files[path.Join(p, "cgroup.procs")]; ok {
		return &fs.PathError{Op: "mkdir", Path: p, Err: fs.ErrExist}
	}
	u.populate(p, u.files[path.Join(path.Dir(p), "cgroup.subtree_control")])
	return nil
}

func (u *unifiedGroups) read(p string) ([]byte, error) {
	text, ok := u.files[filepath.ToSlash(p)]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: p, Err: fs.ErrNotExist}
	}
	return []byte(text), nil
}

func (u *unifiedGroups) write(p, text string) error {
	p = filepath.ToSlash(p)
	failed := func(err error) error { return &fs.PathError{Op: "write", Path: p, Err: err} }
	if _, ok := u.files[p]; !ok {
		return failed(fs.ErrNotExist)
	}
	if u.readOnly[p] {
		return failed(fs.ErrPermission)
	}
	u.wrote = append(u.wrote, path.Base(p)+"="+text)
	dir := path.Dir(p)
	switch path.Base(p) {
	case "cgroup.subtree_control":
		name := strings.TrimPrefix(text, "+")
		switch {
		case !slices.Contains(strings.Fields(u.files[path.Join(dir, "cgroup.controllers")]), name):
			return failed(syscall.ENOENT)
		case dir != "/" && u.files[path.Join(dir, "cgroup.procs")] != "" && name == "memory": // no process in an inner group
			return failed(syscall.EBUSY)
		}
		text = strings.TrimSpace(u.files[p] + " " + name)
	case "cgroup.procs":
		if u.files[path.Join(dir, "cgroup.subtree_control")] != "" {
			return failed(syscall.EBUSY)
		}
		text += "\n"
	case "cgroup.kill":
		u.files[path.Join(dir, "cgroup.procs")] = ""
	}
	u.files[p] = text
	return nil
}

func (u *unifiedGroups) remove(p string) error {
	p = filepath.ToSlash(p)
	procs, ok := u.files[path.Join(p, "cgroup.procs")]
	switch {
	case !ok:
		return &fs.PathError{Op: "remove", Path: p, Err: fs.ErrNotExist}
	case procs != "":
		return &fs.PathError{Op: "remove", Path: p, Err: syscall.EBUSY}
	}
	maps.DeleteFunc(u.files, func(name, _ string) bool { return path.Dir(name) == p })
	return nil
}

func (u *unifiedGroups) names(p string) (names []string, err error) {
	for name := range u.files {
		if dir := path.Dir(name); path.Dir(dir) == filepath.ToSlash(p) && path.Base(name) == "cgroup.procs" {
			names = append(names, path.Base(dir))
		}
	}
	return names, nil
}

// TestControlGroupOfOneTree makes, uses and removes a group.
func TestControlGroupOfOneTree(t *testing.T) {
	u := newUnifiedGroups("cpuset cpu io memory pids")
	u.populate("/a/mlxstar-999999999-1", "memory") // of a host that was killed
	g, err := newControlGroup(u, "/a", 100<<20, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.add(77); err != nil {
		t.Fatal(err)
	}
	dir := filepath.ToSlash(g.dir)
	for name, want := range map[string]string{
		"memory.max": fmt.Sprint(150<<20 + groupReserve), "memory.oom.group": "1", "pids.max": fmt.Sprint(groupThreads + 2),
		"cpu.max": "200000 100000", "cgroup.procs": "77\n",
	} {
		if got := u.files[path.Join(dir, name)]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := u.files["/a/cgroup.subtree_control"]; got != "memory pids cpu" {
		t.Errorf("the group hands down %q", got)
	}
	if g.overran() {
		t.Error("it was not ended for its memory")
	}
	u.files[path.Join(dir, "memory.events")] = "oom 1\noom_kill 1\noom_group_kill 1\n"
	if !g.overran() {
		t.Error("it was ended for its memory")
	}
	if err := g.remove(); err != nil { // a process is left in it, which is ended
		t.Error(err)
	}
	if names, _ := u.names("/a"); len(names) != 0 && processes { // elsewhere it is not known who is alive
		t.Errorf("left are %q", names)
	}
	u.wrote = nil
	if _, err = newControlGroup(u, "/a", 0, 0); err != nil {
		t.Fatal(err)
	}
	if want := []string{"memory.max=max", "memory.oom.group=1", fmt.Sprintf("pids.max=%d", groupThreads)}; !slices.Equal(u.wrote, want) {
		t.Errorf("without limits, under what is handed down, it wrote %q, want %q", u.wrote, want)
	}
}

// TestControlGroupRefused says what is wrong with a group that does not serve.
func TestControlGroupRefused(t *testing.T) {
	tests := map[string]struct {
		controllers, parent string
		prepare             func(u *unifiedGroups)
		want                string
		is                  error
	}{
		"no group":  {"memory", "/b", nil, "it does not limit memory", nil},
		"no memory": {"cpu pids", "/a", nil, "memory cannot be limited in it", fs.ErrNotExist},
		"it has a process": {"memory", "/a", func(u *unifiedGroups) { u.files["/a/cgroup.procs"] = "5\n" },
			"there are processes in it", syscall.EBUSY},
		"it is another's": {"memory", "/a", func(u *unifiedGroups) { u.readOnly["/a/cgroup.subtree_control"] = true },
			"memory cannot be limited in it", fs.ErrPermission},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			u := newUnifiedGroups(c.controllers)
			if c.prepare != nil {
				c.prepare(u)
			}
			g, err := newControlGroup(u, c.parent, 100<<20, 1)
			if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got %v, %v, want an error with %q", g, err, c.want)
			}
			if names, _ := u.names("/a"); len(names) != 0 {
				t.Errorf("left are %q", names)
			}
		})
	}
	u := newUnifiedGroups("memory")
	u.files["/a/cgroup.subtree_control"] = "memory" // handed down by who made it, to whom alone that is left
	u.readOnly["/a/cgroup.subtree_control"] = true
	g, err := newControlGroup(u, "/a", 100<<20, 1)
	if err != nil {
		t.Fatal(err)
	}
	u.readOnly[path.Join(filepath.ToSlash(g.dir), "cgroup.procs")] = true
	if err := g.add(5); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "in a group below the same one") {
		t.Errorf("a process that may not be moved: got %v", err)
	}
}
