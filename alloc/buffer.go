package alloc

import (
	"fmt"
	"unsafe"
)

// Buffer is memory that a pool gave out. It dies when it is released or when
// nothing reaches it any more. Two goroutines may release it at once; using its
// bytes while another releases it is the caller's mistake.
type Buffer struct {
	data unsafe.Pointer
	size int
	blk  *block // nil once released, and for a buffer of size 0
	pool *Pool
	site Site
}

// Ptr returns the first byte's address, nil once the buffer is released.
func (b *Buffer) Ptr() unsafe.Pointer { return b.data }

// Bytes returns the memory, of exactly Size bytes, nil once the buffer is
// released and where only a device sees it. The slice does not keep the buffer alive.
func (b *Buffer) Bytes() []byte {
	if b.data == nil {
		return nil
	}
	return unsafe.Slice((*byte)(b.data), b.size)
}

// Read copies len(p) bytes from a place on, wherever the memory is. Work on it must
// be over.
func (b *Buffer) Read(p []byte, at int) error {
	if err := b.within("read", at, len(p)); err != nil || len(p) == 0 {
		return err
	}
	if b.data != nil {
		copy(p, b.Bytes()[at:])
		return nil
	}
	return b.pool.remote.Read(p, b.blk.Block, at)
}

// Write copies len(p) bytes to a place, wherever the memory is.
func (b *Buffer) Write(p []byte, at int) error {
	if err := b.within("write", at, len(p)); err != nil || len(p) == 0 {
		return err
	}
	if b.data != nil {
		copy(b.Bytes()[at:], p)
		return nil
	}
	return b.pool.remote.Write(b.blk.Block, at, p)
}

func (b *Buffer) within(op string, at, n int) error {
	switch {
	case at < 0 || n > b.size-at:
		return fmt.Errorf("%s: bytes %d to %d of a buffer of %d", op, at, at+n, b.size)
	case n > 0 && b.data == nil && (b.blk == nil || b.pool.remote == nil):
		return fmt.Errorf("%s: the buffer was released", op)
	}
	return nil
}

// Size returns the length that was asked for.
func (b *Buffer) Size() int { return b.size }

// Site returns the script line that the buffer was made for.
func (b *Buffer) Site() Site { return b.site }

// Pool returns the pool that the buffer is from.
func (b *Buffer) Pool() *Pool { return b.pool }

// Handle returns the source's own name for the block, nil once the buffer is
// released and for a buffer of size 0.
func (b *Buffer) Handle() any {
	if b.blk == nil {
		return nil
	}
	return b.blk.Handle
}

// Charge returns the bytes by which the buffer counts as active.
func (b *Buffer) Charge() int64 {
	if b.blk == nil {
		return 0
	}
	return b.blk.charge
}

// Foreign reports whether the memory was handed to Adopt.
func (b *Buffer) Foreign() bool { return b.blk != nil && b.blk.kind == foreignBlock }

// Release gives the memory back to the pool at once. Releasing again does nothing.
func (b *Buffer) Release() {
	if b.pool != nil {
		b.pool.release(b)
	}
}
