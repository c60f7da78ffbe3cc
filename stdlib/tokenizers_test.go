package stdlib

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar/stdlib/tokenizer"
)

// TestTokenizers holds tokenizers of each kind to what Hugging Face's library gives:
// testdata/tokenizers.json was written by it.
func TestTokenizers(t *testing.T) {
	text, err := os.ReadFile("testdata/tokenizers.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct {
		File  json.RawMessage `json:"file"`
		Texts []struct {
			Text    string   `json:"text"`
			IDs     []int    `json:"ids"`
			Tokens  []string `json:"tokens"`
			Decoded string   `json:"decoded"`
		} `json:"texts"`
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 5 {
		t.Fatalf("%d tokenizers, want 5", len(cases))
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			tok, err := tokenizer.Load(c.File, tokenMatcher)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.Texts {
				got, err := tok.Encode(t.Context(), []string{want.Text}, true, true, nil)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got.IDs, want.IDs) || !slices.Equal(got.Tokens, want.Tokens) {
					t.Errorf("%q became %v %q, want %v %q", want.Text, got.IDs, got.Tokens, want.IDs, want.Tokens)
				}
				if text := tok.Decode(want.IDs, true); text != want.Decoded {
					t.Errorf("%v is %q, want %q", want.IDs, text, want.Decoded)
				}
			}
		})
	}
}
