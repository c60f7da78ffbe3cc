"""Sound in WAV files."""

import io
import struct
import wave

b = io.BytesIO()
with wave.open(b, "wb") as w:
    w.setnchannels(2)
    w.setsampwidth(2)
    w.setframerate(16000)
    w.writeframes(struct.pack("<8h", *range(8)))
    w.writeframesraw(struct.pack("<4h", *range(4)))
    print(w.tell(), w.getnframes(), w.getnchannels())
data = b.getvalue()
print(len(data), data[:44], data[44:])
with wave.open(io.BytesIO(data)) as r:
    print(r.getparams(), r.readframes(2), r.tell(), r.readframes(100), r.readframes(1))
    r.setpos(1)
    print(r.readframes(1), r.getnchannels(), r.getsampwidth(), r.getframerate(), r.getcomptype(), r.getcompname())
    r.rewind()
    try:
        r.setpos(7)
    except wave.Error as e:
        print(e)
odd = data[:12] + b"LIST\x03\x00\x00\x00abc\x00" + data[12:]
print(wave.open(io.BytesIO(odd)).getparams())
for bad in (b"", b"RIFX0000WAVE", b"RIFF0000WAVX", data[:36], data[:20] + b"\x03" + data[21:], data[:12] + data[36:]):
    try:
        wave.open(io.BytesIO(bad))
        print("taken")
    except (wave.Error, EOFError) as e:
        print(type(e).__name__, e)
w = wave.open(io.BytesIO(), "wb")
for f in (lambda: w.setnchannels(0), lambda: w.setsampwidth(5), lambda: w.setframerate(0), lambda: w.writeframes(b"x"), lambda: w.getnchannels(), lambda: wave.open(b, "x")):
    try:
        f()
    except wave.Error as e:
        print(e)
w.setparams((1, 1, 8000, 0, "NONE", ""))
w.writeframes(b"\x80")
w.close()
