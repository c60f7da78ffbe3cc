package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/bench/language"
	"github.com/mlxstar/mlxstar/bench/steps"
)

// errRows tells that rows failed; what failed has been said.
var errRows = errors.New("rows failed")

// report is everything that a run found.
type report struct {
	Machine  machine           `json:"machine"`
	Ceilings ceilings          `json:"ceilings"`
	Peers    map[string]string `json:"peers,omitempty"` // versions
	Rows     []*result         `json:"rows"`
	Growth   []growth          `json:"growth,omitempty"`
	Memory   []memoryFigures   `json:"memory,omitempty"`
}

// machine is what ran.
type machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	Threads   int    `json:"threads"`
	System    string `json:"system"`
	Go        string `json:"go"`
}

// result is a row's times.
type result struct {
	Name    string            `json:"name"`
	Scale   float64           `json:"scale"`
	Timing  timing            `json:"mlxstar"`
	GBs     float64           `json:"gbs,omitempty"`
	GFLOPs  float64           `json:"gflops,omitempty"`
	Share   float64           `json:"share,omitempty"` // of the ceiling that binds
	Ceiling string            `json:"ceiling,omitempty"`
	Goal    float64           `json:"goal_ms,omitempty"`
	MLX     float64           `json:"reference_mlx_ms,omitempty"`
	Peers   map[string]timing `json:"peers,omitempty"`
	Error   string            `json:"error,omitempty"`

	work float64 // see row.work
}

// names lists the rows that are asked for.
func (o *options) names() (names []string) {
	add := func(name string) {
		if o.wanted(name) {
			names = append(names, name)
		}
	}
	if o.steps {
		for _, name := range steps.Names() {
			add(name)
		}
		return names
	}
	if o.groups {
		for _, r := range groupRows(1, 1) {
			add(r.Name)
		}
		return names
	}
	if o.lang {
		rows, err := language.Rows()
		if err != nil {
			panic(err) // the table is part of the program, and a test reads it
		}
		for _, r := range rows {
			add(r.Name)
		}
		return names
	}
	for _, r := range slices.Concat(tableRows(1), graphRows()) {
		add(r.name)
	}
	for _, n := range runtimeCounts {
		add(runtimesName(n))
	}
	for _, c := range memoryCases() {
		add("memory_" + c.name)
	}
	return names
}

func runtimesName(n int) string { return fmt.Sprintf("runtimes_%d", n) }

// session is a run in progress.
type session struct {
	*options
	report
	peers []*peer
	view  view
	bad   bool
}

func (o *options) bench(ctx context.Context) error {
	if len(o.names()) == 0 {
		return fmt.Errorf("no row's name contains %q; --list names them", o.rows)
	}
	s := &session{options: o, view: newView(o.json)}
	threads := o.threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	s.Machine = machine{processor(), runtime.NumCPU(), threads, runtime.GOOS + "/" + runtime.GOARCH, runtime.Version()}
	s.view.progress("measuring the machine")
	s.Ceilings = measureCeilings(threads)
	if o.peers {
		s.startPeers(ctx)
		defer s.stopPeers()
	}
	s.view.head(&s.report)
	for _, scale := range o.scales {
		for _, r := range tableRows(scale) {
			s.row(ctx, &r, scale)
		}
	}
	for _, r := range graphRows() {
		s.row(ctx, &r, 1)
	}
	for _, n := range runtimeCounts {
		s.runtimes(ctx, n)
	}
	s.Growth = growths(s.Rows)
	s.view.growth(s.Growth)
	for _, c := range memoryCases() {
		s.memory(ctx, c)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.view.foot(&s.report)
	if o.json {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(s.report); err != nil {
			return err
		}
	}
	if s.bad {
		return errRows
	}
	return nil
}

// processor is the name that the CPU backend finds.
func processor() string {
	rt, err := mlxstar.New(mlxstar.Options{})
	if err != nil {
		return runtime.GOARCH
	}
	defer rt.Close()
	v, err := rt.Eval(context.Background(), "info", "import mlx.core as mx\nstr(mx.device_info()['device_name'])")
	name, ok := v.(string)
	if err != nil || !ok {
		return runtime.GOARCH
	}
	return name
}

func (s *session) startPeers(ctx context.Context) {
	s.Peers = map[string]string{}
	for _, kind := range []string{"mlx", "numpy", "jax"} {
		s.view.progress("starting " + kind)
		p, err := startPeer(ctx, s.python, kind)
		if err != nil {
			s.view.note(fmt.Sprintf("%s is left out: %v", kind, err))
			continue
		}
		s.peers = append(s.peers, p)
		s.Peers[kind] = p.version
	}
}

func (s *session) stopPeers() {
	for _, p := range s.peers {
		p.close()
	}
}

// row measures a row, then with each peer.
func (s *session) row(ctx context.Context, r *row, scale float64) {
	if !s.wanted(r.name) || ctx.Err() != nil {
		return
	}
	s.view.progress(r.name)
	res := &result{Name: r.name, Scale: scale, Peers: map[string]timing{}, work: r.work()}
	if scale == 1 {
		res.Goal, res.MLX = r.goal, r.mlx
	}
	seconds, busy, err := r.mlxProgram().measure(ctx, s.threads, s.effort)
	if err != nil {
		res.Error = err.Error()
	} else {
		res.Timing = newTiming(seconds, r.units, s.best)
		res.Timing.Busy = newTiming(busy, max(r.units, 1)*s.Machine.Threads, false).Median
		res.against(&s.Ceilings, r)
	}
	for _, p := range s.peers {
		pr, ok := p.program(r)
		if !ok || ctx.Err() != nil {
			continue
		}
		s.view.progress(r.name + ", " + p.version)
		seconds, err := p.measure(pr, s.effort)
		if err != nil {
			s.view.note(fmt.Sprintf("%s: %s: %v", r.name, p.version, err))
			continue
		}
		res.Peers[p.kind] = newTiming(seconds, r.units, s.best)
	}
	s.add(res)
}

func (s *session) add(res *result) {
	if res.Error != "" {
		s.bad = true
	}
	s.Rows = append(s.Rows, res)
	s.view.row(&s.report, res)
}

// against computes what the row reached and what part that is of the ceiling
// that binds it: the one that would take longer.
func (res *result) against(c *ceilings, r *row) {
	seconds := res.Timing.Time / 1e3
	if seconds <= 0 {
		return
	}
	res.GBs, res.GFLOPs = r.bytes/seconds/1e9, r.flops/seconds/1e9
	memory, arithmetic := r.bytes/(c.Copy*1e9), r.flops/(c.All*1e9)
	if memory > arithmetic {
		res.Share, res.Ceiling = memory/seconds, "memory"
	} else if arithmetic > 0 {
		res.Share, res.Ceiling = arithmetic/seconds, "arithmetic"
	}
}

func (s *session) runtimes(ctx context.Context, n int) {
	name := runtimesName(n)
	if !s.wanted(name) || ctx.Err() != nil {
		return
	}
	s.view.progress(name)
	res := &result{Name: name, Scale: 1, work: 1}
	seconds, busy, err := measureRuntimes(ctx, n, s.threads, s.effort)
	if err != nil {
		res.Error = err.Error()
	} else {
		res.Timing = newTiming(seconds, n, s.best)
		res.Timing.Busy = newTiming(busy, n*s.Machine.Threads, false).Median
	}
	s.add(res)
}

func (s *session) memory(ctx context.Context, c memoryCase) {
	name := "memory_" + c.name
	if !s.wanted(name) || ctx.Err() != nil {
		return
	}
	s.view.progress(name)
	f := measureMemory(ctx, c, s.threads)
	s.bad = s.bad || f.Error != ""
	s.Memory = append(s.Memory, f)
	s.view.memory(&s.report, f, c.what)
	if _, ok := s.Peers["mlx"]; ok && ctx.Err() == nil {
		s.view.progress(name + ", MLX")
		f, err := measurePeerMemory(ctx, s.python, c)
		if err != nil {
			s.view.note(fmt.Sprintf("%s: MLX: %v", name, err))
			return
		}
		s.Memory = append(s.Memory, f)
		s.view.memory(&s.report, f, "")
	}
}

// geometricMean is that of the peer's times over mlxstar's, over the rows that
// both did, and their number.
func (rep *report) geometricMean(kind string) (mean float64, rows int) {
	sum := 0.0
	for _, r := range rep.Rows {
		if t, ok := r.Peers[kind]; ok && r.Error == "" && r.Timing.Time > 0 {
			sum += math.Log(t.Time / r.Timing.Time)
			rows++
		}
	}
	if rows == 0 {
		return 0, 0
	}
	return math.Exp(sum / float64(rows)), rows
}

// met reports whether a row is at its goal: in milliseconds, or at the goal's
// ratio to MLX where MLX ran beside it.
func (res *result) met() bool {
	if res.Timing.Time <= res.Goal {
		return true
	}
	t, ok := res.Peers["mlx"]
	return ok && res.Timing.Time/t.Time <= res.Goal/res.MLX
}
