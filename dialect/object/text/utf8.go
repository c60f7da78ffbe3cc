package text

// UTF8Fault describes the malformed sequence that b begins with, as CPython's
// codec does: how many bytes it has, which an error handler passes over together,
// and what is wrong. The second byte's range after E0, ED, F0 and F4 is narrower
// (Unicode Standard, table 3-7), so that the rest is not part of the sequence.
func UTF8Fault(b string) (length int, reason string) {
	lead := b[0]
	var more int
	switch {
	case lead >= 0xc2 && lead < 0xe0:
		more = 1
	case lead >= 0xe0 && lead < 0xf0:
		more = 2
	case lead >= 0xf0 && lead < 0xf5:
		more = 3
	default:
		return 1, "invalid start byte"
	}
	low, high := byte(0x80), byte(0xbf)
	switch lead {
	case 0xe0:
		low = 0xa0
	case 0xed:
		high = 0x9f
	case 0xf0:
		low = 0x90
	case 0xf4:
		high = 0x8f
	}
	for n := 1; n <= more; n++ {
		if n == len(b) {
			return n, "unexpected end of data"
		}
		if b[n] < low || b[n] > high {
			return n, "invalid continuation byte"
		}
		low, high = 0x80, 0xbf
	}
	return 1, "invalid start byte" // not reached for malformed sequences
}
