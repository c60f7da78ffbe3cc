// Package view writes a recording as one HTML file: the timeline, the arrays of the peak's
// step, a flame graph of lines, a tree of owners, and advice. It needs nothing else, and
// its content policy forbids it to ask for anything.
package view

import (
	"bytes"
	_ "embed" // of the page
	"encoding/json"
	"errors"
	"io"

	"github.com/mlxstar/mlxstar/memory"
)

//go:embed page.html
var page []byte

// placeholder is where the data goes in the page.
var placeholder = []byte("/*DATA*/null")

// content is what the page shows.
type content struct {
	*memory.Profile
	Advice []memory.Advice `json:"advice"`
	ByLine []memory.Line   `json:"by_line"`
	Strip  *strip          `json:"strip"` // null where no events were kept
}

// Write writes the page of a profile and its events, which may be nil.
func Write(w io.Writer, p *memory.Profile, changes memory.Changes) error {
	advice, err := p.Advise(changes)
	if err != nil {
		return err
	}
	c := content{Profile: p, Advice: advice, ByLine: p.ByLine()}
	for i := range c.ByLine {
		c.ByLine[i].Largest = nil // the rows have it
	}
	if changes != nil {
		if c.Strip, err = newStrip(p, changes); err != nil {
			return err
		}
	}
	data, err := json.Marshal(c) // which escapes what could end a script
	if err != nil {
		return err
	}
	before, after, ok := bytes.Cut(page, placeholder)
	if !ok {
		return errors.New("view: the page has no place for data")
	}
	for _, part := range [][]byte{before, data, after} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}
