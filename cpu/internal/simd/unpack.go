package simd

import endian "encoding/binary"

// UnpackLoop takes codes of some bits from a stream, low bits first, to a byte
// each: as many as dst has, a multiple of 8. It is what defines [Decoders].Unpack.
//
// Eight codes fill as many bytes as a code has bits. Three exchanges spread them
// over a word: halves of four codes, then pairs, then single ones.
func UnpackLoop(dst, src []byte, bits int) {
	if bits == 8 {
		copy(dst, src[:len(dst)])
		return
	}
	four, two, one := uint64(1)<<(4*bits)-1, uint64(1)<<(2*bits)-1, uint64(1)<<bits-1
	two |= two << 32
	one |= one << 16
	one |= one << 32
	for len(dst) >= 8 {
		var v uint64
		if len(src) >= 8 {
			v = endian.LittleEndian.Uint64(src)
		} else {
			for i, b := range src[:bits] {
				v |= uint64(b) << (8 * i)
			}
		}
		v = v&four | v>>(4*bits)&four<<32
		v = v&two | v>>(2*bits)&two<<16
		v = v&one | v>>bits&one<<8
		endian.LittleEndian.PutUint64(dst, v)
		dst, src = dst[8:], src[bits:]
	}
}
