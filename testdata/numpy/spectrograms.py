# Windows, filters of mels and spectrograms, as transformers has them.
import numpy as np
from transformers import audio_utils as a


def show(n, x):
    x = np.where(np.abs(x) < 1e-12, 0, x)
    print(n, x.dtype, x.shape, ["%.5g" % v for v in x.real.ravel()[-4:]], "%.5g" % np.abs(x).sum())


r = np.random.RandomState(0); x = r.randn(4000)
for ms in ("htk","slaney","kaldi"):
    for norm in (None, "slaney"):
        for tri in (False, True):
            show(f"{ms}{norm}{tri}", a.mel_filter_bank(201, 40, 0.0, 8000.0, 16000, norm, ms, tri))
    print(a.hertz_to_mel(440.0, ms), a.mel_to_hertz(20.0, ms)); show("h", a.hertz_to_mel(np.array([10.,2000.]), ms)); show("h", a.mel_to_hertz(np.array([10.,20.]), ms))
for n in ("hann","hamming","povey","boxcar"):
    for p in (True, False): show(n, a.window_function(400, n, periodic=p)); show(n, a.window_function(400, n, periodic=p, frame_length=512)); show(n, a.window_function(400, n, frame_length=512, center=False))
w = a.window_function(400); m = a.mel_filter_bank(201, 40, 0.0, 8000.0, 16000, "slaney", "slaney")
show("s", a.spectrogram(x, w, 400, 160)); show("s", a.spectrogram(x, w, 400, 160, power=2.0, mel_filters=m, log_mel="log10")); show("s", a.spectrogram(x, w, 400, 160, power=2.0, mel_filters=m, log_mel="dB", db_range=80.0)); show("s", a.spectrogram(x, w, 400, 160, power=None)); show("s", a.spectrogram(x, w, 400, 160, fft_length=512, preemphasis=0.97, remove_dc_offset=True, center=False)); show("s", a.spectrogram(x, w, 400, 160, onesided=False, power=1.0, log_mel="dB"))
show("p", a.power_to_db(np.abs(x)+1e-3, db_range=20.0)); show("p", a.amplitude_to_db(np.abs(x)))
