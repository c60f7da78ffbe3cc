package main

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"strings"

	"github.com/mlxstar/mlxstar/bench/python"
)

//go:embed peer.py
var peerProgram string

// peer is a Python process that runs programs with one library.
type peer struct {
	kind    string // mlx, numpy, jax
	version string
	process *python.Process
}

// answer is what a peer says to a program.
type answer struct {
	Version  string         `json:"version"`
	Times    []float64      `json:"times"`
	Resident int64          `json:"resident"`
	Result   map[string]any `json:"result"`
}

// startPeer starts Python with a library, or fails where it is not installed.
func startPeer(ctx context.Context, path, kind string) (*peer, error) {
	cmd := exec.CommandContext(ctx, path, "-c", peerProgram, kind)
	for _, kv := range os.Environ() {
		// Where OpenBLAS is held to an older processor's kernels, NumPy is to have
		// the best ones all the same.
		if kind != "numpy" || !strings.HasPrefix(kv, "OPENBLAS_CORETYPE=") && !strings.HasPrefix(kv, "OPENBLAS_L2_SIZE=") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	var hello answer
	process, err := python.Start(cmd, &hello)
	if err != nil {
		text := err.Error()
		return nil, errors.New(text[strings.LastIndex(text, "\n")+1:])
	}
	return &peer{kind: kind, version: hello.Version, process: process}, nil
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
	a, err := p.ask(map[string]any{"setup": pr.Setup, "body": pr.step(), "seconds": e.Seconds, "least": e.Least, "most": e.Most, "pause": pr.Pause})
	if err != nil {
		return nil, err
	}
	return a.Times, nil
}

func (p *peer) ask(what map[string]any) (a answer, err error) {
	err = p.process.Ask(what, &a)
	return a, err
}

func (p *peer) close() { p.process.Close() }
