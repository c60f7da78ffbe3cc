package launch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

const (
	// Parting is the time in which the others of a process that failed may end by
	// themselves, with what they have to say.
	Parting = time.Second
	// yielding is the time in which processes that are told to end may do so.
	yielding = 4 * time.Second
)

// ended is how a process ended.
type ended struct {
	rank int
	code int
	err  error // it could not be started
}

// Run starts the processes and waits until all have ended. It gives the exit code of the
// first that failed: 128 and the signal's number for one that a signal ended. Who loses
// another process may end before that one has, with the exit code 1 of any error: another
// code that comes right after it counts as the first. The context's end ends all.
func (j *Job) Run(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (code int, err error) {
	for _, kv := range j.Env {
		if _, _, err := checkVariable(kv); err != nil {
			return 0, err
		}
	}
	if j.Backend == "mpi" {
		return j.runMPI(ctx, stdin, stdout, stderr)
	}
	told := tell[j.Backend]
	if told == nil {
		return 0, fmt.Errorf("the backend is %q, want one of %q", j.Backend, Backends())
	}
	all, err := told(j)
	if err != nil {
		return 0, err
	}
	folder, err := os.MkdirTemp("", "mlxstar-launch-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	out := newOutput(j, stdout, stderr)
	processes := make([]*process, len(all))
	for rank := range all {
		p, err := j.process(rank, all[rank], folder, out)
		if err != nil {
			return 0, err
		}
		processes[rank] = p
	}
	return j.attend(ctx, processes, stdin, out)
}

// attend starts the processes and sees them end.
func (j *Job) attend(ctx context.Context, processes []*process, stdin io.Reader, out *Output) (code int, err error) {
	ends := make(chan ended, len(processes))
	started := 0
	var inputs []io.WriteCloser
	var failed *ended
	for _, p := range processes {
		in, err := p.start()
		if err != nil {
			failed = &ended{p.rank, 1, err}
			break
		}
		inputs = append(inputs, in)
		started++
		go func() { ends <- p.wait() }()
	}
	go feed(inputs, stdin)
	running := slices.Clone(processes[:started])
	var notice, force <-chan time.Time
	if failed != nil {
		notice = time.After(0)
	}
	cancelled := ctx.Done()
	for len(running) > 0 {
		select {
		case e := <-ends:
			running = slices.DeleteFunc(running, func(p *process) bool { return p.rank == e.rank })
			switch {
			case e.code != 0 && failed == nil:
				failed = &e
				notice = time.After(Parting)
			case e.code > 1 && notice != nil && failed.code == 1:
				failed = &e
			}
			out.tell(e.rank, describe(e), e.code != 0)
		case <-cancelled:
			cancelled = nil
			if failed == nil {
				failed = &ended{code: 130}
			}
			signalAll(running, true)
			force = time.After(yielding)
		case <-notice:
			notice = nil
			signalAll(running, false)
			force = time.After(yielding)
		case <-force:
			killAll(running)
			force = time.After(yielding) // those of other machines, once more
		}
	}
	out.End()
	if failed == nil {
		return 0, nil
	}
	return failed.code, failed.err
}

func describe(e ended) string {
	switch {
	case e.code > 128:
		return fmt.Sprintf("process %d was ended by signal %d", e.rank, e.code-128)
	case e.code != 0:
		return fmt.Sprintf("process %d ended with exit code %d", e.rank, e.code)
	}
	return fmt.Sprintf("process %d has ended", e.rank)
}

// signalAll asks processes to end, each at once; as Ctrl-C does, with interrupt set.
func signalAll(running []*process, interrupt bool) {
	var all sync.WaitGroup
	for _, p := range running {
		all.Go(func() { p.ask(interrupt) })
	}
	all.Wait()
}

func killAll(running []*process) {
	var all sync.WaitGroup
	for _, p := range running {
		all.Go(p.kill)
	}
	all.Wait()
}

// feed gives every process what the standard input holds.
func feed(inputs []io.WriteCloser, stdin io.Reader) {
	defer func() {
		for _, in := range inputs {
			_ = in.Close() // they may be gone
		}
	}()
	if stdin == nil {
		return
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := stdin.Read(buf)
		for _, in := range inputs {
			_, _ = in.Write(buf[:n]) // who does not read misses it
		}
		if err != nil {
			return
		}
	}
}

// exitCode is that of a command that was waited for.
func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		if n := signalOf(exit); n > 0 {
			return 128 + n
		}
		return exit.ExitCode()
	}
	return 1
}
