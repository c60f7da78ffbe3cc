//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// processorTime is what this process has used of all processors.
func processorTime() time.Duration {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// peakResident is the most memory, in bytes, that a process which has ended held.
func peakResident(p *os.ProcessState) float64 {
	use, ok := p.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return float64(use.Maxrss) // bytes there
	}
	return float64(use.Maxrss) * 1024
}
