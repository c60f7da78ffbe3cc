package main

import (
	"cmp"
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
)

// magic is a % command of the prompt.
type magic struct {
	run func(p *prompter, ctx context.Context, rest string) error
	// What follows the name: nothing, something or either; block is what runs where the
	// statements follow on lines of their own, after %%.
	wants wanted
	block bool
}

// wanted says whether a command takes what stands behind its name.
type wanted uint8

const (
	wantsNothing wanted = iota
	wantsStatement
	wantsEither
)

// commands are the prompt's % commands.
var commands = map[string]magic{
	"hist":    {(*prompter).hist, wantsEither, false},
	"mem":     {(*prompter).mem, wantsNothing, false},
	"memit":   {(*prompter).memit, wantsStatement, true},
	"memline": {(*prompter).memline, wantsStatement, true},
	"prun":    {(*prompter).prun, wantsStatement, true},
	"reset":   {(*prompter).reset, wantsNothing, false},
	"run":     {(*prompter).runFile, wantsStatement, false},
	"time":    {(*prompter).time, wantsStatement, true},
	"timeit":  {(*prompter).timeit, wantsStatement, true},
	"who":     {(*prompter).who, wantsEither, false},
}

// block runs a %% command: its first line names it, the rest is its statements.
func (p *prompter) block(ctx context.Context, text string) error {
	name, src, _ := strings.Cut(text, "\n")
	c, ok := commands[strings.TrimSpace(name)]
	if !ok || !c.block {
		return fmt.Errorf("no command %%%%%s; there are %s", strings.TrimSpace(name), magicNames("%%", func(c magic) bool { return c.block }))
	}
	if strings.TrimSpace(src) == "" {
		return fmt.Errorf("%%%%%s: no statements given", strings.TrimSpace(name))
	}
	return c.run(p, ctx, src)
}

func (p *prompter) command(ctx context.Context, text string) error {
	name, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	c, ok := commands[name]
	switch {
	case !ok:
		return fmt.Errorf("no command %%%s; there are %s", name, magicNames("%", func(magic) bool { return true }))
	case c.wants == wantsStatement && rest == "":
		return fmt.Errorf("%%%s: nothing given", name)
	case c.wants == wantsNothing && rest != "":
		return fmt.Errorf("%%%s: got %q, want nothing", name, rest)
	}
	return c.run(p, ctx, rest)
}

func magicNames(prefix string, which func(magic) bool) string {
	var names []string
	for n, c := range commands {
		if which(c) {
			names = append(names, prefix+n)
		}
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}

// hist lists what was entered in this session, or the last so many entries.
func (p *prompter) hist(_ context.Context, rest string) error {
	past := p.in.Past()
	from := 0
	if rest != "" {
		n, err := strconv.Atoi(rest)
		if err != nil || n < 1 {
			return fmt.Errorf("%%hist: got %q, want a number from 1", rest)
		}
		from = max(len(past)-n, 0)
	}
	for i, src := range past[from:] {
		fmt.Fprintf(p.out, "%4d  %s\n", from+i+1, strings.ReplaceAll(src, "\n", "\n      "))
	}
	return nil
}

// reset removes the variables, and what they hold.
func (p *prompter) reset(ctx context.Context, _ string) error {
	_, err := p.rt.Eval(ctx, "<reset>", "[globals().pop(n) for n in list(globals()) if not (n.startswith('__') and n.endswith('__'))] and None")
	return err
}

// runFile runs a script among the variables of the prompt, with the arguments that follow.
func (p *prompter) runFile(ctx context.Context, rest string) error {
	args := strings.Fields(rest)
	if err := p.rt.Set("__args__", args); err != nil {
		return err
	}
	if _, err := p.rt.Eval(ctx, "<run>", "setattr(__import__('sys'), 'argv', globals().pop('__args__'))"); err != nil {
		return err
	}
	return p.rt.ExecFile(ctx, args[0])
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

// memit runs statements and prints what memory they took.
func (p *prompter) memit(ctx context.Context, stmt string) error {
	before := p.rt.Memory()
	program, err := mlxstar.Compile("<memit>", stmt+"\n")
	if err != nil {
		return err
	}
	var used mlxstar.Usage
	err = p.rt.RunWith(ctx, program, mlxstar.CallOptions{Usage: &used})
	fmt.Fprintf(p.out, "active %s (%s), peak %s above the start, resident %s\n",
		mlxstar.FormatSize(used.Active), signed(used.Active-before.Active),
		mlxstar.FormatSize(max(used.Peak-before.Active, 0)), mlxstar.FormatSize(p.rt.Memory().Resident))
	return err
}

// memRows is how many lines and owners %mem shows.
const memRows = 8

// mem shows what holds memory: the lines, and the variables.
func (p *prompter) mem(context.Context, string) error {
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
