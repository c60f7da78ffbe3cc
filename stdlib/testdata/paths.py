from pathlib import Path, PurePath
import os, tempfile, csv, io, statistics as st, glob, fnmatch, builtins, gc
def tried(f, *args, **kw):
    try: return f(*args, **kw)
    except Exception as e: return f"{type(e).__name__}: {e}"
p = Path("a/b") / "c.tar.gz"
print(p, repr(p), p.name, p.stem, p.suffix, p.suffixes, p.parent, p.parts, list(map(str, p.parents)), p.with_suffix(".x"), p.with_name("z"), p.is_absolute(), Path("/") / "x", "r" / Path("s"), Path(), Path("x//y/./z/"), Path("a") == Path("a/"), p.relative_to("a"), p.match("*.gz"), Path(".rc").suffix, Path("/a").root)
print(tried(lambda: Path("a") + "b"), tried(Path("a").relative_to, "b") is not None, tried(Path, 3), f"{Path('q')}", os.fspath(Path("w")), {Path("a"): 1}[Path("a")], sorted([Path("b"), Path("a")]))
d = Path("dir/sub"); d.mkdir(parents=True); d.mkdir(parents=True, exist_ok=True); print(tried(d.mkdir))
f = d / "t.txt"; print(f.write_text("héllo\nx"), f.read_text(), f.exists(), f.is_file(), d.is_dir(), f.stat().st_size, f.read_bytes()[:3])
(d / "u.py").touch(); print(sorted(q.name for q in d.iterdir()), sorted(str(q) for q in Path("dir").glob("**/*.txt")), [str(q) for q in Path("dir").rglob("*.py")], sorted(map(str, Path("dir").glob("*"))))
with f.open() as fh: print(fh.readline())
with open(f, "a") as fh: fh.write("!")
g = f.rename(d / "v.txt"); print(g, f.exists(), g.read_text()[-1]); g.unlink(); g.unlink(missing_ok=True); print(tried(g.unlink), tried(g.read_text))
print(isinstance(Path.cwd(), Path), Path("x").absolute() == Path.cwd() / "x", Path("dir/../dir").resolve() == Path.cwd().resolve() / "dir")
with tempfile.TemporaryDirectory() as td:
    print(os.path.isdir(td)); open(os.path.join(td, "x"), "w").close()
print(os.path.exists(td))
with tempfile.NamedTemporaryFile("w+", suffix=".txt") as tf:
    tf.write("abc"); tf.flush(); tf.seek(0); print(tf.read(), tf.name.endswith(".txt"), os.path.exists(tf.name))
print(os.path.exists(tf.name), sorted(glob.glob("dir/*/*.py")), glob.glob("dir/**/*.py", recursive=True), fnmatch.fnmatch("ab.c", "a[!x]*.c"), fnmatch.filter(["a", "b1"], "b?"))
s = io.StringIO(); w = csv.writer(s); w.writerow([1, "a,b", 'q"r', None, 2.5, "x\ny", ""]); w.writerows([["p"], [""]]); print(repr(s.getvalue()))
print(list(csv.reader(io.StringIO(s.getvalue(), newline=""))), list(csv.reader(["a;b", "'c;d';e"], delimiter=";", quotechar="'")), list(csv.reader(["a,\"b\"\"c\",d", "", "x"])))
print(list(csv.DictReader(["n,v", "a,1", "b", "c,2,3"])), list(csv.reader(["1,\"a\""], quoting=csv.QUOTE_NONNUMERIC)))
s = io.StringIO(); dw = csv.DictWriter(s, ["a", "b"], lineterminator="\n"); dw.writeheader(); dw.writerow({"a": 1, "b": 2}); dw.writerow({"a": 3}); print(repr(s.getvalue()), tried(dw.writerow, {"z": 1}))
print(st.mean([1, 2, 3, 4]), st.mean([1, 2, 3]), st.median([3, 1, 2]), st.median([1, 2, 3, 4]), st.mode("aab"), st.stdev([1, 2, 3, 4]), st.pvariance([1, 2, 3, 4]), st.fmean([1, 2]), st.quantiles([1, 2, 3, 4, 5]), tried(st.mean, []), st.harmonic_mean([40, 60]), st.multimode("aabb"), st.median_low([1, 2]))
print(builtins.sum([1, 2]), builtins.len is len, gc.collect() >= 0)
