package language

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"
)

//go:embed peer.py
var peer string

// Python is a Python process that runs rows.
type Python struct {
	Version string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

type reply struct {
	Version string `json:"version"`
	NS      int64  `json:"ns"`
	Error   string `json:"error"`
}

// StartPython starts the Python of a path.
func StartPython(ctx context.Context, path string) (*Python, error) {
	p := &Python{cmd: exec.CommandContext(ctx, path, "-c", peer)}
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var complaint strings.Builder
	p.cmd.Stderr = &complaint
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	hello, err := p.read()
	if err != nil {
		_ = p.cmd.Wait() // the complaint says more than its exit status
		return nil, errors.New(strings.TrimSpace(complaint.String()))
	}
	p.Version = hello.Version
	return p, nil
}

// Row readies a row, which takes the place of the last one.
func (p *Python) Row(r Row) (Timer, error) {
	if _, err := p.ask(map[string]any{"source": r.Source}); err != nil {
		return nil, err
	}
	return func(n int) (time.Duration, error) {
		a, err := p.ask(map[string]any{"count": n})
		return time.Duration(a.NS), err
	}, nil
}

func (p *Python) ask(what map[string]any) (reply, error) {
	line, err := json.Marshal(what)
	if err != nil {
		return reply{}, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return reply{}, err
	}
	return p.read()
}

func (p *Python) read() (a reply, err error) {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, err
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}

// Close ends the process.
func (p *Python) Close() {
	p.in.Close()
	_ = p.cmd.Wait() // it has answered everything it was asked
}
