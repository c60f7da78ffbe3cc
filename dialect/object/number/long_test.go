package number

import (
	"context"
	"errors"
	"math/big"
	"math/rand/v2"
	"testing"
)

// draw is a number of up to so many bits, often of long runs of equal bits.
func draw(r *rand.Rand, most int) *big.Int {
	n := new(big.Int)
	for left := r.IntN(most + 1); left > 0; {
		run := 1 + r.IntN(min(left, 200))
		n.Lsh(n, uint(run))
		switch r.IntN(3) {
		case 0:
			n.Add(n, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(run)), big.NewInt(1)))
		case 1:
			n.Add(n, big.NewInt(r.Int64N(1<<min(run, 62))))
		}
		left -= run
	}
	return n
}

// TestLong holds long arithmetic, whose leaves are short here, to math/big's.
func TestLong(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	l := &Long{t.Context(), 4}
	check := func(what string, err error, got, want *big.Int, args ...*big.Int) {
		t.Helper()
		if err != nil || got.Cmp(want) != 0 {
			t.Fatalf("%s of %x: got %x, %v, want %x", what, args, got, err, want)
		}
	}
	for range 100 {
		x, y := draw(r, 5000), draw(r, 5000)
		z := draw(r, 600)
		kept := new(big.Int).Set(x)
		got, err := l.Mul(x, y)
		check("Mul", err, got, new(big.Int).Mul(x, y), x, y)
		s, err := l.Sqrt(x)
		check("Sqrt", err, s, new(big.Int).Sqrt(x), x)
		g, f, err := l.GCD(x, y)
		check("GCD", err, g, new(big.Int).GCD(nil, nil, x, y), x, y)
		if y.Sign() != 0 {
			rest := new(big.Int).Mul(f, x)
			check("GCD's factor", nil, rest.Sub(rest, g).Mod(rest, y), new(big.Int), x, y)
		}
		if r.IntN(2) == 0 {
			x = new(big.Int).Neg(x)
		}
		if r.IntN(2) == 0 {
			y = new(big.Int).Neg(y)
		}
		for _, d := range []*big.Int{y, z} {
			if d.Sign() == 0 {
				continue
			}
			wantQ, wantR := new(big.Int).QuoRem(x, d, new(big.Int))
			q, rest, err := l.QuoRem(x, d)
			check("QuoRem", err, q, wantQ, x, d)
			check("QuoRem's rest", err, rest, wantR, x, d)
		}
		check("the operand", nil, new(big.Int).Abs(x), kept)
		if m := new(big.Int).Abs(z); m.Sign() > 0 {
			e := draw(r, 200)
			got, err := l.ExpMod(kept, e, m)
			check("ExpMod", err, got, new(big.Int).Exp(kept, e, m), kept, e, m)
		}
	}
	for _, n := range []int64{0, 1, 2, 13, 700} {
		got, err := l.Exp(big.NewInt(-12345), n)
		check("Exp", err, got, new(big.Int).Exp(big.NewInt(-12345), big.NewInt(n), nil))
		got, err = l.Range(1, 3*n)
		check("Range", err, got, new(big.Int).MulRange(1, 3*n))
	}
}

// TestLongStops has operations on long numbers end with their context.
func TestLongStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := NewLong(ctx)
	x := new(big.Int).Lsh(big.NewInt(3), 40*leafWords*64)
	y := new(big.Int).Lsh(big.NewInt(5), 20*leafWords*64)
	y.Add(y, big.NewInt(1))
	for name, f := range map[string]func() error{
		"Mul":    func() error { _, err := l.Mul(x, y); return err },
		"QuoRem": func() error { _, _, err := l.QuoRem(x, y); return err },
		"Exp":    func() error { _, err := l.Exp(x, 3); return err },
		"ExpMod": func() error { _, err := l.ExpMod(big.NewInt(3), x, y); return err },
		"Sqrt":   func() error { _, err := l.Sqrt(x); return err },
		"Range":  func() error { _, err := l.Range(1, 1<<20); return err },
		"GCD":    func() error { _, _, err := l.GCD(x, y); return err },
	} {
		if err := f(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
}
