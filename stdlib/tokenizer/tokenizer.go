// Package tokenizer reads tokenizer.json files and turns text into the numbers that
// they describe, and back.
//
// A tokenizer is a line of parts, each of a kind that the file names: normalizers
// rewrite the text, pre-tokenizers cut it into words, a model cuts words into tokens, a
// post-processor puts special tokens around them, and decoders make text of tokens.
// Added tokens are found in the text before all that.
package tokenizer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Matcher finds the places in a text where a pattern matches, as pairs of offsets in
// bytes that grow.
type Matcher func(text string) ([][2]int, error)

// Compile makes a matcher of a regular expression.
type Compile func(pattern string) (Matcher, error)

// Token is an added token.
type Token struct {
	ID         int    `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"`
	Lstrip     bool   `json:"lstrip"`
	Rstrip     bool   `json:"rstrip"`
	Normalized bool   `json:"normalized"`
	Special    bool   `json:"special"`
}

// Tokenizer is a tokenizer.json.
type Tokenizer struct {
	raw        map[string]json.RawMessage
	normalize  []normalizer
	cut        []preTokenizer
	model      model
	post       []postProcessor
	decoders   []decoder
	added      []Token
	byContent  map[string]int // places in added
	byID       map[int]int
	first      map[byte][]int // places in added by the first byte, the longest content first
	normalized map[string]string
	guard      guard
}

// Encoding is what a text became.
type Encoding struct {
	IDs     []int
	Tokens  []string
	TypeIDs []int
	Special []bool
	Words   []int // the word that a token is of, -1 for special ones
}

// Load reads the text of a tokenizer.json.
func Load(text []byte, compile Compile) (*Tokenizer, error) {
	t := &Tokenizer{}
	if err := json.Unmarshal(text, &t.raw); err != nil {
		return nil, fmt.Errorf("tokenizer: %w", err)
	}
	b := &builder{compile: compile, guard: &t.guard}
	t.normalize = b.normalizers(t.raw["normalizer"])
	t.cut = b.preTokenizers(t.raw["pre_tokenizer"])
	t.model = b.model(t.raw["model"])
	t.post = b.postProcessors(t.raw["post_processor"])
	t.decoders = b.decoders(t.raw["decoder"])
	if b.err != nil {
		return nil, fmt.Errorf("tokenizer: %w", b.err)
	}
	var added []Token
	if raw := t.raw["added_tokens"]; raw != nil {
		if err := json.Unmarshal(raw, &added); err != nil {
			return nil, fmt.Errorf("tokenizer: added_tokens: %w", err)
		}
	}
	t.setAdded(added)
	return t, nil
}

func (t *Tokenizer) setAdded(added []Token) {
	t.added, t.byContent, t.byID, t.first, t.normalized = added, map[string]int{}, map[int]int{}, map[byte][]int{}, map[string]string{}
	for i, a := range added {
		t.byContent[a.Content], t.byID[a.ID] = i, i
		if a.Content == "" {
			continue
		}
		content := a.Content
		if a.Normalized {
			if made, err := t.normalizeText(content); err == nil { // else it is looked for as it is
				content = made
			}
			t.normalized[a.Content] = content
		}
		if content != "" {
			t.first[content[0]] = append(t.first[content[0]], i)
		}
	}
	for _, places := range t.first {
		slices.SortStableFunc(places, func(i, j int) int { return len(t.contentOf(j)) - len(t.contentOf(i)) })
	}
}

// contentOf is what an added token looks like where it is looked for.
func (t *Tokenizer) contentOf(i int) string {
	if s, ok := t.normalized[t.added[i].Content]; ok {
		return s
	}
	return t.added[i].Content
}

// Add adds tokens, and gives how many were new. A token that the model has keeps its
// number.
func (t *Tokenizer) Add(tokens []Token) int {
	t.guard.mu.Lock()
	defer t.guard.mu.Unlock()
	added, n := slices.Clone(t.added), 0
	next := t.model.size()
	for _, a := range added {
		next = max(next, a.ID+1)
	}
	for _, a := range tokens {
		if a.Content == "" {
			continue
		}
		if i, ok := t.byContent[a.Content]; ok {
			a.ID = added[i].ID
			added[i] = a
			continue
		}
		if id, ok := t.model.id(a.Content); ok {
			a.ID = id
		} else {
			a.ID = next
			next++
			n++
		}
		added = append(added, a)
		t.byContent[a.Content] = len(added) - 1
	}
	t.setAdded(added)
	return n
}

// SetAdded makes the added tokens what Added gave.
func (t *Tokenizer) SetAdded(added []Token) {
	t.guard.mu.Lock()
	defer t.guard.mu.Unlock()
	t.setAdded(added)
}

// Added lists the added tokens.
func (t *Tokenizer) Added() []Token { return t.added }

// JSON is the tokenizer as a file, with the tokens that were added.
func (t *Tokenizer) JSON() ([]byte, error) {
	added, err := json.Marshal(t.added)
	if err != nil {
		return nil, err
	}
	raw := map[string]json.RawMessage{}
	for k, v := range t.raw {
		raw[k] = v
	}
	raw["added_tokens"] = added
	return json.MarshalIndent(raw, "", "  ")
}

// ID is the number of a token.
func (t *Tokenizer) ID(token string) (int, bool) {
	if i, ok := t.byContent[token]; ok {
		return t.added[i].ID, true
	}
	return t.model.id(token)
}

// Token is the token of a number.
func (t *Tokenizer) Token(id int) (string, bool) {
	if i, ok := t.byID[id]; ok {
		return t.added[i].Content, true
	}
	return t.model.token(id)
}

// Vocabulary gives the number of each token.
func (t *Tokenizer) Vocabulary(withAdded bool) map[string]int {
	out := t.model.vocabulary()
	if withAdded {
		for _, a := range t.added {
			out[a.Content] = a.ID
		}
	}
	return out
}

func (t *Tokenizer) normalizeText(s string) (string, error) {
	most := mostOf(len(s))
	for i, n := range t.normalize {
		t.guard.turn()
		if s = n(s); len(s) > most {
			return "", fmt.Errorf("the %d. normalizer made more than %d bytes of a text, which may become 64 times as long", i+1, most)
		}
	}
	return s, nil
}

// mostOf is how long a text of so many bytes may become: whoever encodes has memory for that.
func mostOf(size int) int { return min(64*size+1<<16, 1<<28) }

// piece is a part of a text: an added token, or text that the model sees.
type piece struct {
	text  string
	added int  // its place among the added tokens, or -1
	first bool // whether it starts the text
}

// Encode turns a text into tokens. Words of a text that is cut already come as such.
func (t *Tokenizer) Encode(ctx context.Context, words []string, whole, special bool, pair []string) (e *Encoding, err error) {
	if end := t.guard.during(ctx, func() { e, err = t.encodePair(words, whole, special, pair) }); end != nil {
		return nil, end
	}
	return e, err
}

func (t *Tokenizer) encodePair(words []string, whole, special bool, pair []string) (*Encoding, error) {
	a, err := t.encodeAll(words, whole)
	if err != nil {
		return nil, err
	}
	var b *Encoding
	if pair != nil {
		if b, err = t.encodeAll(pair, whole); err != nil {
			return nil, err
		}
	}
	return t.process(a, b, special), nil
}

func (t *Tokenizer) encodeAll(words []string, whole bool) (*Encoding, error) {
	out := &Encoding{}
	for i, w := range words {
		t.guard.turn()
		before := len(out.IDs)
		if err := t.encode(w, out); err != nil {
			return nil, err
		}
		if !whole {
			for k := before; k < len(out.Words); k++ {
				out.Words[k] = i
			}
		}
	}
	return out, nil
}

func (t *Tokenizer) encode(text string, out *Encoding) error {
	word := 0
	for _, p := range t.split(piece{text, -1, true}, false) {
		if p.added >= 0 {
			out.push(t.added[p.added].ID, p.text, -1)
			continue
		}
		var err error
		if p.text, err = t.normalizeText(p.text); err != nil {
			return err
		}
		for _, q := range t.split(p, true) {
			if q.added >= 0 {
				out.push(t.added[q.added].ID, q.text, -1)
				continue
			}
			parts := []piece{q}
			for _, cut := range t.cut {
				var next []piece
				for _, part := range parts {
					t.guard.turn()
					made, err := cut(part)
					if err != nil {
						return err
					}
					next = append(next, made...)
				}
				parts = next
			}
			for _, part := range parts {
				t.guard.turn()
				if part.text == "" {
					continue
				}
				t.model.tokenize(part.text, func(id int, token string) { out.push(id, token, word) })
				word++
			}
		}
	}
	return nil
}

func (e *Encoding) push(id int, token string, word int) {
	e.IDs = append(e.IDs, id)
	e.Tokens = append(e.Tokens, token)
	e.TypeIDs = append(e.TypeIDs, 0)
	e.Special = append(e.Special, false)
	e.Words = append(e.Words, word)
}

// split finds added tokens in a text: those that are looked for before it is normalized,
// or after.
func (t *Tokenizer) split(p piece, normalized bool) []piece {
	var out []piece
	text, from := p.text, 0
	flush := func(to int) {
		if to > from {
			out = append(out, piece{text[from:to], -1, p.first && from == 0})
		}
	}
	for i := 0; i < len(text); {
		t.guard.turn()
		found := -1
		for _, k := range t.first[text[i]] {
			a := &t.added[k]
			if a.Normalized == normalized && strings.HasPrefix(text[i:], t.contentOf(k)) && (!a.SingleWord || alone(text, i, i+len(t.contentOf(k)))) {
				found = k
				break
			}
		}
		if found < 0 {
			i++
			continue
		}
		start, end := i, i+len(t.contentOf(found))
		if t.added[found].Lstrip {
			start = max(from, len(strings.TrimRightFunc(text[:start], unicode.IsSpace)))
		}
		if t.added[found].Rstrip {
			end = len(text) - len(strings.TrimLeftFunc(text[end:], unicode.IsSpace))
		}
		flush(start)
		out = append(out, piece{text[start:end], found, false})
		from, i = end, end
	}
	flush(len(text))
	return out
}

// alone tells whether no letter or digit stands next to a part of a text.
func alone(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	word := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }
	return (start == 0 || !word(before)) && (end == len(text) || !word(after))
}

// Decode makes text of tokens.
func (t *Tokenizer) Decode(ids []int, skipSpecial bool) string {
	var tokens []string
	for _, id := range ids {
		if i, ok := t.byID[id]; ok && skipSpecial && t.added[i].Special {
			continue
		}
		if s, ok := t.Token(id); ok {
			tokens = append(tokens, s)
		}
	}
	return t.Join(tokens)
}

// Join makes text of tokens that are known by their text.
func (t *Tokenizer) Join(tokens []string) string {
	if t.decoders == nil {
		return strings.Join(tokens, " ")
	}
	for _, d := range t.decoders {
		tokens = d(tokens)
	}
	return strings.Join(tokens, "")
}
