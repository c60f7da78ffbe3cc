package simd

// Keys put unsigned numbers in order, whatever they stand for.
type Keys[K uint32 | uint64] struct {
	// Most is how many keys Few takes. It is 0 where there are no kernels.
	Most int
	// Few writes the keys of src to dst, which may be src, in ascending order.
	Few func(dst, src []K)
	// Divide copies the keys of src that are below the pivot to the beginning of dst and the others to its
	// end, in some order, and gives the number of the former.
	Divide func(dst, src []K, pivot K) (below int)
}

// FewKeys is the portable [Keys].Few.
func FewKeys[K uint32 | uint64](dst, src []K) {
	copy(dst, src)
	dst = dst[:len(src)]
	for i := 1; i < len(dst); i++ {
		v := dst[i]
		j := i
		for ; j > 0 && dst[j-1] > v; j-- {
			dst[j] = dst[j-1]
		}
		dst[j] = v
	}
}

// DivideKeys is the portable [Keys].Divide.
func DivideKeys[K uint32 | uint64](dst, src []K, pivot K) (below int) {
	return divideRest(dst[:len(src)], src, pivot, 0, 0)
}

// divideRest goes on after so many keys, of which so many were below.
func divideRest[K uint32 | uint64](dst, src []K, pivot K, done, below int) int {
	above := len(src) - (done - below)
	for _, v := range src[done:] { // without a branch: one of the two places stays free
		dst[below], dst[above-1] = v, v
		at := 0
		if v < pivot {
			at = 1
		}
		below += at
		above += at - 1
	}
	return below
}
