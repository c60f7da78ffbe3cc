package isolate

import (
	"fmt"
	"syscall"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	landlocksyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// Fence confines the calling process for good. What is in the folders stays readable, and
// what is in those of the second list writable, but for the times of files. Held are "landlock" and "seccomp", as far as the kernel
// has them. What is open already stays open.
func Fence(readable, writable []string) (held []string, err error) {
	if version, err := landlocksyscall.LandlockGetABIVersion(); err == nil && version > 0 {
		if err := restrictFiles(readable, writable, version >= renames); err != nil {
			return nil, fmt.Errorf("landlock: %w", err)
		}
		held = append(held, "landlock")
	}
	if seccomp.Supported() {
		if err := restrictCalls(len(writable) > 0); err != nil {
			return nil, fmt.Errorf("seccomp: %w", err)
		}
		held = append(held, "seccomp")
	}
	return held, nil
}

// renames is the version of Landlock from which files move from one directory to another.
const renames = 2

func restrictFiles(readable, writable []string, rename bool) error {
	change := landlock.RWDirs(writable...)
	if rename {
		change = change.WithRefer()
	}
	rules := []landlock.Rule{landlock.RODirs(readable...), change}
	return landlock.V8.BestEffort().Restrict(rules...)
}

// calls are the system calls that Go's run time and package os make for files, memory,
// threads and time. A processor's kernel may lack some of them.
var calls = []string{
	"read", "write", "pread64", "pwrite64", "readv", "writev", "lseek", "close", "fstat", "newfstatat", "statx", "openat", "openat2",
	"getdents64", "readlinkat", "faccessat", "faccessat2", "getcwd", "fcntl", "dup", "dup3", "pipe2", "fsync", "fdatasync", "ftruncate",
	"fallocate", "flock", "fadvise64", "poll", "ppoll", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2",
	"mmap", "munmap", "mremap", "mprotect", "madvise", "mincore", "msync", "brk", "membarrier",
	"futex", "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time", "sched_yield", "sched_getaffinity",
	"getrandom", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo", "getrusage", "times",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "restart_syscall", "set_robust_list", "rseq",
	"arch_prctl", "timer_create", "timer_settime", "timer_delete", "setitimer", "exit", "exit_group", "getrlimit",
}

// changes are those that change files besides: of the folders alone, as Landlock has those
// that take names, and no file can be opened beside them. It does not have those that set
// permissions and times by name.
var changes = []string{"mkdirat", "unlinkat", "renameat", "renameat2", "fchmod"}

// restrictCalls refuses every other system call with an error.
func restrictCalls(writable bool) error {
	info, err := arch.GetInfo("")
	if err != nil {
		return err
	}
	wanted := calls
	if writable {
		wanted = append(append([]string{}, calls...), changes...)
	}
	var names []string
	for _, name := range wanted {
		if _, known := info.SyscallNames[name]; known {
			names = append(names, name)
		}
	}
	pid := uint64(syscall.Getpid())
	filter := seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionErrno,
			Syscalls: []seccomp.SyscallGroup{{
				Action: seccomp.ActionAllow,
				Names:  names,
				NamesWithCondtions: []seccomp.NameWithConditions{
					// Threads, and no processes.
					{Name: "clone", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: syscall.CLONE_THREAD}}},
					// Go interrupts its own threads by signals.
					{Name: "tgkill", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: pid}}},
					// Limits are read, and not raised, as a process of root could.
					{Name: "prlimit64", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: 0}, {Argument: 2, Operation: seccomp.Equal, Value: 0}}},
				},
			}, {
				// A filter cannot see its flags: the C library makes threads by clone where
				// this one seems to be missing.
				Action: seccomp.ActionErrno | seccomp.Action(syscall.ENOSYS),
				Names:  []string{"clone3"},
			}},
		},
	}
	return seccomp.LoadFilter(filter)
}
