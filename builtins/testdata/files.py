# Every format gives back what it was given.
x = mx.arange(6).reshape(2, 3)
mx.save("x", x.T)
assert mx.load("x.npy").tolist() == x.T.tolist()
mx.save("b.npy", mx.array([1.5], mx.bfloat16))
assert mx.load("b.npy").dtype == mx.bfloat16
mx.savez("z", x, mx.array(True), w=mx.ones(2))
d = mx.load("z.npz")
assert sorted(d) == ["arr_0", "arr_1", "w"] and d["arr_0"].tolist() == x.tolist()
mx.savez_compressed("zc.npz", a=x)
assert mx.load("zc.npz")["a"].tolist() == x.tolist()
mx.save_safetensors("s", {"x": x, "h": mx.array([0.5], mx.float16)}, {"k": "v"})
d, meta = mx.load("s.safetensors", return_metadata=True)
assert d["x"].tolist() == x.tolist() and d["h"].dtype == mx.float16 and meta == {"k": "v"}
mx.save_gguf("g", {"x": mx.ones((2, 2))}, {"n": mx.array([1, 2]), "s": "text", "l": ["a", "b"]})
d, meta = mx.load("g.gguf", return_metadata=True)
assert d["x"].tolist() == [[1, 1], [1, 1]] and meta["s"] == "text" and meta["l"] == ["a", "b"]
assert meta["n"].tolist() == [1, 2]
---
# differs: an array that MLX has not read yet changes with its file
# A path is loaded when an array is evaluated, of what it then leads to.
mx.save("big", mx.zeros((1000, 1000)))
before = mx.get_active_memory()
lazy = mx.load("big.npy")
assert mx.get_active_memory() == before
mx.eval(lazy)
assert mx.get_active_memory() >= before + 4000000
mx.save_safetensors("r", {"a": mx.arange(3), "b": mx.ones(2)})
d = mx.load("r.safetensors")
mx.save_safetensors("r", {"c": mx.zeros(7), "a": mx.arange(3) + 10})
assert d["a"].tolist() == [10, 11, 12]
---
d = mx.load("r.safetensors")
mx.save_safetensors("r", {"a": mx.zeros(5)})
mx.eval(d["a"]) ### "RuntimeError: load: r.safetensors: .*replaced after it was loaded"
---
# differs: MLX reads .npz and .gguf files at once
# So are archives, whose members may be deflated, and .gguf files.
w = mx.random.normal((256, 1024))
mx.savez("z", w=w)
mx.savez_compressed("zc", w=w)
mx.save_gguf("g", {"w": w})
mx.eval(w)
for name in ("z.npz", "zc.npz", "g.gguf"):
    before = mx.get_active_memory()
    d = mx.load(name)
    assert mx.get_active_memory() == before, name
    assert mx.array_equal(d["w"], w).item()
    assert mx.get_active_memory() >= before + w.nbytes, name
    del d
---
# Of these, an array is what the file held when it was loaded.
mx.savez("z", w=mx.arange(3))
mx.save_gguf("g", {"w": mx.ones(3)})
z, g = mx.load("z.npz"), mx.load("g.gguf")
mx.savez("z", w=mx.zeros(5))
mx.save_gguf("g", {"w": mx.zeros(5)})
assert z["w"].tolist() == [0, 1, 2] and g["w"].tolist() == [1, 1, 1]
---
# differs: MLX saves to no objects that only write
# File objects are Python's.
class Memory:
    def __init__(self):
        self.data = b""
        self.at = 0
    def write(self, data):
        self.data += data
    def read(self, n=-1):
        part = self.data[self.at:] if n < 0 else self.data[self.at:self.at + n]
        self.at += len(part)
        return part
f = Memory()
mx.save(f, mx.arange(3))
mx.save(f, mx.ones(2))
assert mx.load(f, format="npy").tolist() == [0, 1, 2]
assert mx.load(f, format="npy").tolist() == [1, 1]
g = Memory()
mx.savez(g, a=mx.arange(2))
assert mx.load(g, "npz")["a"].tolist() == [0, 1]
---
mx.load("none.npy") ### "RuntimeError: load: .*none.npy"
---
mx.load("none.npz") ### "ValueError: load"
---
mx.load("x.txt") ### "ValueError: load: unknown file format txt"
---
mx.load("x") ### "ValueError: load: could not infer file format"
---
mx.load("x.npy", return_metadata=True) ### "ValueError: load: metadata not supported for format npy"
---
mx.load(3) ### "ValueError: load: input must be a file-like object"
---
mx.savez("q", mx.arange(3), arr_0=mx.ones(2)) ### "ValueError: .*keyword arr_0"
---
mx.savez("q", [1, 2]) ### "RuntimeError: savez: arr_0 is list, want array"
---
mx.save("q", 3) ### "TypeError: save\\(\\): argument 'arr' must be array, not int"
---
mx.save_safetensors("q", {"a": mx.array([1.0], mx.float64)}) ### "RuntimeError: .*float64"
---
mx.save_safetensors("q", {"a": mx.ones(1)}, {"k": 1}) ### "ValueError: .*string keys and values"
---
mx.save_gguf("q", {"a": mx.array([1], mx.int64)}, {}) ### "RuntimeError: .*int64"
