"""YAML, with what PyYAML 6 makes of it."""

import re

import yaml

for text in ("a: 1\nb: [1, 2.5, x]\nc: {d: yes, e: ~}", "- 1e-5\n- 1.0e-5\n- 0x1f\n- 017\n- 1_000\n- .inf\n- -.INF\n- 0b11\n- 190:20:30\n- '1'\n- \"a\\nb\"\n- 1e5", "x: &a [1, 2]\ny: *a\n",
             "base: &b {k: 1, l: 2}\nd:\n  <<: *b\n  l: 3\n", "|\n  lit\n   eral\n", ">\n  fol\n  ded\n\n  more\n", "a: 2001-12-14\nb: 2001-12-14t21:59:43.10-05:00\nc: 2001-12-15 2:59:43.10\n",
             "", "# only\n", "!!str 12", "!!set {a, b}", "a: null\nb: Null\nc: on\nd: OFF\ne: =", "? [1, 2]\n: x", "{a: 1, a: 2}", "- a\n-b", "a: b: c", "[1, 2", "a: *nope", "!foo 1", "'it''s'", "key: value # c",
             "- - 1\n  - 2\n- - 3", "a:\n- 1\n- 2\n", "---\na\n...\n", "a: !!binary aGVsbG8=\n", "%YAML 1.1\n---\na: 1"):
    try:
        made = yaml.safe_load(text)
        print(repr(made) if not isinstance(made, set) else sorted(made))
    except yaml.YAMLError as e:
        print(isinstance(e, yaml.YAMLError), repr(text))
d = yaml.safe_load("x: &a [1]\ny: *a")
print(d["x"] is d["y"], list(yaml.safe_load_all("a: 1\n---\nb\n---\n- c")))
loader = type("L", (yaml.SafeLoader,), {})
loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile("^[-+]?[0-9]+[eE][-+]?[0-9]+$"), list("-+0123456789."))
loader.add_constructor("!join", lambda l, n: "-".join(l.construct_sequence(n)))
print(yaml.load("a: 1e-5\nb: !join [x, y]", Loader=loader), yaml.safe_load("1e-5"))
shared = [1, 2]
text = "word " * 30
for value in ({"b": 1, "a": [1, 2, {"c": None}], "d": {"e": {}, "f": [], "g": ()}}, [True, 1.0, 1e-5, 1e20, float("inf"), "yes", "1", "null", "", " x", "x ", "a: b", "a #b", "- c", "it's", 'q"', "é", "tab\t", "a\nb", "~", "1.5", "2001-01-01"],
              {"x": shared, "y": shared}, "plain", 3, None, text, {"long": text, "k" * 10: ["v" * 90 + " z"]}, "multi\nline\ntext\n", {1: "a", (1, 2): "b"} and {1: "a"}, [[1, 2], [3, [4]]], {"a": "x" * 100},
              "@at", "%p", "a,b", "[x", "{", "key:", ":v", "?", "-", "!t", "&a", "*s", "|", ">", "'", "=", "<<", "0o17", "0x1", "1_0", "off", "No", ".5", "1:30", "\\", "a\\b", "\x07bell", "- ", "trail\n", "\n", "中文"):
    print(yaml.safe_dump(value), end="")
print(yaml.dump({"b": [1, 2], "a": "x"}, default_flow_style=True), end="")
print(yaml.dump({"b": [1, 2], "a": {"c": [3]}}, default_flow_style=None, sort_keys=False), end="")
print(yaml.dump({"k": ["é", {"z": 1}]}, indent=4, allow_unicode=True, explicit_start=True), end="")
print(yaml.dump([list(range(60))], default_flow_style=None), end="")
print(yaml.dump_all([1, {"a": 2}]), yaml.dump(("t", 1)), yaml.dump("a\nb\n", default_style="|"), yaml.dump({"a": "b"}, default_style='"'), end="")
try:
    yaml.safe_dump(object())
except yaml.YAMLError as e:
    print(type(e).__name__)
