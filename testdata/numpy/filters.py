# Filters and resampling of signals, and files of waves, as SciPy has them.
import hashlib
import io

import numpy as np
from scipy import signal
from scipy.io import wavfile
r = np.random.RandomState(3)
x = r.randn(1001)


def show(n, a):
    print(n, a.dtype, a.shape, ["%.6g" % v for v in a.real.ravel()[:4]], "%.5g %.5g" % (np.abs(a).sum(), (np.abs(a) ** 2).sum()))


show("firwin", signal.firwin(33, 0.3)); show("firwin2", signal.firwin(33, [0.2,0.5], window=("kaiser", 8.0), pass_zero=False)); show("hp", signal.firwin(31, 0.4, pass_zero="highpass"))
for up, down in [(2,3),(160,441),(3,1),(1,4),(147,160)]:
    for pt in ["constant","edge","mean","reflect","symmetric", "wrap"]:
        show(f"poly {up} {down} {pt}", signal.resample_poly(x, up, down, padtype=pt))
show("poly2", signal.resample_poly(r.randn(50,3).astype(np.float32), 3, 2, axis=0)); show("poly3", signal.resample_poly(r.randn(3,50), 3, 2, axis=1, window=signal.firwin(61, 0.3)))
show("upfirdn", signal.upfirdn([1,2,3.], x, 3, 2))
for n in (100, 101, 1001, 2000, 2001): show(f"res{n}", signal.resample(x, n)); show(f"resc{n}", signal.resample(x + 1j*x[::-1], n)); show(f"rese{n}", signal.resample(x[:-1], n))
for m in ("full","same","valid"): show(m, signal.fftconvolve(x, x[:40], m)); show(m, signal.convolve(r.randn(20,9), r.randn(3,4), m)); show(m, signal.correlate(x, x[:77], m)); show(m, signal.convolve(x, x[:10], m))
show("med", signal.medfilt(x, 5)); show("med2", signal.medfilt(r.randn(4,20), [1,7]))
for w in ["hann","hamming","blackman","bartlett","boxcar",("kaiser",4.0),("gaussian",5.0),("tukey",0.3), 4.0]:
    show(str(w), signal.get_window(w, 16)); show(str(w), signal.get_window(w, 17, fftbins=False))
show("w", signal.windows.hann(9, sym=False))
for d in (np.int16, np.float32, np.uint8, np.int32):
    f = io.BytesIO()
    wavfile.write(f, 8000, (r.rand(30, 2) * 50 + 100).astype(d))
    print(hashlib.md5(f.getvalue()).hexdigest())
    f.seek(0)
    rate, back = wavfile.read(f)
    show(str(rate), back)
for call in (lambda: signal.firwin(10, 2.0), lambda: signal.firwin(10, 0.5, pass_zero=False), lambda: signal.get_window("none", 4), lambda: signal.get_window("kaiser", 4), lambda: signal.medfilt(x, 4),
             lambda: signal.fftconvolve(x, x.reshape(7, -1)), lambda: wavfile.read(io.BytesIO(b"x" * 40)), lambda: wavfile.write(io.BytesIO(), 1, np.zeros(3, complex)), lambda: signal.resample_poly(x, 0, 1)):
    try:
        print(call())
    except ValueError as e:
        print("ValueError")
