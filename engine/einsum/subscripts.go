// Package einsum reads the subscripts of Einstein's convention and finds the
// order in which a sum of products is best contracted. It knows shapes and no
// arrays.
package einsum

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Subscripts are the letters of a sum of products, held against the shapes of its
// operands. Axes that an ellipsis stands for have negative letters: they count
// down to -1.
type Subscripts struct {
	Text   string
	Terms  [][]rune // the letters of each operand's axes
	Result []rune
	Sizes  map[rune]int
}

// Parse reads subscripts for operands of the shapes. Its errors begin with what
// was got; the operation stands in front of them.
func Parse(text string, operands [][]int) (*Subscripts, error) {
	inputs, output, explicit := strings.Cut(strings.ReplaceAll(text, " ", ""), "->")
	parts := strings.Split(inputs, ",")
	if len(operands) == 0 {
		return nil, fmt.Errorf("at least one operand is required")
	}
	if len(parts) != len(operands) {
		return nil, fmt.Errorf("'%s' is for %d operands, got %d", text, len(parts), len(operands))
	}
	s, count, wide := &Subscripts{Text: text, Sizes: map[rune]int{}}, map[rune]int{}, 0
	for i, p := range parts {
		term, err := lettersOfAxes(p, operands[i])
		if err != nil {
			return nil, err
		}
		if err := s.measure(term, operands[i]); err != nil {
			return nil, err
		}
		for _, l := range term {
			count[l]++
			wide = max(wide, int(-l))
		}
		s.Terms = append(s.Terms, term)
	}
	if !explicit {
		s.Result = implicitResult(count, wide)
		return s, nil
	}
	var err error
	if s.Result, err = spelled(output, wide); err != nil {
		return nil, err
	}
	for i, l := range s.Result {
		if slices.Contains(s.Result[:i], l) {
			return nil, fmt.Errorf("the result of '%s' has a letter twice", text)
		}
	}
	return s, nil
}

// measure learns the sizes of letters from an operand. One of 1 broadcasts.
func (s *Subscripts) measure(term []rune, shape []int) error {
	for k, l := range term {
		n := shape[k]
		have, ok := s.Sizes[l]
		switch {
		case !ok || have == 1:
			s.Sizes[l] = n
		case have != n && n != 1:
			return fmt.Errorf("a letter of '%s' has the sizes %d and %d", s.Text, have, n)
		}
		if at := slices.Index(term[:k], l); at >= 0 && shape[at] != n {
			return fmt.Errorf("the repeated letter '%c' of '%s' has the sizes %d and %d", l, s.Text, shape[at], n)
		}
	}
	return nil
}

// Shape is the shape to which an operand broadcasts.
func (s *Subscripts) Shape(operand int) []int {
	out := make([]int, len(s.Terms[operand]))
	for i, l := range s.Terms[operand] {
		out[i] = s.Sizes[l]
	}
	return out
}

// CheckResult fails where the result has a letter that no operand has.
func (s *Subscripts) CheckResult() error {
	for _, l := range s.Result {
		if _, ok := s.Sizes[l]; !ok {
			return fmt.Errorf("the result of '%s' has the letter '%c', which no operand has", s.Text, l)
		}
	}
	return nil
}

// implicitResult is what a sum of products gives that does not say: the axes of
// the ellipsis, then the letters that occur once, sorted.
func implicitResult(count map[rune]int, wide int) []rune {
	var once []rune
	for l, n := range count {
		if l > 0 && n == 1 {
			once = append(once, l)
		}
	}
	slices.Sort(once)
	return append(dots(wide), once...)
}

// dots are the letters of n axes that an ellipsis stands for.
func dots(n int) []rune {
	var out []rune
	for k := n; k > 0; k-- {
		out = append(out, rune(-k))
	}
	return out
}

// lettersOfAxes gives the axes of an operand their letters.
func lettersOfAxes(part string, shape []int) ([]rune, error) {
	before, after, open := strings.Cut(part, "...")
	if err := checkLetters(before + after); err != nil {
		return nil, err
	}
	free := len(shape) - len(before) - len(after)
	if free < 0 || free > 0 && !open {
		return nil, fmt.Errorf("'%s' does not name the axes of shape %s", part, shapes.Format(shape))
	}
	return slices.Concat([]rune(before), dots(free), []rune(after)), nil
}

// spelled reads the result, whose ellipsis stands for the widest of the operands'.
func spelled(output string, wide int) ([]rune, error) {
	before, after, open := strings.Cut(output, "...")
	if err := checkLetters(before + after); err != nil {
		return nil, err
	}
	if !open {
		wide = 0
	}
	return slices.Concat([]rune(before), dots(wide), []rune(after)), nil
}

func checkLetters(s string) error {
	for _, l := range s {
		if (l < 'a' || l > 'z') && (l < 'A' || l > 'Z') {
			return fmt.Errorf("'%c' is no letter for an axis", l)
		}
	}
	return nil
}

// Pairing is how the letters of two operands meet in one contraction.
type Pairing struct {
	Batch  []rune // of both, kept
	Summed []rune // of both, summed over
	Left   []rune // of the first alone
	Right  []rune // of the second alone
}

// Pair sorts the letters of two operands by what becomes of them; later are
// those that the result or another operand needs.
func Pair(x, y, later []rune) (p Pairing) {
	for _, l := range x {
		switch {
		case !slices.Contains(y, l):
			p.Left = append(p.Left, l)
		case slices.Contains(later, l):
			p.Batch = append(p.Batch, l)
		default:
			p.Summed = append(p.Summed, l)
		}
	}
	for _, l := range y {
		if !slices.Contains(x, l) {
			p.Right = append(p.Right, l)
		}
	}
	return p
}
