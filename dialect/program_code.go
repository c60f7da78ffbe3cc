package dialect

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.starlark.net/starlark"
)

// stored is a program as Encode writes it.
type stored struct {
	Name    string   `json:"name"`
	Helpers []string `json:"helpers"`
	Globals []string `json:"globals"`
	Doc     string   `json:"doc,omitempty"`
	Code    []byte   `json:"code"`
}

// Encode writes a compiled program for DecodeProgram of the same build.
func (p *Program) Encode() ([]byte, error) {
	var code bytes.Buffer
	if err := p.program.Write(&code); err != nil {
		return nil, fmt.Errorf("encode %s: %w", p.name, err)
	}
	return json.Marshal(stored{p.name, p.helpers, p.globals, p.doc, code.Bytes()})
}

// DecodeProgram gives the program that Encode wrote. Bytecode is not verified: what runs
// it must trust where it comes from.
func DecodeProgram(data []byte) (*Program, error) {
	var s stored
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("decode program: %w", err)
	}
	for _, name := range s.Helpers {
		if helperTable[name] == nil {
			return nil, fmt.Errorf("decode program: %s needs the helper %q, which this build does not have", s.Name, name)
		}
	}
	code, err := starlark.CompiledProgram(bytes.NewReader(s.Code))
	if err != nil {
		return nil, fmt.Errorf("decode program: %s: %w", s.Name, err)
	}
	return &Program{name: s.Name, program: code, helpers: s.Helpers, globals: s.Globals, doc: s.Doc}, nil
}
