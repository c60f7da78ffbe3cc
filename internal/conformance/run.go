package conformance

import (
	"fmt"
	"io"
	"strings"

	"go.starlark.net/starlark"
)

// Outcome is what a program did.
type Outcome struct {
	Out       starlark.Value // of the variable out, or nil
	Stdout    string
	Err       error
	ErrorType string // Python's name of what it raised, or ""
	// Release, if not nil, gives back what the outcome's arrays live in.
	Release func()
}

// Program runs a program.
type Program func(src string) Outcome

// Failure is a case whose program answered otherwise than the reference.
type Failure struct {
	ID, Reason string
}

// Report is the result of a family.
type Report struct {
	Name          string
	Total, Passed int
	Failed        []Failure
}

// String is the line of a table.
func (r *Report) String() string {
	share := 100.0
	if r.Total > 0 {
		share = 100 * float64(r.Passed) / float64(r.Total)
	}
	return fmt.Sprintf("%-12s %5d of %5d pass  %5.1f%%", r.Name, r.Passed, r.Total, share)
}

// Write prints the line and, below it, the failures.
func (r *Report) Write(w io.Writer) error {
	if _, err := fmt.Fprintln(w, r); err != nil {
		return err
	}
	for _, f := range r.Failed {
		if _, err := fmt.Fprintf(w, "    %s: %s\n", f.ID, strings.ReplaceAll(f.Reason, "\n", " / ")); err != nil {
			return err
		}
	}
	return nil
}

// Run runs every case of a family.
func Run(f Family, program Program) *Report {
	r := &Report{Name: f.Name, Total: len(f.Cases)}
	for i := range f.Cases {
		if reason := Check(&f.Cases[i], program); reason != "" {
			r.Failed = append(r.Failed, Failure{f.Cases[i].ID, reason})
		} else {
			r.Passed++
		}
	}
	return r
}

// Check runs one case and gives the reason why it fails, or "".
func Check(c *Case, program Program) string {
	got := program(c.Src)
	if got.Release != nil {
		defer got.Release()
	}
	switch {
	case c.Error != "" && got.Err == nil:
		return "no error, want " + c.Error
	case c.Error != "":
		if got.ErrorType != c.Error {
			return fmt.Sprintf("%s: %v; want %s", got.ErrorType, got.Err, c.Error)
		}
		return ""
	case got.Err != nil:
		return fmt.Sprintf("%s: %v", got.ErrorType, got.Err)
	}
	if c.Stdout != nil && *c.Stdout != got.Stdout {
		return fmt.Sprintf("printed %q, want %q", got.Stdout, *c.Stdout)
	}
	if c.Out == nil {
		return ""
	}
	if got.Out == nil {
		return "out is not defined"
	}
	if err := compare(c, got.Out); err != nil {
		return err.Error()
	}
	return ""
}
