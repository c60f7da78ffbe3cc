package dialect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// evalErrorOf gives Starlark's error around an error, which has the stack. What an
// exception was made from is not looked at: the exception has a traceback already.
func evalErrorOf(err error) *starlark.EvalError {
	for ; err != nil; err = errors.Unwrap(err) {
		switch err := err.(type) {
		case *starlark.EvalError:
			return err
		case *object.Exception:
			return nil
		}
	}
	return nil
}

// stackOf gives the script frames of an error's call stack, outermost first. A call
// that went too deep is its caller's error: the function did not begin.
func stackOf(err error) []object.Frame {
	eval := evalErrorOf(err)
	if eval == nil {
		return nil
	}
	frames := make([]object.Frame, 0, len(eval.CallStack))
	for _, f := range eval.CallStack {
		if isHelper(f.Name) || f.Pos.Filename() == "<builtin>" {
			continue
		}
		frames = append(frames, object.Frame{File: f.Pos.Filename(), Line: int(f.Pos.Line), Col: int(f.Pos.Col), Function: f.Name})
	}
	if n := len(frames); n > 1 && eval.CallStack.At(0).Name == "@enter" {
		frames = frames[:n-1]
	}
	return frames
}

// exceptionOf gives the exception of an error and its traceback so far,
// outermost frame first. One that was caught before and raised again has the
// frames of its way down to where it was caught, to which those of the way to
// where it was raised again are added.
func exceptionOf(err error) (*object.Exception, []object.Frame) {
	stack := stackOf(err)
	known := knownException(err)
	if known != nil && len(known.Traceback) > 0 && !samePlaces(known.Traceback, stack) {
		outer := visible(stack)
		if n := len(outer); n > 0 && outer[n-1].Function == known.Traceback[0].Function && outer[n-1].File == known.Traceback[0].File {
			outer = outer[:n-1]
		}
		return known, append(outer, known.Traceback...)
	}
	if known != nil && len(known.Traceback) == 0 {
		return known, visible(stack)
	}
	e := object.AsException(err)
	if known == nil && misfit(err) && len(stack) > 1 {
		stack = stack[:len(stack)-1]
		if msg, ok := e.Args[0].(starlark.String); ok {
			// The slash keeps keywords from naming positional-only parameters.
			e.Args = starlark.Tuple{starlark.String(strings.ReplaceAll(string(msg), "/'", "'"))}
		}
	}
	return e, visible(stack)
}

// knownException is the exception that an error is or wraps, or nil.
func knownException(err error) *object.Exception {
	if eval, ok := err.(*starlark.EvalError); ok {
		if e, ok := eval.Unwrap().(*object.Exception); ok {
			return e
		}
	}
	var e *object.Exception
	errors.As(err, &e)
	return e
}

// samePlaces tells whether a traceback is the stack as it is.
func samePlaces(trace, stack []object.Frame) bool {
	return len(trace) == len(stack) && slices.EqualFunc(trace, stack, func(a, b object.Frame) bool {
		return a.File == b.File && a.Line == b.Line && a.Col == b.Col
	})
}

// misfit tells whether an error is that of arguments that do not fit a
// function. Starlark finds it in the function's frame; Python, and so the
// traceback, in the caller's.
func misfit(err error) bool {
	var eval *starlark.EvalError
	return errors.As(err, &eval) && len(eval.CallStack) > 0 &&
		strings.HasPrefix(eval.Msg, "function "+eval.CallStack.At(0).Name+" ")
}

// caught gives the exception of an error that a helper stops. Its traceback
// starts at the script frame that called the helper.
func caught(thread *starlark.Thread, err error) *object.Exception {
	e, trace := exceptionOf(err)
	if n := visibleDepth(thread) - 1; n > 0 && n < len(trace) {
		trace = trace[n:]
	}
	e.Traceback = trace
	return e
}

// visibleDepth is the number of a thread's frames that a script sees; see visible.
func visibleDepth(thread *starlark.Thread) int {
	n, file := 0, ""
	for i := thread.CallStackDepth() - 1; i >= 0; i-- {
		fn, ok := thread.DebugFrame(i).Callable().(*starlark.Function)
		if !ok || isHelper(fn.Name()) {
			continue
		}
		if name := fn.Position().Filename(); n == 0 || name != file || !strings.Contains(fn.Name(), bodySuffix) {
			n, file = n+1, name
		}
	}
	return n
}

// raised gives the error of a run that an exception ended: the exception, with
// its traceback. What is not an exception stays as it is.
func raised(err error) error {
	if object.IsUncatchable(err) {
		return err
	}
	e, trace := exceptionOf(err)
	e.Traceback = trace
	return e
}

// Frozen begins the file names of modules that come with the program: "<frozen
// functools>".
const Frozen = "<frozen "

// Site gives the place in the script that a thread executes: the line of the
// innermost frame of a script's own file, else of a module that comes with the
// program. The file is empty if there is none.
func Site(thread *starlark.Thread) (file string, line int) { return SiteAbove(thread, 0) }

// SiteAbove is Site for the caller that many such frames up.
func SiteAbove(thread *starlark.Thread, up int) (file string, line int) {
	for i := range thread.CallStackDepth() {
		frame := thread.DebugFrame(i)
		fn, ok := frame.Callable().(*starlark.Function)
		if !ok {
			continue
		}
		switch frozen := strings.HasPrefix(fn.Position().Filename(), Frozen); {
		case frozen && line == 0 || !frozen && up == 0:
			pos := frame.Position()
			file, line = pos.Filename(), int(pos.Line)
			if !frozen {
				return file, line
			}
		case !frozen && !strings.Contains(fn.Name(), bodySuffix):
			// The body of a try or with statement is a frame of its function.
			up--
		}
	}
	return file, line
}

// Stack gives the places that a thread executes, the innermost first, at most limit of
// them: frames of scripts' own files, or of modules that come with the program where
// there are no others. A function is named as in tracebacks.
func Stack(thread *starlark.Thread, limit int) []object.Frame {
	return AppendStack(nil, thread, limit)
}

// AppendStack appends what Stack gives to frames.
func AppendStack(frames []object.Frame, thread *starlark.Thread, limit int) []object.Frame {
	start := len(frames)
	own := false
	body := false // of a try or with statement, a frame of the next function
	for i := range thread.CallStackDepth() {
		frame := thread.DebugFrame(i)
		fn, ok := frame.Callable().(*starlark.Function)
		if !ok {
			continue
		}
		inner := body
		body = strings.Contains(fn.Name(), bodySuffix)
		if inner {
			continue
		}
		// Where a function is defined tells whose it is, without looking its line up.
		frozen := strings.HasPrefix(fn.Position().Filename(), Frozen)
		if frozen && (own || len(frames)-start == limit) {
			continue
		}
		if !frozen && !own {
			frames, own = frames[:start], true
		}
		pos := frame.Position()
		name, _, _ := strings.Cut(fn.Name(), bodySuffix)
		frames = append(frames, object.Frame{File: pos.Filename(), Line: int(pos.Line), Function: displayName(name)})
		if own && len(frames)-start == limit {
			break
		}
	}
	return frames
}

// Traceback prints an error as Python prints an uncaught exception: the frames
// with their source lines, then the type and the message. Source gives the
// content of a file; it may be nil. A syntax error is printed with its line
// and a caret.
func Traceback(err error, source func(file string) ([]byte, bool)) string {
	var syn *syntax.Error
	var raised *object.Exception
	if errors.As(err, &syn) && !errors.As(err, &raised) {
		return syn.Report() + "\n"
	}
	var b strings.Builder
	p := printer{out: &b, source: source, files: map[string]*listing{}, report: object.NewReport()}
	if object.IsUncatchable(err) {
		p.frames(stackOf(err))
		fmt.Fprintf(&b, "%s\n", err)
		return b.String()
	}
	e, trace := exceptionOf(err)
	p.chain(e, trace)
	return b.String()
}

// printer prints tracebacks.
type printer struct {
	out    *strings.Builder
	source func(file string) ([]byte, bool)
	files  map[string]*listing
	report *starlark.Thread // runs what the script has for texts
	tree   tree
}

// listing is a source file that frames point into.
type listing struct {
	lines []string
	tree  *syntax.File // nil if it does not parse
}

const (
	printedChain = 200     // exceptions that led to one another
	printedText  = 1 << 20 // bytes of a message
	printedAll   = 1 << 23 // bytes after which no notes and no further frames follow
)

// chain prints an exception after those that led to it, of which the first are left out
// where there are very many.
func (p *printer) chain(e *object.Exception, trace []object.Frame) {
	type link struct {
		e     *object.Exception
		trace []object.Frame
		after string // what follows from it
	}
	seen := map[*object.Exception]bool{}
	links := []link{{e, trace, ""}}
	for seen[e] = true; len(links) < printedChain; seen[e] = true {
		after := "\nThe above exception was the direct cause of the following exception:\n\n"
		next := e.Cause
		if next == nil && !e.SuppressContext {
			next, after = e.Context, "\nDuring handling of the above exception, another exception occurred:\n\n"
		}
		if next == nil || seen[next] {
			break
		}
		e = next
		links = append(links, link{e, e.Traceback, after})
	}
	if len(links) == printedChain {
		p.say("[what led to the following exceptions is left out]\n\n")
	}
	for _, l := range slices.Backward(links) {
		p.exception(l.e, l.trace)
		p.say(l.after)
	}
}

func (p *printer) exception(e *object.Exception, trace []object.Frame) {
	if len(e.Members()) > 0 {
		p.group(e, trace)
		return
	}
	if p.out.Len() >= printedAll {
		trace = nil
	}
	if p.tree.depth > 0 {
		p.say(p.apart(func(p *printer) { p.exception(e, trace) }))
		return
	}
	p.frames(trace)
	p.message(e)
}

// message prints the last lines of an exception.
func (p *printer) message(e *object.Exception) {
	if !p.syntaxError(e) {
		p.text(e.ErrorOn(p.report))
	}
	for _, note := range e.Notes() {
		if p.out.Len() >= printedAll {
			p.out.WriteString("[further notes are left out]\n")
			break
		}
		p.text(note)
	}
}

// text prints a message, of a very long one the beginning.
func (p *printer) text(s string) {
	if len(s) > printedText {
		s = fmt.Sprintf("%s... [%d bytes are left out]", strings.ToValidUTF8(s[:printedText], ""), len(s)-printedText)
	}
	p.out.WriteString(s)
	p.out.WriteByte('\n')
}

// syntaxError prints the place that a syntax error of an imported module is about,
// and the error without it.
func (p *printer) syntaxError(e *object.Exception) bool {
	syn, ok := e.Unwrap().(*syntax.Error)
	if ok {
		fmt.Fprintf(p.out, "%s\n", syn.Report())
	}
	return ok
}

// repeats is the number of equal frames in a row that are printed.
const repeats = 3

// frames prints the frames of a stack, as the script sees them.
func (p *printer) frames(stack []object.Frame) {
	stack = visible(stack)
	if len(stack) == 0 {
		return
	}
	p.out.WriteString("Traceback (most recent call last):\n")
	for i := 0; i < len(stack); {
		f := stack[i]
		n := 1
		for i+n < len(stack) && stack[i+n].File == f.File && stack[i+n].Line == f.Line && stack[i+n].Function == f.Function {
			n++
		}
		for range min(n, repeats) {
			p.frame(f)
		}
		if more := n - repeats; more == 1 {
			p.out.WriteString("  [Previous line repeated 1 more time]\n")
		} else if more > 1 {
			fmt.Fprintf(p.out, "  [Previous line repeated %d more times]\n", more)
		}
		i += n
	}
}

// visible gives the frames under the names that the script knows. A frame
// that runs the body of a try or with statement stands for its function's.
func visible(stack []object.Frame) []object.Frame {
	var out []object.Frame
	for _, f := range stack {
		if isHelper(f.Function) {
			continue
		}
		name, _, body := strings.Cut(f.Function, bodySuffix)
		if body && len(out) > 0 && out[len(out)-1].File == f.File {
			out = out[:len(out)-1]
		}
		f.Function = displayName(name)
		out = append(out, f)
	}
	return out
}

// displayName gives a Starlark function's name as Python's tracebacks do.
func displayName(name string) string {
	name, _, _ = strings.Cut(name, "@")
	switch name {
	case moduleFrame:
		return "<module>"
	case "lambda":
		return "<lambda>"
	}
	return name[lastDot(name)+1:]
}

func (p *printer) listing(file string) *listing {
	if l, ok := p.files[file]; ok {
		return l
	}
	var l *listing
	if p.source != nil {
		if src, ok := p.source(file); ok {
			l = &listing{lines: strings.Split(strings.ReplaceAll(string(src), "\r\n", "\n"), "\n")}
			l.tree, _ = syntax.Parse(file, src)
		}
	}
	p.files[file] = l
	return l
}

func (p *printer) frame(f object.Frame) {
	l := p.listing(f.File)
	name := f.Function
	at := syntax.Pos{Line: int32(f.Line), Col: int32(f.Col)}
	var where found
	if l != nil && l.tree != nil {
		where = locate(l.tree, at)
		if name == "<lambda>" && where.scope != "" {
			name = where.scope
		}
	}
	fmt.Fprintf(p.out, "  File %q, line %d, in %s\n", f.File, f.Line, name)
	if l == nil || f.Line < 1 || f.Line > len(l.lines) {
		return
	}
	text := strings.TrimRight(l.lines[f.Line-1], " \t\r")
	runes := []rune(text)
	indent := len(runes) - len([]rune(strings.TrimLeft(text, " \t")))
	if indent == len(runes) {
		return
	}
	fmt.Fprintf(p.out, "    %s\n", string(runes[indent:]))
	p.carets(where, at, runes, indent)
}

// carets marks the part of the line that failed, unless it is all of it. Where
// the part is an operation on others, those are marked with tildes.
func (p *printer) carets(where found, at syntax.Pos, runes []rune, indent int) {
	span := where.span
	if !span.Start.Valid() || span.Start.Line != at.Line {
		return
	}
	from, to := int(span.Start.Col)-1, len(runes)
	if span.Stop.Line == at.Line {
		to = min(to, int(span.Stop.Col)-1)
	}
	all := from == indent && to == len(runes)
	if from < indent || to <= from || all && !where.anchored() {
		return
	}
	marks := []byte(strings.Repeat("^", to-from))
	if where.anchored() {
		for i := range marks {
			if col := int32(from + i + 1); col < where.anchor.Start.Col || col >= where.anchor.Stop.Col {
				marks[i] = '~'
			}
		}
	}
	fmt.Fprintf(p.out, "    %s%s\n", strings.Repeat(" ", from-indent), marks)
}
