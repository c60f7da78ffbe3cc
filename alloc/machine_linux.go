package alloc

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// SystemMemory returns the bytes of memory that this process may use: the
// machine's, or its control group's limit (version 1 or 2) if that is lower. It is
// 0 if it cannot be found out.
func SystemMemory() int64 {
	if n := linuxMemory(os.DirFS("/")); n > 0 {
		return n
	}
	// Without /proc, as in an empty root, the kernel is asked.
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 0
	}
	return int64(info.Totalram) * int64(info.Unit)
}

func linuxMemory(root fs.FS) int64 {
	total := meminfoTotal(root)
	if limit := cgroupLimit(root); limit > 0 && (total == 0 || limit < total) {
		return limit
	}
	return total
}

func meminfoTotal(root fs.FS) int64 {
	data, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "MemTotal:" {
			kib, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				return 0
			}
			return kib << 10
		}
	}
	return 0
}

// cgroupLimit returns the lowest memory limit of the process's control group and
// those around it, 0 for none.
func cgroupLimit(root fs.FS) int64 {
	data, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return 0
	}
	mounts := cgroupMounts(root)
	limit := int64(math.MaxInt64)
	for line := range strings.Lines(string(data)) {
		// hierarchy:controllers:path; version 2 has hierarchy 0 and no controllers.
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(f) != 3 {
			continue
		}
		file, kind := "memory.max", "cgroup2"
		if f[1] != "" {
			file, kind = "memory.limit_in_bytes", "cgroup"
			if !hasController(f[1]) {
				continue
			}
		}
		for _, m := range mounts {
			if m.kind == kind {
				limit = min(limit, lowestLimit(root, m, f[2], file))
			}
		}
	}
	if limit == math.MaxInt64 {
		return 0
	}
	return limit
}

func hasController(list string) bool {
	for c := range strings.SplitSeq(list, ",") {
		if c == "memory" {
			return true
		}
	}
	return false
}

// cgroupMount is where a control group hierarchy can be read.
type cgroupMount struct {
	kind  string // cgroup or cgroup2
	group string // the group that is mounted
	dir   string // where, without the leading slash
}

func cgroupMounts(root fs.FS) []cgroupMount {
	data, err := fs.ReadFile(root, "proc/self/mountinfo")
	if err != nil {
		return nil
	}
	var mounts []cgroupMount
	for line := range strings.Lines(string(data)) {
		// id parent device root mountpoint options ... - type source superoptions
		before, after, ok := strings.Cut(line, " - ")
		if !ok {
			continue
		}
		f, g := strings.Fields(before), strings.Fields(after)
		if len(f) < 5 || len(g) < 3 {
			continue
		}
		if g[0] == "cgroup2" || (g[0] == "cgroup" && hasController(g[2])) {
			mounts = append(mounts, cgroupMount{kind: g[0], group: f[3], dir: strings.TrimPrefix(f[4], "/")})
		}
	}
	return mounts
}

// lowestLimit reads the limit files of a group and of all groups around it.
func lowestLimit(root fs.FS, m cgroupMount, group, file string) int64 {
	// In a container the mount may show only the container's own group.
	rel, ok := strings.CutPrefix(group, strings.TrimSuffix(m.group, "/"))
	if !ok || strings.HasPrefix(group, "/..") {
		rel = "/"
	}
	limit := int64(math.MaxInt64)
	for rel = path.Clean("/" + rel); ; rel = path.Dir(rel) {
		data, err := fs.ReadFile(root, path.Join(m.dir, rel, file))
		if err == nil {
			// "max", or in version 1 a huge number, is no limit.
			if n, err := strconv.ParseInt(string(bytes.TrimSpace(data)), 10, 64); err == nil && n > 0 && n < 1<<60 {
				limit = min(limit, n)
			}
		}
		if rel == "/" {
			return limit
		}
	}
}

// ResidentSet returns the bytes of physical memory that the process occupies.
func ResidentSet() (int64, error) {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, fmt.Errorf("resident set: %w", err)
	}
	// size resident shared ..., in pages
	f := strings.Fields(string(data))
	if len(f) < 2 {
		return 0, fmt.Errorf("resident set: /proc/self/statm: got %q, want numbers", data)
	}
	pages, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("resident set: /proc/self/statm: %w", err)
	}
	return pages * int64(os.Getpagesize()), nil
}
