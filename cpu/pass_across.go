package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// An operand whose rows lie across the storage, such as a transposed one, is brought over
// block by block: what a cache line of it brings belongs to several rows, which are worked
// out together, some columns of each.

const (
	overRows    = 16  // rows of a block
	overColumns = 256 // columns of a block
	overMost    = 2   // operands that blocks are made of
	overBytes   = overRows * overColumns * 8
)

// liesAcross reports whether neighbours along a row lie far apart, and below each other side
// by side.
func (s *operand) liesAcross() bool {
	last := len(s.walk.shape) - 1
	if last < 1 || s.size > 8 || s.walk.strides[last-1] != 1 {
		return false
	}
	step := s.walk.strides[last]
	return max(step, -step)*s.size >= lineBytes && s.walk.shape[last-1] >= overRows && s.walk.shape[last] >= rowMin
}

// runAcross computes the pass by blocks.
func (p *pass) runAcross(w *workers, t *engine.Task) error {
	shape := p.spread[0].walk.shape
	lines := shape[len(shape)-2]
	blocks := (lines + overRows - 1) / overRows // of a plane
	planes := shapes.Elements(shape[:len(shape)-2])
	return w.run(t.Ctx, planes*blocks, max(p.grain(w)/(overRows*p.row), 1), func(ts *tiles, lo, hi int) error {
		if need := p.across * overBytes; len(ts.pass.blocks) < need {
			ts.pass.blocks = make([]byte, need)
		}
		ops := p.prepare(ts, p.length)
		defer clear(ops)
		defer clear(ts.pass.args[:])
		width := min(overColumns, p.length)
		for i := lo; i < hi; i++ {
			from := i % blocks * overRows
			first, count := (i/blocks*lines+from)*p.row, min(overRows, lines-from)
			for at := 0; at < p.row; at += width {
				if err := t.Ctx.Err(); err != nil {
					return err
				}
				p.block(ts, ops, first+at, count, min(width, p.row-at))
			}
		}
		return nil
	})
}

// block computes n elements of each of some rows, from the lo-th element on.
func (p *pass) block(ts *tiles, ops [][]byte, lo, rows, n int) {
	for i := range p.spread {
		if s := &p.spread[i]; s.across > 0 {
			s.bring(s.block(ts), lo, rows, n)
		}
	}
	for r := range rows {
		p.at(ts, ops, lo+r*p.row, n)
		for i := range p.spread {
			if s := &p.spread[i]; s.across > 0 {
				ops[s.place] = s.block(ts)[r*overColumns*s.size:][:n*s.size]
			}
		}
		p.stretch(ts, ops, n)
	}
}

// block is the operand's part of the memory of blocks.
func (s *operand) block(ts *tiles) []byte {
	return ts.pass.blocks[(s.across-1)*overBytes:][:overBytes]
}

// bring copies n elements of each of some rows, from the at-th element on, to rows of a block.
func (s *operand) bring(dst []byte, at, rows, n int) {
	step, from := s.walk.strides[len(s.walk.strides)-1], s.walk.place(at)
	switch s.size {
	case 1:
		bringLines(dst, s.data, from, step, rows, n)
	case 2:
		bringLines(typed[uint16](dst), typed[uint16](s.data), from, step, rows, n)
	case 4:
		bringLines(typed[uint32](dst), typed[uint32](s.data), from, step, rows, n)
	default:
		bringLines(typed[uint64](dst), typed[uint64](s.data), from, step, rows, n)
	}
}

func bringLines[T any](dst, data []T, from, step, rows, n int) {
	for i := range n {
		if to := dst[i:]; rows == overRows {
			for r, v := range (*[overRows]T)(data[from:]) {
				to[r*overColumns] = v
			}
		} else {
			for r, v := range data[from:][:rows] {
				to[r*overColumns] = v
			}
		}
		from += step
	}
}
