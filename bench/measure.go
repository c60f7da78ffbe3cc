package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/cputime"
)

// effort bounds how often a step is repeated.
type effort struct {
	Seconds float64 `json:"seconds"` // go on so long
	Least   int     `json:"least"`   // but at least so often
	Most    int     `json:"most"`    // and at most so often
}

// timing is the time of one unit of a row, in milliseconds.
type timing struct {
	Time   float64 `json:"ms"` // the median or, with --best, the best
	Median float64 `json:"median_ms"`
	Best   float64 `json:"best_ms"`
	// Spread is half of the distance between the quartiles, as a part of the median.
	Spread float64 `json:"spread"`
	Count  int     `json:"repetitions"`
	// Busy is the processor time of a unit over the number of threads, the median: what
	// it would take if no other program ran. 0 where it is not known.
	Busy float64 `json:"busy_ms,omitempty"`
}

// newTiming sums up the seconds that steps of some units took.
func newTiming(seconds []float64, units int, best bool) timing {
	if len(seconds) == 0 {
		return timing{}
	}
	s := slices.Clone(seconds)
	slices.Sort(s)
	scale := 1e3 / float64(max(units, 1))
	at := func(q float64) float64 { return s[int(q*float64(len(s)-1)+0.5)] }
	t := timing{
		Median: at(0.5) * scale,
		Best:   s[0] * scale,
		Spread: (at(0.75) - at(0.25)) / 2 / at(0.5),
		Count:  len(s),
	}
	if t.Time = t.Median; best {
		t.Time = t.Best
	}
	return t
}

// measure runs a program in a runtime of its own.
func (p program) measure(ctx context.Context, threads int, e effort) (times, busy []float64, err error) {
	rt, err := mlxstar.New(mlxstar.Options{Threads: threads, Files: mlxstar.SystemFiles()})
	if err != nil {
		return nil, nil, err
	}
	defer rt.Close()
	if err := rt.Exec(ctx, "setup", p.Setup); err != nil {
		return nil, nil, fmt.Errorf("setup: %w", err)
	}
	if err := rt.Exec(ctx, "step", p.step()); err != nil {
		return nil, nil, err
	}
	return repeat(e, p.Pause, func() error {
		_, err := rt.Call(ctx, "step")
		return err
	})
}

// repeat times f, each time after a pause of some seconds, and after a call that is not
// counted: the seconds that passed, and those of processors.
func repeat(e effort, pause float64, f func() error) (times, busy []float64, err error) {
	if err := f(); err != nil {
		return nil, nil, err
	}
	end := time.Now().Add(time.Duration(e.Seconds * float64(time.Second)))
	for len(times) < e.Least || len(times) < e.Most && time.Now().Before(end) {
		time.Sleep(time.Duration(pause * float64(time.Second)))
		start, used := time.Now(), cputime.Process()
		if err := f(); err != nil {
			return nil, nil, err
		}
		times = append(times, time.Since(start).Seconds())
		busy = append(busy, (cputime.Process() - used).Seconds())
	}
	return times, busy, nil
}
