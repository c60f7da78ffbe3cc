//go:build linux || darwin

package groups

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/internal/suite"
)

var underMPI = flag.Bool("mpi", false, "run the scripts under mpirun, too")

// TestMPI runs the scripts of testdata/groups by a command that loads MPI's library, under
// mpirun.
func TestMPI(t *testing.T) {
	if !*underMPI {
		t.Skip("-mpi is not given")
	}
	binary := filepath.Join(t.TempDir(), "mlxstar")
	build := exec.Command("go", "build", "-tags", "mpi", "-o", binary, "./cmd/mlxstar")
	build.Dir = suite.Path(t, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	scripts, err := filepath.Glob(suite.Path(t, "testdata/groups/*.py"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("there are %d scripts: %v", len(scripts), err)
	}
	for _, path := range scripts {
		for _, size := range []string{"2", "3"} {
			t.Run(filepath.Base(path)+"/"+size, func(t *testing.T) {
				ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
				defer stop()
				run := exec.CommandContext(ctx, "mpirun", "--oversubscribe", "-n", size, binary, path)
				run.Env = append(os.Environ(), "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")
				if out, err := run.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}
