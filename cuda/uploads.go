package cuda

import (
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
)

// uploads are blocks of the GPU for what batches bring with them. To free one would
// wait for all work, so that those of the usual size are kept.
type uploads struct {
	card *card

	mu     sync.Mutex
	spare  []alloc.Block
	closed bool
}

const (
	uploadSize = 64 << 10
	keptBlocks = 256
)

func (u *uploads) get(size int) (alloc.Block, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n := len(u.spare); n > 0 && size <= uploadSize {
		b := u.spare[n-1]
		u.spare = u.spare[:n-1]
		return b, nil
	}
	return u.card.source.Alloc(max(size, uploadSize))
}

func (u *uploads) put(b alloc.Block) {
	u.mu.Lock()
	keep := !u.closed && b.Size == uploadSize && len(u.spare) < keptBlocks
	if keep {
		u.spare = append(u.spare, b)
	}
	u.mu.Unlock()
	if !keep {
		u.card.source.Free(b)
	}
}

func (u *uploads) close() {
	u.mu.Lock()
	all := u.spare
	u.spare, u.closed = nil, true
	u.mu.Unlock()
	for _, b := range all {
		u.card.source.Free(b)
	}
}
