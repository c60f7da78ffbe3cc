//go:build linux || darwin

package formats

import (
	"io/fs"
	"os"
	"syscall"
)

// openFlags keep a link, or a pipe, from being followed or waited for.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// Hold marks a file as in use until release is called, beyond its closing. It fails where
// somebody else holds it, and where the file system has no locks.
func Hold(f *os.File) (release func(), ok bool) {
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return func() {}, false
	}
	if err := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = syscall.Close(fd)
		return func() {}, false
	}
	syscall.CloseOnExec(fd)
	return func() { _ = syscall.Close(fd) }, true
}

func links(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Nlink)
	}
	return 1
}
