package alloc

import (
	"fmt"
	"sync"
)

// Site is a line of a script, interned in a SiteTable. The zero Site is unknown.
type Site uint32

// SiteTable gives lines of scripts small numbers. The zero value is ready for
// use, also by several goroutines at once.
type SiteTable struct {
	mu    sync.RWMutex
	index map[place]Site
	place []place
}

type place struct {
	file string
	line int
}

// Intern returns the site of a line, the same one each time.
func (t *SiteTable) Intern(file string, line int) Site {
	k := place{file, line}
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
