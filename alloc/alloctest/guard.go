package alloctest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
)

// Guard is a source whose blocks lie between inaccessible pages, so that a kernel
// that reads or writes out of bounds stops the program with a fault at the very
// instruction. Freed blocks are unmapped; give the pool a negative cache limit, so
// that it frees each at its release.
//
// A page fault can only catch what goes past a page. Blocks therefore end at the
// inaccessible page, or begin right after it; the bytes on the other side hold a
// pattern that is checked when the block is freed.
type Guard struct {
	atStart bool
	align   int
	page    int

	mu   sync.Mutex
	maps map[uintptr]guarded
	errs []error
}

// guarded is one block's mapping: inaccessible page, body, inaccessible page.
type guarded struct {
	base unsafe.Pointer
	size int
	body []byte // the accessible pages
	data []byte // the block within the body
}

var (
	_ alloc.Source = (*Guard)(nil)
	_ alloc.Paged  = (*Guard)(nil)
)

const pattern = 0xa5

// NewGuard returns a source whose blocks end at an inaccessible page, up to the
// multiple of align bytes, a power of two, that the block's address must be.
func NewGuard(align int) *Guard {
	return &Guard{align: max(align, 1), page: os.Getpagesize(), maps: make(map[uintptr]guarded)}
}

// NewGuardBefore returns a source whose blocks begin right after an inaccessible page.
func NewGuardBefore() *Guard {
	g := NewGuard(1)
	g.atStart = true
	return g
}

// PageSize returns 1: blocks are of exactly the size that is asked for.
func (g *Guard) PageSize() int { return 1 }

// Alloc maps a block of exactly size bytes.
func (g *Guard) Alloc(size int) (alloc.Block, error) {
	body := (size + g.page - 1) / g.page * g.page
	total := body + 2*g.page
	if size <= 0 || total < size {
		return alloc.Block{}, fmt.Errorf("guard: cannot map %d bytes", size)
	}
	base, err := reserve(total)
	if err != nil {
		return alloc.Block{}, fmt.Errorf("guard: %w", err)
	}
	m := guarded{base: base, size: total, body: unsafe.Slice((*byte)(unsafe.Add(base, g.page)), body)}
	if err := open(m.body); err != nil {
		unreserve(base, total)
		return alloc.Block{}, fmt.Errorf("guard: %w", err)
	}
	at := 0
	if !g.atStart {
		at = (body - size) &^ (g.align - 1)
	}
	m.data = m.body[at : at+size]
	for i := range m.body {
		m.body[i] = pattern
	}
	block := alloc.Block{Data: unsafe.Pointer(&m.data[0]), Size: size}
	g.mu.Lock()
	g.maps[uintptr(block.Data)] = m
	g.mu.Unlock()
	return block, nil
}

// Free checks the bytes around a block and unmaps it.
func (g *Guard) Free(b alloc.Block) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, ok := g.maps[uintptr(b.Data)]
	if !ok {
		g.errs = append(g.errs, errors.New("guard: a block was freed that is not live"))
		return
	}
	delete(g.maps, uintptr(b.Data))
	at := int(uintptr(b.Data) - uintptr(unsafe.Pointer(&m.body[0])))
	for i, v := range m.body {
		if (i < at || i >= at+len(m.data)) && v != pattern {
			g.errs = append(g.errs, fmt.Errorf("guard: a block of %d bytes was written at offset %d", len(m.data), i-at))
			break
		}
	}
	unreserve(m.base, m.size)
}

// Err returns what was done wrong with freed blocks so far.
func (g *Guard) Err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return errors.Join(g.errs...)
}
