package cpu

import (
	"context"
	"slices"

	"github.com/mlxstar/mlxstar/engine"
)

// Partitions of long rows do not order them: keys are divided by their leading digit into
// those before that of the k-th key, those with it and those behind, and the second of these
// by the next digit.

const (
	selectBits = 11 // of a digit
	// selectOrdered is the length up to which what comes before the k-th element, or behind
	// it, is put in order.
	selectOrdered = 1024
)

// selectKth moves the keys so that the k-th, counted from 0 in ascending order, is where it
// belongs, none before it is greater and none behind it less. Keys differ in their bits from
// low to high. It needs as much scratch as there are keys, and gives whichever of the two
// holds the outcome.
func selectKth[K uint32 | uint64](ctx context.Context, x, scratch []K, k, low, high int) ([]K, error) {
	whole, from, to := x, 0, len(x) // the part that the k-th is in
	scratch = scratch[:len(x)]
	for top := high; top > low && to-from > 1; {
		shift := max(top-selectBits, low)
		mask := K(1)<<(top-shift) - 1
		var counts [1 << selectBits]uint32
		err := stretchwise(ctx, to-from, func(lo, hi int) {
			for _, v := range whole[from+lo : from+hi] {
				counts[v>>shift&mask]++
			}
		})
		if err != nil {
			return nil, err
		}
		digit, before := 0, from
		for before+int(counts[digit]) <= k {
			before += int(counts[digit])
			digit++
		}
		if n := int(counts[digit]); n < to-from {
			places := [3]int{from, before, before + n}
			err := stretchwise(ctx, to-from, func(lo, hi int) { divideBy(scratch, whole[from+lo:from+hi], &places, K(digit), shift, mask) })
			if err != nil {
				return nil, err
			}
			copy(whole[from:to], scratch[from:to])
			from, to = before, before+n
		}
		top = shift
	}
	if k <= selectOrdered {
		slices.Sort(whole[:k])
	}
	if len(whole)-k-1 <= selectOrdered {
		slices.Sort(whole[k+1:])
	}
	return whole, nil
}

// divideBy copies keys to three places, by whether their digit is less, the same or greater.
// It decides by branches: the k-th is mostly near an end, and so most keys go one way.
func divideBy[K uint32 | uint64](dst, x []K, places *[3]int, digit K, shift int, mask K) {
	less, same, greater := places[0], places[1], places[2]
	for _, v := range x {
		switch d := v >> shift & mask; {
		case d < digit:
			dst[less] = v
			less++
		case d > digit:
			dst[greater] = v
			greater++
		default:
			dst[same] = v
			same++
		}
	}
	*places = [3]int{less, same, greater}
}

// kthOf is the element that a task selects, or -1 where it orders all of them.
func kthOf(attrs any) int {
	if at, ok := attrs.(engine.PartitionAttrs); ok {
		return at.Kth
	}
	return -1
}
