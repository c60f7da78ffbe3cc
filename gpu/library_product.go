package gpu

import "github.com/mlxstar/mlxstar/engine"

// Multiplier is a Driver with a library of matrix products.
type Multiplier interface {
	// Multiplies reports whether the library computes a product; what it has agreed to
	// it runs, as part of the commands that were recorded.
	Multiplies(p *Product) bool
}

// Product is out = alpha * a b + beta * c, of M by N elements over K terms, or a stack
// of such. Matrices lie in lines, so many elements apart; the answer's are rows
// without gaps.
type Product struct {
	Dtype       engine.Dtype
	M, N, K     int
	Stack       int // how many, whose matrices are so many elements apart
	A, B, Out   Matrix
	C           Matrix // without Buffer where nothing is added
	Alpha, Beta float32

	// Plan is what the driver has made of the product when it agreed to it.
	Plan any
}

// Matrix is one side of a product.
type Matrix struct {
	Buffer Buffer
	Offset int  // in bytes
	Line   int  // between the lines; 0 is one line for all
	Along  bool // a line holds neighbours of the terms, or, of C, of the columns
	Apart  int  // between the matrices of a stack
}

// smallestLibrary is how many multiplications make a product worth a library's call.
const smallestLibrary = 1 << 14

// byLibrary records the product for the driver's library, if it has one that takes it.
func (x *multiplication) byLibrary() bool {
	m, ok := x.queue.backend.driver.(Multiplier)
	if !ok || x.picks != nil || x.stackRank > 1 || int(x.m)*int(x.n)*int(x.k) < smallestLibrary {
		return false
	}
	p := &Product{Dtype: x.out.Dtype, M: int(x.m), N: int(x.n), K: int(x.k), Stack: int(x.count), Alpha: x.alpha, Beta: x.beta}
	out := int(x.m) * int(x.n)
	p.Out = Matrix{Line: int(x.n), Along: true, Apart: out}
	var good [3]bool
	p.A, good[0] = sideOf(x.aAlong, int(x.m), int(x.k), x.aSide, x.aDepth, x.aBatch[0])
	p.B, good[1] = sideOf(x.bAlong, int(x.n), int(x.k), x.bSide, x.bDepth, x.bBatch[0])
	good[2] = true
	if x.added != 0 {
		good[2] = (x.cCol == 1 || x.n == 1) && (x.cRow >= int64(x.n) || x.cRow == 0 || x.m == 1)
		line := int(x.cRow)
		if line != 0 || x.m == 1 {
			line = max(line, int(x.n))
		}
		p.C = Matrix{Line: line, Along: true, Apart: int(x.cBatch[0])}
	}
	if good != [3]bool{true, true, true} {
		return false
	}
	type side struct {
		m *Matrix
		o *engine.Operand
	}
	sides := []side{{&p.A, x.a}, {&p.B, x.b}, {&p.Out, x.out}}
	if x.added != 0 {
		sides = append(sides, side{&p.C, x.c})
	}
	for _, s := range sides {
		if s.o.Buffer == nil {
			return false // a constant of the graph
		}
		h, ok := s.o.Buffer.Handle().(Buffer)
		if !ok {
			return false
		}
		s.m.Buffer, s.m.Offset = h, s.o.Offset*s.o.Dtype.Size()
	}
	if !m.Multiplies(p) {
		return false
	}
	x.reads, x.writes = x.reads[:0], x.writes[:0]
	for _, s := range sides {
		if s.o == x.out {
			x.writes = append(x.writes, x.placeOf(s.o))
		} else {
			x.reads = append(x.reads, x.placeOf(s.o))
		}
	}
	x.record.SetPipeline(0)
	x.order()
	x.record.Multiply(p)
	return true
}

// sideOf describes a side of some lines along the depth, or of the depth's.
func sideOf(along bool, sides, depths int, side, depth, apart int64) (m Matrix, ok bool) {
	m = Matrix{Along: along, Apart: int(apart)}
	line, run, lines, step := side, depths, sides, int64(1)
	if !along {
		line, run, lines, step = depth, sides, depths, side
	}
	if !along && step != 1 && sides != 1 {
		return m, false
	}
	if lines == 1 {
		line = int64(run)
	}
	m.Line = int(line)
	return m, line >= int64(run)
}
