package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// constants are the registers' worth of constants written so far, by name.
type constants map[string]Mem

// words gives a register's worth of memory that repeats 32 bits.
func (c constants) words(bits uint32) Mem {
	name := fmt.Sprintf("words%08x", bits)
	m, ok := c[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range vectorBytes / 4 {
			DATA(4*i, U32(bits))
		}
		c[name] = m
	}
	return m
}

// quads gives a register's worth of memory that repeats 64 bits.
func (c constants) quads(bits uint64) Mem {
	name := fmt.Sprintf("quads%016x", bits)
	m, ok := c[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range vectorBytes / 8 {
			DATA(8*i, U64(bits))
		}
		c[name] = m
	}
	return m
}

func (c constants) float(v float64) Mem { return c.words(math.Float32bits(float32(v))) }

func (c constants) double(v float64) Mem { return c.quads(math.Float64bits(v)) }

// sign is the sign bit of each element.
func (c constants) sign(e element) Mem {
	if e.size == 4 {
		return c.words(1 << 31)
	}
	return c.quads(1 << 63)
}

// magnitude is all bits of each element but the sign.
func (c constants) magnitude(e element) Mem {
	if e.size == 4 {
		return c.words(math.MaxInt32)
	}
	return c.quads(math.MaxInt64)
}

// mask is the memory from which masks of the first elements are read: n elements
// of size s are selected by what begins n*s bytes before its middle.
func (c constants) mask() Mem {
	m, ok := c["mask"]
	if !ok {
		m = GLOBL("mask", RODATA|NOPTR)
		for i := range 2 * vectorBytes / 8 {
			v := uint64(0)
			if i < vectorBytes/8 {
				v = math.MaxUint64
			}
			DATA(8*i, U64(v))
		}
		c["mask"] = m
	}
	return m
}
