package stdlib

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestSleepEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	for _, src := range []string{"import time; time.sleep(60)", "import itertools; list(itertools.count())"} {
		got := runScript(t, "sleep.py", src, &Environment{Context: func() context.Context { return ctx }})
		if !strings.Contains(got, "deadline") || time.Since(start) > 5*time.Second {
			t.Errorf("%s: after %v: got %q", src, time.Since(start), got)
		}
	}
}

func TestRuntimesShareNothing(t *testing.T) {
	first := &Environment{Files: HostFiles{}, Dir: t.TempDir()}
	runScript(t, "a.py", "import os, sys, math; os.mkdir('d'); os.chdir('d'); math.pi = 3; os.environ['A'] = '1'", first)
	second := &Environment{Files: HostFiles{}, Dir: t.TempDir()}
	got := runScript(t, "b.py", "import os, math; print(math.pi > 3, 'A' in os.environ, os.path.basename(os.getcwd()) == 'd')", second)
	if got != "True False False\n" {
		t.Errorf("got %q", got)
	}
}
