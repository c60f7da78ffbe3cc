package pcg

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// digest hashes n draws, each as its little-endian bytes.
func digest(n int, draw func(p []byte) []byte) string {
	h := sha256.New()
	for range n {
		h.Write(draw(nil))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestStreams holds 200,000 draws of each kind to NumPy's, one after the other
// from default_rng(1). The draws that compare with exp and log1p come out alike,
// too.
func TestStreams(t *testing.T) {
	g := New(NewSeedSequence([]uint32{1}))
	for _, kind := range []struct {
		name, want string
		draw       func(p []byte) []byte
	}{
		{"normal", "48dc9840a577b69b47a56bb8c89c951e076a8a045430b3404b9fec134d148f17",
			func(p []byte) []byte { return binary.LittleEndian.AppendUint64(p, math.Float64bits(g.Normal())) }},
		{"exponential", "368cab3cf2ce3d6fa65d51874515cd82794fb47fdd5cf093316c488ecd77bc12",
			func(p []byte) []byte {
				return binary.LittleEndian.AppendUint64(p, math.Float64bits(g.Exponential()))
			}},
		{"float32 normal", "9df70f602deaa352d06b701ef296cec8c40f677d7a622fcdf0935f8e62b79b1d",
			func(p []byte) []byte { return binary.LittleEndian.AppendUint32(p, math.Float32bits(g.Normal32())) }},
	} {
		if got := digest(200000, kind.draw); got != kind.want {
			t.Errorf("%s: the draws hash to %s, want %s", kind.name, got, kind.want)
		}
	}
}

// TestWords checks the first words of a seed.
func TestWords(t *testing.T) {
	g := New(NewSeedSequence([]uint32{12345}))
	for i, want := range []uint64{4193609425186963869, 5843160025838961886, 14708796524633321433} {
		if got := g.Uint64(); got != want {
			t.Errorf("word %d is %d, want %d", i, got, want)
		}
	}
}
