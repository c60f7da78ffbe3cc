package alloc

import "testing"

// remoteSource gives memory that only a device sees.
type remoteSource struct{}

func (remoteSource) Alloc(size int) (Block, error)  { return Block{Size: size}, nil }
func (remoteSource) Free(Block)                     {}
func (remoteSource) Read([]byte, Block, int) error  { return nil }
func (remoteSource) Write(Block, int, []byte) error { return nil }

// TestRestOfRemoteMemory: of a device's own memory there stays, once work has ended, what
// recent work has used again, and what only earlier work took goes.
func TestRestOfRemoteMemory(t *testing.T) {
	acct := NewAccount("test", nil, 0)
	p := NewPool(remoteSource{}, acct, Options{})
	defer p.Close()
	const mib = 1 << 20
	work := func(blocks int) {
		var held []*Buffer
		for range blocks {
			b, err := p.Get(10*mib, 0)
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, b)
		}
		for _, b := range held {
			b.Release()
		}
		p.Rest()
	}
	cached := func() int64 { return p.Stats().CacheBytes / mib }
	work(30)
	if got := cached(); got < 300 || got > 301 {
		t.Errorf("after work on 300 MiB the cache holds %d MiB", got)
	}
	misses := p.Stats().Misses
	for range swellRests {
		work(10)
	}
	if got := cached(); got < 100 || got > 112 {
		t.Errorf("after work on 100 MiB, again and again, the cache holds %d MiB", got)
	}
	if got := p.Stats().Misses; got != misses {
		t.Errorf("%d blocks were asked of the source meanwhile", got-misses)
	}
	for range swellRests {
		work(1)
	}
	if got := cached(); got < 20 || got > 32 {
		t.Errorf("after small work the cache holds %d MiB, want up to 32", got)
	}
}
