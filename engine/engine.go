// Package engine holds lazy arrays: the graph of operations over them, the
// table that describes every operation, the evaluator that plans buffer
// lifetimes and hands tasks to a backend, and the transforms of the graph.
//
// It knows no script language and no device. An Engine owns everything that
// lasts: devices, streams, memory pools and random state; two engines share
// nothing. The arrays of one engine are used by one goroutine at a time.
package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/mlxstar/mlxstar/alloc"
)

// Options configure an engine.
type Options struct {
	Backends []Backend      // the devices; the first is the default one
	Account  *alloc.Account // what the arrays' memory is charged to
	Sites    *alloc.SiteTable
	Pool     alloc.Options
	Seed     uint64
}

// Engine owns devices, streams, memory and random state.
type Engine struct {
	// Evaluating, if not nil, is told of evaluations of so many operations before they begin,
	// on the goroutine that evaluates; end, unless it is nil, of how they ended.
	Evaluating func(operations int) (end func(error))

	backends []Backend
	pools    map[Device]*alloc.Pool
	pooling  alloc.Options // of further devices' memory
	account  *alloc.Account
	sites    *alloc.SiteTable

	streams        []*Stream
	launched       []launched // by AsyncEval
	defaultDevice  Device
	defaultStreams map[Device]*Stream
	firstStreams   map[Device]*Stream // the default ones at first

	constants map[constantKey]*Node

	random       *Node                  // the key that the next global draw splits
	trace        *trace                 // the innermost running transform
	doubted      []*Node                // whose handles are likely to be dead
	dead         []*Node                // nodes of transforms that nothing refers to, for their end
	forward      int                    // nesting of forward-mode transforms
	additions    *additions             // what rules add to tangents, while they are pushed forward
	visit        uint64                 // traversals so far
	outlines     uint64                 // outlines so far
	rehearsals   uint64                 // rehearsals so far
	arrangements map[uint64]arrangement // what was found best, by the structure of graphs
	replays      int                    // evaluations arranged by a plan
	admitted     func(units []unit)     // is told what is about to run, by tests
	collectives  uint64                 // operations of groups made so far
	ordered      bool                   // the evaluation has several of them, in their order
	collected    *Stream                // that the last of them runs on
	beside       *Stream                // of large ones on a device, once there was one
	seen         int32                  // nodes that the last scheduling saw
	epoch        uint32                 // evaluations so far
	retired      []retired
	scratch      scratch
	observer     atomic.Pointer[Observer]
	closed       bool
	tasks        uint64 // given to queues so far
}

// Stream is an in-order queue of work on a device.
type Stream struct {
	Index   int
	Device  Device
	queue   Queue
	backend Backend
	can     Capabilities // the backend's
	pool    *alloc.Pool
	pending Event // covers all tasks that were flushed, or nil
}

// New makes an engine.
func New(o Options) (*Engine, error) {
	if len(o.Backends) == 0 {
		return nil, errors.New("engine: no backend given")
	}
	e := &Engine{
		backends:       o.Backends,
		pools:          map[Device]*alloc.Pool{},
		account:        o.Account,
		sites:          o.Sites,
		defaultDevice:  o.Backends[0].Device(),
		defaultStreams: map[Device]*Stream{},
		firstStreams:   map[Device]*Stream{},
		constants:      map[constantKey]*Node{},
	}
	if e.account == nil {
		e.account = alloc.NewAccount("engine", nil, 0)
	}
	if e.sites == nil {
		e.sites = new(alloc.SiteTable)
	}
	o.Pool.Sites = e.sites
	o.Pool.Wait = func() { e.waitRetired(context.Background()) }
	e.pooling = o.Pool
	for _, be := range o.Backends {
		if err := e.furnish(be); err != nil {
			return nil, err
		}
	}
	e.Seed(o.Seed)
	return e, nil
}

// furnish gives a backend's device its memory and its default stream.
func (e *Engine) furnish(be Backend) error {
	d := be.Device()
	e.pools[d] = e.poolOf(be, e.pooling)
	s, err := e.streamOn(be)
	if err != nil {
		return err
	}
	e.defaultStreams[d], e.firstStreams[d] = s, s
	return nil
}

// poolOf gives backends whose arrays live in the same memory one pool, so that
// each uses the other's without copying.
func (e *Engine) poolOf(be Backend, o alloc.Options) *alloc.Pool {
	for _, other := range e.backends {
		if p := e.pools[other.Device()]; p != nil && other.Source() == be.Source() {
			return p
		}
	}
	return alloc.NewPool(be.Source(), e.account, o)
}

// Account is what the engine's memory is charged to.
func (e *Engine) Account() *alloc.Account { return e.account }

// Sites interns the script lines that memory belongs to.
func (e *Engine) Sites() *alloc.SiteTable { return e.sites }

// Backend is the backend of a device type, the first where there are several, or nil.
func (e *Engine) Backend(t DeviceType) Backend {
	for _, be := range e.backends {
		if be.Device().Type == t {
			return be
		}
	}
	return nil
}

// DefaultDevice is where operations run when no stream is named.
func (e *Engine) DefaultDevice() Device { return e.defaultDevice }

// SetDefaultDevice changes the default device.
func (e *Engine) SetDefaultDevice(d Device) error {
	if _, err := e.reach("set_default_device", d); err != nil {
		return err
	}
	e.defaultDevice = d
	return nil
}

// DefaultStream is the default stream of a device, or nil where there is no such device
// or nothing has used it yet.
func (e *Engine) DefaultStream(d Device) *Stream { return e.defaultStreams[d] }

// StreamOf is the default stream of a device, which is made ready where it is a further one
// of its type.
func (e *Engine) StreamOf(what string, d Device) (*Stream, error) {
	if _, err := e.reach(what, d); err != nil {
		return nil, err
	}
	return e.defaultStreams[d], nil
}

// SetDefaultStream makes s the default stream of its device.
func (e *Engine) SetDefaultStream(s *Stream) { e.defaultStreams[s.Device] = s }

// ResetDefaults makes the default device and streams those that the engine began with, and
// starts the random state from the seed.
func (e *Engine) ResetDefaults(seed uint64) {
	e.defaultDevice = e.backends[0].Device()
	maps.Copy(e.defaultStreams, e.firstStreams)
	e.Seed(seed)
}

// NewStream makes a further stream on a device.
func (e *Engine) NewStream(d Device) (*Stream, error) {
	be, err := e.reach("new_stream", d)
	if err != nil {
		return nil, err
	}
	return e.streamOn(be)
}

func (e *Engine) streamOn(be Backend) (*Stream, error) {
	q, err := be.NewQueue()
	if err != nil {
		return nil, fmt.Errorf("new_stream: %w", err)
	}
	d := be.Device()
	s := &Stream{Index: len(e.streams), Device: d, queue: q, backend: be, can: CapabilitiesOf(be), pool: e.pools[d]}
	e.streams = append(e.streams, s)
	return s, nil
}

// Streams lists the engine's streams.
func (e *Engine) Streams() []*Stream { return e.streams }

// Synchronize waits for all work on the stream; nil stands for every stream.
func (e *Engine) Synchronize(ctx context.Context, s *Stream) error {
	err := e.settle(ctx, s)
	if failed := e.outcome(ctx, s); err == nil {
		err = failed
	}
	return err
}

// settle waits for what streams were given.
func (e *Engine) settle(ctx context.Context, s *Stream) error {
	var first error
	for _, t := range e.streams {
		if s != nil && t != s {
			continue
		}
		if err := t.queue.Flush().Wait(ctx); err != nil && first == nil {
			first = err
		}
	}
	e.reap()
	return first
}

// Close waits for work in flight and gives all memory back. Arrays of a closed
// engine must not be used.
func (e *Engine) Close() error {
	if e.closed {
		return nil
	}
	e.closed = true
	errs := []error{e.settle(context.Background(), nil)}
	for _, s := range e.streams {
		errs = append(errs, s.queue.Close())
	}
	e.random, e.retired = nil, nil
	for _, p := range e.Pools() {
		p.Close()
	}
	for _, be := range e.backends {
		errs = append(errs, be.Close())
	}
	return errors.Join(errs...)
}

// Pools lists the memory of the devices, each once.
func (e *Engine) Pools() []*alloc.Pool {
	var all []*alloc.Pool
	for _, be := range e.backends {
		if p := e.pools[be.Device()]; !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// BufferBytes is the size of the buffers that the arrays lie in, each counted once;
// ok is false where one is not evaluated.
func (e *Engine) BufferBytes(nodes []*Node) (total int64, ok bool) {
	seen := map[*alloc.Buffer]bool{}
	for _, n := range nodes {
		if n.store == nil {
			return 0, false
		}
		if b := n.store.buffer; b != nil && !seen[b] {
			seen[b] = true
			total += int64(b.Size())
		}
	}
	return total, true
}

// Tasks is the number of kernels that queues were given to run so far. The goroutine that
// evaluates may ask.
func (e *Engine) Tasks() uint64 { return e.tasks }

// Settle releases what tasks that have completed meanwhile were holding.
func (e *Engine) Settle() { e.reap() }
