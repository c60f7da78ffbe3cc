package distributed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mlxstar/mlxstar/engine"
)

// World is the groups of one runtime. The first use of a backend joins its group, and
// later ones get the same.
type World struct {
	options Options

	standing atomic.Pointer[Standing]

	mu     sync.Mutex
	groups map[string]Group
	all    []Group
	closed bool
}

// NewWorld makes a world that has joined nothing.
func NewWorld(o Options) *World {
	all := maps.Clone(o.Transports)
	if all == nil {
		all = map[string]Transport{}
	}
	all["ring"] = joinRing
	o.Transports = all
	return &World{options: o, groups: map[string]Group{}}
}

// ErrNoNetwork is that of a host that grants no network.
var ErrNoNetwork = errors.New("scripts have no network: the host grants none")

var errClosed = errors.New("the runtime is closed")

// Available reports whether this program knows the backend.
func (w *World) Available(backend string) bool {
	return backend == Any || w.options.Transports[backend] != nil
}

// missing says what a backend needs that this program has not.
var missing = map[string]string{
	"mpi":   "MPI's library is loaded by builds with the tag mpi",
	"nccl":  "NCCL is loaded by builds with the tag cuda",
	"jaccl": "it needs RDMA over Thunderbolt, which is not supported",
}

// Join gives the group of a backend, or of whichever the launcher's variables are
// of. It is nil where no launcher started other processes; with strict that is an error.
// Variables that cannot be honoured always are one.
func (w *World) Join(ctx context.Context, backend string, strict bool) (engine.Group, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, errClosed
	}
	if g := w.groups[backend]; g != nil {
		return g, nil
	}
	g, by, err := w.join(ctx, backend)
	switch {
	case err != nil:
		return nil, err
	case g == nil && strict:
		return nil, w.notStarted(backend)
	case g == nil:
		return nil, nil
	}
	w.all = append(w.all, g)
	if w.standing.Load() == nil && g.Size() > 1 {
		w.standing.Store(&Standing{Group: nameOf(g, by), Rank: g.Rank(), Size: g.Size()})
	}
	w.groups[by] = g
	if w.groups[Any] == nil {
		w.groups[Any] = g
	}
	return g, nil
}

func (w *World) notStarted(backend string) error {
	switch {
	case backend == Any:
		return errors.New("couldn't initialize any backend: no launcher started other processes")
	case !w.Available(backend):
		return unavailable(backend)
	}
	return fmt.Errorf("couldn't initialize %s: no launcher started other processes", backend)
}

func unavailable(backend string) error {
	return fmt.Errorf("this program has no %s: %s", backend, missing[backend])
}

func (w *World) join(ctx context.Context, backend string) (g Group, by string, err error) {
	if seat := w.options.Seat; seat != nil {
		if backend != Any && backend != "ring" {
			return nil, "", fmt.Errorf("the backend is %s, and this process was started as one of a ring", backend)
		}
		if g, err = seat.join(ctx, &w.options); err != nil {
			err = fmt.Errorf("ring: %w", err)
		}
		return g, "ring", err
	}
	launcher, set := asked(&w.options, backend)
	if launcher == "" {
		return nil, backend, nil
	}
	names := strings.Join(set, " and ")
	if backend != Any && backend != launcher {
		return nil, "", fmt.Errorf("the backend is %s, and %s tells that a launcher of %s started this process", backend, names, launcher)
	}
	join := w.options.Transports[launcher]
	if join == nil {
		return nil, "", fmt.Errorf("%s tells that a launcher of %s started this process, but %w", names, launcher, unavailable(launcher))
	}
	g, err = join(ctx, &w.options)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", launcher, err)
	}
	return g, launcher, nil
}

// Standing is a process's place in the group that its launcher started.
type Standing struct {
	Group      string // what the group's processes call it, and no other group on these machines
	Rank, Size int
}

// Named is a group that has a name.
type Named interface{ Name() string }

func nameOf(g Group, backend string) string {
	if n, ok := g.(Named); ok {
		return backend + " " + n.Name()
	}
	return backend
}

// Standing tells where this process stands, nil before it has joined others. It never
// waits.
func (w *World) Standing() *Standing { return w.standing.Load() }

// Split gives the group of those processes of a group that name the same colour, ordered
// by their keys. Close leaves it, too.
func (w *World) Split(ctx context.Context, g engine.Group, color, key int) (engine.Group, error) {
	whole, ok := g.(Group)
	if !ok {
		return nil, errAlone
	}
	part, err := whole.Split(ctx, color, key)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, errors.Join(errClosed, part.Close())
	}
	w.all = append(w.all, part)
	return part, nil
}

// Abandon tells groups that the script has failed: other processes are not to wait for
// this one.
func (w *World) Abandon() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, g := range w.all {
		if a, ok := g.(Abandoner); ok {
			a.Abandon()
		}
	}
}

// Close leaves all groups.
func (w *World) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	var errs []error
	for _, g := range w.all {
		errs = append(errs, g.Close())
	}
	w.all, w.groups = nil, nil
	if w.options.Seat != nil {
		errs = append(errs, w.options.Seat.abandon())
	}
	return errors.Join(errs...)
}
