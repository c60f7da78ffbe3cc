package mtl

// HasResidencySets reports whether the device has residency sets, which macOS 15
// brought.
func (a *API) HasResidencySets(d Device) bool {
	return a.residencySettings != 0 && a.answers(Object(d), a.m.NewResidencySet.Sel)
}

// NewResidencySet makes an empty set of buffers that can be kept resident.
func (a *API) NewResidencySet(d Device) (s ResidencySet, err error) {
	a.Autoreleased(func() {
		settings := ResidencySettings(a.m.Init.Call(a.m.Alloc.Call(a.residencySettings, a.m.Alloc.Sel), a.m.Init.Sel))
		defer a.Release(Object(settings))
		var e Error
		if s = a.m.NewResidencySet.Call(d, a.m.NewResidencySet.Sel, settings, &e); s == 0 {
			err = a.failure("residency set", e)
		}
	})
	return s, err
}

// AddAllocation puts a buffer into the set. It counts from the next CommitResidency on.
func (a *API) AddAllocation(s ResidencySet, b Buffer) {
	a.m.AddAllocation.Call(s, a.m.AddAllocation.Sel, b)
}

// RemoveAllocation takes a buffer out of the set, from the next CommitResidency on.
func (a *API) RemoveAllocation(s ResidencySet, b Buffer) {
	a.m.RemoveAllocation.Call(s, a.m.RemoveAllocation.Sel, b)
}

// CommitResidency makes the additions and removals hold.
func (a *API) CommitResidency(s ResidencySet) {
	a.m.CommitResidency.Call(s, a.m.CommitResidency.Sel)
}

// RequestResidency makes the set's buffers resident and keeps them so.
func (a *API) RequestResidency(s ResidencySet) {
	a.m.RequestResidency.Call(s, a.m.RequestResidency.Sel)
}

// EndResidency lets the set's buffers be paged out again.
func (a *API) EndResidency(s ResidencySet) { a.m.EndResidency.Call(s, a.m.EndResidency.Sel) }

// AddResidencySet makes the set's buffers resident for what the queue runs.
func (a *API) AddResidencySet(q CommandQueue, s ResidencySet) {
	a.m.AddResidencySet.Call(q, a.m.AddResidencySet.Sel, s)
}

// RemoveResidencySet undoes AddResidencySet.
func (a *API) RemoveResidencySet(q CommandQueue, s ResidencySet) {
	a.m.RemoveResidencySet.Call(q, a.m.RemoveResidencySet.Sel, s)
}
