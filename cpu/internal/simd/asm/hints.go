package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// hints writes what tells the processor something and computes nothing.
func hints() {
	TEXT("Pause", NOSPLIT, "func()")
	Doc("Pause lets the processor rest for a moment, and whoever shares it work, in a loop that waits.")
	PAUSE()
	RET()

	TEXT("prefetch", NOSPLIT, "func(p *byte, lines int)")
	Pragma("noescape")
	Doc("prefetch asks for so many lines of the cache from p on, of which there is at least one.")
	p, lines := Load(Param("p"), GP64()), Load(Param("lines"), GP64())
	Label("line")
	PREFETCHT0(Mem{Base: p})
	ADDQ(Imm(cacheLine), p)
	DECQ(lines)
	JNZ(LabelRef("line"))
	RET()
}

const cacheLine = 64
