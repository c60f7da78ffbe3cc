import gzip, os, io
with gzip.open("a.gz", "wt", encoding="utf-8") as f:
    print(f.write("one\ntwé\n"))
with gzip.open("a.gz", "rt", encoding="utf-8") as f:
    print([line for line in f])
with gzip.open("a.gz") as f:
    print(f.read(2), f.readline(), f.read(), f.seek(0), f.read(1))
with open("a.gz", "rb") as f:
    raw = f.read()
print(raw[:2], gzip.decompress(raw))
print(gzip.decompress(gzip.compress(b"x" * 1000)) == b"x" * 1000, len(gzip.compress(b"x" * 1000)) < 100)
with gzip.open("b.gz", "wb") as f: f.write(b"bin"); f.write(b"ary")
print(gzip.open("b.gz", "rb").read(), gzip.open("b.gz", "rt").read())
with gzip.open("b.gz", "ab") as f: f.write(b"+more")
print(gzip.open("b.gz").read())
def tried(f, *args):
    try: return f(*args)
    except Exception as e: return f"{type(e).__name__}"
open("c.gz", "wb").write(b"not gzip at all")
print(tried(lambda: gzip.open("c.gz").read()), tried(gzip.open, "none.gz"), tried(gzip.decompress, b"nope nope nope"), tried(gzip.decompress, raw[:-9]))
print(gzip.GzipFile(fileobj=io.BytesIO(raw)).read())
