package groups

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"sync"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// curve is the line of JSON that an example prints.
type curve struct {
	Loss    [][2]float64
	Results map[string]any
}

// runExample runs a program of examples by so many processes, and gives what the first prints.
func runExample(t *testing.T, size int, file string, args ...string) curve {
	t.Helper()
	network, folder := &wires{ports: map[string]string{}}, hostfile(t, max(size, 2), 1)
	path := suite.Path(t, file)
	var out bytes.Buffer
	errs := make([]error, size)
	var all sync.WaitGroup
	for rank := range size {
		o := mlxstar.Options{
			Args: append([]string{path}, args...), Files: mlxstar.SystemFiles(), Network: network, Device: "cpu", Threads: 1,
		}
		if size > 1 {
			o.Env = []string{fmt.Sprint("MLX_RANK=", rank), "MLX_HOSTFILE=" + filepath.Join(folder, "hosts.json"), secret, patient}
		}
		if rank == 0 {
			o.Stdout = &out
		}
		rt := suite.NewRuntime(t, o)
		all.Go(func() {
			if errs[rank] = rt.ExecFile(t.Context(), path); errs[rank] != nil {
				_ = rt.Close() // so that the others end
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("%s by %d: %v\n%s", file, size, err, suite.Traceback(err))
	}
	var c curve
	if len(args) == 0 || args[len(args)-1] != "--json" {
		return c
	}
	if err := json.Unmarshal(out.Bytes(), &c); err != nil || len(c.Loss) == 0 {
		t.Fatalf("%s by %d printed %q: %v", file, size, out.String(), err)
	}
	return c
}

// TestExamples: the programs of examples/distributed give what one process gives.
func TestExamples(t *testing.T) {
	type program struct {
		file string
		args []string
	}
	programs := []program{{"fully_sharded.py", []string{"--steps", "5", "--dims", "16"}}}
	if *every {
		model := t.TempDir()
		runExample(t, 1, "examples/llama/make_model.py", model, "--steps", "20", "--vocabulary", "300", "--batch-size", "4", "--context", "24")
		programs = append(programs,
			program{"data_parallel.py", []string{"--epochs", "2", "--hidden", "32"}},
			program{"tensor_parallel.py", []string{model, "--max-tokens", "12"}})
	}
	for _, c := range programs {
		t.Run(c.file, func(t *testing.T) {
			args := append(c.args, "--points", "5", "--json")
			alone := runExample(t, 1, "examples/distributed/"+c.file, args...)
			both := runExample(t, 2, "examples/distributed/"+c.file, args...)
			for i, p := range alone.Loss {
				if q := both.Loss[i]; math.Abs(p[1]-q[1]) > 1e-4*math.Abs(p[1]) {
					t.Errorf("the loss after %v steps is %v with one process and %v with two", p[0], p[1], q[1])
				}
			}
			if both.Results["processes"] != 2.0 || alone.Results["text"] != both.Results["text"] || both.Results["same"] == false {
				t.Errorf("got %v and %v", alone.Results, both.Results)
			}
		})
	}
}
