package alloc

import "math"

// Room returns how many bytes more may become active before a limit of the
// account or of an ancestor refuses, what reservations hold back taken off. It is
// math.MaxInt64 where there is none, or only a guideline.
func (a *Account) Room() int64 {
	a.tree.mu.Lock()
	defer a.tree.mu.Unlock()
	room := int64(math.MaxInt64)
	for x := a; x != nil; x = x.parent {
		if x.limit > 0 && !x.relaxed {
			room = min(room, x.limit-x.active-x.promised)
		}
	}
	return max(room, 0)
}
