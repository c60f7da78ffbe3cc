package a64

import (
	"fmt"
	"slices"
)

// What may be used. R16 and R17 belong to the linker, R18 to the system, R26 to R30
// to Go and its assembler.
var (
	generalRegisters = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21, 22, 23, 24, 25}
	vectorRegisters  = func() (all []int) {
		for i := range 32 {
			all = append(all, i)
		}
		return all
	}()
)

// span is the stretch of a function within which a register holds something.
type span struct {
	register
	from, to int
}

// allocate gives every register one of the processor's, by a linear scan over the
// stretches in which they are live. Nothing is ever put aside in memory: a function
// that needs more registers than there are is an error.
func (f *Func) allocate() ([]int, error) {
	spans, err := f.spans()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(spans, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return int(a.register - b.register)
	})
	at := make([]int, len(f.vector))
	free := map[bool][]int{false: slices.Clone(generalRegisters), true: slices.Clone(vectorRegisters)}
	var live []span
	for _, s := range spans {
		live = slices.DeleteFunc(live, func(l span) bool {
			// What is read last by the instruction that writes s makes place for it.
			over := l.to < s.from || l.to == s.from && l.from < s.from
			if over {
				v := f.vector[l.register]
				free[v] = append(free[v], at[l.register])
				slices.Sort(free[v])
			}
			return over
		})
		v := f.vector[s.register]
		if len(free[v]) == 0 {
			return nil, fmt.Errorf("instruction %d: no register is left", s.from)
		}
		at[s.register], free[v] = free[v][0], free[v][1:]
		live = append(live, s)
	}
	return at, nil
}

// spans finds where each register is live: from its first mention to its last, and
// to the end of a loop that begins while it holds something.
func (f *Func) spans() ([]span, error) {
	byRegister := make(map[register]*span)
	labels := make(map[string]int)
	var order []*span
	for i, in := range f.code {
		if in.label != "" {
			labels[in.label] = i
		}
		for _, a := range in.args {
			s := byRegister[a.register]
			if s == nil {
				if a.reads {
					return nil, fmt.Errorf("instruction %d, %q, reads a register that holds nothing", i, in.text)
				}
				s = &span{a.register, i, i}
				byRegister[a.register] = s
				order = append(order, s)
			}
			s.to = i
		}
	}
	for changed := true; changed; {
		changed = false
		for end, in := range f.code {
			if in.target == "" {
				continue
			}
			begin, ok := labels[in.target]
			if !ok {
				return nil, fmt.Errorf("there is no label %s", in.target)
			}
			for _, s := range order {
				if s.from < begin && s.to >= begin && s.to < end {
					s.to, changed = end, true
				}
			}
		}
	}
	spans := make([]span, len(order))
	for i, s := range order {
		spans[i] = *s
	}
	return spans, nil
}
