//go:build !amd64

package simd

// Pause is a moment in a loop that waits.
func Pause() {}
