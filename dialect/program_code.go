package dialect

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"go.starlark.net/starlark"
)

// stored is what Encode writes before the bytecode: its length as a uvarint, then this.
type stored struct {
	Name    string   `json:"name"`
	Helpers []string `json:"helpers"`
	Globals []string `json:"globals"`
	Doc     string   `json:"doc,omitempty"`
}

// Encode writes a compiled program for DecodeProgram of the same build.
func (p *Program) Encode() ([]byte, error) {
	head, err := json.Marshal(stored{p.name, p.helpers, p.globals, p.doc})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", p.name, err)
	}
	var b bytes.Buffer
	b.Write(binary.AppendUvarint(nil, uint64(len(head))))
	b.Write(head)
	if err := p.program.Write(&b); err != nil {
		return nil, fmt.Errorf("encode %s: %w", p.name, err)
	}
	return b.Bytes(), nil
}

// DecodeProgram gives the program that Encode wrote. Bytecode is not verified: what runs
// it must trust where it comes from.
func DecodeProgram(data []byte) (*Program, error) {
	n, width := binary.Uvarint(data)
	if width <= 0 || n > uint64(len(data)-width) {
		return nil, errors.New("decode program: it is cut short")
	}
	head, code := data[width:width+int(n)], data[width+int(n):]
	var s stored
	if err := json.Unmarshal(head, &s); err != nil {
		return nil, fmt.Errorf("decode program: %w", err)
	}
	for _, name := range s.Helpers {
		if helperTable[name] == nil {
			return nil, fmt.Errorf("decode program: %s needs the helper %q, which this build does not have", s.Name, name)
		}
	}
	program, err := starlark.CompiledProgram(bytes.NewReader(code))
	if err != nil {
		return nil, fmt.Errorf("decode program: %s: %w", s.Name, err)
	}
	return &Program{name: s.Name, program: program, helpers: s.Helpers, globals: s.Globals, doc: s.Doc}, nil
}
