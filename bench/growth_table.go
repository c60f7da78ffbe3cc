package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// growth is how the cost of a unit of work changes with how much there is of it: of an
// element or a multiply-add with the scale, of an operation with the size of its graph,
// of a runtime with how many there are.
type growth struct {
	Name  string    `json:"row"`
	Sizes []float64 `json:"sizes"` // scales, operations, runtimes
	// Costs are those of a unit at the sizes, in processor time where that is known, as
	// multiples of the cost at scale 1 or, where there is none, at the first size. Cost
	// that grows as the work does gives ones.
	Costs []float64 `json:"costs"`
	Worst float64   `json:"worst"` // of sizes above the one that is compared with
}

// linearUpTo is the cost of a unit that still counts as growing linearly: beyond it is
// more than what leaving a cache costs.
const linearUpTo = 2

// growths compares rows of one name at several scales, and rows whose names end in
// their size.
func growths(rows []*result) []growth {
	var all []growth
	index := map[string]int{}
	for _, r := range rows {
		if r.Error != "" || r.cost() == 0 {
			continue
		}
		name, size := r.Name, r.Scale
		if at := strings.LastIndexByte(name, '_'); strings.HasPrefix(name, "graph_") || strings.HasPrefix(name, "runtimes_") {
			n, err := strconv.Atoi(name[at+1:])
			if err != nil {
				continue
			}
			name, size = name[:at], float64(n)
		}
		i, ok := index[name]
		if !ok {
			i = len(all)
			index[name] = i
			all = append(all, growth{Name: name})
		}
		g := &all[i]
		g.Sizes, g.Costs = append(g.Sizes, size), append(g.Costs, r.cost())
	}
	all = slices.DeleteFunc(all, func(g growth) bool { return len(g.Sizes) < 2 })
	for i := range all {
		all[i].compare()
	}
	return all
}

// compare makes multiples of the costs.
func (g *growth) compare() {
	base := max(slices.Index(g.Sizes, 1), 0)
	unit := g.Costs[base]
	for i := range g.Costs {
		g.Costs[i] /= unit
		if g.Sizes[i] > g.Sizes[base] {
			g.Worst = max(g.Worst, g.Costs[i])
		}
	}
}

// cost is the milliseconds of a unit of the row's work.
func (r *result) cost() float64 {
	if r.work == 0 {
		return 0
	}
	if r.Timing.Busy > 0 {
		return r.Timing.Busy / r.work
	}
	return r.Timing.Time / r.work
}

// work is how much one timing of the row stands for: multiply-adds or bytes, or one unit.
func (r *row) work() float64 {
	switch {
	case r.units > 0:
		return 1
	case r.flops > 0:
		return r.flops
	}
	return r.bytes
}

func (v view) growth(all []growth) {
	if len(all) == 0 {
		return
	}
	v.print("\nthe cost of an element, operation or runtime as a multiple of that at scale 1 or the least number of them;\n"+
		"1 is linear growth, + is at most %d at every larger size", linearUpTo)
	for _, g := range all {
		var s strings.Builder
		for i, c := range g.Costs {
			fmt.Fprintf(&s, "  x%-7s %5.2f", strconv.FormatFloat(g.Sizes[i], 'g', 4, 64), c)
		}
		sign := "+"
		if g.Worst > linearUpTo {
			sign = "-"
		}
		v.print("%-22s %s %s", g.Name, sign, s.String())
	}
}
