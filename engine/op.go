package engine

// Class groups operations that share a shape rule and a kind of kernel.
type Class uint8

// The classes. The zero value is invalid.
const (
	_            Class = iota
	Unary              // one input, same shape, elementwise
	Binary             // two inputs of one dtype and shape, elementwise
	Ternary            // three inputs of one shape, elementwise
	Reduction          // folds axes (ReduceAttrs)
	ArgReduction       // index of an extreme along an axis (ArgReduceAttrs)
	Scan               // running fold along an axis (ScanAttrs)
	View               // shares its input's storage where the strides allow it
	Movement           // copies elements to other places: gather, scatter, concatenate, pad
	Sorting            // orders elements along an axis
	Contraction        // sums products: matmul, convolution
	Generator          // makes elements from attributes or keys alone
	Structured         // anything else with a kernel
	Composite          // no kernel: only an expansion
)

// Layout says which strides an operation's kernel reads.
type Layout uint8

// The layouts.
const (
	AnyLayout  Layout = iota // any strides, broadcast and negative ones included
	RowsLayout               // row-major: other inputs are copied first
	TileLayout               // the last two axes row-major or transposed, the others any
)

// Gradient says whether an operation can be differentiated. The zero value is
// invalid, so that every operation decides.
type Gradient uint8

// The decisions.
const (
	_              Gradient = iota
	Differentiable          // VJP is set
	NoGrad                  // the derivative is zero wherever it exists
	NotYetDefined           // differentiating it is an error that names the operation
)

// VJPRule gives the cotangents of n's inputs from the cotangents of its
// outputs (nil where none arrived). need tells which inputs want one; entries
// for the others are ignored. A nil entry is zero.
type VJPRule func(b *Builder, n *Node, ct []*Node, need []bool) []*Node

// JVPRule gives the tangents of n's outputs from the tangents of its inputs
// (nil is zero).
type JVPRule func(b *Builder, n *Node, tangents []*Node) []*Node

// VMapRule builds the operation over batched inputs. axes holds the batch axis
// of each input, -1 where it is not batched; the rule gives the outputs and the
// batch axis of each.
type VMapRule func(b *Builder, n *Node, in []*Node, axes []int) (out []*Node, outAxes []int)

// Op describes one operation: everything the engine, the transforms and the
// backends know of it. Ops are made once, as package variables, and never
// change; a backend keys its kernels by the pointer.
type Op struct {
	Name     string
	Class    Class
	Layout   Layout
	Free     int       // so many first inputs may have any strides, whatever the layout
	Dtypes   DtypeRule // of the elementwise classes
	InPlace  bool      // an output may take the storage of a dying input of its size and dtype
	Gradient Gradient
	VJP      VJPRule
	JVP      JVPRule
	VMap     VMapRule
	Ends     bool // it may be the last step of a fusion, as reductions are: it reads the elements of its one input once, in order
	// Collective: it is a part of what several processes do. It is neither done twice, nor left
	// out because another does the same, and the order among such operations is kept.
	Collective bool
	Picks      int // inputs from this one on, if it is not 0, are indices, which no derivative is taken by

	// Expand rewrites the operation into simpler ones, for a backend that has
	// no kernel and for transforms without a rule.
	Expand func(b *Builder, n *Node) []*Node

	// Alias gives the place of a view within its input's storage, or ok false
	// where a copy is needed. Set for the class View alone.
	Alias func(n *Node, in Placement) (p Placement, ok bool)

	Doc string

	number int // in the table
}

// Placement tells where an array's elements lie in its storage: Offset and
// Strides count elements.
type Placement struct {
	Offset  int
	Strides []int
}

// opTable collects the operations as their variables are initialised, in
// source order; nothing is added afterwards.
var opTable []*Op

func define(op Op) *Op {
	o := &op
	o.number = len(opTable)
	opTable = append(opTable, o)
	return o
}

// Ops lists every operation.
func Ops() []*Op { return append([]*Op(nil), opTable...) }
