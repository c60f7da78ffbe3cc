// Package python talks with processes of Python that answer lines of JSON with lines of JSON.
package python

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
)

// Process is a program of Python that was started.
type Process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// Start starts a command, and decodes what it says at first into hello. The error of one that
// says nothing is what it wrote to its standard error.
func Start(cmd *exec.Cmd, hello any) (*Process, error) {
	p := &Process{cmd: cmd}
	var err error
	if p.in, err = cmd.StdinPipe(); err != nil {
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
	p.out = bufio.NewReaderSize(out, 1<<20)
	if err := p.read(hello); err != nil {
		_ = cmd.Wait() // the complaint says more than its exit status
		return nil, errors.New(strings.TrimSpace(complaint.String()))
	}
	return p, nil
}

// Ask decodes the answer to a question. An answer with the key "error" is that error.
func (p *Process) Ask(question, answer any) error {
	line, err := json.Marshal(question)
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return err
	}
	return p.read(answer)
}

func (p *Process) read(answer any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return err
	}
	var failure struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(line, &failure); err != nil {
		return err
	}
	if failure.Error != "" {
		return errors.New(failure.Error)
	}
	return json.Unmarshal(line, answer)
}

// Close ends the process.
func (p *Process) Close() {
	p.in.Close()
	_ = p.cmd.Wait() // it has answered everything it was asked
}
