package main

import "github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"

// conversions writes the kernels between float32 and the other floats, eight
// elements at a time.
func conversions(file *a64.File) {
	for _, c := range []struct {
		name, from, to   string
		fromSize, toSize int
		body             func(k *kernel, in []a64.V) []a64.V
	}{
		{"widenHalf", "uint16", "float32", 2, 4, wideners("fcvtl", a64.H8)},
		{"narrowHalf", "float32", "uint16", 4, 2, narrowers("fcvtn", a64.H8)},
		{"widenBrain", "uint16", "float32", 2, 4, wideners("shll", a64.H8)},
		{"narrowBrain", "float32", "uint16", 4, 2, narrowBrain},
		{"widenSingle", "float32", "float64", 4, 8, wideners("fcvtl", a64.S4)},
		{"narrowDouble", "float64", "float32", 8, 4, narrowers("fcvtn", a64.S4)},
	} {
		k := begin(file, single, c.name+"NEON", "(dst *"+c.to+", src *"+c.from+", blocks int)",
			"converts 8*blocks elements, at least 8, rounding to the nearest, ties to even.")
		dst, src, blocks := k.Load("dst"), k.Load("src"), k.Load("blocks")
		k.table = k.R()
		k.Constants(k.table)
		k.loop(blocks, func() {
			k.store(c.body(k, k.load(src, 0, 8*c.fromSize/vectorBytes)), dst, 0)
			k.AddNumber(src, 8*c.fromSize)
			k.AddNumber(dst, 8*c.toSize)
		})
		k.Return()
	}
}

// loop does something n times, at least once.
func (k *kernel) loop(n a64.R, body func()) {
	top := k.Label("loop")
	k.Here(top)
	body()
	k.SubFlags(n, 1)
	k.If("NE", top)
}

func wideners(instruction string, narrow a64.Arrangement) func(k *kernel, in []a64.V) []a64.V {
	return func(k *kernel, in []a64.V) (out []a64.V) {
		for _, v := range in {
			for _, upper := range []bool{false, true} {
				w := k.V()
				k.Convert(instruction, narrow, w, v, upper)
				out = append(out, w)
			}
		}
		return out
	}
}

func narrowers(instruction string, narrow a64.Arrangement) func(k *kernel, in []a64.V) []a64.V {
	return func(k *kernel, in []a64.V) (out []a64.V) {
		for i := 0; i < len(in); i += 2 {
			w := k.V()
			k.Convert(instruction, narrow, w, in[i], false)
			k.Convert(instruction, narrow, w, in[i+1], true)
			out = append(out, w)
		}
		return out
	}
}

// narrowBrain adds what rounds the upper half to even, except to NaN, which keeps
// its leading payload and becomes quiet.
func narrowBrain(k *kernel, in []a64.V) []a64.V {
	constant := func(bits uint64) a64.V {
		v := k.V()
		k.LoadConstant(v, k.table, k.file.Repeated(bits, 4))
		return v
	}
	one, half, quiet := constant(1), constant(0x7fff), constant(0x400000)
	up := make([]a64.V, len(in))
	for i, v := range in {
		number, loud := k.V(), k.V()
		up[i] = k.V()
		k.Three("fcmeq", a64.S4, number, v, v)
		k.Three("orr", a64.B16, loud, v, quiet)
		k.Shift("ushr", a64.S4, up[i], v, 16)
		k.Three("and", a64.B16, up[i], up[i], one)
		k.Three("add", a64.S4, up[i], up[i], half)
		k.Three("add", a64.S4, up[i], up[i], v)
		k.Three("bif", a64.B16, up[i], loud, number)
	}
	r := k.V()
	k.Three("uzp2", a64.H8, r, up[0], up[1])
	return []a64.V{r}
}

// choose writes the choice between two rows by a row of bytes.
func choose(file *a64.File) {
	k := begin(file, single, "chooseNEON", "(dst *uint32, where *byte, a, b *uint32, blocks int)",
		"takes 8*blocks elements, at least 8, from a where the byte is not 0, and from b elsewhere.")
	dst, where, a, b, blocks := k.Load("dst"), k.Load("where"), k.Load("a"), k.Load("b"), k.Load("blocks")
	k.loop(blocks, func() {
		w := k.V()
		k.LoadBytes(w, where, 0, 8)
		k.Three("cmtst", a64.B16, w, w, w)
		k.Convert("sshll", a64.B16, w, w, false)
		mask := wideners("sshll", a64.H8)(k, []a64.V{w})
		x, y := k.load(a, 0, 2), k.load(b, 0, 2)
		for i, m := range mask {
			k.Three("bsl", a64.B16, m, x[i], y[i])
		}
		k.store(mask, dst, 0)
		k.AddNumber(where, 8)
		for _, p := range []a64.R{dst, a, b} {
			k.AddNumber(p, 2*vectorBytes)
		}
	})
	k.Return()
}

// The rotations of Threefry2x32 and the constant of its key schedule
// (Salmon et al., SC 2011).
var threefryTurns = [2][4]int{{13, 15, 26, 6}, {17, 29, 16, 24}}

const threefryParity = 0x1bd11bda

// threefry writes the generator of random words for eight counters at a time.
func threefry(file *a64.File) {
	k := begin(file, single, "threefryNEON", "(x, y *byte, blocks int, key0, key1, low, high uint32)",
		"writes the two words of Threefry2x32 of 20 rounds to x and y, for the 8*blocks counters from (low, high) on, both of which count.")
	x, y, blocks := k.Load("x"), k.Load("y"), k.Load("blocks")
	k.table = k.R()
	k.Constants(k.table)
	m := k.machine()
	spread := func(name string) a64.V {
		v := k.V()
		k.SpreadGeneral(a64.S4, v, k.Load(name))
		return v
	}
	three := func(name string, a, b a64.V) a64.V {
		r := k.V()
		k.Three(name, m.arrangement(name), r, a, b)
		return r
	}
	constant := func(bits uint64) a64.V { return of(m.Bits(bits)).at(0) }
	keys := [3]a64.V{spread("key0"), spread("key1")}
	keys[2] = three("eor", three("eor", keys[0], keys[1]), constant(threefryParity))
	count := func(name string) (c [group]a64.V) {
		first := spread(name)
		for i := range c {
			steps := k.V()
			k.LoadConstant(steps, k.table, k.file.Constant([]byte{
				0: byte(4 * i), 4: byte(4*i + 1), 8: byte(4*i + 2), 12: byte(4*i + 3), 15: 0,
			}))
			c[i] = three("add", first, steps)
		}
		return c
	}
	low, high := count("low"), count("high")
	k.loop(blocks, func() {
		var a, b [group]a64.V
		for i := range a {
			a[i], b[i] = three("add", low[i], keys[0]), three("add", high[i], keys[1])
		}
		for round := range 5 {
			for _, turn := range threefryTurns[round%2] {
				for i := range a {
					a[i] = three("add", a[i], b[i])
					left := k.V()
					k.Shift("shl", a64.S4, left, b[i], turn)
					k.Shift("sri", a64.S4, left, b[i], 32-turn)
					b[i] = three("eor", left, a[i])
				}
			}
			next := three("add", keys[(round+2)%3], constant(uint64(round+1)))
			for i := range a {
				a[i], b[i] = three("add", a[i], keys[(round+1)%3]), three("add", b[i], next)
			}
		}
		k.store(a[:], x, 0)
		k.store(b[:], y, 0)
		eight := constant(8)
		for i := range a {
			k.Three("add", a64.S4, low[i], low[i], eight)
			k.Three("add", a64.S4, high[i], high[i], eight)
		}
		k.AddNumber(x, 2*vectorBytes)
		k.AddNumber(y, 2*vectorBytes)
	})
	k.Return()
}
