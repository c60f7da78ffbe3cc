"""ZIP archives."""

import io as _io
import os as _os
import struct as _struct
import time as _time
import zlib as _zlib

__all__ = ["BadZipFile", "BadZipfile", "LargeZipFile", "Path", "ZIP_BZIP2", "ZIP_DEFLATED", "ZIP_LZMA", "ZIP_STORED", "ZipFile", "ZipInfo", "is_zipfile"]

ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA = 0, 8, 12, 14
_methods = {0: "store", 8: "deflate", 12: "bzip2", 14: "lzma"}
_open = open


class BadZipFile(Exception):
    """A file that is no ZIP archive, or a broken one."""


BadZipfile = error = BadZipFile


class LargeZipFile(Exception):
    """An archive that is too large without ZIP64."""


class ZipInfo:
    """What an archive says of a member."""

    def __init__(self, filename="NoName", date_time=(1980, 1, 1, 0, 0, 0)):
        end = filename.find("\0")
        self.filename = self.orig_filename = filename[:end] if end >= 0 else filename
        if date_time[0] < 1980:
            raise ValueError("ZIP does not support timestamps before 1980")
        self.date_time, self.compress_type, self._level = tuple(date_time), ZIP_STORED, None
        self.comment, self.extra, self.create_system, self.create_version, self.extract_version = b"", b"", 3, 20, 20
        self.flag_bits, self.volume, self.internal_attr, self.external_attr = 0, 0, 0, 0
        self.header_offset, self.CRC, self.compress_size, self.file_size = 0, 0, 0, 0

    def is_dir(self):
        return self.filename.endswith("/")

    def __repr__(self):
        text = f"<ZipInfo filename={self.filename!r}"
        if self.compress_type != ZIP_STORED:
            text += f" compress_type={_methods.get(self.compress_type, self.compress_type)}"
        if self.external_attr >> 16:
            text += f" filemode={_mode(self.external_attr >> 16)!r}"
        if not self.is_dir() or self.file_size:
            text += f" file_size={self.file_size!r}"
        if (not self.is_dir() or self.compress_size) and (self.compress_type != ZIP_STORED or self.file_size != self.compress_size):
            text += f" compress_size={self.compress_size!r}"
        return text + ">"

    @classmethod
    def from_file(cls, filename, arcname=None, *, strict_timestamps=True):
        """A member for a file or a folder of the file system."""
        filename = _os.fspath(filename)
        folder = _os.path.isdir(filename)
        when = _time.localtime(_os.path.getmtime(filename))[:6]
        name = _os.path.normpath(_os.path.splitdrive(filename if arcname is None else _os.fspath(arcname))[1])
        name = name.replace(_os.sep, "/").lstrip("/")
        info = cls(name + "/" if folder else name, max(when, (1980, 1, 1, 0, 0, 0)))
        info.external_attr = (0o40755 if folder else 0o100644) << 16 | (0x10 if folder else 0)
        info.file_size = 0 if folder else _os.path.getsize(filename)
        return info


def _mode(mode):
    return ("d" if mode & 0o40000 else "-") + "".join([c if mode >> (8 - i) & 1 else "-" for i, c in enumerate("rwxrwxrwx")])


def is_zipfile(filename):
    """Whether a file is a ZIP archive."""
    try:
        with ZipFile(filename):
            return True
    except (BadZipFile, OSError):
        return False


class ZipFile:
    """A ZIP archive to read, write or add to."""

    fp = None

    def __init__(self, file, mode="r", compression=ZIP_STORED, allowZip64=True, compresslevel=None, *, strict_timestamps=True, metadata_encoding=None):
        if mode not in ("r", "w", "x", "a"):
            raise ValueError("ZipFile requires mode 'r', 'w', 'x', or 'a'")
        if compression not in _methods:
            raise NotImplementedError("That compression method is not supported")
        if compression in (ZIP_BZIP2, ZIP_LZMA) and mode != "r":
            raise NotImplementedError(f"zipfile: {_methods[compression]} is not supported for writing; ZIP_DEFLATED is")
        self.mode, self.compression, self.compresslevel, self.pwd = mode, compression, compresslevel, None
        self.filelist, self.NameToInfo, self._comment, self.debug = [], {}, b"", 0
        self._owned = not hasattr(file, "read") and not hasattr(file, "write")
        if self._owned:
            self.filename = _os.fspath(file)
            self.fp = _open(self.filename, {"r": "rb", "w": "w+b", "x": "x+b", "a": "r+b" if _os.path.exists(self.filename) else "w+b"}[mode])
        else:
            self.filename, self.fp = getattr(file, "name", None), file
        self._end = 0
        try:
            if mode == "r":
                self._read_directory()
            elif mode == "a":
                self.fp.seek(0, 2)
                if self.fp.tell():
                    self._read_directory()
        except BaseException:
            self._close_file()
            raise
        self._changed = mode in ("w", "x")

    def _close_file(self):
        if self._owned and self.fp is not None:
            self.fp.close()
        self.fp = None

    def _read_directory(self):
        f = self.fp
        f.seek(0, 2)
        size = f.tell()
        back = min(size, 65557)
        f.seek(size - back)
        tail = f.read(back)
        at = tail.rfind(b"PK\5\6")
        if at < 0 or len(tail) - at < 22:
            raise BadZipFile("File is not a zip file")
        _, _, _, _, count, length, offset, n = _struct.unpack("<4s4H2LH", tail[at:at + 22])
        self._comment = tail[at + 22:at + 22 + n]
        end = size - back + at
        if at >= 20 and tail[at - 20:at - 16] == b"PK\6\7":
            where = _struct.unpack("<4sLQL", tail[at - 20:at])[2]
            f.seek(where)
            record = f.read(56)
            if record[:4] == b"PK\6\6":
                length, offset = _struct.unpack("<QQ", record[40:56])
                end = where
        shift = end - length - offset
        if shift < 0:
            raise BadZipFile("Corrupt zip64 end of central directory locator" if offset > size else "Bad offset for central directory")
        self._end = offset + shift
        f.seek(self._end)
        data = f.read(length)
        at = 0
        while at < length:
            head = data[at:at + 46]
            if len(head) < 46 or head[:4] != b"PK\1\2":
                raise BadZipFile("Bad magic number for central directory")
            (_, create, system, extract, _, flags, method, when, day, crc, packed, full, names, extras, comments, volume, internal, external,
             start) = _struct.unpack("<4s4B4HL2L5H2L", head)
            name = data[at + 46:at + 46 + names].decode("utf-8" if flags & 0x800 else "cp437" if any([b > 127 for b in data[at + 46:at + 46 + names]]) else "ascii")
            info = ZipInfo(name, (max((day >> 9) + 1980, 1980), day >> 5 & 15, day & 31, when >> 11, when >> 5 & 63, (when & 31) * 2))
            info.extra = data[at + 46 + names:at + 46 + names + extras]
            info.comment = data[at + 46 + names + extras:at + 46 + names + extras + comments]
            info.create_version, info.create_system, info.extract_version = create, system, extract
            info.flag_bits, info.compress_type, info.CRC, info.volume = flags, method, crc, volume
            info.internal_attr, info.external_attr = internal, external
            info.file_size, info.compress_size, info.header_offset = self._wide(info.extra, full, packed, start)
            info.header_offset += shift
            self.filelist.append(info)
            self.NameToInfo[name] = info
            at += 46 + names + extras + comments

    @staticmethod
    def _wide(extra, *sizes):
        """Sizes and offset of a member, by the ZIP64 field where they need it."""
        sizes, at = list(sizes), 0
        while at + 4 <= len(extra):
            kind, n = _struct.unpack("<HH", extra[at:at + 4])
            if kind == 1:
                body = extra[at + 4:at + 4 + n]
                for i, size in enumerate(sizes):
                    if size == 0xFFFFFFFF and len(body) >= 8:
                        sizes[i], body = _struct.unpack("<Q", body[:8])[0], body[8:]
            at += 4 + n
        return sizes

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} " + (f"filename={self.filename!r} mode={self.mode!r}>" if self.fp else "[closed]>")

    @property
    def comment(self):
        return self._comment

    @comment.setter
    def comment(self, value):
        self._comment, self._changed = value[:65535], True

    def namelist(self):
        """The names of the members."""
        return [info.filename for info in self.filelist]

    def infolist(self):
        """What the archive says of its members."""
        return self.filelist

    def getinfo(self, name):
        """What the archive says of a member."""
        if name not in self.NameToInfo:
            raise KeyError(f"There is no item named {name!r} in the archive")
        return self.NameToInfo[name]

    def setpassword(self, pwd):
        self.pwd = pwd

    def printdir(self, file=None):
        """Print a table of the members."""
        print("%-46s %19s %12s" % ("File Name", "Modified    ", "Size"), file=file)
        for info in self.filelist:
            print("%-46s %s %12d" % (info.filename, "%d-%02d-%02d %02d:%02d:%02d" % info.date_time[:6], info.file_size), file=file)

    def read(self, name, pwd=None):
        """The bytes of a member."""
        if self.fp is None:
            raise ValueError("Attempt to use ZIP archive that was already closed")
        info = name if isinstance(name, ZipInfo) else self.getinfo(name)
        if info.flag_bits & 1:
            raise RuntimeError(f"File {info.filename!r} is encrypted, password required for extraction")
        self.fp.seek(info.header_offset)
        head = self.fp.read(30)
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise BadZipFile("Bad magic number for file header")
        names, extras = _struct.unpack("<HH", head[26:30])
        self.fp.seek(info.header_offset + 30 + names + extras)
        data = self.fp.read(info.compress_size)
        if info.compress_type == ZIP_DEFLATED:
            try:
                data = _zlib.decompress(data, -15)
            except _zlib.error as e:
                raise BadZipFile(f"Bad data for file {info.filename!r}: {e}") from None
        elif info.compress_type == ZIP_BZIP2:
            import bz2

            data = bz2.decompress(data)
        elif info.compress_type != ZIP_STORED:
            raise NotImplementedError(f"compression type {info.compress_type} ({_methods.get(info.compress_type, 'unknown')})")
        if _zlib.crc32(data) != info.CRC:
            raise BadZipFile(f"Bad CRC-32 for file {info.filename!r}")
        return data

    def open(self, name, mode="r", pwd=None, *, force_zip64=False):
        """A member as a stream."""
        if mode == "r":
            return _io.BytesIO(self.read(name, pwd))
        if mode != "w":
            raise ValueError('open() requires mode "r" or "w"')
        return _Writer(self, name)

    def testzip(self):
        """The name of the first member that is broken, or None."""
        for info in self.filelist:
            try:
                self.read(info)
            except BadZipFile:
                return info.filename
        return None

    def extract(self, member, path=None, pwd=None):
        """Write a member below a folder, and give its path."""
        info = member if isinstance(member, ZipInfo) else self.getinfo(member)
        parts = [p for p in info.filename.replace("\\", "/").split("/") if p not in ("", ".", "..")]
        target = _os.path.normpath(_os.path.join(_os.getcwd() if path is None else _os.fspath(path), *parts))
        if info.is_dir():
            _os.makedirs(target, exist_ok=True)
            return target
        _os.makedirs(_os.path.dirname(target) or ".", exist_ok=True)
        with _open(target, "wb") as f:
            f.write(self.read(info, pwd))
        return target

    def extractall(self, path=None, members=None, pwd=None):
        """Write all members, or some, below a folder."""
        for member in self.namelist() if members is None else members:
            self.extract(member, path, pwd)

    def writestr(self, zinfo_or_arcname, data, compress_type=None, compresslevel=None):
        """Add a member."""
        if self.fp is None:
            raise ValueError("Attempt to write to ZIP archive that was already closed")
        if self.mode == "r":
            raise ValueError("write() requires mode 'w', 'x', or 'a'")
        if isinstance(data, str):
            data = data.encode("utf-8")
        data = bytes(data)
        if isinstance(zinfo_or_arcname, ZipInfo):
            info = zinfo_or_arcname
        else:
            info = ZipInfo(zinfo_or_arcname, _time.localtime(_time.time())[:6])
            info.compress_type = self.compression
            info.external_attr = 0o600 << 16 if not info.is_dir() else 0o40775 << 16 | 0x10
        if compress_type is not None:
            info.compress_type = compress_type
        level = self.compresslevel if compresslevel is None else compresslevel
        info.file_size, info.CRC = len(data), _zlib.crc32(data)
        if info.compress_type == ZIP_DEFLATED:
            data = _zlib.compress(data, -1 if level is None else level, -15)
        info.compress_size, info.header_offset = len(data), self._end
        name, flags = _encoded(info.filename)
        info.flag_bits = info.flag_bits & ~0x808 | flags
        wide = max(info.file_size, info.compress_size) >= 0xFFFFFFFF
        extra = _struct.pack("<HHQQ", 1, 16, info.file_size, info.compress_size) if wide else b""
        day, when = _dos(info.date_time)
        self.fp.seek(self._end)
        self.fp.write(_struct.pack("<4s2B4HL2L2H", b"PK\3\4", 45 if wide else 20, 0, info.flag_bits, info.compress_type, when, day, info.CRC,
                                   0xFFFFFFFF if wide else info.compress_size, 0xFFFFFFFF if wide else info.file_size, len(name), len(extra)))
        self.fp.write(name)
        self.fp.write(extra)
        self.fp.write(data)
        self._end += 30 + len(name) + len(extra) + len(data)
        if info.filename in self.NameToInfo:
            import warnings

            warnings.warn(f"Duplicate name: {info.filename!r}", stacklevel=2)
        self.filelist.append(info)
        self.NameToInfo[info.filename] = info
        self._changed = True

    def write(self, filename, arcname=None, compress_type=None, compresslevel=None):
        """Add a file or a folder of the file system."""
        info = ZipInfo.from_file(filename, arcname)
        if info.is_dir():
            self.writestr(info, b"")
            return
        info.compress_type = self.compression if compress_type is None else compress_type
        with _open(filename, "rb") as f:
            self.writestr(info, f.read(), info.compress_type, compresslevel)

    def mkdir(self, zinfo_or_directory_name, mode=511):
        """Add a folder."""
        name = zinfo_or_directory_name
        info = name if isinstance(name, ZipInfo) else ZipInfo(name if name.endswith("/") else name + "/")
        info.external_attr = (0o40000 | mode) << 16 | 0x10
        self.writestr(info, b"")

    def close(self):
        """Write the directory of an archive that was changed, and close it."""
        if self.fp is None:
            return
        try:
            if self.mode != "r" and self._changed:
                self._write_directory()
        finally:
            self._close_file()

    def _write_directory(self):
        self.fp.seek(self._end)
        start = self._end
        for info in self.filelist:
            name, _ = _encoded(info.filename)
            wide = [x for x in (info.file_size, info.compress_size, info.header_offset) if x >= 0xFFFFFFFF]
            extra = _struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
            small = [min(x, 0xFFFFFFFF) for x in (info.compress_size, info.file_size, info.header_offset)]
            day, when = _dos(info.date_time)
            record = _struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 45 if wide else info.create_version, info.create_system, 45 if wide else info.extract_version, 0,
                                  info.flag_bits, info.compress_type, when, day, info.CRC, small[0], small[1], len(name), len(extra), len(info.comment),
                                  0, info.internal_attr, info.external_attr, small[2])
            self.fp.write(record + name + extra + info.comment)
            self._end += len(record) + len(name) + len(extra) + len(info.comment)
        count, length = len(self.filelist), self._end - start
        if count > 0xFFFF or start >= 0xFFFFFFFF or length >= 0xFFFFFFFF:
            self.fp.write(_struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start))
            self.fp.write(_struct.pack("<4sLQL", b"PK\6\7", 0, self._end, 1))
            count, length, start = min(count, 0xFFFF), min(length, 0xFFFFFFFF), min(start, 0xFFFFFFFF)
        self.fp.write(_struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, length, start, len(self._comment)) + self._comment)
        if self.mode == "a":
            self.fp.truncate()
        self.fp.flush()


def _encoded(name):
    data = name.encode("utf-8")
    return data, 0 if name.isascii() else 0x800


def _dos(when):
    return (when[0] - 1980) << 9 | when[1] << 5 | when[2], when[3] << 11 | when[4] << 5 | when[5] // 2


class _Writer:
    """A member that is written as a stream."""

    def __init__(self, archive, name):
        self._archive, self._name, self._data, self.closed = archive, name, _io.BytesIO(), False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def writable(self):
        return True

    def write(self, data):
        return self._data.write(data)

    def tell(self):
        return self._data.tell()

    def flush(self):
        pass

    def close(self):
        if not self.closed:
            self.closed = True
            self._archive.writestr(self._name, self._data.getvalue())


class Path:
    """A member of an archive as a path."""

    def __init__(self, root, at=""):
        self.root, self.at = root if isinstance(root, ZipFile) else ZipFile(root), at

    @property
    def name(self):
        return self.at.rstrip("/").rpartition("/")[2]

    def __truediv__(self, other):
        joined = (self.at.rstrip("/") + "/" if self.at else "") + other
        return Path(self.root, joined + "/" if joined + "/" in self._folders() and joined not in self.root.NameToInfo else joined)

    joinpath = __truediv__

    def _folders(self):
        return {n[:i + 1] for n in self.root.namelist() for i, c in enumerate(n) if c == "/"}

    def exists(self):
        return not self.at or self.at in self.root.NameToInfo or self.at in self._folders()

    def is_dir(self):
        return not self.at or self.at.endswith("/")

    def is_file(self):
        return self.exists() and not self.is_dir()

    def iterdir(self):
        names = self.root.namelist() + sorted(self._folders() - set(self.root.namelist()))
        return [Path(self.root, n) for n in names if n != self.at and n.startswith(self.at) and "/" not in n[len(self.at):].rstrip("/")]

    def read_bytes(self):
        return self.root.read(self.at)

    def read_text(self, encoding="utf-8"):
        return self.read_bytes().decode(encoding)

    def open(self, mode="r", encoding="utf-8"):
        return _io.BytesIO(self.read_bytes()) if "b" in mode else _io.StringIO(self.read_text(encoding))

    def __str__(self):
        return _os.path.join(str(self.root.filename), self.at)
