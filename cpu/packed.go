package cpu

import "github.com/mlxstar/mlxstar/engine"

// packed is one processor's scratch for products: a share of the task's workspace.
// Panels are padded with zeros.
type packed[T any] struct {
	a    []T // panels of rows
	b    []T // a panel of columns
	out  []T // a tile before it is narrowed
	edge []T // what of a panel reaches over the tile's edge
	line []T
	rows []T // of a panel, on their way to be interleaved

	room []byte
}

// packedSizes is how many numbers each part of the scratch has.
type packedSizes struct{ a, b, out, edge, line, rows int }

const (
	// lineMax is the room for a line of numbers.
	lineMax = 2048
	// panelMax bounds the width of panels.
	panelMax = 32
	// rowsRoom is the room that kernels want which decode or convert some rows at a time.
	rowsRoom = panelMax * matDepth
)

// forTiles is what products of tiles of up to so many rows take whose inner length is k.
func forTiles(rows, k int) packedSizes {
	depth := min(k, matDepth)
	return packedSizes{a: (rows + panelMax) * depth, b: panelMax * depth, edge: panelMax * panelMax, rows: panelMax * depth}
}

// partAlign is what the parts of the scratch begin at multiples of, in numbers.
const partAlign = 16

func alignPart(n int) int { return (n + partAlign - 1) &^ (partAlign - 1) }

// bytes is the size of the scratch for numbers of so many bytes.
func (z packedSizes) bytes(each int) int {
	return each * (alignPart(z.a) + alignPart(z.b) + alignPart(z.out) + alignPart(z.edge) + alignPart(z.line) + alignPart(z.rows))
}

// packing gives out the scratch of a task.
type packing[T any] struct {
	shares
	sizes packedSizes
}

// newPacking cuts the workspace of a task, or what is left of it, into scratch.
func newPacking[T any](op *engine.Op, space []byte, z packedSizes) (packing[T], error) {
	s, err := newShares(op, space, z.bytes(sizeOf[T]()))
	return packing[T]{s, z}, err
}

func (p packing[T]) get() *packed[T] {
	s := &packed[T]{room: p.take()}
	space := typed[T](s.room)
	part := func(n int) []T {
		got := space[:n:n]
		space = space[alignPart(n):]
		return got
	}
	z := p.sizes
	s.a, s.b, s.out, s.edge, s.line, s.rows = part(z.a), part(z.b), part(z.out), part(z.edge), part(z.line), part(z.rows)
	return s
}

func (p packing[T]) put(s *packed[T]) { p.done(s.room) }

// packedWorkspace is the size of so many scratches for numbers of so many bytes, as many
// as processors are at work.
func (w *workers) packedWorkspace(chunks int, z packedSizes, each int) int {
	return w.sharesSize(max(chunks, 1), z.bytes(each))
}

// chunksOf is how many chunks a job of n pieces is cut into.
func chunksOf(n, grain int) int { return (n + max(grain, 1) - 1) / max(grain, 1) }
