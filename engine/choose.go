package engine

// choose puts a group in order whose backend has a say: as it is, in parts that
// have fewer operands, or as operations one by one.
func (f *fuser) choose(g *group, by Chooser) {
	if !by.Worthwhile(g.structure(), g.steps, Elements(g.shape)) {
		f.single(g)
		return
	}
	f.fit(g, by.MaxOperands())
}

// fit halves a group until its parts have no more than so many operands.
func (f *fuser) fit(g *group, most int) {
	switch {
	case g.steps < 2:
		f.single(g)
	case g.operandsWithin(most):
		f.units = append(f.units, unit{group: g})
	default:
		half := len(g.members) / 2
		for _, n := range g.members {
			n.inner = 0
		}
		for _, members := range [][]*Node{g.members[:half:half], g.members[half:]} {
			f.fit(f.part(g, members), most)
		}
	}
}

// part makes a group of some members of another.
func (f *fuser) part(of *group, members []*Node) *group {
	g := &group{id: int32(len(f.groups) + 1), stream: of.stream, shape: of.shape, members: members, closed: true}
	f.groups = append(f.groups, g)
	g.number()
	for _, n := range members {
		if n.op.Class != View {
			g.steps++
		}
		for _, in := range n.inputs {
			if g.has(in) {
				in.inner++
			}
		}
	}
	return g
}

// operandsWithin reports whether the group's task has at most so many inputs and
// outputs. Those of the graph's constants do not count.
func (g *group) operandsWithin(most int) bool {
	var seen [32]*Node
	reads := seen[:0]
	for _, n := range g.members {
		if g.kept(n) {
			most--
		}
	inputs:
		for _, in := range n.inputs {
			if g.has(in) || in.immediate() {
				continue
			}
			for _, r := range reads {
				if r == in {
					continue inputs
				}
			}
			if reads = append(reads, in); len(reads) > most {
				return false
			}
		}
	}
	return len(reads) <= most
}

// structure is a hash (FNV-1a) of the members' operations and dtypes, and of what
// each reads.
func (g *group) structure() uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for _, n := range g.members {
		for i := range len(n.op.Name) {
			h = (h ^ uint64(n.op.Name[i])) * prime
		}
		h = (h ^ uint64(n.dtype)) * prime
		for _, in := range n.inputs {
			from := uint64(in.dtype) | 1<<32
			if g.has(in) {
				from = uint64(in.slot)
			}
			h = (h ^ from) * prime
		}
	}
	return h
}
