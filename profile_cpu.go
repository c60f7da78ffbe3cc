package mlxstar

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/internal/cputime"
	"github.com/mlxstar/mlxstar/memory"
)

// CPUProfile tells where the scripts of a runtime spend the processor time of the process:
// their own code, the kernels that they wait for, and the collector. Every few thousand
// steps, and before operations on arrays, it looks at the line that runs; what the process
// has used by the next look is that line's.
type CPUProfile struct {
	rt *Runtime

	mu      sync.Mutex
	samples map[string]*memory.CPUSample // by stack
	current *memory.CPUSample            // of the call in progress; nil outside of calls
	last    time.Duration                // the process's time at the last look
	looked  time.Time
	stopped bool
}

const (
	profileDepth  = 64                     // callers that a sample has
	profileStacks = 1 << 16                // different ones, after which further ones are not told apart
	profilePause  = 100 * time.Microsecond // at least, between looks at operations
)

// ProfileCPU profiles the calls that begin from now on, until Stop. One profile can run at
// a time. The times are of the whole process: of several runtimes that run at once, each
// profile has the time of all.
func (rt *Runtime) ProfileCPU() (*CPUProfile, error) {
	p := &CPUProfile{rt: rt, samples: map[string]*memory.CPUSample{}}
	if !rt.profile.CompareAndSwap(nil, p) {
		return nil, errors.New("profile: one is running already")
	}
	rt.mx.Look(func(thread *starlark.Thread) { p.look(thread, true) })
	return p, nil
}

// Stop ends the profile.
func (p *CPUProfile) Stop() {
	if p.rt.profile.CompareAndSwap(p, nil) {
		p.rt.mx.Look(nil)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.credit()
	p.current, p.stopped = nil, true
}

// Samples are the stacks that were met, each with its time, the longest first.
func (p *CPUProfile) Samples() []memory.CPUSample {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]memory.CPUSample, 0, len(p.samples))
	for _, key := range slices.Sorted(maps.Keys(p.samples)) {
		out = append(out, *p.samples[key])
	}
	slices.SortStableFunc(out, func(a, b memory.CPUSample) int { return cmp.Compare(b.Time, a.Time) })
	return out
}

// watch samples a call on a thread. The caller calls what it gives when the call ends.
func (p *CPUProfile) watch(thread *starlark.Thread) (done func()) {
	object.Often(thread, func() { p.look(thread, false) })
	p.mu.Lock()
	outer := p.current
	p.mu.Unlock()
	p.look(thread, false)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.credit()
		p.current = outer
	}
}

// look takes note of the line that a thread runs. Before an operation it does so only if
// some time has passed.
func (p *CPUProfile) look(thread *starlark.Thread, operation bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped || operation && time.Since(p.looked) < profilePause {
		return
	}
	p.credit()
	p.current = p.sample(dialect.Stack(thread, profileDepth))
}

// credit gives the sample of the last look what the process has used since then.
func (p *CPUProfile) credit() {
	now := cputime.Process()
	if p.current != nil {
		p.current.Time += now - p.last
		p.current.Count++
	}
	p.last, p.looked = now, time.Now()
}

func (p *CPUProfile) sample(stack []object.Frame) *memory.CPUSample {
	var key strings.Builder
	for _, f := range stack {
		key.WriteString(f.File)
		key.WriteByte(':')
		key.WriteString(strconv.Itoa(f.Line))
		key.WriteByte(' ')
		key.WriteString(f.Function)
		key.WriteByte('\n')
	}
	s := p.samples[key.String()]
	if s == nil && len(p.samples) >= profileStacks {
		stack, s = nil, p.samples[""]
		key.Reset()
	}
	if s == nil {
		s = &memory.CPUSample{}
		for _, f := range stack {
			s.Stack = append(s.Stack, memory.Frame{File: f.File, Line: f.Line, Function: f.Function})
		}
		p.samples[key.String()] = s
	}
	return s
}
