package gpu

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
)

// batch is commands that are being encoded or in flight. It keeps the
// tasks, and with them their storage, until it is done.
type batch struct {
	queue    *queue
	commands Commands
	event    *event
	after    []*event // of other queues, that it waits for
	number   uint64
	tasks    []*engine.Task
	failed   []*engine.Task // that were not encoded wholly
	bytes    int

	record  *Recording    // of the pass
	scratch []alloc.Block // released when the batch is done
	reports alloc.Block   // the buffer of the last checks
	checks  []check
}

func newBatch(q *queue, e *event) (*batch, error) {
	c, err := q.lane.Begin()
	if err != nil {
		return nil, err
	}
	return &batch{queue: q, commands: c, event: e, record: recordings.Get().(*Recording)}, nil
}

// full tells whether to commit the batch, which may be twice as long for each growth. Messages
// of a group wait for others that may belong to them.
func (b *batch) full(growths int) bool {
	if b.record.messages() {
		return false
	}
	return len(b.tasks) >= batchTasks<<growths || b.bytes >= batchBytes<<growths
}

func (b *batch) endPass() {
	b.commands.Encode(b.record)
	b.record.reset()
}

// await makes what follows wait.
func (b *batch) await(w waiting) {
	b.endPass()
	if w.of == nil {
		b.commands.AwaitSignal(w.value)
		return
	}
	b.after = append(b.after, w.of)
	b.commands.Await(w.of.queue.lane, w.value)
}

// encode adds a task. What it had encoded when it fails stays, and is no failure of
// the batch: the outputs are poisoned, and nobody reads them.
func (b *batch) encode(f *family, t *engine.Task) error {
	for i := range t.Out {
		b.bytes += t.Out[i].Len() * t.Out[i].Dtype.Size()
	}
	if b.queue.backend.timed {
		b.record.label = labelOf(t)
	}
	err := b.commands.Open()
	if err == nil {
		err = f.encode(&job{batch: b, task: t})
	}
	if err != nil {
		b.failed = append(b.failed, t)
		b.queue.backend.poison.Mark(t, err)
		return err
	}
	b.tasks = append(b.tasks, t)
	return nil
}

// labelOf names the operations of a task.
func labelOf(t *engine.Task) string {
	if t.Fusion == nil {
		return t.Op.Name
	}
	names := make([]string, len(t.Fusion.Steps))
	for i := range names {
		names[i] = t.Fusion.Steps[i].Op.Name
	}
	return strings.Join(names, "+")
}

// finish commits the commands.
func (b *batch) finish() {
	b.endPass()
	b.commands.Commit(b.number)
	recordings.Put(b.record)
	b.record = nil
}

// recordings are empty ones, which batches take turns with.
var recordings = sync.Pool{New: func() any { return newRecording() }}

// wait blocks until the GPU is done, and settles what the tasks left behind:
// outputs that were not written, or were computed from such, are poisoned. What other
// queues left is known by then: the GPU may go on as soon as it has signaled, and
// before the processor has looked at what went wrong.
func (b *batch) wait() error {
	poison := b.queue.backend.poison
	err := b.commands.Wait()
	for _, e := range b.after {
		_ = e.Wait(context.Background()) // its error is its own
	}
	if err != nil {
		b.queue.lane.Settle(b.number) // the GPU does not, for what failed
	} else {
		err = b.outOfBounds()
	}
	for _, t := range b.tasks {
		if err != nil {
			poison.Mark(t, err)
		} else if from := poison.Check(t); from != nil {
			poison.Mark(t, from)
			err = from
		} else {
			poison.Clear(t)
		}
	}
	b.commands.Release()
	for _, s := range b.scratch {
		b.queue.backend.driver.Release(s)
	}
	b.tasks, b.failed, b.scratch, b.after = nil, nil, nil, nil
	return err
}

// temporary gives memory that lives until the batch is done.
func (b *batch) temporary(size int) (alloc.Block, error) {
	s, err := b.queue.backend.driver.NewShared(max(size, 16))
	if err == nil {
		b.scratch = append(b.scratch, s)
	}
	return s, err
}

// check is a place where a kernel reports an index out of bounds: of which task, and
// what the axis is.
type check struct {
	op           string
	axis, length int
	beyond       *engine.Error // or nil
	*report
}

// report is what a kernel writes there.
type report struct {
	found uint32 // the number of the check, from 1 on
	_     uint32
	index int64
}

// reportsAtOnce is how many reports one buffer holds.
const reportsAtOnce = 64

// watchIndices gives a place where the kernels of an indexing task report, and the
// number to report under, which may be at another check's place. No other task
// reports there.
func (b *batch) watchIndices(c check) (alloc.Block, uint32, error) {
	size := int(unsafe.Sizeof(report{}))
	at := len(b.checks) % reportsAtOnce
	if at == 0 {
		s, err := b.temporary(size * reportsAtOnce)
		if err != nil {
			return s, 0, err
		}
		clear(unsafe.Slice((*byte)(s.Data), size*reportsAtOnce))
		b.reports = s
	}
	c.report = (*report)(unsafe.Add(b.reports.Data, at*size))
	b.checks = append(b.checks, c)
	return alloc.Block{Data: unsafe.Pointer(c.report), Size: size, Handle: b.reports.Handle}, uint32(len(b.checks)), nil
}

// outOfBounds gives the error of the first task that found an index out of bounds.
func (b *batch) outOfBounds() error {
	for i := range b.checks {
		if at := b.checks[i].report; at.found != 0 {
			c := &b.checks[at.found-1]
			if c.beyond != nil {
				return c.beyond
			}
			return engine.Errorf(engine.IndexError, c.op, "index %d is out of bounds for axis %d with size %d", at.index, c.axis, c.length)
		}
	}
	return nil
}

// job encodes one task.
type job struct {
	*batch
	task *engine.Task

	reads, writes []place
	carved        []int  // where parts of the workspace begin, in bytes
	carving       uint32 // the number of that
	apart         uint32 // the stretch of writes that lie apart, or 0
	kernel        pipeline
}

// use chooses the kernel of the next dispatch and forgets the arguments of the
// last.
func (j *job) use(k kernelName) error {
	p, err := j.queue.backend.pipeline(k)
	if err == nil {
		j.with(p)
	}
	return err
}

// with is use of a kernel that is at hand.
func (j *job) with(p pipeline) {
	j.kernel = p
	j.reads, j.writes = j.reads[:0], j.writes[:0]
	j.record.SetPipeline(p.state)
}

// kernelOn chooses a kernel whose first arguments are what it reads, and then what it writes.
func (j *job) kernelOn(k kernelName, reads []*engine.Operand, writes ...*engine.Operand) error {
	if err := j.use(k); err != nil {
		return err
	}
	for i, o := range reads {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	for i, o := range writes {
		if err := j.write(o, len(reads)+i); err != nil {
			return err
		}
	}
	return nil
}

// read binds an operand.
func (j *job) read(o *engine.Operand, index int) error {
	if o.Buffer == nil || o.Buffer.Size() == 0 {
		// A constant of the graph, or an array without elements.
		var none [16]byte
		copy(none[:], o.Data)
		j.record.SetBytes(unsafe.Pointer(&none), len(none), index)
		return nil
	}
	h, at, err := j.whereRead(o)
	if err == nil {
		j.record.SetBuffer(h, at, index)
	}
	return err
}

// whereRead tells where the GPU sees an operand, from an offset in bytes on.
func (j *job) whereRead(o *engine.Operand) (h Buffer, at int, err error) {
	at = o.Offset * o.Dtype.Size()
	if o.Buffer != nil {
		if h, ok := o.Buffer.Handle().(Buffer); ok {
			j.reads = append(j.reads, j.placeOf(o))
			return h, at, nil
		}
		// Memory that was handed in, and that the GPU sees in place or as a copy.
		if h, ok := j.queue.backend.driver.View(o.Buffer, o.Data); ok {
			j.reads = append(j.reads, j.placeOf(o))
			return h, at, nil
		}
	}
	if o.Data == nil {
		return 0, 0, fmt.Errorf("%s: an input is in memory of another device", j.task.Op.Name)
	}
	s, err := j.temporary(len(o.Data))
	if err != nil {
		return 0, 0, err
	}
	copy(unsafe.Slice((*byte)(s.Data), len(o.Data)), o.Data)
	return s.Handle.(Buffer), at, nil
}

// write binds an output.
func (j *job) write(o *engine.Operand, index int) error {
	h, at, err := j.whereWritten(o)
	if err == nil {
		j.record.SetBuffer(h, at, index)
	}
	return err
}

// whereWritten tells where an output is, from an offset in bytes on.
func (j *job) whereWritten(o *engine.Operand) (h Buffer, at int, err error) {
	h, ok := o.Buffer.Handle().(Buffer)
	if !ok {
		return 0, 0, fmt.Errorf("%s: the output is not in memory of the GPU", j.task.Op.Name)
	}
	j.writes = append(j.writes, j.placeOf(o))
	return h, o.Offset * o.Dtype.Size(), nil
}

// readScratch binds temporary memory from an offset in bytes.
func (j *job) readScratch(s alloc.Block, offset, index int) {
	h := s.Handle.(Buffer)
	j.reads = append(j.reads, place{scratch: h})
	j.record.SetBuffer(h, offset, index)
}

// reports binds where a kernel reports a bad index. Nothing else is there.
func (j *job) reports(s alloc.Block, index int) {
	offset := uintptr(s.Data) - uintptr(j.batch.reports.Data)
	j.record.SetBuffer(s.Handle.(Buffer), int(offset), index)
}

// params binds a structure of numbers, laid out as the kernel declares it.
func params[T any](j *job, p *T, index int) {
	j.record.SetBytes(unsafe.Pointer(p), int(unsafe.Sizeof(*p)), index)
}

// threadsPerGroup is the size of threadgroups where the kernel does not care.
const threadsPerGroup = 256

// groups runs threadgroups.
func (j *job) groups(groups, threads Size) {
	j.order()
	j.record.Dispatch(groups, threads)
}

// threads runs a grid of threads, whose last groups may be smaller.
func (j *job) threads(grid, group Size) {
	j.order()
	j.record.DispatchThreads(grid, group)
}

// order puts the next dispatch after those that it must not overlap.
func (j *job) order() { j.record.order(j.reads, j.writes, j.apart) }

// writesApart says that the dispatches until the function that it gives is called
// write to different parts of what they share.
func (j *job) writesApart() (end func()) {
	j.apart = j.record.number()
	return func() { j.apart = 0 }
}

// lines is the most threadgroups along the first axis of a grid; what is more
// goes along the second.
const lines = 1 << 20

// spread runs one thread for each of n elements. Kernels find theirs with the
// width that widthOf gives.
func (j *job) spread(n int) {
	per := min(threadsPerGroup, j.kernel.maxThreads)
	all := (n + per - 1) / per
	x := min(all, lines)
	j.groups(Size{Width: uint(x), Height: uint((all + x - 1) / x), Depth: 1}, Size{Width: uint(per), Height: 1, Depth: 1})
}

// widthOf is the number of threads along the first axis of the grid of spread.
func (j *job) widthOf(n int) uint32 {
	per := min(threadsPerGroup, j.kernel.maxThreads)
	return uint32(min((n+per-1)/per, lines) * per)
}
