package engine_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// FuzzEinsum compares sums of products with their definition, for any
// subscripts. Sizes are those of letters and of an ellipsis's axes, in turn.
func FuzzEinsum(f *testing.F) {
	for _, s := range []string{
		"ij,jk->ik", "ii->i", "ii", "ij->ji", "i,i->", "bij,bjk->bik", "...i,...i->...", "a...b->...ba", "i,j,k->kji",
		"ij,jk,kl->il", "iij->j", "ab,ab->ab", "...,...", "ij,ij", "->", ",->", "a->aa", "ab->c", "a b -> b a", "é->", "i...i->...", "...i->i", "ai,bi->ab",
	} {
		f.Add(s, []byte{2, 3, 1, 2})
		f.Add(s, []byte{2})
		f.Add(s, []byte{1, 0, 3})
	}
	e, b := newEngine(f, 1<<30)
	f.Fuzz(func(t *testing.T, subscripts string, sizes []byte) {
		if len(subscripts) > 24 || strings.Count(subscripts, ",") > 3 {
			t.Skip("large")
		}
		operands := operandsOf(subscripts, sizes)
		total := 1
		xs := make([]*engine.Node, len(operands))
		for i, o := range operands {
			n := engine.Elements(o.shape)
			if total *= max(n, 1); len(o.shape) > 6 || total > 1<<16 {
				t.Skip("large")
			}
			o.data = make([]float64, n)
			for k := range o.data {
				o.data[k] = float64((k*7+i*3)%11) - 4
			}
			operands[i] = o
			xs[i] = b.FromBytes(float64Bytes(o.data), engine.Float64, o.shape)
		}
		shape, want, ok := defineEinsum(subscripts, operands)
		out, err := b.Build(func(b *engine.Builder) *engine.Node { return b.Einsum(subscripts, xs) })
		var typed *engine.Error
		switch {
		case err != nil && !errors.As(err, &typed):
			t.Fatalf("got %v, want an *engine.Error", err)
		case (err == nil) != ok:
			t.Fatalf("einsum(%q) of %v: got %v, the definition says %v", subscripts, shapesOf(operands), err, ok)
		case err != nil:
			return
		}
		if !slices.Equal(out.Shape(), shape) {
			t.Fatalf("einsum(%q) of %v: got shape %v, want %v", subscripts, shapesOf(operands), out.Shape(), shape)
		}
		got, err := e.Dense(background, out)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			if g := engine.ReadElement(got[8*i:], engine.Float64).Float; math.Abs(g-w) > 1e-9*max(1, math.Abs(w)) {
				t.Fatalf("einsum(%q) of %v: element %d is %v, want %v", subscripts, shapesOf(operands), i, g, w)
			}
		}
	})
}

type einsumOperand struct {
	shape []int
	data  []float64
}

func shapesOf(operands []einsumOperand) (out [][]int) {
	for _, o := range operands {
		out = append(out, o.shape)
	}
	return out
}

func float64Bytes(data []float64) []byte {
	out := make([]byte, 8*len(data))
	for i, v := range data {
		engine.PutElement(out[8*i:], engine.Float64, complex(v, 0))
	}
	return out
}

// operandsOf makes shapes for the terms: an axis for each letter, mostly of the
// letter's size and sometimes 1, and some for an ellipsis.
func operandsOf(subscripts string, sizes []byte) []einsumOperand {
	next := 0
	size := func() int {
		if len(sizes) == 0 {
			return 2
		}
		next++
		return int(sizes[next%len(sizes)]) % 4
	}
	of := map[rune]int{}
	var out []einsumOperand
	inputs, _, _ := strings.Cut(strings.ReplaceAll(subscripts, " ", ""), "->")
	for _, term := range strings.Split(inputs, ",") {
		shape := []int{}
		for i, l := range term {
			switch {
			case strings.HasPrefix(term[i:], "..."):
				for range len(sizes) % 3 {
					shape = append(shape, 2)
				}
			case l != '.':
				if _, ok := of[l]; !ok {
					of[l] = size()
				}
				shape = append(shape, of[l])
			}
		}
		out = append(out, einsumOperand{shape: shape})
	}
	return out
}

// defineEinsum sums, for each place of the result, over all places of the other
// letters. It reports false for subscripts that have no meaning.
func defineEinsum(subscripts string, operands []einsumOperand) (shape []int, out []float64, ok bool) {
	text := strings.ReplaceAll(subscripts, " ", "")
	inputs, output, explicit := strings.Cut(text, "->")
	terms := strings.Split(inputs, ",")
	if len(terms) != len(operands) {
		return nil, nil, false
	}
	labels, sizes := make([][]rune, len(terms)), map[rune]int{}
	count, wide := map[rune]int{}, 0
	for i, term := range terms {
		if labels[i], ok = defineLabels(term, len(operands[i].shape)); !ok {
			return nil, nil, false
		}
		for k, l := range labels[i] {
			n := operands[i].shape[k]
			if first := slices.Index(labels[i], l); operands[i].shape[first] != n {
				return nil, nil, false // a diagonal is of a square
			}
			if have, seen := sizes[l]; seen && have != n && have != 1 && n != 1 {
				return nil, nil, false
			} else if !seen || have == 1 {
				sizes[l] = n
			}
			count[l]++
			wide = max(wide, int(-l))
		}
	}
	result := []rune{}
	if explicit {
		free := 0
		if strings.Contains(output, "...") {
			free = wide
		}
		letters := len(strings.Replace(output, "...", "", 1))
		if result, ok = defineLabels(output, letters+free); !ok {
			return nil, nil, false
		}
		for i, l := range result {
			if count[l] == 0 || slices.Contains(result[:i], l) {
				return nil, nil, false
			}
		}
	} else {
		for k := wide; k > 0; k-- {
			result = append(result, rune(-k))
		}
		for l := 'A'; l <= 'z'; l++ {
			if count[l] == 1 {
				result = append(result, l)
			}
		}
	}
	all := slices.Clone(result)
	for l := range sizes {
		if !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	places := 1
	for i, l := range all {
		if places *= sizes[l]; i < len(result) {
			shape = append(shape, sizes[l])
		}
	}
	out = make([]float64, engine.Elements(shape))
	at := map[rune]int{}
	for place := range places {
		left := place
		for i := len(all) - 1; i >= 0; i-- {
			at[all[i]], left = left%sizes[all[i]], left/sizes[all[i]]
		}
		product := 1.0
		for i, o := range operands {
			product *= o.data[flatAt(labels[i], o.shape, at)]
		}
		out[flatAt(result, shape, at)] += product
	}
	return shape, out, true
}

func flatAt(labels []rune, shape []int, at map[rune]int) int {
	flat := 0
	for k, l := range labels {
		flat *= shape[k]
		if shape[k] > 1 {
			flat += at[l]
		}
	}
	return flat
}

// defineLabels names the axes of a term; those of an ellipsis count down to -1.
func defineLabels(term string, rank int) ([]rune, bool) {
	before, after, open := strings.Cut(term, "...")
	free := rank - len(before) - len(after)
	if free < 0 || free > 0 && !open {
		return nil, false
	}
	labels := []rune(before)
	for k := free; k > 0; k-- {
		labels = append(labels, rune(-k))
	}
	labels = append(labels, []rune(after)...)
	for _, l := range before + after {
		if l > 'z' || l < 'A' || l > 'Z' && l < 'a' {
			return nil, false
		}
	}
	return labels, true
}
