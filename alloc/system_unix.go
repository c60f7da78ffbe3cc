//go:build unix

package alloc

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// System is the machine's memory outside the Go heap: private anonymous mappings
// of whole pages, which read as zero at first.
type System struct {
	page int
}

// NewSystem returns the source of the machine's memory.
func NewSystem() *System { return &System{page: os.Getpagesize()} }

// Alloc maps size bytes, rounded up to whole pages.
func (s *System) Alloc(size int) (Block, error) {
	size, err := wholePages(size, s.page)
	if err != nil {
		return Block{}, err
	}
	p, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return Block{}, fmt.Errorf("map %s: %w", FormatBytes(int64(size)), err)
	}
	advise(p, size)
	return Block{Data: p, Size: size}, nil
}

// Free unmaps a block.
func (s *System) Free(b Block) { s.unmap(b.Data, b.Size) }

// Shrink unmaps the pages of b beyond size bytes.
func (s *System) Shrink(b Block, size int) (Block, error) {
	size, err := wholePages(size, s.page)
	if err != nil || size >= b.Size {
		return b, err
	}
	if err := unix.MunmapPtr(unsafe.Add(b.Data, size), uintptr(b.Size-size)); err != nil {
		return b, fmt.Errorf("unmap: %w", err)
	}
	b.Size = size
	return b, nil
}

func (s *System) unmap(p unsafe.Pointer, size int) {
	if err := unix.MunmapPtr(p, uintptr(size)); err != nil {
		// The kernel refuses if this would split a mapping and the process has as many
		// as it may. The addresses are lost then, but the memory need not be.
		_ = unix.Madvise(unsafe.Slice((*byte)(p), size), unix.MADV_DONTNEED)
	}
}
