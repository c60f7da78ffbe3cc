package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/mlxstar/mlxstar"
)

// view writes a run as it goes: the table to standard output, progress and notes
// to standard error.
type view struct {
	table bool // write the table
	live  bool // standard error is a terminal
}

func newView(json bool) view {
	info, err := os.Stderr.Stat()
	return view{table: !json, live: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// progress says on a terminal what is being done, on one line.
func (v view) progress(what string) {
	if v.live {
		fmt.Fprintf(os.Stderr, "\r\033[K%s ...", what)
	}
}

func (v view) clear() {
	if v.live {
		fmt.Fprint(os.Stderr, "\r\033[K")
	}
}

func (v view) note(text string) {
	v.clear()
	fmt.Fprintln(os.Stderr, "bench:", text)
}

func (v view) print(format string, args ...any) {
	v.clear()
	if v.table {
		fmt.Printf(format+"\n", args...)
	}
}

var peerKinds = []string{"mlx", "numpy", "jax"}

func (v view) head(rep *report) {
	m, c := &rep.Machine, &rep.Ceilings
	v.print("%s, %d cores, %d threads, %s, %s", m.Processor, m.Cores, m.Threads, m.System, m.Go)
	v.print("ceilings: copy %.1f GB/s, read %.1f GB/s; %s multiply-add %.0f GFLOP/s on one thread, %.0f on %d",
		c.Copy, c.Read, c.Unit, c.One, c.All, m.Threads)
	var s strings.Builder
	for _, k := range peerKinds {
		if version, ok := rep.Peers[k]; ok {
			fmt.Fprintf(&s, " %9s %6s", k, "x")
			v.print("peer: %s", version)
		}
	}
	v.print("\n%-26s %10s %6s %10s %8s %9s %6s %8s  %s", "row", "ms", "+-", "busy", "GB/s", "GFLOP/s", "share", "goal", s.String())
}

func (v view) row(rep *report, r *result) {
	name := r.Name
	if r.Scale != 1 {
		name += fmt.Sprintf(" x%g", r.Scale)
	}
	if r.Error != "" {
		v.clear()
		fmt.Fprintf(os.Stderr, "bench: %s: %s\n", name, r.Error)
		return
	}
	goal := ""
	if r.Goal > 0 {
		goal = number(r.Goal, 3)
		if r.met() {
			goal += " +"
		} else {
			goal += " -"
		}
	}
	share := ""
	if r.Share > 0 {
		share = fmt.Sprintf("%.0f%%", 100*r.Share)
	}
	var s strings.Builder
	for _, k := range peerKinds {
		if _, ok := rep.Peers[k]; !ok {
			continue
		}
		if t, ok := r.Peers[k]; ok {
			fmt.Fprintf(&s, " %9s %6s", number(t.Time, 4), number(t.Time/r.Timing.Time, 3))
		} else {
			fmt.Fprintf(&s, " %9s %6s", "", "")
		}
	}
	v.print("%-26s %10s %5.0f%% %10s %8s %9s %6s %8s  %s", name, number(r.Timing.Time, 4), 100*r.Timing.Spread, number(r.Timing.Busy, 4),
		number(r.GBs, 3), number(r.GFLOPs, 3), share, goal, s.String())
}

// number writes x to some significant digits without an exponent; 0 is nothing.
func number(x float64, digits int) string {
	if x == 0 {
		return ""
	}
	after := digits
	for y := x; y >= 1 && after > 0; y /= 10 {
		after--
	}
	for y := x; y < 0.1 && after < 9; y *= 10 {
		after++
	}
	return fmt.Sprintf("%.*f", after, x)
}

func (v view) memory(rep *report, f memoryFigures, what string) {
	if f.Error != "" {
		v.clear()
		fmt.Fprintf(os.Stderr, "bench: memory_%s: %s\n", f.Case, f.Error)
		return
	}
	who := f.Peer
	if who == "" {
		who = "mlxstar"
		v.print("\nmemory_%s: %s", f.Case, what)
	}
	bound := ""
	if f.Bound > 0 {
		sign := "+"
		if f.Resident > f.Bound {
			sign = "-"
		}
		bound = fmt.Sprintf(" (at most %s: %s)", mlxstar.FormatSize(f.Bound), sign)
	}
	v.print("  %-12s %6.2f s  peak active %s, resident %s%s; left: active %s, cache %s", who, f.Seconds,
		mlxstar.FormatSize(f.Peak), mlxstar.FormatSize(f.Resident), bound, mlxstar.FormatSize(f.Active), mlxstar.FormatSize(f.Cache))
}

func (v view) foot(rep *report) {
	for _, k := range peerKinds {
		if mean, rows := rep.geometricMean(k); rows > 0 {
			v.print("\nfaster than %s by %.2fx, the geometric mean of %d rows", rep.Peers[k], mean, rows)
		}
	}
	v.clear()
}
