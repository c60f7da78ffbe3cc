//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

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
