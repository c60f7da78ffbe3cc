package object

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"go.starlark.net/starlark"
)

// Budget is what one running call of the host may still use. The call's thread and
// those of its generators share it. Native code asks it before it does at a script's
// word what no bytecode counts: Steps where it loops, Grow where it allocates, Deeper
// where it recurses, Aside where it computes for long. A thread gets one when it is
// first asked, without a limit on memory.
type Budget struct {
	root  *starlark.Thread               // which is cancelled, and has the limit on steps
	room  func(bytes, since int64) error // fails if the host has no room for that many more
	owed  int64                          // bytes granted since room was last asked
	depth int                            // of native recursion
	turns pace                           // of loops that are too short to count their own

	texts  appended[byte]           // sums of texts
	tuples appended[starlark.Value] // and of tuples

	measures measures // of texts that are taken apart

	comparing int                        // levels of comparisons of values that have parts
	equal     map[[2]unsafe.Pointer]bool // pairs that these found equal

	calls  uint64 // that the budget was of before, see Renew
	locals int    // of the thread, where they are known to be those of each call

	digits *int    // see IntDigits; nil is the default
	asides *Asides // or nil: any number

	running atomic.Pointer[starlark.Thread] // of the call's threads the one that runs; nil is root
	beside  atomic.Bool                     // what runs is a companion, or works for one
	ending  sync.Mutex                      // held while threads are cancelled
	over    bool                            // the call has ended: none of its threads is cancelled any more
}

const (
	budgetKey = "dialect.budget"

	// maxNative is how deep native code follows a script's structures and calls. A
	// level takes some hundred bytes of stack, and some thousand if it runs a script.
	maxNative = 4000

	// owedLimit is how much is granted without asking the host.
	owedLimit = 1 << 20

	// LongStep is how many turns of a native loop may pass between two looks at the budget.
	LongStep = 1024
)

// NewBudget gives the thread a budget whose memory room limits: it is asked for bytes
// that native code is about to allocate, and told what was charged since it was last asked.
// Its error is raised.
func NewBudget(thread *starlark.Thread, room func(bytes, since int64) error) *Budget {
	b := &Budget{root: thread, room: room}
	thread.SetLocal(budgetKey, b)
	return b
}

// BudgetOf is the thread's budget.
func BudgetOf(thread *starlark.Thread) *Budget {
	if thread == nil {
		return &Budget{}
	}
	if b, ok := thread.Local(budgetKey).(*Budget); ok {
		return b
	}
	return NewBudget(thread, nil)
}

// Room is what asks the host for bytes where no thread is at hand: it outlives the call.
func (b *Budget) Room() func(bytes int64) error {
	room := b.room
	return func(bytes int64) error {
		if room == nil {
			return nil
		}
		return room(bytes, 0)
	}
}

// ShareDigits has the script's bound on the digits of ints outlive the call.
func (b *Budget) ShareDigits(most *int) { b.digits = most }

// Cancel has the call's own thread stop, and the one of its threads that runs. It may be called
// from any goroutine.
func (b *Budget) Cancel(reason string) {
	b.ending.Lock()
	defer b.ending.Unlock()
	b.root.Cancel(reason)
	if t := b.running.Load(); t != nil && !b.over {
		t.Cancel(reason)
	}
}

// Interrupt is Cancel for what the call's own thread may catch: its companions go on.
func (b *Budget) Interrupt(reason string) {
	b.ending.Lock()
	defer b.ending.Unlock()
	b.root.Cancel(reason)
	if t := b.running.Load(); t != nil && !b.over && !b.beside.Load() {
		t.Cancel(reason)
	}
}

// End notes that the call has ended. Cancel, which may be late, stops no thread then that goes
// on in another call.
func (b *Budget) End() {
	b.ending.Lock()
	defer b.ending.Unlock()
	b.over = true
}

// commonLocals are those of each call that this package knows.
var commonLocals = []string{budgetKey, interrupterLocal, generatorsLocal}

// Renew makes the thread of a call that has ended, and its budget, as they were before its
// script ran, for another call of the same host. Known are the locals that the host and the
// language set themselves: it reports whether there are no others, and does nothing else
// where there are.
func Renew(thread *starlark.Thread, known ...string) bool {
	b, ok := thread.Local(budgetKey).(*Budget)
	if !ok || b.root != thread {
		return false
	}
	if locals := threadLocals(thread); len(locals) != b.locals { // none is ever taken away
		for key := range locals {
			if !slices.Contains(known, key) && !slices.Contains(commonLocals, key) {
				return false
			}
		}
		b.locals = len(locals)
	}
	b.ending.Lock()
	defer b.ending.Unlock()
	if isCancelled(thread) {
		thread.Uncancel()
	}
	thread.Steps, thread.OnMaxSteps, thread.Load = 0, nil, nil
	thread.SetMaxExecutionSteps(math.MaxUint64)
	b.owed, b.depth, b.turns, b.comparing, b.equal = 0, 0, 0, 0, nil
	b.texts.clear()
	b.tuples.clear()
	b.measures.clear()
	if b.running.Load() != nil {
		b.running.Store(nil)
	}
	b.beside.Store(false)
	b.over = false
	b.calls++
	return true
}

// switchTo notes that another of the call's threads runs from now on.
func (b *Budget) switchTo(thread *starlark.Thread) (before *starlark.Thread) {
	return b.running.Swap(thread)
}

// switchBack notes that a thread runs again. Who cancelled meanwhile may not have known it.
func (b *Budget) switchBack(thread, before *starlark.Thread) {
	b.running.Store(before)
	if reason, ok := cancelled(b.root); ok && thread != b.root {
		thread.Cancel(reason)
	}
}

// stopped is the end of the call, which nothing in the script catches.
type stopped struct{ reason string }

func (s *stopped) Error() string     { return "Starlark computation cancelled: " + s.reason }
func (s *stopped) Uncatchable() bool { return true }

// Steps counts n turns of a native loop as steps of the script. It fails, for good, if the
// call was cancelled or has run its steps.
func Steps(thread *starlark.Thread, n int) error {
	if thread == nil {
		return nil
	}
	b := BudgetOf(thread)
	thread.Steps += uint64(n)
	if limit := stepLimit(b.root); limit != 0 && thread.Steps >= limit {
		b.root.Steps = max(b.root.Steps, thread.Steps)
		if b.root.OnMaxSteps != nil {
			b.root.OnMaxSteps(b.root)
		} else {
			b.root.Cancel("too many steps")
		}
	}
	return b.stop()
}

func (b *Budget) stop() error {
	if reason, ok := cancelled(b.root); ok {
		return &stopped{reason}
	}
	return nil
}

// Grow asks for the bytes that native code is about to allocate because a script said
// so. The error is a MemoryError, or the end of the call.
func Grow(thread *starlark.Thread, bytes int64) error {
	if bytes < owedLimit/16 || thread == nil {
		return nil
	}
	b := BudgetOf(thread)
	if b.owed += bytes; b.owed < owedLimit {
		return nil
	}
	since := b.owed - bytes
	b.owed = 0
	if err := b.stop(); err != nil {
		return err
	}
	if b.room == nil {
		if bytes > unlimited {
			return Errorf(MemoryError, "allocate %d bytes: above %d", bytes, int64(unlimited))
		}
		return nil
	}
	if err := b.room(bytes, since); err != nil {
		if end := b.stop(); end != nil { // there was no room to ask in
			return end
		}
		return err
	}
	return nil
}

// unlimited is the most that is allocated at once where no host says what there is.
const unlimited = 1 << 34

// GrowTimes is Grow for count pieces of size bytes.
func GrowTimes(thread *starlark.Thread, count, size int) error {
	if size > 0 && count > (1<<62)/size {
		return Errorf(MemoryError, "allocate %d times %d bytes", count, size)
	}
	return Grow(thread, int64(count)*int64(size))
}

// Meter charges a text for its growth while it is written.
type Meter struct{ charged int }

// Grow asks for what makes the text size bytes long.
func (m *Meter) Grow(thread *starlark.Thread, size int) error {
	if size-m.charged < owedLimit {
		return nil
	}
	more := 2 * (size - m.charged) // the storage before it grew is garbage later
	m.charged = size
	return Grow(thread, int64(more))
}

// Deeper is a level of native recursion over what a script made. Where it gives nil, the
// caller calls Shallower when it leaves the level.
func Deeper(thread *starlark.Thread) (*Budget, error) {
	if thread == nil {
		return &Budget{}, nil
	}
	b := BudgetOf(thread)
	if b.depth >= maxNative {
		return nil, tooDeep()
	}
	b.depth++
	return b, nil
}

// Shallower leaves the level that Deeper entered.
func (b *Budget) Shallower() { b.depth-- }

// turn counts what is done for one of many values.
func (b *Budget) turn(thread *starlark.Thread) error {
	if b == nil {
		return nil
	}
	return b.turns.step(thread)
}

func tooDeep() error { return Errorf(RecursionError, "maximum recursion depth exceeded") }

// pace counts the turns of a loop and asks the budget from time to time. Turns may take long:
// each looks whether its thread was cancelled.
type pace uint32

func (p *pace) step(thread *starlark.Thread) error {
	if *p++; *p%LongStep != 0 && !isCancelled(thread) {
		return nil
	}
	return p.ask(thread)
}

func (p *pace) ask(thread *starlark.Thread) error {
	if reason, ok := cancelled(thread); ok {
		return &stopped{reason}
	}
	return Steps(thread, LongStep)
}

// Asides bounds how many computations go on that calls of a runtime have left: each keeps its
// place until it is done.
type Asides struct{ places chan struct{} }

// NewAsides has n places.
func NewAsides(n int) *Asides { return &Asides{make(chan struct{}, max(n, 1))} }

// Bound has what the call computes aside take places.
func (b *Budget) Bound(a *Asides) { b.asides = a }

// enter waits for a place until the call ends.
func (a *Asides) enter(b *Budget) error {
	if a == nil {
		return nil
	}
	select {
	case a.places <- struct{}{}:
		return nil
	default:
	}
	ticker := time.NewTicker(asideInterval)
	defer ticker.Stop()
	for {
		select {
		case a.places <- struct{}{}:
			return nil
		case <-ticker.C:
			if err := b.stop(); err != nil {
				return err
			}
		}
	}
}

func (a *Asides) leave() {
	if a != nil {
		<-a.places
	}
}

// Aside runs f, which takes long, looks at nothing and has no side effects, so that the
// call ends at once where it is cancelled meanwhile. What f does then is thrown away
// when it is done.
func Aside[T any](thread *starlark.Thread, f func() (T, error)) (T, error) {
	return AsideUntil(thread, func(context.Context) (T, error) { return f() })
}

// AsideUntil is Aside for what looks at a context, which ends with the call: little is left of it
// then.
func AsideUntil[T any](thread *starlark.Thread, f func(ctx context.Context) (T, error)) (T, error) {
	if thread == nil {
		return f(context.Background())
	}
	b := BudgetOf(thread)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	type outcome struct {
		v        T
		err      error
		panicked any
	}
	asides := b.asides
	if err := asides.enter(b); err != nil {
		var none T
		return none, err
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			o.panicked = recover()
			asides.leave()
			done <- o
		}()
		o.v, o.err = f(ctx)
	}()
	ticker := time.NewTicker(asideInterval)
	defer ticker.Stop()
	for {
		select {
		case o := <-done:
			if o.panicked != nil {
				panic(o.panicked)
			}
			return o.v, o.err
		case <-ticker.C:
			if err := b.stop(); err != nil {
				var none T
				return none, err
			}
		}
	}
}

// asideInterval is how often Aside looks whether the call was cancelled.
const asideInterval = 5 * time.Millisecond

// deepStack is a number of Go frames that only runaway recursion has.
const deepStack = 20_000

// newThread is a bare thread for operations that Go asks for without one. They may
// recurse, each on such a thread, so that it is the stack that tells how deep they are.
func newThread(name string) *starlark.Thread {
	thread := &starlark.Thread{Name: name}
	var pc [1]uintptr
	if runtime.Callers(deepStack, pc[:]) > 0 {
		NewBudget(thread, nil).depth = maxNative
	}
	return thread
}

const (
	reportSteps = 1 << 18
	reportRoom  = 1 << 26
)

// NewReport is a thread for what a script wrote and no call of it waits for, such as the
// text of an exception that ended one: it has few steps and little memory.
func NewReport() *starlark.Thread {
	thread := newThread("report")
	thread.SetMaxExecutionSteps(reportSteps)
	left := int64(reportRoom)
	BudgetOf(thread).room = func(bytes, since int64) error {
		if left -= bytes + since; left < 0 {
			return Errorf(MemoryError, "report: its text takes more than %d bytes", reportRoom)
		}
		return nil
	}
	return thread
}
