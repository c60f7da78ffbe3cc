package cpu

import (
	"context"
	"math"
)

// radixMin is the length from which rows are ordered digit by digit: below it, what
// counting costs does not pay.
const radixMin = 192

// radixBytes is the most bytes that are counted at once.
const radixBytes = 4

// radix orders numbers by bytes of theirs, the lowest first, from the bit low on. It
// needs as much scratch as there are numbers and gives whichever of the two holds
// the outcome. Numbers that agree in those bytes keep their order.
func radix[K uint32 | uint64](ctx context.Context, x, scratch []K, low, bytes int) ([]K, error) {
	var counts [radixBytes][256]uint32
	scratch = scratch[:len(x)]
	for i, v := range x {
		if i%checkEvery == checkEvery-1 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		v >>= low
		counts[0][byte(v)]++
		if bytes > 1 {
			counts[1][byte(v>>8)]++
		}
		if bytes > 2 {
			counts[2][byte(v>>16)]++
			counts[3][byte(v>>24)]++
		}
	}
	for k := range bytes {
		places, shift := &counts[k], low+8*k
		if places[byte(x[0]>>shift)] == uint32(len(x)) {
			continue // all agree
		}
		at := uint32(0)
		for d, n := range places {
			places[d] = at
			at += n
		}
		for from := 0; from < len(x); from += checkEvery {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			for _, v := range x[from:min(from+checkEvery, len(x))] {
				d := byte(v >> shift)
				scratch[places[d]] = v
				places[d]++
			}
		}
		x, scratch = scratch, x
	}
	return x, nil
}

// digits order rows by keys.
type digits[T any] interface {
	// order puts the row of data that begins at from, whose elements lie step apart, into
	// ascending order in out, or divides it at the kth element unless that is below 0. There
	// is room for two rows of keys.
	order(ctx context.Context, room []byte, kth int, data []T, from, step int, out []T, to, apart int) error
}

// radixKeys are numbers in the order of values, and the way back. Of values that compare
// equal each has a key of its own, or they are one.
type radixKeys[T any, K uint32 | uint64] struct {
	bytes int // of a key that differ
	keys  func(dst []K, data []T, from, step int)
	value func(K) T
	// values is value of several keys. It may be nil.
	values func(dst []T, keys []K)
}

// keysOf makes keys one by one.
func keysOf[T any, K uint32 | uint64](bytes int, key func(T) K, value func(K) T) *radixKeys[T, K] {
	return &radixKeys[T, K]{bytes: bytes, value: value, keys: func(dst []K, data []T, from, step int) {
		for i := range dst {
			dst[i] = key(data[from+i*step])
		}
	}}
}

func unsignedKeys[T uint8 | uint16 | uint32](bytes int) digits[T] {
	return keysOf(bytes, func(v T) uint32 { return uint32(v) }, func(k uint32) T { return T(k) })
}

// signedKeys moves the least number to 0.
func signedKeys[T int8 | int16 | int32](bytes int) digits[T] {
	top := uint32(1) << (8*bytes - 1)
	mask := top | (top - 1)
	return keysOf(bytes, func(v T) uint32 { return uint32(v)&mask ^ top }, func(k uint32) T { return T(k ^ top) })
}

// longKeys are those of integers of 64 bits; low is the least.
func longKeys[T int64 | uint64](low T) digits[T] {
	return keysOf(8, func(v T) uint64 { return uint64(v ^ low) }, func(k uint64) T { return T(k) ^ low })
}

// bitKey orders as the number does, -0 before 0 and every NaN last, as one.
func bitKey(v float32) uint32 {
	bits := math.Float32bits(v)
	key := bits ^ (uint32(int32(bits)>>31) | 1<<31)
	if v != v {
		key = math.MaxUint32
	}
	return key
}

func fromBitKey(k uint32) float32 {
	return math.Float32frombits(k ^ (uint32(int32(^k)>>31) | 1<<31))
}

// doubleKeys are the same for float64.
func doubleKeys() digits[float64] {
	return keysOf(8, func(v float64) uint64 {
		if v != v {
			return math.MaxUint64
		}
		bits := math.Float64bits(v)
		return bits ^ (uint64(int64(bits)>>63) | 1<<63)
	}, func(k uint64) float64 { return math.Float64frombits(k ^ (uint64(int64(^k)>>63) | 1<<63)) })
}

func singleKeys() digits[float32] {
	k := keysOf(4, bitKey, fromBitKey)
	slow := k.keys
	k.keys = func(dst []uint32, data []float32, from, step int) {
		if step != 1 {
			slow(dst, data, from, step)
			return
		}
		for i, v := range data[from:][:len(dst)] {
			dst[i] = bitKey(v)
		}
	}
	k.values = func(dst []float32, keys []uint32) {
		keys = keys[:len(dst)]
		for i := range dst {
			dst[i] = fromBitKey(keys[i])
		}
	}
	return k
}

// halfKeys are those of what 16-bit floats widen to.
func halfKeys[H half | brain](value func(uint16) float32, bits func(float32) uint16) digits[H] {
	return keysOf(4, func(v H) uint32 { return bitKey(value(uint16(v))) }, func(k uint32) H { return H(bits(fromBitKey(k))) })
}

func (r *radixKeys[T, K]) order(ctx context.Context, room []byte, kth int, data []T, from, step int, out []T, to, apart int) error {
	space := typed[K](room)
	n := len(space) / 2
	keys, scratch := space[:n], space[n:]
	err := stretchwise(ctx, n, func(lo, hi int) { r.keys(keys[lo:hi], data, from+lo*step, step) })
	if err != nil {
		return err
	}
	sorted := keys
	if kth >= 0 {
		if sorted, err = selectKth(ctx, keys, scratch, kth, 0, 8*r.bytes); err != nil {
			return err
		}
		return r.write(ctx, out, to, apart, sorted)
	}
	for low := 0; low < r.bytes; low += radixBytes {
		if sorted, err = radix(ctx, sorted, scratch, 8*low, min(radixBytes, r.bytes-low)); err != nil {
			return err
		}
		if scratch = space[n:]; &sorted[0] == &scratch[0] {
			scratch = keys
		}
	}
	return r.write(ctx, out, to, apart, sorted)
}

// write writes the values of keys to places that lie apart.
func (r *radixKeys[T, K]) write(ctx context.Context, out []T, to, apart int, keys []K) error {
	if r.values == nil || apart != 1 {
		return spread(ctx, out, to, apart, keys, r.value)
	}
	return stretchwise(ctx, len(keys), func(lo, hi int) { r.values(out[to+lo:to+hi], keys[lo:hi]) })
}
