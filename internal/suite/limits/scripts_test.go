package limits

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

const (
	scriptTime      = time.Second
	shortScriptTime = 300 * time.Millisecond // without the flag
	fewScripts      = 2                      // of a kind that run then
)

// TestScripts runs the scripts that mean to outlast their host in a runtime, which is used
// again after each, and tells how late those stopped that met their deadline.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(suite.Root(t), "testdata", "limits", "*.py"))
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	var stops []*stop
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimSuffix(filepath.Base(file), ".py")
		rt := suite.NewRuntime(t, mlxstar.Options{HardMemoryLimit: 300 << 20})
		for i, script := range strings.Split(string(text), "# ---\n") {
			if i >= fewScripts && !*grid {
				break
			}
			name := fmt.Sprintf("%s/%d", kind, i)
			t.Run(name, func(t *testing.T) {
				limit := shortScriptTime
				if *grid {
					limit = scriptTime
					settle()
				}
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				ended := observe(ctx, name)
				err := rt.Exec(ctx, "limit.py", script)
				met := ended()
				var exit *mlxstar.ExitError
				if err == nil || errors.As(err, &exit) {
					t.Errorf("got %v, want an error:\n%s", err, script)
				}
				if met != nil {
					stops = append(stops, met)
					if met.processor > overrun {
						t.Errorf("%v of processor time past its deadline:\n%s", met.processor, script)
					}
				}
				clear := "for name in list(globals()):\n    if not name.startswith('__'): del globals()[name]\nassert sum([1, 2]) == 3"
				if err := rt.Exec(t.Context(), "after.py", clear); err != nil {
					t.Errorf("the runtime is not usable after it: %v\n%s", err, script)
				}
				runtime.GC()
			})
		}
	}
	report(t, stops)
}
