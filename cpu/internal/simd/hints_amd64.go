package simd

// Prefetch asks for memory that will soon be read.
func Prefetch(p []byte) {
	const line = 64
	if n := len(p); n > 0 {
		prefetch(&p[0], (n+line-1)/line)
	}
}
