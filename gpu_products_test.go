package mlxstar

import (
	"os"
	"path/filepath"
	"testing"
)

// TestGPUProducts runs the scripts of testdata/gpu, which compare what the GPU and
// the processor answer over layouts and shapes that no kernel's tiles divide.
func TestGPUProducts(t *testing.T) {
	options, _ := simulated(t)
	scripts, err := filepath.Glob("testdata/gpu/*.py")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range scripts {
		t.Run(filepath.Base(path), func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out, err := runOn(options, string(src))
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Log(out)
		})
	}
}
