package vars_test

import (
	"encoding/json"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/monitor"
	"github.com/mlxstar/mlxstar/monitor/vars"
)

func TestOf(t *testing.T) {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu"})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	v := vars.Of(rt.MonitorSource())
	read := func() (s monitor.Status) {
		if err := json.Unmarshal([]byte(v.String()), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := read()
	if err := rt.Exec(t.Context(), "a.py", "import mlx.core as mx\na = mx.ones((1 << 20,))\nmx.eval(a)"); err != nil {
		t.Fatal(err)
	}
	if after := read(); after.Version != monitor.Version || after.Active-before.Active != 4<<20 || after.Active != rt.Memory().Active {
		t.Errorf("got %+v after %+v, want 4 MiB more", after, before)
	}
}
