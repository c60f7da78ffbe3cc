package engine

import "context"

// ElementReader gives the elements of an array that lie outside of the engine:
// in a file, mapped or not. It may be asked more than once, from any goroutine.
type ElementReader interface {
	// ReadElements fills dst with the elements, row-major and in the machine's
	// byte order. It ends soon after the context.
	ReadElements(ctx context.Context, dst []byte) error
}

// LoadAttrs tell where OpLoad finds the elements.
type LoadAttrs struct{ From ElementReader }

// OpLoad reads an array when it is evaluated. Until then it takes no memory.
var OpLoad = define(Op{Name: "load", Class: Generator, Gradient: NoGrad,
	Doc: "Elements read from a file when they are needed."})

// Load makes an array whose elements are read when it is evaluated.
func (b *Builder) Load(from ElementReader, d Dtype, shape []int) *Node {
	b.checkShape("load", shape)
	return b.node(OpLoad, LoadAttrs{from}, d, shape)
}
