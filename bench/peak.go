package main

// scalarFMA does twelve independent multiply-adds in each of n rounds.
func scalarFMA(n int) (flops int) {
	var a [12]float32
	x, y := float32(1.0001), float32(0.0001)
	for range n {
		for i := range a {
			a[i] = a[i]*x + y
		}
	}
	escape(a[3])
	return n * 24
}

// readScalar reads every cache line of the slice.
func readScalar(b []byte) {
	sum := byte(0)
	for i := 0; i < len(b); i += 64 {
		sum += b[i]
	}
	escape(float32(sum))
}

// escape has the compiler believe that x is wanted.
//
//go:noinline
func escape(float32) {}
