"""Writes golden.json.gz: what MLX answers on a CPU, element by element.

Run with mlx 0.32 installed: python3 golden.py golden.json.gz
Arrays are the hexadecimal text of their bytes.
"""

import gzip
import json
import sys

import mlx.core as mx
import numpy as np

mx.set_default_device(mx.cpu)
inf, nan = float("inf"), float("nan")
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.5, 7.0, -7.25, 0.001, 60.0, -100.0, 0.9990234375, 1e-6, inf, -inf, nan]
SIGNED = [0, 1, 2, 3, -1, -2, -7, 31, 100, 127, -128]
UNSIGNED = [0, 1, 2, 3, 5, 31, 100, 127, 200, 255]
COMPLEX = [0j, 1 + 0j, 2j, -1 + 1j, 0.5 - 0.25j, 3 + 4j, -2.5 - 1j, 0.125j, 300 + 1j, -1e9 + 2j, 1e-20 - 3e-20j, complex(-60, -0.0)]
NAMES = "bool_ uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64".split()


def samples(name):
    if name == "bool_":
        return [True, False]
    if name.startswith("uint"):
        return UNSIGNED
    if name.startswith("int"):
        return SIGNED
    return COMPLEX if name == "complex64" else FLOATS


def pairs(v):
    """Each value with itself and three others."""
    y = v[:]
    for k in (1, 3, 7):
        y += v[k % len(v):] + v[:k % len(v)]
    return v * 4, y


def array(values, name):
    return mx.array(values, dtype=getattr(mx, name))


def text(a):
    mx.eval(a)
    if a.size == 0:
        return ""
    return np.array(mx.contiguous(a.reshape(-1)).view(mx.uint8)).tobytes().hex()


def name_of(a):
    return str(a.dtype).split(".")[-1]


UNARY = """abs negative sign exp expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh
arcsinh arccosh arctanh sqrt rsqrt square sigmoid erf erfinv floor ceil round trunc bitwise_invert logical_not conjugate real imag""".split()
BINARY = """add subtract multiply divide floor_divide remainder power maximum minimum arctan2 logaddexp equal not_equal
less less_equal greater greater_equal logical_and logical_or bitwise_and bitwise_or bitwise_xor left_shift right_shift""".split()
REDUCE = "sum prod max min all any logsumexp argmax argmin".split()


def main():
    out = []
    for op in UNARY:
        for n in NAMES:
            x = array(samples(n), n)
            try:
                y = getattr(mx, op)(x)
                out.append({"op": op, "in": [text(x)], "dtype": name_of(x), "answer": name_of(y), "out": text(y)})
            except (ValueError, RuntimeError):
                pass
    for op in BINARY:
        for n in NAMES:
            x, y = pairs(samples(n))
            if op in ("floor_divide", "remainder") and "int" in n:  # a zero divisor stops the process
                y = [b or 1 for b in y]
            if op == "power" and n == "complex64":  # 0 ** 0 is NaN there and 1 here, as in Python
                x = [a or 1j for a in x]
            x, y = array(x, n), array(y, n)
            if op in ("floor_divide", "remainder") and n == "bool_":
                continue
            try:
                z = getattr(mx, op)(x, y)
                out.append({"op": op, "in": [text(x), text(y)], "dtype": name_of(x), "answer": name_of(z), "out": text(z)})
            except (ValueError, RuntimeError):
                pass
    for n in NAMES:
        for m in NAMES:
            v = samples(n)
            if n.startswith("float") or n == "bfloat16":
                v = v + [3e9, -3e9, 1e20, -1e20, 300.5, -70000.0]
            if m == "uint32":  # what does not fit depends on the length of the array
                v = [a for a in v if isinstance(a, complex) or a == a and -6e4 < a < (65504 if n == "float16" else 4e9)]
            x = array(v, n)
            y = x.astype(getattr(mx, m))
            out.append({"op": "astype", "in": [text(x)], "dtype": name_of(x), "answer": name_of(y), "out": text(y)})
    for op in REDUCE:
        for n in NAMES:
            x = array([v for v in samples(n) if v == v], n)
            try:
                y = getattr(mx, op)(x)
                out.append({"op": op, "in": [text(x)], "dtype": name_of(x), "answer": name_of(y), "out": text(y)})
            except (ValueError, RuntimeError):
                pass
    x = array(FLOATS + [464.0, 465.0, 0.0009765625, 0.00147, 1.0625, 1.1875], "float32")
    out.append({"op": "to_fp8", "in": [text(x)], "dtype": "float32", "answer": "uint8", "out": text(mx.to_fp8(x))})
    c = mx.arange(256).astype(mx.uint8)
    for n in ("float32", "float16", "bfloat16"):
        out.append({"op": "from_fp8", "in": [text(c)], "dtype": "uint8", "answer": n, "out": text(mx.from_fp8(c, getattr(mx, n)))})
    with gzip.GzipFile(sys.argv[1], "wb", mtime=0) as f:
        f.write(json.dumps(out).encode())


main()
