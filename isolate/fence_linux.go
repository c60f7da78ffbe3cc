package isolate

import (
	"fmt"
	"syscall"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	landlocksyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// Fence confines the calling process for good. The folder, if not "", stays readable, and
// writable if that is asked for. Held are "landlock" and "seccomp", as far as the kernel
// has them. What is open already stays open.
func Fence(folder string, writable bool) (held []string, err error) {
	if version, err := landlocksyscall.LandlockGetABIVersion(); err == nil && version > 0 {
		if err := restrictFiles(folder, writable); err != nil {
			return nil, fmt.Errorf("landlock: %w", err)
		}
		held = append(held, "landlock")
	}
	if seccomp.Supported() {
		if err := restrictCalls(writable); err != nil {
			return nil, fmt.Errorf("seccomp: %w", err)
		}
		held = append(held, "seccomp")
	}
	return held, nil
}

func restrictFiles(folder string, writable bool) error {
	var rules []landlock.Rule
	switch {
	case folder == "":
	case writable:
		rules = append(rules, landlock.RWDirs(folder))
	default:
		rules = append(rules, landlock.RODirs(folder))
	}
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

// changes are those that change files besides.
var changes = []string{"mkdirat", "unlinkat", "renameat", "renameat2", "fchmod", "fchmodat", "fchmodat2", "utimensat"}

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
					{Name: "prlimit64", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: 0}}},
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
