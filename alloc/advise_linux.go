package alloc

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size of a large page on amd64 and, with 4 KiB base pages, arm64.
const hugePage = 2 << 20

// advise asks for large pages where a block can hold one.
func advise(p unsafe.Pointer, size int) {
	if size >= hugePage {
		// A kernel without them says so; the block is as good without.
		_ = unix.Madvise(unsafe.Slice((*byte)(p), size), unix.MADV_HUGEPAGE)
	}
}
