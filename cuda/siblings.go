package cuda

import (
	"fmt"
	"sync"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
)

var (
	_ engine.Siblings = (*Backend)(nil)
	_ gpu.Neighbour   = (*card)(nil)
)

// siblings are the GPUs that one engine uses. Each sees the memory of all others, so that
// kernels read arrays where they are.
type siblings struct {
	count int // of all that there are

	mu    sync.Mutex
	cards []*card
}

// add lets a GPU and those before it see each other's memory.
func (s *siblings) add(c *card) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.cards {
		for _, pair := range [][2]*card{{c, other}, {other, c}} {
			if err := pair[0].sees(pair[1]); err != nil {
				return err
			}
		}
	}
	c.family = s
	s.cards = append(s.cards, c)
	return nil
}

// sees lets the GPU use another's memory.
func (c *card) sees(other *card) error {
	if !c.api.CanAccessPeer(c.device, other.device) {
		return fmt.Errorf("GPU %s cannot use the memory of GPU %s, which arrays of both would need", c.api.PCIBusID(c.device), c.api.PCIBusID(other.device))
	}
	defer c.enter()()
	return c.api.EnablePeerAccess(other.context)
}

// Awaits: events are every context's.
func (c *card) Awaits(other gpu.Driver) bool {
	o, ok := other.(*card)
	return ok && o.family == c.family
}

// Devices is how many GPUs there are.
func (b *Backend) Devices() int { return b.siblings.count }

// Open makes a backend of another GPU: they are counted from this one on.
func (b *Backend) Open(index int) (engine.Backend, error) {
	o := b.options
	o.Index = (o.Index + index) % b.siblings.count
	other, err := newBackend(b.card.api, o, index, b.siblings)
	if err != nil {
		return nil, err // and no backend that is nil
	}
	return other, nil
}
