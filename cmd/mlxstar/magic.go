package main

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar"
)

// commands are the prompt's % commands.
var commands = map[string]func(p *prompter, ctx context.Context, rest string) error{
	"time":   (*prompter).time,
	"timeit": (*prompter).timeit,
	"memit":  (*prompter).memit,
	"who":    (*prompter).who,
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
	if name != "who" && rest == "" {
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
