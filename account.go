package mlxstar

import "github.com/mlxstar/mlxstar/alloc"

// MemoryAccount bounds the memory of all the runtimes that are given it, and of the
// accounts below it: what one of them takes counts in all above it, and must fit in each.
type MemoryAccount struct {
	account *alloc.Account
	parent  *MemoryAccount
}

// NewMemoryAccount makes an account with a limit in bytes; 0 is no limit.
func NewMemoryAccount(limit int64) *MemoryAccount {
	return &MemoryAccount{account: alloc.NewAccount("process", nil, limit)}
}

// Child makes an account below this one, with a name for people and a limit of its own in
// bytes; 0 is none besides those above.
func (m *MemoryAccount) Child(name string, limit int64) *MemoryAccount {
	return &MemoryAccount{account: alloc.NewAccount(name, m.account, limit), parent: m}
}

// Parent is the account above, or nil.
func (m *MemoryAccount) Parent() *MemoryAccount { return m.parent }

// Name is what Child was given.
func (m *MemoryAccount) Name() string { return m.account.Name() }

// Active is the number of bytes that arrays of the account's runtimes hold, and of those
// below it. Arrays that nothing refers to any more count until they are collected.
func (m *MemoryAccount) Active() int64 { return m.account.Active() }

// Peak is the most that was active at once, in bytes, since ResetPeak.
func (m *MemoryAccount) Peak() int64 { return m.account.Peak() }

// ResetPeak sets Peak to 0; the next array raises it to what is active then.
func (m *MemoryAccount) ResetPeak() { m.account.ResetPeak() }

// Limit is the account's own limit in bytes; 0 is none.
func (m *MemoryAccount) Limit() int64 { return m.account.Limit() }

// SetLimit sets the account's own limit in bytes; 0 is none. What is active already stays,
// also above it.
func (m *MemoryAccount) SetLimit(limit int64) { m.account.SetLimit(limit, false) }

// Collect frees arrays that nothing refers to any more, so that Active is exact.
func (m *MemoryAccount) Collect() { m.account.Collect(alloc.ForAnswer) }
