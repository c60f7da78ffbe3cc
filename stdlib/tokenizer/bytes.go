package tokenizer

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
)

// Bytes is a vocabulary of byte strings with ranks, as tiktoken has them: what a pattern cuts a text into is
// merged from single bytes on, the pair that makes the string of the least rank first.
type Bytes struct {
	ranks map[string]int
	texts map[int]string
	cut   Matcher
}

// NewBytes makes a vocabulary.
func NewBytes(ranks map[string]int, pattern string, compile Compile) (*Bytes, error) {
	b := &Bytes{ranks: ranks, texts: make(map[int]string, len(ranks))}
	for s, rank := range ranks {
		if other, twice := b.texts[rank]; twice {
			return nil, fmt.Errorf("tiktoken: %q and %q have the rank %d", min(s, other), max(s, other), rank)
		}
		b.texts[rank] = s
	}
	var err error
	b.cut, err = compile(pattern)
	return b, err
}

// Rank is the number of a byte string.
func (b *Bytes) Rank(s string) (int, bool) { rank, ok := b.ranks[s]; return rank, ok }

// Text is the byte string of a number.
func (b *Bytes) Text(rank int) (string, bool) { s, ok := b.texts[rank]; return s, ok }

// Encode gives the numbers of a text.
func (b *Bytes) Encode(ctx context.Context, text string) (out []int, err error) {
	places, err := b.cut(text)
	if err != nil {
		return nil, err
	}
	var g guard
	end := g.during(ctx, func() {
		for _, p := range places {
			g.turn()
			if out, err = b.merge(&g, text[p[0]:p[1]], out); err != nil {
				return
			}
		}
	})
	if err != nil || end != nil {
		return nil, cmp.Or(err, end)
	}
	return out, nil
}

// run is a byte string that is being merged; they are linked by the places of their first bytes.
type run struct{ prev, end int }

// pair is two parts that can be merged.
type pair struct{ rank, at, end int }

type pairs []pair

func (p pairs) Len() int { return len(p) }
func (p pairs) Less(i, j int) bool {
	return p[i].rank < p[j].rank || p[i].rank == p[j].rank && p[i].at < p[j].at
}
func (p pairs) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *pairs) Push(x any)   { *p = append(*p, x.(pair)) }
func (p *pairs) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

func (b *Bytes) merge(g *guard, word string, out []int) ([]int, error) {
	if rank, ok := b.ranks[word]; ok {
		return append(out, rank), nil
	}
	parts := make([]run, len(word)+1)
	for i := range parts {
		parts[i] = run{i - 1, i + 1}
	}
	var queue pairs
	consider := func(i int) {
		if i < 0 || parts[i].end >= len(word) {
			return
		}
		end := parts[parts[i].end].end
		if rank, ok := b.ranks[word[i:end]]; ok {
			heap.Push(&queue, pair{rank, i, end})
		}
	}
	for i := range len(word) {
		g.turn()
		consider(i)
	}
	gone := -2 // the prev of what was merged
	for len(queue) > 0 {
		g.turn()
		c := heap.Pop(&queue).(pair)
		p := &parts[c.at]
		if p.prev == gone || p.end >= len(word) || parts[p.end].end != c.end {
			continue // it was merged otherwise
		}
		parts[p.end].prev = gone
		p.end = c.end
		if c.end < len(word) {
			parts[c.end].prev = c.at
		}
		consider(p.prev)
		consider(c.at)
	}
	for i := 0; i < len(word); i = parts[i].end {
		rank, ok := b.ranks[word[i:parts[i].end]]
		if !ok {
			return nil, fmt.Errorf("tiktoken: no token is the byte %q", word[i:parts[i].end])
		}
		out = append(out, rank)
	}
	return out, nil
}
