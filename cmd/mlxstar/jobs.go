package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/workload"
)

const jobsUsage = `usage: mlxstar run [options] FILE        run the jobs of a configuration
       mlxstar serve [options] FILE      run jobs on request, over HTTP
       mlxstar lint [options] FILE       say what is wrong with it
       mlxstar list [options] FILE       list its jobs
       mlxstar init [FILE]               write a commented example, and its script
       mlxstar schema                    print the JSON Schema of configurations

FILE is TOML, JSON, YAML or Starlark, by its ending. run runs every job that has no
schedule and watches no files once, each after those that it needs; then, if there are
others, it stays and runs them when they are due, until it is interrupted. serve answers
POST /jobs/NAME at the address that the file's serve.listen says, and runs what is due; on
SIGTERM it accepts nothing more and ends when accepted runs have.

  --only NAME      run this job, and what it needs; may be given several times
  --once           run every job once, whatever its schedule, and end
  --dry-run        say what would be run, and run nothing
  --resume         go on where an earlier run was stopped: what succeeded is not run again
  --set KEY=VALUE  set a key of a job, as train.limits.memory=1GiB
  --json           write each run's record, or the plan, or the errors, as lines of JSON

A key may be set by the environment, too: MLXSTAR_JOB_TRAIN__LIMITS__MEMORY=1GiB. Flags
stand above it, and it above the file. Each run's record is a line of .mlxstar/runs.jsonl
beside the file.

Exit codes: 0 success, 1 a run failed, 2 wrong usage, 3 memory limit, 4 time limit,
5 a threshold was not met, 6 the configuration is wrong, 130 interrupted.
`

// jobsOptions are the command line of run, lint and list.
type jobsOptions struct {
	file                       string
	only, set                  []string
	once, dryRun, resume, json bool
}

func parseJobs(command string, args []string) (*jobsOptions, error) {
	o := &jobsOptions{}
	_, err := grammar{
		flags:  map[string]*bool{"--once": &o.once, "--dry-run": &o.dryRun, "--resume": &o.resume, "--json": &o.json},
		values: map[string]func(v string) error{"--only": list(&o.only), "--set": list(&o.set)},
		operand: func(v string) error {
			if o.file != "" {
				return fmt.Errorf("got two files, %s and %s, want one", o.file, v)
			}
			o.file = v
			return nil
		},
	}.read(args)
	if err != nil {
		return nil, err
	}
	if o.file == "" {
		return nil, errors.New("no file given")
	}
	if command != "run" && (o.once || o.dryRun || o.resume || len(o.only) > 0) {
		return nil, errors.New("--only, --once, --dry-run and --resume are of run")
	}
	return o, nil
}

// loadJobs reads the command line and the configuration. Done tells that the command is
// over, with a code.
func loadJobs(command string, args []string, stdout, stderr io.Writer) (o *jobsOptions, c *workload.Config, code int, done bool) {
	o, err := parseJobs(command, args)
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, jobsUsage)
		return nil, nil, exitOK, true
	case err != nil:
		fmt.Fprintf(stderr, "mlxstar %s: %s\nTry 'mlxstar %s --help'.\n", command, err, command)
		return nil, nil, exitUsage, true
	}
	c, err = workload.Load(o.file, workload.Overrides{Env: os.Environ(), Set: o.set})
	if err == nil {
		return o, c, exitOK, false
	}
	var wrong workload.ConfigErrors
	if !errors.As(err, &wrong) {
		fmt.Fprintf(stderr, "mlxstar %s: %s\n", command, err)
		return nil, nil, workload.ExitConfig, true
	}
	for _, e := range wrong {
		if !o.json {
			fmt.Fprintln(stderr, e)
			continue
		}
		writeLine(stdout, struct {
			File    string `json:"file"`
			Line    int    `json:"line"`
			Column  int    `json:"column"`
			Key     string `json:"key"`
			Message string `json:"message"`
		}{e.Place.File, e.Place.Line, e.Place.Col, e.Key, e.Message})
	}
	return nil, nil, workload.ExitConfig, true
}

func writeLine(w io.Writer, v any) {
	if line, err := json.Marshal(v); err == nil {
		fmt.Fprintln(w, string(line))
	}
}

// runJobs is mlxstar run.
func runJobs(args []string, stdout, stderr io.Writer) int {
	o, c, code, done := loadJobs("run", args, stdout, stderr)
	if done {
		return code
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	show := &jobsProgress{json: o.json, stdout: stdout, stderr: stderr}
	wo := workload.Options{Stdin: os.Stdin, Results: stdout, Output: stdout, Notify: show.notify, Resume: o.resume, GPU: openGPU}
	if o.json {
		wo.Output, wo.Results = stderr, stderr // standard output has records
	}
	r, err := workload.NewRunner(c, wo)
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar run: %s\n", err)
		return exitUsage
	}
	code = runRunner(ctx, r, c, o, show)
	if err := r.Close(); err != nil && code == exitOK {
		fmt.Fprintf(stderr, "mlxstar run: %s\n", err)
		return exitScript
	}
	return code
}

func runRunner(ctx context.Context, r *workload.Runner, c *workload.Config, o *jobsOptions, show *jobsProgress) int {
	if o.dryRun {
		return planJobs(r, o, show.stdout, show.stderr)
	}
	now := o.only
	stays := false
	if len(now) == 0 && !o.once {
		now, stays = c.Immediate(), c.Waits()
	}
	code := exitOK
	if len(now) > 0 || !stays {
		s, err := r.RunAll(ctx, now)
		if err != nil {
			fmt.Fprintf(show.stderr, "mlxstar run: --only: %s\n", err)
			return exitUsage
		}
		for _, name := range c.Order {
			for _, t := range s.Thresholds[name] {
				fmt.Fprintf(show.stderr, "%s: threshold not met: %s\n", name, t)
			}
		}
		code = s.Code()
	}
	if stays && ctx.Err() == nil {
		if err := r.Serve(ctx); err != nil {
			fmt.Fprintf(show.stderr, "mlxstar run: %s\n", err)
			return exitScript
		}
	}
	return code
}

// planJobs is mlxstar run --dry-run.
func planJobs(r *workload.Runner, o *jobsOptions, stdout, stderr io.Writer) int {
	steps, err := r.Plan(o.only)
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar run: --only: %s\n", err)
		return exitUsage
	}
	code := exitOK
	for _, s := range steps {
		if s.Problem != "" {
			code = exitScript
		}
		if o.json {
			writeLine(stdout, s)
			continue
		}
		line := s.Job
		if len(s.Needs) > 0 {
			line += " after " + strings.Join(s.Needs, ", ")
		}
		if len(s.Files) > 0 {
			line += fmt.Sprintf(", %d files", len(s.Files))
		}
		if s.Memory > 0 {
			line += ", " + mlxstar.FormatSize(s.Memory)
		}
		for _, out := range s.Outputs {
			line += "\n  writes " + out
		}
		if s.Problem != "" {
			line += "\n  would fail: " + s.Problem
		}
		fmt.Fprintln(stdout, line)
	}
	return code
}

// jobsProgress tells of runs: lines of JSON on standard output, or for people on standard
// error.
type jobsProgress struct {
	json           bool
	stdout, stderr io.Writer
	mu             sync.Mutex
}

func (p *jobsProgress) notify(run workload.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case run.Status == "": // it begins
		return
	case p.json:
		writeLine(p.stdout, run)
		return
	}
	line := fmt.Sprintf("%s: %s", run.Job, run.Status)
	if run.File != "" {
		line = fmt.Sprintf("%s %s: %s", run.Job, filepath.Base(run.File), run.Status)
	}
	if run.Attempt > 0 {
		line += fmt.Sprintf(", %.2f s", run.Seconds)
	}
	if run.Peak >= 0 {
		line += ", peak " + mlxstar.FormatSize(run.Peak)
	}
	if run.Attempt > 1 {
		line += fmt.Sprintf(", try %d", run.Attempt)
	}
	if e := run.Error; e != nil {
		if e.Rank != nil {
			line += fmt.Sprintf(", rank %d", *e.Rank)
		}
		if e.Traceback != "" && run.Status == "failed" {
			line += "\n" + strings.TrimRight(e.Traceback, "\n")
		} else {
			line += ": " + e.Message
		}
	}
	fmt.Fprintln(p.stderr, line)
}

// lintJobs is mlxstar lint.
func lintJobs(args []string, stdout, stderr io.Writer) int {
	o, c, code, done := loadJobs("lint", args, stdout, stderr)
	if done {
		return code
	}
	for _, name := range c.Order {
		j := c.Jobs[name]
		if j.Script == "" {
			continue
		}
		path := j.Script
		if !filepath.IsAbs(path) {
			path = filepath.Join(c.Dir, path)
		}
		src, err := os.ReadFile(path)
		if err == nil {
			_, err = mlxstar.Compile(j.Script, string(src))
		}
		if err == nil {
			continue
		}
		code = workload.ExitConfig
		var e *mlxstar.Error
		if errors.As(err, &e) && o.json {
			writeLine(stdout, map[string]any{"file": e.File, "line": e.Line, "column": e.Column, "key": "jobs." + name + ".script", "message": e.Error()})
		} else if e != nil {
			fmt.Fprintf(stderr, "%s:%d:%d: %s\n", e.File, e.Line, e.Column, e)
		} else {
			fmt.Fprintf(stderr, "%s: %s\n", path, err)
		}
	}
	return code
}

// listJobs is mlxstar list.
func listJobs(args []string, stdout, stderr io.Writer) int {
	o, c, code, done := loadJobs("list", args, stdout, stderr)
	if done {
		return code
	}
	for _, name := range c.Order {
		j := c.Jobs[name]
		if o.json {
			writeLine(stdout, map[string]any{"job": name, "description": j.Description, "needs": j.Needs, "schedule": j.Schedule, "watch": j.Watch})
			continue
		}
		line := name
		if j.Description != "" {
			line += ": " + j.Description
		}
		if len(j.Needs) > 0 {
			line += "; after " + strings.Join(j.Needs, ", ")
		}
		if j.Schedule != "" {
			line += "; at " + j.Schedule
		}
		if len(j.Watch) > 0 {
			line += "; when " + strings.Join(j.Watch, ", ") + " change"
		}
		fmt.Fprintln(stdout, line)
	}
	return exitOK
}

// initJobs is mlxstar init. What is there already stays.
func initJobs(args []string, stdout, stderr io.Writer) int {
	file := "jobs.toml"
	switch {
	case len(args) == 1 && (args[0] == "-h" || args[0] == "--help"):
		_, _ = io.WriteString(stdout, jobsUsage)
		return exitOK
	case len(args) == 1 && !strings.HasPrefix(args[0], "-"):
		file = args[0]
	case len(args) > 0:
		fmt.Fprintf(stderr, "mlxstar init: got %s, want at most the name of a file\n", strings.Join(args, " "))
		return exitUsage
	}
	if filepath.Ext(file) != ".toml" {
		fmt.Fprintf(stderr, "mlxstar init: got %s, want a name that ends with .toml\n", file)
		return exitUsage
	}
	script := filepath.Join(filepath.Dir(file), "score.py")
	for path, text := range map[string]string{file: workload.Example, script: workload.ExampleScript} {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			_, err = io.WriteString(f, text)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			fmt.Fprintf(stderr, "mlxstar init: %s\n", err)
			return exitUsage
		}
	}
	fmt.Fprintf(stdout, "wrote %s and %s; try: mlxstar run %s\n", file, script, file)
	return exitOK
}

// printSchema is mlxstar schema.
func printSchema(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		fmt.Fprintf(stderr, "mlxstar schema: got %s, want nothing\n", strings.Join(args, " "))
		return exitUsage
	}
	_, _ = stdout.Write(workload.Schema())
	return exitOK
}
