//go:build unix

package alloctest

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// reserve maps inaccessible pages.
func reserve(size int) (unsafe.Pointer, error) {
	return unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
}

// open makes pages accessible.
func open(pages []byte) error {
	return unix.Mprotect(pages, unix.PROT_READ|unix.PROT_WRITE)
}

func unreserve(p unsafe.Pointer, size int) {
	// It fails only for addresses that were not mapped.
	_ = unix.MunmapPtr(p, uintptr(size))
}
