package a64

import (
	"fmt"
	"strings"
)

// param is a parameter or a result, and where it lies.
type param struct {
	name, goType string
	offset       int
}

// sizes of the types that parameters have, and the instructions that move them.
var paramTypes = map[string]struct {
	size int
	move string
}{
	"int":     {8, "MOVD"},
	"bool":    {1, "MOVBU"},
	"uint32":  {4, "MOVWU"},
	"float32": {4, "FMOVS"},
	"float64": {8, "FMOVD"},
	"pointer": {8, "MOVD"},
}

func kindOf(goType string) string {
	if strings.HasPrefix(goType, "*") {
		return "pointer"
	}
	return goType
}

// layOut places the parameters and results of a signature such as
// "(dst, a *float32, n int) (r float32)".
func (f *Func) layOut() error {
	at := 0
	lists := strings.SplitN(strings.TrimPrefix(f.signature, "("), ")", 2)
	lists[1] = strings.Trim(lists[1], " ()")
	for i, list := range lists {
		if i == 1 && list != "" {
			at = (at + 7) &^ 7
		}
		var names []string
		for _, part := range strings.Split(list, ",") {
			words := strings.Fields(part)
			switch len(words) {
			case 0:
				continue
			case 1:
				names = append(names, words[0])
				continue
			}
			t, ok := paramTypes[kindOf(words[1])]
			if !ok {
				return fmt.Errorf("%s: parameters of type %s are not known", f.name, words[1])
			}
			for _, name := range append(names, words[0]) {
				at = (at + t.size - 1) &^ (t.size - 1)
				f.params = append(f.params, param{name, words[1], at})
				at += t.size
			}
			names = nil
		}
	}
	f.argBytes = at
	return nil
}

func (f *Func) param(name string) param {
	for _, p := range f.params {
		if p.name == name {
			return p
		}
	}
	panic("a64: " + f.name + " has no parameter " + name)
}

// Load brings a parameter into a register.
func (f *Func) Load(name string) R {
	p, r := f.param(name), f.R()
	f.add(instruction{text: fmt.Sprintf("%s\t%s+%d(FP), R{0}", paramTypes[kindOf(p.goType)].move, name, p.offset), args: []argument{write(r)}})
	return r
}

// LoadFloat brings a parameter into the first lane of a register.
func (f *Func) LoadFloat(name string) V {
	p, v := f.param(name), f.V()
	f.add(instruction{text: fmt.Sprintf("%s\t%s+%d(FP), F{0}", paramTypes[p.goType].move, name, p.offset), args: []argument{write(v)}})
	return v
}

// Result stores a result that is a whole number.
func (f *Func) Result(name string, r R) {
	f.add(instruction{text: fmt.Sprintf("MOVD\tR{0}, %s+%d(FP)", name, f.param(name).offset), args: []argument{read(r)}})
}

// ResultFloat stores a result that is the first lane of a register.
func (f *Func) ResultFloat(name string, v V) {
	p := f.param(name)
	f.add(instruction{text: fmt.Sprintf("%s\tF{0}, %s+%d(FP)", paramTypes[p.goType].move, name, p.offset), args: []argument{read(v)}})
}
