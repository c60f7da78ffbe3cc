package tokenizer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSentencePiece compares what models make of texts with what SentencePiece itself makes of them.
func TestSentencePiece(t *testing.T) {
	models, err := filepath.Glob("testdata/*.model")
	if err != nil || len(models) < 3 {
		t.Fatalf("got the models %v (%v), want three", models, err)
	}
	for _, path := range models {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".model"), func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := LoadSentencePiece(b)
			if err != nil {
				t.Fatal(err)
			}
			var rows []struct {
				Text, Decoded, Normal string
				IDs                   []int
			}
			text, err := os.ReadFile(strings.TrimSuffix(path, ".model") + ".json")
			if err == nil {
				err = json.Unmarshal(text, &rows)
			}
			if err != nil || len(rows) < 30 {
				t.Fatalf("got %d rows (%v), want 30 or more", len(rows), err)
			}
			for _, row := range rows {
				ids, parts, err := s.Encode(t.Context(), row.Text)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(ids, row.IDs) {
					t.Errorf("%q: got %v, want %v", row.Text, ids, row.IDs)
				}
				if got := s.Decode(row.IDs, nil); got != row.Decoded {
					t.Errorf("%q: decoded to %q, want %q", row.Text, got, row.Decoded)
				}
				if got := s.Normalize(row.Text); got != row.Normal {
					t.Errorf("%q: normalized to %q, want %q", row.Text, got, row.Normal)
				}
				// The parts of a text without bytes make all of it.
				whole := strings.Join(parts, "")
				if !slices.ContainsFunc(ids, func(id int) bool { return s.Pieces[id].Kind == BytePiece }) && whole != row.Normal {
					t.Errorf("%q: the parts are %q, want %q", row.Text, whole, row.Normal)
				}
			}
		})
	}
}

func TestSentencePieceRefusals(t *testing.T) {
	b, err := os.ReadFile("testdata/plain.model")
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range [][]byte{nil, []byte("no model"), b[:100], b[:len(b)-1], {0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}} {
		if _, err := LoadSentencePiece(content); err == nil {
			t.Errorf("%d bytes are taken for a model", len(content))
		}
	}
	word := append(slices.Clone(b), 0x12, 0x02, 0x18, 0x03) // a second part of the trainer's settings: of type 3
	if _, err := LoadSentencePiece(word); err == nil || !strings.Contains(err.Error(), "type 3") {
		t.Errorf("a model of words: got %v", err)
	}
}

func FuzzSentencePiece(f *testing.F) {
	for _, name := range []string{"uni", "pairs", "plain"} {
		b, err := os.ReadFile("testdata/" + name + ".model")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, "some text ½ <sep> é")
	}
	f.Fuzz(func(t *testing.T, model []byte, text string) {
		s, err := LoadSentencePiece(model)
		if err != nil {
			return
		}
		ids, _, err := s.Encode(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if id < 0 || id >= len(s.Pieces) {
				t.Fatalf("%q gives the number %d of %d", text, id, len(s.Pieces))
			}
		}
		s.Decode(ids, nil)
	})
}

// TestBytes merges as a slow definition does: the pair of the least rank, the leftmost first.
func TestBytes(t *testing.T) {
	ranks := map[string]int{"a": 0, "b": 1, "c": 2, " ": 3, "ab": 4, "bc": 5, "abc": 6, "aa": 7, "aaaa": 8, "ca": 9, " a": 10}
	whole := func(string) (Matcher, error) {
		return func(text string) ([][2]int, error) { return [][2]int{{0, len(text)}}, nil }, nil
	}
	b, err := NewBytes(ranks, "", whole)
	if err != nil {
		t.Fatal(err)
	}
	slow := func(word string) (out []int) {
		parts := strings.Split(word, "")
		for {
			at, least := -1, 1<<30
			for i := 0; i+1 < len(parts); i++ {
				if rank, ok := ranks[parts[i]+parts[i+1]]; ok && rank < least {
					at, least = i, rank
				}
			}
			if at < 0 {
				break
			}
			parts = slices.Concat(parts[:at], []string{parts[at] + parts[at+1]}, parts[at+2:])
		}
		for _, p := range parts {
			out = append(out, ranks[p])
		}
		return out
	}
	letters := "abc "
	for n := range 4 * 4 * 4 * 4 * 4 * 4 {
		word := ""
		for k := n; k > 0; k /= 4 {
			word += string(letters[k%4])
		}
		if word == "" {
			continue
		}
		if got, err := b.Encode(t.Context(), word); err != nil || !slices.Equal(got, slow(word)) {
			t.Fatalf("%q: got %v (%v), want %v", word, got, err, slow(word))
		}
	}
	if _, err := b.Encode(t.Context(), "axb"); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("a byte without a token: got %v", err)
	}
	if _, err := NewBytes(map[string]int{"a": 0, "b": 0}, "", whole); err == nil {
		t.Error("two tokens of one rank are taken")
	}
}
