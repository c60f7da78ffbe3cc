package engine

import (
	"math"

	"github.com/mlxstar/mlxstar/alloc"
)

// Builder adds operations to the graph. Its methods check dtypes and shapes,
// insert the casts and broadcasts that MLX's rules ask for, and give new nodes;
// nothing is computed. A method that meets bad operands abandons the whole
// construction: Build returns its *Error. Methods must therefore be called
// inside Build (rules of transforms are).
type Builder struct {
	engine *Engine
	Stream *Stream // where new nodes run; nil is the default stream

	// Site names the script line that a new array belongs to. It is asked for
	// large arrays only, the ones whose memory is worth an explanation.
	Site func() alloc.Site

	// Grown is told of a node whose pending inputs have outlived GrowthLimit
	// evaluations, or that doubled any number of times. Its error abandons the
	// construction. Nil asks for nothing.
	Grown func() error

	// Steps is told of work that constructions do themselves, where a script says how much. Its
	// error abandons the construction. Nil asks for nothing.
	Steps func(n int) error

	// Long allows axes whose places a 32-bit index does not count, as numpy's arrays may have.
	Long bool

	// Shapeless builds graphs that are written to be computed for other shapes, too.
	Shapeless bool
}

// abort carries an error out of a construction.
type abort struct{ err error }

// NewBuilder makes a builder for the engine's default stream.
func (e *Engine) NewBuilder() *Builder { return &Builder{engine: e} }

// Init makes *b a builder for the engine's default stream.
func (b *Builder) Init(e *Engine, site func() alloc.Site, grown func() error, steps func(n int) error) {
	*b = Builder{engine: e, Site: site, Grown: grown, Steps: steps}
}

func (b *Builder) steps(n int) error {
	if b.Steps == nil {
		return nil
	}
	return b.Steps(n)
}

// Build runs a construction and turns its failure into an error.
func (b *Builder) Build(f func(b *Builder) *Node) (n *Node, err error) {
	err = b.Try(func() { n = f(b) })
	return n, err
}

// Try runs f and gives the error that a builder method in it met.
func (b *Builder) Try(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			a, ok := r.(abort)
			if !ok {
				panic(r)
			}
			err = a.err
		}
	}()
	f()
	return nil
}

// Fail abandons the construction with an error; Try and Build return it.
func (b *Builder) Fail(err error) { panic(abort{err}) }

func (b *Builder) failf(kind ErrorKind, op, format string, args ...any) {
	b.Fail(Errorf(kind, op, format, args...))
}

// Engine is the engine that the builder builds for.
func (b *Builder) Engine() *Engine { return b.engine }

func (b *Builder) stream() *Stream {
	if b.Stream != nil {
		return b.Stream
	}
	return b.engine.DefaultStream(b.engine.DefaultDevice())
}

// node makes the single output of an operation.
func (b *Builder) node(op *Op, attrs any, dtype Dtype, shape []int, inputs ...*Node) *Node {
	b.CheckLengths(shape)
	if op.Collective {
		attrs = b.engine.numbered(attrs)
	}
	n := &Node{shape: shape, dtype: dtype, op: op, attrs: attrs, inputs: inputs, stream: b.stream(), born: b.engine.trace}
	b.mark(n)
	n.epoch = b.engine.epoch
	for _, in := range inputs {
		in.waiting++
		if in.store == nil {
			in.revive()
			b.outlive(n, in)
		}
		if in.trace != nil && n.trace == nil {
			n.trace = innermost(inputs)
		}
	}
	return n
}

// CheckLengths refuses an axis whose places no 32-bit index counts.
func (b *Builder) CheckLengths(shape []int) {
	if b.Long {
		return
	}
	for _, n := range shape {
		if n > math.MaxInt32 || n < math.MinInt32 {
			b.failf(OverflowError, "", "Shape dimension %d is outside the supported range [-2147483648, 2147483647]. MLX currently uses 32-bit integers for shape dimensions.", n)
		}
	}
}

// mark notes the script line that a large array comes from.
func (b *Builder) mark(n *Node) {
	if b.Site != nil && (n.Bytes() >= watchBytes || b.engine.observed()) {
		n.site = b.Site()
	}
}

// nodes makes the outputs of an operation with several.
func (b *Builder) nodes(op *Op, attrs any, dtypes []Dtype, shapes [][]int, inputs ...*Node) []*Node {
	family := &call{outputs: make([]*Node, len(dtypes))}
	for i := range dtypes {
		n := b.node(op, attrs, dtypes[i], shapes[i], inputs...)
		n.index, n.family = i, family
		family.outputs[i] = n
	}
	return family.outputs
}

// replace turns a pending node into a view of another of the same shape and dtype.
func (n *Node) replace(by *Node) {
	n.revive()
	by.revive()
	for _, in := range n.inputs {
		in.waiting--
	}
	by.waiting++
	n.op, n.attrs, n.inputs, n.family, n.index = OpIdentity, nil, []*Node{by}, nil, 0
}
