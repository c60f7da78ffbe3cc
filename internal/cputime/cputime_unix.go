//go:build unix

package cputime

import (
	"syscall"
	"time"
)

// Process is the time that this process has used of all processors.
func Process() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
