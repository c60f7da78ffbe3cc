package stdlib

import (
	"io/fs"
	"runtime"
	"strings"
	"sync"

	"github.com/mlxstar/mlxstar/dialect"
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

func (c *compiler) compile(name string, src []byte) (*dialect.Program, error) {
	c.mu.Lock()
	c.compileAhead(name)
	once := c.programs[name]
	if once == nil {
		once = sync.OnceValues(func() (*dialect.Program, error) {
			return dialect.Compile(dialect.Frozen+name+">", src, dialect.ModeFile)
		})
		c.programs[name] = once
	}
	c.mu.Unlock()
	return once()
}

// compileAhead starts compiling the modules of a package.
func (c *compiler) compileAhead(pkg string) {
	dir := "source/" + strings.ReplaceAll(pkg, ".", "/")
	if info, err := fs.Stat(sources, dir); err != nil || !info.IsDir() || c.ahead[pkg] {
		return
	}
	c.ahead[pkg] = true
	var work []func() (*dialect.Program, error)
	// A file system in memory has no errors to report; what is not found ahead is
	// compiled when it is asked for.
	_ = fs.WalkDir(sources, dir, func(path string, d fs.DirEntry, err error) error {
		file, isSource := strings.CutSuffix(path, ".py")
		if err != nil || d.IsDir() || !isSource {
			return err
		}
		name := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(file, "source/"), "/__init__"), "/", ".")
		once := sync.OnceValues(func() (*dialect.Program, error) {
			src, err := sources.ReadFile(path)
			if err != nil {
				return nil, err
			}
			return dialect.Compile(dialect.Frozen+name+">", src, dialect.ModeFile)
		})
		if c.programs[name] != nil {
			return nil
		}
		c.programs[name] = once
		work = append(work, once)
		return nil
	})
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
