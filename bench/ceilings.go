package main

import (
	"runtime"
	"sync"
	"time"
)

// ceilings are what this machine can do, measured at the start of a run.
type ceilings struct {
	Copy float64 `json:"copy_gbs"`       // memory copied by all threads, read and written, GB/s
	Read float64 `json:"read_gbs"`       // memory read by all threads, GB/s
	One  float64 `json:"fma_one_gflops"` // fused multiply-adds of float32 of one thread, GFLOP/s
	All  float64 `json:"fma_all_gflops"` // and of all threads
	Unit string  `json:"fma_unit"`       // the instructions that FMA was measured with
}

// copyBytes is far beyond any cache.
const copyBytes = 256 << 20

func measureCeilings(threads int) ceilings {
	c := ceilings{Unit: fmaUnit()}
	c.Copy, c.Read = bandwidth(threads)
	c.One, c.All = peakFMA(1), peakFMA(threads)
	return c
}

// bandwidth is what the threads together copy and read, each from memory of its own.
func bandwidth(threads int) (copied, read float64) {
	n := copyBytes / threads
	from, to := make([][]byte, threads), make([][]byte, threads)
	together(threads, func(i int) {
		from[i], to[i] = make([]byte, n), make([]byte, n)
		for j := 0; j < n; j += 512 {
			from[i][j], to[i][j] = 1, 1
		}
	})
	best := fastest(7, func() { together(threads, func(i int) { copy(to[i], from[i]) }) })
	copied = 2 * float64(n*threads) / best.Seconds() / 1e9
	best = fastest(7, func() { together(threads, func(i int) { readAll(from[i]) }) })
	return copied, float64(n*threads) / best.Seconds() / 1e9
}

// peakFMA is the arithmetic of threads that do nothing else.
func peakFMA(threads int) float64 {
	const rounds = 20 << 20
	flops := 0
	best := fastest(5, func() { together(threads, func(int) { flops = fmaRounds(rounds) }) })
	return float64(flops) * float64(threads) / best.Seconds() / 1e9
}

func fastest(times int, f func()) time.Duration {
	best := time.Duration(1 << 62)
	for range times {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

// together runs f on as many threads.
func together(threads int, f func(i int)) {
	var all sync.WaitGroup
	for i := range threads {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			f(i)
		})
	}
	all.Wait()
}
