package alloc

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// SystemMemory returns the bytes of memory of the machine, 0 if they cannot be
// found out.
func SystemMemory() int64 {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(n)
}

// ResidentSet returns the bytes of physical memory that the process occupies. If
// the kernel does not answer that, it is the largest they have been, which is all
// that getrusage tells and which never falls.
func ResidentSet() (int64, error) {
	if n, ok := taskResident(); ok {
		return n, nil
	}
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0, fmt.Errorf("resident set: getrusage: %w", err)
	}
	return usage.Maxrss, nil // in bytes on this system
}

// taskResident asks the proc_info system call, as libproc does.
func taskResident() (int64, bool) {
	const (
		sysProcInfo  = 336
		callPidInfo  = 2
		pidTaskInfo  = 4
		taskInfoSize = 96
	)
	// The structure begins with the virtual and the resident size.
	var info [taskInfoSize / 8]uint64
	n, _, errno := unix.Syscall6(sysProcInfo, callPidInfo, uintptr(os.Getpid()), pidTaskInfo, 0,
		uintptr(unsafe.Pointer(&info)), taskInfoSize)
	runtime.KeepAlive(&info)
	if errno != 0 || n != taskInfoSize {
		return 0, false
	}
	return int64(info[1]), true
}
