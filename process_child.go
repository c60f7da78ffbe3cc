package mlxstar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// A Fence takes rights from the process that calls it, for good, so that it reads no more
// of the machine than what is in folders, and changes no more than what is in those of the
// second list. It names what holds then. Package isolate has one.
type Fence func(readable, writable []string) (held []string, err error)

// Child must be the first that main does, in programs that use Process: it serves the
// runtime of a process that NewProcess started, and does not return there. Elsewhere it
// does nothing. The fences are put up before any script runs.
func Child(fences ...Fence) {
	if os.Getenv(childKey) == "" || !processes {
		return
	}
	_ = os.Unsetenv(childKey) // the script's environment is another
	c := &child{in: os.NewFile(3, "in"), out: os.NewFile(4, "out"), elements: os.NewFile(5, "elements"), results: os.NewFile(6, "results")}
	if err := c.serve(fences); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// firstRankFile is the first of the files that a process of a group has besides those of all.
const firstRankFile = 7

// child is the runtime's side.
type child struct {
	in, out           *os.File // frames
	elements, results *os.File
	rt                *Runtime

	mu     sync.Mutex // of out, and cancel
	cancel context.CancelCauseFunc
}

func (c *child) send(kind byte, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return writeFrame(c.out, kind, payload)
}

// output is the script's standard output or error.
type output struct {
	c      *child
	stream byte
}

func (o output) Write(p []byte) (int, error) {
	const part = 1 << 20
	for at := 0; at < len(p); at += part {
		if err := o.c.send(frameOutput, append([]byte{o.stream}, p[at:min(at+part, len(p))]...)); err != nil {
			return at, err
		}
	}
	return len(p), nil
}

// serve answers until the host is gone.
func (c *child) serve(fences []Fence) error {
	kind, payload, err := readFrame(c.in)
	if err != nil || kind != frameSetup {
		return errors.Join(errFrame, err)
	}
	told := processSetup{ProcessOptions: &ProcessOptions{}}
	if err := json.Unmarshal(payload, &told); err != nil {
		return err
	}
	held, err := c.prepare(&told, fences)
	if err != nil {
		return err
	}
	hello, err := json.Marshal(held)
	if err != nil {
		return err
	}
	if err := c.send(frameHello, hello); err != nil {
		return err
	}
	frames := make(chan reply)
	go c.receive(frames)
	for f := range frames {
		if err := c.answer(f); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes the runtime and puts up the fences around it.
func (c *child) prepare(o *processSetup, fences []Fence) (held []string, err error) {
	ro := Options{
		Args: o.Args, Seed: o.Seed, MemoryLimit: o.MemoryLimit, HardMemoryLimit: o.HardMemoryLimit, Threads: o.Threads,
		StepLimit: o.StepLimit, Env: o.Env, Device: "cpu", Stdout: output{c, 1}, Stderr: output{c, 2},
	}
	readable, writable, err := o.files(&ro)
	if err != nil {
		return nil, err
	}
	if o.Standing != nil {
		var p rankPlace
		if o.Standing.Size > 1 {
			for i := range p {
				p[i] = os.NewFile(uintptr(firstRankFile+i), "rank")
			}
		}
		if ro.seat, err = o.Standing.seat(p); err != nil {
			return nil, err
		}
	}
	// What is read of the machine once is read before it is out of reach.
	_ = time.Local.String()
	_ = time.Now().Local().String()
	alloc.DefaultLimit()
	if c.rt, err = New(ro); err != nil {
		return nil, err
	}
	if o.HardMemoryLimit > 0 {
		debug.SetMemoryLimit(o.HardMemoryLimit)
	}
	if err := limitProcess(o.HardMemoryLimit, o.CPUTime); err != nil {
		return nil, err
	}
	held = []string{"rlimit"}
	for _, fence := range fences {
		names, err := fence(readable, writable)
		if err != nil {
			return nil, err
		}
		held = append(held, names...)
	}
	return held, nil
}

// files opens the folders that a runtime is to have, and lists them for the fences.
func (o *ProcessOptions) files(ro *Options) (readable, writable []string, err error) {
	folders := maps.Clone(o.Mounts)
	if o.Folder != "" {
		if folders == nil {
			folders = map[string]ProcessFolder{}
		}
		folders["/"] = ProcessFolder{o.Folder, o.Writable}
	}
	at := map[string]FileSystem{}
	for name, f := range folders {
		folder, err := Dir(f.Path)
		if err != nil {
			return nil, nil, err
		}
		if f.Writable {
			at[name], writable = folder, append(writable, f.Path)
		} else {
			at[name], readable = ReadOnly(folder), append(readable, f.Path)
		}
	}
	switch {
	case len(o.Mounts) > 0:
		ro.Files, err = Mounts(at)
	case o.Folder != "":
		ro.Files = at["/"]
	}
	return readable, writable, err
}

// receive passes frames on. The end of a call's context does not wait for its turn.
func (c *child) receive(frames chan<- reply) {
	for {
		kind, payload, err := readFrame(c.in)
		if err != nil {
			os.Exit(0) // the host is gone
		}
		switch kind {
		case frameInterrupt:
			c.rt.Interrupt()
			continue
		case frameCancel:
		default:
			frames <- reply{kind, payload}
			continue
		}
		c.mu.Lock()
		cancel := c.cancel
		c.mu.Unlock()
		if cancel != nil {
			limit, text, _ := strings.Cut(string(payload), ":")
			cancel(&cause{text, limitNamed(limit)})
		}
	}
}

// answer does what a frame asks for.
func (c *child) answer(f reply) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	c.mu.Lock()
	c.cancel = cancel
	c.mu.Unlock()
	m := &message{ctx: ctx, file: c.results}
	err := c.perform(ctx, f, m)
	c.mu.Lock()
	c.cancel = nil
	c.mu.Unlock()
	if err == nil && len(m.buf) <= maxFrame {
		return c.send(frameResult, m.buf)
	}
	if err == nil {
		err = object.Errorf(object.MemoryError, "process: the result is longer than %d bytes", maxFrame)
	}
	var e *Error
	var exit *ExitError
	if !errors.As(err, &e) && !errors.As(err, &exit) {
		exc := object.AsException(err)
		err = &Error{Type: exc.Class.Name(), Message: exc.Message(), Traceback: exc.Class.Name() + ": " + exc.Message() + "\n", cause: err}
	}
	wire, jsonErr := json.Marshal(toWire(err))
	if jsonErr != nil {
		return jsonErr
	}
	return c.send(frameError, wire)
}

func (c *child) perform(ctx context.Context, f reply, m *message) error {
	in := &received{buf: f.payload, file: c.elements, left: 1 << 40, rt: c.rt}
	if f.kind == frameLeave {
		return errors.Join(c.rt.leaveGroups(), m.value(starlark.None, 0))
	}
	name, err := in.text()
	if err != nil {
		return err
	}
	v := starlark.Value(starlark.None)
	switch f.kind {
	case frameExec, frameEval:
		src, err := in.blob()
		if err != nil {
			return err
		}
		if f.kind == frameExec {
			err = c.rt.Exec(ctx, name, string(src))
		} else {
			v, err = c.rt.evalValue(ctx, name, string(src))
		}
		if err != nil {
			return err
		}
	case frameFile:
		if err := c.rt.ExecFile(ctx, name); err != nil {
			return err
		}
	case frameCall:
		n, err := in.number()
		if err != nil || n > len(in.buf) {
			return errFrame
		}
		args := make([]any, n)
		for i := range args {
			if args[i], err = in.value(0); err != nil {
				return err
			}
		}
		if v, err = c.rt.callValue(ctx, name, args); err != nil {
			return err
		}
	case frameSet:
		value, err := in.value(0)
		if err != nil {
			return err
		}
		return errors.Join(c.rt.Set(name, value), m.value(starlark.None, 0))
	case frameGet:
		found := starlark.Tuple{}
		if v := c.rt.main.Get(name); v != nil {
			found = starlark.Tuple{v}
		}
		return m.value(found, 0)
	default:
		return errFrame
	}
	return m.value(v, 0)
}
