package cpu

import (
	"context"

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
	d := p.modes[p.at.Mode].decoder
	if !p.at.Transpose || p.m > codeRowsMost || d.Rows == nil {
		return nil
	}
	if a := p.codeMatrix(); a.Scaled() > codeScales || a.Groups*a.Size != p.k {
		return nil
	}
	return d.Rows(p.at.Bits)
}

// shareOfRows is how many rows of codes are worth another processor.
func (p *quantizedProduct[E]) shareOfRows(threads int) int {
	codes := min(max(p.n*p.k/(codeShares*threads), codePiece/2), codeShare)
	return max(codes/(p.m*p.k), 1)
}

// codeMatrix is how rows of codes lie.
func (p *quantizedProduct[E]) codeMatrix() simd.CodeMatrix {
	return simd.CodeMatrix{Bits: p.at.Bits, Groups: p.k / p.at.GroupSize, Size: p.at.GroupSize}
}

// wholeBlocks is k, or the next number of whole blocks.
func wholeBlocks(k int) int { return (k + simd.CodeBlock - 1) / simd.CodeBlock * simd.CodeBlock }

// arrange brings the rows of x into the order that the kernel wants, by way of room for
// one, with the sums of their groups behind.
func (p *quantizedProduct[E]) arrange(x []E) {
	whole := wholeBlocks(p.k)
	rows := p.numbers[:p.m*p.stride]
	line := p.numbers[len(rows):][:whole]
	for i := range p.m {
		p.widenTo(line[:p.k], x[i*p.k:][:p.k])
		clear(line[p.k:])
		row := rows[i*p.stride:]
		p.codes.Arrange(row, line)
		for g := range p.k / p.at.GroupSize {
			row[whole+g] = p.sum(line[g*p.at.GroupSize:][:p.at.GroupSize])
		}
	}
}

// stored computes the columns lo to hi of a product by codes as they are stored.
func (p *quantizedProduct[E]) stored(ctx context.Context, s *packed[float32], results []float32, mat, lo, hi int) error {
	a := p.codeMatrix()
	some := max(min(codeScales/a.Scaled(), codePiece/p.k), 1)
	last := (mat + 1) * p.rows
	multiply := p.codeRows()
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
		multiply(simd.Lines[float32]{Data: results[j:], Stride: p.n}, simd.Lines[float32]{Data: p.numbers, Stride: p.stride}, p.m, a)
	}
	return nil
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
