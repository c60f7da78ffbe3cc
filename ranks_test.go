package mlxstar_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

const joined = "import mlx.core as mx\nworld = mx.distributed.init(strict=True)\n"

// TestRanks: runtimes of one program are a group without a network, and one that ends is an
// error of the others.
func TestRanks(t *testing.T) {
	group, err := mlxstar.NewRanks(2)
	if err != nil {
		t.Fatal(err)
	}
	var all [2]*mlxstar.Runtime
	for rank := range all {
		if all[rank], err = mlxstar.New(mlxstar.Options{Ranks: group, Rank: rank, Threads: 1, Env: []string{"MLXSTAR_RING_HEARTBEAT=120"}}); err != nil {
			t.Fatal(err)
		}
		defer all[rank].Close()
	}
	if err := group.Close(); err != nil {
		t.Fatal(err)
	}
	other := make(chan error)
	go func() {
		err := all[1].Exec(context.Background(), "other", joined+"mx.eval(mx.distributed.all_sum(mx.array(2)))")
		other <- errors.Join(err, all[1].Close())
	}()
	got, err := all[0].Eval(context.Background(), "one", joined+"[world.rank(), world.size(), mx.distributed.all_sum(mx.array(1)).item()]")
	if list, _ := got.([]any); err != nil || len(list) != 3 || list[0] != int64(0) || list[1] != int64(2) || list[2] != int64(3) {
		t.Errorf("got %v: %v", got, err)
	}
	if err := <-other; err != nil {
		t.Error(err)
	}
	err = all[0].Exec(context.Background(), "one", "mx.eval(mx.distributed.all_sum(mx.array(1)))")
	if !errors.Is(err, mlxstar.ErrLost) || !strings.Contains(err.Error(), "process 1 was lost") {
		t.Errorf("the other has left, and the error is %v", err)
	}
}

func TestRanksRefused(t *testing.T) {
	for _, size := range []int{-1, 0, mlxstar.MaxRanks + 1} {
		if _, err := mlxstar.NewRanks(size); err == nil || !strings.Contains(err.Error(), "want from 1 to") {
			t.Errorf("NewRanks(%d): %v", size, err)
		}
	}
	group, err := mlxstar.NewRanks(2)
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	first, err := mlxstar.New(mlxstar.Options{Ranks: group})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	for _, c := range []struct {
		rank int
		want string
	}{{0, "is taken"}, {2, "got rank 2, want from 0 to 1"}} {
		if _, err := mlxstar.New(mlxstar.Options{Ranks: group, Rank: c.rank}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("rank %d: %v, want %q", c.rank, err, c.want)
		}
	}
	if err := first.Exec(context.Background(), "x", "import mlx.core as mx\nmx.distributed.init(backend='nccl')"); err == nil || !strings.Contains(err.Error(), "was started as one of a ring") {
		t.Errorf("another backend: %v", err)
	}
	alone, err := mlxstar.NewRanks(1)
	if err != nil {
		t.Fatal(err)
	}
	one, err := mlxstar.New(mlxstar.Options{Ranks: alone})
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	if got, err := one.Eval(context.Background(), "x", "import mlx.core as mx\nmx.distributed.init().size()"); err != nil || got != int64(1) {
		t.Errorf("a group of one: %v, %v", got, err)
	}
}
