package a64

import (
	"fmt"
	"strings"
)

// Arrangement is how a vector register is divided into lanes.
type Arrangement struct {
	name string
	log  int // of a lane's bytes
	half bool
}

// The arrangements of whole registers, and of their lower halves.
var (
	B16 = Arrangement{"16b", 0, false}
	H8  = Arrangement{"8h", 1, false}
	S4  = Arrangement{"4s", 2, false}
	D2  = Arrangement{"2d", 3, false}
	B8  = Arrangement{"8b", 0, true}
	H4  = Arrangement{"4h", 1, true}
	S2  = Arrangement{"2s", 2, true}
)

// goName is how Go's assembler writes the arrangement.
func (a Arrangement) goName() string {
	return strings.ToUpper(a.name[len(a.name)-1:]) + a.name[:len(a.name)-1]
}

// lane is the letter of a single lane.
func (a Arrangement) lane() string { return a.name[len(a.name)-1:] }

// q is the bit that says that a whole register is meant.
func (a Arrangement) q() uint32 {
	if a.half {
		return 0
	}
	return 1 << 30
}

// sizing is where an instruction has the size of its lanes.
type sizing int

const (
	unsized  sizing = iota
	floating        // bit 22 is set for float64
	integral        // bits 22 and 23 are the logarithm of the bytes
)

func (s sizing) bits(a Arrangement) uint32 {
	switch s {
	case floating:
		return uint32(a.log-2) << 22
	case integral:
		return uint32(a.log) << 22
	}
	return 0
}

// form is an instruction as the Arm Architecture Reference Manual encodes it, for
// whole registers, without lanes and registers.
type form struct {
	word uint32
	sizing
	// keeps says that the destination's old value matters.
	keeps bool
	// native is the name that Go's assembler has for it, if it knows it.
	native string
}

// threes take two registers to a third.
var threes = map[string]form{
	"fadd": {word: 0x4e20d400, sizing: floating}, "fsub": {word: 0x4ea0d400, sizing: floating},
	"fmul": {word: 0x6e20dc00, sizing: floating}, "fdiv": {word: 0x6e20fc00, sizing: floating},
	"fmax": {word: 0x4e20f400, sizing: floating}, "fmin": {word: 0x4ea0f400, sizing: floating},
	"faddp": {word: 0x6e20d400, sizing: floating},
	"fmla":  {0x4e20cc00, floating, true, "VFMLA"}, "fmls": {0x4ea0cc00, floating, true, "VFMLS"},
	"fcmeq": {word: 0x4e20e400, sizing: floating}, "fcmge": {word: 0x6e20e400, sizing: floating}, "fcmgt": {word: 0x6ea0e400, sizing: floating},

	"add": {0x4e208400, integral, false, "VADD"}, "sub": {0x6e208400, integral, false, "VSUB"},
	"cmtst": {0x4e208c00, integral, false, "VCMTST"}, "ushl": {word: 0x6e204400, sizing: integral},
	"and": {0x4e201c00, unsized, false, "VAND"}, "orr": {0x4ea01c00, unsized, false, "VORR"}, "eor": {0x6e201c00, unsized, false, "VEOR"},
	"bic": {word: 0x4e601c00},
	"bsl": {0x6e601c00, unsized, true, "VBSL"}, "bit": {0x6ea01c00, unsized, true, "VBIT"}, "bif": {0x6ee01c00, unsized, true, "VBIF"},

	"zip1": {0x4e003800, integral, false, "VZIP1"}, "zip2": {0x4e007800, integral, false, "VZIP2"},
	"uzp2": {0x4e005800, integral, false, "VUZP2"},
	"trn1": {0x4e002800, integral, false, "VTRN1"}, "trn2": {0x4e006800, integral, false, "VTRN2"},
}

// Three writes d = a op b, or what else the instruction says.
func (f *Func) Three(name string, a Arrangement, d, n, m V) {
	o, ok := threes[name]
	if !ok {
		panic("a64: no instruction of three registers is called " + name)
	}
	word := o.word | o.bits(a)
	i := instruction{text: fmt.Sprintf("%s v{0}.%s, v{1}.%[2]s, v{2}.%[2]s", name, a.name), args: []argument{write(d), read(n), read(m)}}
	i.args[0].reads = o.keeps
	if o.native != "" {
		i.arm, i.text = i.text, fmt.Sprintf("%s\tV{2}.%s, V{1}.%[2]s, V{0}.%[2]s", o.native, a.goName())
	} else {
		i.encode = func(n []int) uint32 { return word | uint32(n[2]<<16|n[1]<<5|n[0]) }
	}
	f.add(i)
}

// twos take a register to another.
var twos = map[string]form{
	"fneg": {word: 0x6ea0f800, sizing: floating}, "fabs": {word: 0x4ea0f800, sizing: floating}, "fsqrt": {word: 0x6ea1f800, sizing: floating},
	"frintn": {word: 0x4e218800, sizing: floating}, "frintm": {word: 0x4e219800, sizing: floating},
	"frintp": {word: 0x4ea18800, sizing: floating}, "frintz": {word: 0x4ea19800, sizing: floating},
	"fcvtzs": {word: 0x4ea1b800, sizing: floating}, "scvtf": {word: 0x4e21d800, sizing: floating}, "ucvtf": {word: 0x6e21d800, sizing: floating},
	"mvn": {word: 0x6e205800},
}

// Two writes d = op a.
func (f *Func) Two(name string, a Arrangement, d, n V) {
	o, ok := twos[name]
	if !ok {
		panic("a64: no instruction of two registers is called " + name)
	}
	word := o.word | o.bits(a)
	f.encoded(fmt.Sprintf("%s v{0}.%s, v{1}.%[2]s", name, a.name), func(n []int) uint32 { return word | uint32(n[1]<<5|n[0]) }, write(d), read(n))
}

func (f *Func) encoded(text string, encode func(n []int) uint32, args ...argument) {
	f.add(instruction{text: text, encode: encode, args: args})
}

// Copy16 copies a vector register.
func (f *Func) Copy16(d, n V) {
	f.add(instruction{text: "VMOV\tV{1}.B16, V{0}.B16", arm: "mov v{0}.16b, v{1}.16b", args: []argument{write(d), read(n)}})
}

// Zero clears a vector register.
func (f *Func) Zero(d V) {
	f.encoded("movi v{0}.2d, #0000000000000000", func(n []int) uint32 { return 0x6f00e400 | uint32(n[0]) }, write(d))
}

// Negative selects the lanes whose sign bit is set.
func (f *Func) Negative(a Arrangement, d, n V) {
	word := 0x4e20a800 | integral.bits(a)
	f.encoded(fmt.Sprintf("cmlt v{0}.%s, v{1}.%[1]s, #0", a.name), func(n []int) uint32 { return word | uint32(n[1]<<5|n[0]) }, write(d), read(n))
}

// shifts are those by a constant. What is left of those to the right is written as
// twice the bits of a lane less the shift, of those to the left as the bits plus it.
var shifts = map[string]struct {
	form
	left bool
}{
	"shl":  {form{0x4f005400, unsized, false, "VSHL"}, true},
	"ushr": {form{0x6f000400, unsized, false, "VUSHR"}, false},
	"sshr": {form{word: 0x4f000400}, false},
	"sri":  {form{0x6f004400, unsized, true, "VSRI"}, false},
}

// Shift shifts each lane.
func (f *Func) Shift(name string, a Arrangement, d, n V, by int) {
	o, ok := shifts[name]
	if !ok {
		panic("a64: no shift is called " + name)
	}
	lane := 8 << a.log
	amount := 2*lane - by
	if o.left {
		amount = lane + by
	}
	word := o.word | uint32(amount)<<16
	i := instruction{text: fmt.Sprintf("%s v{0}.%s, v{1}.%[2]s, #%d", name, a.name, by), args: []argument{write(d), read(n)}}
	i.args[0].reads = o.keeps
	if o.native != "" {
		i.arm, i.text = i.text, fmt.Sprintf("%s\t$%d, V{1}.%s, V{0}.%[3]s", o.native, by, a.goName())
	} else {
		i.encode = func(n []int) uint32 { return word | uint32(n[1]<<5|n[0]) }
	}
	f.add(i)
}

// conversion is an instruction between lanes of some size and of twice that.
type conversion struct {
	word   uint32
	narrow bool
	// size gives the bits that depend on the narrow lanes' logarithm of bytes.
	size func(log int) uint32
	note func(log int) string
}

func sizeField(log int) uint32  { return uint32(log) << 22 }
func floatField(log int) uint32 { return uint32(log-1) << 22 }
func laneField(log int) uint32  { return uint32(8<<log) << 16 }
func noNote(int) string         { return "" }

var conversions = map[string]conversion{
	"fcvtl": {0x0e217800, false, floatField, noNote},
	"fcvtn": {0x0e216800, true, floatField, noNote},
	"xtn":   {0x0e212800, true, sizeField, noNote},
	"sshll": {0x0f00a400, false, laneField, func(int) string { return ", #0" }},
	"ushll": {0x2f00a400, false, laneField, func(int) string { return ", #0" }},
	"shll":  {0x2e213800, false, sizeField, func(log int) string { return fmt.Sprintf(", #%d", 8<<log) }},
}

// halves and wholes are the arrangements by the logarithm of their lanes' bytes.
var (
	halves = []Arrangement{B8, H4, S2}
	wholes = []Arrangement{B16, H8, S4, D2}
)

// Convert widens the lower half of n, or narrows n to the lower half of d, whose
// upper becomes 0; with upper, the upper half, whose lower stays. Narrow is the
// arrangement of the narrow side: H8, S4, B16.
func (f *Func) Convert(name string, narrow Arrangement, d, n V, upper bool) {
	o, ok := conversions[name]
	if !ok {
		panic("a64: no conversion is called " + name)
	}
	word := o.word | o.size(narrow.log)
	thin, suffix := halves[narrow.log], ""
	if upper {
		word |= 1 << 30
		thin, suffix = wholes[narrow.log], "2"
	}
	wide := wholes[narrow.log+1]
	to, from := wide, thin
	if o.narrow {
		to, from = thin, wide
	}
	result := write(d)
	result.reads = o.narrow && upper
	f.encoded(fmt.Sprintf("%s%s v{0}.%s, v{1}.%s%s", name, suffix, to.name, from.name, o.note(narrow.log)),
		func(n []int) uint32 { return word | uint32(n[1]<<5|n[0]) }, result, read(n))
}

// AddMulLane adds to d the product of n and lane i of m.
func (f *Func) AddMulLane(a Arrangement, d, n, m V, i int) {
	word := 0x4f801000 | uint32(i&1)<<21 | uint32(i>>1)<<11
	if a.log == 3 {
		word = 0x4fc01000 | uint32(i)<<11
	}
	f.encoded(fmt.Sprintf("fmla v{0}.%s, v{1}.%[1]s, v{2}.%s[%d]", a.name, a.lane(), i),
		func(n []int) uint32 { return word | uint32(n[2]<<16|n[1]<<5|n[0]) }, both(d), read(n), read(m))
}

// Spread repeats lane i of n.
func (f *Func) Spread(a Arrangement, d, n V, i int) {
	f.add(instruction{
		text: fmt.Sprintf("VDUP\tV{1}.%s[%d], V{0}.%s", strings.ToUpper(a.lane()), i, a.goName()),
		arm:  fmt.Sprintf("dup v{0}.%s, v{1}.%s[%d]", a.name, a.lane(), i), args: []argument{write(d), read(n)},
	})
}

// SpreadGeneral repeats the low bits of a general register.
func (f *Func) SpreadGeneral(a Arrangement, d V, n R) {
	letter := "w"
	if a.log == 3 {
		letter = "x"
	}
	f.add(instruction{
		text: fmt.Sprintf("VDUP\tR{1}, V{0}.%s", a.goName()),
		arm:  fmt.Sprintf("dup v{0}.%s, %s{1}", a.name, letter), args: []argument{write(d), read(n)},
	})
}

// Extract takes 16 bytes of n and, after it, m, from byte at on.
func (f *Func) Extract(d, n, m V, at int) {
	f.add(instruction{
		text: fmt.Sprintf("VEXT\t$%d, V{2}.B16, V{1}.B16, V{0}.B16", at),
		arm:  fmt.Sprintf("ext v{0}.16b, v{1}.16b, v{2}.16b, #%d", at), args: []argument{write(d), read(n), read(m)},
	})
}

// Table looks bytes up in one register: beyond it they are 0.
func (f *Func) Table(d, table, index V) {
	f.add(instruction{
		text: "VTBL\tV{2}.B16, [V{1}.B16], V{0}.B16",
		arm:  "tbl v{0}.16b, {v{1}.16b}, v{2}.16b", args: []argument{write(d), read(table), read(index)},
	})
}

// across are the folds of a register's lanes to the first.
var across = map[string]uint32{
	"fmaxv.s": 0x6e30f800, "fminv.s": 0x6eb0f800, "fmaxp.d": 0x7e70f800, "fminp.d": 0x7ef0f800,
	"faddp.s": 0x7e30d800, "faddp.d": 0x7e70d800, "umaxv.s": 0x6eb0a800,
}

// Across folds the lanes of n: "fmaxv" and "fminv" four of float32, "umaxv" four
// words, "fmaxp", "fminp" and "faddp" two.
func (f *Func) Across(name string, a Arrangement, d, n V) {
	word, ok := across[name+"."+a.lane()]
	if !ok {
		panic("a64: no fold of lanes is called " + name + "." + a.lane())
	}
	if strings.HasSuffix(name, "p") && a.log == 2 {
		a = S2
	}
	f.encoded(fmt.Sprintf("%s %s{0}, v{1}.%s", name, a.lane(), a.name), func(n []int) uint32 { return word | uint32(n[1]<<5|n[0]) }, write(d), read(n))
}

// ToGeneral brings the first four or eight bytes of v to a general register.
func (f *Func) ToGeneral(d R, v V, bytes int) {
	move := map[int]string{4: "FMOVS", 8: "FMOVD"}[bytes]
	f.general(move+"\tF{1}, R{0}", write(d), read(v))
}
