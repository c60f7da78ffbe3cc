package engine

import (
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// signBlocks is a matrix of signs made of circulant blocks: for each row of
// blocks its first line, of which every further line is the one before with each
// block's signs moved one place to the right.
type signBlocks struct {
	block int
	lines []string
}

// hadamardCores are the Hadamard matrices whose size is no power of two; their
// columns are what the transform gives for the unit vectors.
var hadamardCores = map[int]signBlocks{
	12: {1, []string{
		"+-++++++++++",
		"--+-+-+-+-+-",
		"+++-++----++",
		"+---+--+-++-",
		"+++++-++----",
		"+-+---+--+-+",
		"++--+++-++--",
		"+--++---+--+",
		"++----+++-++",
		"+--+-++---+-",
		"++++----+++-",
		"+-+--+-++---",
	}},
	20: {5, []string{
		"+-----++++--++--+--+",
		"+----+----+-++---++-",
		"++--+-+--++----+----",
		"+-++-++--+-+++++----",
	}},
	28: {7, []string{
		"+--------++++--+-++-+-++--++",
		"++----++------+--++---+-++-+",
		"+-+--+--++--+++------++----+",
		"+--++--+-+--+---++++-+------",
	}},
}

// hadamardCore is the matrix that multiplies columns.
func (b *Builder) hadamardCore(n int, d Dtype) *Node {
	core := hadamardCores[n]
	elements := make([]byte, n*n*d.Size())
	m := core.block
	for i := range n {
		for j := range n {
			sign := complex128(-1)
			if core.lines[i/m][j/m*m+(j%m-i%m+m)%m] == '+' {
				sign = 1
			}
			dtype.PutElement(elements[(j*n+i)*d.Size():], d, sign)
		}
	}
	return b.FromBytes(elements, d, []int{n, n})
}

// Hadamard multiplies the last axis by the Hadamard matrix of its size, a
// power of two times 1, 12, 20 or 28.
func (b *Builder) Hadamard(x *Node, scale float64) *Node {
	r := len(x.shape)
	if d := x.dtype; d == Float64 || d.IsComplex() {
		b.failf(ValueError, "hadamard_transform", "got %s, want float32, float16 or bfloat16", d)
	}
	n, odd := x.shape[r-1], x.shape[r-1]
	power := 1
	for odd > 1 && odd%2 == 0 && odd != 12 && odd != 20 && odd != 28 {
		odd, power = odd/2, power*2
	}
	if n == 0 || odd != 1 && hadamardCores[odd].block == 0 {
		b.failf(ValueError, "hadamard_transform", "the last axis has %d elements, want a power of two times 1, 12, 20 or 28", n)
	}
	d := x.dtype.AtLeastFloat()
	shape := x.shape
	x = b.Reshape(b.wide(b.AsType(x, d)), []int{-1, odd, power}) // half floats are rounded once
	for half := 1; half < power; half *= 2 {
		pairs := b.Reshape(x, []int{-1, 2, half})
		low, high := b.Narrow(pairs, 1, 0, 1), b.Narrow(pairs, 1, 1, 2)
		x = b.Concatenate([]*Node{b.Add(low, high), b.Sub(low, high)}, 1)
	}
	x = b.Reshape(x, []int{-1, odd, power})
	if odd > 1 {
		x = b.MatMul(b.hadamardCore(odd, x.dtype), x)
	}
	return b.AsType(b.Mul(b.Reshape(x, shape), b.Scalar(scale, x.dtype)), d)
}
