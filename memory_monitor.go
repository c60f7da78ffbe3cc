package mlxstar

import (
	"maps"
	"math/bits"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

// AskMonitor answers a request to the runtime's monitor, as its socket does, for hosts that
// have a server of their own: a method of HTTP and a path with its query, of those in
// docs/monitoring.md. Who can ask can read the names of scripts and variables, and set the
// memory limit.
func (rt *Runtime) AskMonitor(method, target string) monitor.Answer {
	return monitor.Ask(rt.monitored(), method, target)
}

// MonitorSource is what the runtime's monitor shows, for other ways to show it, such as
// [github.com/mlxstar/mlxstar/monitor/otel.Register].
func (rt *Runtime) MonitorSource() monitor.Source { return rt.monitored() }

// ServeMonitor does what Options.Monitor asks for. It fails where the socket cannot be
// made, and the runtime goes on without.
func (rt *Runtime) ServeMonitor() error {
	s, err := monitor.Serve(rt.monitored())
	if err != nil {
		return err
	}
	rt.watch.server = s
	return nil
}

func (rt *Runtime) closeMonitor() error {
	if rt.watch.server == nil {
		return nil
	}
	return rt.watch.server.Close()
}

func (rt *Runtime) monitored() monitor.Source { return monitored{rt, time.Now()} }

// monitored is a runtime as monitors show it.
type monitored struct {
	rt    *Runtime
	begun time.Time
}

var _ monitor.Source = monitored{}

func (m monitored) Status() monitor.Status {
	rt := m.rt
	c := rt.account.Counters()
	s := monitor.Status{
		Version: monitor.Version, PID: os.Getpid(), Command: strings.Join(rt.opts.Args, " "), Seconds: time.Since(m.begun).Seconds(),
		Active: c.Active, Peak: c.Peak, Cache: c.Cache, Limit: c.Limit, Buffers: c.Buffers,
	}
	if n, err := alloc.ResidentSet(); err == nil {
		s.Resident = n
	}
	if rt.turn.look() {
		rt.turn.looked()
	} else {
		s.Running = true
	}
	if r := rt.watch.recorder.Load(); r != nil {
		s.Recording = true
		s.Step, s.PeakStep = r.Step()
	}
	if at := rt.world.Standing(); at != nil {
		s.Group = &monitor.GroupStatus{Name: at.Group, Rank: at.Rank, Size: at.Size}
	}
	for _, p := range rt.engine.Pools() {
		t := p.Stats()
		s.Pool.Hits += t.Hits
		s.Pool.Misses += t.Misses
	}
	return s
}

func (m monitored) Sites() []monitor.Site {
	sites := []monitor.Site{}
	if p := m.Profile(false); p != nil {
		for _, l := range p.ByLine() {
			s := monitor.Site{
				Where: l.Where, Bytes: l.Live.Bytes, Arrays: l.Live.Arrays, PeakBytes: l.AtPeak.Bytes, Allocated: l.Allocated.Bytes,
				Growth: l.Growth, Growing: l.Growing,
			}
			if l.Live.Arrays > 0 {
				s.Age = max(p.Step-l.Since, 0)
			}
			if w := l.Largest; w != nil && w.Operation != "" {
				s.Largest = w.What(max(w.Live.Arrays, w.AtPeak.Arrays))
			}
			sites = append(sites, s)
		}
		return sites
	}
	for _, s := range m.rt.MemorySites() {
		sites = append(sites, monitor.Site{Where: s.Where, Bytes: s.Bytes, Arrays: s.Arrays})
	}
	return sites
}

func (m monitored) Owners() *memory.Ownership { return m.rt.MemoryOwners() }

func (m monitored) Profile(trace bool) *memory.Profile {
	r := m.rt.watch.recorder.Load()
	if r == nil {
		return nil
	}
	p := r.Profile(trace)
	p.PID, p.Command = os.Getpid(), strings.Join(m.rt.opts.Args, " ")
	if o := m.rt.watch.found.Load(); o != nil {
		p.Owners = o.Owners
	}
	return p
}

// stripStretches and stripRows are as many as a terminal shows.
const (
	stripStretches = 512
	stripRows      = 64
)

func (m monitored) LastStep() *memory.Strip {
	r := m.rt.watch.recorder.Load()
	if r == nil {
		return nil
	}
	return r.LastStep(stripStretches, stripRows)
}

func (m monitored) Cache() monitor.Cache {
	c := monitor.Cache{Bytes: m.rt.account.Counters().Cache, Sizes: []monitor.FreeSizes{}}
	bySize := map[int]*monitor.FreeSizes{}
	free := int64(0)
	for _, p := range m.rt.engine.Pools() {
		t := p.Stats()
		c.Hits, c.Misses, c.Cut, c.Returned = c.Hits+t.Hits, c.Misses+t.Misses, c.Cut+t.Cut, c.Returned+t.Returned
		c.Limit += t.CacheLimit
		p.Free(func(bytes int64) {
			k := bits.Len64(uint64(bytes))
			if bySize[k] == nil {
				bySize[k] = &monitor.FreeSizes{Below: 1 << k}
			}
			bySize[k].Blocks++
			bySize[k].Bytes += bytes
			free += bytes
		})
	}
	c.Slack = max(c.Bytes-free, 0)
	for _, k := range slices.Sorted(maps.Keys(bySize)) {
		c.Sizes = append(c.Sizes, *bySize[k])
	}
	return c
}

func (m monitored) Record(on bool) {
	if on {
		m.rt.RecordMemory()
	} else {
		m.rt.StopRecordingMemory()
	}
}

func (m monitored) ClearCache() { m.rt.account.ClearCache() }
func (m monitored) ResetPeak()  { m.rt.account.ResetPeak() }

func (m monitored) SetLimit(bytes int64) int64 {
	m.rt.account.SetLimit(bytes, false)
	return m.rt.account.Limit()
}
