"""Mocks and patches."""

import unittest
from unittest import mock
from unittest.mock import Mock, MagicMock, patch, call, ANY, sentinel, mock_open, PropertyMock
import os, json, math
m = Mock(return_value=3)
print(m(1, a=2), m.call_args, m.call_args[0], m.call_args.kwargs, m.called, m.call_count)
m.foo.bar(5); print(m.mock_calls, m.method_calls)
mm = MagicMock(); mm.__len__.return_value = 4
print(len(mm), list(mm), bool(mm), int(mm), 3 in mm)
mm.__getitem__.side_effect = lambda k: k * 2
print(mm[4], mm.mock_calls[-1])
with mm as x: print(x is mm.__enter__.return_value)
m.side_effect = [1, ValueError("no")]
print(m())
try: m()
except ValueError as e: print(e)
with patch("math.sqrt") as p:
    p.return_value = 9
    print(math.sqrt(4), p.call_args)
print(math.sqrt(4))
with patch.dict(os.environ, {"A_B": "1"}): print(os.environ["A_B"])
print("A_B" in os.environ)
with patch.object(json, "dumps", return_value="x") as d:
    print(json.dumps(1)); d.assert_called_once_with(1)
try: d.assert_called_with(2)
except AssertionError as e: print(e)
class C:
    def f(self, a): return a
    @property
    def p(self): return 1
with patch.object(C, "p", new_callable=PropertyMock) as pp:
    pp.return_value = 7; print(C().p)
print(C().p)
@patch("builtins.print")
@patch("math.floor", return_value=1)
def test(fl, pr):
    print("hidden"); assert math.floor(3.7) == 1
    return pr.call_args
print(test())
with patch("builtins.open", mock_open(read_data="a\nb\n")) as o:
    with open("x") as f: print(f.read())
    with open("x") as f: print(list(f))
print(o.mock_calls)
s = Mock(spec=C)
try: s.nothing
except AttributeError as e: print(e)
print(isinstance(s, C), call(1) == call(1), call.a.b(2), [call(1), call(2)])
m2 = Mock(); m2(1); m2(2); m2.assert_has_calls([call(1), call(2)]); m2.assert_any_call(2)
print(m2 == m2, repr(sentinel.x), ANY == 3)
m3 = MagicMock(name="nm"); print(str(m3).split(" id")[0], repr(m3.a.b()).split(" id")[0])
print(MagicMock(a=1, **{"b.return_value": 5}).b())

import math
from unittest.mock import MagicMock, patch


class Spec:
    x = 1


m = MagicMock(spec=Spec)
m.added = MagicMock(size=3)
m.plain = 5
print(m.added.size, m.plain, hasattr(m, "other"))
with patch("math.floor") as floor:
    floor.return_value = 7
    print(math.floor(1.5), floor.call_count)
print(math.floor(1.5))
import importlib

print(importlib.util.find_spec("json").name, importlib.machinery.__name__)
