package mlxstar_test

import (
	"context"
	"errors"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// What a runtime takes counts in its account and in those above, and must fit in each.
func TestMemoryAccounts(t *testing.T) {
	all := mlxstar.NewMemoryAccount(10 << 20)
	a, b := all.Child("a", 8<<20), all.Child("b", 0)
	if a.Parent() != all || all.Parent() != nil || a.Name() != "a" || a.Limit() != 8<<20 || b.Limit() != 0 {
		t.Errorf("got %q, %d, %d", a.Name(), a.Limit(), b.Limit())
	}
	ctx := context.Background()
	hold := func(account *mlxstar.MemoryAccount, mib int) (*mlxstar.Runtime, error) {
		rt := suite.NewRuntime(t, mlxstar.Options{Memory: account})
		if err := rt.Set("n", mib<<18); err != nil {
			t.Fatal(err)
		}
		return rt, rt.Exec(ctx, "hold.py", "import mlx.core as mx\nx = mx.arange(n, dtype=mx.int32)\nmx.eval(x)")
	}
	first, err := hold(a, 6)
	if err != nil {
		t.Fatal(err)
	}
	if a.Active() != 6<<20 || all.Active() != 6<<20 || b.Active() != 0 || all.Peak() < 6<<20 {
		t.Errorf("a has %d, b %d, all %d, at most %d", a.Active(), b.Active(), all.Active(), all.Peak())
	}
	if _, err := hold(a, 3); !errors.Is(err, mlxstar.ErrMemoryLimit) {
		t.Errorf("9 of 8 MiB: %v", err)
	}
	if _, err := hold(b, 5); !errors.Is(err, mlxstar.ErrMemoryLimit) {
		t.Errorf("11 of 10 MiB: %v", err)
	}
	all.SetLimit(12 << 20)
	if _, err := hold(b, 5); err != nil {
		t.Errorf("11 of 12 MiB: %v", err)
	}
	if err := first.Exec(ctx, "drop.py", "x = None"); err != nil {
		t.Fatal(err)
	}
	a.Collect()
	if a.Active() != 0 || all.Active() != 5<<20 {
		t.Errorf("afterwards a has %d, all %d", a.Active(), all.Active())
	}
}
