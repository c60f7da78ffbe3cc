package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// tileProduct is the definition of one product: see [fixedProduct].
func tileProduct(fixed []int32, units, sums, scales, biases []float32, codes []byte, size int) float32 {
	var total float32
	step := min(size, CodeBlock)
	for at := 0; at < len(codes); at += step {
		var high, low int64
		for i := at; i < min(at+step, len(codes)); i++ {
			l := int64(int8(fixed[i]))
			high += int64(codes[i]) * (int64(fixed[i]) - l)
			low += int64(codes[i]) * l
		}
		sum := fused(float32(high/256), 256, float32(low))
		total = fused(sum*units[at/CodeBlock], scales[at/size], total)
	}
	for g, bias := range biases {
		total = fused(bias, sums[g], total)
	}
	return total
}

// TestTiles holds the products of tiles to their definition.
func TestTiles(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		if k.Codes.Whole.Tiles == nil {
			t.Skip("there are no tiles")
		}
		r := rand.New(rand.NewPCG(43, 44))
		for _, bits := range []int{2, 3, 4, 5, 6, 8} {
			for _, size := range []int{32, 64, 128} {
				for _, groups := range []int{0, 1, 2, 3, 7, 16} {
					testCodeTile(t, r, k.Codes.Whole.Tiles, CodeMatrix{Bits: bits, Groups: groups, Size: size, Rows: 1 + r.IntN(16)})
				}
			}
		}
	})
}

func testCodeTile(t *testing.T, r *rand.Rand, k *CodeTiles, a CodeMatrix) {
	n, whole := a.Groups*a.Size, a.Whole(CodeBlock)
	codes := make([]byte, a.Rows*n)
	for i := range codes {
		codes[i] = byte(r.IntN(1 << a.Bits))
		if r.IntN(4) == 0 {
			codes[i] = 1<<a.Bits - 1
		}
	}
	a.Codes = packCodes(codes, a.Bits)
	scales, biases := numbers[float32](r, a.Rows*a.Groups), numbers[float32](r, a.Rows*a.Groups)
	w := TileCodes{Codes: make([]byte, TileRows*a.TileStride()), Scales: make([]float32, TileRows*a.TileSteps()), Biases: make([]float32, TileRows*a.Groups)}
	k.Unpack(w.Codes, &a)
	for j := range a.Rows {
		for s := range a.TileSteps() {
			if g := s * min(a.Size, CodeBlock) / a.Size; g < a.Groups {
				w.Scales[s*TileRows+j] = scales[j*a.Groups+g]
			}
		}
		for g := range a.Groups {
			w.Biases[g*TileRows+j] = biases[j*a.Groups+g]
		}
	}
	x := TileNumbers{Planes: make([]uint32, TileRows*a.TilePlanes()), Units: make([]float32, TileRows*whole/CodeBlock), Sums: make([]float32, TileRows*a.Groups)}
	lines, planes := make([][]float32, TileRows), make([]uint32, TileRows*a.TilePlanes())
	for i := range lines {
		lines[i] = make([]float32, whole)
		copy(lines[i], numbers[float32](r, n))
		row, units := make([]float32, a.TilePlanes()), make([]float32, whole/CodeBlock)
		if !k.Fix(row, units, lines[i]) {
			t.Fatal("numbers have no units")
		}
		for b, v := range row {
			planes[i*a.TilePlanes()+b] = math.Float32bits(v)
		}
		for b, v := range units {
			x.Units[b*TileRows+i] = v
		}
		for g := range a.Groups {
			for _, v := range lines[i][g*a.Size:][:a.Size] {
				x.Sums[g*TileRows+i] += v
			}
		}
	}
	k.Arrange(x.Planes, planes, a.TilePlanes())
	if r.IntN(3) == 0 {
		w.Biases = nil
	}
	c := make([]float32, TileRows*TileRows)
	k.Multiply(c, x, w, &a, make([]float32, TileRoom))
	what := fmt.Sprintf("%d bits, %d groups of %d", a.Bits, a.Groups, a.Size)
	for j := range TileRows {
		for i := range TileRows {
			got := c[j*TileRows+i]
			if j >= a.Rows {
				if got != 0 {
					t.Fatalf("%s: there is no row %d of codes, and its product is %v", what, j, got)
				}
				continue
			}
			fixed, units, _ := inFixedPoint(lines[i], 8)
			var sums, of []float32
			for g := range a.Groups {
				sums = append(sums, x.Sums[g*TileRows+i])
				if w.Biases != nil {
					of = append(of, biases[j*a.Groups+g])
				}
			}
			var sizes float64
			for at := range n {
				sizes += math.Abs(float64(scales[j*a.Groups+at/a.Size])) * float64(codes[j*n+at]) * float64(units[at/CodeBlock]) * 0x1p22
			}
			if want := tileProduct(fixed, units, sums, scales[j*a.Groups:], of, codes[j*n:][:n], a.Size); !(math.Abs(float64(want-got)) <= sizes*0x1p-40) {
				t.Fatalf("%s: the product of rows %d and %d is %v, by definition %v", what, i, j, got, want)
			}
		}
	}
}

// exerciseTiles runs the kernels on memory that ends where pages must not be touched.
func exerciseTiles(k *Kernels, add func(string, func(*memory, int))) {
	tiles := k.Codes.Whole.Tiles
	if tiles == nil {
		return
	}
	for _, bits := range []int{2, 3, 4, 5, 6, 8} {
		for _, size := range []int{32, 64, 128} {
			add(fmt.Sprintf("tiles of codes of %d bits, groups of %d", bits, size), func(m *memory, n int) {
				a := CodeMatrix{Bits: bits, Groups: n % 20, Size: size, Rows: n % 17}
				a.Codes = slice[byte](m, a.Rows*a.Groups*size*bits/8)
				blocks := a.Whole(CodeBlock) / CodeBlock
				w := TileCodes{slice[byte](m, TileRows*a.TileStride()), slice[float32](m, TileRows*a.TileSteps()), slice[float32](m, TileRows*a.Groups)}
				x := TileNumbers{slice[uint32](m, TileRows*a.TilePlanes()), slice[float32](m, TileRows*blocks), slice[float32](m, TileRows*a.Groups)}
				tiles.Fix(slice[float32](m, a.TilePlanes()), slice[float32](m, blocks), slice[float32](m, a.Whole(CodeBlock)))
				tiles.Arrange(x.Planes, slice[uint32](m, TileRows*a.TilePlanes()), a.TilePlanes())
				tiles.Unpack(w.Codes, &a)
				tiles.Multiply(slice[float32](m, TileRows*TileRows), x, w, &a, slice[float32](m, TileRoom))
			})
		}
	}
}
