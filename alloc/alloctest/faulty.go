// Package alloctest supplies sources of memory for tests: one that can refuse, and
// one that catches access out of bounds.
package alloctest

import (
	"errors"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
)

// ErrRefused is what a Faulty source refuses with.
var ErrRefused = errors.New("refused by the test")

// Faulty is a source whose requests fail when the test says so, and which notices
// blocks that are never freed, or freed twice.
type Faulty struct {
	src    alloc.Source
	refuse func(size int) bool

	mu   sync.Mutex
	live map[uintptr]int
	errs []error
}

var _ alloc.Source = (*Faulty)(nil)

// NewFaulty returns a source that asks refuse about each request and passes those
// that are not refused to src.
func NewFaulty(src alloc.Source, refuse func(size int) bool) *Faulty {
	return &Faulty{src: src, refuse: refuse, live: make(map[uintptr]int)}
}

// Alloc asks whether to fail, and otherwise allocates.
func (f *Faulty) Alloc(size int) (alloc.Block, error) {
	if f.refuse != nil && f.refuse(size) {
		return alloc.Block{}, ErrRefused
	}
	b, err := f.src.Alloc(size)
	if err == nil {
		f.mu.Lock()
		f.live[uintptr(b.Data)] = b.Size
		f.mu.Unlock()
	}
	return b, err
}

// Free frees a block, once.
func (f *Faulty) Free(b alloc.Block) {
	f.mu.Lock()
	_, ok := f.live[uintptr(b.Data)]
	delete(f.live, uintptr(b.Data))
	if !ok {
		f.errs = append(f.errs, errors.New("a block was freed that is not live"))
	}
	f.mu.Unlock()
	if ok {
		f.src.Free(b)
	}
}

// Live returns the number of blocks that have not been freed and their bytes.
func (f *Faulty) Live() (blocks int, bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, n := range f.live {
		bytes += int64(n)
	}
	return len(f.live), bytes
}

// Err returns what was done wrong with the source so far.
func (f *Faulty) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.errs...)
}
