package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

var combinatoric = []iteratorRow{
	{"product(*iterables, repeat=1)", "Cartesian product of input iterables.  Equivalent to nested for-loops.", product},
	{"permutations(iterable, r=None)", "Return successive r-length permutations of elements in the iterable.", permutations},
	{"combinations(iterable, r)", "Return successive r-length combinations of elements in the iterable.", func(_ *lazy, c *call) step {
		return combinations(c, func(n, r int) []int { return ascending(r) }, func(idx []int, n int) bool {
			r := len(idx)
			i := r - 1
			for i >= 0 && idx[i] == n-r+i {
				i--
			}
			if i < 0 {
				return false
			}
			idx[i]++
			for j := i + 1; j < r; j++ {
				idx[j] = idx[j-1] + 1
			}
			return true
		}, func(n, r int) bool { return r <= n })
	}},
	{"combinations_with_replacement(iterable, r)", "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.", func(_ *lazy, c *call) step {
		return combinations(c, func(n, r int) []int { return make([]int, r) }, func(idx []int, n int) bool {
			i := len(idx) - 1
			for i >= 0 && idx[i] == n-1 {
				i--
			}
			if i < 0 {
				return false
			}
			for j, v := i, idx[i]+1; j < len(idx); j++ {
				idx[j] = v
			}
			return true
		}, func(n, r int) bool { return n > 0 || r == 0 })
	}},
}

func ascending(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func choose(pool []starlark.Value, idx []int) starlark.Tuple {
	out := make(starlark.Tuple, len(idx))
	for i, j := range idx {
		out[i] = pool[j]
	}
	return out
}

// askTuple asks for the next tuple of n elements, and the places of those.
func askTuple(thread *starlark.Thread, n int) error {
	if err := object.GrowTimes(thread, n, 24); err != nil {
		return err
	}
	return object.Steps(thread, n/object.LongStep)
}

// lengthArg takes r, which must not be negative.
func lengthArg(c *call, i int) int {
	r := c.Int(i)
	if c.Err == nil && r < 0 {
		c.Fail(object.ValueError, "r must be non-negative")
	}
	return max(r, 0)
}

// combinations steps through index tuples: from the first, by advance, as long
// as there is one.
func combinations(c *call, first func(n, r int) []int, advance func(idx []int, n int) bool, exists func(n, r int) bool) step {
	pool, r := c.Items(0), lengthArg(c, 1)
	if c.Err != nil {
		return nil
	}
	var idx []int
	done := !exists(len(pool), r)
	return func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if !done {
			if err := askTuple(thread, r); err != nil {
				return nil, false, err
			}
		}
		switch {
		case done:
			return nil, false, nil
		case idx == nil:
			idx = first(len(pool), r)
		case !advance(idx, len(pool)):
			done = true
			return nil, false, nil
		}
		return choose(pool, idx), true, nil
	}
}

func product(l *lazy, c *call) step {
	var pools [][]starlark.Value
	for _, v := range c.Rest {
		vs, err := object.Collect(c.Thread, v)
		c.Note(err)
		pools = append(pools, vs)
	}
	n := c.IntOr(1, 1)
	if n < 0 {
		c.Fail(object.ValueError, "repeat argument cannot be negative")
	}
	if c.Err != nil {
		return nil
	}
	once := pools
	pools = nil
	if err := object.GrowTimes(c.Thread, n, 80*len(once)); err != nil {
		c.Note(err)
		return nil
	}
	for range n {
		pools = append(pools, once...)
	}
	idx := make([]int, len(pools))
	started, done := false, false
	for _, p := range pools {
		done = done || len(p) == 0
	}
	return l.tuples(len(idx), func(thread *starlark.Thread, to []starlark.Value) ([]starlark.Value, bool, error) {
		if err := askTuple(thread, len(idx)); err != nil {
			return nil, false, err
		}
		if started && !done {
			i := len(idx) - 1
			for ; i >= 0; i-- {
				if idx[i]++; idx[i] < len(pools[i]) {
					break
				}
				idx[i] = 0
			}
			done = i < 0
		}
		if done {
			return nil, false, nil
		}
		started = true
		for i, j := range idx {
			to = append(to, pools[i][j])
		}
		return to, true, nil
	})
}

// permutations keeps the indices and, for each place, how many of the later
// ones it has yet to take.
func permutations(_ *lazy, c *call) step {
	pool := c.Items(0)
	n := len(pool)
	r := n
	if c.Given(1) {
		r = lengthArg(c, 1)
	}
	if c.Err != nil {
		return nil
	}
	idx := ascending(n)
	left := make([]int, min(r, n))
	for i := range left {
		left[i] = n - i
	}
	started, done := false, r > n
	return func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if err := askTuple(thread, min(r, n)); err != nil {
			return nil, false, err
		}
		if started && !done {
			done = !nextPermutation(idx, left)
		}
		if done {
			return nil, false, nil
		}
		started = true
		return choose(pool, idx[:r]), true, nil
	}
}

func nextPermutation(idx, left []int) bool {
	n := len(idx)
	for i := len(left) - 1; i >= 0; i-- {
		if left[i]--; left[i] > 0 {
			j := n - left[i]
			idx[i], idx[j] = idx[j], idx[i]
			return true
		}
		first := idx[i]
		copy(idx[i:], idx[i+1:])
		idx[n-1] = first
		left[i] = n - i
	}
	return false
}
