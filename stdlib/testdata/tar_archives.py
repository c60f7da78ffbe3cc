import hashlib
import io
import os
import tarfile

def entry(name, data=b"", **more):
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), 1700000000, 0o640
    for k, v in more.items():
        setattr(info, k, v)
    return info, io.BytesIO(data)

def made(format, names, mode="w", **options):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=format, **options) as t:
        for name, data, more in names:
            t.addfile(*entry(name, data, **more))
    return out.getvalue()

members = [("a.txt", b"hello\n" * 200, {}), ("dir", b"", {"type": tarfile.DIRTYPE, "mode": 0o755}), ("dir/b.bin", bytes(range(256)) * 5, {"uid": 1000, "uname": "me", "gname": "us"}),
           ("link", b"", {"type": tarfile.SYMTYPE, "linkname": "dir/b.bin"}), ("hard", b"", {"type": tarfile.LNKTYPE, "linkname": "a.txt"}), ("empty", b"", {})]
long = [("x" * 60 + "/" + "y" * 60, b"1", {}), ("z" * 180, b"22", {}), ("l", b"", {"type": tarfile.SYMTYPE, "linkname": "t" * 150})]
for format in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
    names = members if format == tarfile.USTAR_FORMAT else members + long + [("süß/ü.txt", b"utf", {}), ("late", b"", {"mtime": 1700000000.25})]
    data = made(format, names)
    print(format, len(data), hashlib.sha256(data).hexdigest())
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        for m in t:
            print(m.name[:40], len(m.name), m.size, oct(m.mode), m.mtime, m.type, m.linkname[:12], m.uid, m.uname, m.gname, m.isfile(), m.isdir(), m.issym(), m.islnk(), sorted(m.pax_headers))
        print(t.getnames()[:4], t.getmember("dir/b.bin").size, t.extractfile("hard").read(6), t.extractfile("link").read()[:4], t.extractfile("dir"))
        f = t.extractfile("a.txt")
        print(f.readline(), f.seek(600), f.read(7), f.tell(), len(f.read()))
packed = made(tarfile.PAX_FORMAT, members, "w:gz")
print(packed[:2], tarfile.open(fileobj=io.BytesIO(packed)).getnames(), tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz").extractfile("a.txt").read(5))
with tarfile.open(fileobj=io.BytesIO(packed), mode="r|gz") as t:
    print([(m.name, len(t.extractfile(m).read()) if m.isreg() else None) for m in t])

os.makedirs("src/inner")
for name, text in (("src/one.txt", "1"), ("src/inner/two.txt", "22")):
    with open(name, "w") as f:
        f.write(text)
    os.chmod(name, 0o640)
    os.utime(name, (1700000000, 1700000000))
with tarfile.open("made.tar.gz", "w:gz") as t:
    t.add("src", arcname="top")
    t.add("src/one.txt", filter=lambda m: None if m.name.endswith("two.txt") else m)
print(tarfile.is_tarfile("made.tar.gz"), tarfile.is_tarfile("src/one.txt"))
with tarfile.open("made.tar.gz") as t:
    print(t.getnames())
    t.extractall("out", filter="data")
    t.extract("top/one.txt", "single", filter="data")
for folder, _, files in sorted(os.walk("out")):
    for f in sorted(files):
        at = os.path.join(folder, f)
        print(at, open(at).read(), oct(os.stat(at).st_mode & 0o777), int(os.stat(at).st_mtime))
print(sorted(os.listdir("single/top")))
with tarfile.open("grown.tar", "w") as t:
    t.add("src/one.txt")
with tarfile.open("grown.tar", "a") as t:
    t.addfile(*entry("more", b"more"))
with tarfile.open("grown.tar") as t:
    print([(m.name, m.size) for m in t.getmembers()], t.extractfile("more").read(), os.path.getsize("grown.tar"))

for name, more in (("/abs", {}), ("../out", {}), ("ok", {"type": tarfile.SYMTYPE, "linkname": "/etc"}), ("ok", {"type": tarfile.SYMTYPE, "linkname": "../.."}),
                   ("pipe", {"type": tarfile.FIFOTYPE}), ("fine", {"mode": 0o7777})):
    info = entry(name, b"x", **more)[0]
    for filter in (tarfile.tar_filter, tarfile.data_filter):
        try:
            new = filter(info, "out")
            print(filter.__name__, new.name, new.mode if new.mode is None else oct(new.mode), new.uid)
        except tarfile.FilterError as e:
            print(filter.__name__, type(e).__name__, str(e).split(" to ")[0])
for call in (lambda: tarfile.open(fileobj=io.BytesIO(b"")), lambda: tarfile.open(fileobj=io.BytesIO(b"x" * 600)), lambda: tarfile.open(fileobj=io.BytesIO(packed[:30])).getnames(),
             lambda: tarfile.open("none.tar"), lambda: tarfile.open(), lambda: tarfile.open("made.tar.gz", "q"), lambda: tarfile.open("made.tar.gz", "r:zz"),
             lambda: tarfile.open("made.tar.gz").getmember("none"), lambda: tarfile.open("made.tar.gz", "r:").getnames()):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, str(e).splitlines()[0] if str(e) else "")
