package mlxstar

import (
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/internal/census"
	"github.com/mlxstar/mlxstar/stdlib"
)

// heapShare is what a runtime holds of the process's heap, as it was last counted.
type heapShare struct {
	base atomic.Int64 // of the heap that was there before the runtime
	due  atomic.Bool  // the script's goroutine is to count

	timer     *time.Timer  // of the watcher's next look
	looking   sync.Mutex   // held by it
	begun     atomic.Bool  // a look has begun the call, see begin
	tolerated atomic.Int64 // bytes in use that the last look saw no need to collect at

	collecting chan struct{} // holds an element while the watcher collects, for which the script waits

	mu        sync.Mutex
	held      int64         // bytes that the last count found
	heap      int64         // the size of the process's heap then
	allocated int64         // and what the process had allocated
	charged   int64         // what native code has charged since
	at        time.Time     // when the last count ended
	took      time.Duration // and how long it took
}

const (
	// heapOverhead is how much the heap takes for what a count finds: the headers and
	// rounding that it does not see. Measured over lists, dicts, strings, instances and
	// tuples, TestHeapOverhead.
	heapOverhead = 1.1

	// countShare bounds the time that counting takes: one in so many parts, where the
	// heap's size does not say that it is urgent.
	countShare = 8
)

// begin notes at the first look of a call, at the size of the process's heap, that others'
// memory was given back.
func (s *heapShare) begin(heap int64) {
	if s.begun.Load() || s.begun.Swap(true) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if rest := max(heap-s.held, 0); rest < s.base.Load() {
		s.base.Store(rest)
	}
}

// wait has the script wait until the watcher has collected, or its call is to end.
func (rt *Runtime) wait() {
	var ended <-chan struct{}
	if c := rt.current.Load(); c != nil {
		ended = c.Base().Done()
	}
	select {
	case rt.share.collecting <- struct{}{}:
		<-rt.share.collecting
	case <-ended:
	}
}

// collectGarbage collects on the script's goroutine's behalf, which waits for it, but not
// longer than its call.
func (rt *Runtime) collectGarbage() {
	c := rt.current.Load()
	if c == nil {
		runtime.GC()
		return
	}
	done := make(chan struct{})
	go func() { runtime.GC(); close(done) }()
	select {
	case <-done:
	case <-c.Base().Done():
	}
}

// mayHold bounds what the runtime has in use: what it held when it was last counted and
// all that was allocated since, by whomever, and no more than the heap.
func (rt *Runtime) mayHold() int64 {
	heap, allocated := processHeap()
	s := &rt.share
	s.mu.Lock()
	defer s.mu.Unlock()
	return min(heap, s.held+allocated-s.allocated) + rt.arraysInUse()
}

// sharedRoom tells whether the bytes fit in the limit beside what the runtime has in use,
// which it gives. It counts where what was charged since the last count might not.
func (rt *Runtime) sharedRoom(bytes, since, limit int64) (used int64, fits bool) {
	if rt.mayHold()+bytes <= limit {
		return 0, true
	}
	s := &rt.share
	s.mu.Lock()
	s.charged += since
	used = s.held + s.charged + rt.arraysInUse()
	counted := !s.at.IsZero()
	s.mu.Unlock()
	if !counted || used+bytes > limit {
		rt.count()
		used = s.heldNow() + rt.arraysInUse()
	}
	if used+bytes > limit {
		rt.collectGarbage() // for arrays that are dead
		used = s.heldNow() + rt.arraysInUse()
	}
	if used+bytes > limit {
		return used, false
	}
	s.mu.Lock()
	s.charged += bytes
	s.mu.Unlock()
	return used, true
}

func (s *heapShare) heldNow() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// recount counts, on the script's goroutine, and ends the call if the runtime is above its
// hard limit.
func (rt *Runtime) recount() {
	c := rt.current.Load()
	limit := rt.opts.HardMemoryLimit
	if c == nil {
		return
	}
	s := &rt.share
	heap, _ := processHeap()
	s.mu.Lock()
	wait := time.Since(s.at) < countShare*s.took && heap-s.heap < limit/2
	s.mu.Unlock()
	if wait {
		return // the watcher asks again
	}
	if !rt.count() {
		return
	}
	used := s.heldNow() + rt.arraysInUse()
	if used > limit {
		rt.collectGarbage() // for arrays that are dead
		used = s.heldNow() + rt.arraysInUse()
	}
	if used > limit {
		c.exceed(used, limit)
	}
}

// count finds what the runtime's values hold. Only the goroutine of its script calls it,
// and only where the script waits. It reports whether it got to the end.
func (rt *Runtime) count() bool {
	heap, allocated := processHeap()
	start := time.Now()
	current := rt.current.Load()
	n := census.New(followed, func() bool { return current != nil && current.ended() != nil })
	for _, root := range []any{rt.main, rt.files, rt.sources, rt.globals, rt.std} {
		if !n.Count(root) {
			return false
		}
	}
	for c := current; c != nil; c = c.outer() {
		n.Frames(c.thread)
	}
	for _, thread := range append(rt.generators.Threads(), rt.std.Threads()...) {
		n.Frames(thread)
	}
	s := &rt.share
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = int64(heapOverhead*float64(n.Bytes)) + rt.detached()
	s.heap, s.allocated, s.charged = heap, allocated, 0
	s.at = time.Now()
	s.took = s.at.Sub(start)
	return true
}

const module = "github.com/mlxstar/mlxstar/"

// followedPackages are those whose structures values are made of, and which only the
// script's goroutine changes.
var followedPackages = []string{
	"go.starlark.net/", module + "dialect", module + "stdlib", module + "builtins", module + "engine",
	"math/big", "strings", "bytes", "bufio", "regexp", "container/", "encoding/", "hash", "crypto/",
}

// opaque are structures of these packages that belong to the runtime, or change while a
// script runs.
var opaque = map[reflect.Type]bool{
	reflect.TypeFor[object.Generators](): true, reflect.TypeFor[stdlib.Environment](): true,
	reflect.TypeFor[engine.Engine](): true, reflect.TypeFor[engine.Stream](): true, reflect.TypeFor[engine.Op](): true,
	reflect.TypeFor[engine.Builder](): true,
}

// followed tells whether a count looks into structures of the type.
func followed(t reflect.Type) bool {
	if opaque[t] {
		return false
	}
	path := t.PkgPath()
	for _, p := range followedPackages {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return path == ""
}
