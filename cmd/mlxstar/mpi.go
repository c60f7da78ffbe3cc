//go:build mpi || cuda

package main

import "github.com/mlxstar/mlxstar/distributed/mpi"

func init() { transports["mpi"] = mpi.Join }
