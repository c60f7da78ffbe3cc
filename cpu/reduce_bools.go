package cpu

import (
	bytes "encoding/binary"
	"math/bits"

	"github.com/mlxstar/mlxstar/engine"
)

// Bools are folded eight at a time, as the bytes of a word. Any byte but 0 is true.

const (
	wordLen  = 8
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// truthsOf has 1 in each byte that is not 0 in the word.
func truthsOf(word uint64) uint64 {
	return (word&^highBits + ^uint64(highBits) | word) & highBits >> 7
}

func truthsAt(x []truth, i int) uint64 { return bytes.LittleEndian.Uint64(truthBytes(x[i:][:wordLen])) }

func setWord(x []truth, i int, word uint64) {
	bytes.LittleEndian.PutUint64(truthBytes(x[i:][:wordLen]), word)
}

// anyTrue reports whether any element is true.
func anyTrue(x []truth) bool {
	for ; len(x) >= 4*wordLen; x = x[4*wordLen:] {
		if truthsAt(x, 0)|truthsAt(x, wordLen)|truthsAt(x, 2*wordLen)|truthsAt(x, 3*wordLen) != 0 {
			return true
		}
	}
	for _, v := range x {
		if v != 0 {
			return true
		}
	}
	return false
}

// allTrue reports whether all elements are true.
func allTrue(x []truth) bool {
	for ; len(x) >= wordLen; x = x[wordLen:] {
		if truthsOf(truthsAt(x, 0)) != lowBits {
			return false
		}
	}
	for _, v := range x {
		if v == 0 {
			return false
		}
	}
	return true
}

// countTrue counts the elements that are true.
func countTrue(x []truth) int {
	n := 0
	for ; len(x) >= wordLen; x = x[wordLen:] {
		n += bits.OnesCount64(truthsOf(truthsAt(x, 0)))
	}
	for _, v := range x {
		n += int(truthOf(v != 0))
	}
	return n
}

// anyFold and allFold fold truths. Accumulators of columns are true if not 0.
func anyFold() fold[truth, truth, truth] {
	return fold[truth, truth, truth]{
		row: func(_ *tiles, acc truth, x []truth, _ int) truth { return truthOf(acc != 0 || anyTrue(x)) },
		column: func(_ *tiles, acc, x []truth, _ int) {
			i := 0
			for ; i+wordLen <= len(acc); i += wordLen {
				setWord(acc, i, truthsAt(acc, i)|truthsAt(x, i))
			}
			for ; i < len(acc); i++ {
				acc[i] |= x[i]
			}
		},
		join: func(a, b truth) truth { return a | b },
		done: func(a truth) truth { return truthOf(a != 0) },
	}
}

func allFold() fold[truth, truth, truth] {
	return fold[truth, truth, truth]{
		start: 1,
		row:   func(_ *tiles, acc truth, x []truth, _ int) truth { return truthOf(acc != 0 && allTrue(x)) },
		column: func(_ *tiles, acc, x []truth, _ int) {
			i := 0
			for ; i+wordLen <= len(acc); i += wordLen {
				setWord(acc, i, truthsAt(acc, i)&truthsOf(truthsAt(x, i)))
			}
			for ; i < len(acc); i++ {
				acc[i] &= truthOf(x[i] != 0)
			}
		},
		join: func(a, b truth) truth { return a & b },
		done: self[truth],
	}
}

// countRows is the number of lines whose truths a byte can count.
const countRows = 255

// countFold counts truths. Those of columns are counted in bytes as long as these can.
func countFold() fold[truth, int32, int32] {
	f := fold[truth, int32, int32]{
		row: func(_ *tiles, acc int32, x []truth, _ int) int32 { return acc + int32(countTrue(x)) },
		column: func(_ *tiles, acc []int32, x []truth, _ int) {
			x = x[:len(acc)]
			for i := range acc {
				acc[i] += int32(truthOf(x[i] != 0))
			}
		},
		join: func(a, b int32) int32 { return a + b },
		done: self[int32],
	}
	f.lines = func(t *tiles, acc []int32, x []truth, rows, stride, at int) {
		for len(acc) > 0 {
			n := min(len(acc), tileLen)
			counts := tile[truth](t, 1, n)
			for from := 0; from < rows; from += countRows {
				clear(counts)
				for r := from; r < min(from+countRows, rows); r++ {
					countLine(counts, x[r*stride:])
				}
				for i, c := range counts {
					acc[i] += int32(c)
				}
			}
			acc, x = acc[n:], x[min(n, len(x)):]
		}
	}
	return f
}

// countLine adds the truths of a line to counts, which have room for them.
func countLine(counts, x []truth) {
	i := 0
	for ; i+wordLen <= len(counts); i += wordLen {
		setWord(counts, i, truthsAt(counts, i)+truthsOf(truthsAt(x, i)))
	}
	for ; i < len(counts); i++ {
		counts[i] += truthOf(x[i] != 0)
	}
}

func (t table) addBoolReductions() {
	const d = engine.Bool
	one, every := reduce(light, anyFold()), reduce(light, allFold())
	t.fold(engine.OpAny, d, d, one)
	t.fold(engine.OpMax, d, d, one)
	t.fold(engine.OpAll, d, d, every)
	t.fold(engine.OpMin, d, d, every)
	t.fold(engine.OpSum, d, engine.Int32, reduce(light, countFold()))
	both := func(acc int32, v truth) int32 { return acc * int32(truthOf(v != 0)) }
	t.fold(engine.OpProd, d, engine.Int32, reduce(light, stepwise(1, both, func(a, b int32) int32 { return a * b }, self)))
}
