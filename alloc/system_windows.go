package alloc

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// System is the machine's memory outside the Go heap: committed private pages,
// which read as zero at first.
type System struct {
	page int
}

// NewSystem returns the source of the machine's memory.
func NewSystem() *System { return &System{page: os.Getpagesize()} }

// Alloc commits size bytes, rounded up to whole pages.
func (s *System) Alloc(size int) (Block, error) {
	size, err := wholePages(size, s.page)
	if err != nil {
		return Block{}, err
	}
	addr, err := windows.VirtualAlloc(0, uintptr(size), windows.MEM_RESERVE|windows.MEM_COMMIT, windows.PAGE_READWRITE)
	if err != nil {
		return Block{}, fmt.Errorf("commit %s: %w", FormatBytes(int64(size)), err)
	}
	return Block{Data: pointer(addr), Size: size}, nil
}

// Free releases a block's addresses and memory.
func (s *System) Free(b Block) {
	// It fails only for an address that Alloc did not return.
	_ = windows.VirtualFree(uintptr(b.Data), 0, windows.MEM_RELEASE)
}

// Shrink decommits the pages of b beyond size bytes. Their addresses stay reserved
// until the block is freed.
func (s *System) Shrink(b Block, size int) (left int, err error) {
	size, err = wholePages(size, s.page)
	if err != nil || size >= b.Size {
		return b.Size, err
	}
	if err := windows.VirtualFree(uintptr(b.Data)+uintptr(size), uintptr(b.Size-size), windows.MEM_DECOMMIT); err != nil {
		return b.Size, fmt.Errorf("decommit: %w", err)
	}
	return size, nil
}

// pointer makes a pointer of an address outside the Go heap, which no collection moves.
func pointer(addr uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&addr))
}
