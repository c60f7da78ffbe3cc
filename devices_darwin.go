package mlxstar

import "github.com/mlxstar/mlxstar/metal"

// systemGPU opens the GPU that every program of the system can have.
var systemGPU = metal.Open
