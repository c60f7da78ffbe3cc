package language

import (
	"context"
	_ "embed"
	"os/exec"
	"time"

	"github.com/mlxstar/mlxstar/bench/python"
)

//go:embed peer.py
var peer string

// Python is a Python process that runs rows.
type Python struct {
	Version string
	process *python.Process
}

type reply struct {
	Version string `json:"version"`
	NS      int64  `json:"ns"`
}

// StartPython starts the Python of a path.
func StartPython(ctx context.Context, path string) (*Python, error) {
	var hello reply
	process, err := python.Start(exec.CommandContext(ctx, path, "-c", peer), &hello)
	if err != nil {
		return nil, err
	}
	return &Python{hello.Version, process}, nil
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

func (p *Python) ask(what map[string]any) (a reply, err error) {
	err = p.process.Ask(what, &a)
	return a, err
}

// Close ends the process.
func (p *Python) Close() { p.process.Close() }
