// Package pack keeps rendered pages compressed.
package pack

import (
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// Page is a page as HTML, without what stands around it.
type Page struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

// Pack compresses pages by their names.
func Pack(pages map[string]Page) ([]byte, error) {
	text, err := json.Marshal(pages)
	if err != nil {
		return nil, err
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return w.EncodeAll(text, nil), w.Close()
}

// Unpack gives the pages back.
func Unpack(packed []byte) (map[string]Page, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := r.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack pages: %w", err)
	}
	var pages map[string]Page
	if err := json.Unmarshal(text, &pages); err != nil {
		return nil, fmt.Errorf("unpack pages: %w", err)
	}
	return pages, nil
}
