package metal

import (
	"fmt"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/gpu"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
	"github.com/mlxstar/mlxstar/metal/internal/system"
)

var _ alloc.Source = (*source)(nil)

// source makes shared buffers. Buffers may die after the backend is closed, so
// the device is kept until the last of them has.
type source struct {
	api    *mtl.API
	device mtl.Device
	limit  uint
	most   int // buffers that the system lets a process have

	resident *residency

	mu   sync.Mutex
	live int // buffers, and one for the backend
}

func newSource(api *mtl.API, d mtl.Device) *source {
	return &source{api: api, device: d, limit: api.MaxBufferLength(d), most: system.ResourceLimit(), resident: newResidency(api, d), live: 1}
}

// Alloc makes a buffer.
func (s *source) Alloc(size int) (alloc.Block, error) {
	if uint(size) > s.limit {
		return alloc.Block{}, fmt.Errorf("metal: a buffer of %d bytes, and the largest is %d", size, s.limit)
	}
	if !s.take() {
		return alloc.Block{}, fmt.Errorf("metal: %d buffers are alive, and the system has no more", s.most)
	}
	b := s.api.NewBuffer(s.device, size)
	if b == 0 {
		s.let()
		return alloc.Block{}, fmt.Errorf("metal: no buffer of %d bytes", size)
	}
	s.resident.add(b, size)
	return alloc.Block{Data: s.api.Contents(b), Size: size, Handle: gpu.Buffer(b)}, nil
}

// Free releases a buffer.
func (s *source) Free(b alloc.Block) {
	h := mtl.Buffer(b.Handle.(gpu.Buffer))
	s.resident.remove(h)
	s.api.Release(mtl.Object(h))
	s.let()
}

// take counts a buffer more, unless there are as many as the system allows.
func (s *source) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live > s.most {
		return false
	}
	s.live++
	return true
}

func (s *source) let() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live--; s.live == 0 {
		s.api.Release(mtl.Object(s.device))
	}
}
