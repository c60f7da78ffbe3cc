package stdlib

import (
	"runtime"
	"strings"
	"sync"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/stdlib/internal/frozen"
)

// compiler compiles the library's modules that are written in the script language. A
// package's modules are compiled ahead, on all processors, when the package is first asked
// for: they wait for nothing but each other's running.
type compiler struct {
	mu       sync.Mutex
	programs map[string]func() (*dialect.Program, error) // each compiles once
	ahead    map[string]bool                             // packages that were compiled ahead
}

// compiled are the programs of the library's modules, which all runtimes of the process
// share: a module's text never changes, nor does a program once it is compiled.
var compiled = compiler{programs: map[string]func() (*dialect.Program, error){}, ahead: map[string]bool{}}

func (c *compiler) compile(name string, source func() ([]byte, error)) (*dialect.Program, error) {
	c.mu.Lock()
	c.compileAhead(name)
	once := c.programs[name]
	if once == nil {
		once = program(name, source)
		c.programs[name] = once
	}
	c.mu.Unlock()
	return once()
}

// program gives a module's program, once: the one that is frozen, or what the source
// compiles to.
func program(name string, source func() ([]byte, error)) func() (*dialect.Program, error) {
	return sync.OnceValues(func() (*dialect.Program, error) {
		if programs.Has(name) {
			return frozen.Program(programs, name)
		}
		src, err := source()
		if err != nil {
			return nil, err
		}
		return frozen.Compile(name, src)
	})
}

// compileAhead starts compiling the modules of a package.
func (c *compiler) compileAhead(pkg string) {
	dir := strings.ReplaceAll(pkg, ".", "/")
	if c.ahead[pkg] || !sources.HasFolder(dir) {
		return
	}
	c.ahead[pkg] = true
	var work []func() (*dialect.Program, error)
	for _, path := range sources.Names(dir) {
		name := frozen.Module(path)
		if c.programs[name] != nil {
			continue
		}
		once := program(name, func() ([]byte, error) { return sources.ReadFile(path) })
		c.programs[name] = once
		work = append(work, once)
	}
	todo := make(chan func() (*dialect.Program, error), len(work))
	for _, once := range work {
		todo <- once
	}
	close(todo)
	for range runtime.GOMAXPROCS(0) - 1 {
		go func() {
			for once := range todo {
				_, _ = once() // whoever imports the module gets the error
			}
		}()
	}
}
