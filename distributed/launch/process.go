package launch

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// process is one of a job, on this machine or another.
type process struct {
	rank   int
	cmd    *exec.Cmd
	pipes  []*lines
	host   string // for ssh, "" for this machine
	secret string // that is given to another machine by the standard input
	mu     sync.Mutex
	remote int // its number on the other machine, once known
}

// process prepares a process.
func (j *Job) process(rank int, s settings, folder string, out *Output) (*process, error) {
	p := &process{rank: rank}
	h := &j.Hosts[rank]
	p.pipes = []*lines{out.lines(rank, false), out.lines(rank, true)}
	env := append(append([]string(nil), j.Env...), s.env...)
	env = append(env, fmt.Sprint("MLX_RANK=", rank))
	if h.local() {
		p.cmd = exec.Command(j.Command[0], j.Command[1:]...)
		p.cmd.Dir = j.Dir
		for i, kv := range s.files {
			name, text, _ := strings.Cut(kv, "=")
			path := filepath.Join(folder, fmt.Sprint(rank, "-", i))
			if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
				return nil, err
			}
			env = append(env, name+"="+path)
		}
		if j.Secret != "" {
			env = append(env, secretVariable+"="+j.Secret)
		}
		p.cmd.Env = append(os.Environ(), env...)
	} else {
		p.host, p.secret = h.SSH, j.Secret
		p.cmd = exec.Command("ssh", "-T", "-o", "LogLevel=QUIET", h.SSH, j.remote(env, s.files))
		p.pipes[0].first = p.number
	}
	p.cmd.Stdout, p.cmd.Stderr = p.pipes[0], p.pipes[1]
	ownGroup(p.cmd)
	return p, nil
}

// secretVariable is where a process finds the secret of its ring.
const secretVariable = "MLXSTAR_RING_SECRET"

// remote is the script that a process on another machine begins as. It
// tells its number, takes the secret from the standard input, so that nobody there sees it
// among the processes' arguments, and becomes the command.
func (j *Job) remote(env, files []string) string {
	var b strings.Builder
	b.WriteString("echo $$; ")
	if j.Secret != "" {
		b.WriteString("read -r " + secretVariable + "; export " + secretVariable + "; ")
	}
	dir := j.Dir
	if dir == "" {
		if here, err := os.Getwd(); err == nil {
			fmt.Fprintf(&b, "if [ -d %[1]s ]; then cd %[1]s; fi; ", quote(here))
		}
	} else {
		fmt.Fprintf(&b, "cd %s || exit 1; ", quote(dir))
	}
	for _, kv := range env {
		name, value, _ := strings.Cut(kv, "=")
		fmt.Fprintf(&b, "export %s=%s; ", name, quote(value))
	}
	for _, kv := range files {
		name, text, _ := strings.Cut(kv, "=")
		fmt.Fprintf(&b, "%s=$(mktemp) && export %s && printf '%%s\\n' %s > \"$%s\"; ", name, name, quote(text), name)
	}
	b.WriteString("exec")
	for _, arg := range j.Command {
		b.WriteString(" " + quote(arg))
	}
	return "exec sh -c " + quote(b.String()) // whatever shell the other has
}

// quote writes a text as one word of a shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// number learns the first line of a process on another machine.
func (p *process) number(line string) {
	n, err := strconv.Atoi(strings.TrimSpace(line))
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && n > 1 {
		p.remote = n
	}
}

func (p *process) start() (stdin io.WriteCloser, err error) {
	stdin, err = p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("process %d: %w", p.rank, err)
	}
	if p.secret != "" {
		if _, err := io.WriteString(stdin, p.secret+"\n"); err != nil {
			return nil, fmt.Errorf("process %d: %w", p.rank, err)
		}
	}
	return stdin, nil
}

// leaving is how long the output of a process that has ended is read on, which others that
// it started may have kept open.
const leaving = 2 * time.Second

func (p *process) wait() ended {
	p.cmd.WaitDelay = leaving
	code := exitCode(p.cmd.Wait())
	for _, l := range p.pipes {
		l.flush()
	}
	return ended{rank: p.rank, code: code}
}

// ask has the process end in order.
func (p *process) ask(interrupt bool) {
	if p.host == "" {
		signalGroup(p.cmd, interrupt)
		return
	}
	name := "TERM"
	if interrupt {
		name = "INT"
	}
	p.there(name)
}

// kill ends the process.
func (p *process) kill() {
	if p.host != "" {
		p.there("KILL")
	}
	killGroup(p.cmd)
}

// there sends a signal to the process on the other machine.
func (p *process) there(signal string) {
	p.mu.Lock()
	n := p.remote
	p.mu.Unlock()
	if n == 0 {
		signalGroup(p.cmd, false)
		return
	}
	cmd := exec.Command("ssh", "-T", "-o", "LogLevel=QUIET", p.host, fmt.Sprintf("kill -%s %d", signal, n))
	if cmd.Start() != nil {
		return // nothing more can be done about it here
	}
	t := time.AfterFunc(yielding, func() { _ = cmd.Process.Kill() })
	defer t.Stop()
	_ = cmd.Wait() // it may have ended meanwhile
}
