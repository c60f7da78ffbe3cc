//go:build unix && !linux

package alloc

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// runs serves nothing: these systems do not bound the number of mappings so tightly
// that each block could not be one.
type runs struct{}

func (*runs) alloc(size, page int) unsafe.Pointer        { return nil }
func (*runs) freed(p unsafe.Pointer, page int) bool      { return false }
func (*runs) shrink(p unsafe.Pointer, from, to int) bool { return false }

// discard gives the memory of pages back, some time after.
func discard(p unsafe.Pointer, size int) {
	_ = unix.Madvise(unsafe.Slice((*byte)(p), size), unix.MADV_DONTNEED)
}
