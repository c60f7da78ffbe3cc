package alloc

import (
	"errors"
	"unsafe"
)

// Block is a piece of memory that a source gave out.
type Block struct {
	// Data is the first byte as the processor sees it, nil where it does not: see Remote.
	Data unsafe.Pointer
	// Size is the usable length, at least what was asked for.
	Size int
	// Handle is the source's own name for the block, such as a device buffer.
	Handle any
}

// Source supplies a pool with memory. Its methods may be called from several
// goroutines at once.
type Source interface {
	// Alloc returns a block of at least size bytes, size > 0. The content of a
	// block is unspecified: it need not be zero.
	Alloc(size int) (Block, error)
	// Free returns a block. It is called once for each.
	Free(Block)
}

// Remote is a source whose blocks the processor does not see. It copies what they
// hold, once work on them is over.
type Remote interface {
	Source
	// Read copies len(p) bytes from a place in the block on.
	Read(p []byte, b Block, at int) error
	// Write copies len(p) bytes to there.
	Write(b Block, at int, p []byte) error
}

// Shrinker is a source that can give back the end of a block while its beginning
// stays in use. A pool on such a source counts a buffer by the bytes asked for
// and not by the block that serves it, since what is left over can be returned.
type Shrinker interface {
	// Shrink cuts b to size bytes or a little more and returns how many are left.
	// They keep their address, content and handle. If it fails, b is as before.
	Shrink(b Block, size int) (left int, err error)
}

// GoMemory is a source whose users can also work on ordinary Go memory, which
// then serves requests of up to MaxGoMemory bytes: a page for each scalar would
// waste most of it.
type GoMemory interface {
	MaxGoMemory() int
}

// Paged is a source that rounds every block up to a multiple of PageSize.
type Paged interface {
	PageSize() int
}

// ErrClosed is returned by a pool that has been closed.
var ErrClosed = errors.New("allocate: the memory pool is closed")
