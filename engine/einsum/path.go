package einsum

import (
	"fmt"
	"maps"
	"slices"
)

// letters is the set of the axes of an operand of a sum of products.
type letters map[rune]bool

func lettersOf(labels []rune) letters {
	s := letters{}
	for _, l := range labels {
		s[l] = true
	}
	return s
}

func (s letters) meets(o letters) bool {
	for l := range s {
		if o[l] {
			return true
		}
	}
	return false
}

// product is a sum of products on its way: the operands left, as sets of
// letters, and the sizes of the axes.
type product struct {
	operands []letters
	result   letters
	sizes    map[rune]int
}

// joined tells what contracting the operands at the places gives: the letters
// of the outcome, all letters that took part, and the operands that are left.
func (p *product) joined(places []int) (outcome, all letters, rest []letters) {
	needed, all := maps.Clone(p.result), letters{}
	for i, s := range p.operands {
		if slices.Contains(places, i) {
			maps.Copy(all, s)
			continue
		}
		rest = append(rest, s)
		maps.Copy(needed, s)
	}
	outcome = letters{}
	for l := range all {
		if needed[l] {
			outcome[l] = true
		}
	}
	return outcome, all, rest
}

// size is the number of elements of an array with the axes.
func (p *product) size(s letters) float64 {
	n := 1.0
	for l := range s {
		if d, ok := p.sizes[l]; ok {
			n *= float64(d)
		}
	}
	return n
}

// cost is the number of operations of one contraction of count operands.
func (p *product) cost(outcome, all letters, count int) float64 {
	each := float64(max(1, count-1))
	if len(outcome) < len(all) {
		each++
	}
	return each * p.size(all)
}

// candidate is a contraction of two operands that the search may take.
type candidate struct {
	x, y    int
	removed float64 // elements that it saves
	cost    float64
}

func (c candidate) before(d candidate) bool {
	if c.removed != d.removed {
		return c.removed > d.removed
	}
	return c.cost < d.cost
}

// search finds an order of contractions greedily, as opt_einsum's greedy path
// does: again and again the pair that saves most elements, the cheaper one of
// equals. No outcome is larger than the largest of operands and result, and
// the whole is no dearer than one contraction of everything; where nothing
// keeps to that, what is left is contracted at once.
func (p *product) search() [][]int {
	switch n := len(p.operands); n {
	case 1:
		return [][]int{{0}}
	case 2:
		return [][]int{{0, 1}}
	}
	largest := p.size(p.result)
	everything := make([]int, len(p.operands))
	for i, s := range p.operands {
		largest, everything[i] = max(largest, p.size(s)), i
	}
	outcome, all, _ := p.joined(everything)
	budget := p.cost(outcome, all, len(everything))
	s := &pathSearch{product: *p, largest: largest, budget: budget}
	pairs := [][2]int{}
	for i := range p.operands {
		for j := i + 1; j < len(p.operands); j++ {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	for len(s.operands) > 1 {
		if !s.step(pairs) {
			s.path = append(s.path, everything[:len(s.operands)])
			break
		}
		pairs = pairs[:0]
		for i := range len(s.operands) - 1 {
			pairs = append(pairs, [2]int{i, len(s.operands) - 1})
		}
	}
	return s.path
}

// pathSearch is the state of a search.
type pathSearch struct {
	product
	largest, budget, spent float64
	known                  []candidate
	path                   [][]int
}

// consider notes the contraction of a pair unless it is too large or too dear.
func (s *pathSearch) consider(x, y int) {
	outcome, all, _ := s.joined([]int{x, y})
	size, cost := s.size(outcome), s.cost(outcome, all, 2)
	if size <= s.largest && s.spent+cost <= s.budget {
		s.known = append(s.known, candidate{x, y, s.size(s.operands[x]) + s.size(s.operands[y]) - size, cost})
	}
}

// step takes the best contraction among those known and the new pairs; pairs
// without a letter in common count only where there is no other.
func (s *pathSearch) step(pairs [][2]int) bool {
	for _, p := range pairs {
		if s.operands[p[0]].meets(s.operands[p[1]]) {
			s.consider(p[0], p[1])
		}
	}
	if len(s.known) == 0 {
		for _, p := range pairs {
			s.consider(p[0], p[1])
		}
	}
	if len(s.known) == 0 {
		return false
	}
	best := s.known[0]
	for _, c := range s.known[1:] {
		if c.before(best) {
			best = c
		}
	}
	outcome, _, rest := s.joined([]int{best.x, best.y})
	s.operands = append(rest, outcome)
	s.path = append(s.path, []int{best.x, best.y})
	s.spent += best.cost
	s.known = slices.DeleteFunc(s.known, func(c candidate) bool {
		return c.x == best.x || c.x == best.y || c.y == best.x || c.y == best.y
	})
	after := func(i int) int {
		shift := 0
		if i > best.x {
			shift++
		}
		if i > best.y {
			shift++
		}
		return i - shift
	}
	for i, c := range s.known {
		s.known[i].x, s.known[i].y = after(c.x), after(c.y)
	}
	return true
}

// product is the sum of products before any contraction.
func (s *Subscripts) product() *product {
	p := &product{result: lettersOf(s.Result), sizes: s.Sizes}
	for _, t := range s.Terms {
		p.operands = append(p.operands, lettersOf(t))
	}
	return p
}

// Path gives an order of contractions: the places among the operands left that
// each contraction takes, its outcome coming last.
func (s *Subscripts) Path() [][]int { return s.product().search() }

// Describe compares the numbers of operations of a path and of one contraction
// of everything, in lines as opt_einsum words them.
func (s *Subscripts) Describe(path [][]int) string {
	whole := s.product()
	everything := make([]int, len(whole.operands))
	for i := range everything {
		everything[i] = i
	}
	outcome, all, _ := whole.joined(everything)
	naive := whole.cost(outcome, all, len(everything))
	run, cost, scaling := s.product(), 0.0, 0
	for _, places := range path {
		outcome, axes, rest := run.joined(places)
		cost += run.cost(outcome, axes, len(places))
		scaling = max(scaling, len(axes))
		run.operands = append(rest, outcome)
	}
	return fmt.Sprintf("  Complete contraction:  %s\n         Naive scaling:  %d\n     Optimized scaling:  %d\n      Naive FLOP count:  %.0f\n  Optimized FLOP count:  %.0f\n",
		s.Text, len(all), scaling, naive, cost)
}
