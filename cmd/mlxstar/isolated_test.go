//go:build linux || darwin

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestIsolate runs scripts in a process of their own.
func TestIsolate(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"helper.py": "x = 5", "main.py": "import sys, os, helper\nprint(sys.argv[1:], os.listdir('/') == ['helper.py', 'main.py'], helper.x, os.environ.get('HOME'))"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		args   []string
		code   int
		stdout string
		stderr string
	}{
		"file":     {[]string{filepath.Join(dir, "main.py"), "a"}, 0, "['a'] True 5 None\n", ""},
		"missing":  {[]string{filepath.Join(dir, "none.py")}, 2, "", "no such file"},
		"writing":  {[]string{"-c", "open('/x', 'w')"}, 1, "", "Error"},
		"proc":     {[]string{"-c", "open('/proc/self/status')"}, 1, "", "Error"},
		"error":    {[]string{"-c", "1/0"}, 1, "", "ZeroDivisionError: division by zero"},
		"exit":     {[]string{"-c", "import sys; sys.exit(9)"}, 9, "", ""},
		"time":     {[]string{"--time-limit", "300ms", "-c", "while True: pass"}, 4, "", "the time limit of 300ms is over"},
		"memory":   {[]string{"--hard-memory-limit", "200MiB", "-c", "x = []\nwhile True: x.append([len(x)])"}, 3, "", "MemoryError"},
		"prompt":   {nil, 2, "", "want a script"},
		"a module": {[]string{"-m", "x"}, 2, "", "want a script"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			cmd := exec.CommandContext(t.Context(), binary, append([]string{"--isolate"}, c.args...)...)
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			var exit *exec.ExitError
			if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != c.code || stdout.String() != c.stdout || !strings.Contains(stderr.String(), c.stderr) {
				t.Errorf("exit code %d, output %q, errors %q", code, stdout.String(), stderr.String())
			}
		})
	}
}
