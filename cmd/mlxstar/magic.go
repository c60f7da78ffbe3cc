package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
)

// commands are the prompt's % commands.
var commands = map[string]func(p *prompter, ctx context.Context, rest string) error{
	"time":   (*prompter).time,
	"timeit": (*prompter).timeit,
	"mem":    (*prompter).mem,
	"memit":  (*prompter).memit,
	"who":    (*prompter).who,
}

// block runs a %% command: its first line names it, the rest is its statements.
func (p *prompter) block(ctx context.Context, text string) error {
	name, src, _ := strings.Cut(text, "\n")
	if strings.TrimSpace(name) != "memline" {
		return fmt.Errorf("no command %%%%%s; there is %%%%memline", strings.TrimSpace(name))
	}
	if strings.TrimSpace(src) == "" {
		return errors.New("%%memline: no statements given")
	}
	return p.memline(ctx, src+"\n")
}

func (p *prompter) command(ctx context.Context, text string) error {
	name, rest, _ := strings.Cut(text, " ")
	run := commands[name]
	if run == nil {
		var names []string
		for n := range commands {
			names = append(names, "%"+n)
		}
		sort.Strings(names)
		return fmt.Errorf("no command %%%s; there are %s", name, strings.Join(names, ", "))
	}
	rest = strings.TrimSpace(rest)
	if name != "who" && name != "mem" && rest == "" {
		return fmt.Errorf("%%%s: no statement given", name)
	}
	return run(p, ctx, rest)
}

// time runs a statement once.
func (p *prompter) time(ctx context.Context, stmt string) error {
	start := time.Now()
	err := p.show(ctx, stmt)
	fmt.Fprintf(p.out, "took %s\n", readable(time.Since(start)))
	return err
}

// timeit runs a statement in rounds of which each takes a while, and prints the
// best and the median time of one run.
func (p *prompter) timeit(ctx context.Context, stmt string) error {
	const rounds, budget = 7, 100 * time.Millisecond
	measure := func(n int) (time.Duration, error) {
		src := fmt.Sprintf("for _timeit in range(%d):\n    %s\n", n, strings.ReplaceAll(stmt, "\n", "\n    "))
		start := time.Now()
		_, err := p.rt.Interact(ctx, "<timeit>", src)
		return time.Since(start), err
	}
	n := 1
	for {
		took, err := measure(n)
		if err != nil {
			return err
		}
		if took >= budget || n >= 1e7 {
			break
		}
		grow := float64(budget) / float64(max(took, time.Microsecond))
		n = int(float64(n)*min(grow*1.2, 10)) + 1
	}
	times := make([]float64, rounds)
	for i := range times {
		took, err := measure(n)
		if err != nil {
			return err
		}
		times[i] = float64(took) / float64(n)
	}
	sort.Float64s(times)
	fmt.Fprintf(p.out, "best %s, median %s (%d rounds of %d runs)\n",
		readable(time.Duration(times[0])), readable(time.Duration(times[rounds/2])), rounds, n)
	return nil
}

// memit runs a statement and prints what memory it took.
func (p *prompter) memit(ctx context.Context, stmt string) error {
	before := p.rt.Memory()
	if _, err := p.rt.Eval(ctx, "<memit>", "import mlx.core\nmlx.core.reset_peak_memory()"); err != nil {
		return err
	}
	err := p.show(ctx, stmt)
	after := p.rt.Memory()
	peak := max(after.Peak, before.Active)
	fmt.Fprintf(p.out, "active %s (%s), peak %s above the start, resident %s\n",
		mlxstar.FormatSize(after.Active), signed(after.Active-before.Active),
		mlxstar.FormatSize(peak-before.Active), mlxstar.FormatSize(after.Resident))
	return err
}

// memRows is how many lines and owners %mem shows.
const memRows = 8

// mem shows what holds memory: the lines, and the variables.
func (p *prompter) mem(_ context.Context, rest string) error {
	if rest != "" {
		return fmt.Errorf("%%mem: got %q, want nothing", rest)
	}
	owned := p.rt.MemoryOwners()
	m := p.rt.Memory()
	fmt.Fprintf(p.out, "active %s in %d buffers, peak %s, cache %s, limit %s, resident %s\n", mlxstar.FormatSize(m.Active), m.Buffers,
		mlxstar.FormatSize(m.Peak), mlxstar.FormatSize(m.Cache), orNone(m.Limit), mlxstar.FormatSize(m.Resident))
	for i, s := range p.rt.MemorySites() {
		if i == memRows {
			break
		}
		fmt.Fprintf(p.out, "%10s %5.1f%%  %s, %s\n", mlxstar.FormatSize(s.Bytes), share(s.Bytes, m.Active), cmp.Or(s.Where, "unknown lines, and arrays under 4 KiB"), counted(s.Arrays))
	}
	if owned == nil {
		return nil
	}
	for i, o := range owned.Owners {
		if i == memRows {
			break
		}
		fmt.Fprintf(p.out, "%10s %5.1f%%  %s  (%s)\n", mlxstar.FormatSize(o.Bytes), share(o.Bytes, owned.Active), o.Path, o.Kind)
	}
	return nil
}

func counted(n int64) string {
	if n == 1 {
		return "1 array"
	}
	return fmt.Sprintf("%d arrays", n)
}

// memline runs a block and prints what each of its lines holds afterwards, and what arrays
// it made took.
func (p *prompter) memline(ctx context.Context, src string) error {
	before := map[string]memory.Line{}
	for _, l := range p.rt.MemorySnapshot(false).ByLine() {
		before[l.Where] = l
	}
	name := fmt.Sprintf("<input %d>", p.inputs+1)
	err := p.show(ctx, src)
	after := map[string]memory.Line{}
	for _, l := range p.rt.MemorySnapshot(false).ByLine() {
		after[l.Where] = l
	}
	fmt.Fprintf(p.out, "%10s %10s %10s\n", "HELD", "ALLOCATED", "AT PEAK")
	for i, text := range strings.Split(strings.TrimRight(src, "\n"), "\n") {
		where := fmt.Sprintf("%s:%d", name, i+1)
		l, old := after[where], before[where]
		if allocated := l.Allocated.Bytes - old.Allocated.Bytes; allocated != 0 || l.Live.Bytes != 0 {
			fmt.Fprintf(p.out, "%10s %10s %10s  %s\n", mlxstar.FormatSize(l.Live.Bytes), mlxstar.FormatSize(allocated), mlxstar.FormatSize(l.AtPeak.Bytes), text)
		} else {
			fmt.Fprintf(p.out, "%10s %10s %10s  %s\n", "", "", "", text)
		}
	}
	return err
}

func signed(n int64) string {
	if n < 0 {
		return "-" + mlxstar.FormatSize(-n)
	}
	return "+" + mlxstar.FormatSize(n)
}

// who lists the variables.
func (p *prompter) who(context.Context, string) error {
	rows := p.rt.Variables()
	width := 4
	for _, v := range rows {
		width = max(width, len(v.Name))
	}
	var total int64
	for _, v := range rows {
		fmt.Fprintf(p.out, "%-*s  %-10s %10s  %s\n", width, v.Name, v.Type, sizeOf(v), v.Value)
		total += v.Bytes
	}
	fmt.Fprintf(p.out, "%d variables, %s in evaluated arrays\n", len(rows), mlxstar.FormatSize(total))
	return nil
}

func sizeOf(v mlxstar.Variable) string {
	if v.Type != "array" {
		return ""
	}
	return mlxstar.FormatSize(v.Bytes)
}

// readable rounds a time to three or four digits.
func readable(d time.Duration) string {
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.String()
}
