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
	runs runs
}

// NewSystem returns the source of the machine's memory.
func NewSystem() *System { return &System{page: os.Getpagesize()} }

// Alloc maps size bytes, rounded up to whole pages.
func (s *System) Alloc(size int) (Block, error) {
	size, err := wholePages(size, s.page)
	if err != nil {
		return Block{}, err
	}
	if p := s.runs.alloc(size, s.page); p != nil {
		return Block{Data: p, Size: size}, nil
	}
	p, err := mapLarge(size)
	if err != nil {
		return Block{}, fmt.Errorf("map %s: %w", FormatBytes(int64(size)), err)
	}
	return Block{Data: p, Size: size}, nil
}

func mapPages(size int) (unsafe.Pointer, error) {
	return unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
}

// Free returns a block's memory to the system.
func (s *System) Free(b Block) {
	if !s.runs.freed(b.Data, s.page) {
		unmap(b.Data, b.Size)
	}
}

// Shrink returns the pages of b beyond size bytes to the system.
func (s *System) Shrink(b Block, size int) (left int, err error) {
	size, err = wholePages(size, s.page)
	if err != nil || size >= b.Size {
		return b.Size, err
	}
	if s.runs.shrink(b.Data, b.Size, size) {
		return size, nil
	}
	if err := unix.MunmapPtr(unsafe.Add(b.Data, size), uintptr(b.Size-size)); err != nil {
		return b.Size, fmt.Errorf("unmap: %w", err)
	}
	return size, nil
}

func unmap(p unsafe.Pointer, size int) {
	if err := unix.MunmapPtr(p, uintptr(size)); err != nil {
		// The kernel refuses if this would split a mapping and the process has as many
		// as it may. The addresses are lost then, but the memory need not be.
		discard(p, size)
	}
}
