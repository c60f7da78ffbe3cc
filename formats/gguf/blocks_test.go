package gguf

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"testing"
)

// TestDecode decodes blocks whose every bit was drawn, and whose numbers the reference
// implementation's package for Python (gguf 0.19) gave.
func TestDecode(t *testing.T) {
	byName := map[string]typeRow{}
	for _, row := range types {
		byName[row.name] = row
	}
	seen := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(golden(t, "decoded.txt")))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		block, err := hex.DecodeString(f[1])
		if err != nil {
			t.Fatal(err)
		}
		want, err := hex.DecodeString(f[2])
		if err != nil {
			t.Fatal(err)
		}
		row := byName[f[0]]
		if len(block) != row.size || len(want) != 4*row.block {
			t.Fatalf("%s: %d bytes for %d elements, want %d for %d", f[0], len(block), len(want)/4, row.size, row.block)
		}
		seen[f[0]]++
		got := make([]float32, row.block)
		row.decode(got, block)
		for i, x := range got {
			w := math.Float32frombits(binary.LittleEndian.Uint32(want[4*i:]))
			if math.Abs(float64(x-w)) > 1e-6*math.Abs(float64(w))+1e-6 {
				t.Errorf("%s, element %d: got %g, want %g", f[0], i, x, w)
				break
			}
		}
	}
	for _, row := range types {
		if row.decode != nil && row.block > 1 && seen[row.name] == 0 && row.name != "Q8_K" {
			t.Errorf("%s: no block is tried", row.name)
		}
	}
}

// TestQ8K decodes what the reference has no numbers for.
func TestQ8K(t *testing.T) {
	row := Q8_K.row()
	block := make([]byte, row.size)
	binary.LittleEndian.PutUint32(block, math.Float32bits(0.5))
	for i := range superBlock {
		block[4+i] = byte(i)
	}
	got := make([]float32, superBlock)
	row.decode(got, block)
	for i, x := range got {
		if want := 0.5 * float32(int8(i)); x != want {
			t.Errorf("element %d: got %g, want %g", i, x, want)
		}
	}
}
