package einsum

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text   string
		shapes [][]int
		want   string // the result's letters, their sizes and what the operands broadcast to; or the error
	}{
		{"ij,jk->ik", [][]int{{2, 3}, {3, 4}}, "ik [[2 3] [3 4]]"},
		{"ij, jk", [][]int{{2, 3}, {1, 4}}, "ik [[2 3] [3 4]]"},
		{"ba", [][]int{{2, 3}}, "ab [[2 3]]"},
		{"ii", [][]int{{2, 2}}, " [[2 2]]"},
		{"...i,i...->...", [][]int{{5, 1, 3}, {3, 4}}, ".. [[5 4 3] [3 4]]"},
		{"...,i", [][]int{{2, 3}, {4}}, "..i [[2 3] [4]]"},
		{"ij->ij", [][]int{{0, 1}}, "ij [[0 1]]"},
		{"ij", nil, "at least one operand is required"},
		{"ij,j", [][]int{{1, 1}}, "'ij,j' is for 2 operands, got 1"},
		{"ij", [][]int{{2}}, "'ij' does not name the axes of shape (2,)"},
		{"i", [][]int{{2, 3}}, "'i' does not name the axes of shape (2,3)"},
		{"i,i", [][]int{{2}, {3}}, "a letter of 'i,i' has the sizes 2 and 3"},
		{"ii", [][]int{{1, 3}}, "the repeated letter 'i' of 'ii' has the sizes 1 and 3"},
		{"i->ii", [][]int{{2}}, "the result of 'i->ii' has a letter twice"},
		{"é", [][]int{{2}}, "'é' is no letter for an axis"},
		{"i->1", [][]int{{2}}, "'1' is no letter for an axis"},
	} {
		s, err := Parse(c.text, c.shapes)
		got := fmt.Sprint(err)
		if err == nil {
			to := make([][]int, len(c.shapes))
			for i := range to {
				to[i] = s.Shape(i)
			}
			got = fmt.Sprint(fromRunes(s.Result), " ", to)
		}
		if got != c.want {
			t.Errorf("%s of %v: got %s, want %s", c.text, c.shapes, got, c.want)
		}
	}
}

// fromRunes is a string of letters, with a dot for each negative one.
func fromRunes(letters []rune) string {
	var s strings.Builder
	for _, l := range letters {
		s.WriteRune(max(l, '.'))
	}
	return s.String()
}

func TestCheckResult(t *testing.T) {
	s, err := Parse("i->j", [][]int{{2}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckResult(); err == nil || err.Error() != "the result of 'i->j' has the letter 'j', which no operand has" {
		t.Errorf("got %v", err)
	}
}

// Each step of a path takes places that are there, and together they leave one
// operand.
func TestPath(t *testing.T) {
	for _, c := range []struct {
		text   string
		shapes [][]int
		want   string
	}{
		{"i->i", [][]int{{2}}, "[[0]]"},
		{"ij,jk->ik", [][]int{{2, 3}, {3, 4}}, "[[0 1]]"},
		// The vector at the end makes the products before it cheap.
		{"ij,jk,k->i", [][]int{{50, 60}, {60, 70}, {70}}, "[[1 2] [0 1]]"},
		// The one at the front wants the other order.
		{"i,ij,jk->k", [][]int{{60}, {60, 50}, {50, 2}}, "[[0 1] [0 1]]"},
		{"i,j,k->kji", [][]int{{2}, {3}, {4}}, "[[0 1] [0 1]]"},
	} {
		s, err := Parse(c.text, c.shapes)
		if err != nil {
			t.Fatal(err)
		}
		path, err := s.Path(func(int) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(path); got != c.want {
			t.Errorf("%s of %v: got %s, want %s", c.text, c.shapes, got, c.want)
		}
		left := len(c.shapes)
		for _, places := range path {
			if slices.Max(places) >= left {
				t.Fatalf("%s: the path %v takes place %d of %d", c.text, path, slices.Max(places), left)
			}
			left -= len(places) - 1
		}
		if left != 1 {
			t.Errorf("%s: the path %v leaves %d operands, want 1", c.text, path, left)
		}
	}
}

func TestPair(t *testing.T) {
	p := Pair([]rune("bij"), []rune("bjk"), []rune("bik"))
	if got := fmt.Sprintf("%s %s %s %s", string(p.Batch), string(p.Summed), string(p.Left), string(p.Right)); got != "b j i k" {
		t.Errorf("got %s, want b j i k", got)
	}
}
