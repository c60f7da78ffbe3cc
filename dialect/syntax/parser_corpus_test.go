package syntax

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestCorpus parses every program of the public corpus; those that must raise
// a SyntaxError are the only ones that may not parse.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../testdata/conformance/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var c struct{ ID, Src, Error string }
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatal(err)
			}
			_, err := Parse(c.ID, []byte(c.Src))
			if err != nil && c.Error != "SyntaxError" && c.Error != "IndentationError" {
				t.Errorf("%s: %v\n%s", c.ID, err, err.(*Error).Report())
			}
		}
		f.Close()
	}
}
