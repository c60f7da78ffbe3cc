package cuda

import (
	"fmt"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/gpu"
)

var _ alloc.Remote = (*source)(nil)

// source gives plain memory of the GPU. Blocks may die after the backend is closed,
// so the context is kept until the last of them has.
type source struct {
	card   *card
	stream driver.Stream // of copies
	holders
}

func newSource(c *card) (*source, error) {
	s, err := c.api.StreamCreate()
	if err != nil {
		return nil, err
	}
	return &source{card: c, stream: s, holders: holders{live: 1}}, nil
}

// Alloc gives a block.
func (s *source) Alloc(size int) (alloc.Block, error) {
	defer s.card.enter()()
	p, err := s.card.api.MemAlloc(size)
	if err != nil {
		return alloc.Block{}, err
	}
	s.add(1)
	return alloc.Block{Size: size, Handle: gpu.Buffer(p)}, nil
}

// Free gives it back.
func (s *source) Free(b alloc.Block) {
	leave := s.card.enter()
	_ = s.card.api.MemFree(addressOf(b)) // what failed before is told again here
	leave()
	s.let()
}

func (s *source) let() {
	if s.add(-1) {
		leave := s.card.enter()
		s.card.api.StreamDestroy(s.stream)
		leave()
		s.card.api.ReleasePrimary(s.card.device)
	}
}

func addressOf(b alloc.Block) driver.DevicePtr { return driver.DevicePtr(b.Handle.(gpu.Buffer)) }

// Read copies from a block.
func (s *source) Read(p []byte, b alloc.Block, at int) error {
	defer s.card.enter()()
	if err := s.card.api.MemcpyDtoH(unsafe.Pointer(unsafe.SliceData(p)), addressOf(b)+driver.DevicePtr(at), len(p), s.stream); err != nil {
		return fmt.Errorf("cuda: %w", err)
	}
	return s.wait()
}

// Write copies to a block.
func (s *source) Write(b alloc.Block, at int, p []byte) error {
	defer s.card.enter()()
	if err := s.card.api.MemcpyHtoD(addressOf(b)+driver.DevicePtr(at), unsafe.Pointer(unsafe.SliceData(p)), len(p), s.stream); err != nil {
		return fmt.Errorf("cuda: %w", err)
	}
	return s.wait()
}

func (s *source) wait() error {
	if err := s.card.api.StreamSynchronize(s.stream); err != nil {
		return fmt.Errorf("cuda: %w", err)
	}
	return nil
}

// NewFilled gives memory of the GPU with content.
func (c *card) NewFilled(data []byte) (alloc.Block, error) {
	b, err := c.source.Alloc(max(len(data), 16))
	if err == nil && len(data) > 0 {
		if err = c.source.Write(b, 0, data); err != nil {
			c.source.Free(b)
		}
	}
	return b, err
}

// Release frees a block of the GPU, or one that the processor shares with it.
func (c *card) Release(b alloc.Block) {
	if b.Data == nil {
		c.source.Free(b)
		return
	}
	c.shared.free(b)
}
