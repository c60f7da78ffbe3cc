package cuda

import (
	"math/bits"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/gpu"
)

// shared is pinned memory, which processor and GPU see at one address. It takes long
// to get, so that blocks are kept for reuse: of powers of two, up to a bound.
type shared struct {
	card *card

	mu     sync.Mutex
	spare  map[int][]alloc.Block
	kept   int
	closed bool
}

const (
	leastShared = 4 << 10
	keptShared  = 64 << 20
)

// NewShared gives a block of at least a size.
func (c *card) NewShared(size int) (alloc.Block, error) {
	s := c.shared
	size = max(leastShared, 1<<bits.Len(uint(size-1)))
	s.mu.Lock()
	if list := s.spare[size]; len(list) > 0 {
		b := list[len(list)-1]
		s.spare[size] = list[:len(list)-1]
		s.kept -= size
		s.mu.Unlock()
		return b, nil
	}
	s.mu.Unlock()
	defer c.enter()()
	p, err := c.api.MemHostAlloc(size)
	if err != nil {
		return alloc.Block{}, err
	}
	c.source.add(1)
	return alloc.Block{Data: p, Size: size, Handle: gpu.Buffer(uintptr(p))}, nil
}

// free keeps a block or gives it back.
func (s *shared) free(b alloc.Block) {
	s.mu.Lock()
	if !s.closed && s.kept+b.Size <= keptShared {
		s.spare[b.Size] = append(s.spare[b.Size], b)
		s.kept += b.Size
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	s.give(b)
}

func (s *shared) give(b alloc.Block) {
	leave := s.card.enter()
	s.card.api.MemFreeHost(b.Data)
	leave()
	s.card.source.let()
}

func (s *shared) close() {
	s.mu.Lock()
	all := s.spare
	s.spare, s.closed = nil, true
	s.mu.Unlock()
	for _, list := range all {
		for _, b := range list {
			s.give(b)
		}
	}
}
