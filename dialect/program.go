package dialect

import (
	"fmt"
	"strconv"
	"strings"

	"go.starlark.net/starlark"
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// Mode is what a source is compiled as.
type Mode uint8

const (
	// ModeFile is a whole file. Running it gives None.
	ModeFile Mode = iota
	// ModeInteractive is a chunk typed at a prompt. Running it gives the value of
	// its last statement if that is an expression, else None.
	ModeInteractive
	// ModeEval is one expression. Running it gives its value.
	ModeEval
)

// Program is a compiled source. It can be run any number of times.
type Program struct {
	name    string
	program *starlark.Program
	helpers []string
	globals []string
	doc     string
}

// Compile compiles a source. The error is a *syntax.Error.
func Compile(filename string, src []byte, mode Mode) (prog *Program, err error) {
	file := &syntax.File{Name: filename}
	if mode == ModeEval {
		x, err := syntax.ParseExpr(filename, src)
		if err != nil {
			return nil, err
		}
		file.Body = []syntax.Stmt{&syntax.ExprStmt{Span: x.Range(), X: x}}
	} else if file, err = syntax.Parse(filename, src); err != nil {
		return nil, err
	}
	return compile(file, src, mode)
}

func compile(file *syntax.File, src []byte, mode Mode) (prog *Program, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *syntax.Error:
			prog, err = nil, r
		default:
			prog, err = nil, fmt.Errorf("compile %s: internal error: %v", file.Name, r)
		}
	}()
	// The positions of the compiled code point at the path: one of its own, or they would keep the whole tree.
	path := strings.Clone(file.Name)
	l := &lowerer{file: file.Name, src: src, path: &path, fn: &function{name: moduleFrame}}
	l.text = textAnnotations(file.Body)
	l.scope = analyze(file.Name, src, file.Body)
	body := l.collect(func() { l.chunk(file.Body, mode) })
	body = l.scrub(body)
	start := syntax.Pos{Line: 1, Col: 1}
	tree := &stars.File{Path: file.Name, Options: &options}
	tree.Stmts = append(l.prologue(start), body...)
	declared := func(name string) bool { return len(name) > 0 && name[0] == '@' }
	program, err := starlark.FileProgram(tree, declared)
	if err != nil {
		return nil, fmt.Errorf("compile %s: internal error: %v", file.Name, err)
	}
	prog = &Program{name: file.Name, program: program, helpers: l.helpers.names, globals: l.globals.names}
	if len(file.Body) > 0 {
		prog.doc, _ = docstring(file.Body[0])
	}
	return prog, nil
}

// moduleFrame is Starlark's name for the function that runs a file.
const moduleFrame = "<toplevel>"

// chunk lowers the statements of a file. The value of the last one, if mode
// asks for it, goes to the run.
func (l *lowerer) chunk(body []syntax.Stmt, mode Mode) {
	if n := len(body); n > 0 && mode != ModeFile {
		if last, ok := body[n-1].(*syntax.ExprStmt); ok {
			l.stmts(body[:n-1])
			value := l.expr(last.X)
			l.assign(l.field(l.ident(runName, last.Start), content, last.Start), value, last.Start)
			return
		}
	}
	l.stmts(body)
}

// run is one run of a program: where its result goes, and what its helpers
// need to know. The functions it defines hold on to it.
type run struct {
	module *Module
	result starlark.Value
}

var _ starlark.HasSetField = (*run)(nil)

func (r *run) String() string        { return "<run>" }
func (r *run) Type() string          { return "run" }
func (r *run) Freeze()               {}
func (r *run) Truth() starlark.Bool  { return true }
func (r *run) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'run'") }
func (r *run) AttrNames() []string   { return nil }

// ModuleName is the __module__ of the functions that the chunk defines.
func (r *run) ModuleName() string { return r.module.name }

// Attr gives the result.
func (r *run) Attr(string) (starlark.Value, error) { return r.result, nil }

// SetField sets the result.
func (r *run) SetField(_ string, v starlark.Value) error {
	r.result = v
	return nil
}

// Run runs the program with m's global variables. An exception that the script
// does not catch is an error that wraps an *object.Exception; Traceback prints
// it.
func (p *Program) Run(thread *starlark.Thread, m *Module) (starlark.Value, error) {
	if thread.CallStackDepth() == 0 {
		// What an earlier run left behind when it was cancelled.
		*stateOf(thread) = state{}
	}
	r := &run{module: m}
	predeclared := starlark.StringDict{runName: r}
	p.declare(predeclared, helpersName, p.helpers, func(name string) starlark.Value { return helperTable[name] })
	p.declare(predeclared, globalsName, p.globals, func(name string) starlark.Value { return m.cell(name) })
	if p.doc != "" {
		m.Set("__doc__", starlark.String(p.doc))
	}
	_, err := p.program.Init(thread, predeclared)
	result := r.result
	r.result = nil // the functions that the chunk defined hold on to the run
	if err != nil {
		if thread.CallStackDepth() > 0 && !object.IsUncatchable(err) {
			// The frames below come before those of this run.
			return nil, caught(thread, err)
		}
		return nil, raised(err)
	}
	if result == nil {
		result = starlark.None
	}
	return result, nil
}

// declare splits values into the tuples that the prologue unpacks.
func (p *Program) declare(d starlark.StringDict, prefix string, names []string, value func(string) starlark.Value) {
	for i := 0; i < len(names); i += unpackWidth {
		var part starlark.Tuple
		for _, name := range names[i:min(i+unpackWidth, len(names))] {
			part = append(part, value(name))
		}
		d[prefix+strconv.Itoa(i/unpackWidth)] = part
	}
}

// Incomplete tells whether a source typed at a prompt goes on: it is the start
// of a program, and ends inside a bracket, a string or a block. A block ends at
// an empty line.
func Incomplete(src []byte) bool {
	_, err := syntax.Parse("<stdin>", src)
	if e, ok := err.(*syntax.Error); ok {
		return e.Incomplete
	}
	return err == nil && openBlock(src)
}

// openBlock tells whether the last line of a program that is complete belongs
// to a block, so that the block may go on.
func openBlock(src []byte) bool {
	n := len(src)
	if n > 0 && src[n-1] == '\n' {
		n--
	}
	start := n
	for start > 0 && src[start-1] != '\n' {
		start--
	}
	line := string(src[start:n])
	file, err := syntax.Parse("<stdin>", src)
	if err != nil || len(file.Body) == 0 || isBlank(line) {
		return false
	}
	switch last := file.Body[len(file.Body)-1].(type) {
	case *syntax.If, *syntax.While, *syntax.For, *syntax.FuncDef, *syntax.ClassDef, *syntax.With, *syntax.Match, *syntax.Try:
		return last.Range().Start.Line <= last.Range().Stop.Line
	}
	return false
}

func isBlank(line string) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// options are what the lowered tree needs of Starlark.
var options = stars.FileOptions{
	Set:             true,
	While:           true,
	TopLevelControl: true,
	GlobalReassign:  true,
	Recursion:       true,
}
