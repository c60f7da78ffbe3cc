//go:build linux

package main

import (
	"bytes"
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
			t.Run(fmt.Sprintf("%s/%d", kind, i), func(t *testing.T) {
				holds(t, script)
			})
		}
	}
}

// holds runs a script under limits.
func holds(t *testing.T, script string) {
	path := filepath.Join(t.TempDir(), "limit.py")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limitsBound)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, "--time-limit", "1s", "--hard-memory-limit", "300MiB", path)
	cmd.Stderr = &stderr
	_ = cmd.Run() // the exit code tells
	state := cmd.ProcessState
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
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok && usage.Maxrss > resident {
		t.Errorf("resident %d KiB, want %d at most", usage.Maxrss, resident)
	}
	if t.Failed() {
		t.Logf("script:\n%s", script)
	}
}
