//go:build unix

package distributed

import (
	"net"
	"syscall"
	"time"
)

// lookOut takes the bytes that come over a connection within a while, up to as many as are
// wanted. Errors are left to who reads next.
func lookOut(c net.Conn, data []byte, patience time.Duration) (n int) {
	raw := rawOf(c)
	if raw == nil {
		return 0
	}
	start := time.Now()
	_ = raw.Read(func(fd uintptr) bool {
		for n < len(data) {
			k, err := syscall.Read(int(fd), data[n:])
			switch {
			case k > 0:
				n += k
			case err != syscall.EAGAIN && err != syscall.EINTR:
				return true // it has ended, or failed
			case time.Since(start) >= patience:
				return true
			}
		}
		return true
	})
	return n
}

// pushOut sends as many bytes over a connection as find room. Errors are left to who writes
// next.
func pushOut(c net.Conn, data []byte) (n int) {
	raw := rawOf(c)
	if raw == nil {
		return 0
	}
	_ = raw.Write(func(fd uintptr) bool {
		for n < len(data) {
			k, err := syscall.Write(int(fd), data[n:])
			if k > 0 {
				n += k
			} else if err != syscall.EINTR {
				return true // there is no room, or it has failed
			}
		}
		return true
	})
	return n
}

// rawOf is a connection as the system has it, or nil where it is secured or closed.
func rawOf(c net.Conn) syscall.RawConn {
	under, ok := c.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := under.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}
