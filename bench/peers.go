package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
)

//go:embed peer.py
var peerProgram string

// peer is a Python process that runs programs with one library.
type peer struct {
	kind    string // mlx, numpy, jax
	version string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// answer is what a peer says to a program.
type answer struct {
	Version  string         `json:"version"`
	Times    []float64      `json:"times"`
	Resident int64          `json:"resident"`
	Result   map[string]any `json:"result"`
	Error    string         `json:"error"`
}

// startPeer starts Python with a library, or fails where it is not installed.
func startPeer(ctx context.Context, python, kind string) (*peer, error) {
	cmd := exec.CommandContext(ctx, python, "-c", peerProgram, kind)
	for _, kv := range os.Environ() {
		// Where OpenBLAS is held to an older processor's kernels, NumPy is to have
		// the best ones all the same.
		if kind != "numpy" || !strings.HasPrefix(kv, "OPENBLAS_CORETYPE=") && !strings.HasPrefix(kv, "OPENBLAS_L2_SIZE=") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var complaint strings.Builder
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &peer{kind: kind, cmd: cmd, in: in, out: bufio.NewReaderSize(out, 1<<20)}
	a, err := p.read()
	if err != nil {
		_ = cmd.Wait() // the complaint says more than its exit status
		text := strings.TrimSpace(complaint.String())
		return nil, errors.New(text[strings.LastIndex(text, "\n")+1:])
	}
	p.version = a.Version
	return p, nil
}

// program is the row as this peer runs it.
func (p *peer) program(r *row) (program, bool) {
	switch p.kind {
	case "mlx":
		return r.mlxProgram(), true
	case "numpy":
		return r.numpyProgram()
	}
	return r.jaxProgram()
}

// measure has the peer run a program.
func (p *peer) measure(pr program, e effort) ([]float64, error) {
	a, err := p.ask(map[string]any{"setup": pr.Setup, "body": pr.step(), "seconds": e.Seconds, "least": e.Least, "most": e.Most})
	if err != nil {
		return nil, err
	}
	return a.Times, nil
}

func (p *peer) ask(what map[string]any) (answer, error) {
	line, err := json.Marshal(what)
	if err != nil {
		return answer{}, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return answer{}, err
	}
	return p.read()
}

func (p *peer) read() (a answer, err error) {
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

func (p *peer) close() {
	p.in.Close()
	_ = p.cmd.Wait() // it has answered everything it was asked
}
