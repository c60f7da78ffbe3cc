package mlxstar

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// controlGroup is a control group of Linux's that one process is in: the kernel counts all
// memory of it, of files that it has in memory too, and its threads.
type controlGroup struct {
	dir   string
	files groupFiles
}

// groupFiles are the files of control groups, which the kernel makes with each folder.
type groupFiles interface {
	mkdir(path string) error
	write(path, text string) error // to a file that is there
	read(path string) ([]byte, error)
	remove(path string) error // a folder, with its files
	names(path string) ([]string, error)
}

// kernelGroups are those of the kernel.
type kernelGroups struct{}

func (kernelGroups) mkdir(path string) error          { return os.Mkdir(path, 0o755) }
func (kernelGroups) read(path string) ([]byte, error) { return os.ReadFile(path) }
func (kernelGroups) remove(path string) error         { return os.Remove(path) }

func (kernelGroups) write(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func (kernelGroups) names(path string) (names []string, err error) {
	entries, err := os.ReadDir(path)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

const (
	groupPrefix = "mlxstar-"

	// groupReserve is what a process has beside what its hard limit counts: its program,
	// Go's own structures, buffers of pipes.
	groupReserve = 64 << 20
	// groupThreads is more than Go's run time makes beside those of the CPU.
	groupThreads = 128
)

// groupNumber tells the groups of this process apart.
var groupNumber atomic.Int64

// newControlGroup makes a group in one that the caller may change: a folder of the control
// groups' file system, of the version with one tree or, of the older, of the tree that counts
// memory. A limit of 0 is none.
func newControlGroup(files groupFiles, parent string, memory int64, threads int) (g *controlGroup, err error) {
	_, err = files.read(filepath.Join(parent, "cgroup.controllers"))
	unified := err == nil
	if !unified {
		if _, err := files.read(filepath.Join(parent, "memory.limit_in_bytes")); err != nil {
			return nil, fmt.Errorf("control group %s: it does not limit memory", parent)
		}
	}
	removeGroups(files, parent)
	if unified {
		if err := delegate(files, parent); err != nil {
			return nil, err
		}
	}
	g = &controlGroup{filepath.Join(parent, fmt.Sprint(groupPrefix, os.Getpid(), "-", groupNumber.Add(1))), files}
	if err := files.mkdir(g.dir); err != nil {
		return nil, fmt.Errorf("control group: %w", err)
	}
	limit := "max"
	if memory > 0 {
		limit = strconv.FormatInt(memory+memory/2+groupReserve, 10)
	}
	switch {
	case unified:
		err = errors.Join(g.set("memory.max", limit), g.setWhereThere("memory.swap.max", "0"), g.setWhereThere("memory.oom.group", "1"),
			g.setWhereThere("pids.max", strconv.Itoa(groupThreads+max(threads, 0))))
		if threads > 0 {
			err = errors.Join(err, g.setWhereThere("cpu.max", fmt.Sprintf("%d %d", threads*groupPeriod, groupPeriod)))
		}
	case memory > 0:
		err = errors.Join(g.set("memory.limit_in_bytes", limit), g.setWhereThere("memory.memsw.limit_in_bytes", limit))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("control group: %w", err), g.remove())
	}
	return g, nil
}

// groupPeriod is the time, in microseconds, in which processor time is shared out.
const groupPeriod = 100_000

// delegate has the groups in one of the tree limit what they can. A controller that is
// handed down already may be one that the caller may not change.
func delegate(files groupFiles, parent string) error {
	path := filepath.Join(parent, "cgroup.subtree_control")
	held, err := files.read(path)
	if err != nil {
		return fmt.Errorf("control group: %w", err)
	}
	for _, name := range []string{"memory", "pids", "cpu"} {
		if slices.Contains(strings.Fields(string(held)), name) {
			continue
		}
		err := files.write(path, "+"+name)
		switch {
		case err == nil || name != "memory": // the others as good as it gets
		case errors.Is(err, syscall.EBUSY):
			return fmt.Errorf("control group %s: there are processes in it, want one whose processes are in groups below it: %w", parent, err)
		default:
			return fmt.Errorf("control group %s: memory cannot be limited in it: %w", parent, err)
		}
	}
	return nil
}

func (g *controlGroup) set(name, text string) error {
	return g.files.write(filepath.Join(g.dir, name), text)
}

// setWhereThere sets what not every kernel has.
func (g *controlGroup) setWhereThere(name, text string) error {
	if err := g.set(name, text); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// add puts a process into the group, with all its threads. In the version with one tree the
// caller must have the right to move processes in the first group that is above both this
// one and the one that the process is in.
func (g *controlGroup) add(pid int) error {
	err := g.set("cgroup.procs", strconv.Itoa(pid))
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: want the host to run in a group below the same one that it was given", err)
	}
	return err
}

// overran tells whether the kernel ended the process for its memory.
func (g *controlGroup) overran() bool {
	for _, name := range []string{"memory.events", "memory.oom_control"} {
		text, err := g.files.read(filepath.Join(g.dir, name))
		if err != nil {
			continue
		}
		for line := range bytes.Lines(text) {
			if n, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "oom_kill "); ok && n != "0" {
				return true
			}
		}
	}
	return false
}

// remove removes the group, whose process has ended.
func (g *controlGroup) remove() error {
	var err error
	for i := range 100 { // the kernel may need a moment
		if err = g.files.remove(g.dir); err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if i == 0 {
			_ = g.set("cgroup.kill", "1") // what it started, where the kernel is new enough
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// removeGroups removes the groups of hosts that were killed.
func removeGroups(files groupFiles, parent string) {
	names, err := files.names(parent)
	if err != nil {
		return
	}
	for _, name := range names {
		rest, ok := strings.CutPrefix(name, groupPrefix)
		pid, _, _ := strings.Cut(rest, "-")
		if n, err := strconv.Atoi(pid); ok && err == nil && !alive(n) {
			_ = files.remove(filepath.Join(parent, name)) // fails while something is in it
		}
	}
}
