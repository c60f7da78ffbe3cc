// Package stdlib is the part of Python's standard library that scripts import:
// math, sys, os, json, argparse, collections and their like.
//
// A Modules is the library of one runtime. It makes a module when a script
// first imports it. Modules that need speed or the operating system are tables
// of Go functions; the others are files of the script language itself, in the
// folder source. Whatever reaches outside the runtime (files, the clock,
// standard streams, environment variables) goes through its Environment, so
// that a host decides what a script may touch.
package stdlib

import (
	"context"
	"io"
	"path/filepath"
	"time"
)

// Environment is what a runtime lets its scripts reach of the world outside.
// The zero value reaches nothing: no files, empty input, discarded output.
type Environment struct {
	// Args is sys.argv: the script's name and its arguments.
	Args []string
	// Stdin, Stdout and Stderr are the standard streams. Nil ones are empty.
	// If an output has a method Flush() error, flushing the stream calls it.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Files serves file access. Nil denies it.
	Files FileSystem
	// Network serves connections. Nil denies them.
	Network Network
	// Dir is the directory against which relative paths are resolved. It belongs
	// to the runtime: os.chdir changes it and leaves the process's alone.
	Dir string
	// Variables are the environment variables that os.environ starts with.
	Variables map[string]string
	// Clock tells the time. Nil is the system's clock.
	Clock Clock
	// Random is where os.urandom, secrets and unseeded generators take random bytes
	// from. Nil is the system's.
	Random io.Reader
	// PID and CPUs are os.getpid and os.cpu_count; 0 is the process's and the machine's.
	PID, CPUs int
	// System is sys.platform; "" is the machine's.
	System string
	// Context bounds what a script waits for, and long loops in Go code. Nil is
	// the background context.
	Context func() context.Context
	// Park, if not nil, is told that all of the scripts' threads wait; resume, that one
	// goes on.
	Park func() (resume func())
	// Terminal tells that standard output is a terminal, Color that colours may be
	// written to it.
	Terminal, Color bool
	// Path is sys.path: the directories in which the host looks for modules.
	Path []string
	// Executable is sys.executable.
	Executable string
	// Source gives the text of a source file that a traceback or a warning names.
	// Nil gives none.
	Source func(file string) ([]byte, bool)
	// Importing, if not nil, is told of each module before it is run, or made; end, unless it
	// is nil, of how that ended.
	Importing func(name string) (end func(error))
	// Version is the runtime's own version, in sys.version.
	Version string
}

// Clock tells and spends time.
type Clock interface {
	Now() time.Time
	// Sleep waits until d has passed or ctx ends, and returns ctx.Err() then.
	Sleep(ctx context.Context, d time.Duration) error
}

// SystemClock is the operating system's clock.
type SystemClock struct{}

var _ Clock = SystemClock{}

// Now is the present time, with a monotonic reading.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Environment) clock() Clock {
	if e.Clock == nil {
		return SystemClock{}
	}
	return e.Clock
}

func (e *Environment) context() context.Context {
	if e.Context == nil {
		return context.Background()
	}
	return e.Context()
}

// Resolve gives the path that a script's path stands for: itself if it is
// absolute, else below Dir.
func (e *Environment) Resolve(path string) string {
	if e.Dir == "" || filepath.IsAbs(path) {
		return path
	}
	if path == "" {
		return path
	}
	joined := filepath.Join(e.Dir, path)
	if path[len(path)-1] == '/' {
		joined += "/"
	}
	return joined
}

func (e *Environment) files() FileSystem {
	if e.Files == nil {
		return deniedFiles{}
	}
	return e.Files
}
