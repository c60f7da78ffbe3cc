package main

import "golang.org/x/sys/cpu"

// The loops of peak_amd64.s. Each round of an FMA loop is twelve independent
// multiply-adds of a register.

//go:noescape
func fmaLoop256(rounds int)

//go:noescape
func fmaLoop512(rounds int)

//go:noescape
func readLoop256(p *byte, lines int)

func fmaUnit() string {
	switch x := &cpu.X86; {
	case x.HasAVX512F:
		return "AVX-512"
	case x.HasAVX2 && x.HasFMA:
		return "AVX2"
	}
	return "Go"
}

// fmaRounds does about the given number of multiply-adds and says how many
// operations on float32 those were.
func fmaRounds(n int) (flops int) {
	n /= 12
	switch fmaUnit() {
	case "AVX-512":
		fmaLoop512(n)
		return n * 12 * 16 * 2
	case "AVX2":
		fmaLoop256(n)
		return n * 12 * 8 * 2
	}
	return scalarFMA(n)
}

// readAll reads every cache line of the slice.
func readAll(b []byte) {
	if len(b) < 64 || !cpu.X86.HasAVX2 {
		readScalar(b)
		return
	}
	readLoop256(&b[0], len(b)/64)
}
