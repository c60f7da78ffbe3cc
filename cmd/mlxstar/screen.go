package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

// screen is top on a terminal: the state of what it shows. Without a client it lists the
// running processes.
type screen struct {
	ctx    context.Context
	client *monitor.Client
	top    *top

	processes []monitor.Status
	now       *glance
	cache     monitor.Cache
	strip     *memory.Strip
	history   []moment
	pending   map[string]int // since which step a graph has not been evaluated, by its owner

	page          int
	width, height int
	at            int // the line that is chosen
	off           int // the first that is shown
	rows          int // that there are
	order         int // of lines
	filter        string
	typing        bool // the filter
	closed        map[string]bool
	paused, help  bool
	asking        bool // an answer is on its way
	message       string
	gone          error
}

// moment is what a chart over time has of one look.
type moment struct {
	kinds  map[string]int64
	active int64
	cache  int64
}

// maxMoments bounds the chart over time.
const maxMoments = 1024

// The pages of the screen.
const (
	pageOverview = iota
	pageLines
	pageOwners
	pageStep
	pageCache
	pages
)

var pageNames = [pages]string{"overview", "lines", "model", "step", "cache"}

// Messages.
type (
	tick   struct{}
	looked struct {
		now       *glance
		cache     monitor.Cache
		strip     *memory.Strip
		processes []monitor.Status
		err       error
	}
	told struct {
		text string
		err  error
	}
)

// runScreen shows the screen until it is left.
func (t *top) runScreen(ctx context.Context, in io.Reader, out io.Writer, c *monitor.Client) error {
	s := newScreen(ctx, t, c)
	_, err := tea.NewProgram(s, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out)).Run()
	if errors.Is(err, tea.ErrInterrupted) {
		return nil
	}
	return err
}

func newScreen(ctx context.Context, t *top, c *monitor.Client) *screen {
	return &screen{ctx: ctx, client: c, top: t, width: 80, height: 24, closed: map[string]bool{}, pending: map[string]int{}, asking: true}
}

// Init looks for the first time.
func (s *screen) Init() tea.Cmd { return tea.Batch(s.look(), s.wait()) }

func (s *screen) wait() tea.Cmd {
	return tea.Tick(s.top.interval, func(time.Time) tea.Msg { return tick{} })
}

// look asks the process, or all of them.
func (s *screen) look() tea.Cmd {
	ctx, c := s.ctx, s.client
	return func() tea.Msg {
		if c == nil {
			all, err := running(ctx)
			return looked{processes: all, err: err}
		}
		var l looked
		if l.now, l.err = look(ctx, c, screenAttempts); l.err != nil {
			return l
		}
		if l.cache, l.err = c.Cache(ctx); l.err != nil {
			return l
		}
		l.strip, l.err = c.LastStep(ctx)
		return l
	}
}

// screenAttempts is how often a look is tried again where memory changed meanwhile: the
// next look comes soon.
const screenAttempts = 2

// ask has the process do something, and says that it did.
func (s *screen) ask(what string, do func(ctx context.Context, c *monitor.Client) error) tea.Cmd {
	ctx, c := s.ctx, s.client
	if c == nil {
		return nil
	}
	return func() tea.Msg {
		if err := do(ctx, c); err != nil {
			return told{err: err}
		}
		return told{text: what}
	}
}

// Update takes in keys and answers.
func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = m.Width, m.Height
	case tick:
		if s.paused || s.asking || s.gone != nil {
			return s, s.wait()
		}
		s.asking = true
		return s, tea.Batch(s.look(), s.wait())
	case looked:
		s.asking = false
		s.take(m)
	case told:
		if s.message = m.text; m.err != nil {
			s.message = m.err.Error()
		}
		s.asking = true
		return s, s.look()
	case tea.KeyPressMsg:
		return s, s.key(m)
	}
	return s, nil
}

// take keeps what a look gave.
func (s *screen) take(l looked) {
	if l.err != nil {
		s.gone = l.err
		return
	}
	if s.client == nil {
		s.processes = l.processes
		return
	}
	s.now, s.cache, s.strip = l.now, l.cache, l.strip
	st := &l.now.Status
	m := moment{active: st.Active, cache: st.Cache, kinds: map[string]int64{}}
	if l.now.Owners != nil {
		m.kinds = l.now.Owners.Kinds
		seen := map[string]bool{}
		for _, o := range l.now.Owners.Owners {
			if o.Pending == 0 {
				continue
			}
			name, _, _ := strings.Cut(o.Path, ", ") // without the number of operations
			seen[name] = true
			if _, ok := s.pending[name]; !ok {
				s.pending[name] = st.Step
			}
		}
		for name := range s.pending {
			if !seen[name] {
				delete(s.pending, name)
			}
		}
	}
	s.history = append(s.history, m)
	if n := len(s.history) - maxMoments; n > 0 {
		s.history = slices.Delete(s.history, 0, n)
	}
}

// key does what a key is for. They are those of htop and nvtop where these have them.
func (s *screen) key(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	if s.typing {
		s.typed(k)
		return nil
	}
	s.message = ""
	if s.move(name) {
		return nil
	}
	switch name {
	case "q", "ctrl+c", "f10":
		return tea.Quit
	case "?", "h", "f1":
		s.help = !s.help
	case "esc":
		switch {
		case s.help:
			s.help = false
		case s.filter != "":
			s.filter = ""
		case s.client != nil && s.top.pid == 0: // back to the list
			s.client, s.now, s.gone, s.history = nil, nil, nil, nil
			s.at, s.off = 0, 0
			return s.look()
		}
	case "1", "2", "3", "4", "5":
		s.turn(int(name[0] - '1'))
	case "tab", "right":
		s.turn((s.page + 1) % pages)
	case "shift+tab", "left":
		s.turn((s.page + pages - 1) % pages)
	case "/", "f4":
		s.typing, s.filter = true, ""
	case "s", "f6", ">", ".":
		s.order = (s.order + 1) % len(lineOrders)
	case "<", ",":
		s.order = (s.order + len(lineOrders) - 1) % len(lineOrders)
	case "p", "z":
		s.paused = !s.paused
	case "+", "=":
		s.top.interval = max(s.top.interval/2, 100*time.Millisecond)
	case "-":
		s.top.interval = min(s.top.interval*2, time.Minute)
	case "enter", "space", "f5":
		return s.choose()
	case "r":
		if s.now == nil {
			return nil
		}
		on := !s.now.Status.Recording
		return s.ask(map[bool]string{true: "it records", false: "it no longer records"}[on], func(ctx context.Context, c *monitor.Client) error { return c.Record(ctx, on) })
	case "c":
		return s.ask("its cache was cleared", func(ctx context.Context, c *monitor.Client) error { _, err := c.ClearCache(ctx); return err })
	case "R", "shift+r":
		return s.ask("its peak was reset", func(ctx context.Context, c *monitor.Client) error { _, err := c.ResetPeak(ctx); return err })
	}
	return nil
}

func (s *screen) turn(page int) { s.page, s.at, s.off = page, 0, 0 }

// move reports whether a key chooses another line.
func (s *screen) move(key string) bool {
	body := max(s.height-chrome, 1)
	step, ok := map[string]int{
		"up": -1, "k": -1, "down": 1, "j": 1, "pgup": -body, "pgdown": body, "home": -1 << 30, "g": -1 << 30, "end": 1 << 30, "G": 1 << 30, "shift+g": 1 << 30,
	}[key]
	if ok {
		s.at = max(min(s.at+step, s.rows-1), 0)
	}
	return ok
}

// typed takes in the filter.
func (s *screen) typed(k tea.KeyPressMsg) {
	switch k.String() {
	case "enter":
		s.typing = false
	case "esc", "ctrl+c":
		s.typing, s.filter = false, ""
	case "backspace":
		if r := []rune(s.filter); len(r) > 0 {
			s.filter = string(r[:len(r)-1])
		}
	default:
		s.filter += k.Text
	}
	s.at, s.off = 0, 0
}

// choose opens what is chosen: a process, or a part of the tree.
func (s *screen) choose() tea.Cmd {
	if s.client == nil {
		if s.at >= len(s.processes) {
			return nil
		}
		c, err := monitor.Connect(s.ctx, s.processes[s.at].PID)
		if err != nil {
			s.message = err.Error()
			return nil
		}
		s.client, s.asking = c, true
		s.turn(pageOverview)
		return s.look()
	}
	if s.page == pageOwners && s.now != nil && s.now.Owners != nil {
		if branches := s.branches(); s.at < len(branches) {
			path := branches[s.at].path
			s.closed[path] = !s.isClosed(branches[s.at])
		}
	}
	return nil
}

// View draws.
func (s *screen) View() tea.View {
	v := tea.NewView(s.draw())
	v.AltScreen = true
	v.WindowTitle = "mlxstar top"
	return v
}

// running lists the processes that have a monitor, but for this one.
func running(ctx context.Context) ([]monitor.Status, error) {
	pids, err := monitor.Processes()
	if err != nil {
		return nil, err
	}
	var all []monitor.Status
	for _, pid := range pids {
		if pid == os.Getpid() {
			continue
		}
		if c, err := monitor.Connect(ctx, pid); err == nil { // else it has ended, or is another version
			if st, err := c.Status(ctx); err == nil {
				all = append(all, st)
			}
		}
	}
	slices.SortStableFunc(all, compareStanding)
	return all, nil
}

// compareStanding puts the processes of a group behind each other, by rank, and those that are
// in none before them.
func compareStanding(a, b monitor.Status) int {
	var none monitor.GroupStatus
	x, y := cmp.Or(a.Group, &none), cmp.Or(b.Group, &none)
	return cmp.Or(strings.Compare(x.Name, y.Name), x.Rank-y.Rank)
}

// commandOf is a process's command, behind its rank where it has one.
func commandOf(st *monitor.Status) string {
	if g := st.Group; g != nil {
		return fmt.Sprintf("rank %d of %d: %s", g.Rank, g.Size, plain(st.Command))
	}
	return plain(st.Command)
}

// helpText says what the keys do.
const helpText = `  1 to 5, Tab       pages: overview, lines, model, step, cache
  Up, Down, j, k    choose a line; PgUp, PgDn, Home and End go further
  Enter, Space      open or close a part of the tree, or choose a process
  s, < and >        order of lines
  /                 show what has a text in its name; Esc shows all again
  r                 have the process record callers and steps, or stop it
  c                 clear its cache
  R                 reset its peak
  p                 pause
  + and -           look more often, or less
  q, F10            leave`

func sized(n int64) string { return mlxstar.FormatSize(n) }

// orNone writes a limit.
func orNone(n int64) string {
	if n <= 0 {
		return "none"
	}
	return sized(n)
}
