// Package frozen keeps the programs of modules of the library compiled, those of the packages whose import
// would else take most of a short script's time. They are written from the library's source by
// `go generate ./stdlib/...`, and a test finds what was not: what a module's text compiles to changes with the
// text and with package dialect.
package frozen

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

// Suffix is what the file of a module's program has behind the module's dotted name.
const Suffix = packed.Suffix

// Files are the programs in a folder.
type Files struct{ files fs.FS }

// Of gives the programs in a folder of an embedded file system.
func Of(files fs.FS, folder string) Files {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic("frozen: " + err.Error()) // the folder is a constant of the program
	}
	return Files{sub}
}

// Has reports whether a module's program is there.
func (f Files) Has(module string) bool {
	_, err := fs.Stat(f.files, module+Suffix)
	return err == nil
}

// Program gives a module's program.
func (f Files) Program(module string) (*dialect.Program, error) {
	data, err := f.code(module)
	if err != nil {
		return nil, err
	}
	return dialect.DecodeProgram(data)
}

func (f Files) code(module string) ([]byte, error) {
	squeezed, err := fs.ReadFile(f.files, module+Suffix)
	if err != nil {
		return nil, err
	}
	return packed.Unpack(squeezed)
}

// Freeze gives the file of a module's program.
func Freeze(module string, text []byte) ([]byte, error) {
	code, err := encode(module, text)
	if err != nil {
		return nil, err
	}
	return packed.Pack(code)
}

// Compile compiles the text of a module of the library.
func Compile(module string, text []byte) (*dialect.Program, error) {
	return dialect.Compile(dialect.Frozen+module+">", text, dialect.ModeFile)
}

func encode(module string, text []byte) ([]byte, error) {
	p, err := Compile(module, text)
	if err != nil {
		return nil, err
	}
	return p.Encode()
}

// Module is the dotted name of the module that a file of the library's source holds.
func Module(file string) string {
	name := strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__")
	return strings.ReplaceAll(name, "/", ".")
}

// Compare gives the files of the library's source that belong to the modules, or are below them, and whose
// programs are not there as they compile now, and the modules whose programs are there and ought not to be.
func (f Files) Compare(source fs.FS, modules ...string) (stale, gone []string, err error) {
	seen := map[string]bool{}
	err = fs.WalkDir(source, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".py" {
			return err
		}
		module := Module(file)
		if !slices.ContainsFunc(modules, func(m string) bool { return module == m || strings.HasPrefix(module, m+".") }) {
			return nil
		}
		seen[module] = true
		text, err := fs.ReadFile(source, file)
		if err != nil {
			return err
		}
		want, err := encode(module, text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if got, err := f.code(module); err != nil || !bytes.Equal(got, want) {
			stale = append(stale, file)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	kept, err := fs.Glob(f.files, "*"+Suffix)
	for _, file := range kept {
		if module := strings.TrimSuffix(file, Suffix); !seen[module] {
			gone = append(gone, module)
		}
	}
	return stale, gone, err
}
