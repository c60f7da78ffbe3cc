package linear

import (
	"math"
	"slices"
)

// Which columns a vector of a part has numbers in.
const (
	inFirst = 1 << iota
	inSecond
)

// parts are two parts of a decomposition on their way to be merged. Row i of the vectors goes with pole d[i]
// and weight z[i], and has numbers in the first columns, or those from split on, or both.
type parts struct {
	*session
	d, z    []float64
	in      []uint8
	split   int
	order   []int // by d
	kept    []int // those that take part in the equation, by d
	gone    []int // those that are what they were
	columns []int // where each that is kept stands among the columns of combinations
	only    [2]int
	vectors []View
}

// newParts is given which columns rows have numbers in; head is a row that comes first, or -1.
func (s *session) newParts(d, z []float64, split, head int, vectors ...View) *parts {
	n := len(d)
	p := &parts{session: s, d: d, z: z, split: split, vectors: vectors, in: make([]uint8, n), order: make([]int, n)}
	for i := range n {
		p.order[i], p.in[i] = i, inSecond
		if i < split {
			p.in[i] = inFirst
		}
	}
	slices.SortStableFunc(p.order, func(i, j int) int {
		switch {
		case i == head || j != head && d[i] < d[j]:
			return -1
		case j == head || d[i] > d[j]:
			return 1
		}
		return 0
	})
	return p
}

// deflate sets aside what has next to no weight, which counts scale times, and one of two that
// are alike, which are turned so that it has none: alike is asked of neighbours with the cosine
// and the sine of that turn, and turns the values. The head, if there is one, is passed over.
func (p *parts) deflate(head int, scale, tolerance float64, alike func(last, i int, c, sn float64) bool) {
	last := -1
	for _, i := range p.order {
		if i == head {
			continue
		}
		if scale*math.Abs(p.z[i]) <= tolerance {
			p.gone = append(p.gone, i)
			continue
		}
		if last >= 0 {
			length := math.Hypot(p.z[i], p.z[last])
			c, sn := p.z[i]/length, -p.z[last]/length
			if alike(last, i, c, sn) {
				p.rotate(last, i, c, sn)
				p.z[i], p.z[last] = length, 0
				p.gone = append(p.gone, last)
			} else {
				p.kept = append(p.kept, last)
			}
		}
		last = i
	}
	if last >= 0 {
		p.kept = append(p.kept, last)
	}
}

// rotate turns two rows of the vectors.
func (p *parts) rotate(i, j int, c, sn float64) {
	for _, v := range p.vectors {
		turn(v.row(i, 0, v.Cols), v.row(j, 0, v.Cols), c, sn)
	}
	p.in[i] |= p.in[j]
	p.in[j] = p.in[i]
}

func turn(x, y []float64, c, s float64) {
	y = y[:len(x)]
	for k, v := range x {
		x[k], y[k] = c*v+s*y[k], c*y[k]-s*v
	}
}

// arrange puts what is kept into the order of the columns of combinations: those with numbers in the first
// columns alone, in both, and in the second.
func (p *parts) arrange() {
	p.columns = make([]int, len(p.kept))
	at := 0
	for k, in := range [3]uint8{inFirst, inFirst | inSecond, inSecond} {
		if k == 1 {
			p.only[0] = at
		} else if k == 2 {
			p.only[1] = at
		}
		for c, i := range p.kept {
			if p.in[i] == in {
				p.columns[c] = at
				at++
			}
		}
	}
}

// solve gives the roots of the equation and how far each pole lies from each of them, a row for a
// root, and the weights for which these are its roots exactly.
func (p *parts) solve(q *secular, distances View, origin []int, shift, exact []float64) {
	k := len(q.poles)
	p.run(k, max(piece/(8*k), 1), func(lo, hi int) {
		for j := lo; j < hi; j++ {
			origin[j], shift[j] = q.root(j, distances.row(j, 0, k))
		}
	})
	p.run(k, max(piece/k, 16), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			exact[i] = distances.Data[i*distances.Down+i]
		}
		for j := range k {
			row := distances.row(j, 0, k)
			for i := lo; i < hi; i++ {
				if i != j {
					exact[i] *= row[i] / q.gap(i, j)
				}
			}
		}
		for i := lo; i < hi; i++ {
			exact[i] = math.Copysign(math.Sqrt(max(-exact[i], 0)), q.weights[i])
		}
	})
}

// combine makes the rows of the v-th vectors combinations of those that are kept, by rows of factors
// whose columns are arranged. What is gone comes behind. The rows are put where places says.
func (p *parts) combine(v View, factors View, places []int) {
	room := p.room
	defer func() { p.room = room }()
	k, n := len(p.kept), len(p.d)
	out := Whole(p.zeroed(n*v.Cols), n, v.Cols)
	arranged := make([]int, k)
	for c, at := range p.columns {
		arranged[at] = p.kept[c]
	}
	for side := range 2 {
		rows, from, to, at := arranged[:p.only[1]], 0, p.split, 0
		if side == 1 {
			rows, from, to, at = arranged[p.only[0]:], p.split, v.Cols, p.only[0]
		}
		mark := p.room
		some := Whole(p.part(len(rows)*(to-from)), len(rows), to-from)
		for r, i := range rows {
			copy(some.row(r, 0, some.Cols), v.row(i, from, to))
		}
		p.add(out.from(0, from, k, to-from), factors.from(0, at, k, len(rows)), some)
		p.room = mark
	}
	for r, i := range p.gone {
		copy(out.row(k+r, 0, v.Cols), v.row(i, 0, v.Cols))
	}
	for to, from := range places {
		copy(v.row(to, 0, v.Cols), out.row(from, 0, v.Cols))
	}
}

// combineRoom is the room of combine.
func combineRoom(rows, cols int) int { return rows*cols + rows*(cols/2+2) }

// places gives the ascending order of values, and puts them into it.
func (p *parts) places(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case values[i] < values[j]:
			return -1
		case values[i] > values[j]:
			return 1
		}
		return 0
	})
	for to, from := range order {
		p.d[to] = values[from]
	}
	return order
}
