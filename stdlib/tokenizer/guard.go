package tokenizer

import (
	"context"
	"sync"
)

// guard lets one text be encoded at a time, as models remember words, and ends that with its
// context. Nil guards nothing.
type guard struct {
	mu    sync.Mutex
	ctx   context.Context // of what is encoded
	turns int
}

// ended carries the end of a context out of a model.
type ended struct{ err error }

// looked is how many turns of a loop lie between two looks at the context.
const looked = 1 << 10

// during runs f, which calls turn in its loops, until it or the context ends.
func (g *guard) during(ctx context.Context, f func()) (err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ctx = ctx
	defer func() {
		g.ctx = nil
		if p := recover(); p != nil {
			e, ok := p.(ended)
			if !ok {
				panic(p)
			}
			err = e.err
		}
	}()
	f()
	return ctx.Err()
}

// turn is one turn of a loop.
func (g *guard) turn() {
	if g == nil {
		return
	}
	if g.turns++; g.turns%looked == 0 && g.ctx != nil && g.ctx.Err() != nil {
		panic(ended{g.ctx.Err()})
	}
}
