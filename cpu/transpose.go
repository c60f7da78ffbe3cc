package cpu

// transposition is a copy whose rows lie across the storage: the last axis of
// the output goes by steps, another one, the depth, is contiguous in the input.
// It is done in blocks, so that what a cache line brings is used while it is
// there.
type transposition struct {
	others      walk // the remaining axes of the input
	placed      walk // and of the output
	deep, wide  int  // lengths of the contiguous axis and of the last
	step, apart int  // between elements of the last axis in the input, of the depth in the output
	blocks      int  // of the depth
}

// The sides of a block. So few rows of the output are written at once that their
// cache lines find room even where rows are a power of two apart.
const (
	blockDeep = 16
	blockWide = 64
)

// transpose splits a collapsed walk, or reports that its rows can be copied as
// they are.
func (w *walk) transpose() (t transposition, ok bool) {
	last, deep := len(w.shape)-1, -1
	for i, s := range w.strides {
		if s == 1 && i != last {
			deep = i
		}
	}
	if deep < 0 || w.shape[last] < 4 || w.shape[deep] < 4 {
		return t, false
	}
	t = transposition{deep: w.shape[deep], wide: w.shape[last], step: w.strides[last]}
	t.blocks = (t.deep + blockDeep - 1) / blockDeep
	t.others.offset = w.offset
	out := 1
	strides := make([]int, len(w.shape))
	for i := last; i >= 0; i-- {
		strides[i] = out
		out *= w.shape[i]
	}
	t.apart = strides[deep]
	for i, n := range w.shape {
		if i != last && i != deep {
			t.others.shape = append(t.others.shape, n)
			t.others.strides = append(t.others.strides, w.strides[i])
			t.placed.strides = append(t.placed.strides, strides[i])
		}
	}
	t.placed.shape = t.others.shape
	return t, true
}

// blockRow copies the i-th row of blocks, counted over all planes.
func blockRow[T any](t *transposition, out, in []T, i int, by transposer[T]) {
	plane, from := i/t.blocks, i%t.blocks*blockDeep
	rows := min(blockDeep, t.deep-from)
	src := t.others.place(plane) + from
	dst := out[t.placed.place(plane)+from*t.apart:]
	if by != nil && rows == blockDeep && t.step >= blockDeep {
		whole := t.wide &^ 7
		for l := 0; l < whole; l += 8 {
			by(dst[l:], in[src+l*t.step:], blockDeep, t.step, t.apart)
		}
		for l := whole; l < t.wide; l++ {
			for d, v := range in[src+l*t.step:][:blockDeep] {
				dst[l+d*t.apart] = v
			}
		}
		return
	}
	for at := 0; at < t.wide; at += blockWide {
		end := min(at+blockWide, t.wide)
		for l := at; l < end; l++ {
			line := in[src+l*t.step:][:rows]
			to := l
			for _, v := range line {
				dst[to] = v
				to += t.apart
			}
		}
	}
}

// lineBytes is what a cache line holds.
const lineBytes = 64

// linewise is a transposition by way of a tile, for elements of which many share a cache
// line: a line of the input is read once, and one of the output written once, also where
// rows are a power of two apart and lines of several do not find room together.
type linewise[T any] struct {
	transposition
	out, in []T
	side    int           // elements of a cache line: blocks are so deep
	rows    int           // of blocks
	by      transposer[T] // nil where there is no kernel
}

// byLines reports whether a transposition goes by way of tiles, and gives it.
func byLines[T any](t *transposition, out, in []T, by transposer[T]) (linewise[T], bool) {
	side := lineBytes / sizeOf[T]()
	if t.deep < side/2 || t.wide < side/2 {
		return linewise[T]{}, false
	}
	return linewise[T]{*t, out, in, side, (t.deep + side - 1) / side, by}, true
}

// block copies the i-th row of blocks, counted over all planes.
func (t *linewise[T]) block(ts *tiles, i int) {
	plane, from := i/t.rows, i%t.rows*t.side
	rows := min(t.side, t.deep-from)
	src := t.others.place(plane) + from
	dst := t.out[t.placed.place(plane)+from*t.apart:]
	buffer := whole[T](ts, 0)
	wide := len(buffer) / t.side
	for at := 0; at < t.wide; at += wide {
		n, done := min(wide, t.wide-at), 0
		if t.by != nil && rows == t.side && t.step >= t.side {
			for ; done+8 <= n; done += 8 {
				t.by(buffer[done:], t.in[src+(at+done)*t.step:], rows, t.step, wide)
			}
		}
		for l := done; l < n; l++ {
			to := l
			for _, v := range t.in[src+(at+l)*t.step:][:rows] {
				buffer[to] = v
				to += wide
			}
		}
		for d := range rows {
			copy(dst[d*t.apart+at:][:n], buffer[d*wide:])
		}
	}
}
