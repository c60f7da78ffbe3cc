package alloc

import (
	"sync"
	"sync/atomic"
)

// Account counts the memory that pools hold for one owner: a runtime, a process.
// What an account counts, all its ancestors count too. Its methods may be called
// from several goroutines at once.
type Account struct {
	patience func() <-chan struct{} // see Patience

	name   string
	parent *Account
	tree   *tree

	// The counters are guarded by tree.mu.
	active   int64
	peak     int64
	resets   int // of peak, by ResetPeak
	cache    int64
	promised int64 // held back by reservations
	limit    int64
	ceiling  int64 // of limit; 0 is none
	relaxed  bool
	buffers  int64
}

// tree is what the accounts under one root share. Its lock is taken last: a
// goroutine that holds it takes no other.
type tree struct {
	mu     sync.Mutex
	pools  []*Pool
	serial atomic.Uint64 // buffers that observers were told of

	collect collector
}

// NewAccount returns an account under parent, or a root if parent is nil. A
// limit of 0 or less is none.
func NewAccount(name string, parent *Account, limit int64) *Account {
	a := &Account{name: name, parent: parent, limit: max(limit, 0)}
	if parent != nil {
		a.tree = parent.tree
	} else {
		a.tree = &tree{}
		a.tree.collect.init()
	}
	return a
}

// DefaultLimit is the limit of a process that sets none: three quarters of the
// memory that the machine, or the container, has. It is 0, no limit, where that
// cannot be found out.
func DefaultLimit() int64 { return defaultLimit() }

// defaultLimit asks the machine once: each new runtime wants to know.
var defaultLimit = sync.OnceValue(func() int64 { return SystemMemory() / 4 * 3 })

// Name returns the name the account was made with.
func (a *Account) Name() string { return a.name }

// Parent returns the account above, nil for a root.
func (a *Account) Parent() *Account { return a.parent }

// Counters are an account's numbers at one instant.
type Counters struct {
	Active   int64 // bytes of live buffers
	Peak     int64 // largest Active since the last reset
	Cache    int64 // bytes held for reuse
	Reserved int64 // bytes promised to reservations and not yet allocated
	Limit    int64 // 0 for none
	Buffers  int64 // live buffers
}

// Counters returns all numbers of one instant. They count buffers that are dead
// but not yet collected as live; Collect first where that matters.
func (a *Account) Counters() Counters {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	return Counters{
		Active: a.active, Peak: a.peak, Cache: a.cache,
		Reserved: a.promised, Limit: a.limit, Buffers: a.buffers,
	}
}

// Active returns the bytes of live buffers.
func (a *Account) Active() int64 { return a.Counters().Active }

// Peak returns the largest Active since the last ResetPeak.
func (a *Account) Peak() int64 { return a.Counters().Peak }

// Cache returns the bytes held for reuse.
func (a *Account) Cache() int64 { return a.Counters().Cache }

// Buffers returns the number of live buffers.
func (a *Account) Buffers() int64 { return a.Counters().Buffers }

// Limit returns the account's own limit, 0 for none.
func (a *Account) Limit() int64 { return a.Counters().Limit }

// ResetPeak sets Peak to 0, also while buffers are live. The next allocation
// raises it to what is then active.
func (a *Account) ResetPeak() {
	a.tree.mu.Lock()
	a.peak = 0
	a.resets++
	a.tree.mu.Unlock()
}

// MeasurePeak begins to measure a peak of its own: done ends that, gives the most that was
// active meanwhile, and puts Peak back to what it would be without, unless it was reset
// meanwhile.
func (a *Account) MeasurePeak() (done func() int64) {
	a.tree.mu.Lock()
	before, resets := a.peak, a.resets
	a.peak = a.active
	a.tree.mu.Unlock()
	return func() int64 {
		a.tree.mu.Lock()
		defer a.tree.mu.Unlock()
		peak := max(a.peak, a.active)
		if a.resets == resets {
			a.peak = max(before, peak)
		}
		return peak
	}
}

// SetLimit sets the account's limit and returns the one before. 0 or less is no
// limit, and reads back as 0. A limit below what is active takes nothing away; it
// refuses new allocations. A relaxed limit is a guideline: memory is reclaimed
// when it is reached, and then exceeded if that was not enough. Under a ceiling the
// limit is at most that, and not relaxed.
func (a *Account) SetLimit(n int64, relaxed bool) (old int64) {
	a.tree.mu.Lock()
	old = a.limit
	a.limit, a.relaxed = max(n, 0), relaxed
	if a.ceiling > 0 {
		a.relaxed = false
		if a.limit == 0 || a.limit > a.ceiling {
			a.limit = a.ceiling
		}
	}
	over := a.overLocked(0)
	a.tree.mu.Unlock()
	if over > 0 {
		a.trim(over)
	}
	return old
}

// SetCeiling makes the present limit the most that SetLimit sets.
func (a *Account) SetCeiling() {
	a.tree.mu.Lock()
	a.ceiling = a.limit
	a.tree.mu.Unlock()
}

// refusesLocked returns the first account, from a up, whose limit does not allow n
// more bytes, nil if all do. A relaxed limit counts only if strict.
func (a *Account) refusesLocked(n int64, strict bool) *Account {
	if n <= 0 {
		return nil
	}
	for x := a; x != nil; x = x.parent {
		if x.limit > 0 && (strict || !x.relaxed) && n > x.limit-x.active-x.promised {
			return x
		}
	}
	return nil
}

// charge counts a new buffer of n bytes, and changes the cache by cache bytes. It
// changes nothing and returns the account whose limit stands against it, if any.
// Unless it is sure that there will be memory for the buffer, the peak does not
// rise before adjust is called.
func (a *Account) charge(n, cache int64, strict, sure bool) *Account {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	if x := a.refusesLocked(n, strict); x != nil {
		return x
	}
	a.chargeLocked(n, cache, sure)
	return nil
}

func (a *Account) chargeLocked(n, cache int64, sure bool) {
	for x := a; x != nil; x = x.parent {
		x.active += n
		x.cache += cache
		x.buffers++
		if sure {
			x.peak = max(x.peak, x.active)
		}
	}
}

// refund uncounts buffers of n bytes altogether and changes the cache by cache bytes.
// It returns by how much what remains exceeds a limit.
func (a *Account) refund(n, cache int64, buffers int64) (over int64) {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	for x := a; x != nil; x = x.parent {
		x.active -= n
		x.cache += cache
		x.buffers -= buffers
	}
	return a.overLocked(0)
}

// adjust changes the counts of bytes by the given differences, checking no limit,
// and raises the peak to what is active.
func (a *Account) adjust(active, cache int64) {
	a.tree.mu.Lock()
	for x := a; x != nil; x = x.parent {
		x.active += active
		x.cache += cache
		x.peak = max(x.peak, x.active)
	}
	a.tree.mu.Unlock()
}

// overLocked returns by how much n more bytes of the machine's memory would take
// this account or an ancestor past its limit, cached memory included.
func (a *Account) overLocked(n int64) int64 {
	var over int64
	for x := a; x != nil; x = x.parent {
		if x.limit > 0 {
			over = max(over, x.active+x.cache+n-x.limit)
		}
	}
	return over
}

func (a *Account) over(n int64) int64 {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	return a.overLocked(n)
}

// poolsUnder returns the pools whose account is a or a descendant of it.
func (a *Account) poolsUnder() []*Pool {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	var under []*Pool
	for _, p := range a.tree.pools {
		for x := p.acct; x != nil; x = x.parent {
			if x == a {
				under = append(under, p)
				break
			}
		}
	}
	return under
}

// top returns the highest account above a, or a itself, that has a limit; the
// root if none has. Memory freed anywhere below it can make room for a.
func (a *Account) top() *Account {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	var top *Account
	for x := a; x != nil; x = x.parent {
		if x.limit > 0 || (x.parent == nil && top == nil) {
			top = x
		}
	}
	return top
}

// trim gives about n cached bytes back to the system, a's own first, then those
// of the accounts that share a limit with it.
func (a *Account) trim(n int64) {
	for _, scope := range []*Account{a, a.top()} {
		for _, p := range scope.poolsUnder() {
			if n <= 0 {
				return
			}
			n -= p.trim(n)
		}
	}
}

// ClearCache gives all cached memory of the account's pools back to the system,
// after a collection, so that nothing dead stays behind. Cache is 0 after it,
// unless another goroutine frees buffers meanwhile.
func (a *Account) ClearCache() {
	a.Collect(ForClear)
	for _, p := range a.poolsUnder() {
		p.ClearCache()
	}
}
