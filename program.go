package mlxstar

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// Program is a compiled script. It never changes: any number of runtimes may run it,
// also at once.
type Program struct {
	name, source string
	code         *dialect.Program
}

// Compile compiles a script, named name in error messages. The error is an *Error of
// type SyntaxError, or of one of its kinds, with file, line and column.
func Compile(name, source string) (*Program, error) {
	code, err := dialect.Compile(name, []byte(source), dialect.ModeFile)
	if err != nil {
		return nil, compileError(err)
	}
	return &Program{name, source, code}, nil
}

// Name is what the program was compiled under.
func (p *Program) Name() string { return p.name }

// Source is the text that was compiled.
func (p *Program) Source() string { return p.source }

// Run runs a program, as Exec runs a source.
func (rt *Runtime) Run(ctx context.Context, p *Program) error {
	_, err := rt.runWith(ctx, Span{Kind: SpanExec, Name: p.name}, nil, func(thread *starlark.Thread) (starlark.Value, error) { return rt.runProgram(thread, p) })
	return err
}

func (rt *Runtime) runProgram(thread *starlark.Thread, p *Program) (starlark.Value, error) {
	rt.sources[p.name] = p.source
	return p.code.Run(thread, rt.main)
}

// compileError is the package's error of a source that does not compile.
func compileError(err error) error {
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return syntaxError(bad, err)
	}
	return internalError(err)
}

// ProgramCache compiles each script once: for all runtimes of the process and, with a
// folder, for processes of the same program that come later. The zero value has no folder.
//
// What lies in the folder is run as it is: whoever may write to it may do what the process
// may.
type ProgramCache struct {
	// Dir is the folder, which is made when it is needed; "" is none.
	Dir string

	mu       sync.Mutex
	programs map[[sha256.Size]byte]*Program
}

// maxPrograms bounds what a cache keeps in memory.
const maxPrograms = 512

// Compile gives a program, as the function of that name does. A folder that cannot be
// read or written is no error: the program is compiled then.
func (c *ProgramCache) Compile(name, source string) (*Program, error) {
	key := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%s\x00%s", Version, build(), len(name), name, source))
	c.mu.Lock()
	p := c.programs[key]
	c.mu.Unlock()
	if p != nil {
		return p, nil
	}
	p, err := c.load(key, name, source)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.programs == nil || len(c.programs) >= maxPrograms {
		c.programs = map[[sha256.Size]byte]*Program{}
	}
	c.programs[key] = p
	return p, nil
}

// load reads a program from the folder, or compiles it and writes it there.
func (c *ProgramCache) load(key [sha256.Size]byte, name, source string) (*Program, error) {
	if c.Dir == "" {
		return Compile(name, source)
	}
	path := filepath.Join(c.Dir, hex.EncodeToString(key[:])+".mlxc")
	if data, err := os.ReadFile(path); err == nil && len(data) > sha256.Size {
		sum := sha256.Sum256(data[sha256.Size:])
		if bytes.Equal(sum[:], data[:sha256.Size]) {
			if code, err := dialect.DecodeProgram(data[sha256.Size:]); err == nil {
				return &Program{name, source, code}, nil
			}
		}
	}
	p, err := Compile(name, source)
	if err != nil {
		return nil, err
	}
	if code, err := p.code.Encode(); err == nil {
		sum := sha256.Sum256(code)
		_ = writeWhole(path, append(sum[:], code...)) // the cache only saves time
	}
	return p, nil
}

// writeWhole writes a file as a whole or not at all.
func writeWhole(path string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// build tells builds of the program apart, whose bytecode may differ.
var build = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return path
	}
	return fmt.Sprintf("%s %d %d", path, info.Size(), info.ModTime().UnixNano())
})
