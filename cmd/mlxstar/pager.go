package main

import (
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/chzyer/readline"
)

// helpCall is help(x) as a statement of its own, which pages as x? does.
var (
	helpCall = regexp.MustCompile(`^help\((.+)\)$`)
	nameOnly = regexp.MustCompile(`^[\pL_][\pL\pN_.]*$`)
)

// page shows a text: by the pager that PAGER names, or less, where it is longer than the
// screen of a terminal.
func page(text string, terminal bool, out io.Writer) error {
	if pager := pagerFor(text, terminal); len(pager) > 0 {
		cmd := exec.Command(pager[0], pager[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), out, os.Stderr
		cmd.Env = os.Environ()
		if _, set := os.LookupEnv("LESS"); !set {
			cmd.Env = append(cmd.Env, "LESS=FRX") // what fits is shown at once, with its colours, and stays
		}
		if err := cmd.Start(); err == nil {
			_ = cmd.Wait() // who leaves it early has seen enough
			return nil
		}
	}
	_, err := io.WriteString(out, text)
	return err
}

// pagerFor is the command that pages a text, or nothing where it fits.
func pagerFor(text string, terminal bool) []string {
	if !terminal || os.Getenv("TERM") == "dumb" {
		return nil
	}
	if _, height, err := readline.GetSize(int(os.Stdout.Fd())); err != nil || height <= 0 || strings.Count(text, "\n") < height {
		return nil
	}
	pager, set := os.LookupEnv("PAGER")
	switch {
	case set && strings.TrimSpace(pager) == "":
		return nil
	case set:
		if sh, err := exec.LookPath("sh"); err == nil {
			return []string{sh, "-c", pager}
		}
		return strings.Fields(pager)
	}
	for _, name := range []string{"less", "more"} {
		if path, err := exec.LookPath(name); err == nil {
			return []string{path}
		}
	}
	return nil
}
