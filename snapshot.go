package mlxstar

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Snapshot is the state that the scripts of a runtime had at one moment: their variables,
// what these lead to, imported modules, random states, the defaults of mlx.core. It belongs
// to its runtime, and keeps the arrays of that moment alive.
type Snapshot struct {
	rt      *Runtime
	kept    *object.Keeper
	files   map[string]starlark.Value
	sources map[string]string
	digits  int
}

// Snapshot notes the state of the runtime's scripts, once no call is in progress, so that
// Restore brings it back: a runtime that has imported and loaded what requests need begins
// each of them anew, without doing that again. Elements of mx.arrays are shared and not
// copied, as assigning to some makes another array; those of numpy's arrays are copied.
//
// What has a place of its own cannot be kept, and is an error that names the variable: a
// generator or an iterator that has not ended, an open file, a connection, a thread. Objects
// of the host are the host's, and stay as they are.
func (rt *Runtime) Snapshot(ctx context.Context) (*Snapshot, error) {
	if rt.turn.visitor() != nil {
		return nil, errVisited("snapshot")
	}
	s := &Snapshot{rt: rt}
	_, err := rt.run(ctx, func(thread *starlark.Thread) (starlark.Value, error) {
		s.digits = rt.digits
		s.files, s.sources = maps.Clone(rt.files), maps.Clone(rt.sources)
		s.kept = object.NewKeeper(thread)
		defer s.kept.Done()
		return starlark.None, rt.keep(s.kept)
	})
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return s, nil
}

// keep goes through what scripts can change. The variables of the library's own modules may
// refer to what cannot be kept.
func (rt *Runtime) keep(k *object.Keeper) error {
	if err := k.Root("", rt.main); err != nil {
		return err
	}
	for name, v := range rt.files {
		if err := k.Root(name, v); err != nil {
			return err
		}
	}
	for name, v := range rt.std.Loaded {
		k.Lax(rt.std.Own(v))
		if err := k.Root(name, v); err != nil {
			return err
		}
	}
	k.Lax(true)
	if err := k.RootState(rt.std); err != nil {
		return err
	}
	return k.Root("mlx.core", rt.mx)
}

// Restore brings back the state that the runtime's scripts had at a snapshot of it, once no
// call is in progress. Generators and threads that are left of later calls end; files and
// modules that came later are forgotten. A snapshot can be restored any number of times. After an
// error, as where the context ends meanwhile, the state is that of neither: restore it again,
// or reset the runtime.
func (rt *Runtime) Restore(ctx context.Context, s *Snapshot) error {
	if s == nil || s.rt != rt {
		return errors.New("restore: the snapshot is of another runtime")
	}
	if rt.turn.visitor() != nil {
		return errVisited("restore")
	}
	_, err := rt.run(ctx, func(thread *starlark.Thread) (starlark.Value, error) {
		rt.generators.Close()
		if err := s.kept.Restore(thread); err != nil {
			return nil, err
		}
		rt.files, rt.sources = maps.Clone(s.files), maps.Clone(s.sources)
		rt.digits = s.digits
		rt.metrics.clear()
		return starlark.None, nil
	})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

// Reset makes the runtime as New left it, once no call is in progress: scripts' variables
// and modules, generators, threads and files are gone, as are arrays that the host does not
// hold. Functions that were handed out before are not to be called any more. What Options
// hold, accounts, and profiles and watches of memory stay.
func (rt *Runtime) Reset(ctx context.Context) error {
	if rt.turn.visitor() != nil {
		return errVisited("reset")
	}
	_, release, err := rt.enter(ctx)
	if err != nil {
		return fmt.Errorf("reset: %w", err)
	}
	defer release()
	rt.generators.Close()
	err = errors.Join(rt.std.Close(), rt.leaveGroups())
	rt.failed = false
	rt.metrics.clear()
	rt.mx.Reset(rt.opts.Seed)
	if err = errors.Join(err, rt.furnish()); err != nil {
		return fmt.Errorf("reset: %w", err)
	}
	return nil
}

// errVisited is the error of what only a runtime whose script waits for nobody can do.
func errVisited(what string) error {
	return errors.New(what + ": the runtime waits for the function that calls this")
}
