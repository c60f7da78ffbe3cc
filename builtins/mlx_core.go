// Package builtins is MLX's Python surface over the engine: mx.array, the
// functions of mlx.core, memory, devices and streams, transforms and files, as
// values of the script language.
//
// A Module is one runtime's mlx.core. Its functions are rows of tables
// (functions_*.go): the signature as Python shows it, which is also what binds
// the arguments, a doc string, and a body that builds the graph.
package builtins

import (
	"context"
	"fmt"
	"sort"
	"sync/atomic"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Host is what a module needs of the runtime it belongs to.
type Host interface {
	// Context bounds evaluations: when it ends, they stop.
	Context() context.Context
	// Files opens the files that load and save name; nil denies every access.
	Files() Files
	// Warn issues a RuntimeWarning about the line of the script that thread is at,
	// as Python's warnings do. The error is that of a filter that makes it one.
	Warn(thread *starlark.Thread, message string) error
}

// Module is the mlx.core of one runtime.
type Module struct {
	Engine *engine.Engine
	// Refused, if not nil, is told of each limit that does not allow what a function wants,
	// before the script is. It may fill in what it knows of the holders.
	Refused func(e *alloc.LimitError)

	// Groups, if not nil, are what mx.distributed joins this process to.
	Groups Groups

	host  Host
	attrs starlark.StringDict
	types types
	print printOptions

	at    *starlark.Thread  // whose call is in progress
	site  func() alloc.Site // the line that it is at
	grown func() error      // warns there of state that a loop forgets to evaluate
	spare *Call             // that an operator gave back, for the next
	steps func(n int) error // counts steps of it

	visit atomic.Pointer[func()]                 // to be called by the next function
	look  atomic.Pointer[func(*starlark.Thread)] // told of calls, for a profile

	limit  int64   // the account's at first
	caches []int64 // and the pools' for reuse

	shapeless  bool // a function is being written that is to take other shapes
	uncompiled bool // compiled functions run as they are

	callable  []*Func          // the functions that a program may call
	pure      map[string]*Func // the same by name, once that was asked for
	recording *recording       // of the function that is being traced, or nil
	tracing   *tracing         // the innermost transform that runs a function, or nil
}

// New makes mlx.core over an engine.
func New(e *engine.Engine, host Host) *Module {
	m := &Module{Engine: e, host: host}
	m.site = func() alloc.Site {
		if m.at == nil {
			return 0
		}
		return m.siteOf(m.at)
	}
	m.grown = func() error {
		if m.at == nil {
			return nil
		}
		return m.host.Warn(m.at, growthWarning)
	}
	m.steps = func(n int) error { return object.Steps(m.at, n) }
	m.limit = e.Account().Limit()
	for _, p := range e.Pools() {
		m.caches = append(m.caches, p.CacheLimit())
	}
	m.declare()
	return m
}

// Reset makes the module as New left it.
func (m *Module) Reset(seed uint64) {
	e := m.Engine
	e.ResetDefaults(seed)
	if e.Account().Limit() != m.limit {
		e.Account().SetLimit(m.limit, false)
	}
	for i, p := range e.Pools() {
		if p.CacheLimit() != m.caches[i] {
			p.SetCacheLimit(m.caches[i])
		}
	}
	m.uncompiled, m.shapeless, m.recording, m.tracing = false, false, nil, nil
	m.declare()
}

// manyMembers is about how many there are.
const manyMembers = 640

// declare makes the members.
func (m *Module) declare() {
	m.attrs, m.print = make(starlark.StringDict, manyMembers), defaultPrintOptions
	m.pure, m.callable = nil, make([]*Func, 0, manyMembers)
	m.declareConstants()
	m.declareFunctions()
	m.declareAliases()
	m.declareTypes()
}

var (
	_ starlark.HasSetField = (*Module)(nil)
	_ starlark.HasSetField = (*submodule)(nil)
	_ object.HasType       = (*Module)(nil)
	_ object.HasType       = (*submodule)(nil)
	_ object.HasMember     = (*Module)(nil)
	_ object.HasMember     = (*submodule)(nil)
)

func (m *Module) String() string        { return "<module 'mlx.core'>" }
func (m *Module) Type() string          { return "module" }
func (m *Module) Freeze()               {}
func (m *Module) Truth() starlark.Bool  { return true }
func (m *Module) Hash() (uint32, error) { return starlark.String("mlx.core").Hash() }

// PyType is module.
func (m *Module) PyType() *object.Type { return object.ModuleType }

// Member gives a member.
func (m *Module) Member(name string) starlark.Value { return m.attrs[name] }

// Attr gives a member.
func (m *Module) Attr(name string) (starlark.Value, error) { return member("mlx.core", m.attrs, name) }

// SetField sets a member, as a Python module's can be.
func (m *Module) SetField(name string, v starlark.Value) error { m.attrs[name] = v; return nil }

// member finds a module's member; a name that is not there is Python's error,
// which suggests the nearest one that is.
func member(module string, attrs starlark.StringDict, name string) (starlark.Value, error) {
	if v := attrs[name]; v != nil {
		return v, nil
	}
	e := object.Errorf(object.AttributeError, "module '%s' has no attribute '%s'", module, name).(*object.Exception)
	return nil, e.WithCandidates(name, attrs.Keys)
}

// AttrNames lists the members.
func (m *Module) AttrNames() []string { return m.attrs.Keys() }

// submodule is a namespace within mlx.core: mx.random, mx.fast.
type submodule struct {
	name  string
	attrs starlark.StringDict
}

func (s *submodule) String() string        { return "<module 'mlx.core." + s.name + "'>" }
func (s *submodule) Type() string          { return "module" }
func (s *submodule) Freeze()               {}
func (s *submodule) Truth() starlark.Bool  { return true }
func (s *submodule) Hash() (uint32, error) { return starlark.String(s.name).Hash() }

// PyType is module.
func (s *submodule) PyType() *object.Type { return object.ModuleType }

// Member gives a member.
func (s *submodule) Member(name string) starlark.Value { return s.attrs[name] }

// Attr gives a member.
func (s *submodule) Attr(name string) (starlark.Value, error) {
	return member("mlx.core."+s.name, s.attrs, name)
}

// SetField sets a member.
func (s *submodule) SetField(name string, v starlark.Value) error { s.attrs[name] = v; return nil }

func (s *submodule) AttrNames() []string { return s.attrs.Keys() }

// members is the dictionary of a path: "" is mlx.core itself.
func (m *Module) members(path string) starlark.StringDict {
	if path == "" {
		return m.attrs
	}
	sub, ok := m.attrs[path].(*submodule)
	if !ok {
		sub = &submodule{path, starlark.StringDict{}}
		m.attrs[path] = sub
	}
	return sub.attrs
}

// builder is a builder whose arrays remember the line the thread is at.
func (m *Module) builder(thread *starlark.Thread) *engine.Builder {
	b := m.Engine.NewBuilder()
	b.Shapeless = m.shapeless
	if thread != nil {
		b.Site = func() alloc.Site {
			return m.siteOf(thread)
		}
		b.Grown = func() error { return m.host.Warn(thread, growthWarning) }
		b.Steps = func(n int) error { return object.Steps(thread, n) }
	}
	return b
}

// Transforming reports whether a function runs under a transform. Another thread of the
// script would take part in that; it waits until the function has ended.
func (m *Module) Transforming() bool { return m.tracing != nil }

// Visit has f called by the script's goroutine when it next calls a function of this
// package, before that does anything: what another goroutine may not look at while a script
// runs can be looked at then. A request that was not met is forgotten.
func (m *Module) Visit(f func()) { m.visit.Store(&f) }

func (m *Module) visited() {
	if f := m.visit.Swap(nil); f != nil {
		(*f)()
	}
}

// siteFrames is how many callers of a line its site has while somebody observes memory.
const siteFrames = 8

// siteOf is the line that a thread is at, with its callers where somebody wants to know.
func (m *Module) siteOf(thread *starlark.Thread) alloc.Site {
	sites := m.Engine.Sites()
	if !m.Engine.Observed() {
		return sites.Intern(dialect.Site(thread))
	}
	var places [siteFrames]object.Frame
	var stack [siteFrames]alloc.Frame
	n := 0
	for _, f := range dialect.AppendStack(places[:0], thread, siteFrames) {
		stack[n] = alloc.Frame{File: f.File, Line: f.Line, Function: f.Function}
		n++
	}
	return sites.InternStack(stack[:n])
}

// growthWarning tells of state that a loop forgets to evaluate.
var growthWarning = fmt.Sprintf("the graph behind this array has grown through %d evaluations, none of which evaluated the array: "+
	"give it to mx.eval with the rest of the loop's state", engine.GrowthLimit)

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
