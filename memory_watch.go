package mlxstar

import (
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

// watch is who watches a runtime's memory.
type watch struct {
	mu       sync.Mutex // held while the recorder is exchanged
	recorder atomic.Pointer[memory.Recorder]

	server *monitor.Server // of the process's socket, or nil

	found atomic.Pointer[memory.Ownership] // who owned what when that was last asked
}

// RecordMemory begins to record where memory goes, if that is not recorded already: by
// line of the script with its callers, operation, dtype and shape. It can be called while
// a script runs. Arrays that exist already count for their lines as far as those are known.
// What the recorder is told can be followed: package memory/record writes it to a file.
func (rt *Runtime) RecordMemory() *memory.Recorder { return rt.recording() }

func (rt *Runtime) recording() *memory.Recorder {
	if r := rt.watch.recorder.Load(); r != nil {
		return r
	}
	rt.watch.mu.Lock()
	defer rt.watch.mu.Unlock()
	if r := rt.watch.recorder.Load(); r != nil {
		return r
	}
	r := memory.NewRecorder(rt.engine.Sites(), 0)
	rt.engine.Observe(r)
	rt.watch.recorder.Store(r)
	return r
}

// StopRecordingMemory ends the recording and forgets it.
func (rt *Runtime) StopRecordingMemory() {
	rt.watch.mu.Lock()
	defer rt.watch.mu.Unlock()
	if rt.watch.recorder.Swap(nil) != nil {
		rt.engine.Observe(nil)
	}
}

// MarkMemory ends a step of the recording and names it. Without a recording it does
// nothing.
func (rt *Runtime) MarkMemory(name string) {
	if r := rt.watch.recorder.Load(); r != nil {
		r.Mark(name)
	}
}

// MemoryProfile writes what has been recorded as JSON, as the package memory reads it,
// with the owners of what is live. What is dead does not count in it. Where nothing is
// recorded yet, recording begins, and the profile has what is live.
func (rt *Runtime) MemoryProfile(w io.Writer) error {
	return rt.MemorySnapshot(true).Write(w)
}

// MemorySnapshot is what MemoryProfile writes, with the latest events if trace is set.
func (rt *Runtime) MemorySnapshot(trace bool) *memory.Profile {
	rt.RecordMemory()
	return rt.memoryProfile(trace, rt.MemoryOwners())
}

func (rt *Runtime) memoryProfile(trace bool, owned *memory.Ownership) *memory.Profile {
	r := rt.recording()
	rt.account.Collect(alloc.ForAnswer)
	p := r.Profile(trace)
	if rt.opts.HostInfo {
		p.PID = os.Getpid()
	}
	if len(rt.opts.Args) > 0 {
		p.Command = rt.opts.Args[0]
	}
	if owned != nil {
		p.Owners = owned.Owners
	}
	return p
}

// MemorySite is what the arrays that one line of a script made hold.
type MemorySite struct {
	Where  string `json:"where"` // file:line; "" for lines that are not known, and arrays under 4 KiB
	Bytes  int64  `json:"bytes"`
	Arrays int64  `json:"arrays"`
}

// MemorySites lists the lines of scripts that hold memory, those that hold most first. It
// works without a recording, and while a script runs. Arrays that are dead and not
// collected yet count.
func (rt *Runtime) MemorySites() []MemorySite {
	held := rt.account.Holders(-1)
	sites := make([]MemorySite, len(held))
	for i, h := range held {
		sites[i] = MemorySite{h.Where, h.Bytes, int64(h.Count)}
	}
	return sites
}

// parkingReader lets others look at the runtime's values while its script waits for input.
type parkingReader struct {
	io.Reader
	turn *turn
}

func (p parkingReader) Read(b []byte) (int, error) {
	defer p.turn.park()()
	return p.Reader.Read(b)
}

// writeFile writes a file that the runtime's scripts may write.
func (rt *Runtime) writeFile(name string, write func(w io.Writer) error) error {
	if rt.opts.Files == nil {
		return object.Errorf(object.PermissionError, "snapshot: no files are allowed")
	}
	if err := (arrayFiles{rt}).Write(name, write); err != nil {
		return object.Errorf(object.OSError, "snapshot: %s", err)
	}
	return nil
}
