package tokenizer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// wordTokenizer cuts at spaces.
func wordTokenizer(t *testing.T) *Tokenizer {
	tok, err := Load([]byte(`{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}, "pre_tokenizer": {"type": "Whitespace"}}`),
		func(string) (Matcher, error) {
			return func(text string) (places [][2]int, err error) {
				at := 0
				for _, word := range strings.SplitAfter(text, " ") {
					places = append(places, [2]int{at, at + len(strings.TrimSuffix(word, " "))})
					at += len(word)
				}
				return places, nil
			}, nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// TestEncodeTogether says that what is left of a call that was ended does not disturb the next
// one, which remembers words, too.
func TestEncodeTogether(t *testing.T) {
	tok := wordTokenizer(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for k := range 20 {
				var text string
				for n := range 200 { // words that are new
					text += strings.NewReplacer("0", "a", "1", "b").Replace(fmt.Sprintf("%b ", 1+n+200*(k+20*i)))
				}
				if _, err := tok.Encode(t.Context(), []string{text}, true, false, nil); err != nil {
					t.Error(err)
				}
				tok.Add([]Token{{Content: strings.Repeat("a", i+3)}})
			}
		})
	}
	all.Wait()
}

// TestNormalizersGrow refuses a normalizer that makes ever more of a text.
func TestNormalizersGrow(t *testing.T) {
	one := `{"type": "Replace", "pattern": {"String": "a"}, "content": "aaaaaaaaaa"}`
	tok, err := Load([]byte(`{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "normalizer": {"type": "Sequence", "normalizers": [`+
		strings.Repeat(one+",", 99)+one+`]}, "added_tokens": [{"id": 1, "content": "a", "normalized": true}]}`),
		func(string) (Matcher, error) { return nil, errors.New("no patterns here") })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tok.Encode(t.Context(), []string{"xa"}, true, false, nil); err == nil || !strings.Contains(err.Error(), "normalizer made more") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestEncodeEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tok := wordTokenizer(t)
	if _, err := tok.Encode(ctx, []string{strings.Repeat("ab", 4*looked)}, true, false, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's end", err)
	}
	if e, err := tok.Encode(t.Context(), []string{"ab"}, true, false, nil); err != nil || len(e.IDs) != 1 {
		t.Errorf("after it: %v, %v", e, err)
	}
}
