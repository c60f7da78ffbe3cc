package cpu

import (
	"context"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// Keys are put in order by the processor's kernels where it has some: long stretches are divided around a
// pivot, from one buffer to another, until a network takes them.

const (
	quickSamples = 32 // of which one is the pivot
	// quickShared is the length from which the two sides of a pivot are put in order side by side.
	quickShared = 1 << 16
	// quickMargin is how many samples the pivot of a selection is off the place of what is
	// selected, so that this is mostly on the small side.
	quickMargin = 2
	// quickLevels is how many pivots in turn may leave most keys on one side before the rest is
	// ordered digit by digit.
	quickLevels = 24
)

// quick is one ordering of keys.
type quick[K uint32 | uint64] struct {
	ctx  context.Context
	w    *workers
	keys *simd.Keys[K]

	samples [quickSamples]K
}

func newQuick[K uint32 | uint64](ctx context.Context, w *workers, keys *simd.Keys[K]) *quick[K] {
	return &quick[K]{ctx: ctx, w: w, keys: keys}
}

// order puts the keys of x in order in to, which is x or the scratch. The other one loses what it has.
func (q *quick[K]) order(x, scratch, to []K) error {
	for lopsided := 0; len(x) > q.keys.Most; {
		if err := q.ctx.Err(); err != nil {
			return err
		}
		pivot := q.pivot(x, quickSamples/2)
		below, err := q.divide(scratch, x, pivot)
		if err != nil {
			return err
		}
		if below == 0 { // the pivot is the least: what equals it is done
			if pivot == ^K(0) {
				copy(to, x)
				return nil
			}
			if below, err = q.divide(scratch, x, pivot+1); err != nil {
				return err
			}
			copy(to[:below], scratch[:below])
			x, scratch, to = scratch[below:], x[below:], to[below:]
			continue
		}
		if len(x) >= quickShared && q.w.threads > 1 {
			parts := [2][2]int{{0, below}, {below, len(x)}}
			return q.w.run(q.ctx, 2, 1, func(_ *tiles, lo, hi int) error {
				part := newQuick(q.ctx, q.w, q.keys)
				for _, p := range parts[lo:hi] {
					if err := part.order(scratch[p[0]:p[1]], x[p[0]:p[1]], to[p[0]:p[1]]); err != nil {
						return err
					}
				}
				return nil
			})
		}
		n := len(x)
		if min(below, n-below) < n/8 {
			lopsided++
		}
		// The smaller side first, so that few are on the way at once.
		if below < n-below {
			if err := q.order(scratch[:below], x[:below], to[:below]); err != nil {
				return err
			}
			x, scratch, to = scratch[below:n], x[below:n], to[below:n]
		} else {
			if err := q.order(scratch[below:n], x[below:n], to[below:n]); err != nil {
				return err
			}
			x, scratch, to = scratch[:below], x[:below], to[:below]
		}
		if lopsided > quickLevels {
			return q.byDigits(x, scratch, to)
		}
	}
	q.keys.Few(to[:len(x)], x)
	return nil
}

// byDigits is order in a time that the keys have no say in.
func (q *quick[K]) byDigits(x, scratch, to []K) error {
	sorted, err := orderKeys(q.ctx, q.w, nil, x, scratch, -1, 0, sizeOf[K]())
	if err == nil {
		copy(to, sorted)
	}
	return err
}

// divide is the kernel, which is asked in between whether it is still wanted.
func (q *quick[K]) divide(dst, src []K, pivot K) (below int, err error) {
	if len(src) <= checkEvery {
		return q.keys.Divide(dst, src, pivot), nil
	}
	above := len(src)
	for at := 0; at < len(src); at += checkEvery {
		if err := q.ctx.Err(); err != nil {
			return 0, err
		}
		// What is free lies between the two ends: as much as is left.
		part := src[at:min(at+checkEvery, len(src))]
		n := q.keys.Divide(dst[below:above], part, pivot)
		below += n
		above -= len(part) - n
	}
	return below, nil
}

// pivot is the sample of x that so many others come before.
func (q *quick[K]) pivot(x []K, rank int) K {
	samples := q.samples[:]
	step := len(x) / quickSamples
	for i := range samples {
		samples[i] = x[step/2+i*step]
	}
	q.keys.Few(samples, samples)
	return samples[rank]
}

// kth moves the keys of x so that the k-th is where it belongs, none before it is greater and none behind it
// less. The at most selectOrdered keys on either side are put in order.
func (q *quick[K]) kth(x, scratch []K, k int) error {
	from, to := 0, len(x) // the part that the k-th is in
	for rounds := 0; to-from > q.keys.Most; rounds++ {
		if err := q.ctx.Err(); err != nil {
			return err
		}
		part := x[from:to]
		if rounds > quickLevels {
			if err := q.order(part, scratch[from:to], part); err != nil {
				return err
			}
			break
		}
		rank := int(int64(k-from) * quickSamples / int64(to-from))
		if rank < quickSamples/2 {
			rank = min(rank+quickMargin, quickSamples/2)
		} else {
			rank = max(rank-quickMargin, quickSamples/2)
		}
		pivot := q.pivot(part, rank)
		below, err := q.divide(scratch[from:to], part, pivot)
		if err != nil {
			return err
		}
		equal := false
		if below == 0 {
			if pivot == ^K(0) {
				break
			}
			if below, err = q.divide(scratch[from:to], part, pivot+1); err != nil {
				return err
			}
			equal = true
		}
		copy(part, scratch[from:to])
		switch {
		case k >= from+below:
			from += below
		case equal:
			from, to = k, k // it is one of those that equal the pivot
		default:
			to = from + below
		}
	}
	if part := x[from:to]; len(part) <= q.keys.Most {
		q.keys.Few(part, part)
	}
	if k <= selectOrdered {
		if err := q.order(x[:k], scratch[:k], x[:k]); err != nil {
			return err
		}
	}
	if rest := len(x) - k - 1; rest <= selectOrdered {
		return q.order(x[k+1:], scratch[k+1:len(x)], x[k+1:])
	}
	return nil
}
