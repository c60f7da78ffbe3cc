//go:build cuda

package main

import "github.com/mlxstar/mlxstar/cuda/nccl"

func init() {
	openGPU = nccl.Open
	transports["nccl"] = nccl.Join
}
