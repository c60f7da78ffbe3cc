package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// fixedBlock is how many numbers share a unit where codes have so many bits.
func fixedBlock(bits int) int {
	if bits == 4 {
		return 128
	}
	return 64
}

// unitOf gives the unit of numbers, and whether they have one.
func unitOf(x []float32) (unit float64, ok bool) {
	var most uint32
	for _, v := range x {
		most = max(most, math.Float32bits(v)&math.MaxInt32)
	}
	if most == 0 {
		most = math.Float32bits(1)
	}
	e := int(most+1<<17) >> 23
	return math.Ldexp(1, e-127-22), e >= 27 && e <= 227
}

// inFixedPoint are the integers of numbers, whole blocks, and their units.
func inFixedPoint(x []float32, bits int) (fixed []int32, units []float32, ok bool) {
	block := fixedBlock(bits)
	for ; len(x) > 0; x = x[block:] {
		unit, ok := unitOf(x[:block])
		if !ok {
			return nil, nil, false
		}
		units = append(units, float32(unit))
		for _, v := range x[:block] {
			fixed = append(fixed, int32(math.RoundToEven(float64(v)/unit)))
		}
	}
	return fixed, units, true
}

func fused(x, y, z float32) float32 { return float32(math.FMA(float64(x), float64(y), float64(z))) }

// fixedProduct is the definition: the product of numbers in fixed point and a row of codes. A fused
// multiplication of float32 by way of float64 rounds twice, which shows in no product of 24 bits
// by a unit, but in those by scales: the caller allows for that.
func fixedProduct(fixed []int32, units, sums, scales, biases []float32, codes []byte, bits, size int) float32 {
	block := fixedBlock(bits)
	var lanes [16]float32
	for b := range units {
		each := block / 16
		for lane := range lanes {
			var high, low int64
			at := b*block + lane*each
			for i := at; i < min(at+each, len(codes)); i++ {
				l := int64(int8(fixed[i]))
				high += int64(codes[i]) * (int64(fixed[i]) - l)
				low += int64(codes[i]) * l
			}
			if at >= len(codes) {
				continue
			}
			sum := float32(high + low)
			if bits == 8 {
				sum = fused(float32(high/256), 256, float32(low))
			}
			lanes[lane] = fused(sum*units[b], scales[at/size], lanes[lane])
		}
	}
	for g, bias := range biases {
		lanes[g%16] = fused(bias, sums[g], lanes[g%16])
	}
	for n := 8; n > 0; n /= 2 {
		for i := range n {
			lanes[i] += lanes[i+n]
		}
	}
	return lanes[0]
}

// packCodes writes codes as they are stored.
func packCodes(codes []byte, bits int) []byte {
	to := make([]byte, len(codes)*bits/8)
	for i, c := range codes {
		for b := range bits {
			at := i*bits + b
			to[at/8] |= c >> b & 1 << (at % 8)
		}
	}
	return to
}

// TestFixedRows holds products in fixed point to their definition, and to sums in float64.
func TestFixedRows(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		if k.Codes.Whole.Fixed == nil {
			t.Skip("numbers stay floats")
		}
		r := rand.New(rand.NewPCG(41, 42))
		for _, bits := range []int{2, 3, 4, 5, 6, 8} {
			for _, size := range []int{16, 32, 64, 128} {
				for _, groups := range []int{0, 1, 2, 3, 4, 7, 16, 17, 35} {
					testFixedRows(t, r, k.Codes.Whole.Fixed(bits), CodeMatrix{Bits: bits, Groups: groups, Size: size, Rows: r.IntN(10)})
				}
			}
		}
	})
}

func testFixedRows(t *testing.T, r *rand.Rand, kernel *FixedRows, a CodeMatrix) {
	n := a.Groups * a.Size
	codes := make([]byte, a.Rows*n)
	for i := range codes {
		codes[i] = byte(r.IntN(1 << a.Bits))
	}
	if r.IntN(4) == 0 { // the largest sums that there are
		for i := range codes {
			codes[i] = 1<<a.Bits - 1
		}
	}
	a.Codes = packCodes(codes, a.Bits)
	scales := numbers[float32](r, a.Rows*a.Groups)
	a.Scales = make([]float32, a.Rows*a.Scaled())
	for i := range a.Scales {
		a.Scales[i] = scales[i/(a.Scaled()/max(a.Groups, 1))]
	}
	if r.IntN(3) > 0 {
		a.Biases = numbers[float32](r, a.Rows*a.Groups)
	}
	x := make([]float32, a.Whole(FixedBlock))
	copy(x, numbers[float32](r, n))
	for b := range n / 64 { // of many sizes, and such as are nearly powers of two
		times := float32(math.Ldexp(1, r.IntN(41)-20))
		for i := range x[b*64:][:64] {
			x[b*64+i] *= times
			if r.IntN(8) == 0 {
				x[b*64+i] = times * float32(2-0x1p-7*r.Float64())
			}
		}
	}
	sums := make([]float32, a.Groups)
	for g := range sums {
		for _, v := range x[g*a.Size:][:a.Size] {
			sums[g] += v
		}
	}
	what := fmt.Sprintf("%d bits, %d rows of %d groups of %d", a.Bits, a.Rows, a.Groups, a.Size)
	row := make([]float32, len(x))
	if !kernel.Fix(row, x) {
		t.Fatalf("%s: numbers have no units", what)
	}
	fixed, units, _ := inFixedPoint(x, a.Bits)
	y, whole := fence[float32](r, a.Rows, 77)
	kernel.Multiply(y, row, sums, a)
	if !whole() {
		t.Fatalf("%s: wrote outside of its destination", what)
	}
	for j, got := range y {
		of := codes[j*n:][:n]
		var biases []float32
		if a.Biases != nil {
			biases = a.Biases[j*a.Groups:][:a.Groups]
		}
		var sum, sizes float64
		for i, v := range x[:n] {
			scale := float64(scales[j*a.Groups+i/a.Size])
			most := units[i/fixedBlock(a.Bits)]
			sum += scale * float64(of[i]) * float64(v)
			sizes += math.Abs(scale) * float64(of[i]) * (math.Abs(float64(v)) + float64(most)*0x1p22)
		}
		for g, bias := range biases {
			sum += float64(bias) * float64(sums[g])
			sizes += math.Abs(float64(bias) * float64(sums[g]))
		}
		if !(math.Abs(float64(got)-sum) <= sizes*float64(a.Groups+8)*0x1p-24) {
			t.Fatalf("%s: the product of row %d is %v, want %v", what, j, got, sum)
		}
		if want := fixedProduct(fixed, units, sums, scales[j*a.Groups:], biases, of, a.Bits, a.Size); math.Abs(float64(want-got)) > sizes*0x1p-40 {
			t.Fatalf("%s: the product of row %d is %v, by definition %v", what, j, got, want)
		}
		var alone [1]float32
		one := a
		one.Rows, one.Codes, one.Scales, one.Biases = 1, a.Codes[j*n*a.Bits/8:], a.Scales[j*a.Scaled():], biases
		if kernel.Multiply(alone[:], row, sums, one); alone[0] != got {
			t.Fatalf("%s: the product of row %d is %v among others and %v alone", what, j, got, alone[0])
		}
	}
}

// FuzzFix holds numbers in fixed point to their definition, whatever they are.
func FuzzFix(f *testing.F) {
	f.Add([]byte("infinities and others"), uint32(0x7f800000))
	f.Add([]byte{1}, uint32(0x3fffffff))
	f.Add([]byte{0}, uint32(0x0d7e0000))
	f.Add([]byte{0}, uint32(0x717dffff))
	f.Add([]byte{}, uint32(0x7fc00000))
	f.Fuzz(func(t *testing.T, data []byte, most uint32) {
		x := make([]float32, 2*FixedBlock)
		for i := range len(data) / 4 {
			x[i%len(x)] = math.Float32frombits(uint32(data[4*i]) | uint32(data[4*i+1])<<8 | uint32(data[4*i+2])<<16 | uint32(data[4*i+3])<<24)
		}
		x[int(most)%len(x)] = math.Float32frombits(most)
		k := New()
		if k == nil || k.Codes.Whole.Fixed == nil {
			t.Skip("numbers stay floats")
		}
		for _, bits := range []int{4, 8} {
			row, kernel := make([]float32, len(x)), k.Codes.Whole.Fixed(bits)
			want, units, ok := inFixedPoint(x, bits)
			if got := kernel.Fix(row, x); got != ok {
				t.Fatalf("%d bits: numbers have units: %v, want %v", bits, got, ok)
			}
			if !ok {
				continue
			}
			// A code of 1 at one place shows the integer there.
			for i, v := range want {
				codes := make([]byte, len(x))
				codes[i] = 1
				scales := make([]float32, len(x)/64)
				scales[i/64] = 1
				var y [1]float32
				kernel.Multiply(y[:], row, make([]float32, len(scales)), CodeMatrix{Bits: bits, Groups: len(scales), Size: 64, Rows: 1, Codes: packCodes(codes, bits), Scales: scales})
				if y[0] != float32(v)*units[i/fixedBlock(bits)] {
					t.Fatalf("%d bits: number %d is %v, want %d times %v", bits, i, y[0], v, units[i/fixedBlock(bits)])
				}
			}
		}
	})
}

// exerciseFixedRows runs the kernels on codes and numbers that end where memory does.
func exerciseFixedRows(k *Kernels, add func(string, func(*memory, int))) {
	if k.Codes.Whole.Fixed == nil {
		return
	}
	for _, bits := range []int{2, 3, 4, 5, 6, 8} {
		fixed := k.Codes.Whole.Fixed(bits)
		for _, size := range []int{16, 32, 64, 128} {
			add(fmt.Sprintf("rows of codes of %d bits in fixed point, groups of %d", bits, size), func(m *memory, n int) {
				a := CodeMatrix{Bits: bits, Groups: n % 70, Size: size, Rows: 6}
				of := a.Groups * a.Size
				a.Codes, a.Scales, a.Biases = slice[byte](m, 6*of*bits/8), slice[float32](m, 6*a.Scaled()), slice[float32](m, 6*a.Groups)
				fixed.Multiply(slice[float32](m, 6), slice[float32](m, a.Whole(FixedBlock)), slice[float32](m, a.Groups), a)
			})
		}
		add(fmt.Sprintf("numbers in fixed point for %d bits", bits), func(m *memory, n int) {
			fixed.Fix(slice[float32](m, n%70*FixedBlock), slice[float32](m, n%70*FixedBlock))
		})
	}
}
