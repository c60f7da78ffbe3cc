package cpu

import "github.com/mlxstar/mlxstar/engine"

// shares are the parts of a task's workspace: one for each goroutine that may work on
// the task at the same time.
type shares chan []byte

// shareAlign is what the size of a share is rounded up to, so that all begin where
// elements of any dtype may.
const shareAlign = 16

// sharesSize is how many bytes the shares of so many chunks take in all.
func (w *workers) sharesSize(chunks, each int) int {
	return min(w.threads, chunks) * alignShare(each)
}

func alignShare(n int) int { return (n + shareAlign - 1) &^ (shareAlign - 1) }

// newShares cuts a task's workspace, or a part of it, into shares of so many bytes.
func newShares(op *engine.Op, space []byte, each int) (shares, error) {
	if each == 0 {
		return nil, nil
	}
	size := alignShare(each)
	if len(space) < size {
		return nil, engine.Errorf(engine.RuntimeError, op.Name, "got a workspace of %d bytes, want at least %d", len(space), size)
	}
	s := make(shares, len(space)/size)
	for i := range cap(s) {
		s <- space[i*size:][:each]
	}
	return s, nil
}

// take gives a share, nil if a share is nothing, and done takes it back.
func (s shares) take() []byte {
	if s == nil {
		return nil
	}
	return <-s
}

func (s shares) done(p []byte) {
	if s != nil {
		s <- p
	}
}
