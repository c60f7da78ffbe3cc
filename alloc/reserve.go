package alloc

import "sync"

// Reservation holds back part of the room under a limit for one evaluation, so
// that it cannot fail midway because another took what its plan counted on.
type Reservation struct {
	pool *Pool
	op   string
	site Site

	mu      sync.Mutex
	planned int64
	used    int64 // charged by Get and not released
	left    int64 // held back: what is planned and not used
}

// Reserve asks whether an evaluation whose planned peak is n bytes above what is
// now active may start. It tries as hard as an allocation would to make room, and
// returns a *LimitError in vain. The reservation must be closed when the
// evaluation ends. The op, such as "eval", begins the error's message.
func (p *Pool) Reserve(op string, n int64, site Site) (*Reservation, error) {
	r := &Reservation{pool: p, op: op, site: site}
	if n <= 0 {
		return r, nil
	}
	err := p.withRoom(op, n, func(strict bool) *Account { return p.acct.promise(n, strict) })
	if err != nil {
		return nil, err
	}
	r.planned, r.left = n, n
	return r, nil
}

// Get is as Pool.Get, out of the reservation. What goes beyond the plan is
// charged as any allocation is.
func (r *Reservation) Get(size int, site Site) (*Buffer, error) {
	return r.pool.get(size, site, r)
}

// Release releases a buffer that Get returned and gives its bytes back to the
// reservation, for the evaluation to use again.
func (r *Reservation) Release(b *Buffer) { r.unused(r.pool.release(b)) }

// unused notes that n bytes of what Get charged are free again.
func (r *Reservation) unused(n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used = max(r.used-n, 0) // a block may count for more than was asked
	left := max(r.planned-r.used, 0)
	r.pool.acct.addPromise(left - r.left)
	r.left = left
}

// Close ends the reservation. Its buffers stay. Closing again does nothing.
func (r *Reservation) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pool.acct.addPromise(-r.left)
	r.planned, r.left = 0, 0
}

// promise holds back n bytes, or returns the account whose limit does not allow it.
func (a *Account) promise(n int64, strict bool) *Account {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	if x := a.refusesLocked(n, strict); x != nil {
		return x
	}
	a.addPromiseLocked(n)
	return nil
}

func (a *Account) addPromise(n int64) {
	a.tree.mu.Lock()
	a.addPromiseLocked(n)
	a.tree.mu.Unlock()
}

func (a *Account) addPromiseLocked(n int64) {
	for x := a; x != nil; x = x.parent {
		x.promised += n
	}
}

// charge counts a new buffer of n bytes against what the reservation holds back.
func (r *Reservation) charge(n, cache int64, strict, sure bool) *Account {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.pool.acct
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	part := min(n, r.left)
	if x := a.refusesLocked(n-part, strict); x != nil {
		return x
	}
	r.used += n
	r.left -= part
	a.addPromiseLocked(-part)
	a.chargeLocked(n, cache, sure)
	return nil
}
