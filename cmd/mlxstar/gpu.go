package main

import "github.com/mlxstar/mlxstar/engine"

// openGPU opens a GPU besides Metal's, nil where the command was built with none.
var openGPU func(*engine.Poison) (engine.Backend, error)
