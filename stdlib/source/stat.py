"""What the numbers of os.stat mean."""

ST_MODE, ST_INO, ST_DEV, ST_NLINK, ST_UID, ST_GID, ST_SIZE, ST_ATIME, ST_MTIME, ST_CTIME = range(10)
S_IFDIR, S_IFCHR, S_IFBLK, S_IFREG, S_IFIFO, S_IFLNK, S_IFSOCK = 0o040000, 0o020000, 0o060000, 0o100000, 0o010000, 0o120000, 0o140000
S_IFDOOR = S_IFPORT = S_IFWHT = 0
S_ISUID, S_ISGID, S_ENFMT, S_ISVTX = 0o4000, 0o2000, 0o2000, 0o1000
S_IREAD, S_IWRITE, S_IEXEC = 0o0400, 0o0200, 0o0100
S_IRWXU, S_IRUSR, S_IWUSR, S_IXUSR = 0o0700, 0o0400, 0o0200, 0o0100
S_IRWXG, S_IRGRP, S_IWGRP, S_IXGRP = 0o0070, 0o0040, 0o0020, 0o0010
S_IRWXO, S_IROTH, S_IWOTH, S_IXOTH = 0o0007, 0o0004, 0o0002, 0o0001
FILE_ATTRIBUTE_HIDDEN, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_SYSTEM, FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_REPARSE_POINT = 2, 1, 4, 16, 1024


def S_IMODE(mode):
    return mode & 0o7777


def S_IFMT(mode):
    return mode & 0o170000


def _kind(kind):
    """The question whether a mode is of the kind; no mode is of the kind 0."""
    return lambda mode: kind != 0 and S_IFMT(mode) == kind


S_ISREG, S_ISDIR, S_ISLNK = _kind(S_IFREG), _kind(S_IFDIR), _kind(S_IFLNK)
S_ISFIFO, S_ISSOCK, S_ISCHR, S_ISBLK = _kind(S_IFIFO), _kind(S_IFSOCK), _kind(S_IFCHR), _kind(S_IFBLK)
S_ISDOOR = _kind(S_IFDOOR)
S_ISPORT = S_ISWHT = S_ISDOOR


def filemode(mode):
    """The form that ls -l prints, such as -rw-r--r--."""
    out = {S_IFLNK: "l", S_IFSOCK: "s", S_IFREG: "-", S_IFBLK: "b", S_IFDIR: "d", S_IFCHR: "c", S_IFIFO: "p"}.get(S_IFMT(mode), "?")
    for shift, special, letters in ((6, S_ISUID, "sS"), (3, S_ISGID, "sS"), (0, S_ISVTX, "tT")):
        bits = mode >> shift & 7
        out += ("r" if bits & 4 else "-") + ("w" if bits & 2 else "-")
        if mode & special:
            out += letters[0] if bits & 1 else letters[1]
        else:
            out += "x" if bits & 1 else "-"
    return out
