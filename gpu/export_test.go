package gpu

// CountPlacesNarrowly lets 32 bits do for so many places only.
func (b *Backend) CountPlacesNarrowly(n int) { b.fused.narrow = n }

// KeepFused bounds the fused kernels that are kept.
func (b *Backend) KeepFused(n int) { b.fused.most = n }

// FusedKept is how many are.
func (b *Backend) FusedKept() int { return len(b.fused.kernel) }
