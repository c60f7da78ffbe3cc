// Package prompt reads statements from a terminal, on readline: blocks of several lines are
// pasted, recalled and edited as one. Readline edits one line, so a block is one, in which
// arrows show where its lines end; an editor that shows them one below the other would
// need another library.
//
// The package is the command's own and promises no stability.
package prompt

import (
	"errors"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/chzyer/readline"
)

const (
	first  = ">>> "
	goesOn = "... "
)

// ErrInterrupt is Ctrl-C while a statement is typed.
var ErrInterrupt = readline.ErrInterrupt

// Config is what an Editor needs.
type Config struct {
	Stdin, Stdout, Stderr *os.File
	Terminal              bool   // a terminal is both read from and written to
	Colours               bool   // of what is typed
	History               string // the file of what was typed before, "" for none
	// Incomplete reports whether statements go on in further lines.
	Incomplete func(src string) bool
	// Complete lists what the end of a text may go on to: whole words, and the length of the
	// part that is there already.
	Complete func(text string) (words []string, typed int)
}

// Editor reads statements.
type Editor struct {
	c    Config
	in   *readline.Instance
	past []string // what was entered, the oldest first
}

// New makes an editor. It must be closed.
func New(c Config) (*Editor, error) {
	e := &Editor{c: c}
	in, err := readline.NewEx(&readline.Config{
		Prompt:            first,
		HistoryFile:       c.History,
		HistorySearchFold: true,
		AutoComplete:      e,
		Painter:           painter{c.Colours},
		Stdin:             e.stdin(),
		Stdout:            c.Stdout,
		Stderr:            c.Stderr,
		FuncIsTerminal:    func() bool { return c.Terminal },
		// A block is one entry of the history, saved when it is complete.
		DisableAutoSaveHistory: true,
	})
	e.in = in
	return e, err
}

func (e *Editor) stdin() io.ReadCloser {
	if !e.c.Terminal {
		return readline.NewCancelableStdin(e.c.Stdin)
	}
	return newPastes(readline.NewCancelableStdin(e.c.Stdin))
}

// Close gives the terminal back.
func (e *Editor) Close() error { return e.in.Close() }

// Read reads a statement, over several lines where it goes on: a block ends at a blank
// line, and a paste where it ends. The error is ErrInterrupt or io.EOF.
func (e *Editor) Read() (string, error) {
	var src strings.Builder
	e.in.SetPrompt(first)
	indent := ""
	for {
		line, err := e.line(indent)
		if err != nil {
			if errors.Is(err, io.EOF) && src.Len() > 0 {
				return src.String(), nil
			}
			return "", err
		}
		fresh := src.Len() == 0
		text := lines(line)
		if strings.TrimSpace(text) == "" {
			text = ""
		}
		src.WriteString(text + "\n")
		if !e.goesOn(src.String(), text, fresh) {
			return src.String(), nil
		}
		e.in.SetPrompt(goesOn)
		indent = ""
		if e.c.Terminal {
			indent = indentAfter(src.String())
		}
	}
}

// line reads one line, which begins with an indentation.
func (e *Editor) line(indent string) (string, error) {
	if e.c.Terminal {
		_, _ = io.WriteString(e.c.Stdout, pasteOn)
		defer func() { _, _ = io.WriteString(e.c.Stdout, pasteOff) }()
	}
	if indent == "" {
		return e.in.Readline()
	}
	return e.in.ReadlineWithDefault(indent)
}

// goesOn reports whether more lines belong to what was read, of which text came last.
func (e *Editor) goesOn(src, text string, fresh bool) bool {
	switch {
	case strings.HasPrefix(src, "%%"): // a block, to a blank line
		return !strings.HasSuffix(src, "\n\n") && (fresh && !strings.Contains(text, "\n") || !fresh && text != "")
	case fresh && (strings.HasPrefix(text, "%") || strings.HasPrefix(text, "?") || strings.HasSuffix(strings.TrimSpace(text), "?")):
		return false
	case strings.Contains(text, "\n"): // pasted or recalled: whole, unless it cannot be
		return e.c.Incomplete(src) && e.c.Incomplete(src+"\n")
	}
	return e.c.Incomplete(src)
}

// Remember adds statements to the history.
func (e *Editor) Remember(src string) {
	line := oneLine(src)
	if strings.TrimSpace(line) == "" {
		return
	}
	e.past = append(e.past, strings.TrimRight(src, "\n"))
	_ = e.in.SaveHistory(line)
}

// Past is what was entered, the oldest first.
func (e *Editor) Past() []string { return e.past }

// Do gives what may follow the text before the cursor. Tab indents where nothing stands
// before it on its line.
func (e *Editor) Do(line []rune, pos int) (tails [][]rune, length int) {
	text := lines(string(line[:pos]))
	row := text[strings.LastIndexByte(text, '\n')+1:]
	if strings.TrimFunc(row, unicode.IsSpace) == "" {
		if n := len([]rune(row)) % len(step); n != 0 {
			return [][]rune{[]rune(step[n:])}, 0
		}
		return [][]rune{[]rune(step)}, 0
	}
	words, typed := e.c.Complete(text)
	for _, w := range words {
		tails = append(tails, []rune(w[typed:]))
	}
	return tails, typed
}
