//go:build !windows

package stdlib

import "syscall"

// withoutWaiting opens a pipe also where nobody has the other end.
const withoutWaiting = syscall.O_NONBLOCK
