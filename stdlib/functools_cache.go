package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// results are what a cached function remembers, the most recently used last.
type results struct {
	fn           starlark.Value
	most         int // how many are remembered, or -1 for all
	typed        bool
	table        *starlark.Dict
	hits, misses int
}

var (
	_ starlark.Value      = (*results)(nil)
	_ object.HasType      = (*results)(nil)
	_ object.HasReferents = (*results)(nil)

	resultsType = object.NewGoType("_functools", "Results", "What a cached function remembers.", nil)
)

func (r *results) String() string        { return "<_functools.Results object>" }
func (r *results) Type() string          { return "Results" }
func (r *results) Freeze()               {}
func (r *results) Truth() starlark.Bool  { return true }
func (r *results) Hash() (uint32, error) { return 0, nil }
func (r *results) PyType() *object.Type  { return resultsType }

// Referents yields the function and what it gave.
func (r *results) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("function"), r.fn)
	yield(starlark.String("results"), r.table)
}

// key is what the arguments of a call are remembered under.
func (r *results) key(args starlark.Tuple, kwargs []starlark.Tuple) starlark.Value {
	if len(kwargs) == 0 && !r.typed {
		if len(args) == 1 {
			switch args[0].(type) {
			case starlark.Int, starlark.String:
				return args[0]
			}
		}
		return args
	}
	named := make(starlark.Tuple, len(kwargs))
	for i, kv := range kwargs {
		named[i] = kv
	}
	key := starlark.Tuple{args, named}
	if r.typed {
		for _, v := range args {
			key = append(key, object.TypeOf(v))
		}
		for _, kv := range kwargs {
			key = append(key, object.TypeOf(kv[1]))
		}
	}
	return key
}

func (r *results) call(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	key := r.key(args, kwargs)
	v, found, err := object.DictGet(thread, r.table, key)
	if err != nil {
		return nil, err
	}
	if found {
		r.hits++
		if r.most >= 0 {
			if _, err := object.DictDelete(thread, r.table, key); err != nil {
				return nil, err
			}
			err = object.DictSet(thread, r.table, key, v)
		}
		return v, err
	}
	r.misses++
	if v, err = object.Call(thread, r.fn, args, kwargs); err != nil || r.most == 0 {
		return v, err
	}
	if err := object.DictSet(thread, r.table, key, v); err != nil {
		return nil, err
	}
	if r.most >= 0 && r.table.Len() > r.most {
		it := r.table.Iterate()
		var oldest starlark.Value
		it.Next(&oldest)
		it.Done()
		if _, err := object.DictDelete(thread, r.table, oldest); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// resultsName is the attribute of a cached function that has its results.
const resultsName = "_results"

// callCached is the method __call__ of cached functions.
var callCached = object.NewMethod("__call__", "", func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if i, ok := self.(*object.Instance); ok {
		if v, _ := i.Attrs().Get(resultsName); v != nil {
			if r, ok := v.(*results); ok {
				return r.call(thread, args, kwargs)
			}
		}
	}
	return nil, object.Errorf(object.TypeError, "'%s' object has no results", object.TypeName(self))
})

// callPartial is the method __call__ of partial: its attributes are the function, and the
// arguments that come first.
var callPartial = object.NewMethod("__call__", "", func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	fn, err := object.GetAttr(thread, self, "func")
	if err != nil {
		return nil, err
	}
	first, err := object.GetAttr(thread, self, "args")
	if err != nil {
		return nil, err
	}
	keywords, err := object.GetAttr(thread, self, "keywords")
	if err != nil {
		return nil, err
	}
	before, ok := object.AsTuple(first)
	named, ok2 := object.AsDict(keywords)
	if !ok || !ok2 {
		return nil, object.Errorf(object.TypeError, "partial: args must be a tuple, and keywords a dict")
	}
	full := append(append(make(starlark.Tuple, 0, len(before)+len(args)), before...), args...)
	if named.Len() > 0 {
		merged := starlark.NewDict(named.Len() + len(kwargs))
		for _, kv := range append(named.Items(), kwargs...) {
			if err := merged.SetKey(kv[0], kv[1]); err != nil {
				return nil, err
			}
		}
		kwargs = merged.Items()
	}
	return object.Call(thread, fn, full, kwargs)
})

func init() {
	defineMethods(resultsType, []method[*results]{
		{"info()", "Hits, misses, the most there may be, and how many there are.", func(r *results, _ *call) (starlark.Value, error) {
			most := starlark.Value(starlark.None)
			if r.most >= 0 {
				most = starlark.MakeInt(r.most)
			}
			return starlark.Tuple{starlark.MakeInt(r.hits), starlark.MakeInt(r.misses), most, starlark.MakeInt(r.table.Len())}, nil
		}},
		{"clear()", "Forget all results.", func(r *results, _ *call) (starlark.Value, error) {
			r.hits, r.misses = 0, 0
			return nil, r.table.Clear()
		}},
	})
}

// cacheFunctions are what functools caches with.
var cacheFunctions = []function{
	{"results(function, maxsize, typed, /)", "The results of a function, at most so many or, for None, all.", func(c *call) (starlark.Value, error) {
		r := &results{fn: c.Arg(0), most: -1, typed: c.BoolOr(2, false), table: new(starlark.Dict)}
		if c.Given(1) {
			r.most = max(c.Int(1), 0)
		}
		return r, nil
	}},
}

// addCaches adds to the module what caching takes.
func addCaches(mod *native.Module) {
	define(mod, cacheFunctions)
	mod.Members["call_cached"], mod.Members["call_partial"] = callCached, callPartial
}
