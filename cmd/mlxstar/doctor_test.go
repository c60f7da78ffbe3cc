package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDoctor finds that this machine computes and counts right.
func TestDoctor(t *testing.T) {
	r := command(t, "", "doctor")
	for _, about := range []string{"version", "system", "processor", "memory", "gpu", "files", "numbers", "counters", "limit", "speed"} {
		if !strings.Contains(r.stdout, " "+about+" ") {
			t.Errorf("it says nothing about %s:\n%s", about, r.stdout)
		}
	}
	if r.code != exitOK || strings.Contains(r.stdout, stateFailed) {
		t.Errorf("exit code %d:\n%s%s", r.code, r.stdout, r.stderr)
	}
	r = command(t, "", "doctor", "--json")
	for _, line := range strings.Split(strings.TrimSpace(r.stdout), "\n") {
		var f finding
		if err := json.Unmarshal([]byte(line), &f); err != nil || f.About == "" || f.State == "" || f.Text == "" {
			t.Errorf("%q: %+v, %v", line, f, err)
		}
	}
	if r := command(t, "", "doctor", "now"); r.code != exitUsage {
		t.Errorf("an argument: exit code %d", r.code)
	}
}

// TestExaminationsFail holds that the test of a machine can fail.
func TestExaminationsFail(t *testing.T) {
	for _, e := range examinations {
		broken := "import mlx.core as mx\nmx.sort = lambda a: a[::-1]\nmx.zeros = lambda *shape: mx.ones(3)\n" + e.script
		if v, err := examine(t.Context(), broken); err == nil && v == "" {
			t.Errorf("%s: nothing is wrong where functions are replaced", e.about)
		}
	}
}

// TestCompletion completes commands and options in the shells that are here.
func TestCompletion(t *testing.T) {
	asks := map[string]string{
		"bash": `source "$0"; COMP_WORDS=(mlxstar "$1"); COMP_CWORD=1; _mlxstar; printf '%s\n' "${COMPREPLY[@]}"`,
		"fish": `source $argv[1]; complete -C "mlxstar $argv[2]"`,
	}
	for shell := range completions {
		r := command(t, "", "completion", shell)
		if r.code != exitOK || !strings.Contains(r.stdout, "estimate") || !strings.Contains(r.stdout, "--time-limit") {
			t.Fatalf("%s: exit code %d, %q", shell, r.code, r.stdout)
		}
		path := filepath.Join(t.TempDir(), "mlxstar")
		if err := os.WriteFile(path, []byte(r.stdout), 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := exec.LookPath(shell)
		if err != nil || asks[shell] == "" {
			continue
		}
		for typed, want := range map[string]string{"est": "estimate", "--time": "--time-limit", "do": "doctor"} {
			out, err := exec.Command(found, "-c", asks[shell], path, typed).CombinedOutput()
			if err != nil || !strings.Contains(string(out), want) {
				t.Errorf("%s: %q gives %q, %v", shell, typed, out, err)
			}
		}
	}
	if r := command(t, "", "completion", "tcsh"); r.code != exitUsage || !strings.Contains(r.stderr, "bash, fish and zsh") {
		t.Errorf("another shell: exit code %d, %q", r.code, r.stderr)
	}
}
