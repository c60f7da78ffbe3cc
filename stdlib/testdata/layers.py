# Buffers and text over streams of one's own.
import io


class Raw(io.RawIOBase):
    def __init__(self, data=b"", step=7):
        self.data, self.at, self.step = bytearray(data), 0, step

    def readable(self):
        return True

    writable = seekable = readable

    def readinto(self, b):
        part = self.data[self.at:self.at + min(len(b), self.step)]
        b[:len(part)] = part
        self.at += len(part)
        return len(part)

    def write(self, b):
        b = bytes(b)[:self.step]
        self.data[self.at:self.at + len(b)] = b
        self.at += len(b)
        return len(b)

    def seek(self, pos, whence=0):
        self.at = pos + (0, self.at, len(self.data))[whence]
        return self.at

    def tell(self):
        return self.at


r = io.BufferedReader(Raw(b"one\ntwo\nthree and more\nlast", 5), 8)
print(r.read(2), r.tell(), r.readline(), r.peek(1)[:1], r.tell(), r.readline(3), r.readline(), r.seek(-4, 2), r.read(), r.read(), r.seek(0), list(r))
print(isinstance(r, io.BufferedReader), isinstance(r, io.IOBase), r.readable(), r.closed, type(r.raw).__name__)
b = bytearray(6)
print(r.seek(4), r.readinto(b), b, len(r.read1(2)))
w = io.BufferedWriter(raw := Raw(step=4), 6)
print(w.write(b"abc"), bytes(raw.data), w.tell(), w.write(b"defghij"), w.flush(), bytes(raw.data), w.seek(1), w.write(b"X"), w.close(), bytes(raw.data), w.closed, raw.closed)
x = io.BufferedRandom(Raw(b"0123456789"))
print(x.read(3), x.write(b"AB"), x.read(2), x.seek(0), x.read())
for call in (lambda: io.BufferedReader(Raw()).write(b"x"), lambda: w.write(b"x"), lambda: io.BufferedReader(Raw(), 0), lambda: io.BufferedWriter(Raw()).write("x")):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
t = io.TextIOWrapper(io.BytesIO("zeile\r\näöü€\n😀 ende".encode()), encoding="utf-8")
print(repr(t.read(3)), repr(t.readline()), repr(t.readline()), repr(t.read()), t.newlines, t.encoding, t.errors)
t = io.TextIOWrapper(io.BufferedReader(Raw("äöü€\r\n😀x\rlast".encode(), 1)), encoding="utf-8", newline="")
print([line for line in t])
t = io.TextIOWrapper(io.BytesIO(b"a\rb\r\nc"), newline="\r")
print(t.readlines(), isinstance(t, io.TextIOWrapper), isinstance(t, io.TextIOBase))
out = io.BytesIO()
t = io.TextIOWrapper(out, encoding="latin-1", newline="\r\n", write_through=True)
print(t.write("é\nz\n"), out.getvalue(), t.buffer is out)
t = io.TextIOWrapper(out2 := io.BytesIO(), line_buffering=True)
t.write("part")
print(out2.getvalue(), t.write(" whole\nmore"), out2.getvalue(), t.detach() is out2)
print("", file=(t := io.TextIOWrapper(io.BytesIO())), flush=True)
print(t.buffer.getvalue())
t = io.TextIOWrapper(io.BytesIO("abc\ndéf\nghi".encode()))
print(t.readline(), t.tell(), t.read(2), t.tell(), t.seek(4), t.readline(), t.seek(0, 2), t.read(), t.seek(0), t.read())


class Counting(io.TextIOWrapper):
    count = 0

    def write(self, s):
        self.count += len(s)
        return super().write(s)


c = Counting(io.BytesIO())
print("words", 1, file=c)
c.flush()
print(c.count, c.buffer.getvalue(), isinstance(c, io.TextIOWrapper))
with open("f.txt", "w") as f:
    print(isinstance(f, io.TextIOWrapper), isinstance(f, io.TextIOBase), isinstance(f, io.BufferedReader))
with open("f.txt", "rb") as f:
    print(isinstance(f, io.BufferedReader), isinstance(f, io.BufferedWriter))
    t = io.TextIOWrapper(f, encoding="ascii")
    print(repr(t.read()))
for call in (lambda: io.TextIOWrapper(io.BytesIO(), newline="x"), lambda: io.TextIOWrapper(io.BytesIO(), encoding="none"), lambda: io.TextIOWrapper(io.BytesIO(b"\xff\xfe"), "utf-8").read(),
             lambda: io.TextIOWrapper(io.BytesIO()).write(b"x"), lambda: io.TextIOWrapper(io.BytesIO(b"abc")).seek(1, 1), lambda: io.TextIOWrapper(io.BytesIO(b"\xff"), "utf-8", "replace").read()):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
