package mlxstar

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.starlark.net/starlark"
)

// ProcessOptions configure a runtime in a process of its own. As in Options, the zero
// value is a sandbox.
type ProcessOptions struct {
	// Args, Seed, MemoryLimit, Threads, StepLimit and Env are as in Options.
	Args        []string
	Seed        uint64
	MemoryLimit int64
	Threads     int
	StepLimit   uint64
	Env         []string
	// Stdout and Stderr are the script's; nil is nowhere. Standard input is empty.
	Stdout, Stderr io.Writer `json:"-"`

	// HardMemoryLimit is as in Options: past it the script ends by a MemoryError, behind
	// which is ErrMemoryLimit, and the process goes on. Where it is set, the system holds the
	// process to it as well, with half as much again and what Go itself reserves: past that
	// the process ends, behind which are ErrMemoryLimit and ErrProcess. What grows past the
	// first and not the second, of whatever is in the process, is the script's to answer for.
	HardMemoryLimit int64
	// CPUTime is the processor time that the process may take in all, in whole seconds,
	// rounded up; 0 is no limit. Past it the system kills the process.
	CPUTime time.Duration

	// Folder is what scripts see as "/", as of Dir; "" is no files at all. They change it
	// only if Writable is set, and never the times of files.
	Folder   string
	Writable bool
	// Mounts are further folders, by the paths at which scripts see them, as Mounts joins
	// them.
	Mounts map[string]ProcessFolder
	// ControlGroup is a control group of Linux's that the host may make others in, as a
	// folder such as "/sys/fs/cgroup/tenants". The process gets one of its own there, which
	// holds all its memory to HardMemoryLimit, with half as much again and 64 MiB, and its
	// processor time to Threads. Of the version with one tree it is a group without processes
	// of its own; the host runs in another below it, or with the right to move processes
	// there. "" is none; where it cannot be, NewProcess fails.
	ControlGroup string

	// Ranks and Rank are as in Options.
	Ranks *Ranks `json:"-"`
	Rank  int

	// Require lists fences that must hold in the process, such as "landlock" and
	// "seccomp", or NewProcess fails.
	Require []string
	// Grace is how long a call may go on after its context ended before the process is
	// killed; 0 is half a second.
	Grace time.Duration

	// Program is what runs, with Child at the top of its main; "" is the program that
	// runs now.
	Program string
}

// processSetup is what a process is told first.
type processSetup struct {
	*ProcessOptions
	Standing *standing // in a group, or nil
}

// ProcessFolder is a folder of the machine that a process reaches.
type ProcessFolder struct {
	Path     string
	Writable bool
}

const (
	childKey     = "MLXSTAR_CHILD" // marks the process of a runtime
	defaultGrace = 500 * time.Millisecond
	startTime    = 10 * time.Second // in which a process must answer first
	tailSize     = 4 << 10          // of what a process that ends wrote itself
)

// ErrProcess is behind the error of a call whose process ended, was killed, or said what
// makes no sense.
var ErrProcess = errors.New("the runtime's process is gone")

// Process is a runtime in a process of its own, for scripts that are hostile and not only
// wrong: whatever happens in it, the host gets an error. Its calls are those of Runtime.
// Values and arrays are copied between the two; functions and objects of classes do not go
// from one to the other.
//
// The process is the program itself, started again: its main must call Child first.
type Process struct {
	o     ProcessOptions
	cmd   *exec.Cmd
	to    *os.File // frames
	from  *os.File
	out   *os.File // elements
	in    *os.File
	host  *Runtime // holds the arrays that come
	held  []string
	turn  chan struct{}
	tail  *tail
	reply chan reply
	group *controlGroup // or nil

	listening bool          // the process has been started
	gone      chan struct{} // closed when it has ended
	ended     error         // why, then

	closing    sync.Once
	closed     atomic.Bool
	closeError error
}

type reply struct {
	kind    byte
	payload []byte
}

// NewProcess starts a process with a runtime. It must be closed.
func NewProcess(o ProcessOptions) (p *Process, err error) {
	if !processes {
		return nil, fmt.Errorf("process: not supported on %s, which starts no process with open files", runtime.GOOS)
	}
	p = &Process{o: o, turn: make(chan struct{}, 1), tail: &tail{}, reply: make(chan reply, 1), gone: make(chan struct{})}
	if p.o.Grace <= 0 {
		p.o.Grace = defaultGrace
	}
	if o.Folder != "" {
		if p.o.Folder, err = filepath.Abs(o.Folder); err != nil {
			return nil, fmt.Errorf("process: %w", err)
		}
	}
	p.o.Mounts = maps.Clone(o.Mounts)
	for at, folder := range p.o.Mounts {
		if folder.Path, err = filepath.Abs(folder.Path); err != nil {
			return nil, fmt.Errorf("process: %w", err)
		}
		p.o.Mounts[at] = folder
	}
	if p.host, err = New(Options{Threads: 1, Device: "cpu", MemoryLimit: -1}); err != nil {
		return nil, err
	}
	if err := p.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("process: %w", err), p.Close())
	}
	return p, nil
}

// Fences names what holds the process besides the language: "rlimit", "cgroup" where a
// control group was asked for, and what Child was given.
func (p *Process) Fences() []string { return slices.Clone(p.held) }

// Pid is the number of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

func (p *Process) start() (err error) {
	program := p.o.Program
	if program == "" {
		if program, err = os.Executable(); err != nil {
			return err
		}
	}
	childIn, to, err := os.Pipe()
	if err != nil {
		return err
	}
	p.to = to
	from, childOut, err := os.Pipe()
	if err != nil {
		return errors.Join(err, childIn.Close())
	}
	p.from = from
	if p.out, err = sharedFile(); err == nil {
		p.in, err = sharedFile()
	}
	if err != nil {
		return errors.Join(err, childIn.Close(), childOut.Close())
	}
	p.cmd = exec.Command(program)
	p.cmd.Env, p.cmd.Dir = []string{childKey + "=1"}, "/"
	p.cmd.ExtraFiles = []*os.File{childIn, childOut, p.out, p.in}
	told := processSetup{ProcessOptions: &p.o}
	if p.o.Ranks != nil {
		place, err := p.o.Ranks.take(p.o.Rank)
		if err != nil {
			return errors.Join(err, childIn.Close(), childOut.Close())
		}
		defer place.close() // the process has them
		told.Standing = &standing{p.o.Ranks.name, p.o.Rank, p.o.Ranks.Size()}
		if told.Standing.Size > 1 {
			p.cmd.ExtraFiles = append(p.cmd.ExtraFiles, place[:]...)
		}
	}
	p.cmd.Stderr = p.tail
	p.cmd.WaitDelay = time.Second
	p.cmd.SysProcAttr = apart()
	if p.o.ControlGroup != "" {
		if p.group, err = newControlGroup(kernelGroups{}, p.o.ControlGroup, p.o.HardMemoryLimit, p.o.Threads); err != nil {
			return errors.Join(err, childIn.Close(), childOut.Close())
		}
	}
	// The process has the only other ends: they close when it ends.
	if err := errors.Join(p.cmd.Start(), childIn.Close(), childOut.Close()); err != nil {
		return err
	}
	p.listening = true
	go p.listen()
	if p.group != nil { // before there is any script
		if err := p.group.add(p.cmd.Process.Pid); err != nil {
			return fmt.Errorf("control group: %w", err)
		}
	}
	setup, err := json.Marshal(&told)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	r, err := p.ask(ctx, frameSetup, setup)
	if err != nil {
		return err
	}
	if r.kind == frameHello {
		err = json.Unmarshal(r.payload, &p.held)
	}
	if p.group != nil {
		p.held = append(p.held, "cgroup")
	}
	for _, want := range p.o.Require {
		if !slices.Contains(p.held, want) {
			err = errors.Join(err, fmt.Errorf("%s does not hold it, want it to", want))
		}
	}
	return err
}

// listen takes what the process says until it ends.
func (p *Process) listen() {
	var broken error
	for {
		kind, payload, err := readFrame(p.from)
		if err != nil {
			if errors.Is(err, errFrame) {
				broken = err
			}
			break
		}
		if kind == frameOutput {
			if len(payload) > 0 {
				w := p.o.Stdout
				if payload[0] == 2 {
					w = p.o.Stderr
				}
				_, _ = orDiscard(w).Write(payload[1:]) // a host that reads no more stops no script
			}
			continue
		}
		select {
		case p.reply <- reply{kind, payload}:
		default:
			broken = errFrame // nobody asked
		}
		if broken != nil {
			break
		}
	}
	_ = p.cmd.Process.Kill() // it may have ended
	err := p.cmd.Wait()
	overran := p.group != nil && p.group.overran()
	p.ended = p.obituary(errors.Join(broken, err), overran)
	close(p.gone)
}

// obituary is the error of calls of a process that ended.
func (p *Process) obituary(err error, overran bool) error {
	text := strings.TrimSpace(p.tail.String())
	cause := ErrProcess
	if overran || strings.Contains(text, "out of memory") || strings.Contains(text, "cannot allocate memory") {
		cause = errors.Join(ErrProcess, ErrMemoryLimit)
	}
	message := "the process ended"
	if err != nil {
		message += ": " + err.Error()
	}
	if line, _, _ := strings.Cut(text, "\n"); line != "" {
		message += ": " + line
	}
	return &Error{Type: "SystemError", Message: message, Traceback: "SystemError: " + message + "\n", cause: cause}
}

// ask sends a frame and waits for the answer. When the context ends it asks the process to
// stop, and kills it where it does not.
func (p *Process) ask(ctx context.Context, kind byte, payload []byte) (reply, error) {
	if err := writeFrame(p.to, kind, payload); err != nil {
		return reply{}, p.dead(err)
	}
	done := ctx.Done()
	var kill <-chan time.Time
	for {
		select {
		case r := <-p.reply:
			return r, nil
		case <-p.gone:
			select {
			case r := <-p.reply: // it answered before it ended
				return r, nil
			default:
			}
			return reply{}, p.dead(nil)
		case <-done:
			done = nil
			reason := "canceled"
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				reason = "deadline"
			}
			_ = writeFrame(p.to, frameCancel, []byte(reason+":"+context.Cause(ctx).Error())) // it may be gone
			kill = time.After(p.o.Grace)
		case <-kill:
			_ = p.cmd.Process.Kill()
			<-p.gone
			message := "the process was killed: " + context.Cause(ctx).Error()
			return reply{}, &Error{Type: "KeyboardInterrupt", Message: message, Traceback: "KeyboardInterrupt: " + message + "\n",
				cause: errors.Join(context.Cause(ctx), ctx.Err(), ErrProcess)}
		}
	}
}

// dead is the error where the process does not answer.
func (p *Process) dead(err error) error {
	if p.closed.Load() {
		return errors.Join(ErrClosed, ErrProcess)
	}
	select {
	case <-p.gone:
		return p.ended
	case <-time.After(p.o.Grace):
		return errors.Join(ErrProcess, err)
	}
}

// do has the turn, and asks. Fill makes the payload.
func (p *Process) do(ctx context.Context, kind byte, fill func(m *message) error) (starlark.Value, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case <-p.gone:
		return nil, p.dead(nil)
	default:
	}
	m := &message{ctx: ctx, file: p.out}
	if err := fill(m); err != nil {
		return nil, err
	}
	r, err := p.ask(ctx, kind, m.buf)
	if err != nil {
		return nil, err
	}
	switch r.kind {
	case frameError:
		var w wireError
		if json.Unmarshal(r.payload, &w) != nil {
			return nil, p.fail()
		}
		return nil, w.error()
	case frameResult:
		left := p.o.HardMemoryLimit
		if left <= 0 {
			left = 1 << 40
		}
		in := &received{buf: r.payload, file: p.in, left: left, rt: p.host}
		v, err := in.value(0)
		if errors.Is(err, errFrame) {
			return nil, p.fail()
		}
		return v, err
	}
	return nil, p.fail()
}

// fail ends a process that says what makes no sense.
func (p *Process) fail() error {
	_ = p.cmd.Process.Kill()
	<-p.gone
	return fmt.Errorf("%w: %w", ErrProcess, errFrame)
}

// Exec runs a script, as Runtime.Exec does.
func (p *Process) Exec(ctx context.Context, name, src string) error {
	_, err := p.do(ctx, frameExec, func(m *message) error { m.text(name); return m.blob([]byte(src)) })
	return err
}

// ExecFile runs a script in the folder, by the path that scripts see.
func (p *Process) ExecFile(ctx context.Context, path string) error {
	_, err := p.do(ctx, frameFile, func(m *message) error { m.text(path); return nil })
	return err
}

// Eval runs source text and gives the value of its last statement, as Runtime.Eval does.
func (p *Process) Eval(ctx context.Context, name, src string) (any, error) {
	return p.result(p.do(ctx, frameEval, func(m *message) error { m.text(name); return m.blob([]byte(src)) }))
}

// Call calls a global function of the script. Arguments and the result are converted as
// Runtime.Call does, and copied.
func (p *Process) Call(ctx context.Context, function string, args ...any) (any, error) {
	return p.result(p.do(ctx, frameCall, func(m *message) error {
		m.text(function)
		m.number(len(args))
		for _, a := range args {
			if err := p.argument(m, a); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Set sets a global variable of the script.
func (p *Process) Set(name string, value any) error {
	_, err := p.do(context.Background(), frameSet, func(m *message) error { m.text(name); return p.argument(m, value) })
	return err
}

// Get gives a global variable of the script; ok is false where there is none that can be
// copied, and when the process is gone.
func (p *Process) Get(name string) (value any, ok bool) {
	v, err := p.do(context.Background(), frameGet, func(m *message) error { m.text(name); return nil })
	found, isTuple := v.(starlark.Tuple)
	if err != nil || !isTuple || len(found) != 1 {
		return nil, false
	}
	return p.host.fromScript(found[0]), true
}

// Interrupt raises a KeyboardInterrupt in the script that runs, as Runtime.Interrupt does.
// It reports whether a call is in progress.
func (p *Process) Interrupt() bool {
	select {
	case p.turn <- struct{}{}:
		<-p.turn
		return false
	default:
		return writeFrame(p.to, frameInterrupt, nil) == nil
	}
}

func (p *Process) argument(m *message, a any) error {
	v, err := p.host.toScript(a)
	if err != nil {
		return err
	}
	return m.value(v, 0)
}

func (p *Process) result(v starlark.Value, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return p.host.fromScript(v), nil
}

// Close ends the process, and the call in progress with it. One that is of a group leaves it in
// order, if it does nothing.
func (p *Process) Close() error {
	p.closing.Do(func() {
		if p.o.Ranks != nil && p.listening {
			p.leave()
		}
		p.closed.Store(true)
		if p.listening {
			_ = p.cmd.Process.Kill() // it may have ended
			<-p.gone
		}
		for _, f := range []*os.File{p.to, p.from, p.out, p.in} {
			if f != nil {
				p.closeError = errors.Join(p.closeError, f.Close())
			}
		}
		if p.group != nil {
			p.closeError = errors.Join(p.closeError, p.group.remove())
		}
		p.closeError = errors.Join(p.closeError, p.host.Close())
	})
	return p.closeError
}

// leave has the process leave its group.
func (p *Process) leave() {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	default:
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.o.Grace)
	defer cancel()
	_, _ = p.ask(ctx, frameLeave, nil) // it may have ended
}

// sharedFile makes a file without a name, in memory where the system has such a place.
func sharedFile() (*os.File, error) {
	dir := "/dev/shm"
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		dir = ""
	}
	f, err := os.CreateTemp(dir, "mlxstar-*")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}

// tail keeps the first of what a process writes to its own standard error, which is the
// reason of Go's where it ends.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p[:min(len(p), tailSize-t.buf.Len())])
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
