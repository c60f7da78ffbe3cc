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
