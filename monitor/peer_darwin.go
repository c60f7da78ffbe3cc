package monitor

import (
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// sameUser reports whether the other end of a connection is a process of this user, or
// of root.
func sameUser(c net.Conn) bool {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return false
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return false
	}
	var peer *unix.Xucred
	var failed error
	if err := raw.Control(func(fd uintptr) {
		peer, failed = unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
	}); err != nil || failed != nil {
		return false
	}
	return int(peer.Uid) == os.Getuid() || peer.Uid == 0
}

func ownedByUser(info os.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid()
}
