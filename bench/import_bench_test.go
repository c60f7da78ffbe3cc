package main

import (
	"testing"

	"github.com/mlxstar/mlxstar"
)

// BenchmarkImport is what a program waits for before its first line: a runtime, and
// the modules it imports.
func BenchmarkImport(b *testing.B) {
	for name, src := range map[string]string{
		"nothing": "pass", "core": "import mlx.core as mx", "nn": "import mlx.nn as nn", "optimizers": "import mlx.optimizers as optim",
		"numpy": "import numpy as np", "argparse": "import argparse", "dataclasses": "from dataclasses import dataclass",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				rt, err := mlxstar.New(mlxstar.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if err := rt.Exec(b.Context(), "bench.py", src); err != nil {
					b.Fatal(err)
				}
				if err := rt.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
