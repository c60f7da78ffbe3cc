//go:build unix && !linux

package alloc

import "unsafe"

// advise does nothing: these systems choose page sizes by themselves.
func advise(unsafe.Pointer, int) {}
