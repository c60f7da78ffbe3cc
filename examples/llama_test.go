package examples_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// makeModel makes a directory with a small model that has hardly learnt.
func makeModel(t *testing.T, args ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "model")
	execute(t, mlxstar.Options{}, "llama/make_model.py", append([]string{dir, "--steps", "5", "--vocabulary", "300", "--batch-size", "4", "--context", "16", "--json"}, args...)...)
	return dir
}

// TestLlamaCache holds generation with a cache, in each kind of directory, to the
// network applied to the whole sequence.
func TestLlamaCache(t *testing.T) {
	folder, err := filepath.Abs("llama")
	if err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"plain":     nil,
		"tied":      {"--tied"},
		"stretched": {"--long"},
		"half":      {"--dtype", "bfloat16"},
		"quantized": {"--quantize", "4"},
		"one head":  {"--kv-heads", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			out := execute(t, mlxstar.Options{}, "testdata/cached.py", makeModel(t, args...), folder)
			if out != "same\n" {
				t.Errorf("printed %q", out)
			}
		})
	}
}

// TestLlamaText runs the program as a reader would.
func TestLlamaText(t *testing.T) {
	dir := makeModel(t)
	const prompt = "Let me not to the marriage"
	out := execute(t, mlxstar.Options{}, "llama/generate.py", dir, "--prompt", prompt, "--max-tokens", "12", "--ignore-end", "--quantize", "8", "--temperature", "0.8", "--top-p", "0.9")
	if !strings.HasPrefix(out, prompt) || len(out) < len(prompt)+5 {
		t.Errorf("printed %q, want the prompt and more", out)
	}
}

// TestTokenizer holds the tokenizer to what the Rust implementation gives for the
// same tokenizer.json.
func TestTokenizer(t *testing.T) {
	text, err := os.ReadFile("testdata/tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text   string
		Tokens []int
	}
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	folder, err := filepath.Abs("llama")
	if err != nil {
		t.Fatal(err)
	}
	input := filepath.Join(t.TempDir(), "cases.json")
	if err := os.WriteFile(input, text, 0o666); err != nil {
		t.Fatal(err)
	}
	var got [][]int
	if err := json.Unmarshal([]byte(execute(t, mlxstar.Options{}, "testdata/tokens.py", makeModel(t), folder, input)), &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		want, _ := json.Marshal(c.Tokens)
		if have, _ := json.Marshal(got[i]); string(have) != string(want) {
			t.Errorf("%q: got %s, want %s", c.Text, have, want)
		}
	}
}
