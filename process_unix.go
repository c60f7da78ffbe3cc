//go:build linux || darwin

package mlxstar

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// processes tells that this system starts processes with open files.
const processes = true

// withoutWaiting opens a pipe also where nobody has the other end.
const withoutWaiting = syscall.O_NONBLOCK

const (
	// goReserve is address space that Go may reserve beyond what it uses.
	goReserve = 256 << 20
	openFiles = 64
)

// apart has a process run beside its host: Ctrl-C at a terminal reaches the host alone.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// limitProcess has the system hold this process to memory and processor time. It leaves no
// image of its memory when it ends.
func limitProcess(memory int64, cpu time.Duration) error {
	if err := setLimit(syscall.RLIMIT_CORE, 0); err != nil {
		return err
	}
	if err := setLimit(syscall.RLIMIT_NOFILE, openFiles); err != nil {
		return err
	}
	if space, ok := addressSpace(); ok && memory > 0 {
		if err := setLimit(syscall.RLIMIT_AS, uint64(space)+uint64(memory)*3/2+goReserve); err != nil {
			return err
		}
	}
	if cpu > 0 {
		return setLimit(syscall.RLIMIT_CPU, uint64((cpu+time.Second-1)/time.Second))
	}
	return nil
}

// alive tells whether there is a process of that number.
func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func setLimit(resource int, n uint64) error {
	var old syscall.Rlimit
	if err := syscall.Getrlimit(resource, &old); err != nil {
		return fmt.Errorf("getrlimit: %w", err)
	}
	n = min(n, old.Max)
	if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		return fmt.Errorf("setrlimit: %w", err)
	}
	return nil
}

// addressSpace is what this process has reserved, where the system tells.
func addressSpace() (bytesReserved int64, ok bool) {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	first, _, _ := bytes.Cut(statm, []byte(" "))
	pages, err := strconv.ParseInt(string(first), 10, 64)
	return pages * int64(os.Getpagesize()), err == nil
}

// connected gives the two ends of a connection.
func connected() (a, b *os.File, err error) {
	syscall.ForkLock.RLock() // no process that starts now is to have them
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	return os.NewFile(uintptr(fds[0]), "rank"), os.NewFile(uintptr(fds[1]), "rank"), nil
}
