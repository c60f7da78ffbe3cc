"""Names of os that are classes, or streams by their descriptors."""

import os, pathlib, sys

print(isinstance(pathlib.Path("a"), os.PathLike), isinstance("a", os.PathLike), issubclass(pathlib.PurePath, os.PathLike))


class P(os.PathLike):
    def __fspath__(self):
        return "x/y"


print(os.fspath(P()), os.path.basename(P()), sys.stdout.fileno(), sys.stdin.fileno())
out = os.fdopen(sys.stdout.fileno(), "w", buffering=1)
out.write("written\n")
try:
    os.fdopen(77)
except OSError as e:
    print(e.errno)
