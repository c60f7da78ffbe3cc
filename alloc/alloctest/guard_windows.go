package alloctest

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// reserve takes addresses with no memory behind them.
func reserve(size int) (unsafe.Pointer, error) {
	addr, err := windows.VirtualAlloc(0, uintptr(size), windows.MEM_RESERVE, windows.PAGE_NOACCESS)
	return *(*unsafe.Pointer)(unsafe.Pointer(&addr)), err
}

// open puts memory behind pages.
func open(pages []byte) error {
	_, err := windows.VirtualAlloc(uintptr(unsafe.Pointer(&pages[0])), uintptr(len(pages)), windows.MEM_COMMIT, windows.PAGE_READWRITE)
	return err
}

func unreserve(p unsafe.Pointer, size int) {
	// It fails only for an address that was not reserved.
	_ = windows.VirtualFree(uintptr(p), 0, windows.MEM_RELEASE)
}
