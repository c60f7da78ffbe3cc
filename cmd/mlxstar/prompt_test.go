//go:build linux || darwin

package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// session is a prompt in a terminal of tmux's.
type session struct {
	t      *testing.T
	socket string
	home   string
}

func newSession(t *testing.T, term, home string) *session {
	s := &session{t: t, socket: filepath.Join(t.TempDir(), "tmux"), home: home}
	run := fmt.Sprintf("cd '%s'; HOME='%s' TERM=%s NO_COLOR=1 PAGER='head -n 4' PYTHONPATH= '%s' --no-monitor", home, home, term, binary)
	s.tmux("", "-f", os.DevNull, "new-session", "-d", "-x", "90", "-y", "45", "-s", "a", run)
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", s.socket, "kill-server").Run() })
	s.see(">>>")
	return s
}

func (s *session) tmux(stdin string, args ...string) string {
	s.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// keys types keys by tmux's names.
func (s *session) keys(keys ...string) {
	for _, k := range keys {
		s.tmux("", "send-keys", "-t", "a", k)
		time.Sleep(20 * time.Millisecond) // so that they do not come at once, as a paste does
	}
}

func (s *session) paste(text string, bracketed bool) {
	s.tmux(text, "load-buffer", "-")
	args := []string{"paste-buffer", "-t", "a"}
	if bracketed {
		args = append(args, "-p")
	}
	s.tmux("", args...)
}

func (s *session) screen() string { return s.tmux("", "capture-pane", "-p", "-J", "-t", "a") }

// see waits until the screen shows a text.
func (s *session) see(want string) string {
	s.t.Helper()
	end := time.Now().Add(time.Minute)
	for {
		screen := s.screen()
		if strings.Contains(screen, want) {
			return screen
		}
		if time.Now().After(end) {
			s.t.Fatalf("the screen does not show %q:\n%s", want, screen)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

const pastedFunction = "def train(n):\n    total = 0\n    for i in range(n):\n        total += i\n\n    return total\n"

// promptRows are what is done at the prompt, and what the screen shows in the end. The
// first, whose keys terminals send each in their own way, are done in those of two kinds.
var promptRows = []struct {
	name string
	do   func(s *session)
	want string
	not  string
}{
	{"a function is pasted", func(s *session) {
		s.paste(pastedFunction, true)
		s.see("return total")
		s.keys("Enter", "train(100)", "Enter")
	}, "\n4950\n", "Error"},
	{"a function is pasted into a terminal that does not say so", func(s *session) {
		s.paste(pastedFunction, false)
		s.see("return total")
		s.keys("train(100)", "Enter")
	}, "\n4950\n", "Error"},
	{"a block is recalled and edited as one", func(s *session) {
		s.keys("for i in range(2):", "Enter", "print(i, 'times')", "Enter", "Enter")
		s.see("1 times")
		s.keys("Up", "Home", "if True: a = 5", "C-a", "C-k", "Up", "Up", "Down", "Enter")
		s.keys("7 * 6", "Enter")
	}, "\n42\n", "Error"},
	{"a recalled block leaves no lines behind", func(s *session) {
		s.keys("for i in range(2):", "Enter", "print(i, 'times')", "Enter", "Enter")
		s.see("1 times")
		s.keys("Up", "Up", "Down", "C-u", "6 * 7", "Enter")
	}, "\n0 times\n1 times\n>>> 6 * 7\n42\n>>>", ""},
	{"Home and End", func(s *session) { s.keys("* 7", "Home", "6 ", "End", " + 0", "Enter") }, "\n42\n", "Error"},
	{"an indented block is pasted", func(s *session) {
		s.paste("    for i in range(2):\n        print('row', i)\n\n    print('end')\n", true)
		s.see("end")
		s.keys("Enter")
	}, "row 0\nrow 1\nend\n", "Error"},
	{"a session is pasted", func(s *session) {
		s.paste(">>> a = 20\n>>> for i in range(2):\n...     a += i\n...\n>>> a * 2\n42\n", true)
		s.see("a * 2")
		s.keys("Enter")
	}, "\n42\n", "Error"},
	{"a session of IPython's is pasted", func(s *session) {
		s.paste("In [1]: a = 20\n\nIn [2]: for i in range(2):\n   ...:     a += i\n   ...: \n\nIn [3]: a * 2\nOut[3]: 42\n", true)
		s.see("a * 2")
		s.keys("Enter")
	}, "\n42\n", "Error"},
	{"a block is typed with indents", func(s *session) {
		s.keys("def f(x):", "Enter", "if x:", "Enter", "return 'yes'", "Enter", "return 'no'", "Enter", "Enter", "f(0), f(1)", "Enter")
	}, "('no', 'yes')", "Error"},
	{"Tab indents", func(s *session) { s.keys("if True:", "Enter", "C-u", "Tab", "print(6 * 7)", "Enter", "Enter") }, "\n42\n", "Error"},
	{"Tab completes a module", func(s *session) { s.keys("import mlxst", "Tab", "Enter", "mlxstar.__name__", "Enter") }, "'mlxstar'", "Error"},
	{"Tab completes a key", func(s *session) {
		s.keys("d = {'alpha': 42}", "Enter", "d['al", "Tab", "']", "Enter")
	}, "\n42\n", "Error"},
	{"Tab completes a keyword argument", func(s *session) {
		s.keys("def g(*, factor): return factor", "Enter", "Enter", "g(fac", "Tab", "42)", "Enter")
	}, "\n42\n", "Error"},
	{"Tab completes a path", func(s *session) { s.keys("open('not", "Tab", "').read()", "Enter") }, "'a note'", "Error"},
	{"a question", func(s *session) { s.keys("def g(factor): 'Gives it.'", "Enter", "Enter", "g?", "Enter") }, "Gives it.", "Error"},
	{"long help goes through the pager", func(s *session) {
		s.keys("import mlx.core as mx", "Enter", "help(mx)", "Enter")
		s.see("Help on")
		s.keys("6 * 7", "Enter")
	}, "\n42\n", "zeros_like"},
	{"a traceback leaves out the program's own frames", func(s *session) {
		s.keys("import mlx.nn as nn", "Enter", "nn.Sequential(lambda x: 1 / 0)(1)", "Enter")
	}, "frames of mlx.nn.layers.containers]", "<frozen"},
	{"an array is shown after evaluation", func(s *session) {
		s.keys("import mlx.core as mx", "Enter", "mx.arange(100000) * 2", "Enter")
	}, "199998], dtype=int32)", "Error"},
	{"earlier values", func(s *session) { s.keys("20", "Enter", "22", "Enter", "_ + __", "Enter") }, "\n42\n", "Error"},
	{"%memit binds nothing", func(s *session) { s.keys("mlx = 42", "Enter", "%memit 1", "Enter", "mlx", "Enter") }, "\n42\n", "Error"},
	{"%run", func(s *session) { s.keys("%run script.py 6", "Enter", "answer", "Enter") }, "\n42\n", "Error"},
	{"%reset", func(s *session) { s.keys("v = 1", "Enter", "%reset", "Enter", "'v' in globals()", "Enter") }, "False", "Error"},
	{"%hist", func(s *session) { s.keys("v = 1", "Enter", "%hist", "Enter") }, "   1  v = 1", "Error"},
	{"%%time", func(s *session) { s.keys("%%time", "Enter", "v = 6", "Enter", "v * 7", "Enter", "Enter") }, "\n42\ntook", "Error"},
	{"Ctrl-C in a loop", func(s *session) {
		s.keys("while True: pass", "Enter", "Enter")
		time.Sleep(300 * time.Millisecond)
		s.keys("C-c")
		s.see("KeyboardInterrupt")
		s.keys("6 * 7", "Enter")
	}, "Traceback (most recent call last):", ""},
	{"Ctrl-C in a line", func(s *session) { s.keys("6 * 7 +", "C-c", "6 * 7", "Enter") }, "\n42\n", "Error"},
}

var terminals = flag.Bool("terminals", false, "have TestPromptInTerminal do all of its rows in both kinds of terminal")

// TestPromptTable: the page about the prompt has the rows that are tried, and no others.
func TestPromptTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "prompt.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "<!-- rows -->\n\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var got, want []string
	for _, line := range strings.Split(table, "\n")[2:] {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		got = append(got, name)
	}
	for _, row := range promptRows {
		want = append(want, row.name)
	}
	if want = append(want, "a block of an earlier session"); !slices.Equal(got, want) { // TestPromptHistory
		t.Errorf("docs/prompt.md has the rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestPrompt types at a prompt in a terminal, of two kinds.
func TestPromptInTerminal(t *testing.T) {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("no tmux")
	}
	screenRows := 5
	if *terminals {
		screenRows = len(promptRows)
	}
	for term, rows := range map[string]int{"xterm-256color": len(promptRows), "screen-256color": screenRows} {
		for _, row := range promptRows[:rows] {
			t.Run(term+"/"+row.name, func(t *testing.T) {
				t.Parallel()
				home := t.TempDir()
				for name, text := range map[string]string{"note": "a note", "script.py": "import sys\nanswer = 7 * int(sys.argv[1])\n"} {
					if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				s := newSession(t, term, home)
				row.do(s)
				screen := s.see(row.want)
				if row.not != "" && strings.Contains(screen, row.not) {
					t.Errorf("the screen shows %q:\n%s", row.not, screen)
				}
			})
		}
	}
}

// TestPromptHistory finds a block of an earlier session whole.
func TestPromptHistory(t *testing.T) {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("no tmux")
	}
	home := t.TempDir()
	s := newSession(t, "xterm-256color", home)
	s.keys("def f(x):", "Enter", "return x * 7", "Enter", "Enter", "exit", "Enter")
	deadline := time.Now().Add(time.Minute)
	for exec.Command("tmux", "-S", s.socket, "has-session").Run() == nil {
		if time.Now().After(deadline) {
			t.Fatalf("exit does not end it:\n%s", s.screen())
		}
		time.Sleep(30 * time.Millisecond)
	}
	s = newSession(t, "xterm-256color", home)
	s.keys("Up", "Up")
	s.see("def f(x):↵    return x * 7")
	s.keys("Enter", "f(6)", "Enter")
	s.see("\n42\n")
}
