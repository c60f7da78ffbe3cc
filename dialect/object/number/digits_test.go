package number

import (
	"context"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestLongDigits(t *testing.T) {
	l := NewLong(context.Background())
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"0", "7", "1" + strings.Repeat("0", leafDigits-1), "1" + strings.Repeat("0", leafDigits), strings.Repeat("9", 2*leafDigits),
		"1" + strings.Repeat("0", 4*leafDigits), strings.Repeat("9", 8*leafDigits+1)}
	for range 20 {
		b := []byte("1")
		for range r.IntN(9 * leafDigits) {
			b = append(b, byte('0'+r.IntN(10)))
		}
		texts = append(texts, string(b))
	}
	for _, s := range texts {
		x, ok, err := l.Parse(s)
		if err != nil || !ok {
			t.Fatalf("%d digits: %v, %v", len(s), ok, err)
		}
		if want, _ := new(big.Int).SetString(s, 10); x.Cmp(want) != 0 {
			t.Fatalf("%d digits are read as another number", len(s))
		}
		for _, sign := range []string{"", "-"} {
			if sign != "" {
				x.Neg(x)
			}
			want := x.String()
			if got, err := l.Text(x); err != nil || got != want {
				t.Fatalf("%s%d digits are written as %d characters, %v", sign, len(s), len(got), err)
			}
		}
	}
	for _, s := range []string{strings.Repeat("1", 3*leafDigits) + "x", "x" + strings.Repeat("1", 3*leafDigits)} {
		if _, ok, err := l.Parse(s); ok || err != nil {
			t.Errorf("%d characters with a letter: %v, %v", len(s), ok, err)
		}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	x, _, err := l.Parse(strings.Repeat("1", 3*leafDigits))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewLong(ended).Text(x); err == nil {
		t.Error("a call that has ended writes")
	}
	if _, _, err := NewLong(ended).Parse(strings.Repeat("1", 3*leafDigits)); err == nil {
		t.Error("a call that has ended reads")
	}
}
