package stdlib

import (
	"sort"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// utilsTable is mlx.utils: functions of trees, values made of lists, tuples and
// dicts whose other parts are leaves.
var utilsTable = []function{
	{"tree_map(fn: Callable, tree: Any, *rest: Any, is_leaf: Optional[Callable] = None) -> Any",
		"A tree of the same form whose leaves are fn of the tree's and of those at the same places of the rest.",
		func(c *call) (starlark.Value, error) {
			w := &treeWalk{call: c, fn: c.Arg(0), isLeaf: c.Arg(3)}
			return w.mapped(c.Arg(1), c.Rest, nil, 0)
		}},
	{"tree_map_with_path(fn: Callable, tree: Any, *rest: Any, is_leaf: Optional[Callable] = None, path: Optional[Any] = None) -> Any",
		"tree_map whose fn gets a leaf's path first: keys and indices joined by dots.",
		func(c *call) (starlark.Value, error) {
			w := &treeWalk{call: c, fn: c.Arg(0), isLeaf: c.Arg(3), withPath: true}
			return w.mapped(c.Arg(1), c.Rest, c.Arg(4), 0)
		}},
	{"tree_flatten(tree: Any, prefix: str = '', is_leaf: Optional[Callable] = None, destination: Union[List[Tuple[str, Any]], Dict[str, Any], None] = None) -> Union[List[Tuple[str, Any]], Dict[str, Any]]",
		"The leaves of a tree with their paths: a list of pairs, or a dict where destination is one. What destination holds stays.", treeFlatten},
	{"tree_unflatten(tree: Union[List[Tuple[str, Any]], Dict[str, Any]]) -> Any",
		"The tree of leaves with their paths. Keys that are all integers make a list, whose missing places hold {}.",
		func(c *call) (starlark.Value, error) { return treeUnflatten(c, c.Arg(0)) }},
	{"tree_reduce(fn, tree, initializer=None, is_leaf=None)",
		"The leaves of a tree folded by fn(accumulator, leaf), from the initializer or from the first leaf.",
		func(c *call) (starlark.Value, error) {
			w := &treeWalk{call: c, fn: c.Arg(0), isLeaf: c.Arg(3)}
			acc, err := w.reduce(c.Arg(1), given(c.Arg(2)), 0)
			if acc == nil {
				acc = starlark.None
			}
			return acc, err
		}},
	{"tree_merge(tree_a, tree_b, merge_fn=None)",
		"One tree of the parts of two. Merge_fn(a, b) decides where both have a leaf; without it that is an error.",
		func(c *call) (starlark.Value, error) { return treeMerge(c, c.Arg(0), c.Arg(1), given(c.Arg(2)), 0) }},
}

// Utils makes mlx.utils.
func Utils() starlark.Value {
	m := native.NewModule("mlx.utils", "Functions of trees: nested lists, tuples and dicts.")
	define(m, utilsTable)
	return m
}

// given is nil for an argument that is absent or None.
func given(v starlark.Value) starlark.Value {
	if v == starlark.None {
		return nil
	}
	return v
}

// deepest bounds the nesting of trees, so that one that contains itself ends in
// an exception.
const deepest = 1000

// treeWalk goes through a tree for one call.
type treeWalk struct {
	call     *call
	fn       starlark.Value
	isLeaf   starlark.Value // or nil
	withPath bool
}

// leaf asks is_leaf about a value.
func (w *treeWalk) leaf(v starlark.Value) (bool, error) {
	if given(w.isLeaf) == nil {
		return false, nil
	}
	answer, err := w.call.Invoke(w.isLeaf, v)
	if err != nil {
		return false, err
	}
	return object.Truth(w.call.Thread, answer)
}

// children lists the parts of a container with their keys; ok is false for a leaf.
func (w *treeWalk) children(v starlark.Value, depth int) (keys, items []starlark.Value, ok bool, err error) {
	if err := object.Steps(w.call.Thread, 1); err != nil {
		return nil, nil, false, err
	}
	if depth > deepest {
		return nil, nil, false, object.Errorf(object.RecursionError, "maximum recursion depth exceeded in a tree")
	}
	if isLeaf, err := w.leaf(v); err != nil || isLeaf {
		return nil, nil, false, err
	}
	keys, items, ok = parts(v)
	return keys, items, ok, nil
}

// parts lists what a list, a tuple or a dict holds, by key.
func parts(v starlark.Value) (keys, items []starlark.Value, ok bool) {
	if t, ok := object.AsTuple(v); ok {
		items = t
	} else if l, ok := object.AsList(v); ok {
		for i := range l.Len() {
			items = append(items, l.Index(i))
		}
	} else if d, ok := object.AsDict(v); ok {
		for _, kv := range d.Items() {
			keys, items = append(keys, kv[0]), append(items, kv[1])
		}
		return keys, items, true
	} else {
		return nil, nil, false
	}
	for i := range items {
		keys = append(keys, starlark.MakeInt(i))
	}
	return keys, items, true
}

// mapped is tree_map; a nil or None path is the root's.
func (w *treeWalk) mapped(v starlark.Value, rest []starlark.Value, path starlark.Value, depth int) (starlark.Value, error) {
	keys, items, ok, err := w.children(v, depth)
	if err != nil {
		return nil, err
	}
	if !ok {
		args := append([]starlark.Value{v}, rest...)
		if w.withPath {
			if path == nil {
				path = starlark.None
			}
			args = append([]starlark.Value{path}, args...)
		}
		return w.call.Invoke(w.fn, args...)
	}
	out := make([]starlark.Value, len(items))
	for i, item := range items {
		at := make([]starlark.Value, len(rest))
		for k, r := range rest {
			if at[k], err = object.GetItem(w.call.Thread, r, keys[i]); err != nil {
				return nil, err
			}
		}
		below := path
		if w.withPath {
			if below, err = w.below(path, keys[i]); err != nil {
				return nil, err
			}
		}
		if out[i], err = w.mapped(item, at, below, depth+1); err != nil {
			return nil, err
		}
	}
	return like(w.call, v, keys, out)
}

// below is the path of a part.
func (w *treeWalk) below(path, key starlark.Value) (starlark.Value, error) {
	k, err := object.Str(w.call.Thread, key)
	if err != nil || given(path) == nil {
		return starlark.String(k), err
	}
	p, err := object.Str(w.call.Thread, path)
	return starlark.String(p + "." + k), err
}

// like makes a container of v's kind: a plain dict, or v's own type of list or tuple.
func like(c *call, v starlark.Value, keys, items []starlark.Value) (starlark.Value, error) {
	if _, ok := object.AsDict(v); ok {
		d := starlark.NewDict(len(items))
		for i, k := range keys {
			if err := d.SetKey(k, items[i]); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	switch v.(type) {
	case *starlark.List:
		return starlark.NewList(items), nil
	case starlark.Tuple:
		return starlark.Tuple(items), nil
	}
	class := object.TypeOf(v)
	if _, named := class.Lookup("_fields"); named {
		return c.Invoke(class, items...)
	}
	return c.Invoke(class, starlark.NewList(items))
}

func (w *treeWalk) reduce(v, acc starlark.Value, depth int) (starlark.Value, error) {
	_, items, ok, err := w.children(v, depth)
	if err != nil {
		return nil, err
	}
	if !ok {
		if acc == nil {
			return v, nil
		}
		return w.call.Invoke(w.fn, acc, v)
	}
	for _, item := range items {
		if acc, err = w.reduce(item, acc, depth+1); err != nil {
			return nil, err
		}
	}
	return acc, nil
}

func treeFlatten(c *call) (starlark.Value, error) {
	prefix := ""
	if v := c.Arg(1); v != nil {
		var err error
		if prefix, err = object.Str(c.Thread, v); err != nil {
			return nil, err
		}
	}
	var add func(path string, leaf starlark.Value) error
	var out starlark.Value
	destination := given(c.Arg(3))
	if d, ok := object.AsDict(orNone(destination)); ok {
		out = destination
		add = func(path string, leaf starlark.Value) error { return d.SetKey(starlark.String(path), leaf) }
	} else if l, ok := object.AsList(orNone(destination)); ok || destination == nil {
		out = destination
		if destination == nil {
			l = starlark.NewList(nil)
			out = l
		}
		add = func(path string, leaf starlark.Value) error {
			return l.Append(starlark.Tuple{starlark.String(path), leaf})
		}
	} else {
		return nil, object.Errorf(object.ValueError, "tree_flatten: the destination is %s, want a list, a dict or None", object.TypeName(destination))
	}
	w := &treeWalk{call: c, isLeaf: c.Arg(2)}
	return out, w.flatten(c.Arg(0), prefix, add, 0)
}

func orNone(v starlark.Value) starlark.Value {
	if v == nil {
		return starlark.None
	}
	return v
}

// flatten gives every leaf to add; a path is written with a dot before each key.
func (w *treeWalk) flatten(v starlark.Value, path string, add func(path string, leaf starlark.Value) error, depth int) error {
	keys, items, ok, err := w.children(v, depth)
	if err != nil {
		return err
	}
	if !ok {
		_, size := firstRune(path)
		return add(path[size:], v)
	}
	for i, item := range items {
		key, err := object.Str(w.call.Thread, keys[i])
		if err != nil {
			return err
		}
		if err := w.flatten(item, path+"."+key, add, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// firstRune is the first character of a string and its length in bytes.
func firstRune(s string) (r rune, size int) {
	for i, c := range s {
		if i > 0 {
			return r, i
		}
		r = c
	}
	return r, len(s)
}

// pathed is a leaf with what is left of its path.
type pathed struct {
	path string
	leaf starlark.Value
}

func treeUnflatten(c *call, v starlark.Value) (starlark.Value, error) {
	keys, items, ok := parts(v)
	if !ok {
		return nil, object.Errorf(object.TypeError, "tree_unflatten: got %s, want a list of pairs or a dict", object.TypeName(v))
	}
	_, isDict := object.AsDict(v)
	leaves := make([]pathed, len(items))
	for i, item := range items {
		key, leaf := keys[i], item
		if !isDict {
			_, pair, ok := parts(item)
			if !ok || len(pair) != 2 {
				return nil, object.Errorf(object.TypeError, "tree_unflatten: item %d is %s, want a pair of a path and a leaf", i, object.TypeName(item))
			}
			key, leaf = pair[0], pair[1]
		}
		path, ok := starlark.AsString(key)
		if !ok {
			return nil, object.Errorf(object.TypeError, "tree_unflatten: a path is %s, want str", object.TypeName(key))
		}
		leaves[i] = pathed{path, leaf}
	}
	return unflatten(leaves, 0)
}

func unflatten(leaves []pathed, depth int) (starlark.Value, error) {
	if len(leaves) == 1 && leaves[0].path == "" {
		return leaves[0].leaf, nil
	}
	if depth > deepest {
		return nil, object.Errorf(object.RecursionError, "maximum recursion depth exceeded: a path of the leaves is repeated")
	}
	below := map[string][]pathed{}
	var order []string
	for _, l := range leaves {
		key, path, _ := strings.Cut(l.path, ".")
		if below[key] == nil {
			order = append(order, key)
		}
		below[key] = append(below[key], pathed{path, l.leaf})
	}
	if places, ok := listPlaces(order); ok {
		var items []starlark.Value
		for _, p := range places {
			for len(items) < p.at {
				items = append(items, new(starlark.Dict))
			}
			item, err := unflatten(below[p.key], depth+1)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return starlark.NewList(items), nil
	}
	d := starlark.NewDict(len(order))
	for _, key := range order {
		item, err := unflatten(below[key], depth+1)
		if err != nil {
			return nil, err
		}
		if err := d.SetKey(starlark.String(key), item); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// longestList bounds the list that a path's index makes, which a hostile path
// could make as large as it likes.
const longestList = 1 << 24

type place struct {
	at  int
	key string
}

// listPlaces reads keys as the indices of a list; ok is false where one is no
// integer or two are the same one.
func listPlaces(keys []string) (places []place, ok bool) {
	seen := map[int]bool{}
	for _, key := range keys {
		at, err := strconv.Atoi(strings.TrimSpace(key))
		if err != nil || seen[at] || at > longestList {
			return nil, false
		}
		seen[at] = true
		places = append(places, place{at, key})
	}
	sort.Slice(places, func(i, k int) bool { return places[i].at < places[k].at })
	return places, true
}

// treeMerge merges b into a; what is None or an empty container gives way.
func treeMerge(c *call, a, b, fn starlark.Value, depth int) (starlark.Value, error) {
	if depth > deepest {
		return nil, object.Errorf(object.RecursionError, "maximum recursion depth exceeded in a tree")
	}
	ak, ai, aok := parts(a)
	bk, bi, bok := parts(b)
	aEmpty, bEmpty := aok && len(ai) == 0, bok && len(bi) == 0
	switch {
	case aEmpty && bEmpty && a.Type() != b.Type():
		return nil, object.Errorf(object.ValueError, "tree_merge: cannot merge %s with %s", a.Type(), b.Type())
	case aEmpty && bEmpty:
		return like(c, a, nil, nil)
	}
	if aEmpty {
		a, aok = starlark.None, false
	}
	if bEmpty {
		b, bok = starlark.None, false
	}
	switch {
	case a == starlark.None && b != starlark.None:
		return b, nil
	case b == starlark.None && a != starlark.None:
		return a, nil
	}
	_, aDict := object.AsDict(a)
	_, bDict := object.AsDict(b)
	switch {
	case aDict && bDict:
		return mergeDicts(c, ak, ai, bk, bi, fn, depth)
	case aok && bok && !aDict && !bDict:
		out := make([]starlark.Value, max(len(ai), len(bi)))
		for i := range out {
			x, y := starlark.Value(starlark.None), starlark.Value(starlark.None)
			if i < len(ai) {
				x = ai[i]
			}
			if i < len(bi) {
				y = bi[i]
			}
			var err error
			if out[i], err = treeMerge(c, x, y, fn, depth+1); err != nil {
				return nil, err
			}
		}
		return like(c, a, nil, out)
	case fn == nil:
		return nil, object.Errorf(object.ValueError, "tree_merge: both trees have a leaf at one place, and there is no merge function")
	}
	return c.Invoke(fn, a, b)
}

// mergeDicts merges dicts: b's keys come first, then those of a alone. What one does not
// have is None.
func mergeDicts(c *call, ak, ai, bk, bi []starlark.Value, fn starlark.Value, depth int) (starlark.Value, error) {
	out, own := starlark.NewDict(len(ak)+len(bk)), starlark.NewDict(len(ak))
	for i, k := range ak {
		if err := own.SetKey(k, ai[i]); err != nil {
			return nil, err
		}
	}
	for i, k := range bk {
		x, found, err := own.Get(k)
		if err == nil && !found {
			x = starlark.None
		}
		var v starlark.Value
		if err == nil {
			v, err = treeMerge(c, x, bi[i], fn, depth+1)
		}
		if err == nil {
			err = out.SetKey(k, v)
		}
		if err != nil {
			return nil, err
		}
	}
	for i, k := range ak {
		if _, found, err := out.Get(k); err != nil || found {
			continue
		}
		v, err := treeMerge(c, ai[i], starlark.None, fn, depth+1)
		if err == nil {
			err = out.SetKey(k, v)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
