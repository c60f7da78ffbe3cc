// Package distributed joins processes, on one machine or several, into groups that
// compute together. A launcher starts the processes and tells each by environment
// variables which one it is; the ways of finding and reaching each other, and the
// variables, are those of MLX.
//
// A World is what one runtime knows of its groups. A group carries bytes: what is summed
// is summed by the engine's kernels, and operations are ordered by the engine. The ring
// (ring*.go) sends over TCP what MLX's ring sends, so that processes of both can be
// neighbours in it. Where all processes share a secret they are all of this kind: they
// then prove who they are, say what they are about to do, and watch over each other on
// a connection of its own, which MLX's ring has none for.
package distributed

import (
	"context"
	"io"
	"net"

	"github.com/mlxstar/mlxstar/engine"
)

// Group is several processes that compute together.
type Group interface {
	engine.Group
	// Split gives the group of those processes that name the same colour, ordered by
	// their keys.
	Split(ctx context.Context, color, key int) (Group, error)
	// Close leaves the group: what still waits for others fails.
	Close() error
}

// Network is how the processes of a ring reach each other, by TCP.
type Network interface {
	Dial(ctx context.Context, address string) (net.Conn, error)
	Listen(ctx context.Context, address string) (net.Listener, error)
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// Options are what joining a group may use.
type Options struct {
	// Variable gives an environment variable.
	Variable func(name string) (value string, ok bool)
	// ReadFile reads a file that a variable names.
	ReadFile func(path string) ([]byte, error)
	// Network is what the host grants, nil for nothing.
	Network Network
	// Transports are ways to reach other processes besides the ring, by MLX's names.
	Transports map[string]Transport
	// Seat is the process's place in a ring that the host has made; nil has scripts go by the
	// launcher's variables.
	Seat *Seat
	// EnterGPU makes the runtime's GPU that of the calling goroutine's thread until the
	// function that it gives is called; nil where there is none that libraries use so.
	EnterGPU func() (leave func())
	// Log is where a ring tells what it does, if MLX_RING_VERBOSE is set.
	Log io.Writer
}

// Transport joins the group of a backend, if its launcher's variables are set.
type Transport func(ctx context.Context, o *Options) (Group, error)

// Abandoner is a group whose other processes wait for this one where it is closed. It is
// told when the script has failed, and others need not wait.
type Abandoner interface{ Abandon() }
