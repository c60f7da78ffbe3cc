"""Addresses and dates of messages."""

import calendar as _calendar
import datetime as _datetime
import re as _re
import socket as _socket
import time as _time
import uuid as _uuid

__all__ = ["collapse_rfc2231_value", "decode_params", "encode_rfc2231", "format_datetime", "formataddr", "formatdate", "getaddresses", "localtime", "make_msgid", "mktime_tz",
           "parseaddr", "parsedate", "parsedate_to_datetime", "parsedate_tz", "quote", "unquote"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -500, "EDT": -400, "CST": -600, "CDT": -500, "MST": -700, "MDT": -600, "PST": -800, "PDT": -700}
_DATE = _re.compile(r"^\s*(?:[A-Za-z]+,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([-+]\d{4}|[A-Za-z]+)?")


def quote(str):
    """Text for between quotes."""
    return str.replace("\\", "\\\\").replace('"', '\\"')


def unquote(str):
    """Text without the quotes or brackets around it."""
    if len(str) > 1:
        if str[0] == str[-1] == '"':
            return str[1:-1].replace("\\\\", "\\").replace('\\"', '"')
        if str[0] == "<" and str[-1] == ">":
            return str[1:-1]
    return str


def _written(t, zone):
    return f"{_DAYS[t[6]]}, {t[2]:02d} {_MONTHS[t[1] - 1]} {t[0]:04d} {t[3]:02d}:{t[4]:02d}:{t[5]:02d} {zone}"


def format_datetime(dt, usegmt=False):
    """A datetime as messages have it."""
    if usegmt and dt.utcoffset() != _datetime.timedelta(0):
        raise ValueError("usegmt option requires a UTC datetime")
    zone = "GMT" if usegmt else "-0000" if dt.tzinfo is None else dt.strftime("%z")
    return _written(dt.timetuple(), zone)


def formatdate(timeval=None, localtime=False, usegmt=False):
    """Seconds since the epoch, by default now, as messages have them."""
    dt = _datetime.datetime.fromtimestamp(_time.time() if timeval is None else timeval, _datetime.timezone.utc)
    if localtime:
        return format_datetime(dt.astimezone())
    return format_datetime(dt, True) if usegmt else format_datetime(dt.replace(tzinfo=None))


def localtime(dt=None, isdst=-1):
    """A datetime, by default now, with the zone of this place."""
    return (_datetime.datetime.now(_datetime.timezone.utc) if dt is None else dt).astimezone()


def parsedate_tz(data):
    """Ten numbers of a date, the last how many seconds its zone is ahead; None for what is no date."""
    t = _parts(data)
    return t if t is None else t[:9] + (t[9] or 0,)


def _parts(data):
    """The same, where a date without a zone has None for its last number."""
    found = _DATE.match(data or "")
    if not found or found.group(2).title() not in _MONTHS:
        return None
    day, month, year, hour, minute, second, zone = found.groups()
    year = int(year)
    if year < 100:
        year += 1900 if year > 68 else 2000
    offset = None
    if zone:
        number = _ZONES.get(zone.upper()) if zone[0].isalpha() else int(zone)
        if number is not None and zone != "-0000":
            offset = (1 if number >= 0 else -1) * (abs(number) // 100 * 3600 + abs(number) % 100 * 60)
    return (year, _MONTHS.index(month.title()) + 1, int(day), int(hour), int(minute), int(second or 0), 0, 1, -1, offset)


def parsedate(data):
    """Nine numbers of a date, as time.mktime takes them; None for what is no date."""
    t = parsedate_tz(data)
    return None if t is None else t[:9]


def mktime_tz(data):
    """Seconds since the epoch of parsedate_tz's numbers."""
    if data[9] is None:
        return _time.mktime(data[:8] + (-1,))
    return _calendar.timegm(data[:6] + (0, 0, 0)) - data[9]


def parsedate_to_datetime(data):
    """The datetime of a date, with its zone where it has one."""
    t = _parts(data)
    if t is None:
        raise ValueError(f'Invalid date value or format "{data}"')
    zone = None if t[9] is None else _datetime.timezone(_datetime.timedelta(seconds=t[9]))
    return _datetime.datetime(*t[:6], tzinfo=zone)


def formataddr(pair, charset="utf-8"):
    """A name and an address as a header has them."""
    name, address = pair
    address.encode("ascii")
    if not name:
        return address
    if not name.isascii():
        from email.header import Header

        return f"{Header(name, charset).encode()} <{address}>"
    marks = '"' if _re.search(r'[][\\()<>@,:;".]', name) else ""
    return f"{marks}{quote(name)}{marks} <{address}>"


def getaddresses(fieldvalues, *, strict=True):
    """Pairs of a name and an address, of headers of several."""
    found = []
    for one in _re.findall(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,"<])+', ", ".join(str(v) for v in fieldvalues)):
        if one.strip():
            found.append(_address(one.strip()))
    return found


def _address(text):
    inner = _re.match(r"^(.*)<([^>]*)>\s*$", text, _re.DOTALL)
    if inner:
        return unquote(inner.group(1).strip()), inner.group(2).strip()
    note = _re.match(r"^(\S+)\s*\((.*)\)\s*$", text)
    return (note.group(2), note.group(1)) if note else ("", text)


def parseaddr(addr, *, strict=True):
    """The name and the address of a header of one."""
    found = getaddresses([addr]) if addr else []
    if len(found) != 1 or not found[0][1] or " " in found[0][1]:
        return ("", "")
    return found[0]


def make_msgid(idstring=None, domain=None):
    """A new identity for a message."""
    return f"<{_uuid.uuid4().hex}{'.' + idstring if idstring else ''}@{domain or _socket.getfqdn()}>"


def encode_rfc2231(s, charset=None, language=None):
    """Text as a parameter of a header has it."""
    from urllib.parse import quote as percent

    s = percent(s, safe="", encoding=charset or "ascii")
    return s if charset is None and language is None else f"{charset}'{language or ''}'{s}"


def decode_params(params):
    """Parameters of a header as they are."""
    return list(params)


def collapse_rfc2231_value(value, errors="replace", fallback_charset="us-ascii"):
    """The text of a parameter."""
    if isinstance(value, tuple):
        from urllib.parse import unquote as plain

        return plain(value[2], value[0] or fallback_charset, errors)
    return unquote(value)
