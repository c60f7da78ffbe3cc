//go:build !amd64

package main

func fmaUnit() string { return "Go" }

// fmaRounds does multiply-adds one by one: without vector instructions at hand
// the ceiling is what the compiler makes of Go.
func fmaRounds(n int) (flops int) { return scalarFMA(n / 12) }

func readAll(b []byte) { readScalar(b) }
