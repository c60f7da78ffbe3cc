package alloc

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// ledger is a source that knows how much it has given.
type ledger struct {
	*System
	mu     sync.Mutex
	given  int64
	refuse bool
}

var errRefused = errors.New("refused")

func (l *ledger) Alloc(size int) (Block, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuse {
		return Block{}, errRefused
	}
	b, err := l.System.Alloc(size)
	l.given += int64(b.Size)
	return b, err
}

func (l *ledger) Free(b Block) {
	l.mu.Lock()
	l.given -= int64(b.Size)
	l.mu.Unlock()
	l.System.Free(b)
}

func (l *ledger) Shrink(b Block, size int) (int, error) {
	left, err := l.System.Shrink(b, size)
	l.mu.Lock()
	l.given -= int64(b.Size - left)
	l.mu.Unlock()
	return left, err
}

// Whatever happens, active plus cache is what the source has given, active is the
// sum over what is held, and no limit is exceeded.
func TestBooksBalance(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 7))
		src := &ledger{System: NewSystem()}
		root := NewAccount("root", nil, 0)
		a := NewAccount("child", root, 0)
		p := NewPool(src, a, Options{})
		a.SetCollectShare(0)
		var held []*Buffer
		var limit int64
		for step := range 1000 {
			switch k := rng.IntN(100); {
			case k < 50:
				size := p.goMax + 1 + rng.IntN(1<<(10+rng.IntN(12)))
				b, err := p.Get(size, 0)
				var over *LimitError
				if err != nil && !errors.As(err, &over) && !(src.refuse && errors.Is(err, errRefused)) {
					t.Fatal(err)
				}
				if err != nil && over != nil && over.Active+over.Requested <= limit {
					t.Fatalf("refused although it fits: %v", err)
				}
				if b != nil {
					b.Bytes()[size-1] = 1
					held = append(held, b)
				}
			case k < 90:
				if len(held) > 0 {
					i := rng.IntN(len(held))
					held[i].Release()
					held[i] = held[len(held)-1]
					held[len(held)-1] = nil
					held = held[:len(held)-1]
				}
			case k < 92:
				if len(held) > 0 {
					held[len(held)-1] = nil // left to die
					held = held[:len(held)-1]
					a.Collect(ForAnswer)
				}
			case k < 94:
				p.SetCacheLimit(rng.Int64N(16 << 20))
			case k < 96:
				limit = rng.Int64N(32 << 20)
				a.SetLimit(limit, false)
			case k < 97:
				a.ClearCache()
				if a.Cache() != 0 {
					t.Fatalf("seed %d, step %d: cache %d after clearing", seed, step, a.Cache())
				}
			case k < 98:
				src.refuse = !src.refuse
			default:
				if r, err := p.Reserve("eval", rng.Int64N(4<<20), 0); err == nil {
					if b, err := r.Get(1+rng.IntN(4<<20), 0); err == nil {
						r.Release(b)
					}
					r.Close()
				}
			}
			var sum int64
			for _, b := range held {
				sum += b.Charge()
			}
			c := a.Counters()
			if c.Active != sum || c.Active+c.Cache != src.given+smallBytes(p) || c.Buffers != int64(len(held)) || c.Reserved != 0 {
				t.Fatalf("seed %d, step %d: %+v, but %d in %d buffers are held and %d given", seed, step, c, sum, len(held), src.given)
			}
			if c.Cache != p.cached || c.Active != p.live || p.cached > max(p.cacheLimit, p.slack) {
				t.Fatalf("seed %d, step %d: %+v, but the pool has %d cached (limit %d) and %d live", seed, step, c, p.cached, p.cacheLimit, p.live)
			}
			if r := root.Counters(); r.Active != c.Active || r.Cache != c.Cache || r.Buffers != c.Buffers {
				t.Fatalf("seed %d, step %d: the root has %+v, the child %+v", seed, step, r, c)
			}
			if limit > 0 && c.Cache > 0 && c.Active+c.Cache > max(limit, c.Active) {
				t.Fatalf("seed %d, step %d: active %d and cache %d exceed the limit %d", seed, step, c.Active, c.Cache, limit)
			}
		}
		runtime.KeepAlive(held)
		clear(held)
		p.Close()
		if c := root.Counters(); src.given != 0 || c.Active != 0 || c.Cache != 0 {
			t.Fatalf("seed %d: %+v and %d given after closing", seed, c, src.given)
		}
	}
}

// smallBytes returns what the cache holds in Go memory, which the source did not give.
func smallBytes(p *Pool) (n int64) {
	for blk := p.free.newest; blk != nil; blk = blk.lruNext {
		if blk.kind == goBlock {
			n += blk.counted
		}
	}
	return n
}
