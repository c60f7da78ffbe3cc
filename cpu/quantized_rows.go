package cpu

import (
	"context"
	"math/bits"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

const (
	// codeRowsMost is the number of rows of x up to which codes are multiplied as they
	// are stored, where the processor's kernels can: more have them decoded first.
	codeRowsMost = 8
	// codeScales is the room for the scales, and that for the biases, of some rows of codes.
	codeScales = 4096
	// codePiece is the number of codes that are multiplied before their successors' scales
	// are asked for, and codeShare that from which on they are another processor's. There are
	// several shares for each processor, as some come late.
	codePiece  = 1 << 16
	codeShare  = 1 << 18
	codeShares = 4
)

// codeRows gives the kernel that multiplies by the codes as they are stored, or nil.
func (p *quantizedProduct[E]) codeRows() simd.CodeRows {
	if !p.at.Transpose || p.m > codeRowsMost {
		return nil
	}
	return p.codeFloats()
}

// codeFloats gives it whatever the number of rows.
func (p *quantizedProduct[E]) codeFloats() simd.CodeRows {
	d, a := p.modes[p.at.Mode].decoder, p.codeMatrix()
	if d.Rows == nil || a.Scaled() > codeScales || a.Groups*a.Size != p.k {
		return nil
	}
	return d.Rows(p.at.Bits)
}

// shareOfRows is how many rows of codes are worth another processor.
func (p *quantizedProduct[E]) shareOfRows(threads int) int {
	codes := min(max(p.n*p.k/(codeShares*threads), codePiece/2), codeShare)
	return max(codes/(p.m*p.k), 1)
}

// fixedRows are the kernels for numbers in fixed point, or nil.
func (p *quantizedProduct[E]) fixedRows() *simd.FixedRows {
	if fixed := p.modes[p.at.Mode].decoder.Fixed; fixed != nil {
		return fixed(p.at.Bits)
	}
	return nil
}

// codeMatrix is how rows of codes lie.
func (p *quantizedProduct[E]) codeMatrix() simd.CodeMatrix {
	return simd.CodeMatrix{Bits: p.at.Bits, Groups: p.k / p.at.GroupSize, Size: p.at.GroupSize}
}

// arrange brings the rows of x into the order that the kernel wants, by way of room for
// one, with the sums of their groups behind, and in fixed point where there are kernels for that. It
// notes the rows that have none.
func (p *quantizedProduct[E]) arrange(x []E) {
	a, fixed := p.codeMatrix(), p.fixedRows()
	blocks, wholes := a.Whole(simd.CodeBlock), a.Whole(simd.FixedBlock)
	rows := p.numbers[:p.m*p.stride]
	line := p.numbers[len(rows):][:wholes]
	p.floats = 0
	for i := range p.m {
		p.widenTo(line[:p.k], x[i*p.k:][:p.k])
		clear(line[p.k:])
		row := rows[i*p.stride:]
		sums := row[wholes:]
		if fixed == nil || !fixed.Fix(row, line) {
			p.floats |= 1 << i
			p.codes.Arrange(row, line[:blocks])
			sums = row[blocks:]
		}
		for g := range a.Groups {
			sums[g] = p.sum(line[g*p.at.GroupSize:][:p.at.GroupSize])
		}
	}
}

// stored computes the columns lo to hi of a product by codes as they are stored.
func (p *quantizedProduct[E]) stored(ctx context.Context, s *packed[float32], results []float32, mat, lo, hi int) error {
	a := p.codeMatrix()
	some := max(min(codeScales/a.Scaled(), codePiece/p.k), 1)
	last := (mat + 1) * p.rows
	for j := lo; j < hi; j += some {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.Rows = min(some, hi-j)
		first := mat*p.rows + j
		a.Codes = p.words[first*p.rowBytes:][:a.Rows*p.rowBytes]
		a.Scales, a.Biases = p.scalesOf(&a, s.rows, first)
		if next := first + a.Rows; next < last {
			p.askScales(&a, next, min(some, last-next))
		}
		p.multiply(results[j:], a)
	}
	return nil
}

// multiply multiplies all rows of x by rows of codes: a row that there is in fixed point by itself,
// and those that there are as floats together.
func (p *quantizedProduct[E]) multiply(results []float32, a simd.CodeMatrix) {
	wholes := a.Whole(simd.FixedBlock)
	for i := 0; i < p.m; {
		row := p.numbers[i*p.stride:]
		floats := bits.TrailingZeros(^p.floats >> i)
		if floats == 0 {
			p.fixedRows().Multiply(results[i*p.n:], row[:wholes], row[wholes:], a)
			i++
			continue
		}
		y, x := simd.Lines[float32]{Data: results[i*p.n:], Stride: p.n}, simd.Lines[float32]{Data: row, Stride: p.stride}
		p.codeRows()(y, x, floats, a)
		i += floats
	}
}

// askScales asks for the scales and biases of rows of codes.
func (p *quantizedProduct[E]) askScales(a *simd.CodeMatrix, first, rows int) {
	from, n := first*a.Groups, rows*a.Groups
	if p.mode.scales != nil {
		simd.Prefetch(p.exponents[from:][:n])
		return
	}
	simd.Prefetch(bytesOf(p.scales[from:][:n]))
	simd.Prefetch(bytesOf(p.biases[from:][:n]))
}

// scalesOf gives the scales and biases of rows of codes, as float32, in place if they lie so.
func (p *quantizedProduct[E]) scalesOf(a *simd.CodeMatrix, room []float32, first int) (scales, biases []float32) {
	from, n := first*a.Groups, a.Rows*a.Groups
	repeat := a.Scaled() / a.Groups
	scales = room[:n]
	switch values := p.mode.scales; {
	case values != nil:
		for i, e := range p.exponents[from:][:n] {
			scales[i] = values[e]
		}
	default:
		same, ok := any(p.scales).([]float32)
		if ok {
			biases = any(p.biases).([]float32)[from:][:n]
			if repeat == 1 {
				return same[from:][:n], biases
			}
		} else {
			biases = room[codeScales:][:n]
			p.widen(biases, p.biases[from:][:n])
		}
		p.widenTo(scales, p.scales[from:])
	}
	if repeat > 1 {
		scales = room[:n*repeat]
		for i := n - 1; i >= 0; i-- {
			fill(scales[i*repeat:][:repeat], scales[i])
		}
	}
	return scales, biases
}
