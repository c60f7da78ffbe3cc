package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

// head is the first lines: the process, its counters, and the pages.
func (s *screen) head(width int) []string {
	if s.client == nil {
		return []string{paintIn(strong, "mlxstar top") + paintIn(dim, fmt.Sprintf("   %d running", len(s.processes))), ""}
	}
	if s.now == nil {
		return []string{paintIn(strong, "mlxstar top"), ""}
	}
	st := &s.now.Status
	state := paintIn(green, "waits")
	switch {
	case s.gone != nil:
		state = paintIn(red, "has ended")
	case s.paused:
		state = paintIn(yellow, "paused")
	case st.Running:
		state = paintIn(blue, "computes")
	}
	recording := ""
	if st.Recording {
		recording = paintIn(red, "  ● records") + paintIn(dim, fmt.Sprintf(" step %d", st.Step))
	}
	whole := max(st.Peak, st.Active) // of the bars; the limit, once what is held is near it
	if st.Limit > 0 && whole > st.Limit/4 {
		whole = st.Limit
	}
	peak := sized(st.Peak)
	if st.Recording {
		peak += fmt.Sprintf(" (step %d)", st.PeakStep)
	}
	var tabs []string
	for i, name := range pageNames {
		t := fmt.Sprintf(" %d %s ", i+1, name)
		if i == s.page {
			t = reversed(t)
		}
		tabs = append(tabs, t)
	}
	wide := max(width-26, 10)
	return []string{
		paintIn(strong, fmt.Sprintf("%d %s", st.PID, commandOf(st))) + "  " + state + recording + paintIn(dim, fmt.Sprintf("  %s, every %s", seconds(st.Seconds), s.top.interval)),
		fmt.Sprintf("active %10s ", sized(st.Active)) + bar(s.kindParts(s.history[len(s.history)-1]), whole, wide),
		fmt.Sprintf("cache  %10s ", sized(st.Cache)) + bar([]part{{st.Cache, dim}}, whole, wide),
		fmt.Sprintf("peak %s   limit %s   resident %s   buffers %d   from the cache %s", peak, orNone(st.Limit), sized(st.Resident), st.Buffers, hitRate(st.Pool.Hits, st.Pool.Misses)),
		s.legend(),
		strings.Join(tabs, ""),
		"",
	}
}

func seconds(n float64) string {
	return time.Duration(n * float64(time.Second)).Round(time.Second).String()
}

func hitRate(hits, misses int64) string {
	if hits+misses == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", share(hits, hits+misses))
}

// kindParts are the kinds of a moment; what is active and of no known kind is dim.
func (s *screen) kindParts(m moment) (parts []part) {
	rest := m.active
	for _, k := range kindColours {
		n := min(m.kinds[k.kind], rest) // owners are of an instant before
		if n > 0 {
			parts = append(parts, part{n, k.colour})
			rest -= n
		}
	}
	return append(parts, part{rest, 240})
}

func (s *screen) legend() string {
	if s.now.Owners == nil {
		return paintIn(dim, "what keeps arrays alive is not known while a script computes without a call of mlx.core")
	}
	var b strings.Builder
	for _, k := range kindColours {
		if n := s.now.Owners.Kinds[k.kind]; n > 0 {
			b.WriteString(paintIn(k.colour, "■") + " " + k.kind + " " + sized(n) + "   ")
		}
	}
	return b.String()
}

// overview is a chart of kinds over time.
func (s *screen) overview(width, room int) []string {
	columns := make([][]part, len(s.history))
	high := s.now.Status.Peak
	for i, m := range s.history {
		columns[i] = s.kindParts(m)
		high = max(high, m.active)
	}
	s.rows = 0
	span := time.Duration(min(len(s.history), width-11)) * s.top.interval
	out := scaled(columns, high, max(room-1, 2), width)
	return append(out, paintIn(dim, fmt.Sprintf("%*s the latest %s; the top is the peak", 10, "", span.Round(time.Second))))
}

// lineOrders are the orders that lines can have.
var lineOrders = []struct {
	name    string
	compare func(x, y monitor.Site) int
}{
	{"held", func(x, y monitor.Site) int { return cmp.Compare(y.Bytes, x.Bytes) }},
	{"at the peak", func(x, y monitor.Site) int { return cmp.Compare(y.PeakBytes, x.PeakBytes) }},
	{"growth", func(x, y monitor.Site) int { return cmp.Compare(y.Growth, x.Growth) }},
	{"age", func(x, y monitor.Site) int { return cmp.Compare(y.Age, x.Age) }},
	{"arrays", func(x, y monitor.Site) int { return cmp.Compare(y.Arrays, x.Arrays) }},
	{"line", func(x, y monitor.Site) int { return strings.Compare(x.Where, y.Where) }},
}

// lines is a table of the script's lines.
func (s *screen) lines(_, room int) []string {
	st := &s.now.Status
	sites := slices.DeleteFunc(slices.Clone(s.now.Sites), func(l monitor.Site) bool {
		return l.Bytes == 0 && l.PeakBytes == 0 || !strings.Contains(siteName(l, st.Recording), s.filter)
	})
	slices.SortStableFunc(sites, lineOrders[s.order].compare)
	rows := make([]string, len(sites))
	for i, l := range sites {
		age, growth, peak := "-", "-", "-"
		if st.Recording {
			age, peak = fmt.Sprint(l.Age), sized(l.PeakBytes)
			if l.Growing {
				growth = paintIn(red, fmt.Sprintf("%10s", "+"+sized(l.Growth)))
			}
		}
		rows[i] = fmt.Sprintf("%10s %6.1f%% %10s %7d %5s %10s  %-28s %s", sized(l.Bytes), share(l.Bytes, st.Active), peak, l.Arrays, age, growth,
			fit(plain(siteName(l, st.Recording)), 28), paintIn(dim, plain(l.Largest)+s.unevaluated(l)))
	}
	out := s.window(fmt.Sprintf("%10s %7s %10s %7s %5s %10s  %-28s %s", "HELD", "SHARE", "AT PEAK", "ARRAYS", "AGE", "A STEP", "LINE", "by "+lineOrders[s.order].name), rows, room)
	if !st.Recording && len(out) < room {
		out = append(out, paintIn(dim, "  r has it record: callers, steps, age, growth, and the lines of arrays under 4 KiB"))
	}
	return out
}

func siteName(l monitor.Site, recording bool) string {
	switch {
	case l.Where != "":
		return l.Where
	case recording:
		return "(unknown lines)"
	}
	return "(small or unknown)"
}

// unevaluated tells since when what a line made waits to be evaluated.
func (s *screen) unevaluated(l monitor.Site) string {
	if s.now.Owners == nil {
		return ""
	}
	for _, o := range s.now.Owners.Owners {
		if o.Pending == 0 || o.Where != l.Where || l.Where == "" {
			continue
		}
		name, _, _ := strings.Cut(o.Path, ", ")
		return fmt.Sprintf("  never evaluated since step %d", s.pending[name])
	}
	return ""
}

// branch is a line of the tree of owners.
type branch struct {
	path  string // of its owners, so far
	name  string
	depth int
	bytes int64
	leaf  *memory.Owner
	kind  string
	kids  int
}

// branches lists the tree of owners as far as it is open, the largest first.
func (s *screen) branches() []branch {
	type node struct {
		branch
		kids  map[string]*node
		order []*node
	}
	root := &node{kids: map[string]*node{}}
	for i := range s.now.Owners.Owners {
		o := &s.now.Owners.Owners[i]
		if !strings.Contains(o.Path, s.filter) {
			continue
		}
		n, path := root, ""
		for _, p := range ownerParts(o) {
			path += p
			k := n.kids[p]
			if k == nil {
				k = &node{branch: branch{path: path, name: p, depth: n.depth + 1, kind: o.Kind}, kids: map[string]*node{}}
				n.kids[p] = k
				n.order = append(n.order, k)
			}
			k.bytes += o.Bytes
			n = k
		}
		n.leaf = o
	}
	var out []branch
	var walk func(n *node)
	walk = func(n *node) {
		slices.SortStableFunc(n.order, func(x, y *node) int { return cmp.Compare(y.bytes, x.bytes) })
		for _, k := range n.order {
			k.branch.kids = len(k.order)
			out = append(out, k.branch)
			if !s.isClosed(k.branch) {
				walk(k)
			}
		}
	}
	walk(root)
	return out
}

// isClosed reports whether what is below a branch is not shown: below the second level it
// is not until it is asked for.
func (s *screen) isClosed(b branch) bool {
	if closed, ok := s.closed[b.path]; ok {
		return closed
	}
	return b.depth >= 3
}

// ownerParts divides an owner's path: model, .layers, .3, .weight; grads, ["w"].
func ownerParts(o *memory.Owner) []string {
	if o.Pending > 0 || strings.HasPrefix(o.Path, "(") {
		return []string{o.Path}
	}
	var parts []string
	from, quoted := 0, false
	for i, r := range o.Path {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted && i > from && (r == '.' || r == '['):
			parts = append(parts, o.Path[from:i])
			from = i
		}
	}
	return append(parts, o.Path[from:])
}

// owners is the tree of what keeps arrays alive.
func (s *screen) owners(_, room int) []string {
	if s.now.Owners == nil {
		return []string{"  what keeps arrays alive is not known yet: the script has to call mlx.core, wait or end"}
	}
	var rows []string
	for _, b := range s.branches() {
		mark := "  "
		if b.kids > 0 {
			mark = map[bool]string{true: "▸ ", false: "▾ "}[s.isClosed(b)]
		}
		note := ""
		if o := b.leaf; o != nil && o.Dtype != "" {
			note = fmt.Sprintf("%s %s", o.Dtype, shapeText(o.Shape))
			if o.Where != "" {
				note += "  made by " + o.Where
			}
		}
		if o := b.leaf; o != nil && o.Pending > 0 {
			name, _, _ := strings.Cut(o.Path, ", ")
			note = fmt.Sprintf("never evaluated since step %d", s.pending[name])
		}
		rows = append(rows, fmt.Sprintf("%10s %6.1f%%  %s%s%s  %s", sized(b.bytes), share(b.bytes, s.now.Owners.Active), strings.Repeat("  ", b.depth-1), mark,
			paintIn(kindColour(b.kind), plain(b.name)), paintIn(dim, plain(note))))
	}
	return s.window(fmt.Sprintf("%10s %7s  %s", "HELD", "SHARE", "OWNER"), rows, room)
}

func kindColour(kind string) int {
	for _, k := range kindColours {
		if k.kind == kind {
			return k.colour
		}
	}
	return dim
}

func shapeText(shape []int) string {
	text := make([]string, len(shape))
	for i, n := range shape {
		text[i] = fmt.Sprint(n)
	}
	comma := ""
	if len(shape) == 1 {
		comma = ","
	}
	return "(" + strings.Join(text, ", ") + comma + ")"
}

// step is what was live over the operations of the latest step, and at its peak.
func (s *screen) step(width, room int) []string {
	if s.strip == nil {
		s.rows = 0
		if !s.now.Status.Recording {
			return []string{"  r has the process record its steps"}
		}
		return []string{"  no step has ended yet"}
	}
	high := max(slices.Max(s.strip.High), 1)
	n := min(len(s.strip.High), width-11)
	columns := make([][]part, n)
	for i, v := range s.strip.High {
		k := i * n / len(s.strip.High)
		if c := columns[k]; c == nil || v > c[0].n {
			columns[k] = []part{{v, blue}}
		}
	}
	for _, c := range columns {
		if c[0].n == s.strip.Peak {
			c[0].colour = red
			break
		}
	}
	lines := max(room/2-1, 2)
	out := []string{fmt.Sprintf("  step %d, %d events in %.3f s; its peak is %s", s.strip.Step, s.strip.Events, s.strip.End-s.strip.Begin, sized(s.strip.Peak))}
	out = append(out, scaled(columns, high, lines, width)...)
	var rows []string
	for i := range s.strip.Alive {
		w := &s.strip.Alive[i]
		if where := w.Where(); strings.Contains(where, s.filter) {
			rows = append(rows, fmt.Sprintf("%10s %6.1f%%  %-28s %s", sized(w.AtPeak.Bytes), share(w.AtPeak.Bytes, s.strip.Peak), fit(plain(orUnknown(where)), 28), paintIn(dim, plain(w.What(w.AtPeak.Arrays)))))
		}
	}
	return append(out, s.window(fmt.Sprintf("%10s %7s  %s", "AT ITS PEAK", "SHARE", "LINE"), rows, room-len(out))...)
}

// freeBlocks is what is kept for reuse, by size.
func (s *screen) freeBlocks(width, room int) []string {
	c := &s.cache
	out := []string{
		fmt.Sprintf("  clearing it would return %s; %s is the most that is kept", sized(c.Bytes), orNone(c.Limit)),
		fmt.Sprintf("  %s of buffers came from it: %d of %d; %d were cut from larger blocks, %d blocks went back to the system", hitRate(c.Hits, c.Misses), c.Hits, c.Hits+c.Misses, c.Cut, c.Returned),
		"",
	}
	most := int64(1)
	for _, z := range c.Sizes {
		most = max(most, z.Bytes)
	}
	var rows []string
	if c.Slack > 0 {
		rows = append(rows, fmt.Sprintf("%22s %8s %10s  %s", "ends of blocks in use", "-", sized(c.Slack), bar([]part{{c.Slack, dim}}, max(most, c.Slack), max(width-50, 8))))
	}
	for _, z := range slices.Backward(c.Sizes) {
		rows = append(rows, fmt.Sprintf("%22s %8d %10s  %s", "below "+sized(z.Below), z.Blocks, sized(z.Bytes), bar([]part{{z.Bytes, blue}}, most, max(width-50, 8))))
	}
	return append(out, s.window(fmt.Sprintf("%22s %8s %10s", "SIZE", "BLOCKS", "BYTES"), rows, room-len(out))...)
}

// processList is the running processes.
func (s *screen) processList(_, room int) []string {
	if len(s.processes) == 0 {
		return []string{"  no mlxstar is running"}
	}
	rows := make([]string, len(s.processes))
	for i, st := range s.processes {
		rows[i] = fmt.Sprintf("%8d %12s %12s %12s %12s  %s", st.PID, sized(st.Active), sized(st.Peak), sized(st.Cache), sized(st.Resident), commandOf(&st))
	}
	return s.window(fmt.Sprintf("%8s %12s %12s %12s %12s  %s", "PID", "ACTIVE", "PEAK", "CACHE", "RESIDENT", "COMMAND"), rows, room)
}
