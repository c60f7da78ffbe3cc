package alloc

import (
	"fmt"
	"runtime"
	"testing"
)

// benchGet does not call Helper, which costs more than what is measured.
func benchGet(b *testing.B, p *Pool, size int) *Buffer {
	buf, err := p.Get(size, 0)
	if err != nil {
		b.Fatal(err)
	}
	return buf
}

func BenchmarkGetRelease(b *testing.B) {
	for _, size := range []int{4, 4096, 1 << 20} {
		b.Run(FormatBytes(int64(size)), func(b *testing.B) {
			p, _ := newTestPool(b, 1<<40)
			benchGet(b, p, size).Release()
			b.ReportAllocs()
			for b.Loop() {
				benchGet(b, p, size).Release()
			}
		})
	}
}

// A buffer that is not released pays for its weak pointer as well.
func BenchmarkGetWatched(b *testing.B) {
	p, _ := newTestPool(b, 0)
	p.acct.SetCollectShare(0)
	keep := make([]*Buffer, 0, b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		keep = append(keep, benchGet(b, p, 64))
	}
	b.StopTimer()
	runtime.KeepAlive(keep)
}

func BenchmarkMissLarge(b *testing.B) {
	for _, size := range []int{64 << 10, 1 << 20, 16 << 20} {
		b.Run(FormatBytes(int64(size)), func(b *testing.B) {
			p, _ := newTestPool(b, 0)
			p.SetCacheLimit(0)
			for b.Loop() {
				buf := benchGet(b, p, size)
				bytes := buf.Bytes()
				for i := 0; i < len(bytes); i += 4096 {
					bytes[i] = 1
				}
				buf.Release()
			}
		})
	}
}

func BenchmarkSweep(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, _ := newTestPool(b, 0)
			p.acct.SetCollectShare(0)
			keep := make([]*Buffer, n)
			for i := range keep {
				keep[i] = benchGet(b, p, 64)
			}
			p.promote()
			for b.Loop() {
				p.sweep()
			}
			runtime.KeepAlive(keep)
		})
	}
}

func BenchmarkCollect(b *testing.B) {
	for _, n := range []int{1, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, a := newTestPool(b, 0)
			keep := make([]*Buffer, n)
			for i := range keep {
				keep[i] = benchGet(b, p, 64)
			}
			for b.Loop() {
				a.Collect(ForAnswer)
			}
			runtime.KeepAlive(keep)
		})
	}
}
