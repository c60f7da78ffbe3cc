package memory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/alloc"
)

// PeakReport says in lines of text what was alive at the peak: the top lines by what they
// held, each with its callers and its largest kind of array.
func (p *Profile) PeakReport(top int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "peak %s after %.3f s, in step %d\n", alloc.FormatBytes(p.Peak), p.PeakAt, p.PeakStep)
	rows := slices.Clone(p.Rows)
	rows = slices.DeleteFunc(rows, func(w Row) bool { return w.AtPeak.Bytes == 0 })
	slices.SortStableFunc(rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(y.AtPeak.Bytes, x.AtPeak.Bytes), strings.Compare(x.Where(), y.Where()))
	})
	for i, w := range rows {
		if i == top {
			rest := Sum{}
			for _, w := range rows[i:] {
				rest.add(w.AtPeak.Bytes, w.AtPeak.Arrays)
			}
			fmt.Fprintf(&b, "%10s  %5.1f%%  %s of %d more rows\n", alloc.FormatBytes(rest.Bytes), percent(rest.Bytes, p.Peak), arrays(rest.Arrays), len(rows)-i)
			break
		}
		fmt.Fprintf(&b, "%10s  %5.1f%%  %s  %s\n", alloc.FormatBytes(w.AtPeak.Bytes), percent(w.AtPeak.Bytes, p.Peak), orUnknown(w.Where()), w.What(w.AtPeak.Arrays))
		for _, f := range w.Stack[min(1, len(w.Stack)):] {
			fmt.Fprintf(&b, "%20s called from %s in %s\n", "", f, f.Function)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// What says what arrays, n of them, a row has.
func (w *Row) What(n int64) string {
	if w.Operation == "" {
		return arrays(n)
	}
	shape := make([]string, len(w.Shape))
	for i, k := range w.Shape {
		shape[i] = fmt.Sprint(k)
	}
	comma := ""
	if len(shape) == 1 {
		comma = ","
	}
	return fmt.Sprintf("%s of %s, %s (%s%s)", arrays(n), w.Operation, w.Dtype, strings.Join(shape, ", "), comma)
}

func arrays(n int64) string {
	if n == 1 {
		return "1 array"
	}
	return fmt.Sprintf("%d arrays", n)
}

func percent(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

func orUnknown(where string) string {
	if where == "" {
		return "(unknown line)"
	}
	return where
}

// Report says in lines of text what is known: the counters, what was alive at the peak,
// what each line holds at the end and what keeps it alive, and advice.
func (p *Profile) Report(top int, advice []Advice) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d evaluations of %d operations in %.3f s, %d steps\n\n%s\n", p.Command, p.Evaluations, p.Operations, p.Seconds, len(p.Steps), p.PeakReport(top))
	fmt.Fprintf(&b, "\nat the end %s in %d buffers, by line\n", alloc.FormatBytes(p.Active), p.Buffers)
	for i, l := range p.ByLine() {
		if i == top || l.Live.Bytes == 0 {
			break
		}
		fmt.Fprintf(&b, "%10s  %5.1f%%  %s  %s", alloc.FormatBytes(l.Live.Bytes), percent(l.Live.Bytes, p.Active), orUnknown(l.Where), arrays(l.Live.Arrays))
		if l.Growing {
			fmt.Fprintf(&b, ", %s more with each step", alloc.FormatBytes(l.Growth))
		}
		b.WriteString("\n")
	}
	if len(p.Owners) > 0 {
		fmt.Fprintf(&b, "\nby owner: %s\n", kindsOf(p.Owners))
	}
	for i, o := range p.Owners {
		if i == top {
			break
		}
		fmt.Fprintf(&b, "%10s  %5.1f%%  %s  %s\n", alloc.FormatBytes(o.Bytes), percent(o.Bytes, p.Active), o.Path, o.Kind)
	}
	if n := p.CacheHits + p.CacheMisses; n > 0 {
		fmt.Fprintf(&b, "\n%s cached at the end; %.1f%% of %d buffers were served from the cache\n", alloc.FormatBytes(p.Cache), percent(p.CacheHits, n), n)
	}
	if len(advice) > 0 {
		b.WriteString("\nwhat would take less\n")
	}
	for _, a := range advice {
		fmt.Fprintf(&b, "%10s  %-10s %s\n", alloc.FormatBytes(a.Bytes), a.Kind, a.Text)
	}
	return b.String()
}

// kindsOf sums owners up by kind: "parameters 4 MiB, gradients 2 MiB".
func kindsOf(owners []Owner) string {
	sums := map[string]int64{}
	for _, o := range owners {
		sums[o.Kind] += o.Bytes
	}
	kinds := slices.Collect(maps.Keys(sums))
	slices.SortFunc(kinds, func(x, y string) int { return cmp.Or(cmp.Compare(sums[y], sums[x]), strings.Compare(x, y)) })
	for i, k := range kinds {
		kinds[i] = k + " " + alloc.FormatBytes(sums[k])
	}
	return strings.Join(kinds, ", ")
}
