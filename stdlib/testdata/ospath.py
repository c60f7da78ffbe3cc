import os, os.path
from os import path
import os.path as osp
cases = ["", "/", "a", "a/b", "/a/b.txt", "a/b/", "//x//y", ".bashrc", "a.tar.gz", "../x/./y/..", "...", "a/.b.c"]
for p in cases:
    print(repr(p), os.path.split(p), os.path.splitext(p), os.path.basename(p), osp.dirname(p), os.path.normpath(p), path.isabs(p))
print(os.path.join("a", "b", "/c", "d"), os.path.join("a/", "b"), os.path.join("", "x"), os.path.join("a", ""))
print(os.path.commonprefix(["/usr/lib", "/usr/local"]), os.path.commonpath(["/usr/lib", "/usr/local/x"]), os.path.relpath("/a/b/c", "/a/d"), os.path.relpath("x", "x/y"))
print(os.path.expanduser("~/x") == os.environ["HOME"] + "/x", os.sep, os.curdir, os.linesep == "\n", os.name, os.path is path)
os.environ["V_1"] = "val"
print(os.path.expandvars("$V_1/${V_1}/$NONE_X/$"), os.getenv("V_1"), os.getenv("NONE_X"), os.getenv("NONE_X", 3), "V_1" in os.environ)
del os.environ["V_1"]
print(os.environ.get("V_1"), os.path.abspath("x") == os.path.join(os.getcwd(), "x"))
class P:
    def __fspath__(self): return "q/r.s"
print(os.fspath(P()), os.path.basename(P()), os.path.join(P(), "t"))
for bad in (3, None):
    try:
        os.path.join(bad, "x")
    except TypeError as e:
        print(e)
