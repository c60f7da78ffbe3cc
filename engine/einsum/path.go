package einsum

import (
	"fmt"
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
	holders  map[rune]int // how many of the operands and the result have a letter
}

// joined tells what contracting the operands at the places gives: the letters
// of the outcome, and all letters that took part.
func (p *product) joined(places []int) (outcome, all letters) {
	taken := map[rune]int{}
	for _, i := range places {
		for l := range p.operands[i] {
			taken[l]++
		}
	}
	outcome, all = letters{}, letters{}
	for l, n := range taken {
		all[l] = true
		if p.holders[l] > n {
			outcome[l] = true
		}
	}
	return outcome, all
}

// contract puts the outcome in the place of the operands that were contracted, behind the others.
func (p *product) contract(places []int, outcome letters) {
	rest := make([]letters, 0, len(p.operands))
	for i, s := range p.operands {
		if !slices.Contains(places, i) {
			rest = append(rest, s)
			continue
		}
		for l := range s {
			p.holders[l]--
		}
	}
	for l := range outcome {
		p.holders[l]++
	}
	p.operands = append(rest, outcome)
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
// keeps to that, what is left is contracted at once. The search ends with the error of
// steps, which is told what it does.
func (p *product) search(steps func(n int) error) ([][]int, error) {
	switch n := len(p.operands); n {
	case 1:
		return [][]int{{0}}, nil
	case 2:
		return [][]int{{0, 1}}, nil
	}
	largest := p.size(p.result)
	everything := make([]int, len(p.operands))
	for i, s := range p.operands {
		largest, everything[i] = max(largest, p.size(s)), i
	}
	outcome, all := p.joined(everything)
	budget := p.cost(outcome, all, len(everything))
	s := &pathSearch{product: *p, largest: largest, budget: budget, steps: steps}
	pairs := [][2]int{}
	for i := range p.operands {
		for j := i + 1; j < len(p.operands); j++ {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	for len(s.operands) > 1 {
		found, err := s.step(pairs)
		if err != nil {
			return nil, err
		}
		if !found {
			s.path = append(s.path, everything[:len(s.operands)])
			break
		}
		pairs = pairs[:0]
		for i := range len(s.operands) - 1 {
			pairs = append(pairs, [2]int{i, len(s.operands) - 1})
		}
	}
	return s.path, nil
}

// pathSearch is the state of a search.
type pathSearch struct {
	product
	largest, budget, spent float64
	known                  []candidate
	path                   [][]int
	steps                  func(n int) error
}

// consider notes the contraction of a pair unless it is too large or too dear.
func (s *pathSearch) consider(x, y int) {
	outcome, all := s.joined([]int{x, y})
	size, cost := s.size(outcome), s.cost(outcome, all, 2)
	if size <= s.largest && s.spent+cost <= s.budget {
		s.known = append(s.known, candidate{x, y, s.size(s.operands[x]) + s.size(s.operands[y]) - size, cost})
	}
}

// step takes the best contraction among those known and the new pairs; pairs
// without a letter in common count only where there is no other.
func (s *pathSearch) step(pairs [][2]int) (found bool, err error) {
	if err := s.steps(len(s.known)); err != nil {
		return false, err
	}
	for i, p := range pairs {
		if err := s.look(i); err != nil {
			return false, err
		}
		if s.operands[p[0]].meets(s.operands[p[1]]) {
			s.consider(p[0], p[1])
		}
	}
	if len(s.known) == 0 {
		for i, p := range pairs {
			if err := s.look(i); err != nil {
				return false, err
			}
			s.consider(p[0], p[1])
		}
	}
	if len(s.known) == 0 {
		return false, nil
	}
	best := s.known[0]
	for _, c := range s.known[1:] {
		if c.before(best) {
			best = c
		}
	}
	places := []int{best.x, best.y}
	outcome, _ := s.joined(places)
	s.contract(places, outcome)
	s.path = append(s.path, places)
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
	return true, nil
}

// lookEvery is how many pairs are considered between two looks at steps.
const lookEvery = 256

// look tells steps of the pairs before the i-th.
func (s *pathSearch) look(i int) error {
	if i%lookEvery != 0 {
		return nil
	}
	return s.steps(lookEvery)
}

// product is the sum of products before any contraction.
func (s *Subscripts) product() *product {
	p := &product{result: lettersOf(s.Result), sizes: s.Sizes, holders: map[rune]int{}}
	for l := range p.result {
		p.holders[l]++
	}
	for _, t := range s.Terms {
		of := lettersOf(t)
		p.operands = append(p.operands, of)
		for l := range of {
			p.holders[l]++
		}
	}
	return p
}

// Path gives an order of contractions: the places among the operands left that
// each contraction takes, its outcome coming last. Steps is told how much is done, and its
// error ends the search.
func (s *Subscripts) Path(steps func(n int) error) ([][]int, error) {
	return s.product().search(steps)
}

// Describe compares the numbers of operations of a path and of one contraction
// of everything, in lines as opt_einsum words them.
func (s *Subscripts) Describe(path [][]int) string {
	whole := s.product()
	everything := make([]int, len(whole.operands))
	for i := range everything {
		everything[i] = i
	}
	outcome, all := whole.joined(everything)
	naive := whole.cost(outcome, all, len(everything))
	run, cost, scaling := s.product(), 0.0, 0
	for _, places := range path {
		outcome, axes := run.joined(places)
		cost += run.cost(outcome, axes, len(places))
		scaling = max(scaling, len(axes))
		run.contract(places, outcome)
	}
	return fmt.Sprintf("  Complete contraction:  %s\n         Naive scaling:  %d\n     Optimized scaling:  %d\n      Naive FLOP count:  %.0f\n  Optimized FLOP count:  %.0f\n",
		s.Text, len(all), scaling, naive, cost)
}
