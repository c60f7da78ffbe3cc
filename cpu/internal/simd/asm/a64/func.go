// Package a64 writes functions in the assembly of Go for arm64. It allocates
// registers, lays out parameters, and encodes the vector instructions that Go's
// assembler does not know.
package a64

import (
	"fmt"
	"strings"
)

// A register stands for one of the processor's until the function is written.
type (
	// R is a register of 64 bits.
	R register
	// V is a vector register of 128 bits.
	V register
)

type register int

// argument is a register that an instruction names.
type argument struct {
	register
	reads, writes bool
}

// instruction is a line of the function; its text names register i as {i}.
type instruction struct {
	text string
	// encode, if not nil, gives the word of an instruction that Go's assembler
	// lacks, by the numbers of its registers. The text is then a comment.
	encode func(n []int) uint32
	// arm, if not empty, is what Arm calls an instruction that is written in
	// Go's way.
	arm    string
	args   []argument
	label  string // that stands here
	target string // that may be jumped to
}

// Func is a function that is being written.
type Func struct {
	name, signature, doc string
	code                 []instruction
	vector               []bool // by register: whether it is one
	params               []param
	frame                int
	argBytes             int
	labels               int
}

// R makes a register.
func (f *Func) R() R { return R(f.register(false)) }

// V makes a vector register.
func (f *Func) V() V { return V(f.register(true)) }

func (f *Func) register(vector bool) register {
	f.vector = append(f.vector, vector)
	return register(len(f.vector) - 1)
}

func (f *Func) add(i instruction) { f.code = append(f.code, i) }

// Roles of arguments.
func read[T R | V](r T) argument  { return argument{register(r), true, false} }
func write[T R | V](r T) argument { return argument{register(r), false, true} }
func both[T R | V](r T) argument  { return argument{register(r), true, true} }

// Label makes a name for a place of the function.
func (f *Func) Label(name string) string {
	f.labels++
	return fmt.Sprintf("%s%d", name, f.labels)
}

// Here puts a label.
func (f *Func) Here(label string) { f.add(instruction{label: label}) }

// Return ends a function.
func (f *Func) Return() { f.add(instruction{text: "RET"}) }

// Local reserves bytes of the stack and gives a register that points to them.
func (f *Func) Local(name string, bytes int) R {
	f.frame += (bytes + 15) &^ 15
	r := f.R()
	f.add(instruction{text: fmt.Sprintf("MOVD\t$%s-%d(SP), R{0}", name, f.frame), args: []argument{write(r)}})
	return r
}

// write gives the lines of the function.
func (f *Func) write(b *strings.Builder) error {
	at, err := f.allocate()
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	fmt.Fprintf(b, "\n// func %s%s\nTEXT ·%s(SB), NOSPLIT, $%d-%d\n", f.name, f.signature, f.name, f.frame, f.argBytes)
	for _, i := range f.code {
		if i.label != "" {
			fmt.Fprintf(b, "\n%s:\n", i.label)
			continue
		}
		n := make([]int, len(i.args))
		for k, a := range i.args {
			n[k] = at[a.register]
		}
		switch {
		case i.encode != nil:
			fmt.Fprintf(b, "\tWORD\t$0x%08x // %s\n", i.encode(n), fill(i.text, n))
		case i.arm != "":
			fmt.Fprintf(b, "\t%s // %s\n", fill(i.text, n), fill(i.arm, n))
		default:
			fmt.Fprintf(b, "\t%s\n", fill(i.text, n))
		}
	}
	return nil
}

// fill puts numbers in the place of {0}, {1} and so on.
func fill(text string, n []int) string {
	for i, v := range n {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i), fmt.Sprint(v))
	}
	return text
}
