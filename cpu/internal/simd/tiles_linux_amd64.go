package simd

import "syscall"

// tilesAllowed asks the system for the use of tiles, whose contents it saves with a thread's
// registers only for programs that have asked.
func tilesAllowed() bool {
	const (
		request = 0x1023 // ARCH_REQ_XCOMP_PERM
		data    = 18     // XFEATURE_XTILE_DATA
	)
	_, _, err := syscall.RawSyscall(syscall.SYS_ARCH_PRCTL, request, data, 0)
	return err == 0
}
