//go:build linux

package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var everyLimit = flag.Bool("limits", false, "run every script of testdata/limits, not a few of each kind")

const (
	fewLimits   = 3                // scripts of a kind that run without the flag
	limitsBound = 30 * time.Second // for a script that has one second, on a machine that is busy
	resident    = 450 << 10        // KiB, for one that has 300 MiB
)

// TestLimits runs scripts that mean to end, outgrow or outlast their host. Each ends with
// an error of its own or at a limit, and nothing that Go itself prints.
func TestLimits(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "limits", "*.py"))
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	var runs []limitsRun
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimSuffix(filepath.Base(file), ".py")
		for i, script := range strings.Split(string(text), "# ---\n") {
			if i >= fewLimits && !*everyLimit {
				break
			}
			name := fmt.Sprintf("%s/%d", kind, i)
			t.Run(name, func(t *testing.T) {
				r := holds(t, script)
				r.name = name
				runs = append(runs, r)
			})
		}
	}
	reportRuns(t, runs)
}

// limitsRun is what a script took.
type limitsRun struct {
	name            string
	took, processor time.Duration
	resident        int64 // KiB
}

// limitsTime is what a script that has one second is to take on a machine that is idle.
const limitsTime = 1300 * time.Millisecond

// reportRuns tells of the scripts that took longest. On a busy machine those count that used that
// much of the processors, too.
func reportRuns(t *testing.T, runs []limitsRun) {
	slices.SortFunc(runs, func(a, b limitsRun) int { return cmp.Compare(b.processor, a.processor) })
	long, used := 0, 0
	for _, r := range runs {
		if r.took > limitsTime {
			long++
			if r.processor > limitsTime {
				used++
			}
		}
	}
	t.Logf("%d scripts: %d took more than %v, of which %d used more of the processors", len(runs), long, limitsTime, used)
	for _, r := range runs[:min(len(runs), 16)] {
		t.Logf("%s: %v, %v of the processors, %d MiB resident", r.name, r.took.Round(time.Millisecond), r.processor.Round(time.Millisecond), r.resident>>10)
	}
}

// holds runs a script under limits.
func holds(t *testing.T, script string) (r limitsRun) {
	path := filepath.Join(t.TempDir(), "limit.py")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limitsBound)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, "--time-limit", "1s", "--hard-memory-limit", "300MiB", path)
	cmd.Stderr = &stderr
	start := time.Now()
	_ = cmd.Run() // the exit code tells
	state := cmd.ProcessState
	r.took, r.processor = time.Since(start), state.UserTime()+state.SystemTime()
	if ctx.Err() != nil {
		t.Fatalf("it outlasts its limit:\n%s", script)
	}
	if !slices.Contains([]int{1, 3, 4}, state.ExitCode()) {
		t.Errorf("exit code %d, want 1, 3 or 4", state.ExitCode())
	}
	for _, s := range []string{"fatal error", "goroutine ", "panic:"} {
		if strings.Contains(stderr.String(), s) {
			t.Errorf("%q on standard error: %.400s", s, stderr.String())
		}
	}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		if r.resident = usage.Maxrss; r.resident > resident {
			t.Errorf("resident %d KiB, want %d at most", r.resident, resident)
		}
	}
	if t.Failed() {
		t.Logf("script:\n%s", script)
	}
	return r
}
