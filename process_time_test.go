package mlxstar_test

import (
	"context"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/cputime"
)

// frozenClock is a host's clock at which no time passes.
type frozenClock struct{}

func (frozenClock) Now() time.Time { return time.Unix(0, 0) }
func (frozenClock) Sleep(context.Context, time.Duration) error {
	return nil
}

// TestProcessTime: scripts see the processor time that the process has used since it began,
// unless the host has a time of its own.
func TestProcessTime(t *testing.T) {
	before := cputime.Process().Seconds()
	for _, c := range []struct {
		name  string
		clock mlxstar.Clock
		least float64
	}{{"the system's", nil, before}, {"the host's", frozenClock{}, 0}} {
		rt, err := mlxstar.New(mlxstar.Options{Clock: c.clock})
		if err != nil {
			t.Fatal(err)
		}
		v, err := rt.Eval(t.Context(), "used.py", "import time\ntime.process_time()")
		if err != nil {
			t.Fatal(err)
		}
		used, ok := v.(float64)
		if !ok || used < c.least || c.clock != nil && used != 0 {
			t.Errorf("with %s clock process_time() is %v; the process has used %v", c.name, v, before)
		}
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	}
}
