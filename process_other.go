//go:build !(linux || darwin)

package mlxstar

import (
	"errors"
	"os"
	"runtime"
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

func connected() (a, b *os.File, err error) {
	return nil, nil, errors.New("not supported on " + runtime.GOOS + ", which has no pairs of connected files")
}
