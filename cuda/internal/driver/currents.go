package driver

import "sync"

// currents are the contexts of threads, so that the driver is not told again what it knows:
// a call of it takes longer than a look here. It is kept where there is one GPU, since other
// libraries may choose another one for a thread.
type currents struct {
	mu   sync.RWMutex
	of   map[int]Context // by thread
	kept bool
}

func (c *currents) keep(kept bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = kept
}

func (c *currents) have(thread int, x Context) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	have, ok := c.of[thread]
	return ok && have == x
}

// note remembers a thread's context. Thread 0 is one that cannot be told.
func (c *currents) note(thread int, x Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.kept || thread == 0 {
		return
	}
	if c.of == nil {
		c.of = map[int]Context{}
	}
	c.of[thread] = x
}

func (c *currents) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.of)
}
