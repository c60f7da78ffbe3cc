package a64

import "fmt"

// general adds an instruction of Go's assembler.
func (f *Func) general(text string, args ...argument) { f.add(instruction{text: text, args: args}) }

// Move copies a to d.
func (f *Func) Move(d, a R) { f.general("MOVD\tR{1}, R{0}", write(d), read(a)) }

// Set makes d a number.
func (f *Func) Set(d R, v int) { f.general(fmt.Sprintf("MOVD\t$%d, R{0}", v), write(d)) }

// Add makes d the sum of a and b.
func (f *Func) Add(d, a, b R) { f.general("ADD\tR{2}, R{1}, R{0}", write(d), read(a), read(b)) }

// AddShifted makes d the sum of a and b times a power of two.
func (f *Func) AddShifted(d, a, b R, shift int) {
	f.general(fmt.Sprintf("ADD\tR{2}<<%d, R{1}, R{0}", shift), write(d), read(a), read(b))
}

// AddNumber adds v, which may be negative, to d.
func (f *Func) AddNumber(d R, v int) {
	if v < 0 {
		f.general(fmt.Sprintf("SUB\t$%d, R{0}, R{0}", -v), both(d))
		return
	}
	f.general(fmt.Sprintf("ADD\t$%d, R{0}, R{0}", v), both(d))
}

// Sub makes d the difference of a and b.
func (f *Func) Sub(d, a, b R) { f.general("SUB\tR{2}, R{1}, R{0}", write(d), read(a), read(b)) }

// Mul makes d the product of a and b.
func (f *Func) Mul(d, a, b R) { f.general("MUL\tR{2}, R{1}, R{0}", write(d), read(a), read(b)) }

// ShiftLeft multiplies d by a power of two.
func (f *Func) ShiftLeft(d R, by int) { f.general(fmt.Sprintf("LSL\t$%d, R{0}, R{0}", by), both(d)) }

// SubFlags takes v from d and sets the flags that jumps look at.
func (f *Func) SubFlags(d R, v int) { f.general(fmt.Sprintf("SUBS\t$%d, R{0}, R{0}", v), both(d)) }

// Compare sets the flags by the comparison of a and a number.
func (f *Func) Compare(a R, v int) { f.general(fmt.Sprintf("CMP\t$%d, R{0}", v), read(a)) }

// Jump goes to a label.
func (f *Func) Jump(label string) { f.add(instruction{text: "JMP\t" + label, target: label}) }

// If jumps where the flags meet a condition of Go's assembler: LT, NE.
func (f *Func) If(condition, label string) {
	f.add(instruction{text: "B" + condition + "\t" + label, target: label})
}

// IfZero jumps where a is 0.
func (f *Func) IfZero(a R, label string) {
	f.add(instruction{text: "CBZ\tR{0}, " + label, args: []argument{read(a)}, target: label})
}

// IfNotZero jumps where a is not 0.
func (f *Func) IfNotZero(a R, label string) {
	f.add(instruction{text: "CBNZ\tR{0}, " + label, args: []argument{read(a)}, target: label})
}

// IfClear jumps where a bit of a is 0.
func (f *Func) IfClear(a R, bit int, label string) {
	f.add(instruction{text: fmt.Sprintf("TBZ\t$%d, R{0}, %s", bit, label), args: []argument{read(a)}, target: label})
}

// moves are the instructions that load and store some bytes of a general register.
var moves = map[int][2]string{4: {"MOVWU", "MOVW"}, 8: {"MOVD", "MOVD"}}

// Copy moves 4 or 8 bytes of memory.
func (f *Func) Copy(to R, toOffset int, from R, fromOffset, bytes int) {
	t := f.R()
	f.general(fmt.Sprintf("%s\t%d(R{1}), R{0}", moves[bytes][0], fromOffset), write(t), read(from))
	f.general(fmt.Sprintf("%s\tR{0}, %d(R{1})", moves[bytes][1], toOffset), read(t), read(to))
}

// vectorMoves are the instructions that move some bytes of a vector register.
var vectorMoves = map[int]string{4: "FMOVS", 8: "FMOVD", 16: "FMOVQ"}

// LoadBytes brings 4, 8 or 16 bytes of memory to d, whose rest becomes 0.
func (f *Func) LoadBytes(d V, base R, offset, bytes int) {
	f.general(fmt.Sprintf("%s\t%d(R{1}), F{0}", vectorMoves[bytes], offset), write(d), read(base))
}

// LoadHalf brings 2 bytes of memory to d, whose rest becomes 0.
func (f *Func) LoadHalf(d V, base R) {
	t := f.R()
	f.general("MOVHU\t(R{1}), R{0}", write(t), read(base))
	f.general("FMOVS\tR{1}, F{0}", write(d), read(t))
}

// LoadPair brings 32 bytes of memory to two registers.
func (f *Func) LoadPair(d, e V, base R, offset int) {
	f.general(fmt.Sprintf("FLDPQ\t%d(R{2}), (F{0}, F{1})", offset), write(d), write(e), read(base))
}

// StoreBytes brings the first 4, 8 or 16 bytes of v to memory.
func (f *Func) StoreBytes(v V, base R, offset, bytes int) {
	f.general(fmt.Sprintf("%s\tF{0}, %d(R{1})", vectorMoves[bytes], offset), read(v), read(base))
}

// StorePair brings two registers to 32 bytes of memory.
func (f *Func) StorePair(v, w V, base R, offset int) {
	f.general(fmt.Sprintf("FSTPQ\t(F{0}, F{1}), %d(R{2})", offset), read(v), read(w), read(base))
}

// Prefetch asks for memory that will be written.
func (f *Func) Prefetch(base R, offset int) {
	f.general(fmt.Sprintf("PRFM\t%d(R{0}), PSTL1KEEP", offset), read(base))
}

// Address makes d the address of a table of the file.
func (f *Func) Address(d R, table string) {
	f.general(fmt.Sprintf("MOVD\t$%s<>(SB), R{0}", table), write(d))
}
