//go:build unix && !linux

package alloc

import "unsafe"

// mapLarge maps pages, whose size these systems choose by themselves.
func mapLarge(size int) (unsafe.Pointer, error) { return mapPages(size) }
