package gpu

// CountPlacesNarrowly lets 32 bits do for so many places only.
func (b *Backend) CountPlacesNarrowly(n int) { b.fused.narrow = n }

// KeepFused bounds the fused kernels that are kept.
func (b *Backend) KeepFused(n int) { b.fused.most = n }

// FusedKept is how many are.
func (b *Backend) FusedKept() int { return len(b.fused.kernel) }

// UseCores has the kernels for tensor cores run, by their definition in the kernels' language
// where the GPU has none.
func (b *Backend) UseCores() { b.cores = true }

// UseGroups has those of four simdgroups run too, and for answers of any size.
func (b *Backend) UseGroups() { b.cores, b.groups, b.busy = true, true, 1 }

// Compiled tells whether a library of the family was asked for.
func (b *Backend) Compiled(family string) bool {
	for l := range b.libraries {
		if l.family == family {
			return true
		}
	}
	return false
}

// Ran tells whether a kernel of the name was asked for.
func (b *Backend) Ran(function string) bool {
	for k := range b.pipelines {
		if k.function == function {
			return true
		}
	}
	return false
}
