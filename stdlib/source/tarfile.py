"""TAR archives, also compressed ones."""

import copy as _copy
import io as _io
import os as _os
import stat as _stat
import time as _time
from _tarheader import (
    NUL, BLOCKSIZE, RECORDSIZE, GNU_MAGIC, POSIX_MAGIC, LENGTH_NAME, LENGTH_LINK, LENGTH_PREFIX, REGTYPE, AREGTYPE, LNKTYPE, SYMTYPE,
    CHRTYPE, BLKTYPE, DIRTYPE, FIFOTYPE, CONTTYPE, GNUTYPE_LONGNAME, GNUTYPE_LONGLINK, GNUTYPE_SPARSE, XHDTYPE, XGLTYPE, SOLARIS_XHDTYPE,
    USTAR_FORMAT, GNU_FORMAT, PAX_FORMAT, DEFAULT_FORMAT, ENCODING, REGULAR_TYPES, ReadError, TarError, HeaderError, TarInfo, _PAX_NUMBERS,
    _PAX_FIELDS, _text, _records,
)

__all__ = ["TarFile", "TarInfo", "is_tarfile", "TarError", "ReadError", "CompressionError", "StreamError", "ExtractError", "HeaderError",
           "ENCODING", "USTAR_FORMAT", "GNU_FORMAT", "PAX_FORMAT", "DEFAULT_FORMAT", "open", "fully_trusted_filter", "data_filter", "tar_filter",
           "FilterError", "AbsoluteLinkError", "OutsideDestinationError", "SpecialFileError", "AbsolutePathError", "LinkOutsideDestinationError"]

_open = open


class ExtractError(TarError):
    """A member cannot be put into the file system."""


class CompressionError(TarError):
    """A compression is not there."""


class StreamError(TarError):
    """A stream does not go back."""


class FilterError(TarError):
    """A member is not put where it asks to be."""


class AbsolutePathError(FilterError):
    """A member's name begins at the root."""

    def __init__(self, tarinfo):
        self.tarinfo = tarinfo
        super().__init__(f"member {tarinfo.name!r} has an absolute path")


class OutsideDestinationError(FilterError):
    """A member's name leads out of the folder."""

    def __init__(self, tarinfo, path):
        self.tarinfo, self._path = tarinfo, path
        super().__init__(f"{tarinfo.name!r} would be extracted to {path!r}, which is outside the destination")


class SpecialFileError(FilterError):
    """A member is a device or a pipe."""

    def __init__(self, tarinfo):
        self.tarinfo = tarinfo
        super().__init__(f"{tarinfo.name!r} is a special file")


class AbsoluteLinkError(FilterError):
    """A link leads to a path from the root."""

    def __init__(self, tarinfo):
        self.tarinfo = tarinfo
        super().__init__(f"{tarinfo.name!r} is a link to an absolute path")


class LinkOutsideDestinationError(FilterError):
    """A link leads out of the folder."""

    def __init__(self, tarinfo, path):
        self.tarinfo, self._path = tarinfo, path
        super().__init__(f"{tarinfo.name!r} would link to {path!r}, which is outside the destination")


def _within(path, folder):
    return path == folder or path.startswith(folder.rstrip(_os.sep) + _os.sep)


def _filtered(member, dest, data):
    """What a member becomes by the filters; data is the stricter of them."""
    new = {}
    folder = _os.path.realpath(dest)
    name = member.name
    if name.startswith(("/", _os.sep)):
        name = new["name"] = member.path.lstrip("/" + _os.sep)
    if _os.path.isabs(name):
        raise AbsolutePathError(member)
    target = _os.path.realpath(_os.path.join(folder, name))
    if not _within(target, folder):
        raise OutsideDestinationError(member, target)
    mode = member.mode
    if mode is not None:
        mode &= 0o755
        if data and (member.isreg() or member.islnk()):
            if not mode & 0o100:
                mode &= ~0o111
            mode |= 0o600
        elif data and (member.isdir() or member.issym()):
            mode = None
        elif data:
            raise SpecialFileError(member)
        if mode != member.mode:
            new["mode"] = mode
    if data:
        new.update(uid=None, gid=None, uname=None, gname=None)
        if member.islnk() or member.issym():
            if _os.path.isabs(member.linkname):
                raise AbsoluteLinkError(member)
            base = _os.path.join(folder, _os.path.dirname(name)) if member.issym() else folder
            target = _os.path.realpath(_os.path.join(base, member.linkname))
            if not _within(target, folder):
                raise LinkOutsideDestinationError(member, target)
    return member.replace(**new, deep=False) if new else member


def fully_trusted_filter(member, dest_path):
    """Members as they are."""
    return member


def tar_filter(member, dest_path):
    """Members below the folder alone, without permissions that surprise."""
    return _filtered(member, dest_path, False)


def data_filter(member, dest_path):
    """What holds data alone: files, folders and links, below the folder."""
    return _filtered(member, dest_path, True)


_FILTERS = {"fully_trusted": fully_trusted_filter, "tar": tar_filter, "data": data_filter}


class TarFile:
    """An archive that is read, written or added to."""

    debug, dereference, ignore_zeros, errorlevel = 0, False, False, 1
    format, encoding, errors = DEFAULT_FORMAT, ENCODING, None
    tarinfo, fileobject, extraction_filter = TarInfo, None, None

    def __init__(self, name=None, mode="r", fileobj=None, format=None, tarinfo=None, dereference=None, ignore_zeros=None, encoding=None,
                 errors="surrogateescape", pax_headers=None, debug=None, errorlevel=None, copybufsize=None):
        if mode not in ("r", "a", "w", "x"):
            raise ValueError("mode must be 'r', 'a', 'w' or 'x'")
        self.mode, self._mode = mode, {"r": "rb", "a": "r+b", "w": "wb", "x": "xb"}[mode]
        self._own = not fileobj
        if not fileobj:
            if mode == "a" and not _os.path.exists(name):
                self.mode, self._mode = "w", "wb"
            fileobj = _open(name, self._mode)
        elif name is None and isinstance(getattr(fileobj, "name", None), (str, bytes)):
            name = fileobj.name
        self.name = _os.path.abspath(name) if name else None
        self.fileobj = fileobj
        for key, value in (("format", format), ("tarinfo", tarinfo), ("dereference", dereference), ("ignore_zeros", ignore_zeros),
                           ("encoding", encoding), ("debug", debug), ("errorlevel", errorlevel)):
            if value is not None:
                setattr(self, key, value)
        self.errors = errors
        self.pax_headers = dict(pax_headers) if pax_headers is not None and self.format == PAX_FORMAT else {}
        self.closed, self.members, self._loaded, self.inodes = False, [], False, {}
        self.offset = self._start = fileobj.tell() if hasattr(fileobj, "tell") else 0
        self._ahead = None
        try:
            if mode == "r":
                self._ahead = self.next()
            elif self.mode == "a":
                for _ in self:
                    pass
                self.fileobj.seek(self.offset)
            elif self.pax_headers:
                self._put(self.tarinfo.create_pax_global_header(dict(self.pax_headers)))
        except BaseException as e:
            if self._own:
                self.fileobj.close()
            self.closed = True
            if isinstance(e, HeaderError):
                raise ReadError(str(e)) from None
            raise

    # Opening.

    @classmethod
    def open(cls, name=None, mode="r", fileobj=None, bufsize=RECORDSIZE, **kwargs):
        """Open an archive: mode is r, w, a or x, perhaps with : or | and a compression."""
        if not name and not fileobj:
            raise ValueError("nothing to open")
        if mode in ("r", "r:*", "r|*"):
            return cls._guess(name, fileobj, mode == "r|*", kwargs)
        sign = "|" if "|" in mode else ":"
        way, _, compression = mode.partition(sign)
        way = way or "r"
        if way not in ("r", "w", "a", "x") or sign == "|" and way in ("a", "x"):
            raise ValueError("undiscernible mode")
        if way == "a" and compression:
            raise ValueError("undiscernible mode")
        if not compression:
            return cls.taropen(name, way, _Forward(fileobj) if sign == "|" and fileobj and way == "r" else fileobj, **kwargs)
        if compression not in ("gz", "bz2", "xz"):
            raise CompressionError("unknown compression type %r" % compression)
        return cls._compressed(name, way, fileobj, compression, kwargs)

    @classmethod
    def _guess(cls, name, fileobj, stream, kwargs):
        if stream:
            fileobj = _Forward(fileobj or _open(name, "rb"))
            start = fileobj.peek(6)
        elif fileobj is not None:
            at = fileobj.tell()
            start = fileobj.read(6)
            fileobj.seek(at)
        else:
            with _open(name, "rb") as f:
                start = f.read(6)
        for magic, compression in ((b"\x1f\x8b", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ", "xz")):
            if start.startswith(magic):
                return cls._compressed(name, "r", fileobj, compression, kwargs)
        try:
            return cls.taropen(name, "r", fileobj, **kwargs)
        except ReadError as e:
            raise ReadError("file could not be opened successfully:\n" + f"- method tar: ReadError({str(e)!r})") from None

    @classmethod
    def _compressed(cls, name, way, fileobj, compression, kwargs):
        method = {"gz": cls.gzopen, "bz2": cls.bz2open, "xz": cls.xzopen}[compression]
        return method(name, way, fileobj, **kwargs)

    @classmethod
    def taropen(cls, name, mode="r", fileobj=None, **kwargs):
        if len(mode) != 1 or mode not in "rawx":
            raise ValueError("mode must be 'r', 'a', 'w' or 'x'")
        return cls(name, mode, fileobj, **kwargs)

    @classmethod
    def gzopen(cls, name, mode="r", fileobj=None, compresslevel=9, **kwargs):
        import gzip

        inner = gzip.GzipFile(name if fileobj is None else None, mode + "b", compresslevel, fileobj)
        return cls._over(name, mode, inner, OSError, "not a gzip file", kwargs)

    @classmethod
    def bz2open(cls, name, mode="r", fileobj=None, compresslevel=9, **kwargs):
        import bz2

        return cls._over(name, mode, bz2.BZ2File(fileobj or name, mode, compresslevel=compresslevel), (OSError, EOFError, ValueError), "not a bzip2 file", kwargs)

    @classmethod
    def xzopen(cls, name, mode="r", fileobj=None, preset=None, **kwargs):
        raise CompressionError("tarfile: the format xz is not supported; gzip is")

    @classmethod
    def _over(cls, name, mode, inner, faults, message, kwargs):
        try:
            tar = cls.taropen(name, mode, inner, **kwargs)
        except faults as e:
            inner.close()
            if mode == "r" and not isinstance(e, TarError):
                raise ReadError(message) from e
            raise
        tar._own = True
        return tar

    # Members.

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, value, traceback):
        if kind is None:
            self.close()
        else:
            if self._own:
                self.fileobj.close()
            self.closed = True

    def __iter__(self):
        at = 0
        while True:
            while at >= len(self.members):
                if self._loaded or self.next() is None:
                    return
            yield self.members[at]
            at += 1

    def _check(self, modes=None):
        if self.closed:
            raise OSError("%s is closed" % type(self).__name__)
        if modes is not None and self.mode not in modes:
            raise OSError("bad operation for mode %r" % self.mode)

    def getmember(self, name):
        """What the archive says of a member; of several of a name, the last."""
        for member in reversed(self.getmembers()):
            if name.rstrip("/") == member.name:
                return member
        raise KeyError("filename %r not found" % name)

    def getmembers(self):
        """All members."""
        self._check()
        while not self._loaded and self.mode in ("r", "a") and self.next() is not None:
            pass
        return self.members

    def getnames(self):
        """The names of all members."""
        return [m.name for m in self.getmembers()]

    def list(self, verbose=True, *, members=None):
        """Print a table of the members."""
        for m in self if members is None else members:
            text = ""
            if verbose:
                kind = {DIRTYPE: "d", SYMTYPE: "l", LNKTYPE: "h", CHRTYPE: "c", BLKTYPE: "b", FIFOTYPE: "p"}.get(m.type, "?" if not m.isreg() else "-")
                text = _stat.filemode(m.mode or 0) if kind == "?" else "?" + _stat.filemode(m.mode or 0)[1:]
                text += " %s/%s %10s" % (m.uname or m.uid, m.gname or m.gid, "%d,%d" % (m.devmajor, m.devminor) if m.ischr() or m.isblk() else m.size)
                text += " %d-%02d-%02d %02d:%02d:%02d" % _time.localtime(m.mtime)[:6] + " "
            text += m.name + ("/" if m.isdir() else "")
            if verbose and m.issym():
                text += " -> " + m.linkname
            if verbose and m.islnk():
                text += " link to " + m.linkname
            print(text, "")

    def next(self):
        """The next member, or None after the last."""
        self._check(("r", "a"))
        if self._ahead is not None:
            member, self._ahead = self._ahead, None
            return member
        if self._loaded:
            return None
        member = self._read_member({})
        if member is None:
            self._loaded = True
        else:
            self.members.append(member)
        return member

    def _block_at(self, offset):
        self.fileobj.seek(offset)
        return self.fileobj.read(BLOCKSIZE)

    def _read_member(self, pending):
        """Read a member from where the last ended, with what headers before it say."""
        pending = dict(pending)
        start = self.offset
        while True:
            try:
                block = self._block_at(self.offset)
                info = self.tarinfo.frombuf(block, self.encoding, self.errors)
            except HeaderError as e:
                if self.ignore_zeros and str(e) in ("end of file header", "bad checksum") and len(block) == BLOCKSIZE:
                    self.offset += BLOCKSIZE
                    continue
                if str(e) == "end of file header" or str(e) == "empty header" and self.offset > self._start:
                    return None
                if self.offset == self._start and str(e) == "empty header":
                    raise ReadError("empty file") from None
                if str(e) == "truncated header" or self.offset == self._start:
                    raise ReadError(str(e)) from None
                return None
            info.offset, info.offset_data = start, self.offset + BLOCKSIZE
            info.tarfile = self
            if info.type in (GNUTYPE_LONGNAME, GNUTYPE_LONGLINK, XHDTYPE, XGLTYPE, SOLARIS_XHDTYPE):
                self._special(info, pending)
                continue
            self._apply(info, pending)
            has_data = info.isreg() or info.type not in (LNKTYPE, SYMTYPE, CHRTYPE, BLKTYPE, DIRTYPE, FIFOTYPE)
            self.offset = info.offset_data + (info.size + -info.size % BLOCKSIZE if has_data else 0)
            return info

    def _special(self, info, pending):
        """Read a header that speaks of members that follow."""
        data = self.fileobj.read(info.size + -info.size % BLOCKSIZE)[:info.size]
        if len(data) < info.size:
            raise ReadError("unexpected end of data")
        self.offset = info.offset_data + info.size + -info.size % BLOCKSIZE
        if info.type in (GNUTYPE_LONGNAME, GNUTYPE_LONGLINK):
            pending["long" if info.type == GNUTYPE_LONGNAME else "longlink"] = _text(data, self.encoding, self.errors)
        elif info.type == XGLTYPE:
            self.pax_headers.update(_records(data))
        else:
            pending["pax"] = _records(data)

    def _apply(self, info, pending):
        if "long" in pending:
            info.name = pending["long"]
        if "longlink" in pending:
            info.linkname = pending["longlink"]
        own = pending.get("pax", {})
        info.pax_headers = {**self.pax_headers, **own}
        for key, value in info.pax_headers.items():
            if any([key.startswith("GNU.sparse")]):
                raise ReadError(f"member {info.name!r} is a sparse file, which is not supported")
            if key in _PAX_FIELDS:
                if key in _PAX_NUMBERS:
                    try:
                        value = _PAX_NUMBERS[key](value)
                    except ValueError:
                        value = 0
                setattr(info, {"path": "name", "linkpath": "linkname"}.get(key, key), value.rstrip("/") if key == "path" else value)
        if info.isdir() and "long" in pending:
            info.name = info.name.rstrip("/")

    # Writing.

    def _put(self, data):
        self.fileobj.write(data)
        self.offset += len(data)

    def gettarinfo(self, name=None, arcname=None, fileobj=None):
        """A member for a file of the file system."""
        self._check(("a", "w", "x"))
        if fileobj is not None:
            name = fileobj.name
        arcname = name if arcname is None else arcname
        arcname = _os.path.splitdrive(_os.fspath(arcname))[1].replace(_os.sep, "/").lstrip("/")
        found = _os.stat(name) if self.dereference or fileobj is not None else _os.lstat(name)
        info = self.tarinfo()
        info.tarfile, mode = self, found.st_mode
        if _stat.S_ISREG(mode):
            info.type = REGTYPE
        elif _stat.S_ISDIR(mode):
            info.type = DIRTYPE
        elif _stat.S_ISLNK(mode):
            info.type, info.linkname = SYMTYPE, _os.readlink(name)
        elif _stat.S_ISFIFO(mode):
            info.type = FIFOTYPE
        else:
            return None
        info.name, info.mode, info.uid, info.gid = arcname, mode, found.st_uid, found.st_gid
        info.size, info.mtime = found.st_size if info.type == REGTYPE else 0, found.st_mtime
        return info

    def add(self, name, arcname=None, recursive=True, *, filter=None):
        """Add a file of the file system, and what is in it if it is a folder."""
        self._check(("a", "w", "x"))
        name = _os.fspath(name)
        arcname = name if arcname is None else _os.fspath(arcname)
        if self.name is not None and _os.path.abspath(name) == self.name:
            return
        info = self.gettarinfo(name, arcname)
        if info is None:
            return
        if filter is not None:
            info = filter(info)
            if info is None:
                return
        if info.isreg():
            with _open(name, "rb") as f:
                self.addfile(info, f)
            return
        self.addfile(info)
        if info.isdir() and recursive:
            for inner in sorted(_os.listdir(name)):
                self.add(_os.path.join(name, inner), _os.path.join(arcname, inner), recursive, filter=filter)

    def addfile(self, tarinfo, fileobj=None):
        """Add a member, whose data are read from a file."""
        self._check(("a", "w", "x"))
        tarinfo = _copy.copy(tarinfo)
        self._put(tarinfo.tobuf(self.format, self.encoding, self.errors))
        if fileobj is not None:
            left = tarinfo.size
            while left > 0:
                data = fileobj.read(min(left, 1 << 20))
                if not data:
                    raise OSError("unexpected end of data")
                self._put(data)
                left -= len(data)
            self._put(bytes(-tarinfo.size % BLOCKSIZE))
        self.members.append(tarinfo)

    def close(self):
        """Write the end of an archive that is written, and close it."""
        first, self.closed = not self.closed, True
        try:
            if first and self.mode != "r":
                self._put(bytes(2 * BLOCKSIZE))
                self._put(bytes(-self.offset % RECORDSIZE))
        finally:
            if first and self._own:
                self.fileobj.close()

    # Extracting.

    def _filter(self, filter):
        if filter is None:
            filter = self.extraction_filter
            if filter is None:
                return data_filter
        if isinstance(filter, str) and filter not in _FILTERS:
            raise ValueError(f"filter {filter!r} not found")
        return _FILTERS[filter] if isinstance(filter, str) else filter

    def extractfile(self, member):
        """A member's data as a stream; None for what has none."""
        self._check(("r",))
        info = self.getmember(member) if isinstance(member, str) else member
        if info.islnk() or info.issym():
            return self.extractfile(self._link_target(info))
        if not info.isreg() and info.type in (DIRTYPE, CHRTYPE, BLKTYPE, FIFOTYPE):
            return None
        return _io.BufferedReader(_Part(self.fileobj, info.offset_data, info.size, info.name))

    def _link_target(self, info):
        if info.issym():
            name = _os.path.normpath("/".join([p for p in (_os.path.dirname(info.name), info.linkname) if p]))
            candidates = self.getmembers()
        else:
            name, members = info.linkname, self.getmembers()
            candidates = members[:members.index(info)] if info in members else members
        for member in reversed(candidates):
            if member.name == name.rstrip("/") and member is not info:
                return member
        raise KeyError("linkname %r not found" % name)

    def extractall(self, path=".", members=None, *, numeric_owner=False, filter=None):
        """Put all members, or some, below a folder."""
        filter, folders = self._filter(filter), []
        for member in self if members is None else members:
            info = self._extract(member, path, filter, True)
            if info is not None and info.isdir():
                folders.append(info)
        for info in sorted(folders, key=lambda i: i.name, reverse=True):
            self._attributes(info, _os.path.join(path, info.name))

    def extract(self, member, path="", set_attrs=True, *, numeric_owner=False, filter=None):
        """Put a member below a folder."""
        info = self._extract(member, path, self._filter(filter), set_attrs)
        if info is not None and info.isdir() and set_attrs:
            self._attributes(info, _os.path.join(path, info.name))

    def _extract(self, member, path, filter, attributes):
        self._check(("r",))
        info = self.getmember(member) if isinstance(member, str) else member
        try:
            kept = filter(info, _os.fspath(path))
        except FilterError:
            if self.errorlevel > 0:
                raise
            return None
        if kept is None:
            return None
        target = _os.path.join(path, kept.name)
        try:
            self._write(info, kept, target.rstrip("/"), path)
            if attributes and not kept.isdir() and not kept.issym():
                self._attributes(kept, target)
        except OSError:
            if self.errorlevel > 0:
                raise
            return None
        return kept

    def _write(self, source, info, target, path):
        above = _os.path.dirname(target)
        if above and not _os.path.exists(above):
            _os.makedirs(above, exist_ok=True)
        if info.isdir():
            if not _os.path.isdir(target):
                _os.mkdir(target, 0o700)
        elif info.issym():
            if _os.path.lexists(target):
                _os.unlink(target)
            _os.symlink(info.linkname, target)
        elif info.isfifo() or info.ischr() or info.isblk():
            raise ExtractError("special devices and pipes are not made")
        else:
            data = self.extractfile(self._link_target(source) if info.islnk() else source)
            if _os.path.islink(target):
                _os.unlink(target)
            with _open(target, "wb") as out:
                while True:
                    part = data.read(1 << 20)
                    if not part:
                        break
                    out.write(part)

    def _attributes(self, info, target):
        if info.mode is not None:
            _os.chmod(target, info.mode & 0o7777)
        if info.mtime is not None:
            _os.utime(target, (info.mtime, info.mtime))


class _Part(_io.RawIOBase):
    """The data of a member as a stream of its own."""

    def __init__(self, file, start, size, name):
        self._file, self._start, self._size, self._at, self.name, self.mode = file, start, size, 0, name, "r"

    def readable(self):
        return True

    def writable(self):
        return False

    def seekable(self):
        return self._file.seekable() if hasattr(self._file, "seekable") else True

    def tell(self):
        return self._at

    def seek(self, offset, whence=0):
        base = {0: 0, 1: self._at, 2: self._size}[whence]
        self._at = max(0, min(base + offset, self._size))
        return self._at

    def readinto(self, buffer):
        n = min(len(buffer), self._size - self._at)
        if n <= 0:
            return 0
        self._file.seek(self._start + self._at)
        data = self._file.read(n)
        if not data:
            raise ReadError("unexpected end of data")
        buffer[:len(data)] = data
        self._at += len(data)
        return len(data)


class _Forward:
    """A stream that only goes forward."""

    def __init__(self, file):
        self._file, self._at, self._buffer = file, 0, b""

    def peek(self, n):
        while len(self._buffer) < n:
            data = self._file.read(n - len(self._buffer))
            if not data:
                break
            self._buffer += data
        return self._buffer[:n]

    def read(self, n=-1):
        if n is None or n < 0:
            data, self._buffer = self._buffer + self._file.read(), b""
        else:
            data = self.peek(n)
            self._buffer = self._buffer[len(data):]
        self._at += len(data)
        return data

    def tell(self):
        return self._at

    def seekable(self):
        return False

    def seek(self, offset, whence=0):
        if whence != 0 or offset < self._at:
            raise StreamError("seeking backwards is not allowed")
        while self._at < offset and self.read(min(offset - self._at, 1 << 20)):
            pass
        return self._at

    def close(self):
        self._file.close()


def is_tarfile(name):
    """Whether a file is an archive that can be read."""
    try:
        if hasattr(name, "read"):
            at = name.tell()
            TarFile.open(fileobj=name)
            name.seek(at)
        else:
            TarFile.open(name).close()
        return True
    except TarError:
        return False


def open(name=None, mode="r", fileobj=None, bufsize=RECORDSIZE, **kwargs):
    """Open an archive."""
    return TarFile.open(name, mode, fileobj, bufsize, **kwargs)
