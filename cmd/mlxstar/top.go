package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

const topUsage = `usage: mlxstar top [options] [PID]

Shows the memory of a running mlxstar on a screen: what kinds of arrays there are over
time, the lines of the script that hold memory, what keeps it alive, the latest step,
and the cache. ? tells the keys. Where there is no terminal, it prints lines. Without
a PID it lists the running ones.

Options:
  --once         show it once and end
  --plain        print lines on a terminal, too
  --json         one line of JSON each time, sizes in bytes
  --interval S   seconds between two looks (1 if not given)
  --lines N      how many lines and owners to show (10 if not given)
  --record       have the process record by callers and steps meanwhile
`

// top is the subcommand: it shows another process's memory.
type top struct {
	pid      int
	once     bool
	json     bool
	plain    bool
	record   bool
	interval time.Duration
	lines    int
}

// glance is what one look at a process gives. The bytes of the sites add up to those
// active, and so do those of the owners, of the instant that they tell.
type glance struct {
	Status monitor.Status    `json:"status"`
	Sites  []monitor.Site    `json:"sites"`
	Owners *memory.Ownership `json:"owners"` // null if the process does not know
}

func runTop(args []string, stdout, stderr io.Writer) int {
	t, err := parseTop(args)
	if errors.Is(err, errHelp) {
		_, _ = io.WriteString(stdout, topUsage)
		return exitOK
	}
	if err == nil {
		err = t.run(stdout)
	} else {
		fmt.Fprintf(stderr, "mlxstar top: %s\nTry 'mlxstar top --help'.\n", err)
		return exitUsage
	}
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar top: %s\n", err)
		return exitScript
	}
	return exitOK
}

func parseTop(args []string) (*top, error) {
	t := &top{interval: time.Second, lines: 10}
	_, err := grammar{
		flags: map[string]*bool{"--once": &t.once, "--json": &t.json, "--plain": &t.plain, "--record": &t.record},
		values: map[string]func(v string) error{
			"--lines": number(&t.lines, 0, 0),
			"--interval": func(v string) error {
				s, err := strconv.ParseFloat(v, 64)
				if err != nil || s <= 0 || s > 1e6 {
					return fmt.Errorf("got %q, want seconds above 0", v)
				}
				t.interval = time.Duration(s * float64(time.Second))
				return nil
			},
		},
		operand: func(v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 || t.pid != 0 {
				return fmt.Errorf("got %q, want one process's number", v)
			}
			t.pid = n
			return nil
		},
	}.read(args)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (t *top) run(out io.Writer) error {
	ctx := context.Background()
	f, ok := out.(*os.File)
	screen := ok && !t.once && !t.json && !t.plain && isTerminal(f) && isTerminal(os.Stdin) && os.Getenv("TERM") != "dumb"
	if t.pid == 0 && screen {
		return t.runScreen(ctx, os.Stdin, out, nil)
	}
	if t.pid == 0 {
		return t.list(ctx, out)
	}
	c, err := monitor.Connect(ctx, t.pid)
	if err != nil {
		return err
	}
	if t.record {
		if err := c.Record(ctx, true); err != nil {
			return err
		}
	}
	if screen {
		return t.runScreen(ctx, os.Stdin, out, c)
	}
	for {
		v, err := look(ctx, c, lookAttempts)
		if err != nil {
			return err
		}
		if err := t.show(out, v); err != nil || t.once {
			return err
		}
		time.Sleep(t.interval)
	}
}

// list shows the running processes.
func (t *top) list(ctx context.Context, out io.Writer) error {
	all, err := running(ctx)
	if err != nil {
		return err
	}
	if t.json {
		for _, s := range all {
			if err := json.NewEncoder(out).Encode(s); err != nil {
				return err
			}
		}
		return nil
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(out, "no mlxstar is running")
		return err
	}
	listStatus(out, all)
	return nil
}

// listStatus prints a line for each process, and one for what those of a group hold together.
func listStatus(out io.Writer, all []monitor.Status) {
	fmt.Fprintf(out, "%8s %12s %12s %12s %12s  %s\n", "PID", "ACTIVE", "PEAK", "CACHE", "RESIDENT", "COMMAND")
	row := func(pid string, s *monitor.Status, what string) {
		fmt.Fprintf(out, "%8s %12s %12s %12s %12s  %s\n", pid, mlxstar.FormatSize(s.Active), mlxstar.FormatSize(s.Peak),
			mlxstar.FormatSize(s.Cache), mlxstar.FormatSize(s.Resident), what)
	}
	var sum monitor.Status
	here := 0
	for i := range all {
		s := &all[i]
		row(strconv.Itoa(s.PID), s, commandOf(s))
		if s.Group == nil {
			continue
		}
		here++
		sum.Active, sum.Peak, sum.Cache, sum.Resident = sum.Active+s.Active, sum.Peak+s.Peak, sum.Cache+s.Cache, sum.Resident+s.Resident
		if i+1 == len(all) || all[i+1].Group.Name != s.Group.Name {
			row("", &sum, fmt.Sprintf("the %d of the group %s that run here, together", here, plain(s.Group.Name)))
			sum, here = monitor.Status{}, 0
		}
	}
}

// lookAttempts is how often a look is tried again where memory changed between two answers.
const lookAttempts = 20

// look asks until its answers are of one instant, or gives the last ones.
func look(ctx context.Context, c *monitor.Client, attempts int) (v *glance, err error) {
	for range attempts {
		v = new(glance)
		if v.Owners, err = c.Owners(ctx); err != nil { // first: asking may collect what is dead
			return nil, err
		}
		if v.Status, err = c.Status(ctx); err != nil {
			return nil, err
		}
		if v.Sites, err = c.Sites(ctx); err != nil {
			return nil, err
		}
		sum := int64(0)
		for _, s := range v.Sites {
			sum += s.Bytes
		}
		if sum == v.Status.Active {
			break
		}
	}
	return v, nil
}

func (t *top) show(out io.Writer, v *glance) error {
	if t.json {
		return json.NewEncoder(out).Encode(v)
	}
	s := &v.Status
	limit := "none"
	if s.Limit > 0 {
		limit = mlxstar.FormatSize(s.Limit)
	}
	fmt.Fprintf(out, "%d %s\nactive %s in %d buffers, peak %s, cache %s, limit %s, resident %s\n", s.PID, s.Command,
		mlxstar.FormatSize(s.Active), s.Buffers, mlxstar.FormatSize(s.Peak), mlxstar.FormatSize(s.Cache), limit, mlxstar.FormatSize(s.Resident))
	if s.Recording {
		fmt.Fprintf(out, "step %d, the peak was in step %d\n", s.Step, s.PeakStep)
	}
	fmt.Fprintf(out, "%12s %6s %8s  %s\n", "HELD", "SHARE", "ARRAYS", "LINE")
	for i, l := range v.Sites {
		if i == t.lines || l.Bytes == 0 {
			break
		}
		where, note := l.Where, ""
		if where == "" {
			where = "(unknown lines)"
			if !s.Recording {
				where = "(unknown lines, and arrays under 4 KiB)"
			}
		}
		if l.Growing {
			note = "  grows by " + mlxstar.FormatSize(l.Growth) + " a step"
		}
		fmt.Fprintf(out, "%12s %5.1f%% %8d  %s%s\n", mlxstar.FormatSize(l.Bytes), share(l.Bytes, s.Active), l.Arrays, where, note)
	}
	if v.Owners == nil {
		_, err := fmt.Fprintln(out, "what keeps them alive is not known while a script computes")
		return err
	}
	fmt.Fprintf(out, "%12s %6s  %-16s %s\n", "HELD", "SHARE", "KIND", "OWNER")
	for i, o := range v.Owners.Owners {
		if i == t.lines {
			break
		}
		fmt.Fprintf(out, "%12s %5.1f%%  %-16s %s\n", mlxstar.FormatSize(o.Bytes), share(o.Bytes, v.Owners.Active), o.Kind, o.Path)
	}
	_, err := fmt.Fprintln(out)
	return err
}

func share(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}
