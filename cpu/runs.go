package cpu

// Elements that do not lie as they are wanted are brought together by runs of the last
// axis, and several runs at a time, since runs may be short.

// gatherRows copies elements in row-major order, from the at-th on.
func gatherRows[T any](dst, data []T, w *walk, at int) {
	last := len(w.shape) - 1
	if last < 0 {
		fill(dst, data[w.offset])
		return
	}
	row, step := w.shape[last], w.strides[last]
	if col := at % row; col > 0 { // the rest of a row
		n := min(row-col, len(dst))
		copyRun(dst[:n], data, w.place(at), step)
		dst, at = dst[n:], at+n
	}
	whole := len(dst) / row * row
	if whole > 0 {
		gatherWhole(dst[:whole], data, w, at)
	}
	if rest := dst[whole:]; len(rest) > 0 {
		copyRun(rest, data, w.place(at+whole), step)
	}
}

// gatherWhole copies whole rows, from the at-th element on.
func gatherWhole[T any](dst, data []T, w *walk, at int) {
	last := len(w.shape) - 1
	row, step := w.shape[last], w.strides[last]
	if last == 0 {
		copyRun(dst, data, w.offset, step)
		return
	}
	lines, apart := w.shape[last-1], w.strides[last-1]
	line := at / row
	var c counter
	c.begin(w, last-1, line/lines)
	for line %= lines; len(dst) > 0; line = 0 {
		n := min(lines-line, len(dst)/row)
		copyRuns(dst[:n*row], data, c.place+line*apart, row, step, apart)
		dst = dst[n*row:]
		c.next()
	}
}

// counter goes through the places of the outer axes of a walk, one after another.
type counter struct {
	walk   *walk
	axes   int
	place  int
	number int // of the place, where there are more axes than are counted
	at     [counterAxes]int
}

// counterAxes is the most axes that are counted; with more, places are worked out anew.
const counterAxes = 8

// begin goes to the number-th place of the first axes.
func (c *counter) begin(w *walk, axes, number int) {
	c.walk, c.axes, c.number = w, axes, number
	clear(c.at[:])
	c.place = w.offset
	for i := axes - 1; i >= 0 && number > 0; i-- {
		k := number % w.shape[i]
		c.place += k * w.strides[i]
		number /= w.shape[i]
		if axes <= counterAxes {
			c.at[i] = k
		}
	}
}

// next moves on; behind the last place it begins again.
func (c *counter) next() {
	if c.axes > counterAxes {
		c.begin(c.walk, c.axes, c.number+1)
		return
	}
	for i := c.axes - 1; i >= 0; i-- {
		c.at[i]++
		c.place += c.walk.strides[i]
		if c.at[i] < c.walk.shape[i] {
			return
		}
		c.place -= c.at[i] * c.walk.strides[i]
		c.at[i] = 0
	}
}

// copyRun copies elements that lie step apart.
func copyRun[T any](dst, data []T, from, step int) {
	switch step {
	case 1:
		copy(dst, data[from:])
	case 0:
		fill(dst, data[from])
	case -1:
		if n := len(dst); n > 0 {
			src := data[from-n+1:][:n]
			for i := range dst {
				dst[i] = src[n-1-i]
			}
		}
	default:
		for i := range dst {
			dst[i] = data[from]
			from += step
		}
	}
}

// copyRuns copies runs of row elements that lie step apart; the runs begin apart from
// each other.
func copyRuns[T any](dst, data []T, from, row, step, apart int) {
	switch {
	case step == 1:
		copyShort(dst, data, from, row, row, apart)
	case step == 0:
		repeatEach(dst, data, from, row, apart)
	default:
		for len(dst) > 0 {
			run := dst[:row]
			p := from
			for i := range run {
				run[i] = data[p]
				p += step
			}
			dst, from = dst[row:], from+apart
		}
	}
}

// copyShort copies runs of row adjacent elements that begin apart from each other to
// places that begin wide from each other. Runs so short that a call to copy them would
// cost more are moved as one.
func copyShort[T any](dst, data []T, from, row, wide, apart int) {
	at, end := 0, len(dst)-row
	switch row {
	case 1:
		for ; at <= end; at, from = at+wide, from+apart {
			dst[at] = data[from]
		}
	case 2:
		for ; at <= end; at, from = at+wide, from+apart {
			*(*[2]T)(dst[at:]) = *(*[2]T)(data[from:])
		}
	case 3:
		for ; at <= end; at, from = at+wide, from+apart {
			*(*[3]T)(dst[at:]) = *(*[3]T)(data[from:])
		}
	case 4:
		for ; at <= end; at, from = at+wide, from+apart {
			*(*[4]T)(dst[at:]) = *(*[4]T)(data[from:])
		}
	case 8:
		for ; at <= end; at, from = at+wide, from+apart {
			*(*[8]T)(dst[at:]) = *(*[8]T)(data[from:])
		}
	default:
		for ; at <= end; at, from = at+wide, from+apart {
			copy(dst[at:][:row], data[from:])
		}
	}
}

// repeatEach repeats elements that begin apart from each other, each row times.
func repeatEach[T any](dst, data []T, from, row, apart int) {
	switch row {
	case 2:
		for ; len(dst) > 0; dst, from = dst[2:], from+apart {
			v := data[from]
			*(*[2]T)(dst) = [2]T{v, v}
		}
	case 4:
		for ; len(dst) > 0; dst, from = dst[4:], from+apart {
			v := data[from]
			*(*[4]T)(dst) = [4]T{v, v, v, v}
		}
	default:
		for ; len(dst) > 0; dst, from = dst[row:], from+apart {
			fill(dst[:row], data[from])
		}
	}
}

const (
	fillFirst = 16   // elements that are written one by one
	fillMost  = 1024 // elements that are copied at once
)

// fill writes an element everywhere.
func fill[T any](dst []T, v T) {
	first := dst[:min(len(dst), fillFirst)]
	for i := range first {
		first[i] = v
	}
	for at := len(first); at < len(dst); {
		at += copy(dst[at:], dst[:min(at, fillMost)])
	}
}
