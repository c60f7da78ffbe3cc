package simd

const (
	// TileRows is the number of rows of numbers, and of codes, that a tile has.
	TileRows = 16
	// TileRoom is how many numbers Multiply wants room for.
	TileRoom = 3 * TileRows * TileRows
)

// CodeTiles multiply 16 rows of numbers in fixed point by 16 rows of codes at a time, as
// [FixedRows] do: blocks are of 64 numbers. What two rows give does not depend on the others. Groups are
// of 32, 64 or 128 codes.
type CodeTiles struct {
	// Fix writes whole blocks of numbers as planes and units, or gives false: see [FixedRows].
	Fix func(planes, units, x []float32) bool
	// Arrange brings the planes of 16 rows, that begin step apart, into a tile's order.
	Arrange func(to, planes []uint32, step int)
	// Unpack writes up to 16 rows of codes as bytes, TileStride apart, and zeros behind each, and for
	// rows that are not there.
	Unpack func(to []byte, a *CodeMatrix)
	// Multiply writes the products of 16 rows of codes, a row of c each, and 16 rows of numbers. Room is for
	// TileRoom numbers.
	Multiply func(c []float32, x TileNumbers, w TileCodes, a *CodeMatrix, room []float32)
}

// TileNumbers are 16 rows of numbers in fixed point. Units, of each block, and sums, of each group, lie
// side by side for the rows.
type TileNumbers struct {
	Planes      []uint32
	Units, Sums []float32
}

// TileCodes are 16 rows of codes. Scales, of each step, and biases, of each group, lie side by side
// for the rows; biases may be nil.
type TileCodes struct {
	Codes          []byte
	Scales, Biases []float32
}

// TilePlanes is how many words of four bytes the planes of a row take.
func (a *CodeMatrix) TilePlanes() int { return a.Whole(CodeBlock) / 4 * 3 }

// TileStride is how far rows of codes are apart, in bytes: not by a power of two.
func (a *CodeMatrix) TileStride() int { return a.Whole(CodeBlock) + CodeBlock }

// TileSteps is the number of steps of a row of codes: of groups, or of blocks, where these are
// smaller.
func (a *CodeMatrix) TileSteps() int {
	return a.Whole(CodeBlock) / min(a.Size, CodeBlock)
}

// unpackTile writes rows of codes as bytes.
func unpackTile(unpack func(dst, src []byte, bits int), to []byte, a *CodeMatrix) {
	n, stride := a.Groups*a.Size, a.TileStride()
	each := n * a.Bits / 8
	for i := range TileRows {
		row := to[i*stride:][:stride]
		if i < a.Rows {
			unpack(row[:n], a.Codes[i*each:][:each], a.Bits)
			clear(row[n:])
			continue
		}
		clear(row)
	}
}
