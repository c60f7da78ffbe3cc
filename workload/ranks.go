package workload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/distributed/launch"
)

// A run of several ranks is as many sessions, which are a group and run the script at the
// same time, each all of it. What one computes with the others it must compute in the same
// order as they do, so that all of them evaluate what outputs want, and rank 0's values are
// the run's.

// ranks is how many processes run the job's script together.
func (j *Job) ranks() int { return max(1, j.Ranks) }

// rankError is the error of one of several ranks.
type rankError struct {
	rank int
	err  error
}

func (e *rankError) Error() string { return fmt.Sprintf("rank %d: %s", e.rank, e.err) }
func (e *rankError) Unwrap() error { return e.err }

// errFellow ends the ranks of a run of which one has failed.
var errFellow = errors.New("another rank of the run has failed")

// follows tells of errors of ranks that others' failures are the reason of.
func follows(err error) bool {
	return errors.Is(err, mlxstar.ErrLost) || errors.Is(err, errFellow)
}

// stream passes on what is shown.
type stream func(p []byte)

func (s stream) Write(p []byte) (int, error) {
	s(p)
	return len(p), nil
}

// rankEnd is how a rank ended.
type rankEnd struct {
	rank   int
	values map[string]any
	err    error
}

// together runs the script by all ranks, and gives the values of the first. Limited bounds
// what they write, together.
func (a *attempt) together(ctx context.Context, limited func(to func(p []byte)) io.Writer) (values map[string]any, err error) {
	size := a.job.ranks()
	group, err := mlxstar.NewRanks(size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSetup, err)
	}
	defer group.Close() // of places that were not taken
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	shown := launch.NewOutput(size, stream(func(p []byte) { a.out("stdout", p) }), stream(func(p []byte) { a.out("stderr", p) }))
	defer shown.End()
	all, ends := make([]*attempt, size), make(chan rankEnd, size)
	a.group = group
	for rank := range size {
		all[rank] = a
		if rank > 0 {
			all[rank] = &attempt{
				r: a.r, job: a.job, run: &Record{Start: a.run.Start}, source: a.source, name: a.name, inputs: a.inputs, lease: a.lease,
				item: func(any) error { return nil }, rank: rank, group: group,
			}
		}
		one := all[rank]
		stdout, stderr := shown.Streams(rank)
		out := limited(func(p []byte) {
			one.stdout.Write(p)
			_, _ = stdout.Write(p) // which passes it on
		})
		errOut := limited(func(p []byte) { _, _ = stderr.Write(p) })
		go func() {
			values, err := one.alone(ctx, out, errOut)
			ends <- rankEnd{rank, values, err}
		}()
	}
	var failed *rankEnd
	for range size {
		e := <-ends
		switch {
		case e.rank == 0 && a.ended(e.err):
			values, err = e.values, e.err
		case a.ended(e.err):
		case failed == nil:
			failed = &e
			_ = group.Close() // those who have not begun find nobody
			leave := time.AfterFunc(launch.Parting, func() { cancel(errFellow) })
			defer leave.Stop()
		case follows(failed.err) && !follows(e.err):
			failed = &e
		}
	}
	a.peaks(all)
	if failed != nil {
		return nil, &rankError{failed.rank, failed.err}
	}
	return values, err
}

// ended tells of the end of a script that is none of an error.
func (a *attempt) ended(err error) bool {
	var exit *mlxstar.ExitError
	return err == nil || a.job.Entry == "" && errors.As(err, &exit) && exit.Code == 0
}

// peaks notes what the ranks held: all together what they held each at its time.
func (a *attempt) peaks(all []*attempt) {
	total := int64(0)
	for _, one := range all {
		if one.run.Peak < 0 {
			a.run.Peak = -1
			return
		}
		a.run.Ranks = append(a.run.Ranks, one.run.Peak)
		total += one.run.Peak
	}
	a.run.Peak = total
}

// share is the part of an amount that one rank gets.
func (a *attempt) share(bytes int64) int64 { return bytes / int64(a.job.ranks()) }

// threads is how many a rank computes by: those of one machine share its processors.
func (a *attempt) threads() int {
	if n := a.job.ranks(); a.job.Limits.Threads == 0 && n > 1 {
		return max(1, runtime.GOMAXPROCS(0)/n)
	}
	return a.job.Limits.Threads
}

// variables tells a script its number, as launchers do.
func (a *attempt) variables() []string {
	if a.group == nil {
		return nil
	}
	return []string{"MLX_RANK=" + strconv.Itoa(a.rank)}
}

// value gives what an expression of a script's variables stands for, apart from the session. Ranks but
// the first evaluate its arrays, as that does, and give nil.
func (a *attempt) value(ctx context.Context, name, expression string) (any, error) {
	s := a.session
	if a.group != nil {
		if err := s.Exec(ctx, name, hidden+"value = "+expression); err != nil {
			return nil, err
		}
		if _, err := s.Eval(ctx, name, "__import__('mlx.core', fromlist=['x']).eval("+hidden+"arrays("+hidden+"value, [], 0))"); err != nil {
			return nil, err
		}
		if expression = hidden + "value"; a.rank > 0 {
			return nil, nil
		}
	}
	v, err := s.Eval(ctx, name, expression)
	if err != nil {
		return nil, err
	}
	return detach(ctx, v, 0)
}

// lastOf tells whether the value that was taken last is the end of a generator.
func (a *attempt) lastOf(ctx context.Context, v any) (bool, error) {
	if a.rank == 0 {
		return v == hidden+"end", nil
	}
	end, err := a.session.Eval(ctx, "<result>", fmt.Sprintf("type(%[1]svalue).__name__ == 'str' and %[1]svalue == %[1]send", hidden))
	return end == true, err
}

// most is what one session of the run held at most.
func (run *Record) most() int64 {
	if len(run.Ranks) > 0 {
		return slices.Max(run.Ranks)
	}
	return run.Peak
}

// forAll is what all ranks take where each takes so much.
func (j *Job) forAll(bytes int64) int64 {
	n := int64(j.ranks())
	if bytes > math.MaxInt64/n {
		return math.MaxInt64
	}
	return bytes * n
}
