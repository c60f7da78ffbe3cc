//go:build !linux

package simd

// tilesAllowed is false: no way to ask other systems for tiles was tried.
func tilesAllowed() bool { return false }
