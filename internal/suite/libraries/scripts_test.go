package libraries_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestNetworkScripts runs the scripts of testdata/nn. What each must print lies
// beside it, as MLX 0.32.4 prints it.
func TestNetworkScripts(t *testing.T) { runScripts(t, mlxstar.Options{}, "testdata/nn/*.py") }

func TestNetworkScriptsGPU(t *testing.T) {
	runScripts(t, suite.GPU(t), "testdata/nn/*.py")
}

// TestNumpyScripts runs the scripts of testdata/numpy, beside what NumPy 2.4
// prints.
func TestNumpyScripts(t *testing.T) { runScripts(t, mlxstar.Options{}, "testdata/numpy/*.py") }

func TestNumpyScriptsGPU(t *testing.T) {
	runScripts(t, suite.GPU(t), "testdata/numpy/*.py")
}

func runScripts(t *testing.T, on mlxstar.Options, pattern string) {
	t.Helper()
	for _, path := range suite.Glob(t, pattern) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".py"), func(t *testing.T) {
			if suite.OnCUDA() && filepath.Base(path) == "sharing.py" {
				t.Skip("the memory of an NVIDIA GPU is shared with nobody")
			}
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(path, ".py") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			s := suite.NewScript(t, on)
			s.Run(string(src))
			got, lines := strings.Split(s.Out.String(), "\n"), strings.Split(string(want), "\n")
			for i := range max(len(got), len(lines)) {
				switch {
				case i >= len(got):
					t.Fatalf("the output ends before line %d: %s", i+1, lines[i])
				case i >= len(lines):
					t.Fatalf("the output goes on: %s", got[i])
				case got[i] != lines[i]:
					t.Fatalf("line %d\ngot:  %s\nwant: %s", i+1, got[i], lines[i])
				}
			}
		})
	}
}

// TestNetworkNames looks for every public name of mlx.nn and mlx.optimizers.
func TestNetworkNames(t *testing.T) {
	names := suite.Read(t, "testdata/nn/names.list")
	s := suite.NewScript(t, mlxstar.Options{})
	s.Run("import mlx\nimport mlx.nn as nn\nimport mlx.optimizers as optim\n" +
		"assert mlx.nn is nn and mlx.optimizers is optim\n" +
		"module, optimizer = nn.Module(), optim.SGD(0.1)\nmissing = []\n" +
		"for name in '''" + names + "'''.split():\n" +
		"    parts = name.split('.')\n" +
		"    value = {'nn': nn, 'optim': optim}[parts[0]]\n" +
		"    for part in parts[1:]:\n" +
		"        if value is optim.Optimizer:\n" +
		"            value = optimizer\n" +
		"        if value is nn.Module:\n" +
		"            value = module\n" +
		"        value = getattr(value, part, None)\n" +
		"    if value is None:\n" +
		"        missing.append(name)\n" +
		"print(missing)\n")
	if got := s.Out.String(); got != "[]\n" {
		t.Errorf("not there: %s", got)
	}
}
