"""Operations on files and trees of files."""

import errno
import os
from tempfile import _remove_tree

__all__ = ["Error", "copy", "copy2", "copyfile", "copyfileobj", "copytree", "get_terminal_size", "move", "rmtree", "which"]


class Error(OSError):
    pass


def copyfileobj(fsrc, fdst, length=1 << 20):
    """Copy what is left of an open file to another."""
    while True:
        chunk = fsrc.read(length)
        if not chunk:
            return
        fdst.write(chunk)


def copyfile(src, dst, *, follow_symlinks=True):
    """Copy a file's contents."""
    if os.path.exists(dst) and os.path.samefile(src, dst):
        raise Error(f"{src!r} and {dst!r} are the same file")
    with open(src, "rb") as fsrc:
        with open(dst, "wb") as fdst:
            copyfileobj(fsrc, fdst)
    return dst


def copy(src, dst, *, follow_symlinks=True):
    """Copy a file, to a path or into a directory, with its permissions."""
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    copyfile(src, dst)
    os.chmod(dst, os.stat(src).st_mode & 0o777)
    return dst


def copy2(src, dst, *, follow_symlinks=True):
    """Copy a file with its permissions and, where they can be set, its times."""
    dst = copy(src, dst)
    st = os.stat(src)
    try:
        os.utime(dst, (st.st_mtime, st.st_mtime))
    except PermissionError:
        pass
    return dst


def copytree(src, dst, symlinks=False, ignore=None, copy_function=copy2, ignore_dangling_symlinks=False, dirs_exist_ok=False):
    """Copy a tree."""
    names = os.listdir(src)
    left_out = set(ignore(src, names)) if ignore is not None else ()
    os.makedirs(dst, exist_ok=dirs_exist_ok)
    for name in names:
        if name in left_out:
            continue
        a, b = os.path.join(src, name), os.path.join(dst, name)
        if symlinks and os.path.islink(a):
            os.symlink(os.readlink(a), b)
        elif os.path.isdir(a):
            copytree(a, b, symlinks, ignore, copy_function, ignore_dangling_symlinks, dirs_exist_ok)
        else:
            copy_function(a, b)
    return dst


def rmtree(path, ignore_errors=False, onerror=None):
    """Remove a tree."""
    try:
        if not os.path.isdir(path):
            os.listdir(path)
        _remove_tree(path)
    except OSError:
        if not ignore_errors:
            raise


def move(src, dst, copy_function=copy2):
    """Move a file or a tree, to a path or into a directory."""
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(str(src).rstrip("/")))
    try:
        os.rename(src, dst)
    except OSError as e:
        if e.errno != errno.EXDEV:
            raise
        if os.path.isdir(src) and not os.path.islink(src):
            copytree(src, dst, symlinks=True, copy_function=copy_function)
            rmtree(src)
        else:
            copy_function(src, dst)
            os.remove(src)
    return dst


def get_terminal_size(fallback=(80, 24)):
    """The size of the terminal: by COLUMNS and LINES, by itself, or the fallback."""
    size = []
    for i, name in enumerate(("COLUMNS", "LINES")):
        try:
            n = int(os.environ[name])
        except (KeyError, ValueError):
            n = 0
        if n <= 0:
            try:
                n = os.get_terminal_size(1)[i]
            except OSError:
                n = fallback[i]
        size.append(n)
    return os.terminal_size(size)


def which(cmd, mode=os.F_OK | os.X_OK, path=None):
    """The file that a command's name stands for in the folders of PATH, or None."""
    if os.path.dirname(cmd):
        folders = [""]
    else:
        folders = (os.environ.get("PATH", os.defpath) if path is None else path).split(os.pathsep)
    for folder in folders:
        found = os.path.join(folder, cmd)
        if os.path.isfile(found) and os.access(found, mode):
            return found
    return None
