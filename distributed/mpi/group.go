package mpi

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
)

// group is a communicator.
type group struct {
	*world
	comm       handle
	rank, size int

	mu   sync.Mutex
	lost error // the first, after which MPI's memory is not to be touched
}

var (
	_ distributed.Group = (*group)(nil)
	_ distributed.Named = (*group)(nil)
)

func (g *group) Rank() int { return g.rank }
func (g *group) Size() int { return g.size }

// Name is what mpirun calls the job, if it tells.
func (g *group) Name() string {
	for _, name := range []string{"PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid", "PMI_JOBID"} {
		if job := os.Getenv(name); job != "" {
			return job
		}
	}
	return ""
}

// AsBuilt: all processes are of this program, since parts are.
func (g *group) AsBuilt() bool { return true }

// Scratch is none: MPI works in the group's own memory.
func (g *group) Scratch(*engine.Exchange) int { return 0 }

// Split gives the group of the processes that name the same colour. A key below 0 stands
// for the rank.
func (g *group) Split(ctx context.Context, color, key int) (distributed.Group, error) {
	if color < 0 {
		return nil, errors.New("a colour is 0 or more")
	}
	if key < 0 {
		key = g.rank
	}
	if err := g.begin(ctx); err != nil {
		return nil, err
	}
	defer g.done()
	var part *group
	var err error
	g.thread.do(func() {
		if err = g.do("MPI_Comm_split", uintptr(g.comm), uintptr(color), uintptr(key), address(&g.out.made)); err == nil {
			part, err = g.world.group(g.made())
		}
	})
	if err != nil {
		return nil, err
	}
	return part, nil
}

// Close leaves MPI, with the world's group, once all other processes do. If an operation
// was given up it does not, and mpirun ends the others when this process ends.
func (g *group) Close() error {
	if g.comm != g.objects.world {
		return g.give(errLeft)
	}
	lost := g.give(errLeft)
	var err error
	if lost == nil {
		g.thread.do(func() { err = g.do("MPI_Finalize") })
	}
	g.thread.end()
	return err
}

// Abandon leaves MPI to the end of the process: mpirun then ends the others, which would
// wait for this one.
func (g *group) Abandon() { _ = g.give(errors.New("the script failed")) }

var errLeft = errors.New("the group was left")

// give notes why the group is lost, and gives why it was before.
func (g *group) give(err error) (before error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if before = g.lost; before == nil {
		g.lost = err
	}
	if before == errLeft {
		return nil
	}
	return before
}

func (g *group) fault() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.lost
}

// begin waits for the turn of an operation.
func (g *group) begin(ctx context.Context) error {
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := errors.Join(g.fault(), ctx.Err()); err != nil {
		g.done()
		return err
	}
	return nil
}

func (g *group) done() { <-g.turn }

// Exchange performs an operation, in parts that fit the group's memory.
func (g *group) Exchange(ctx context.Context, x *engine.Exchange) error {
	if err := g.begin(ctx); err != nil {
		return err
	}
	defer g.done()
	var err error
	g.thread.do(func() { err = g.parts(ctx, x) })
	if err != nil {
		_ = g.give(err)
	}
	return err
}

// parts runs an operation on MPI's thread.
func (g *group) parts(ctx context.Context, x *engine.Exchange) error {
	g.now = folding{size: x.Dtype.Size(), fold: x.Fold}
	defer func() { g.now = folding{} }()
	switch x.Kind {
	case engine.OpAllGather:
		return g.gather(ctx, x)
	case engine.OpSumScatter:
		return g.scatter(ctx, x)
	case engine.OpSend:
		copy(x.Out, x.In)
		return g.each(ctx, x, x.In, func(buf []byte, part []byte) []uintptr { copy(buf, part); return g.message(x, len(part)) }, "MPI_Isend", nil)
	case engine.OpRecv:
		return g.each(ctx, x, x.Out, func(_ []byte, part []byte) []uintptr { return g.message(x, len(part)) }, "MPI_Irecv", func(part, buf []byte) { copy(part, buf) })
	}
	elements, op := g.typeOf(x)
	copy(x.Out, x.In)
	return g.each(ctx, x, x.Out, func(buf, part []byte) []uintptr {
		copy(buf, part)
		return []uintptr{g.objects.inPlace, address(&g.buffer[0]), uintptr(len(part) / x.Dtype.Size()), uintptr(elements), uintptr(op), uintptr(g.comm)}
	}, "MPI_Iallreduce", func(part, buf []byte) { copy(part, buf) })
}

// message is what sending and receiving are told: bytes, the peer, and the tag 0.
func (g *group) message(x *engine.Exchange, bytes int) []uintptr {
	return []uintptr{address(&g.buffer[0]), uintptr(bytes), uintptr(g.objects.byteType), uintptr(x.Peer), 0, uintptr(g.comm)}
}

// each runs a call on one stretch of bytes after the other. Before has it written to the
// buffer, after reads what came.
func (g *group) each(ctx context.Context, x *engine.Exchange, data []byte, before func(buf, part []byte) []uintptr, name string, after func(part, buf []byte)) error {
	for len(data) > 0 {
		part := data[:min(len(data), bufferBytes)]
		if err := g.await(ctx, name, before(g.buffer, part)); err != nil {
			return err
		}
		if after != nil {
			after(part, g.buffer[:len(part)])
		}
		data = data[len(part):]
	}
	return nil
}

// gather hands everybody's bytes to everybody, as many of each as fit.
func (g *group) gather(ctx context.Context, x *engine.Exchange) error {
	all := len(x.In)
	most := max(1, bufferBytes/(g.size+1))
	for from := 0; from < all; from += most {
		to := min(from+most, all)
		n := to - from
		copy(g.buffer, x.In[from:to])
		args := []uintptr{
			address(&g.buffer[0]), uintptr(n), uintptr(g.objects.byteType), address(&g.buffer[n]), uintptr(n), uintptr(g.objects.byteType), uintptr(g.comm),
		}
		if err := g.await(ctx, "MPI_Iallgather", args); err != nil {
			return err
		}
		for rank := range g.size {
			copy(x.Out[rank*all+from:rank*all+to], g.buffer[n*(rank+1):])
		}
	}
	return nil
}

// scatter leaves everybody the sum of its part, as many elements of each as fit.
func (g *group) scatter(ctx context.Context, x *engine.Exchange) error {
	elements, op := g.typeOf(x)
	size, all := x.Dtype.Size(), len(x.Out)
	most := max(1, bufferBytes/(g.size+1)/size) * size
	for from := 0; from < all; from += most {
		to := min(from+most, all)
		n := to - from
		for rank := range g.size {
			copy(g.buffer[n*rank:], x.In[rank*all+from:rank*all+to])
		}
		out := n * g.size
		args := []uintptr{address(&g.buffer[0]), address(&g.buffer[out]), uintptr(n / size), uintptr(elements), uintptr(op), uintptr(g.comm)}
		if err := g.await(ctx, "MPI_Ireduce_scatter_block", args); err != nil {
			return err
		}
		copy(x.Out[from:to], g.buffer[out:])
	}
	return nil
}

// eagerly is how often it is asked at once whether an operation is done; then there are
// pauses.
const (
	eagerly    = 2000
	shortPause = 20 * time.Microsecond
	longPause  = time.Millisecond
)

// await begins an operation and waits until it is done, or until the context ends: then
// MPI keeps the group's memory, which nothing uses any more.
func (g *group) await(ctx context.Context, name string, args []uintptr) error {
	request, done := address(&g.out.request), address(&g.out.done)
	if err := g.do(name, append(args, request)...); err != nil {
		return err
	}
	pause := shortPause
	for asked := 0; ; asked++ {
		if err := g.do("MPI_Test", request, done, g.objects.ignoreStatus); err != nil {
			return err
		}
		if g.out.done != 0 {
			return g.now.err
		}
		if asked >= eagerly {
			if err := ctx.Err(); err != nil {
				return err
			}
			time.Sleep(pause)
			pause = min(pause*5/4, longPause)
		}
	}
}
