package metalsim

import (
	"errors"
	"sync"
)

// ErrUnavailable is the error where the simulator cannot run.
var ErrUnavailable = errors.New("metalsim: the simulator needs Linux, and clang++ to compile kernels")

// Simulator is the loaded library. A process has one.
type Simulator struct {
	symbol  func(name string) (uintptr, error)
	bind    func(fptr any, address uintptr)
	fail    func(kind string, nth int)
	seen    func(kind string) int
	set     func(name string, value int)
	count   func(what string) int
	live    func(class string) int
	misuses func() string
}

// Open compiles the library, if it was not before, and loads it. On a Mac it
// fails with [ErrUnavailable]: there is the real thing.
var Open = sync.OnceValues(open)

// Symbol finds a function of the library.
func (s *Simulator) Symbol(name string) (uintptr, error) { return s.symbol(name) }

// Bind makes a function variable call the function at an address.
func (s *Simulator) Bind(fptr any, address uintptr) { s.bind(fptr, address) }

// Fail lets the n-th event of a kind fail, counted from now, and with -n all from
// the n-th on; 0 lets none. The
// kinds are device, queue, event, buffer, nocopy, library, function, pipeline,
// residency, commandbuffer, encoder and execution.
func (s *Simulator) Fail(kind string, nth int) { s.fail(kind, nth) }

// Seen counts the events of a kind since Fail was called for it.
func (s *Simulator) Seen(kind string) int { return s.seen(kind) }

// Set changes how work runs: "delay" is in microseconds before each command
// buffer; "reorder", if not 0, runs the dispatches between barriers backwards;
// "old" hides what macOS 15 brought; "nocapture" forbids captures; "memory" is the
// bytes that a threadgroup may have, for kernels that only other GPUs run.
func (s *Simulator) Set(name string, value int) { s.set(name, value) }

// Count is how many dispatches, barriers, commandbuffers, libraries, compiled
// libraries, captures, traces to files or nocopy buffers there were; neededbarriers
// are those that the longest chain of dispatches which use a buffer from the same
// place on asks for in each pass, and sharedbarriers the same of buffers as wholes,
// whatever barriers were set; "wired" is how many bytes are in residency sets now.
func (s *Simulator) Count(what string) int { return s.count(what) }

// Live is how many objects of a class are alive.
func (s *Simulator) Live(class string) int { return s.live(class) }

// Misuses reports what broke Metal's rules since the last call, a line each.
func (s *Simulator) Misuses() string { return s.misuses() }
