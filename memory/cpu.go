package memory

import (
	"cmp"
	"slices"
	"time"
)

// CPUSample is the processor time that was spent where a script's stack was one.
type CPUSample struct {
	Stack []Frame // innermost first; none where it is not known
	Time  time.Duration
	Count int64 // looks that found it
}

// CPURow is the processor time of a function, or of a line.
type CPURow struct {
	Frame
	Own time.Duration // while it was innermost
	All time.Duration // with what it called
}

// CPUFunctions sums samples up by function, the greatest time of its own first.
func CPUFunctions(samples []CPUSample) []CPURow {
	return cpuRows(samples, func(f Frame) Frame { f.Line = 0; return f })
}

// CPULines sums samples up by line.
func CPULines(samples []CPUSample) []CPURow {
	return cpuRows(samples, func(f Frame) Frame { return f })
}

func cpuRows(samples []CPUSample, key func(Frame) Frame) []CPURow {
	var rows []CPURow
	at := map[Frame]int{}
	row := func(f Frame) *CPURow {
		f = key(f)
		i, ok := at[f]
		if !ok {
			i = len(rows)
			at[f] = i
			rows = append(rows, CPURow{Frame: f})
		}
		return &rows[i]
	}
	for _, s := range samples {
		seen := map[Frame]bool{} // a function that calls itself counts once
		for i, f := range s.Stack {
			r := row(f)
			if i == 0 {
				r.Own += s.Time
			}
			if !seen[r.Frame] {
				seen[r.Frame] = true
				r.All += s.Time
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b CPURow) int { return cmp.Or(cmp.Compare(b.Own, a.Own), cmp.Compare(b.All, a.All)) })
	return rows
}
