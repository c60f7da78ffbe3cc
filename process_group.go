package mlxstar

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// controlGroup is a control group of Linux's that one process is in: the kernel counts all
// memory of it, of files that it has in memory too, and its threads.
type controlGroup struct{ dir string }

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
func newControlGroup(parent string, memory int64, threads int) (g *controlGroup, err error) {
	unified := exists(filepath.Join(parent, "cgroup.controllers"))
	if !unified && !exists(filepath.Join(parent, "memory.limit_in_bytes")) {
		return nil, fmt.Errorf("control group %s: it does not limit memory", parent)
	}
	removeGroups(parent)
	if unified {
		if err := delegate(parent); err != nil {
			return nil, err
		}
	}
	g = &controlGroup{filepath.Join(parent, fmt.Sprint(groupPrefix, os.Getpid(), "-", groupNumber.Add(1)))}
	if err := os.Mkdir(g.dir, 0o755); err != nil {
		return nil, fmt.Errorf("control group: %w", err)
	}
	limit := "max"
	if memory > 0 {
		limit = strconv.FormatInt(memory+memory/2+groupReserve, 10)
	}
	switch {
	case unified:
		err = errors.Join(g.set("memory.max", limit), g.setWhereThere("memory.swap.max", "0"), g.setWhereThere("pids.max", strconv.Itoa(groupThreads+max(threads, 0))))
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

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// delegate has the groups in one of the tree limit what they can.
func delegate(parent string) error {
	path := filepath.Join(parent, "cgroup.subtree_control")
	for _, name := range []string{"+memory", "+pids", "+cpu"} {
		err := write(path, name)
		if name != "+memory" {
			continue // as good as it gets
		}
		if held, readErr := os.ReadFile(path); readErr != nil || !strings.Contains(string(held), "memory") {
			return fmt.Errorf("control group %s: memory cannot be limited in it: %w", parent, errors.Join(err, readErr))
		}
	}
	return nil
}

func write(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func (g *controlGroup) set(name, text string) error { return write(filepath.Join(g.dir, name), text) }

// setWhereThere sets what not every kernel has.
func (g *controlGroup) setWhereThere(name, text string) error {
	if err := g.set(name, text); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// add puts a process into the group.
func (g *controlGroup) add(pid int) error { return g.set("cgroup.procs", strconv.Itoa(pid)) }

// overran tells whether the kernel ended the process for its memory.
func (g *controlGroup) overran() bool {
	for _, name := range []string{"memory.events", "memory.oom_control"} {
		text, err := os.ReadFile(filepath.Join(g.dir, name))
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
	for range 100 { // the kernel may need a moment
		if err = os.Remove(g.dir); err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// removeGroups removes the groups of hosts that were killed.
func removeGroups(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), groupPrefix)
		pid, _, _ := strings.Cut(rest, "-")
		if n, err := strconv.Atoi(pid); ok && err == nil && !alive(n) {
			_ = os.Remove(filepath.Join(parent, e.Name())) // fails while something is in it
		}
	}
}
