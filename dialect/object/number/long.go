package number

import (
	"context"
	"math/big"
	"math/bits"
)

// Long is arithmetic on integers of any length that ends soon after its context. Math/big's
// takes seconds for long ones and looks at nothing, so that here operations on long numbers
// are made of operations on shorter ones, which are math/big's. It makes new numbers and changes
// none.
type Long struct {
	ctx  context.Context
	leaf int // words of numbers that are left to math/big
}

// leafWords are multiplied and divided in a few milliseconds.
const leafWords = 1 << 12

// NewLong is arithmetic that lasts as long as the context.
func NewLong(ctx context.Context) *Long { return &Long{ctx, leafWords} }

// part is the number that the words lo to hi of x are, as far as it has them.
func part(x *big.Int, lo, hi int) *big.Int {
	w := x.Bits()
	lo = min(lo, len(w))
	return new(big.Int).SetBits(w[lo:max(min(hi, len(w)), lo):max(min(hi, len(w)), lo)])
}

func words(x *big.Int) int { return len(x.Bits()) }

// shifted is x times the n-th power of the words' base.
func shifted(x *big.Int, n int) *big.Int { return new(big.Int).Lsh(x, uint(n*bits.UintSize)) }

// Mul is x y.
func (l *Long) Mul(x, y *big.Int) (*big.Int, error) {
	if words(x) < words(y) {
		x, y = y, x
	}
	n, m := words(x), words(y)
	if n <= 4*l.leaf && (m <= l.leaf || n <= l.leaf) {
		return new(big.Int).Mul(x, y), nil
	}
	if err := l.ctx.Err(); err != nil {
		return nil, err
	}
	product, err := l.product(part(x, 0, n), part(y, 0, m))
	if err == nil && x.Sign() != y.Sign() {
		product.Neg(product)
	}
	return product, err
}

// product multiplies numbers that are not negative, of which the first is the longer one: by
// pieces of about the other's length, and equally long ones by halves, as Karatsuba did.
func (l *Long) product(x, y *big.Int) (*big.Int, error) {
	n, m := words(x), words(y)
	if piece := max(m, l.leaf); n > 2*piece {
		sum := new(big.Int)
		for at := (n - 1) / piece * piece; at >= 0; at -= piece {
			p, err := l.Mul(part(x, at, at+piece), y)
			if err != nil {
				return nil, err
			}
			sum = shifted(sum, piece)
			sum.Add(sum, p)
		}
		return sum, nil
	}
	half := (n + 1) / 2
	x0, x1, y0, y1 := part(x, 0, half), part(x, half, n), part(y, 0, half), part(y, half, n)
	low, err := l.Mul(x0, y0)
	if err != nil {
		return nil, err
	}
	high, err := l.Mul(x1, y1)
	if err != nil {
		return nil, err
	}
	mid, err := l.Mul(new(big.Int).Add(x0, x1), new(big.Int).Add(y0, y1))
	if err != nil {
		return nil, err
	}
	mid.Sub(mid, low).Sub(mid, high)
	out := shifted(high, half)
	out.Add(out, mid)
	out = shifted(out, half)
	return out.Add(out, low), nil
}

// QuoRem is the quotient, which is cut, and the rest, which has the sign of x. Y is not 0.
func (l *Long) QuoRem(x, y *big.Int) (q, r *big.Int, err error) {
	if words(x) <= 2*l.leaf || words(x) < words(y) {
		q, r = new(big.Int).QuoRem(x, y, new(big.Int))
		return q, r, nil
	}
	n := words(y)
	// The divisor's first bit is set, so that quotients are guessed within two.
	shift := uint(n*bits.UintSize - y.BitLen())
	a, b := new(big.Int).Lsh(part(x, 0, words(x)), shift), new(big.Int).Lsh(part(y, 0, n), shift)
	q, r = new(big.Int), new(big.Int)
	// Pieces of the length of the divisor, or longer where that is short.
	piece := max(n, l.leaf)
	for at := (words(a) - 1) / piece * piece; at >= 0; at -= piece {
		if err := l.ctx.Err(); err != nil {
			return nil, nil, err
		}
		r = shifted(r, piece)
		r.Add(r, part(a, at, at+piece))
		var digit *big.Int
		if piece > n {
			digit, r = new(big.Int).QuoRem(r, b, new(big.Int))
		} else if digit, r, err = l.halves(r, b, n); err != nil {
			return nil, nil, err
		}
		q = shifted(q, piece)
		q.Add(q, digit)
	}
	r.Rsh(r, shift)
	if x.Sign() != y.Sign() {
		q.Neg(q)
	}
	if x.Sign() < 0 {
		r.Neg(r)
	}
	return q, r, nil
}

// halves divides a, which is less than b with n words behind it, by b of n words, by two divisions
// of half the length, as Burnikel and Ziegler did.
func (l *Long) halves(a, b *big.Int, n int) (q, r *big.Int, err error) {
	if n <= l.leaf || words(a) < n {
		q, r = new(big.Int).QuoRem(a, b, new(big.Int))
		return q, r, nil
	}
	if err := l.ctx.Err(); err != nil {
		return nil, nil, err
	}
	if n%2 != 0 {
		q, r, err = l.halves(shifted(a, 1), shifted(b, 1), n+1)
		if err != nil {
			return nil, nil, err
		}
		return q, part(r, 1, n+1), nil
	}
	half := n / 2
	first, r, err := l.thirds(part(a, n, 2*n), part(a, half, n), b, half)
	if err != nil {
		return nil, nil, err
	}
	second, r, err := l.thirds(r, part(a, 0, half), b, half)
	if err != nil {
		return nil, nil, err
	}
	q = shifted(first, half)
	return q.Add(q, second), r, nil
}

// thirds divides a with n words behind it by b of twice n words.
func (l *Long) thirds(a, behind, b *big.Int, n int) (q, r *big.Int, err error) {
	b1, b0 := part(b, n, 2*n), part(b, 0, n)
	if part(a, n, words(a)).Cmp(b1) == 0 {
		q = shifted(big.NewInt(1), n)
		q.Sub(q, big.NewInt(1))
		r = new(big.Int).Sub(a, shifted(b1, n))
		r.Add(r, b1)
	} else if q, r, err = l.halves(a, b1, n); err != nil {
		return nil, nil, err
	}
	over, err := l.Mul(q, b0)
	if err != nil {
		return nil, nil, err
	}
	r = shifted(r, n)
	r.Add(r, behind).Sub(r, over)
	q = new(big.Int).Set(q)
	for r.Sign() < 0 {
		q.Sub(q, big.NewInt(1))
		r.Add(r, b)
	}
	return q, r, nil
}

// DivMod is Python's: the quotient is rounded down, and the rest has the sign of y.
func (l *Long) DivMod(x, y *big.Int) (q, r *big.Int, err error) {
	q, r, err = l.QuoRem(x, y)
	if err == nil && r.Sign() != 0 && r.Sign() != y.Sign() {
		q = new(big.Int).Sub(q, big.NewInt(1))
		r = new(big.Int).Add(r, y)
	}
	return q, r, err
}

// Exp is x to a power that is not negative.
func (l *Long) Exp(x *big.Int, n int64) (*big.Int, error) {
	out := big.NewInt(1)
	for i := bits.Len64(uint64(n)) - 1; i >= 0; i-- {
		var err error
		if out, err = l.Mul(out, out); err == nil && n>>i&1 != 0 {
			out, err = l.Mul(out, x)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// quickModular is the work, in products of words, up to which math/big raises to a power by a modulus.
const quickModular = 1 << 24

// ExpMod is x, which is not negative, to a power that is not negative by a modulus that is positive.
func (l *Long) ExpMod(x, n, modulus *big.Int) (*big.Int, error) {
	if size := words(modulus); size <= l.leaf && n.BitLen() <= quickModular/(size*size) {
		return new(big.Int).Exp(x, n, modulus), nil
	}
	out := new(big.Int).Mod(big.NewInt(1), modulus)
	times := func(y *big.Int) error {
		p, err := l.Mul(out, y)
		if err == nil {
			_, out, err = l.QuoRem(p, modulus)
		}
		return err
	}
	for i := n.BitLen() - 1; i >= 0; i-- {
		err := l.ctx.Err()
		if err == nil {
			err = times(out)
		}
		if err == nil && n.Bit(i) != 0 {
			err = times(x)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Sqrt is the root of a number that is not negative, cut. Each step doubles how many digits of it are
// known.
func (l *Long) Sqrt(n *big.Int) (*big.Int, error) {
	if words(n) <= l.leaf {
		return new(big.Int).Sqrt(n), nil
	}
	all := uint(n.BitLen()-1) / 2
	root, known := big.NewInt(1), uint(0)
	for s := bits.Len(all) - 1; s >= 0; s-- {
		before := known
		known = all >> s
		q, _, err := l.QuoRem(new(big.Int).Rsh(n, 2*all-before-known+1), root)
		if err != nil {
			return nil, err
		}
		root = new(big.Int).Lsh(root, known-before-1)
		root.Add(root, q)
	}
	square, err := l.Mul(root, root)
	if err == nil && square.Cmp(n) > 0 {
		root.Sub(root, big.NewInt(1))
	}
	return root, err
}

// rangeLeaf is how many factors are multiplied at once.
const rangeLeaf = 1 << 9

// Range is the product of all integers from lo to hi, neither of which is negative.
func (l *Long) Range(lo, hi int64) (*big.Int, error) {
	if hi-lo < rangeLeaf {
		return new(big.Int).MulRange(lo, hi), nil
	}
	mid := lo + (hi-lo)/2
	below, err := l.Range(lo, mid)
	if err != nil {
		return nil, err
	}
	above, err := l.Range(mid+1, hi)
	if err != nil {
		return nil, err
	}
	return l.Mul(below, above)
}

// GCD is the greatest common divisor of numbers that are not negative, and the number that x is to
// be multiplied by to give it, but for multiples of y.
func (l *Long) GCD(x, y *big.Int) (g, factor *big.Int, err error) {
	a, b := new(big.Int).Set(x), new(big.Int).Set(y)
	fa, fb := big.NewInt(1), new(big.Int)
	for b.Sign() != 0 {
		if err := l.ctx.Err(); err != nil {
			return nil, nil, err
		}
		if words(a) <= l.leaf/4 {
			var s, t big.Int
			g := new(big.Int).GCD(&s, &t, a, b)
			// g = s a + t b, and a = fa x, b = fb x by the modulus.
			p, err := l.Mul(&s, fa)
			if err != nil {
				return nil, nil, err
			}
			q, err := l.Mul(&t, fb)
			return g, p.Add(p, q), err
		}
		m, ok := leading(a, b)
		if !ok {
			q, r, err := l.QuoRem(a, b)
			if err != nil {
				return nil, nil, err
			}
			p, err := l.Mul(q, fb)
			if err != nil {
				return nil, nil, err
			}
			a, b = b, r
			fa, fb = fb, new(big.Int).Sub(fa, p)
			continue
		}
		a, b = m.apply(a, b)
		fa, fb = m.apply(fa, fb)
	}
	return a, fa, nil
}

// steps are some steps of Euclid's at once: a and b become p a + q b and r a + s b.
type steps struct{ p, q, r, s int64 }

func (m steps) apply(a, b *big.Int) (x, y *big.Int) {
	row := func(p, q int64) *big.Int {
		u, v := new(big.Int).Mul(a, big.NewInt(p)), new(big.Int).Mul(b, big.NewInt(q))
		return u.Add(u, v)
	}
	return row(m.p, m.q), row(m.r, m.s)
}

// leading finds the steps that the leading digits of two numbers tell, as Lehmer did. A is the larger.
func leading(a, b *big.Int) (m steps, ok bool) {
	const digits = 62
	n := a.BitLen()
	if n <= digits || b.BitLen() < n-digits/2 {
		return m, false
	}
	x := new(big.Int).Rsh(part(a, words(a)-2, words(a)), top(a, n, digits)).Int64()
	y := new(big.Int).Rsh(part(b, words(a)-2, words(a)), top(a, n, digits)).Int64()
	m = steps{1, 0, 0, 1}
	for y+m.r != 0 && y+m.s != 0 {
		q := (x + m.p) / (y + m.r)
		if q != (x+m.q)/(y+m.s) {
			break
		}
		m = steps{m.r, m.s, m.p - q*m.r, m.q - q*m.s}
		x, y = y, x-q*y
	}
	return m, m.q != 0
}

// top is how far the two highest words of a are shifted to leave so many digits.
func top(a *big.Int, length, digits int) uint {
	return uint(length - (words(a)-2)*bits.UintSize - digits)
}
