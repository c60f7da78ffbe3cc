//go:build !darwin

package mlxstar

import "github.com/mlxstar/mlxstar/engine"

// systemGPU is nil: a GPU is here for programs that say so, see Options.GPU.
var systemGPU func(poison *engine.Poison) (engine.Backend, error)
