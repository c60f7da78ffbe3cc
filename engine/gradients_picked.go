package engine

// Rules of products that pick matrices from stacks by their places.

func init() {
	OpGatherMM.VJP, OpGatherMM.VMap, OpGatherMM.Picks = gatherProductVJP, gatherProductVMap, 2
	OpQuantizedMatMul.VJP, OpQuantizedMatMul.VMap = quantizedProductVJP, quantizedProductVMap
}

// putMatrices adds matrices, one for each element of index, to those of a stack of
// zeros of the shape, at the places that index tells.
func (b *Builder) putMatrices(m, index *Node, shape []int) *Node {
	r, k := len(shape), len(m.shape)
	flat := []int{Elements(shape[:r-2]), shape[r-2], shape[r-1]}
	if isPlaces(index, flat[0]) {
		return b.Reshape(m, shape)
	}
	updates := b.Reshape(m, append(append([]int(nil), index.shape...), 1, m.shape[k-2], m.shape[k-1]))
	return b.Reshape(b.Scatter(b.Full(flat, 0, m.dtype), []*Node{index}, updates, []int{0}, Sum), shape)
}

// isPlaces reports whether the index array is known to count count matrices in
// order, see matrixPlaces.
func isPlaces(index *Node, count int) bool {
	if index.Len() != count {
		return false
	}
	if index.op == OpReshape {
		index = index.inputs[0]
	}
	if index.op != OpArange {
		return false
	}
	at := index.attrs.(ArangeAttrs)
	return at.IntStart == 0 && at.IntStep == 1
}

// batchPlaces gives the places, counted over all examples of a batch, of matrices of
// which each example has count and the places index. Stacks that are no batches have
// the same places in every example.
func (b *Builder) batchPlaces(index *Node, indexAxis, count int, batched bool, size int) *Node {
	if indexAxis < 0 {
		index = b.Broadcast(index, prefixed(size, index.shape))
	}
	if !batched {
		return index
	}
	at := func(v int) *Node { return b.FullInt(nil, int64(v), Int64) }
	index = b.AsType(index, Int64)
	index = b.Where(b.Binary(OpLess, index, at(0)), b.Add(index, at(count)), index)
	beyond := b.Binary(OpLogicalOr, b.Binary(OpLess, index, at(0)), b.Binary(OpGreaterEqual, index, at(count)))
	own := make([]int, len(index.shape))
	for i := range own {
		own[i] = 1
	}
	own[0] = size
	first := b.Reshape(b.Arange(0, float64(count), size, Int64), own)
	return b.Where(beyond, at(size*count), b.Add(index, first)) // out of bounds for one example is so for all
}

func gatherProductVJP(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
	at, rest := n.attrs.(GatherProductAttrs), n.inputs[2:]
	x, y := n.inputs[0], n.inputs[1]
	var xIndex, yIndex *Node
	if at.Left {
		xIndex, rest = rest[0], rest[1:]
	}
	if at.Right {
		yIndex = rest[0]
	}
	product := func(x, y, xIndex, yIndex *Node) *Node {
		if xIndex == nil && yIndex == nil {
			return b.MatMul(x, y)
		}
		return b.GatherMM(x, y, xIndex, yIndex)
	}
	put := func(m, index, like *Node) *Node {
		if index == nil {
			return m
		}
		return b.putMatrices(m, index, like.shape)
	}
	out := make([]*Node, len(n.inputs))
	if need[0] {
		out[0] = put(product(ct[0], b.matrixT(y), nil, yIndex), xIndex, x)
	}
	if need[1] {
		out[1] = put(product(b.matrixT(x), ct[0], xIndex, nil), yIndex, y)
	}
	return out
}

func gatherProductVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	at, rest, size := n.attrs.(GatherProductAttrs), 2, batchSize(in, axes)
	var index [2]*Node
	for i, picks := range []bool{at.Left, at.Right} {
		switch {
		case picks:
			index[i] = b.batchPlaces(in[rest], axes[rest], n.inputs[i].shape[0], axes[i] == 0, size)
			rest++
		case axes[i] < 0:
			in[i] = b.Broadcast(in[i], prefixed(size, in[i].shape))
		}
	}
	return []*Node{b.GatherMM(in[0], in[1], index[0], index[1])}, []int{0}
}

// quantizedOperands are the inputs of OpQuantizedMatMul by what they are.
type quantizedOperands struct {
	x, w, scales, biases, xIndex, wIndex *Node
	parts                                int // inputs that are of the quantized matrices, from 1 on
}

func (at QuantizedProductAttrs) operands(in []*Node) quantizedOperands {
	o := quantizedOperands{x: in[0], w: in[1], scales: in[2], parts: 2}
	if at.Mode == "affine" {
		o.biases, o.parts = in[3], 3
	}
	if at.Picked {
		o.xIndex, o.wIndex = in[o.parts+1], in[o.parts+2]
	}
	return o
}

// quantizedProductVJP multiplies by the codes for the cotangent of x. Those of scales
// and biases are sums over their groups of what the matrix's cotangent would be.
func quantizedProductVJP(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
	at := n.attrs.(QuantizedProductAttrs)
	o := at.operands(n.inputs)
	out := make([]*Node, len(n.inputs))
	if need[0] {
		turned := at
		turned.Transpose = !at.Transpose
		var places *Node
		if at.Picked {
			places = b.matrixPlaces(ct[0])
		}
		g := b.quantizedProduct(n.op.Name, ct[0], o.w, o.scales, o.biases, places, o.wIndex, n.dtype, turned)
		if at.Picked {
			g = b.putMatrices(g, o.xIndex, o.x.shape)
		}
		out[0] = g
	}
	affine := at.Mode == "affine"
	switch {
	case need[1]:
		b.failf(ValueError, n.op.Name, "there is no derivative with respect to quantized weights")
	case !affine && need[2]:
		b.failf(ValueError, n.op.Name, "there is no derivative with respect to the scales of the mode '%s'", string(at.Mode))
	case !affine || !need[2] && !need[3]:
		return out
	}
	x, codes, g := o.x, b.UnpackBits(o.w, at.Bits), ct[0]
	if at.Picked {
		x, codes = b.pickMatrices(x, o.xIndex), b.pickMatrices(codes, o.wIndex)
	} else {
		x = b.Reshape(x, []int{-1, x.shape[len(x.shape)-1]})
		g = b.Reshape(g, []int{x.shape[0], g.shape[len(g.shape)-1]})
	}
	if at.Transpose {
		x, g = g, x
	}
	g = b.inGroups(b.MatMul(b.matrixT(x), g), at.GroupSize)
	put := func(sums *Node) *Node {
		if at.Picked {
			return b.putMatrices(sums, o.wIndex, o.scales.shape)
		}
		return sums
	}
	if need[2] {
		out[2] = put(b.Sum(b.Mul(g, b.AsType(b.inGroups(codes, at.GroupSize), g.dtype)), []int{-1}, false))
	}
	if need[3] {
		out[3] = put(b.Sum(g, []int{-1}, false))
	}
	return out
}

// quantizedProductVMap: a batch of x alone has more rows; otherwise the matrices of
// all examples are stacks, from which each product picks.
func quantizedProductVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	at, size := n.attrs.(QuantizedProductAttrs), batchSize(in, axes)
	o, was := at.operands(in), at.operands(n.inputs)
	many := false
	for i := 1; i <= o.parts; i++ {
		many = many || axes[i] == 0
	}
	if !at.Picked && !many {
		return []*Node{b.node(n.op, at, n.dtype, prefixed(size, n.shape), in...)}, []int{0}
	}
	if many {
		for i := 1; i <= o.parts; i++ {
			if axes[i] < 0 {
				in[i] = b.Broadcast(in[i], prefixed(size, in[i].shape))
			}
		}
		o = at.operands(in)
	}
	xAxis, wAxis := -1, -1
	if at.Picked {
		xAxis, wAxis = axes[o.parts+1], axes[o.parts+2]
	} else {
		o.xIndex = b.matrixPlaces(was.x)
		o.wIndex = b.Full(o.xIndex.shape, 0, Int64)
		at.Picked = true
	}
	count := func(x *Node) int { return Elements(x.shape[:len(x.shape)-2]) }
	xIndex := b.batchPlaces(o.xIndex, xAxis, count(was.x), axes[0] == 0, size)
	wIndex := b.batchPlaces(o.wIndex, wAxis, count(was.w), many, size)
	return []*Node{b.quantizedProduct(n.op.Name, o.x, o.w, o.scales, o.biases, xIndex, wIndex, n.dtype, at)}, []int{0}
}
