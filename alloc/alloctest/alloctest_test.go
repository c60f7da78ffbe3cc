package alloctest

import (
	"runtime/debug"
	"strings"
	"testing"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
)

// faults reports whether f touches memory it must not.
func faults(f func()) (fault bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { fault = recover() != nil }()
	f()
	return false
}

func TestGuardCatchesAccessOutOfBounds(t *testing.T) {
	for _, c := range []struct {
		name string
		src  *Guard
		at   func(size int) int // the first byte that faults
	}{
		{"after", NewGuard(1), func(size int) int { return size }},
		{"before", NewGuardBefore(), func(int) int { return -1 }},
	} {
		for _, size := range []int{1, 4, 4095, 4096, 4097, 100_000} {
			acct := alloc.NewAccount(c.name, nil, 0)
			pool := alloc.NewPool(c.src, acct, alloc.Options{CacheLimit: -1})
			b, err := pool.Get(size, 0)
			if err != nil {
				t.Fatal(err)
			}
			touch := func(i int) func() {
				return func() { *(*byte)(unsafe.Add(b.Ptr(), i)) = 1 }
			}
			if faults(touch(0)) || faults(touch(size-1)) {
				t.Errorf("%s: size %d: access within bounds faults", c.name, size)
			}
			if !faults(touch(c.at(size))) {
				t.Errorf("%s: size %d: access out of bounds does not fault", c.name, size)
			}
			b.Release()
			pool.Close()
			if n := acct.Active() + acct.Cache(); n != 0 {
				t.Errorf("%s: size %d: %d bytes remain", c.name, size, n)
			}
		}
		if err := c.src.Err(); err != nil {
			t.Error(err)
		}
	}
}

func TestGuardCatchesWritesInTheSamePage(t *testing.T) {
	g := NewGuard(64)
	b, err := g.Alloc(100)
	if err != nil {
		t.Fatal(err)
	}
	if uintptr(b.Data)%64 != 0 {
		t.Errorf("%p is not aligned", b.Data)
	}
	*(*byte)(unsafe.Add(b.Data, -1)) = 0
	g.Free(b)
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "offset -1") {
		t.Errorf("got %v, want a write at offset -1", err)
	}
}
