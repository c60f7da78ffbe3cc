// Package conformance runs a corpus of small programs and compares what each
// leaves in the variable out, prints or raises with what the reference answers.
//
// A corpus is a directory of files, one for each family of programs, with a JSON
// object a line; README.md in testdata/conformance describes the format.
package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Case is one program and the reference's answer.
type Case struct {
	ID     string          `json:"id"`
	Src    string          `json:"src"`
	Out    json.RawMessage `json:"out"`
	Stdout *string         `json:"stdout"`
	Error  string          `json:"error"`
	Rtol   float64         `json:"rtol"`
	Atol   float64         `json:"atol"`
}

// Family is the cases of one file.
type Family struct {
	Name  string
	Cases []Case
}

// Load reads the families of a corpus, by name; with names given, those alone.
func Load(dir string, names ...string) ([]Family, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	sort.Strings(paths)
	var out []Family
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".jsonl")
		if len(names) > 0 && !listed(names, name) {
			continue
		}
		cases, err := readCases(path)
		if err != nil {
			return nil, err
		}
		out = append(out, Family{name, cases})
	}
	if len(out) == 0 || len(names) > len(out) {
		return nil, fmt.Errorf("conformance: %s has %d of the families %v", dir, len(out), names)
	}
	return out, nil
}

func listed(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// maxLine bounds a line of a corpus file.
const maxLine = 64 << 20

func readCases(path string) ([]Case, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var cases []Case
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var c Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("conformance: %s:%d: %w", path, n, err)
		}
		if c.ID == "" || c.Src == "" || c.Out == nil && c.Stdout == nil && c.Error == "" {
			return nil, fmt.Errorf("conformance: %s:%d: a case needs an id, a program and an answer", path, n)
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}
