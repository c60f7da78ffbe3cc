// Package shapes is the arithmetic of shapes and strides: how arrays broadcast, lie in
// memory and are read under another shape. It knows no dtypes and no arrays.
package shapes

import (
	"strconv"
	"strings"
)

// Format writes a shape as a Python tuple: (), (3,), (2,3).
func Format(shape []int) string {
	var s strings.Builder
	s.WriteByte('(')
	for i, n := range shape {
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteString(strconv.Itoa(n))
	}
	if len(shape) == 1 {
		s.WriteByte(',')
	}
	s.WriteByte(')')
	return s.String()
}

// Elements is the number of elements of an array of the shape.
func Elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// RowMajor gives the strides, in elements, of a contiguous array of the shape,
// the last axis varying fastest.
func RowMajor(shape []int) []int {
	strides := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = n
		n *= shape[i]
	}
	return strides
}

// IsRowMajor reports whether the elements lie in row-major order without gaps.
// Axes of length 1 may have any stride.
func IsRowMajor(shape, strides []int) bool {
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] == 0 {
			return true
		}
		if shape[i] != 1 && strides[i] != n {
			return false
		}
		n *= shape[i]
	}
	return true
}

// Broadcast gives the shape to which all the shapes broadcast. Ok is
// false where two axes differ and neither is 1.
func Broadcast(shapes ...[]int) (out []int, ok bool) {
	rank := 0
	for _, s := range shapes {
		rank = max(rank, len(s))
	}
	out = make([]int, rank)
	for i := range out {
		out[i] = 1
	}
	for _, s := range shapes {
		for i, n := range s {
			at := rank - len(s) + i
			switch {
			case out[at] == n || n == 1:
			case out[at] == 1:
				out[at] = n
			default:
				return nil, false
			}
		}
	}
	return out, true
}

// BroadcastStrides gives the strides that read an array of the shape and
// strides as if it had the larger shape.
func BroadcastStrides(shape, strides, to []int) []int {
	out := make([]int, len(to))
	lead := len(to) - len(shape)
	for i := range shape {
		if shape[i] == to[lead+i] {
			out[lead+i] = strides[i]
		}
	}
	return out
}

// Collapse merges adjacent axes that every one of the stride sets walks as
// one, and drops axes of length 1, so that kernels see the fewest loops. All
// sets have the shape's length. An array of one element gives no axes.
func Collapse(shape []int, strides ...[]int) (outShape []int, outStrides [][]int) {
	outStrides = make([][]int, len(strides))
	for i := range shape {
		if shape[i] == 1 {
			continue
		}
		last := len(outShape) - 1
		if last >= 0 && mergeable(shape[i], i, last, strides, outStrides) {
			outShape[last] *= shape[i]
			for k := range strides {
				outStrides[k][last] = strides[k][i]
			}
			continue
		}
		outShape = append(outShape, shape[i])
		for k := range strides {
			outStrides[k] = append(outStrides[k], strides[k][i])
		}
	}
	return outShape, outStrides
}

func mergeable(n, axis, last int, strides, outStrides [][]int) bool {
	for k := range strides {
		if outStrides[k][last] != strides[k][axis]*n {
			return false
		}
	}
	return true
}

// ReshapeStrides finds strides that give the array the new shape without a
// copy, or ok false. Both shapes have the same number of elements.
func ReshapeStrides(shape, strides, to []int) (out []int, ok bool) {
	if Elements(shape) == 0 {
		return RowMajor(to), true
	}
	cs, cst := Collapse(shape, strides)
	out = make([]int, len(to))
	// Each run of new axes must fill exactly one collapsed old axis, or a
	// trailing part of it.
	axis := len(cs) - 1
	left, step := 1, 1
	if axis >= 0 {
		left, step = cs[axis], cst[0][axis]
	}
	for i := len(to) - 1; i >= 0; i-- {
		if to[i] == 1 {
			out[i] = step
			continue
		}
		if left == 1 && axis > 0 {
			axis--
			left, step = cs[axis], cst[0][axis]
		}
		if left%to[i] != 0 {
			return nil, false
		}
		out[i] = step
		step *= to[i]
		left /= to[i]
	}
	return out, true
}

// Axis maps a negative axis to its place; ok is false out of range.
func Axis(axis, rank int) (int, bool) {
	if axis < 0 {
		axis += rank
	}
	return axis, axis >= 0 && axis < rank
}
