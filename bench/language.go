package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/mlxstar/mlxstar/bench/language"
	"github.com/mlxstar/mlxstar/internal/cputime"
)

// languageRow is what a row of the language took: nanoseconds of processor time an operation.
type languageRow struct {
	Name     string  `json:"name"`
	NS       float64 `json:"ns"`
	CPython  float64 `json:"cpython_ns,omitempty"`
	Starlark float64 `json:"starlark_ns,omitempty"`
	// Growth is the greatest cost of an operation at a larger size, as a multiple of that
	// at the smallest; CPythonGrowth the same of CPython.
	Growth        float64 `json:"growth"`
	CPythonGrowth float64 `json:"cpython_growth,omitempty"`
	Error         string  `json:"error,omitempty"`
}

// languageReport is everything that a run of the language's rows found.
type languageReport struct {
	Machine machine       `json:"machine"`
	CPython string        `json:"cpython,omitempty"`
	Rows    []languageRow `json:"rows"`
	Mean    float64       `json:"geometric_mean,omitempty"` // of the times over CPython's
}

// commandPercent is how far the command lets a small heap grow between collections.
const commandPercent = 400

// contestant is one interpreter on one row.
type contestant struct {
	timer language.Timer
	best  []float64 // nanoseconds an operation, by size
}

// languageBench measures the language. Every figure is the least processor time of several
// rounds, which the interpreters take in turns: the machine may be busy with others.
func (o *options) languageBench(ctx context.Context) error {
	rows, err := language.Rows()
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r language.Row) bool { return !o.wanted(r.Name) })
	if len(rows) == 0 {
		return fmt.Errorf("no row's name contains %q; --list names them", o.rows)
	}
	rep := languageReport{Machine: machine{processor(), runtime.NumCPU(), 1, runtime.GOOS + "/" + runtime.GOARCH, runtime.Version()}}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(commandPercent)
	}
	v := newView(o.json)
	var python *language.Python
	if o.peers {
		if python, err = language.StartPython(ctx, o.python); err != nil {
			v.note(fmt.Sprintf("CPython is left out: %v", err))
		} else {
			defer python.Close()
			rep.CPython = python.Version
		}
	}
	v.print("%s, %d cores, %s, %s %s", rep.Machine.Processor, rep.Machine.Cores, rep.Machine.System, rep.Machine.Go, rep.CPython)
	v.print("\n%-24s %10s %8s %10s %8s %10s %8s %8s", "row", "ns", "growth", "CPython", "x", "Starlark", "x", "growth")
	bad := false
	for _, r := range rows {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		v.progress(r.Name)
		row := o.languageRow(ctx, r, python)
		bad = bad || row.Error != ""
		rep.Rows = append(rep.Rows, row)
		v.languageRow(&row)
	}
	rep.Mean = languageMean(rep.Rows)
	v.languageFoot(&rep)
	if o.json {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(rep); err != nil {
			return err
		}
	}
	if bad {
		return errRows
	}
	return nil
}

// languageRow measures a row with each interpreter.
func (o *options) languageRow(ctx context.Context, r language.Row, python *language.Python) languageRow {
	row := languageRow{Name: r.Name}
	fail := func(err error) languageRow {
		row.Error = err.Error()
		return row
	}
	timer, closing, err := language.Mlxstar(ctx, r, cputime.Process)
	if err != nil {
		return fail(err)
	}
	own := &contestant{timer: timer}
	all := []*contestant{own}
	var py, star *contestant
	if python != nil {
		if timer, err = python.Row(r); err != nil {
			return fail(fmt.Errorf("beside CPython: %w", err))
		}
		py = &contestant{timer: timer}
		all = append(all, py)
	}
	if r.Starlark && o.peers {
		if timer, err = language.Starlark(r, cputime.Process); err != nil {
			return fail(fmt.Errorf("beside Starlark: %w", err))
		}
		star = &contestant{timer: timer}
		all = append(all, star)
	}
	err = compete(all, r.Count, o.sizes, o.effort)
	if e := closing(); err == nil {
		err = e
	}
	if err != nil {
		return fail(err)
	}
	row.NS, row.Growth = own.best[0], own.growth()
	if py != nil {
		row.CPython, row.CPythonGrowth = py.best[0], py.growth()
	}
	if star != nil {
		row.Starlark = star.best[0]
	}
	return row
}

// compete has the interpreters run a row in turns. The larger sizes get fewer rounds.
func compete(all []*contestant, count int, sizes []float64, e effort) error {
	for _, c := range all {
		c.best = make([]float64, len(sizes))
		if _, err := c.timer(count); err != nil { // what is made at the first call does not count
			return err
		}
	}
	end := time.Now().Add(time.Duration(e.Seconds * float64(time.Second)))
	for round := 0; round < e.Least || round < e.Most && time.Now().Before(end); round++ {
		for i, size := range sizes {
			if i > 0 && round >= max(2, e.Least-1) {
				break
			}
			for _, c := range all {
				n := max(1, int(float64(count)*size))
				took, err := c.timer(n)
				if err != nil {
					return err
				}
				ns := float64(took.Nanoseconds()) / float64(n)
				if c.best[i] == 0 || ns < c.best[i] {
					c.best[i] = ns
				}
			}
		}
	}
	return nil
}

// growth is how much more an operation costs at a larger size.
func (c *contestant) growth() float64 {
	if c.best[0] <= 0 || len(c.best) < 2 {
		return 0
	}
	return slices.Max(c.best[1:]) / c.best[0]
}

// languageMean is the geometric mean of the times over CPython's, or 0.
func languageMean(rows []languageRow) float64 {
	sum, n := 0.0, 0
	for _, r := range rows {
		if r.Error == "" && r.CPython > 0 && r.NS > 0 {
			sum += math.Log(r.NS / r.CPython)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return math.Exp(sum / float64(n))
}

func (v view) languageRow(r *languageRow) {
	if r.Error != "" {
		v.clear()
		fmt.Fprintf(os.Stderr, "bench: %s: %s\n", r.Name, r.Error)
		return
	}
	ratio := func(peer float64) string {
		if peer <= 0 {
			return ""
		}
		return fmt.Sprintf("%.2f", r.NS/peer)
	}
	v.print("%-24s %10s %8s %10s %8s %10s %8s %8s", r.Name, number(r.NS, 3), number(r.Growth, 3),
		number(r.CPython, 3), ratio(r.CPython), number(r.Starlark, 3), ratio(r.Starlark), number(r.CPythonGrowth, 3))
}

func (v view) languageFoot(rep *languageReport) {
	if rep.Mean == 0 {
		return
	}
	v.print("\ngeometric mean over %d rows: %.2f times CPython's", len(rep.Rows), rep.Mean)
	for _, limit := range []float64{7, 10} {
		n := 0
		for _, r := range rep.Rows {
			if r.CPython > 0 && r.NS > limit*r.CPython {
				n++
			}
		}
		v.print("rows that take over %g times CPython's: %d", limit, n)
	}
}
