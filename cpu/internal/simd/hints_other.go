//go:build !amd64

package simd

// Pause is a moment in a loop that waits.
func Pause() {}

// Prefetch asks for memory that will soon be read, where the processor takes requests.
func Prefetch([]byte) {}
