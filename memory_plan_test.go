package mlxstar_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// A plan's peak is what the evaluation then takes, and its holders are what makes it up.
func TestPlan(t *testing.T) {
	var out bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	err = rt.Exec(context.Background(), "plan.py", `
import mlx.core as mx, mlxstar
x = mx.ones((256, 256)) + mx.zeros((256, 1))
mx.eval(x)
def graph():
    a = mx.exp(x @ x)
    return {"both": [a.T @ a, mx.sin(a)]}
tree = graph()
p = mlxstar.plan(tree)
before = mx.get_active_memory()
mx.reset_peak_memory()
mx.eval(tree)
assert p["peak"] == mx.get_peak_memory() - before, (p, mx.get_peak_memory() - before)
assert p["operations"] >= p["tasks"] > 1, p
assert sum(h["bytes"] for h in p["holders"]) == p["peak"], p
assert all(h["where"].startswith("plan.py:") for h in p["holders"]), p
assert {h["operation"] for h in p["holders"]} <= {"matmul", "exp", "sin"}, p
assert len(mlxstar.plan(graph(), top=1)["holders"]) == 1
assert mlxstar.plan(tree) == {"peak": 0, "operations": 0, "tasks": 0, "holders": []}
try:
    mlxstar.plan([1])
except TypeError as e:
    print(e)
`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "plan: got int, want arrays\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}
