"""Windows, grids, bits, sliding windows, and dtypes of statistics."""

import numpy as np


def show(f):
    try:
        r = f()
    except Exception as e:
        print(type(e).__name__, str(e).split("\n")[0])
        return
    for x in r if isinstance(r, tuple) else (r,):
        x = np.asarray(x)
        print(x.dtype, x.shape, np.round(x, 6).tolist() if x.dtype.kind == "f" else x.tolist())


dtypes = [np.int8, np.uint8, np.int64, np.float16, np.float32, np.float64]
m = np.array([[1, 2, 3, 5], [4, 0, 7, 1]])
print("covariance")
for d in dtypes:
    x = m.astype(d)
    show(lambda: np.cov(x))
    show(lambda: np.corrcoef(x))
    show(lambda: np.cov(x[0], x[1], bias=True))
show(lambda: np.cov(m.astype(np.float32), dtype=np.float32))
show(lambda: np.cov(m, rowvar=False))
show(lambda: np.cov(m, fweights=[1, 2, 1, 3]))
show(lambda: np.cov(m, aweights=[0.1, 0.2, 0.3, 0.4]))
show(lambda: np.cov(m, fweights=[1, 2, 1, 3], aweights=[0.1, 0.2, 0.3, 0.4], ddof=0))
show(lambda: np.cov(m, fweights=[1, 2]))
show(lambda: np.cov(m, fweights=[1, 2, 1, 2.5]))
print("histograms")
values = np.array([0, 1, 1, 3, 2, 5, 8, 13])
for d in dtypes:
    x = values.astype(d)
    show(lambda: np.histogram(x))
    show(lambda: np.histogram(x, 4, (0, 10)))
    show(lambda: np.histogram(x, [0, 2, 20], weights=x))
    for rule in ("auto", "sqrt", "sturges", "rice", "scott", "fd"):
        show(lambda: np.histogram(x, rule))
show(lambda: np.histogram(np.array([True, False, True]), 2))
show(lambda: np.histogram(values, density=True))
show(lambda: np.histogram([]))
print("without nan")
for d in (np.float16, np.float32, np.float64):
    x = m.astype(d)
    x[0, 1] = np.nan
    for f in (np.nanmean, np.nanvar, np.nanstd, np.nansum, np.nanprod, np.nanmax, np.nanmin, np.nanmedian, np.nancumsum, np.nancumprod):
        show(lambda: f(x))
        show(lambda: f(x, axis=1))
    show(lambda: np.nanpercentile(x, 30, axis=0))
    show(lambda: np.nanquantile(x, [0.25, 0.5], axis=1))
    show(lambda: np.nanquantile(x, [0.25, 0.5], axis=1, keepdims=True))
    show(lambda: np.percentile(m.astype(d), [25, 75]))
    show(lambda: np.nanvar(x, axis=0, ddof=2))
show(lambda: np.nanmean(m))
show(lambda: np.nanvar(m, axis=0))
print("dtypes kept")
show(lambda: np.select([m > 2], [m.astype(np.float32)], 9))
show(lambda: np.select([m > 5, m > 2], [m.astype(np.int8), -m.astype(np.int8)]))
show(lambda: np.sinc(np.array([0, 0.5, 1], np.float16)))
show(lambda: np.modf(np.array([-1, 2], np.int8)))
show(lambda: np.modf(np.array([-1.5, 2.25, np.inf])))
show(lambda: np.vdot([True, False], [True, True]))
show(lambda: np.correlate([True, False, True], [True, True], "full"))
show(lambda: np.angle(np.array([True, False])))
show(lambda: np.ediff1d(np.array([True, False])))
print("windows")
for f in (np.hanning, np.hamming, np.blackman, np.bartlett):
    for n in (-1, 0, 1, 2, 5, 8):
        show(lambda: f(n))
show(lambda: np.kaiser(6, 14))
show(lambda: np.kaiser(1, 3))
show(lambda: np.i0([0.0, 1.0, -3.5, 20.0]))
show(lambda: np.i0(2))
print("grids")
show(lambda: np.mgrid[0:2, 0:3])
show(lambda: np.mgrid[0:5])
show(lambda: np.mgrid[-1:1:5j])
show(lambda: np.mgrid[-1:1:3j, 0:2])
show(lambda: np.mgrid[0:1:0.5, 0:3])
show(lambda: np.ogrid[0:2, 0:3])
show(lambda: np.ogrid[-1:1:3j, 0:2])
show(lambda: np.ogrid[1:4])
print(np.s_[1:3, ..., None], np.s_[2], np.index_exp[2], np.index_exp[1:2, 3])
print("bits")
bits = np.array([[1, 0, 1, 0, 0, 0, 0, 1, 1], [0, 1, 0, 2, 0, 0, 1, 0, 0]], dtype=np.uint8)
show(lambda: np.packbits(bits))
show(lambda: np.packbits(bits, axis=1))
show(lambda: np.packbits(bits, axis=0, bitorder="little"))
show(lambda: np.packbits(bits > 0, axis=-1))
show(lambda: np.packbits(np.ones(3)))
show(lambda: np.unpackbits(np.array([2, 255, 7], np.uint8)))
show(lambda: np.unpackbits(np.array([[2], [7]], np.uint8), axis=1, count=5))
show(lambda: np.unpackbits(np.array([[2], [7]], np.uint8), axis=1, count=-3, bitorder="little"))
show(lambda: np.unpackbits(np.array([2], np.uint8), count=10))
show(lambda: np.unpackbits(np.array([2])))
print("strides")
x = np.arange(12).reshape(3, 4)
v = np.lib.stride_tricks.sliding_window_view(x, (2, 3))
show(lambda: v)
show(lambda: np.lib.stride_tricks.sliding_window_view(x, 2, axis=1).sum(-1))
show(lambda: np.lib.stride_tricks.sliding_window_view(np.arange(6)[::2], 2))
show(lambda: np.lib.stride_tricks.sliding_window_view(x, (4, 1)))
show(lambda: np.lib.stride_tricks.sliding_window_view(x, 2))
from numpy.lib.stride_tricks import as_strided, sliding_window_view

show(lambda: as_strided(np.arange(6), (4, 3), (8, 8)))
w = sliding_window_view(x, 2, axis=0, writeable=True)
w[0, 0, 1] = 100
print(x[1, 0])
try:
    v[0, 0, 0, 0] = 1
except ValueError as e:
    print(e)
