// Package frozen compiles modules of the library ahead, those of the packages whose import would else take
// most of a short script's time. Their programs are packed as files that have the modules' dotted names, by
// `go generate ./stdlib/...`, and a test finds what was not: what a module's text compiles to changes with the
// text and with package dialect.
package frozen

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

// Program gives a module's program.
func Program(files packed.Files, module string) (*dialect.Program, error) {
	code, err := files.ReadFile(module)
	if err != nil {
		return nil, err
	}
	return dialect.DecodeProgram(code)
}

// Compile compiles the text of a module of the library.
func Compile(module string, text []byte) (*dialect.Program, error) {
	return dialect.Compile(dialect.Frozen+module+">", text, dialect.ModeFile)
}

// Module is the dotted name of the module that a file of the library's source holds.
func Module(file string) string {
	name := strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__")
	return strings.ReplaceAll(name, "/", ".")
}

// Programs gives what DecodeProgram reads of the modules, and of those below them, by their names.
func Programs(source fs.FS, modules ...string) (map[string][]byte, error) {
	files, err := packed.Source(source)
	if err != nil {
		return nil, err
	}
	programs := map[string][]byte{}
	for file, text := range files {
		module := Module(file)
		if !slices.ContainsFunc(modules, func(m string) bool { return module == m || strings.HasPrefix(module, m+".") }) {
			continue
		}
		p, err := Compile(module, text)
		if err == nil {
			programs[module], err = p.Encode()
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return programs, nil
}
