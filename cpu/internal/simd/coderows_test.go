package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// rowCodings are the codes that there may be kernels for rows of.
func rowCodings(k *Kernels) map[string]struct {
	rows  CodeRows
	bits  int
	value func(byte) float64
} {
	type coding = struct {
		rows  CodeRows
		bits  int
		value func(byte) float64
	}
	all := make(map[string]coding)
	add := func(name string, d Decoder, bits int, value func(byte) float64) {
		if d.Rows != nil && d.Rows(bits) != nil {
			all[name] = coding{d.Rows(bits), bits, value}
		}
	}
	for bits := 2; bits <= 8; bits++ {
		add(fmt.Sprint("whole ", bits), k.Codes.Whole, bits, func(c byte) float64 { return float64(c) })
	}
	add("fp4", k.Codes.FP4, 4, fp4)
	add("fp8", k.Codes.FP8, 8, fp8)
	return all
}

// arranged gives rows of numbers as the kernels want them.
func arranged(k *Kernels, x Lines[float32], count int, a *CodeMatrix) Lines[float32] {
	n, blocks := a.Groups*a.Size, (a.Groups*a.Size+CodeBlock-1)/CodeBlock*CodeBlock
	stride := (blocks + a.Groups + 31) &^ 15 // registers' worths lie as memory is read
	to := Lines[float32]{make([]float32, count*stride), stride}
	for i := range count {
		line := make([]float32, blocks)
		copy(line, x.row(i, n))
		row := to.Data[i*to.Stride:]
		k.Codes.Arrange(row, line)
		for g := range a.Groups {
			for _, v := range line[g*a.Size:][:a.Size] {
				row[blocks+g] += v
			}
		}
	}
	return to
}

// TestCodeRows holds the kernels for rows of codes against sums in float64, and asks that
// what a row gives does not depend on those beside it.
func TestCodeRows(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		codings := rowCodings(k)
		if len(codings) == 0 {
			t.Skip("codes are unpacked first")
		}
		for name, c := range codings {
			r := rand.New(rand.NewPCG(37, 38))
			for _, size := range []int{16, 32, 64, 128} {
				for _, groups := range []int{0, 1, 2, 3, 4, 7, 16, 17, 35} {
					for _, count := range []int{1, 2, 3, 7} {
						a := CodeMatrix{Bits: c.bits, Groups: groups, Size: size, Rows: 1 + r.IntN(4)}
						testCodeRows(t, r, k, name, c.rows, c.value, count, a)
					}
				}
			}
		}
	})
}

func testCodeRows(t *testing.T, r *rand.Rand, k *Kernels, name string, rows CodeRows, value func(byte) float64, count int, a CodeMatrix) {
	n := a.Groups * a.Size
	codes := make([]byte, a.Rows*n)
	a.Codes = make([]byte, a.Rows*n*a.Bits/8)
	for i := range codes {
		codes[i] = byte(r.IntN(1 << a.Bits))
		for b := range a.Bits {
			at := i*a.Bits + b
			a.Codes[at/8] |= codes[i] >> b & 1 << (at % 8)
		}
	}
	scales := numbers[float32](r, a.Rows*a.Groups)
	a.Scales = scales
	if a.Size > CodeBlock {
		a.Scales = make([]float32, a.Rows*a.Scaled())
		for i := range a.Scales {
			a.Scales[i] = scales[i/(a.Size/CodeBlock)]
		}
	}
	if r.IntN(3) > 0 {
		a.Biases = numbers[float32](r, a.Rows*a.Groups)
	}
	x := Lines[float32]{numbers[float32](r, count*n), n}
	ready := arranged(k, x, count, &a)
	stride := a.Rows + r.IntN(3)
	y, whole := fence[float32](r, (count-1)*stride+a.Rows, 77)
	rows(Lines[float32]{y, stride}, ready, count, a)
	what := fmt.Sprintf("%s, %d rows by %d of %d groups of %d", name, count, a.Rows, a.Groups, a.Size)
	for i := range count {
		for j := range a.Rows {
			var sum, sizes float64
			for at, v := range x.row(i, n) {
				g := j*a.Groups + at/a.Size
				terms := []float64{float64(scales[g]) * value(codes[j*n+at]) * float64(v), 0}
				if a.Biases != nil {
					terms[1] = float64(a.Biases[g]) * float64(v)
				}
				sum, sizes = sum+terms[0]+terms[1], sizes+math.Abs(terms[0])+math.Abs(terms[1])
			}
			got := y[i*stride+j]
			if !(math.Abs(float64(got)-sum) <= sizes*float64(n+1)*0x1p-24) {
				t.Fatalf("%s: the product of rows %d and %d is %v, want %v", what, i, j, got, sum)
			}
			var alone [1]float32
			one := a
			one.Rows, one.Codes, one.Scales = 1, a.Codes[j*n*a.Bits/8:], a.Scales[j*a.Scaled():]
			if a.Biases != nil {
				one.Biases = a.Biases[j*a.Groups:]
			}
			rows(Lines[float32]{alone[:], 1}, Lines[float32]{ready.Data[i*ready.Stride:], ready.Stride}, 1, one)
			if alone[0] != got {
				t.Fatalf("%s: the product of rows %d and %d is %v among others and %v alone", what, i, j, got, alone[0])
			}
		}
	}
	for at := range y {
		if at%stride >= a.Rows && y[at] != 77 {
			t.Fatalf("%s: wrote between rows", what)
		}
	}
	if !whole() {
		t.Fatalf("%s: wrote outside of its destination", what)
	}
}

// exerciseCodeRows runs the kernels on codes and numbers that end where memory does.
func exerciseCodeRows(k *Kernels, add func(string, func(*memory, int))) {
	for name, c := range rowCodings(k) {
		for _, size := range []int{16, 32, 64} {
			add(fmt.Sprintf("rows of codes, %s, groups of %d", name, size), func(m *memory, n int) {
				a := CodeMatrix{Bits: c.bits, Groups: n % 70, Size: size, Rows: 2}
				of := a.Groups * a.Size
				a.Codes, a.Scales, a.Biases = slice[byte](m, 2*of*c.bits/8), slice[float32](m, 2*a.Scaled()), slice[float32](m, 2*a.Groups)
				c.rows(lines[float32](m, 3, 2, 1), lines[float32](m, 3, a.Whole(CodeBlock)+a.Groups, 1), 3, a)
			})
		}
	}
	if k.Codes.Arrange != nil {
		add("arrange", func(m *memory, n int) {
			k.Codes.Arrange(slice[float32](m, n*CodeBlock), slice[float32](m, n*CodeBlock))
		})
	}
}
