// Package steps holds whole steps of training and inference, as programs that run unchanged
// under MLX. Each prints its peak, active and cached memory in MiB.
package steps

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed *.py
var sources embed.FS

// beginnings are what programs begin with: head all, of the others one that their first
// line asks for.
var beginnings = []string{"head", "transformer", "recurrent"}

// Names lists the programs.
func Names() (names []string) {
	files, err := fs.Glob(sources, "*.py")
	if err != nil {
		panic(err) // the pattern is written above
	}
	for _, f := range files {
		if name := strings.TrimSuffix(f, ".py"); !slices.Contains(beginnings, name) {
			names = append(names, name)
		}
	}
	return names
}

// Source is a program with what it begins with.
func Source(name string) (string, error) {
	var b strings.Builder
	text, err := sources.ReadFile(name + ".py")
	if err != nil {
		return "", fmt.Errorf("there is no step %q", name)
	}
	parts := beginnings[:1]
	for _, part := range beginnings[1:] {
		if bytes.HasPrefix(text, []byte("# with "+part+"\n")) {
			parts = append(parts[:1:1], part)
		}
	}
	for _, part := range parts {
		before, err := sources.ReadFile(part + ".py")
		if err != nil {
			return "", err
		}
		b.Write(before)
	}
	b.Write(text)
	return b.String(), nil
}
