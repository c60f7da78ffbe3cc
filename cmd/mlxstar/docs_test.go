package main

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestDocs asks the command for pages until it is interrupted.
func TestDocs(t *testing.T) {
	r, w := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- runDocs(ctx, "127.0.0.1:0", false, w)
		w.Close()
	}()
	told := make([]byte, 256)
	n, err := r.Read(told)
	if err != nil {
		t.Fatal(err)
	}
	url := regexp.MustCompile(`http://\S+/`).FindString(string(told[:n]))
	for path, want := range map[string]string{"": "tutorial", "tutorial": "<h1", "memory-reference": "get_active_memory"} {
		answer, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s%s: %s, %v: %.200s", url, path, answer.Status, err, body)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for args, stderr := range map[string]string{"docs tutorial": "want options alone", "docs --address": "no value given", "docs --nonsense": "unknown option --nonsense"} {
		if r := command(t, "", strings.Fields(args)...); r.code != exitUsage || !strings.Contains(r.stderr, stderr) {
			t.Errorf("%s: exit code %d, %q", args, r.code, r.stderr)
		}
	}
	if r := command(t, "", "docs", "--address", "256.0.0.1:1"); r.code != exitScript {
		t.Errorf("an address that is none: exit code %d, %q", r.code, r.stderr)
	}
}

// TestManual has every command and option in the manual page, and man read it where there is one.
func TestManual(t *testing.T) {
	page := manual()
	for _, name := range append(commandNames(), new(options).grammar(false).names()...) {
		if !strings.Contains(page, roff(name)) {
			t.Errorf("the manual does not name %s", name)
		}
	}
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !regexp.MustCompile(`^\.(TH|SH|nf|fi)\b`).MatchString(line) {
			t.Errorf("a line of text is a command: %q", line)
		}
	}
	groff, err := exec.LookPath("groff")
	if err != nil {
		return
	}
	cmd := exec.Command(groff, "-man", "-Tutf8", "-wall")
	cmd.Stdin = strings.NewReader(page)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Exit codes") || strings.Contains(string(out), "warning") {
		t.Errorf("groff: %v\n%.2000s", err, out)
	}
}
