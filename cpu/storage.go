package cpu

import (
	"unsafe"

	"github.com/mlxstar/mlxstar/engine"
)

// The package's only views of untyped bytes as elements are in this file.

// storage is the operand's whole storage as elements of T, whose size must be
// the dtype's.
func storage[T any](o *engine.Operand) []T { return typed[T](o.Data) }

// dense is the elements of an operand that is row-major, nil while it has no storage.
func dense[T any](o *engine.Operand) []T {
	n := o.Len()
	if n == 0 || o.Data == nil {
		return nil
	}
	return storage[T](o)[o.Offset:][:n]
}

// truthBytes is bools as bytes.
func truthBytes(c []truth) []uint8 { return unsafe.Slice((*uint8)(unsafe.SliceData(c)), len(c)) }

// wordsOf is floats as what they are made of.
func wordsOf(x []float32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// bytesOf is elements as bytes.
func bytesOf[T any](x []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*sizeOf[T]())
}

// sizeOf is the size of a T in bytes.
func sizeOf[T any]() int {
	var zero T
	return int(unsafe.Sizeof(zero))
}

func typed[T any](p []byte) []T {
	var zero T
	if len(p) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(p))), len(p)/int(unsafe.Sizeof(zero)))
}

// tileLen is the number of elements that a tile holds: small enough for
// several tiles to stay in the first-level cache, large enough to hide what a
// tile costs.
const tileLen = 512

// span is the number of elements of T that fit a tile, at most tileLen.
func span[T any]() int { return min(tileLen, tileLen*8/max(sizeOf[T](), 1)) }

// wide is an element of 16 bytes, of operations that move elements.
type wide [2]uint64

// tileCount is the number of tiles a chunk may use at once: three operands, the
// result, and as many for conversion.
const tileCount = 8

// tiles is a worker's scratch.
type tiles struct {
	memory [tileCount][tileLen]uint64
	sides  [sideBytes / 8]uint64
	pass   passScratch
}

// side is as many accumulators of A as one works on side by side.
func side[A any](t *tiles, n int) []A {
	return unsafe.Slice((*A)(unsafe.Pointer(&t.sides)), n)
}

// tileBytes is the memory of a tile.
const tileBytes = tileLen * 8

// whole is the k-th tile as all the elements of T that it has room for.
func whole[T any](t *tiles, k int) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(&t.memory[k])), tileBytes/max(sizeOf[T](), 1))
}

// tile is the k-th tile as n elements of T.
func tile[T any](t *tiles, k, n int) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(&t.memory[k])), tileLen)[:n]
}

// partsOf is complex numbers as their parts, real and imaginary by turns, and pairsOf the
// way back.
func partsOf[T float, C complexNumber](x []C) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x))
}

func pairsOf[C complexNumber, T float](x []T) []C {
	return unsafe.Slice((*C)(unsafe.Pointer(unsafe.SliceData(x))), len(x)/2)
}
