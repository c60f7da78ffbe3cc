//go:build !(linux || darwin)

package mlxstar

import (
	"syscall"
	"time"
)

// processes tells that this system does not start processes with open files.
const processes = false

// withoutWaiting is nothing here: Windows' pipes have no names among files.
const withoutWaiting = 0

func apart() *syscall.SysProcAttr { return nil }

func alive(int) bool { return true }

func limitProcess(int64, time.Duration) error { return nil }
