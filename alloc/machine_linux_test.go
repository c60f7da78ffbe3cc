package alloc

import (
	"testing"
	"testing/fstest"
)

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

func TestMemoryOfControlGroups(t *testing.T) {
	const (
		meminfo = "MemTotal:       16384 kB\nMemFree:        1 kB\n"
		v2      = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
		v1      = "33 32 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n" +
			"34 32 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
		contained = "33 32 0:29 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
	)
	for _, c := range []struct {
		name string
		fsys fstest.MapFS
		want int64
	}{
		{"no group", files("proc/meminfo", meminfo), 16 << 20},
		{"nothing known", files(), 0},
		{"version 2", files("proc/meminfo", meminfo, "proc/self/mountinfo", v2, "proc/self/cgroup", "0::/a/b\n",
			"sys/fs/cgroup/a/b/memory.max", "8388608\n", "sys/fs/cgroup/a/memory.max", "max\n"), 8 << 20},
		{"version 2, a group around it", files("proc/meminfo", meminfo, "proc/self/mountinfo", v2, "proc/self/cgroup", "0::/a/b\n",
			"sys/fs/cgroup/a/b/memory.max", "8388608\n", "sys/fs/cgroup/a/memory.max", "4194304\n"), 4 << 20},
		{"version 2, own namespace", files("proc/meminfo", meminfo, "proc/self/mountinfo", v2, "proc/self/cgroup", "0::/\n",
			"sys/fs/cgroup/memory.max", "2097152\n"), 2 << 20},
		{"version 2, no limit", files("proc/meminfo", meminfo, "proc/self/mountinfo", v2, "proc/self/cgroup", "0::/\n",
			"sys/fs/cgroup/memory.max", "max\n"), 16 << 20},
		{"version 1", files("proc/meminfo", meminfo, "proc/self/mountinfo", v1, "proc/self/cgroup", "5:cpu:/x\n4:memory:/x\n0::/\n",
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes", "1048576\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"), 1 << 20},
		{"version 1 in a container", files("proc/meminfo", meminfo, "proc/self/mountinfo", contained, "proc/self/cgroup", "4:memory:/docker/abc\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes", "3145728\n"), 3 << 20},
		{"above the machine", files("proc/meminfo", meminfo, "proc/self/mountinfo", v2, "proc/self/cgroup", "0::/\n",
			"sys/fs/cgroup/memory.max", "99999999999\n"), 16 << 20},
	} {
		if got := linuxMemory(c.fsys); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	if n := SystemMemory(); n < 64<<20 || DefaultLimit() != n/4*3 {
		t.Errorf("this machine has %d, default limit %d", n, DefaultLimit())
	}
}
