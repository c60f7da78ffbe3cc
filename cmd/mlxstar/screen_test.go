package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

// press gives a screen keys, one after the other, and does what they ask for.
func press(t *testing.T, s *screen, keys ...string) {
	t.Helper()
	named := map[string]tea.Key{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
		"end": {Code: tea.KeyEnd}, "home": {Code: tea.KeyHome}, "pgdown": {Code: tea.KeyPgDown}, "backspace": {Code: tea.KeyBackspace}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
	}
	for _, name := range keys {
		k, ok := named[name]
		if !ok {
			k = tea.Key{Code: []rune(name)[0], Text: name}
		}
		_, cmd := s.Update(tea.KeyPressMsg(k))
		for cmd != nil {
			msg := cmd()
			if _, batch := msg.(tea.BatchMsg); batch || msg == nil {
				break
			}
			if _, quit := msg.(tea.QuitMsg); quit {
				break
			}
			_, cmd = s.Update(msg)
		}
	}
}

// shows is what the screen has on it, without colours.
func shows(s *screen) string { return ansi.Strip(s.View().Content) }

// The screen shows what the process holds, on each page and however small it is, and its
// keys do what the help says.
func TestScreen(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Monitor: true, Args: []string{"net\x1b[2J.py"}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	rt.RecordMemory()
	if err := rt.Exec(t.Context(), "net.py", `import mlx.core as mx, mlx.nn as nn
import mlxstar.memory as mem
model = nn.Sequential(nn.Linear(256, 256, bias=False), nn.Linear(256, 1024, bias=False))
mx.eval(model)
kept = []
for i in range(6):
    kept.append(mx.zeros((64, 1024)) + i)
    y = mx.exp(kept[-1]) * 2
    mx.eval(kept, y)
    mem.mark()
later = y + 1
del y
`); err != nil {
		t.Fatal(err)
	}
	c, err := monitor.Connect(t.Context(), os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(t.Context(), &top{pid: os.Getpid(), interval: time.Second}, c)
	if _, cmd := s.Update(tea.WindowSizeMsg{Width: 120, Height: 30}); cmd != nil {
		t.Error("a new size asks for something")
	}
	if got := shows(s); !strings.Contains(got, "asking") {
		t.Errorf("at first it shows\n%s", got)
	}
	s.Update(s.look()())
	for _, p := range []struct {
		key  string
		want []string
	}{
		{"1", []string{"net?[2J.py", "active      3 MiB ██", "● records step 6", "parameters 1.2 MiB", "peak 3", "█", "the top is the peak"}},
		{"2", []string{"HELD", "by held", "net.py:7", "+256 KiB", "6 arrays of add, float32 (64, 1024)", "1.5 MiB   50.0%"}},
		{"3", []string{"▾ model", "▾ .layers", "▸ .1", "▾ kept", "[0]", "float32 (64, 1024)  made by net.py:7", "pending graph of later, 1 operations", "never evaluated since step 6"}},
		{"4", []string{"step 5,", "AT ITS PEAK", "net.py:7"}},
		{"5", []string{"clearing it would return", "BLOCKS", "of buffers came from it"}},
	} {
		press(t, s, p.key)
		got := shows(s)
		for _, want := range p.want {
			if !strings.Contains(got, want) {
				t.Errorf("page %s: no %q in\n%s", p.key, want, got)
			}
		}
		if n := strings.Count(got, "\n") + 1; n != 30 {
			t.Errorf("page %s has %d lines", p.key, n)
		}
		for _, size := range [][2]int{{40, 10}, {20, 4}, {300, 100}} {
			s.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			for _, l := range strings.Split(shows(s), "\n") {
				if w := ansi.StringWidth(l); w > max(size[0], 40) {
					t.Errorf("page %s at %v: a line is %d wide", p.key, size, w)
				}
			}
		}
		s.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	}

	press(t, s, "3", "/", "k", "e", "p", "x", "backspace", "t", "enter")
	if got := shows(s); strings.Contains(got, "▾ model") || !strings.Contains(got, "▾ kept") || !strings.Contains(got, "what has kept") {
		t.Errorf("found\n%s", got)
	}
	press(t, s, "enter") // closes what is chosen
	if got := shows(s); !strings.Contains(got, "▸ kept") || strings.Contains(got, "[0]") {
		t.Errorf("closed\n%s", got)
	}
	press(t, s, "esc", "2", "s", "s")
	if got := shows(s); !strings.Contains(got, "by growth") || strings.Contains(got, "what has") {
		t.Errorf("ordered\n%s", got)
	}
	press(t, s, "end")
	if s.at != s.rows-1 || s.rows < 2 {
		t.Errorf("line %d of %d is chosen", s.at, s.rows)
	}
	press(t, s, "home", "tab", "shift+tab", "?")
	if got := shows(s); s.page != pageLines || !strings.Contains(got, "what has a text in its name") {
		t.Errorf("page %d, help is\n%s", s.page, got)
	}
	press(t, s, "esc", "+", "p")
	if !s.paused || s.top.interval != 500*time.Millisecond {
		t.Errorf("paused %v, every %s", s.paused, s.top.interval)
	}
	press(t, s, "c")
	if got := rt.Memory().Cache; got != 0 || s.cache.Bytes != 0 || !strings.Contains(shows(s), "its cache was cleared") {
		t.Errorf("%d bytes are cached\n%s", got, shows(s))
	}
	press(t, s, "R")
	if m := rt.Memory(); m.Peak > m.Active || s.now.Status.Peak != m.Peak {
		t.Errorf("after the reset %+v", m)
	}
	press(t, s, "r")
	if s.now.Status.Recording {
		t.Error("it still records")
	}
	press(t, s, "4")
	if got := shows(s); !strings.Contains(got, "r has the process record its steps") {
		t.Errorf("without a recording\n%s", got)
	}
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	s.Update(s.look()())
	if got := shows(s); !strings.Contains(got, "has ended") {
		t.Errorf("after its end\n%s", got)
	}
	if _, cmd := s.Update(tea.KeyPressMsg{Code: 'q', Text: "q"}); cmd == nil {
		t.Error("q does not leave")
	} else if _, ok := cmd().(tea.QuitMsg); !ok {
		t.Error("q does not leave")
	}
}

// A list of processes lets one be chosen.
func TestScreenList(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Monitor: true, Args: []string{"one.py"}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	s := newScreen(t.Context(), &top{interval: time.Second}, nil)
	s.Update(s.look()()) // this process is not in the list
	if got := shows(s); !strings.Contains(got, "no mlxstar is running") {
		t.Errorf("it shows\n%s", got)
	}
	s.Update(looked{processes: []monitor.Status{{PID: 1 << 30, Command: "gone.py"}, {PID: os.Getpid(), Command: "one.py"}}})
	if got := shows(s); !strings.Contains(got, "gone.py") || !strings.Contains(got, "2 running") {
		t.Errorf("it shows\n%s", got)
	}
	press(t, s, "enter")
	if got := shows(s); !strings.Contains(got, "has a monitor here") {
		t.Errorf("of what has ended it shows\n%s", got)
	}
	press(t, s, "down", "enter")
	if got := shows(s); !strings.Contains(got, fmt.Sprint(os.Getpid(), " one.py")) {
		t.Errorf("it shows\n%s", got)
	}
	press(t, s, "esc")
	if s.client != nil {
		t.Error("esc does not lead back to the list")
	}
}

func TestOwnerParts(t *testing.T) {
	for path, want := range map[string]string{
		"model.layers.3.attention.q_proj.weight": "model|.layers|.3|.attention|.q_proj|.weight",
		`grads["a.b[0]"][1]`:                     `grads|["a.b[0]"]|[1]`,
		"f().hidden":                             "f()|.hidden",
		"x":                                      "x",
		"(nothing that scripts can name)":        "(nothing that scripts can name)",
	} {
		if got := strings.Join(ownerParts(&memory.Owner{Path: path}), "|"); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
