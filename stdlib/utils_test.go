package stdlib

import (
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// utilsScripts hold for MLX's own module as well; the error, if any, is a part
// of the exception's text.
var utilsScripts = []struct{ src, fails string }{
	{`
tree = {"a": 1, "b": [2, (3, {"c": 4})]}
flat = u.tree_flatten(tree)
assert flat == [("a", 1), ("b.0", 2), ("b.1.0", 3), ("b.1.1.c", 4)]
assert u.tree_unflatten(flat) == {"a": 1, "b": [2, [3, {"c": 4}]]}
assert u.tree_unflatten(u.tree_flatten(tree, destination={})) == {"a": 1, "b": [2, [3, {"c": 4}]]}
assert u.tree_flatten(5) == [("", 5)] and u.tree_unflatten([("", 5)]) == 5
assert u.tree_flatten([[0]], prefix=".x") == [("x.0.0", 0)] and u.tree_flatten({"a": [], "b": {}}) == []
assert u.tree_flatten({"a": [1, 2]}, is_leaf=lambda x: isinstance(x, list)) == [("a", [1, 2])]
d = {"z": 0}
assert u.tree_flatten({"a": 1}, destination=d) is d and d == {"z": 0, "a": 1}
`, ""},
	{`
assert u.tree_unflatten([]) == [] and u.tree_unflatten([("0", 1), ("2", 3)]) == [1, {}, 3]
assert u.tree_unflatten([("01", 1), ("1", 3)]) == {"01": 1, "1": 3}
assert u.tree_unflatten([("b.1", 1), ("b.0", 3)]) == {"b": [3, 1]}
assert u.tree_unflatten([("a", 1), ("a.b", 3)]) == {"a": {"": 1, "b": 3}}
`, ""},
	{`
assert u.tree_map(lambda x, y: x + y, {"a": 1, "b": [2, (3,)]}, {"a": 10, "b": [20, (30,)]}) == {"a": 11, "b": [22, (33,)]}
assert u.tree_map(lambda x: len(x), [[1, 2], [3]], is_leaf=lambda x: isinstance(x, list) and isinstance(x[0], int)) == [2, 1]
assert u.tree_map_with_path(lambda p, x: (p, x), {"a": 1, "b": [2]}) == {"a": ("a", 1), "b": [("b.0", 2)]}
assert u.tree_map_with_path(lambda p, x: (p, x), 5) == (None, 5)
assert u.tree_map_with_path(lambda p, x, y: (p, x, y), {"a": 1}, {"a": 2}, path="q") == {"a": ("q.a", 1, 2)}
class L(list):
    pass
assert type(u.tree_map(lambda x: x + 1, L([1]))) is L
class D(dict):
    pass
assert type(u.tree_map(lambda x: x + 1, D(a=1))) is dict
`, ""},
	{`
assert u.tree_reduce(lambda a, x: a + x, {"a": 1, "b": [2, 3]}) == 6 and u.tree_reduce(lambda a, x: a + x, [1], 5) == 6
assert u.tree_reduce(lambda a, x: a + x, []) is None
assert u.tree_merge({"a": 1}, {"b": 2}) == {"b": 2, "a": 1} and u.tree_merge({"a": None}, {"a": 2}) == {"a": 2}
assert u.tree_merge((1,), (3, 4), lambda a, b: a * 10 + b) == (13, 4)
assert u.tree_merge({"a": {}}, {"a": {"b": 2}}) == {"a": {"b": 2}}
`, ""},
	{`u.tree_merge({"a": 1}, {"a": 2})`, "ValueError"},
	{`u.tree_merge({"a": []}, {"b": 2})`, "ValueError"},
	{`u.tree_merge([None], [None])`, "ValueError"},
	{`u.tree_flatten({"a": 1}, destination=())`, "ValueError"},
	{`u.tree_map(lambda x, y: x, [1, 2], [1])`, "IndexError"},
	{`u.tree_map(lambda x, y: x, {"a": 1}, {})`, "KeyError"},
	{`u.tree_unflatten([5])`, "TypeError"},
	{`u.tree_unflatten([("a", 1), ("a", 2)])`, "RecursionError"},
	{"a = []\na.append(a)\nu.tree_map(lambda x: x, a)", "RecursionError"},
}

func TestUtils(t *testing.T) {
	for _, s := range utilsScripts {
		prog, err := dialect.Compile("utils.py", []byte(s.src), dialect.ModeFile)
		if err != nil {
			t.Fatal(err)
		}
		m := dialect.NewModule("__main__", "", object.Builtins())
		m.Set("u", Utils())
		_, err = prog.Run(&starlark.Thread{Name: "utils"}, m)
		switch {
		case s.fails == "" && err != nil:
			t.Errorf("%s", dialect.Traceback(err, func(string) ([]byte, bool) { return []byte(s.src), true }))
		case s.fails != "" && (err == nil || !strings.Contains(err.Error(), s.fails)):
			t.Errorf("%s: %v, want %s", s.src, err, s.fails)
		}
	}
}
