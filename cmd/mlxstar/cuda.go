//go:build cuda

package main

import "github.com/mlxstar/mlxstar/cuda"

func init() { openGPU = cuda.Open }
