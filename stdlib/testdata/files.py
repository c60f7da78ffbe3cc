import os

def tried(f, *args, **kw):
    try:
        return f(*args, **kw)
    except Exception as e:
        return f"{type(e).__name__}: {e}"

os.makedirs("work/deep/er")
os.chdir("work")
print(os.path.basename(os.getcwd()), sorted(os.listdir()), os.path.isdir("deep"), os.path.isfile("deep"))
with open("a.txt", "w") as f:
    print(f.write("one\ntwo\n"), f.write("three"), f.tell(), f.closed, f.name, f.mode)
print(f.closed, os.path.getsize("a.txt"), tried(f.write, "x"), tried(f.read))
with open("a.txt") as f:
    print(f.readline(), f.readlines(), repr(f.read()), f.tell())
    f.seek(2)
    print(repr(f.read(3)), f.tell(), repr(f.read(1)))
for line in open("a.txt"):
    print(repr(line))
with open("a.txt", "a") as f:
    print("more", 1, 2, sep="-", end="!\n", file=f)
print(open("a.txt").read())
with open("a.txt", "r+") as f:
    f.seek(0, 2)
    f.write("END")
    f.seek(0)
    print(f.read())
open("dirty.txt", "w").write("not closed")
print(open("dirty.txt").read())
with open("bin", "wb") as f:
    f.write(b"\x00\xffabc\r\nx\ry\n")
with open("bin", "rb") as f:
    print(f.read(2), f.read(), f.seek(0), f.readline(), list(f))
with open("bin", "rb") as f:
    f.seek(-2, 2)
    print(f.read())
print(tried(lambda: open("bin").read()))
print(ascii(open("bin", encoding="latin-1").read()), ascii(open("bin", encoding="latin-1", newline="").read()), open("bin", errors="ignore").read().encode())
with open("nl", "w", newline="\r\n") as f:
    f.write("a\nb\n")
print(open("nl", "rb").read(), open("nl").read().encode(), open("nl", newline="").readlines())
with open("u", "w", encoding="utf-8") as f:
    print(f.write("héllo ∑\nñ"))
with open("u", encoding="utf-8") as f:
    print(f.read(2), f.read(5), f.readline(), f.read())
print(os.path.getsize("u"), tried(lambda: open("u", "w", encoding="ascii").write("é")))
print(tried(open, "missing.txt"), "|", tried(open, "deep"), "|", tried(open, "a.txt", "x"), "|", tried(open, "a.txt", "q"), "|", tried(open, "nodir/x", "w"))
print(tried(open, "a.txt", "rw"), tried(open, "a.txt", "rbt"), tried(open, "a.txt", "rb", encoding="utf-8"), tried(open, "a.txt", encoding="nope"))
with open("a.txt") as f:
    print(tried(f.write, "x"), f.readable(), f.writable(), f.seekable(), f.isatty(), f.encoding.lower())
with open("w.txt", "w") as f:
    print(tried(f.read), tried(f.write, 3), tried(f.write, b"x"))
    f.writelines(["a\n", "b\n"])
    f.truncate(3)
print(repr(open("w.txt").read()))
os.rename("w.txt", "v.txt")
print(os.path.exists("w.txt"), os.path.exists("v.txt"))
os.remove("v.txt")
print(tried(os.remove, "v.txt"), tried(os.mkdir, "deep"), tried(os.makedirs, "deep"), os.makedirs("deep", exist_ok=True), tried(os.rmdir, "deep"), tried(os.listdir, "zzz"))
print([(os.path.basename(d), sorted(s), sorted(f)) for d, s, f in os.walk(".")])
print(sorted(e.name for e in os.scandir(".") if e.is_file()))
st = os.stat("a.txt")
print(st.st_size, st.st_mtime > 0, type(st).__name__)
print(tried(os.stat, "none"))
os.removedirs("deep/er")
print(os.path.exists("deep"))
f = open("a.txt")
print(next(f), f.read(0) == "")
f.close()
print(tried(lambda: next(iter(f))), f)
