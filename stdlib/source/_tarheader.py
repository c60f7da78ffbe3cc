"""Headers of TAR archives: what they say of members, and how."""

import copy as _copy
import struct as _struct

NUL, BLOCKSIZE = b"\0", 512
RECORDSIZE = BLOCKSIZE * 20
GNU_MAGIC, POSIX_MAGIC = b"ustar  \0", b"ustar\x0000"
LENGTH_NAME, LENGTH_LINK, LENGTH_PREFIX = 100, 100, 155
REGTYPE, AREGTYPE, LNKTYPE, SYMTYPE, CHRTYPE, BLKTYPE, DIRTYPE, FIFOTYPE, CONTTYPE = b"0", b"\0", b"1", b"2", b"3", b"4", b"5", b"6", b"7"
GNUTYPE_LONGNAME, GNUTYPE_LONGLINK, GNUTYPE_SPARSE, XHDTYPE, XGLTYPE, SOLARIS_XHDTYPE = b"L", b"K", b"S", b"x", b"g", b"X"
USTAR_FORMAT, GNU_FORMAT, PAX_FORMAT = 0, 1, 2
DEFAULT_FORMAT, ENCODING = PAX_FORMAT, "utf-8"
REGULAR_TYPES = (REGTYPE, AREGTYPE, CONTTYPE, GNUTYPE_SPARSE)
_PAX_NUMBERS = {"atime": float, "ctime": float, "mtime": float, "uid": int, "gid": int, "size": int}
_PAX_FIELDS = ("path", "linkpath", "size", "mtime", "uid", "gid", "uname", "gname")


class TarError(Exception):
    """A fault of archives."""

    __module__ = "tarfile"


class ReadError(TarError):
    """A file is no archive, or a broken one."""

    __module__ = "tarfile"


class HeaderError(TarError):
    """A header is none."""

    __module__ = "tarfile"


def _text(field, encoding="utf-8", errors="surrogateescape"):
    return field.split(b"\0", 1)[0].decode(encoding, errors)


def _field(text, length, encoding, errors):
    if text is None:
        raise ValueError("metadata cannot contain None")
    data = text.encode(encoding, errors)[:length]
    return data + bytes(length - len(data))


def _number(field):
    """The number of a field: octal digits, or binary after a mark."""
    if field[:1] in (b"\x80", b"\xff"):
        value = int.from_bytes(field[1:], "big")
        return value - 256 ** (len(field) - 1) if field[:1] == b"\xff" else value
    try:
        return int(field.split(b"\0", 1)[0].decode("ascii", "strict").strip() or "0", 8)
    except ValueError:
        raise HeaderError("invalid header") from None


def _octal(n, digits=8, format=DEFAULT_FORMAT):
    n = int(n)
    if 0 <= n < 8 ** (digits - 1):
        return b"%0*o" % (digits - 1, n) + NUL
    if format == GNU_FORMAT and -256 ** (digits - 1) <= n < 256 ** (digits - 1):
        return (b"\x80" if n >= 0 else b"\xff") + (n % 256 ** (digits - 1)).to_bytes(digits - 1, "big")
    raise ValueError("overflow in number field")


def _sums(block):
    """The checksums that a header may have: of bytes without sign, and with."""
    rest = block[:148] + block[156:512]
    plain = 256 + sum(rest)
    return plain, plain - 256 * sum([b >= 128 for b in rest])


def _padded(data):
    return data + bytes(-len(data) % BLOCKSIZE)


def _is(*kinds):
    return lambda self: self.type in kinds


class TarInfo:
    """What an archive says of a member."""

    __module__ = "tarfile"

    def __init__(self, name=""):
        self.name, self.mode, self.uid, self.gid, self.size, self.mtime = name, 0o644, 0, 0, 0, 0
        self.chksum, self.type, self.linkname, self.uname, self.gname = 0, REGTYPE, "", "", ""
        self.devmajor, self.devminor, self.offset, self.offset_data = 0, 0, 0, 0
        self.pax_headers, self.sparse, self.tarfile = {}, None, None

    path = property(lambda self: self.name, lambda self, value: setattr(self, "name", value))
    linkpath = property(lambda self: self.linkname, lambda self, value: setattr(self, "linkname", value))

    def __repr__(self):
        return "<%s %r at %#x>" % (type(self).__name__, self.name, id(self))

    def replace(self, *, name=_struct, mtime=_struct, mode=_struct, linkname=_struct, uid=_struct, gid=_struct, uname=_struct, gname=_struct, deep=True):
        """A copy with some of it changed."""
        new = _copy.deepcopy(self) if deep else _copy.copy(self)
        given = {"name": name, "mtime": mtime, "mode": mode, "linkname": linkname, "uid": uid, "gid": gid, "uname": uname, "gname": gname}
        for key, value in given.items():
            if value is not _struct:
                setattr(new, key, value)
        return new

    isreg = isfile = _is(*REGULAR_TYPES)
    isdir, issym, islnk = _is(DIRTYPE), _is(SYMTYPE), _is(LNKTYPE)
    ischr, isblk, isfifo, isdev = _is(CHRTYPE), _is(BLKTYPE), _is(FIFOTYPE), _is(CHRTYPE, BLKTYPE, FIFOTYPE)
    issparse = lambda self: self.sparse is not None

    def get_info(self):
        """What there is to know, as a dict."""
        info = {"name": self.name, "mode": self.mode & 0o7777, "uid": self.uid, "gid": self.gid, "size": self.size, "mtime": self.mtime,
                "chksum": self.chksum, "type": self.type, "linkname": self.linkname, "uname": self.uname, "gname": self.gname,
                "devmajor": self.devmajor, "devminor": self.devminor}
        if self.isdir() and not info["name"].endswith("/"):
            info["name"] += "/"
        return info

    # Writing.

    def tobuf(self, format=DEFAULT_FORMAT, encoding=ENCODING, errors="surrogateescape"):
        """The blocks of the header."""
        info = self.get_info()
        for key, value in info.items():
            if value is None:
                raise ValueError(f"{key} may not be None")
        if format == USTAR_FORMAT:
            if len(info["linkname"].encode(encoding, errors)) > LENGTH_LINK:
                raise ValueError("linkname is too long")
            prefix = self._divide(info, encoding, errors)
            if prefix is None:
                raise ValueError("name is too long")
            return self._block(info, prefix, USTAR_FORMAT, encoding, errors)
        if format == GNU_FORMAT:
            return self._gnu(info, encoding, errors)
        if format == PAX_FORMAT:
            return self._pax(info, encoding)
        raise ValueError("invalid format")

    def _divide(self, info, encoding, errors):
        """Cut a long name into a prefix and the rest, and give the prefix; None where that is not possible."""
        name = info["name"]
        if len(name.encode(encoding, errors)) <= LENGTH_NAME:
            return ""
        parts = name.split("/")
        for i in range(1, len(parts)):
            prefix, rest = "/".join(parts[:i]), "/".join(parts[i:])
            if len(prefix.encode(encoding, errors)) <= LENGTH_PREFIX and len(rest.encode(encoding, errors)) <= LENGTH_NAME:
                info["name"] = rest
                return prefix
        return None

    def _gnu(self, info, encoding, errors):
        out = b""
        for key, longest, kind in (("linkname", LENGTH_LINK, GNUTYPE_LONGLINK), ("name", LENGTH_NAME, GNUTYPE_LONGNAME)):
            data = info[key].encode(encoding, errors)
            if len(data) > longest:
                data += NUL
                head = {"name": "././@LongLink", "mode": 0, "uid": 0, "gid": 0, "size": len(data), "mtime": 0, "type": kind, "linkname": "",
                        "uname": "", "gname": "", "devmajor": 0, "devminor": 0}
                out += self._block(head, "", GNU_FORMAT, encoding, errors, magic=GNU_MAGIC) + _padded(data)
        return out + self._block(info, "", GNU_FORMAT, encoding, errors, magic=GNU_MAGIC)

    def _pax(self, info, encoding):
        headers = dict(self.pax_headers)
        prefix = ""
        for key, name, longest in (("name", "path", LENGTH_NAME), ("linkname", "linkpath", LENGTH_LINK), ("uname", "uname", 32), ("gname", "gname", 32)):
            if name in headers:
                continue
            if not info[key].isascii():
                headers[name] = info[key]
            elif len(info[key]) > longest:
                headers[name] = info[key]
        for key, digits in (("uid", 8), ("gid", 8), ("size", 12), ("mtime", 12)):
            value, kept = info[key], None
            if not 0 <= value < 8 ** (digits - 1):
                info[key], kept = 0, value
            elif isinstance(value, float):
                info[key] = int(value)
                kept = value if info[key] != value else None
            if kept is not None and key not in headers:
                headers[key] = str(kept)
        out = self._extended(headers, XHDTYPE, encoding) if headers else b""
        return out + self._block(info, prefix, USTAR_FORMAT, "ascii", "replace")

    @classmethod
    def create_pax_global_header(cls, pax_headers):
        """The blocks of a header for all members that follow."""
        return cls._extended(pax_headers, XGLTYPE, "utf-8")

    @classmethod
    def _extended(cls, headers, kind, encoding):
        binary = any([not _encodes(v) for v in headers.values()])
        records = b"21 hdrcharset=BINARY\n" if binary else b""
        for key, value in headers.items():
            value = value.encode(encoding, "surrogateescape") if binary else value.encode("utf-8")
            rest = len(key.encode("utf-8")) + len(value) + 3
            length, digits = rest, -1
            while digits != length:
                digits, length = length, rest + len(str(length))
            records += str(length).encode("ascii") + b" " + key.encode("utf-8") + b"=" + value + b"\n"
        head = {"name": "././@PaxHeader", "type": kind, "size": len(records), "mode": 0, "uid": 0, "gid": 0, "mtime": 0, "linkname": "",
                "uname": "", "gname": "", "devmajor": 0, "devminor": 0, "short": True}
        return cls._block(head, "", USTAR_FORMAT, "ascii", "replace") + _padded(records)

    @staticmethod
    def _block(info, prefix, format, encoding, errors, magic=POSIX_MAGIC):
        device = info.get("type") in (CHRTYPE, BLKTYPE)
        mode = info["mode"] & 0o7777
        parts = [_field(info["name"], 100, encoding, errors), _octal(mode, 8, format), _octal(info["uid"], 8, format), _octal(info["gid"], 8, format),
                 _octal(info["size"], 12, format), _octal(info["mtime"], 12, format), b"        ", info["type"],
                 _field(info["linkname"], 100, encoding, errors), magic, _field(info["uname"], 32, encoding, errors),
                 _field(info["gname"], 32, encoding, errors), _octal(info["devmajor"], 8, format) if device else bytes(8),
                 _octal(info["devminor"], 8, format) if device else bytes(8), _field(prefix, 155, encoding, errors)]
        block = b"".join(parts)
        block += bytes(BLOCKSIZE - len(block))
        return block[:148] + b"%06o\0 " % _sums(block)[0] + block[156:]

    # Reading.

    @classmethod
    def frombuf(cls, buf, encoding, errors):
        """What a block says."""
        if len(buf) == 0:
            raise HeaderError("empty header")
        if len(buf) != BLOCKSIZE:
            raise HeaderError("truncated header")
        if buf.count(NUL) == BLOCKSIZE:
            raise HeaderError("end of file header")
        chksum = _number(buf[148:156])
        if chksum not in _sums(buf):
            raise HeaderError("bad checksum")
        obj = cls()
        obj.name = _text(buf[0:100], encoding, errors)
        obj.mode, obj.uid, obj.gid = _number(buf[100:108]), _number(buf[108:116]), _number(buf[116:124])
        obj.size, obj.mtime, obj.chksum = _number(buf[124:136]), _number(buf[136:148]), chksum
        obj.type, obj.linkname = buf[156:157], _text(buf[157:257], encoding, errors)
        obj.uname, obj.gname = _text(buf[265:297], encoding, errors), _text(buf[297:329], encoding, errors)
        obj.devmajor, obj.devminor = _number(buf[329:337]), _number(buf[337:345])
        prefix = _text(buf[345:500], encoding, errors)
        if obj.type == AREGTYPE and obj.name.endswith("/"):
            obj.type = DIRTYPE
        if obj.type == GNUTYPE_SPARSE:
            raise ReadError(f"member {obj.name!r} is a sparse file, which is not supported")
        if obj.isdir():
            obj.name = obj.name.rstrip("/")
        if prefix and obj.type not in (GNUTYPE_LONGNAME, GNUTYPE_LONGLINK, GNUTYPE_SPARSE):
            obj.name = prefix + "/" + obj.name
        return obj


def _encodes(value):
    try:
        value.encode("utf-8", "strict")
        return True
    except UnicodeEncodeError:
        return False


def _records(data):
    """The keywords and values of an extended header."""
    found, at = {}, 0
    charset = "utf-8"
    while at < len(data) and data[at:at + 1] != NUL:
        space = data.find(b" ", at)
        digits = data[at:space] if space > 0 else b""
        if not digits.isdigit() or len(digits) > 19:
            raise HeaderError("invalid header")
        end = at + int(digits)
        record = data[space + 1:end]
        if end <= space or end > len(data) or record[-1:] != b"\n" or b"=" not in record:
            raise HeaderError("invalid header")
        key, _, value = record[:-1].partition(b"=")
        key = key.decode("utf-8", "surrogateescape")
        if key == "hdrcharset":
            charset = "utf-8" if value != b"BINARY" else None
        found[key] = value.decode("utf-8", "surrogateescape")
        at = end
    found.pop("hdrcharset", None)
    return found
