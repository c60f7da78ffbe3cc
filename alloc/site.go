package alloc

import (
	"fmt"
	"sync"
)

// Site is a line of a script, with or without its callers, interned in a SiteTable. The
// zero Site is unknown.
type Site uint32

// Frame is a place in a script.
type Frame struct {
	File     string
	Line     int
	Function string // "" if it is not known
}

// maxSites bounds the stacks that a table keeps apart. Beyond it only lines are.
const maxSites = 1 << 18

// SiteTable gives lines of scripts small numbers. The zero value is ready for
// use, also by several goroutines at once.
type SiteTable struct {
	mu    sync.RWMutex
	index map[place]Site
	place []place
}

type place struct {
	file     string
	line     int
	function string
	caller   Site
}

// Intern returns the site of a line, the same one each time.
func (t *SiteTable) Intern(file string, line int) Site {
	return t.intern(place{file: file, line: line})
}

// InternStack returns the site of a line, the first frame, and of its callers.
func (t *SiteTable) InternStack(stack []Frame) Site {
	s, missing := t.known(stack)
	if missing == 0 {
		return s
	}
	t.mu.RLock()
	full := len(t.place) >= maxSites
	t.mu.RUnlock()
	if full {
		return t.Intern(stack[0].File, stack[0].Line)
	}
	for i := missing - 1; i >= 0; i-- {
		s = t.intern(place{stack[i].File, stack[i].Line, stack[i].Function, s})
	}
	return s
}

// known is the site of a stack's outer frames, those that have one, and how many inner
// frames are left.
func (t *SiteTable) known(stack []Frame) (s Site, missing int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for i := len(stack) - 1; i >= 0; i-- {
		f := &stack[i]
		inner, ok := t.index[place{f.File, f.Line, f.Function, s}]
		if !ok {
			return s, i + 1
		}
		s = inner
	}
	return s, 0
}

// Stack returns the line that a site stands for, and its callers, as far as they are known.
func (t *SiteTable) Stack(s Site) []Frame {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var stack []Frame
	for s != 0 && int(s) <= len(t.place) {
		p := t.place[s-1]
		stack = append(stack, Frame{p.file, p.line, p.function})
		s = p.caller
	}
	return stack
}

func (t *SiteTable) intern(k place) Site {
	t.mu.RLock()
	s, ok := t.index[k]
	t.mu.RUnlock()
	if ok {
		return s
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if s, ok := t.index[k]; ok {
		return s
	}
	if t.index == nil {
		t.index = make(map[place]Site)
	}
	t.place = append(t.place, k)
	s = Site(len(t.place))
	t.index[k] = s
	return s
}

// Lookup returns the line that a site stands for.
func (t *SiteTable) Lookup(s Site) (file string, line int, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if s == 0 || int(s) > len(t.place) {
		return "", 0, false
	}
	p := t.place[s-1]
	return p.file, p.line, true
}

// Where returns a site as file:line, or "" for an unknown one.
func (t *SiteTable) Where(s Site) string {
	if t == nil {
		return ""
	}
	file, line, ok := t.Lookup(s)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%d", file, line)
}
