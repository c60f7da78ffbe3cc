package main

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
)

// decoding is how sixteen codes, one a byte, become numbers.
type decoding struct {
	name, does string
	body       func(k *kernel, codes a64.V) []a64.V
}

// fp4Values are the numbers that the codes of E2M1 stand for.
var fp4Values = [16]float64{0, 0.5, 1, 1.5, 2, 3, 4, 6, math.Copysign(0, -1), -0.5, -1, -1.5, -2, -3, -4, -6}

var decodings = []decoding{
	{"Whole", "whole numbers", func(k *kernel, codes a64.V) []a64.V {
		v := wideners("ushll", a64.H8)(k, wideners("ushll", a64.B16)(k, []a64.V{codes}))
		for _, x := range v {
			k.Two("ucvtf", a64.S4, x, x)
		}
		return v
	}},
	// The upper two bytes of the float32 are looked up; the lower are 0.
	{"FP4", "floats of 4 bits", func(k *kernel, codes a64.V) []a64.V {
		var bytes [2]a64.V
		for i := range bytes {
			var table [16]byte
			for c, v := range fp4Values {
				table[c] = byte(math.Float32bits(float32(v)) >> (16 + 8*i))
			}
			bytes[i] = k.V()
			k.LoadConstant(bytes[i], k.table, k.file.Constant(table[:]))
			k.Table(bytes[i], bytes[i], codes)
		}
		upper := []a64.V{k.V(), k.V()}
		k.Three("zip1", a64.B16, upper[0], bytes[0], bytes[1])
		k.Three("zip2", a64.B16, upper[1], bytes[0], bytes[1])
		return wideners("shll", a64.H8)(k, upper)
	}},
	// The exponent and the fraction are moved to where the upper half of a float32 has
	// them, and the difference of the biases is multiplied in.
	{"FP8", "floats of 8 bits", func(k *kernel, codes a64.V) []a64.V {
		bits, bias := k.V(), k.V()
		k.LoadConstant(bits, k.table, k.file.Repeated(0x87f087f0, 4))
		k.LoadConstant(bias, k.table, k.file.Number(0x1p120, 4))
		upper := wideners("shll", a64.B16)(k, []a64.V{codes})
		for _, h := range upper {
			k.Shift("sshr", a64.H8, h, h, 4)
			k.Three("and", a64.B16, h, h, bits)
		}
		v := wideners("shll", a64.H8)(k, upper)
		for _, x := range v {
			k.Three("fmul", a64.S4, x, x, bias)
		}
		return v
	}},
}

// codes writes what products with quantized matrices are made of.
func codes(file *a64.File) {
	for _, d := range decodings {
		d.dot(file)
		d.fill(file)
	}
	unpack(file)
}

const codesAtOnce = 16

// groups writes the loops over groups and the sixteens of each.
func (k *kernel) groups(begin, sixteen, end func()) {
	groups, size, left := k.Load("groups"), k.Load("size"), k.R()
	k.loop(groups, func() {
		k.Move(left, size)
		begin()
		more := k.Label("more")
		k.Here(more)
		sixteen()
		k.SubFlags(left, codesAtOnce)
		k.If("NE", more)
		end()
	})
}

// next spreads the number at p, which moves on.
func (k *kernel) next(p a64.R) a64.V {
	v := k.V()
	k.LoadBytes(v, p, 0, 4)
	k.Spread(a64.S4, v, v, 0)
	k.AddNumber(p, 4)
	return v
}

// dot sums the products of each group apart and then with its scale.
func (d decoding) dot(file *a64.File) {
	k := begin(file, single, "dot"+d.name+"NEON", "(codes *byte, x, scales *float32, groups, size int) (r float32)",
		"adds up the products of %s and x, in groups of size, a multiple of 16, each times its scale.", d.does)
	codes, x, scales := k.Load("codes"), k.Load("x"), k.Load("scales")
	k.table = k.R()
	k.Constants(k.table)
	total, sums := k.V(), make([]a64.V, codesAtOnce/4)
	k.Zero(total)
	for i := range sums {
		sums[i] = k.V()
		k.Zero(sums[i])
	}
	k.groups(func() {
		for _, s := range sums {
			k.Zero(s)
		}
	}, func() {
		v, y := d.body(k, k.load(codes, 0, 1)[0]), k.load(x, 0, len(sums))
		for i, s := range sums {
			k.Three("fmla", a64.S4, s, v[i], y[i])
		}
		k.AddNumber(codes, codesAtOnce)
		k.AddNumber(x, 4*codesAtOnce)
	}, func() {
		for n := len(sums) / 2; n > 0; n /= 2 {
			for i := range n {
				k.Three("fadd", a64.S4, sums[i], sums[i], sums[i+n])
			}
		}
		k.Three("fmla", a64.S4, total, sums[0], k.next(scales))
	})
	k.ResultFloat("r", k.gather([]a64.V{total}, "fadd", a64.S4))
	k.Return()
}

// fill multiplies the numbers of each group by its scale and, where there are
// biases, adds its bias, rounding once.
func (d decoding) fill(file *a64.File) {
	biased := d.name == "Whole"
	names, adds := "scales", ""
	if biased {
		names, adds = "scales, biases", ", plus its bias"
	}
	k := begin(file, single, "fill"+d.name+"NEON", fmt.Sprintf("(dst *float32, codes *byte, %s *float32, groups, size int)", names),
		"writes %s in groups of size, a multiple of 16, times each group's scale%s.", d.does, adds)
	dst, codes, scales := k.Load("dst"), k.Load("codes"), k.Load("scales")
	var biases a64.R
	if biased {
		biases = k.Load("biases")
	}
	k.table = k.R()
	k.Constants(k.table)
	var scale, bias a64.V
	k.groups(func() {
		scale = k.next(scales)
		if biased {
			bias = k.next(biases)
		}
	}, func() {
		v := d.body(k, k.load(codes, 0, 1)[0])
		for i, x := range v {
			if biased {
				v[i] = k.V()
				k.Copy16(v[i], bias)
				k.Three("fmla", a64.S4, v[i], x, scale)
			} else {
				k.Three("fmul", a64.S4, x, x, scale)
			}
		}
		k.store(v, dst, 0)
		k.AddNumber(codes, codesAtOnce)
		k.AddNumber(dst, 4*codesAtOnce)
	}, func() {})
	k.Return()
}

// unpackEntry is what is looked up for codes of some bits: for each of 16 codes the two
// bytes that it lies in and by how much they are shifted, and which bits stay.
func unpackEntry(bits int) (entry []byte) {
	for half := range 2 {
		for i := range 8 {
			at := byte(half*bits + i*bits/8)
			entry = append(entry, at, at+1)
		}
	}
	for range 2 {
		for i := range 8 {
			entry = binary.LittleEndian.AppendUint16(entry, uint16(-(i * bits % 8)))
		}
	}
	for range 16 {
		entry = append(entry, 1<<bits-1)
	}
	return entry
}

// unpack writes the kernel that takes a stream of bits apart. Each step reads 16 bytes.
func unpack(file *a64.File) {
	var table []byte
	for bits := 2; bits < 8; bits++ {
		table = append(table, unpackEntry(bits)...)
	}
	file.Table("unpackEntries", table)
	k := begin(file, single, "unpackNEON", "(dst, src *byte, blocks, bits int)",
		"writes 16*blocks codes of 2 to 7 bits, one a byte, and reads 16 bytes from where each block begins.")
	dst, src, blocks, bits := k.Load("dst"), k.Load("src"), k.Load("blocks"), k.Load("bits")
	entry, size := k.R(), k.R()
	k.Address(entry, "unpackEntries")
	k.Set(size, len(table)/6)
	k.Mul(size, size, bits)
	k.Add(entry, entry, size)
	k.AddNumber(entry, -2*len(table)/6)
	k.ShiftLeft(bits, 1) // the bytes of a block
	e := k.load(entry, 0, 5)
	k.loop(blocks, func() {
		v, r := k.load(src, 0, 1)[0], k.V()
		for half := range 2 {
			pairs := k.V()
			k.Table(pairs, v, e[half])
			k.Three("ushl", a64.H8, pairs, pairs, e[2+half])
			k.Convert("xtn", a64.B16, r, pairs, half == 1)
		}
		k.Three("and", a64.B16, r, r, e[4])
		k.store([]a64.V{r}, dst, 0)
		k.Add(src, src, bits)
		k.AddNumber(dst, vectorBytes)
	})
	k.Return()
}

// evenSigns is the sign bit of the first of two float64.
func evenSigns() []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 1<<63), 0)
}
