package logging_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/trace/logging"
)

// record is a line of the log.
type record struct {
	Level, Msg, Error, File string
	Seconds                 float64
	Steps, Kernels, Active  int64
	Line, Operations        int
}

func logged(t *testing.T, level slog.Level, use func(rt *mlxstar.Runtime)) (all []record) {
	var out bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level}))
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Trace: logging.New(l)})
	if err != nil {
		t.Fatal(err)
	}
	use(rt)
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, r)
	}
	return all
}

func TestLogging(t *testing.T) {
	use := func(rt *mlxstar.Runtime) {
		if err := rt.Exec(t.Context(), "a.py", "import mlx.core as mx\n\ndef f(x):\n    mx.eval(mx.arange(x) * 2)\n"); err != nil {
			t.Fatal(err)
		}
		if _, err := rt.Call(t.Context(), "f", 8); err != nil {
			t.Fatal(err)
		}
		if _, err := rt.Call(t.Context(), "f"); err == nil {
			t.Error("a call without its argument succeeds")
		}
	}
	got := logged(t, slog.LevelDebug, use)
	var evaluation, call, failed *record
	for i := range got {
		switch r := &got[i]; {
		case r.Msg == "evaluation":
			evaluation = r
		case r.Msg == "call f" && r.Error == "":
			call = r
		case r.Msg == "call f":
			failed = r
		}
	}
	if got[0].Msg != "import mlx" && got[0].Msg != "import mlx.core" || got[0].Level != "DEBUG" || got[0].File != "a.py" || got[0].Line != 1 {
		t.Errorf("first is %+v, want the import of line 1", got[0])
	}
	if evaluation == nil || evaluation.Kernels == 0 || evaluation.Operations == 0 || evaluation.File != "a.py" || evaluation.Line != 4 {
		t.Errorf("the evaluation is %+v", evaluation)
	}
	if call == nil || call.Level != "INFO" || call.Steps == 0 || call.Kernels < evaluation.Kernels {
		t.Errorf("the call is %+v", call)
	}
	if failed == nil || failed.Level != "ERROR" || !strings.Contains(failed.Error, "TypeError") {
		t.Errorf("the call that fails is %+v", failed)
	}
	if got := logged(t, slog.LevelInfo, use); len(got) != 3 {
		t.Errorf("at level Info there are %d lines, want 3: %+v", len(got), got)
	}
	if got := logged(t, slog.LevelError, use); len(got) != 1 || got[0].Msg != "call f" {
		t.Errorf("at level Error there are %+v, want the call that fails", got)
	}
}
