package groups

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/cuda/nccl"
	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestNCCL runs the scripts of testdata/groups/nccl, and those of layers and training, by
// runtimes that have a GPU each.
func TestNCCL(t *testing.T) {
	if !suite.OnCUDA() {
		t.Skip("-device real is not given")
	}
	t.Setenv("MLX_ENABLE_TF32", "0")
	first, err := cuda.New(cuda.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	size := min(first.Devices(), 4)
	if size < 2 {
		t.Skip("there is one GPU")
	}
	scripts, err := filepath.Glob(suite.Path(t, "testdata/groups/nccl/*.py"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("there are %d scripts: %v", len(scripts), err)
	}
	for _, name := range []string{"layers.py", "training.py", "transforms.py"} {
		scripts = append(scripts, suite.Path(t, "testdata/groups/"+name))
	}
	for _, path := range scripts {
		t.Run(filepath.Base(path), func(t *testing.T) { onGPUs(t, size, path) })
	}
}

// onGPUs runs a script by so many processes.
func onGPUs(t *testing.T, size int, path string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close() // process 0 listens there
	errs := make([]error, size)
	var all sync.WaitGroup
	for rank := range size {
		rt, err := mlxstar.New(mlxstar.Options{
			Device: "gpu", Files: mlxstar.SystemFiles(), Network: mlxstar.SystemNetwork(), Stdout: os.Stdout,
			GPU: func(p *engine.Poison) (engine.Backend, error) {
				return cuda.OpenWith(cuda.Options{Index: rank, Poison: p})
			},
			Transports: map[string]distributed.Transport{"nccl": nccl.Join},
			Env:        []string{fmt.Sprint("MLX_RANK=", rank), fmt.Sprint("MLX_WORLD_SIZE=", size), "NCCL_HOST_IP=127.0.0.1", fmt.Sprint("NCCL_PORT=", port), secret, patient},
		})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			if err := rt.ExecFile(t.Context(), path); err != nil {
				errs[rank] = fmt.Errorf("process %d: %w\n%s", rank, err, suite.Traceback(err))
			}
			errs[rank] = errors.Join(errs[rank], rt.Close())
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}
