package numpy

import (
	"math"
	"sort"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// choice draws elements of a, or of the range below it.
func (p *np) choice(r *randomState, from, size starlark.Value, replace bool, weights starlark.Value, axis int, shuffle bool) starlark.Value {
	var a *ndarray
	n := 0
	if o, ok := p.operand(from); ok && o.a == nil {
		k, err := object.AsIndex(p.thread, from)
		p.check(err)
		if n = k; n <= 0 {
			p.fail(object.ValueError, "a must be a positive integer unless no samples are taken")
		}
	} else {
		a = p.array(from, 0)
		if r.gen == nil && a.rank() != 1 {
			p.fail(object.ValueError, "a must be 1-dimensional")
		}
		axis = p.axis(axis, a.rank())
		n = a.shape[axis]
	}
	single := size == nil || size == starlark.None
	var shape []int
	if !single {
		shape = p.shapeOf(starlark.Tuple{size})
	}
	k := engine.Elements(shape)
	if n == 0 && k > 0 {
		p.fail(object.ValueError, "a cannot be empty unless no samples are taken")
	}
	if !replace && k > n {
		if r.gen == nil {
			p.fail(object.ValueError, "Cannot take a larger sample than population when 'replace=False'")
		}
		p.fail(object.ValueError, "Cannot take a larger sample than population when replace is False")
	}
	p.grow(k, 48)
	var index []int
	switch {
	case weights != nil && weights != starlark.None:
		index = p.weighted(r, n, k, replace, p.array(weights, engine.Float64))
	case replace:
		index = make([]int, k)
		for i := range index {
			p.look(i)
			index[i] = int(r.src.below(uint64(n - 1)))
		}
	case r.gen == nil:
		index = r.order(n)[:k]
	default:
		index = r.distinct(n, k, shuffle)
	}
	if a == nil {
		if single {
			return starlark.MakeInt(index[0])
		}
		return p.reshape(p.fromInts(index), shape)
	}
	return p.taken(a, index, shape, axis).result()
}

// weighted draws indices with probabilities.
func (p *np) weighted(r *randomState, n, k int, replace bool, weights *ndarray) []int {
	if weights.rank() != 1 {
		p.fail(object.ValueError, "'p' must be 1-dimensional")
	}
	p.grow(weights.size(), 3*8) // with what find makes
	w := append([]float64(nil), weights.floats()...)
	if len(w) != n {
		p.fail(object.ValueError, "'a' and 'p' must have same size")
	}
	sum, lost := 0.0, 0.0
	positive := 0
	for i, x := range w {
		p.look(i)
		if math.IsNaN(x) {
			p.fail(object.ValueError, "probabilities contain NaN")
		}
		if x < 0 {
			p.fail(object.ValueError, "probabilities are not non-negative")
		}
		if x > 0 {
			positive++
		}
		y := x - lost
		t := sum + y
		lost = t - sum - y
		sum = t
	}
	if math.Abs(sum-1) > math.Sqrt(2.220446049250313e-16) {
		p.fail(object.ValueError, "probabilities do not sum to 1")
	}
	if !replace && positive < k {
		p.fail(object.ValueError, "Fewer non-zero entries in p than size")
	}
	find := func(draws []float64) []int {
		cdf := make([]float64, n)
		total := 0.0
		for i, x := range w {
			p.look(i)
			total += x
			cdf[i] = total
		}
		for i := range cdf {
			cdf[i] /= total
		}
		out := make([]int, len(draws))
		for i, u := range draws {
			p.look(i)
			out[i] = sort.Search(n, func(j int) bool { return cdf[j] > u })
		}
		return out
	}
	draws := func(k int) []float64 {
		p.grow(k, 32)
		out := make([]float64, k)
		for i := range out {
			p.look(i)
			out[i] = r.src.Float()
		}
		return out
	}
	if replace {
		return find(draws(k))
	}
	var out []int
	for len(out) < k {
		u := draws(k - len(out))
		for _, i := range out {
			w[i] = 0
		}
		seen := map[int]bool{}
		for k, i := range find(u) {
			p.look(k)
			if !seen[i] {
				seen[i] = true
				out = append(out, i)
			}
		}
	}
	return out
}

// distinct draws k different numbers below n as Generator.choice does: by
// Floyd's method, or by the end of a shuffle where many of many are wanted.
func (r *randomState) distinct(n, k int, shuffle bool) []int {
	part := 20
	if shuffle {
		part = 50
	}
	if n > 10000 && k > n/part {
		r.m.reserve(n, 8)
		all := make([]int, n)
		for i := range all {
			r.m.look(i)
			all[i] = i
		}
		r.shuffleInts(all, max(n-k, 1))
		return all[n-k:]
	}
	out := make([]int, k)
	taken := map[int]bool{}
	for j := n - k; j < n; j++ {
		r.m.look(j)
		v := int(r.src.below(uint64(j)))
		if taken[v] {
			v = j
		}
		taken[v] = true
		out[j-n+k] = v
	}
	if shuffle {
		r.shuffleInts(out, 1)
	}
	return out
}
