package main

import "github.com/mlxstar/mlxstar/cpu/internal/simd/asm/formula"

func vector() {
	c := make(constants)
	arithmetic(c)
	functions(c, formula.Singly())
	folds(c)
	conversions(c)
	threefry(c)
}
