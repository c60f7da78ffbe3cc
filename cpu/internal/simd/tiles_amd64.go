package simd

import "golang.org/x/sys/cpu"

// useTiles enters the kernels of the processor's tiles, if the system lets programs have them.
func (k *Kernels) useTiles() {
	if x := &cpu.X86; !x.HasAMXTile || !x.HasAMXInt8 || !tilesAllowed() {
		return
	}
	unpack, transpose := k.Codes.Unpack, k.Transpose
	k.Codes.Whole.Tiles = &CodeTiles{
		Fix: func(planes, units, x []float32) bool {
			blocks := len(x) / CodeBlock
			return blocks == 0 || fixAVX512(&planes[:len(x)/4*3][0], &units[:blocks][0], &x[0], blocks) != 0
		},
		Arrange: func(to, planes []uint32, step int) {
			deep := len(to) / TileRows
			for half := 0; half < TileRows && deep > 0; half += 8 {
				transpose(to[half:], planes[half*step:], deep, step, TileRows)
			}
		},
		Unpack:   func(to []byte, a *CodeMatrix) { unpackTile(unpack, to, a) },
		Multiply: multiplyTiles,
	}
}

func multiplyTiles(c []float32, x TileNumbers, w TileCodes, a *CodeMatrix, room []float32) {
	blocks, steps := a.Whole(CodeBlock)/CodeBlock, a.TileSteps()
	if blocks == 0 {
		clear(c[:TileRows*TileRows])
		return
	}
	sums, biases := x.Sums[:a.Groups*TileRows], w.Biases
	var biased *float32
	if biases != nil {
		biased = &biases[:len(sums)][0]
	}
	_, _, _ = w.Codes[:TileRows*a.TileStride()], x.Planes[:TileRows*a.TilePlanes()], room[:TileRoom]
	codeTilesAMX(&c[:TileRows*TileRows][0], &w.Codes[0], a.TileStride(), &x.Planes[0], &x.Units[:blocks*TileRows][0],
		&w.Scales[:steps*TileRows][0], blocks, steps/blocks, biased, &sums[0], a.Groups, &room[0])
}
