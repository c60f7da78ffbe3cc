package cpu

import (
	"context"
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// radixMin is the length from which rows are ordered digit by digit: below it, what
// counting costs does not pay.
const radixMin = 192

// vectorMin is the length from which rows are ordered by keys where the processor has kernels for that.
const vectorMin = 2

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
	order(ctx context.Context, w *workers, room []byte, kth int, data []T, from, step int, out []T, to, apart int) error
	// rows puts rows of so many elements, which lie together, in order, if a kernel takes rows of that length.
	rows(ts *tiles, out, data []T, length int) bool
	// least is the length from which rows are ordered by keys.
	least() int
}

// radixKeys are numbers in the order of values, and the way back. Of values that compare
// equal each has a key of its own, or they are one.
type radixKeys[T any, K uint32 | uint64] struct {
	bytes int // of a key that differ
	// keys makes keys of elements, values goes back.
	keys   func(dst []K, data []T)
	values func(dst []T, keys []K)
	vector *simd.Keys[K] // nil where there are no kernels
}

// keysOf makes keys by two loops, if a kernel may order them with its help.
func keysOf[T any, K uint32 | uint64](bytes int, vector *simd.Keys[K], keys func(dst []K, data []T), values func(dst []T, keys []K)) *radixKeys[T, K] {
	if vector.Most == 0 {
		vector = nil
	}
	return &radixKeys[T, K]{bytes: bytes, keys: keys, values: values, vector: vector}
}

func unsignedKeys[T uint8 | uint16 | uint32](bytes int, vector *simd.Keys[uint32]) *radixKeys[T, uint32] {
	return keysOf(bytes, vector, func(dst []uint32, data []T) {
		for i := range dst {
			dst[i] = uint32(data[i])
		}
	}, func(dst []T, keys []uint32) {
		for i, k := range keys {
			dst[i] = T(k)
		}
	})
}

// signedKeys moves the least number to 0.
func signedKeys[T int8 | int16 | int32](bytes int, vector *simd.Keys[uint32]) *radixKeys[T, uint32] {
	top := uint32(1) << (8*bytes - 1)
	mask := top | (top - 1)
	return keysOf(bytes, vector, func(dst []uint32, data []T) {
		for i := range dst {
			dst[i] = uint32(data[i])&mask ^ top
		}
	}, func(dst []T, keys []uint32) {
		for i, k := range keys {
			dst[i] = T(k ^ top)
		}
	})
}

// longKeys are those of integers of 64 bits; low is the least.
func longKeys[T int64 | uint64](low T, vector *simd.Keys[uint64]) digits[T] {
	return keysOf(8, vector, func(dst []uint64, data []T) {
		for i := range dst {
			dst[i] = uint64(data[i] ^ low)
		}
	}, func(dst []T, keys []uint64) {
		for i, k := range keys {
			dst[i] = T(k) ^ low
		}
	})
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
func doubleKeys(vector *simd.Keys[uint64]) digits[float64] {
	return keysOf(8, vector, func(dst []uint64, data []float64) {
		for i := range dst {
			v := data[i]
			bits := math.Float64bits(v)
			dst[i] = bits ^ (uint64(int64(bits)>>63) | 1<<63)
			if v != v {
				dst[i] = math.MaxUint64
			}
		}
	}, func(dst []float64, keys []uint64) {
		for i, k := range keys {
			dst[i] = math.Float64frombits(k ^ (uint64(int64(^k)>>63) | 1<<63))
		}
	})
}

func singleKeys(k *simd.Kernels) digits[float32] {
	if k.FloatKeys != nil {
		return keysOf(4, &k.Words, k.FloatKeys, k.FromFloatKeys)
	}
	return keysOf(4, &k.Words, func(dst []uint32, data []float32) {
		for i := range dst {
			dst[i] = bitKey(data[i])
		}
	}, func(dst []float32, keys []uint32) {
		for i, k := range keys {
			dst[i] = fromBitKey(k)
		}
	})
}

// halfKeys are those of what 16-bit floats widen to.
func halfKeys[H half | brain](value func(uint16) float32, bits func(float32) uint16, vector *simd.Keys[uint32]) digits[H] {
	return keysOf(4, vector, func(dst []uint32, data []H) {
		for i := range dst {
			dst[i] = bitKey(value(uint16(data[i])))
		}
	}, func(dst []H, keys []uint32) {
		for i, k := range keys {
			dst[i] = H(bits(fromBitKey(k)))
		}
	})
}

func (r *radixKeys[T, K]) least() int {
	if r.vector != nil {
		return vectorMin
	}
	return radixMin
}

func (r *radixKeys[T, K]) order(ctx context.Context, w *workers, room []byte, kth int, data []T, from, step int, out []T, to, apart int) error {
	space := typed[K](room)
	n := len(space) / 2
	keys, scratch := space[:n], space[n:]
	// What lies apart is brought together where the other keys will be, which are no smaller.
	together := func(free []K) []T { return typed[T](bytesOf(free))[:n] }
	x := data[min(from, len(data)):]
	if step != 1 {
		x = together(scratch)
		if err := stretchwise(ctx, n, func(lo, hi int) { copyRun(x[lo:hi], data, from+lo*step, step) }); err != nil {
			return err
		}
	}
	err := stretchwise(ctx, n, func(lo, hi int) { r.keys(keys[lo:hi], x[lo:hi]) })
	if err != nil {
		return err
	}
	sorted, err := orderKeys(ctx, w, r.vector, keys, scratch, kth, 0, r.bytes)
	if err != nil {
		return err
	}
	if apart == 1 {
		return stretchwise(ctx, n, func(lo, hi int) { r.values(out[to+lo:to+hi], sorted[lo:hi]) })
	}
	if &sorted[0] == &scratch[0] {
		scratch = keys
	}
	y := together(scratch)
	if err := stretchwise(ctx, n, func(lo, hi int) { r.values(y[lo:hi], sorted[lo:hi]) }); err != nil {
		return err
	}
	return spread(ctx, out, to, apart, y, self[T])
}

// orderKeys puts keys, which differ in so many bytes from the bit low on and are not distinguished
// otherwise, in order, or divides them at the kth unless that is below 0. It gives x or the scratch.
func orderKeys[K uint32 | uint64](ctx context.Context, w *workers, vector *simd.Keys[K], x, scratch []K, kth, low, bytes int) ([]K, error) {
	scratch = scratch[:len(x)]
	switch {
	case vector != nil && (bytes > 2 || len(x) < radixMin):
		q := newQuick(ctx, w, vector)
		if kth >= 0 {
			return x, q.kth(x, scratch, kth)
		}
		return x, q.order(x, scratch, x)
	case kth >= 0:
		return selectKth(ctx, x, scratch, kth, low, low+8*bytes)
	}
	for done := 0; done < bytes; done += radixBytes {
		sorted, err := radix(ctx, x, scratch, low+8*done, min(radixBytes, bytes-done))
		if err != nil {
			return nil, err
		}
		if &sorted[0] != &x[0] {
			x, scratch = scratch, x
		}
	}
	return x, nil
}

func (r *radixKeys[T, K]) rows(ts *tiles, out, data []T, length int) bool {
	if r.vector == nil || length > r.vector.Most {
		return false
	}
	keys := tile[K](ts, 0, tileLen/length*length)
	for at := 0; at < len(out); at += len(keys) {
		part := keys[:min(len(keys), len(out)-at)]
		r.keys(part, data[at:][:len(part)])
		for i := 0; i < len(part); i += length {
			r.vector.Few(part[i:i+length], part[i:i+length])
		}
		r.values(out[at:][:len(part)], part)
	}
	return true
}
