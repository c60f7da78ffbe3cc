package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

//go:embed driver.py
var driver string

// python is a running interpreter that runs parts one after the other.
type python struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	Version string `json:"python"`
	MLX     string `json:"mlx"` // MLX's version, or ""
}

// startPython starts an interpreter; the error says why there is none.
func startPython(ctx context.Context, path string) (*python, error) {
	if runtime.GOOS == "windows" {
		return nil, fmt.Errorf("the parts run in forks of Python, which Windows lacks")
	}
	p := &python{cmd: exec.CommandContext(ctx, path, "-c", driver)}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.answer(p); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *python) answer(to any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%s stopped: %w", p.cmd.Path, err)
	}
	return json.Unmarshal(line, to)
}

func (p *python) close() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}

// run runs a part.
func (p *python) run(part *part, limit time.Duration) (*outcome, error) {
	path, err := filepath.Abs(part.File)
	if err != nil {
		return nil, err
	}
	request, err := json.Marshal(map[string]any{"file": path, "source": part.source, "mlx": part.mlx, "prelude": prelude, "timeout": limit.Seconds()})
	if err != nil {
		return nil, err
	}
	if _, err := p.in.Write(append(request, '\n')); err != nil {
		return nil, err
	}
	o := &outcome{}
	return o, p.answer(o)
}
