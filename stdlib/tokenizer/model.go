package tokenizer

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strings"
	"unicode/utf8"
)

// model cuts words into tokens.
type model interface {
	tokenize(word string, emit func(id int, token string))
	id(token string) (int, bool)
	token(id int) (string, bool)
	size() int
	vocabulary() map[string]int
}

// modelFields is what the file says of a model, of any kind.
type modelFields struct {
	Type     string          `json:"type"`
	Vocab    json.RawMessage `json:"vocab"`
	Merges   json.RawMessage `json:"merges"`
	Unknown  *string         `json:"unk_token"`
	UnkID    *int            `json:"unk_id"`
	Prefix   *string         `json:"continuing_subword_prefix"`
	Suffix   *string         `json:"end_of_word_suffix"`
	Fuse     bool            `json:"fuse_unk"`
	Fallback bool            `json:"byte_fallback"`
	Whole    bool            `json:"ignore_merges"`
	MaxChars int             `json:"max_input_chars_per_word"`
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (b *builder) model(raw json.RawMessage) model {
	var f modelFields
	if err := json.Unmarshal(raw, &f); err != nil {
		b.fail("model: %w", err)
		return nil
	}
	if f.Type == "" {
		switch {
		case f.Merges != nil:
			f.Type = "BPE"
		case f.UnkID != nil || len(f.Vocab) > 0 && f.Vocab[0] == '[':
			f.Type = "Unigram"
		case f.MaxChars > 0:
			f.Type = "WordPiece"
		default:
			f.Type = "WordLevel"
		}
	}
	if f.Type == "Unigram" {
		return b.unigram(&f)
	}
	v := &words{ids: map[string]int{}}
	if err := json.Unmarshal(f.Vocab, &v.ids); err != nil {
		b.fail("model: vocab: %w", err)
		return nil
	}
	v.index()
	unknown := &unk{-1, orEmpty(f.Unknown)}
	if id, ok := v.ids[unknown.token]; ok && f.Unknown != nil {
		unknown.id = id
	}
	switch f.Type {
	case "BPE":
		return b.bpe(&f, v, unknown)
	case "WordPiece":
		return &wordPiece{v, unknown, orEmpty(f.Prefix), f.MaxChars, b.guard}
	case "WordLevel":
		return &wordLevel{v, unknown}
	}
	b.fail("the model %s is not supported", f.Type)
	return nil
}

// words is a vocabulary.
type words struct {
	ids   map[string]int
	texts map[int]string
	bytes map[string]int // those that stand for bytes, where they are none of ids
}

func (v *words) index() {
	v.texts = make(map[int]string, len(v.ids))
	for s, id := range v.ids {
		v.texts[id] = s
	}
}

func (v *words) id(token string) (int, bool) { id, ok := v.ids[token]; return id, ok }
func (v *words) token(id int) (string, bool) { s, ok := v.texts[id]; return s, ok }
func (v *words) size() int                   { return len(v.ids) }
func (v *words) vocabulary() map[string]int  { return maps.Clone(v.ids) }
func (v *words) fallback(s string) (out []int) {
	ids := v.ids
	if v.bytes != nil {
		ids = v.bytes
	}
	for i := range len(s) {
		id, ok := ids[fmt.Sprintf("<0x%02X>", s[i])]
		if !ok {
			return nil
		}
		out = append(out, id)
	}
	return out
}

// unk is what stands for what no token does; id -1 is none.
type unk struct {
	id    int
	token string
}

type wordLevel struct {
	*words
	unk *unk
}

func (m *wordLevel) tokenize(word string, emit func(int, string)) {
	if id, ok := m.ids[word]; ok {
		emit(id, word)
	} else if m.unk.id >= 0 {
		emit(m.unk.id, m.unk.token)
	}
}

// wordPiece takes the longest token again and again.
type wordPiece struct {
	*words
	unk    *unk
	prefix string
	most   int
	guard  *guard
}

func (m *wordPiece) tokenize(word string, emit func(int, string)) {
	type found struct {
		id    int
		token string
	}
	var out []found
	if utf8.RuneCountInString(word) > m.most && m.most > 0 {
		emit(m.unk.id, m.unk.token)
		return
	}
	for at := 0; at < len(word); {
		end := len(word)
		ok := false
		for end > at {
			m.guard.turn()
			s := word[at:end]
			if at > 0 {
				s = m.prefix + s
			}
			var id int
			if id, ok = m.ids[s]; ok {
				out = append(out, found{id, s})
				break
			}
			_, n := utf8.DecodeLastRuneInString(word[at:end])
			end -= n
		}
		if !ok {
			emit(m.unk.id, m.unk.token)
			return
		}
		at = end
	}
	for _, f := range out {
		emit(f.id, f.token)
	}
}

// bpe merges pairs of tokens, those first that the file lists first.
type bpe struct {
	*words
	unk            *unk
	merges         map[[2]int32]merge
	prefix, suffix string
	fuse, bytes    bool
	whole          bool
	cache          map[string][]int
	guard          *guard
}

type merge struct{ rank, id int32 }

// cacheLimit is how many words' tokens are remembered, and cacheLength the longest such
// word in bytes.
const cacheLimit, cacheLength = 10000, 256

func (b *builder) bpe(f *modelFields, v *words, unknown *unk) model {
	m := &bpe{guard: b.guard, words: v, unk: unknown, prefix: orEmpty(f.Prefix), suffix: orEmpty(f.Suffix), fuse: f.Fuse, bytes: f.Fallback, whole: f.Whole, cache: map[string][]int{}}
	var pairs [][2]string
	if err := json.Unmarshal(f.Merges, &pairs); err != nil {
		var lines []string
		if err := json.Unmarshal(f.Merges, &lines); err != nil {
			b.fail("model: merges: %w", err)
			return m
		}
		for _, line := range lines {
			left, right, ok := strings.Cut(line, " ")
			if !ok {
				b.fail("model: merges: %q is no pair", line)
				return m
			}
			pairs = append(pairs, [2]string{left, right})
		}
	}
	m.merges = make(map[[2]int32]merge, len(pairs))
	for rank, p := range pairs {
		left, ok := v.ids[p[0]]
		right, ok2 := v.ids[p[1]]
		joined, ok3 := v.ids[p[0]+strings.TrimPrefix(p[1], m.prefix)]
		if !ok || !ok2 || !ok3 {
			b.fail("model: merges: %q and %q, or what they make, are not in the vocabulary", p[0], p[1])
			return m
		}
		m.merges[[2]int32{int32(left), int32(right)}] = merge{int32(rank), int32(joined)}
	}
	return m
}

func (m *bpe) tokenize(word string, emit func(int, string)) {
	ids, ok := m.cache[word]
	if !ok {
		ids = m.split(word)
		if len(word) <= cacheLength {
			if len(m.cache) >= cacheLimit {
				clear(m.cache)
			}
			m.cache[word] = ids
		}
	}
	for _, id := range ids {
		emit(id, m.texts[id])
	}
}

// symbol is a token of a word that is being merged; they are linked by places.
type symbol struct {
	id         int32
	prev, next int32
}

// candidate is a pair that may be merged.
type candidate struct {
	rank        int32
	at          int32
	left, right int32
	joined      int32
}

type candidates []candidate

func (c candidates) Len() int { return len(c) }
func (c candidates) Less(i, j int) bool {
	return c[i].rank < c[j].rank || c[i].rank == c[j].rank && c[i].at < c[j].at
}
func (c candidates) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c *candidates) Push(x any)   { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

func (m *bpe) split(word string) []int {
	if m.whole {
		if id, ok := m.ids[word]; ok {
			return []int{id}
		}
	}
	symbols := m.symbols(word)
	var queue candidates
	consider := func(i int32) {
		if i < 0 || symbols[i].next < 0 {
			return
		}
		right := symbols[symbols[i].next]
		if made, ok := m.merges[[2]int32{symbols[i].id, right.id}]; ok {
			heap.Push(&queue, candidate{made.rank, i, symbols[i].id, right.id, made.id})
		}
	}
	for i := range symbols {
		m.guard.turn()
		symbols[i].prev, symbols[i].next = int32(i)-1, int32(i)+1
		if i == len(symbols)-1 {
			symbols[i].next = -1
		}
	}
	for i := range symbols {
		m.guard.turn()
		consider(int32(i))
	}
	for len(queue) > 0 {
		m.guard.turn()
		c := heap.Pop(&queue).(candidate)
		s := &symbols[c.at]
		if s.id != c.left || s.next < 0 || symbols[s.next].id != c.right {
			continue // it was merged otherwise
		}
		gone := s.next
		s.id, s.next = c.joined, symbols[gone].next
		symbols[gone].id = -1
		if s.next >= 0 {
			symbols[s.next].prev = c.at
		}
		consider(s.prev)
		consider(c.at)
	}
	var out []int
	for i := int32(0); i >= 0 && len(symbols) > 0; i = symbols[i].next {
		out = append(out, int(symbols[i].id))
	}
	return out
}

// symbols are the tokens of a word's characters.
func (m *bpe) symbols(word string) []symbol {
	var out []symbol
	unknown := false
	for i, r := range word {
		m.guard.turn()
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(word[i:])
		}
		s := word[i : i+n]
		text := s
		if i > 0 {
			text = m.prefix + text
		}
		if i+n == len(word) {
			text += m.suffix
		}
		if id, ok := m.ids[text]; ok {
			out, unknown = append(out, symbol{id: int32(id)}), false
			continue
		}
		if m.bytes {
			if ids := m.fallback(s); ids != nil {
				for _, id := range ids {
					out = append(out, symbol{id: int32(id)})
				}
				unknown = false
				continue
			}
		}
		if m.unk.id >= 0 && !(unknown && m.fuse) {
			out = append(out, symbol{id: int32(m.unk.id)})
		}
		unknown = true
	}
	return out
}

// unigram chooses the tokens of a word whose scores sum to the most.
type unigram struct {
	*words
	scores  []float64
	list    []string
	unk     int
	bytes   bool
	longest int // token, in bytes
	least   float64
	guard   *guard
}

func (b *builder) unigram(f *modelFields) model {
	var rows [][2]any
	if err := json.Unmarshal(f.Vocab, &rows); err != nil {
		b.fail("model: vocab: %w", err)
		return nil
	}
	m := &unigram{guard: b.guard, words: &words{ids: make(map[string]int, len(rows))}, unk: -1, bytes: f.Fallback, least: math.Inf(1)}
	for i, row := range rows {
		text, ok := row[0].(string)
		score, ok2 := row[1].(float64)
		if !ok || !ok2 {
			b.fail("model: vocab: entry %d is no token and score", i)
			return nil
		}
		if _, twice := m.ids[text]; !twice {
			m.ids[text] = i
		}
		m.list, m.scores = append(m.list, text), append(m.scores, score)
		m.longest, m.least = max(m.longest, len(text)), min(m.least, score)
	}
	m.index()
	if f.UnkID != nil {
		m.unk = *f.UnkID
	}
	return m
}

func (m *unigram) token(id int) (string, bool) {
	if id < 0 || id >= len(m.list) {
		return "", false
	}
	return m.list[id], true
}

func (m *unigram) size() int { return len(m.list) }

// unknownPenalty is how much less than the least score an unknown character counts.
const unknownPenalty = 10

func (m *unigram) tokenize(word string, emit func(int, string)) {
	type best struct {
		score float64
		from  int
		id    int
		set   bool
	}
	at := make([]best, len(word)+1)
	at[0].set = true
	for i, r := range word {
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(word[i:])
		}
		single := false
		for end := i + 1; end <= min(len(word), i+m.longest); end++ {
			m.guard.turn()
			if end < len(word) && !utf8.RuneStart(word[end]) {
				continue
			}
			id, ok := m.ids[word[i:end]]
			if !ok {
				continue
			}
			single = single || end == i+n
			if score := at[i].score + m.scores[id]; !at[end].set || score > at[end].score {
				at[end] = best{score, i, id, true}
			}
		}
		if !single {
			if score := at[i].score + m.least - unknownPenalty; !at[i+n].set || score > at[i+n].score {
				at[i+n] = best{score, i, m.unk, true}
			}
		}
	}
	type part struct{ start, end, id int }
	var parts []part
	for end := len(word); end > 0; {
		m.guard.turn()
		b := at[end]
		parts = append(parts, part{b.from, end, b.id})
		end = b.from
	}
	for i := len(parts) - 1; i >= 0; i-- {
		p := parts[i]
		if p.id != m.unk || m.ids[word[p.start:p.end]] == p.id && m.unk >= 0 && m.list[m.unk] == word[p.start:p.end] {
			emit(p.id, word[p.start:p.end])
			continue
		}
		for i > 0 && parts[i-1].id == m.unk && parts[i-1].start == p.end { // unknown parts are one
			i--
			p.end = parts[i].end
		}
		if m.bytes {
			if ids := m.fallback(word[p.start:p.end]); ids != nil {
				for _, id := range ids {
					emit(id, m.list[id])
				}
				continue
			}
		}
		if m.unk >= 0 {
			emit(m.unk, word[p.start:p.end])
		}
	}
}
