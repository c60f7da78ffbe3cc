package cpu

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestWorkers: each index of each job is done once, whether workers look out for the next
// job or sleep, and whoever brings jobs at the same time.
func TestWorkers(t *testing.T) {
	for _, threads := range []int{1, 2, 5} {
		w := newWorkers(threads)
		var bring sync.WaitGroup
		for b := range 3 {
			bring.Go(func() {
				for i := range 200 {
					n, grain := (i*7+b)%40, 1+i%5
					did := make([]atomic.Int32, n)
					err := w.run(context.Background(), n, grain, func(_ *tiles, lo, hi int) error {
						for k := lo; k < hi; k++ {
							did[k].Add(1)
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
					for k := range did {
						if got := did[k].Load(); got != 1 {
							t.Errorf("%d threads: index %d of %d was done %d times, want once", threads, k, n, got)
						}
					}
					if i%20 == b {
						time.Sleep(2 * lookTime) // so that workers sleep
					}
				}
			})
		}
		bring.Wait()
		w.close()
		if got := w.looking.Load(); got != 0 {
			t.Errorf("%d threads: %d workers look out after the pool was closed, want none", threads, got)
		}
	}
}
