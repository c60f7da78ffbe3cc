package prompt

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

// newline stands for the end of a line within the one line that readline edits: a
// character of Unicode's private use area. Blocks that were pasted, or are recalled from
// the history, are edited as one line.
const newline = '\ue00a'

// What terminals send around what is pasted, once asked for it, and how to ask.
const (
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	pasteOn    = "\x1b[?2004h"
	pasteOff   = "\x1b[?2004l"
)

// mostPasted bounds what is held of a paste whose end does not come.
const mostPasted = 16 << 20

// keys are sequences of terminals that readline does not know, as what it does.
var keys = []struct{ from, to string }{
	{"\x1b[1~", "\x01"}, {"\x1b[7~", "\x01"}, // Home
	{"\x1b[4~", "\x05"}, {"\x1b[8~", "\x05"}, // End
	{"\x1b[1;5D", "\x1bb"}, {"\x1b[1;3D", "\x1bb"}, // a word back
	{"\x1b[1;5C", "\x1bf"}, {"\x1b[1;3C", "\x1bf"}, // a word on
}

// pastes is what a terminal sends, with each paste as one line: the ends of its lines are
// the rune newline. A terminal that does not say where pastes begin is believed to paste
// where it sends several lines at once.
type pastes struct {
	in     io.ReadCloser
	buf    []byte
	held   []byte // read, and not looked at
	ready  []byte // to be given out
	inside bool   // of a paste
	paste  []byte
	err    error
}

func newPastes(in io.ReadCloser) *pastes { return &pastes{in: in, buf: make([]byte, 64<<10)} }

// Close closes what is read from.
func (p *pastes) Close() error { return p.in.Close() }

// Read gives what was typed and pasted.
func (p *pastes) Read(b []byte) (int, error) {
	for len(p.ready) == 0 {
		if p.err != nil {
			p.ready = append(p.ready, p.held...)
			p.held = nil
			if len(p.ready) == 0 {
				return 0, p.err
			}
			break
		}
		n, err := p.in.Read(p.buf)
		p.err = err
		p.held = append(p.held, p.buf[:n]...)
		p.look()
	}
	n := copy(b, p.ready)
	p.ready = p.ready[n:]
	return n, nil
}

// look goes through what is held, but for a sequence at its end that may go on.
func (p *pastes) look() {
	if !p.inside && !bytes.Contains(p.held, []byte(pasteBegin)) {
		if block, rest, ok := severalLines(p.held); ok {
			p.give(block)
			p.held = rest
		}
	}
	for len(p.held) > 0 {
		if p.inside {
			if !p.swallow() {
				return
			}
			continue
		}
		at := bytes.IndexByte(p.held, '\x1b')
		if at < 0 {
			p.ready = append(p.ready, p.held...)
			p.held = p.held[:0]
			return
		}
		p.ready = append(p.ready, p.held[:at]...)
		p.held = p.held[at:]
		if !p.sequence() {
			return
		}
	}
}

// swallow takes what is held into the paste, and gives that out where it ends. It is false
// where more has to come.
func (p *pastes) swallow() bool {
	end := bytes.Index(p.held, []byte(pasteEnd))
	if end < 0 {
		keep := tailOf(p.held, pasteEnd)
		p.paste = append(p.paste, p.held[:len(p.held)-keep]...)
		p.held = append(p.held[:0], p.held[len(p.held)-keep:]...)
		if len(p.paste) <= mostPasted {
			return false
		}
		end = 0
	} else {
		p.paste = append(p.paste, p.held[:end]...)
		p.held = p.held[end+len(pasteEnd):]
	}
	p.give(string(p.paste))
	p.inside, p.paste = false, nil
	return true
}

// tailOf is how much at the end of b may be the beginning of a sequence.
func tailOf(b []byte, sequence string) int {
	for n := min(len(b), len(sequence)-1); n > 0; n-- {
		if strings.HasPrefix(sequence, string(b[len(b)-n:])) {
			return n
		}
	}
	return 0
}

// sequence takes the sequence at the beginning of what is held. It is false where it may
// go on: only a longer one than ESC waits, since that is a key, too.
func (p *pastes) sequence() bool {
	if bytes.HasPrefix(p.held, []byte(pasteBegin)) {
		p.held, p.inside = p.held[len(pasteBegin):], true
		return true
	}
	for _, k := range keys {
		if bytes.HasPrefix(p.held, []byte(k.from)) {
			p.ready = append(p.ready, k.to...)
			p.held = p.held[len(k.from):]
			return true
		}
	}
	if len(p.held) > 1 {
		for _, k := range keys {
			if strings.HasPrefix(k.from, string(p.held)) {
				return false
			}
		}
		if strings.HasPrefix(pasteBegin, string(p.held)) {
			return false
		}
	}
	p.ready = append(p.ready, p.held[0])
	p.held = p.held[1:]
	return true
}

// give gives out a paste as one line.
func (p *pastes) give(text string) { p.ready = append(p.ready, oneLine(Clean(text))...) }

// indented is a line within a block.
var indented = regexp.MustCompile(`[\r\n][ \t]+\S`)

// severalLines divides what came at once if it is a block: its lines, and the end of the
// last one, which stands for the Enter key. Statements without a block can as well be read one
// after the other.
func severalLines(b []byte) (block string, rest []byte, ok bool) {
	text := strings.TrimRight(string(b), "\r\n")
	if !indented.MatchString(text) || strings.ContainsRune(text, '\x1b') {
		return "", b, false
	}
	rest = b[len(text):]
	if len(rest) > 1 {
		rest = rest[:1] // one key ends the block
	}
	return text, bytes.Clone(rest), true
}
