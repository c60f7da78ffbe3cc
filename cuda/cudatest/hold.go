// Package cudatest is for tests on a real GPU.
package cudatest

import (
	"sync"

	"github.com/mlxstar/mlxstar/cuda"
)

// Hold keeps the GPU's context for the rest of the process. To make one for each
// runtime would take most of a test's time.
var Hold = sync.OnceValue(func() error {
	_, err := cuda.New(cuda.Options{})
	return err
})
