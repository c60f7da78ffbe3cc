package alloc_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/alloc/alloctest"
)

// A source that cannot shrink blocks and knows no pages: what a buffer's block
// has, the buffer is charged for.
func TestPlainSource(t *testing.T) {
	src := alloctest.NewFaulty(alloc.NewSystem(), nil)
	a := alloc.NewAccount("test", nil, 0)
	p := alloc.NewPool(src, a, alloc.Options{})
	get := func(n int) *alloc.Buffer {
		b, err := p.Get(n, 0)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	get(64 << 10).Release()
	b := get(60 << 10)
	if a.Active() != 64<<10 || a.Cache() != 0 {
		t.Errorf("active %d, cache %d, want %d and 0", a.Active(), a.Cache(), 64<<10)
	}
	small := get(8)
	if _, n := src.Live(); a.Active()+a.Cache() != n {
		t.Errorf("active %d and cache %d, but the source gave %d", a.Active(), a.Cache(), n)
	}
	b.Release()
	small.Release()
	p.Close()
	if blocks, _ := src.Live(); blocks != 0 || a.Active() != 0 || a.Cache() != 0 {
		t.Errorf("%d blocks, active %d, cache %d after closing", blocks, a.Active(), a.Cache())
	}
	if err := src.Err(); err != nil {
		t.Error(err)
	}
}

func TestSystemRefusal(t *testing.T) {
	var room int64 = 8 << 20
	var src *alloctest.Faulty
	src = alloctest.NewFaulty(alloc.NewSystem(), func(size int) bool {
		_, live := src.Live()
		return live+int64(size) > room
	})
	a := alloc.NewAccount("test", nil, 0)
	p := alloc.NewPool(src, a, alloc.Options{})
	defer p.Close()
	a.SetCollectShare(0)

	// Cached memory and dead buffers make way.
	for _, size := range []int{3 << 20, 5 << 20, 8 << 20, 2 << 20, 7 << 20} {
		b, err := p.Get(size, 0)
		if err != nil {
			t.Fatal(err)
		}
		if size != 5<<20 { // which is left to die
			b.Release()
		}
	}
	a.ClearCache()
	keep, err := p.Get(6<<20, 0)
	if err != nil {
		t.Fatal(err)
	}
	a.ResetPeak()
	before := a.Counters()
	_, err = p.Get(3<<20, 0)
	var refused *alloc.SystemError
	if !errors.As(err, &refused) || !errors.Is(err, alloctest.ErrRefused) {
		t.Fatalf("got %v, want the source's refusal", err)
	}
	if want := "allocate: out of memory: the system refused 3 MiB, in use 6 MiB: refused by the test"; err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	if after := a.Counters(); after != before {
		t.Errorf("a refusal changed %+v to %+v", before, after)
	}
	r, err := p.Reserve("eval", 4<<20, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Get(3<<20, 0); err == nil || strings.Contains(err.Error(), "limit") {
		t.Errorf("got %v, want the source's refusal", err)
	}
	if n := a.Counters().Reserved; n != 4<<20 {
		t.Errorf("a refusal left %d reserved, want %d", n, 4<<20)
	}
	r.Close()
	keep.Release()
	if err := src.Err(); err != nil {
		t.Error(err)
	}
}
