package cpu

import (
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// Convolutions of groups of few channels are products of few columns: packing what the
// kernel sees at each place would cost more than to multiply it. Each element of the kernel
// adds to a line of places the product of the line of the input that it meets, where that
// lies, and the weights of a group.

const (
	// lineWeights is the most weights of an element of the kernel, of a group, that lines are
	// multiplied by: they stay in the first-level cache.
	lineWeights = 64 * 64
	// lineLeast is the least channels of the output of a group that are worth it.
	lineLeast = 4
)

// isByLines reports whether a convolution is worked out line by line.
func isByLines(at engine.ConvAttrs, weight *engine.Operand) bool {
	outs, each := weight.Shape[0]/at.Groups, lastOf(weight.Shape)
	return at.Groups > 1 && outs >= lineLeast && outs <= 64 && outs*each <= lineWeights
}

// groupLines is one task.
type groupLines[T any] struct {
	depthwise[T, T]
	few simd.Few[T, T]
	n   int // channels of the output of a group
}

func newGroupLines[T any](ar *arithmetic[T, T], t *engine.Task) *groupLines[T] {
	g := &groupLines[T]{depthwise: *newDepthwise(ar, nil, t), few: ar.few}
	g.n = g.outs / g.at.Groups
	return g
}

// groupLinesWorkspace is room for the weights, an element's of a group together.
func groupLinesWorkspace[T any](t *engine.Task) int { return alignShare(t.In[1].Len() * sizeOf[T]()) }

func (g *groupLines[T]) run(w *workers) error {
	g.lay(typed[T](g.task.Workspace.Data))
	return w.run(g.task.Ctx, g.pieces(), max(g.grain()/g.each, 1), func(_ *tiles, lo, hi int) error {
		at := 0
		for i := lo; i < hi; i++ {
			for i >= g.lines[at+1] {
				at++
			}
			if err := g.task.Ctx.Err(); err != nil {
				return err
			}
			g.line(&g.phases[at], i-g.lines[at])
		}
		return nil
	})
}

// lay writes the weights of a group and an element of the kernel as a matrix, a row for each
// channel of the input.
func (g *groupLines[T]) lay(to []T) {
	elements := engine.Elements(g.kernel)
	g.weights = to[:elements*g.each*g.outs]
	for o := range g.outs {
		group, column := o/g.n, o%g.n
		for e := range elements {
			matrix := g.weights[(group*elements+e)*g.each*g.n:]
			for c, v := range g.w[(o*elements+e)*g.each:][:g.each] {
				matrix[c*g.n+column] = v
			}
		}
	}
}

// line computes the places of a phase that differ along the last axis alone.
func (g *groupLines[T]) line(ph *phase, number int) {
	last := g.rank - 1
	batch, line, moved := g.begin(ph, number)
	step := ph.step[last] * g.outs
	out := g.out[(line*g.sizes[last]+ph.first[last])*g.outs:]
	for j := range ph.count[last] {
		clear(out[j*step:][:g.outs])
	}
	outer, elements := 1, engine.Elements(g.kernel)
	for i := range last {
		outer *= len(ph.elements[i])
	}
	for number := range outer {
		x, element, ok := g.reach(ph, batch, &moved, number)
		if !ok {
			continue
		}
		for k, to := range ph.origin[last] {
			lo, hi := inside(to, ph.move[last], ph.count[last], g.in[last])
			if lo >= hi {
				continue
			}
			seen := g.x[(x*g.in[last]+to+lo*ph.move[last])*g.all:]
			e := element*g.kernel[last] + ph.elements[last][k]
			for group := range g.at.Groups {
				g.few.Rows(
					simd.Lines[T]{Data: out[lo*step+group*g.n:], Stride: step},
					simd.Lines[T]{Data: seen[group*g.each:], Stride: ph.move[last] * g.all},
					simd.Lines[T]{Data: g.weights[(group*elements+e)*g.each*g.n:], Stride: g.n},
					hi-lo, g.each, g.n)
			}
		}
	}
}
