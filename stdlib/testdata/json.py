import json, io
def tried(f, *args, **kw):
    try: return f(*args, **kw)
    except Exception as e: return f"{type(e).__name__}: {e}"
data = {"a": [1, 2.5, None, True, False], "b": {"c": "é\n\"\\/\u2028😀\x7f\x01"}, "e": {}, "l": [], "t": (1, 2), 3: 4, None: 5, True: 6, 1.5: 7}
print(json.dumps(data)); print(json.dumps(data, ensure_ascii=False)); print(json.dumps(data, indent=2)); print(json.dumps([1, [2, []]], indent="\t"))
print(json.dumps({"b": 1, "a": 2}, sort_keys=True, separators=(",", ":")), json.dumps([1, 2], indent=0), json.dumps("x"), json.dumps(1e100), json.dumps(1e16), json.dumps(0.1), json.dumps(10**30))
print(json.dumps([float("nan"), float("inf"), -float("inf")]), tried(json.dumps, float("nan"), allow_nan=False))
print(tried(json.dumps, object()), tried(json.dumps, {(1, 2): 3}), json.dumps({(1, 2): 3, "a": 1}, skipkeys=True), tried(json.dumps, {1, 2}), tried(json.dumps, [b"x"]))
loop = []; loop.append(loop); print(tried(json.dumps, loop))
print(json.dumps({"s": {1, 2}}, default=lambda o: sorted(o)), json.dumps([{3}], default=list, indent=1))
class E(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, complex): return [o.real, o.imag]
        return super().default(o)
print(json.dumps([2 + 1j], cls=E), tried(json.dumps, object(), cls=E))
for text in ['{"a": [1, 2.0, -3e2, null, true]}', ' [1 , "\\u00e9\\ud83d\\ude00\\n"] ', '"x"', "12", "-0", "-0.0", "1E5", "NaN", "-Infinity", '{"a": 1, "a": 2}', "[]", "{}", "123456789012345678901234567890"]:
    print(repr(json.loads(text)))
for text in ["", "  ", "[1,]", "[1 2]", "{", '{"a"}', '{"a":}', "{a: 1}", '{"a": 1,}', '"abc', '"a\nb"', '"\\x"', '"\\u12"', "nul", "1 2", "[1", "01", "-", "é", '{"é": x}', "[1,\n2,\nx]", "'a'", '{"a": 1 "b": 2}', "[", "1.", "tru"]:
    print(repr(text), tried(json.loads, text))
try: json.loads("[1,\n x]")
except json.JSONDecodeError as e: print(e.msg, e.pos, e.lineno, e.colno, e.doc == "[1,\n x]", isinstance(e, ValueError))
print(json.loads('{"a": {"b": 1}}', object_hook=lambda d: sorted(d)), json.loads('{"a": 1, "b": 2}', object_pairs_hook=list), json.loads("[1.5, 2]", parse_float=str, parse_int=lambda s: int(s) * 2))
print(json.loads(b'{"a": 1}'), tried(json.loads, 3), json.JSONDecoder().raw_decode('[1] tail'))
f = io.StringIO(); json.dump({"a": 1}, f, indent=2); print(f.getvalue()); f.seek(0); print(json.load(f))
class D(dict): pass
class S(str): pass
class I(int): pass
print(json.dumps([D(a=1), S("s"), I(3)]))
