"""Dates and times."""

import _datetime

__all__ = ["date", "datetime", "time", "timedelta", "timezone", "tzinfo", "MINYEAR", "MAXYEAR", "UTC"]

MINYEAR = 1
MAXYEAR = 9999
_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = 86400


def _leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)


def _month_days(y, m):
    return 29 if m == 2 and _leap(y) else _DAYS[m]


def _ordinal(y, m, d):
    before = y - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + _BEFORE[m] + (1 if m > 2 and _leap(y) else 0) + d


def _from_ordinal(n):
    n -= 1
    n400, n = divmod(n, 146097)
    n100, n = divmod(n, 36524)
    n4, n = divmod(n, 1461)
    n1, n = divmod(n, 365)
    y = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1
    if n1 == 4 or n100 == 4:
        return y - 1, 12, 31
    m = (n + 50) >> 5
    before = _BEFORE[m] + (1 if m > 2 and _leap(y) else 0)
    if before > n:
        m -= 1
        before -= _month_days(y, m)
    return y, m, n - before + 1


def _check_date(y, m, d):
    for name, v in (("year", y), ("month", m), ("day", d)):
        if isinstance(v, float):
            raise TypeError("'float' object cannot be interpreted as an integer")
    if not MINYEAR <= y <= MAXYEAR:
        raise ValueError(f"year {y} is out of range")
    if not 1 <= m <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= d <= _month_days(y, m):
        raise ValueError("day is out of range for month")


def _check_time(h, m, s, us, fold):
    if not 0 <= h <= 23:
        raise ValueError("hour must be in 0..23")
    if not 0 <= m <= 59:
        raise ValueError("minute must be in 0..59")
    if not 0 <= s <= 59:
        raise ValueError("second must be in 0..59")
    if not 0 <= us <= 999999:
        raise ValueError("microsecond must be in 0..999999")
    if fold not in (0, 1):
        raise ValueError("fold must be either 0 or 1")


class timedelta:
    """A duration: the difference of two dates or times."""

    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        days = days + weeks * 7
        seconds = seconds + minutes * 60 + hours * 3600
        microseconds = microseconds + milliseconds * 1000
        if isinstance(days, int) and isinstance(seconds, int) and isinstance(microseconds, int):
            total = (days * _DAY + seconds) * 1000000 + microseconds
        else:
            whole_days = int(days // 1)
            seconds += (days - whole_days) * _DAY
            whole_seconds = int(seconds // 1)
            total = (whole_days * _DAY + whole_seconds) * 1000000 + round((seconds - whole_seconds) * 1e6 + microseconds)
        self.days, rest = divmod(total, _DAY * 1000000)
        self.seconds, self.microseconds = divmod(rest, 1000000)
        if abs(self.days) > 999999999:
            raise OverflowError(f"days={self.days}; must have magnitude <= 999999999")

    def _micros(self):
        return (self.days * _DAY + self.seconds) * 1000000 + self.microseconds

    def total_seconds(self):
        return self._micros() / 10**6

    def __repr__(self):
        parts = []
        for name in ("days", "seconds", "microseconds"):
            if getattr(self, name):
                parts.append(f"{name}={getattr(self, name)}")
        return f"datetime.timedelta({', '.join(parts) or '0'})"

    def __str__(self):
        m, s = divmod(self.seconds, 60)
        h, m = divmod(m, 60)
        text = f"{h}:{m:02d}:{s:02d}"
        if self.days:
            text = f"{self.days} day{'' if abs(self.days) == 1 else 's'}, {text}"
        if self.microseconds:
            text += f".{self.microseconds:06d}"
        return text

    def __add__(self, other):
        if isinstance(other, timedelta):
            return timedelta(microseconds=self._micros() + other._micros())
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return timedelta(microseconds=self._micros() - other._micros())
        return NotImplemented

    def __neg__(self):
        return timedelta(microseconds=-self._micros())

    def __pos__(self):
        return self

    def __abs__(self):
        return -self if self.days < 0 else self

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta(microseconds=self._micros() * other)
        if isinstance(other, float):
            return timedelta(microseconds=round(self._micros() * other))
        return NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._micros() / other._micros()
        if isinstance(other, (int, float)):
            return timedelta(microseconds=round(self._micros() / other))
        return NotImplemented

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._micros() // other._micros()
        if isinstance(other, int):
            return timedelta(microseconds=self._micros() // other)
        return NotImplemented

    def __mod__(self, other):
        if isinstance(other, timedelta):
            return timedelta(microseconds=self._micros() % other._micros())
        return NotImplemented

    def __divmod__(self, other):
        q, r = divmod(self._micros(), other._micros())
        return q, timedelta(microseconds=r)

    def __eq__(self, other):
        return self._micros() == other._micros() if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._micros() < other._micros() if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other):
        return self._micros() <= other._micros() if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other):
        return self._micros() > other._micros() if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other):
        return self._micros() >= other._micros() if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        return hash(self._micros())

    def __bool__(self):
        return self._micros() != 0


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(days=999999999, hours=23, minutes=59, seconds=59, microseconds=999999)
timedelta.resolution = timedelta(microseconds=1)


class tzinfo:
    """What knows the offset of local time from UTC."""

    def utcoffset(self, dt):
        raise NotImplementedError("tzinfo subclass must override utcoffset()")

    def tzname(self, dt):
        raise NotImplementedError("tzinfo subclass must override tzname()")

    def dst(self, dt):
        raise NotImplementedError("tzinfo subclass must override dst()")

    def fromutc(self, dt):
        return dt + self.utcoffset(dt)


class timezone(tzinfo):
    """A fixed offset from UTC."""

    def __init__(self, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError(f"timezone() argument 1 must be datetime.timedelta, not {type(offset).__name__}")
        if not timedelta(-1) < offset < timedelta(1):
            raise ValueError(f"offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {offset!r}.")
        self._offset, self._name = offset, name

    def utcoffset(self, dt):
        return self._offset

    def dst(self, dt):
        return None

    def tzname(self, dt):
        if self._name is not None:
            return self._name
        return "UTC" if not self._offset else "UTC" + _offset_text(self._offset)

    def __repr__(self):
        if self is timezone.utc:
            return "datetime.timezone.utc"
        name = "" if self._name is None else f", {self._name!r}"
        return f"datetime.timezone({self._offset!r}{name})"

    def __str__(self):
        return self.tzname(None)

    def __eq__(self, other):
        return self._offset == other._offset if isinstance(other, timezone) else NotImplemented

    def __hash__(self):
        return hash(self._offset)


def _offset_text(offset, colon=":"):
    if offset is None:
        return ""
    sign = "-" if offset.days < 0 else "+"
    s = abs(offset).seconds
    text = f"{sign}{s // 3600:02d}{colon}{s // 60 % 60:02d}"
    return text + (f"{colon}{s % 60:02d}" if s % 60 else "")


timezone.utc = timezone(timedelta(0))
timezone.min = timezone(-timedelta(hours=23, minutes=59))
timezone.max = timezone(timedelta(hours=23, minutes=59))
UTC = timezone.utc


def _format(fmt, y, mo, d, h, mi, s, us, offset, name):
    if offset is None:
        fmt = fmt.replace("%z", "").replace("%Z", "")
    else:
        fmt = fmt.replace("%z", _offset_text(offset, "")).replace("%Z", (name or "").replace("%", "%%"))
    seconds = None if offset is None else int(offset.total_seconds())
    return _datetime.format(fmt, y, mo, d, h, mi, s, us, seconds, name or "")


class date:
    """A day of the calendar."""

    def __init__(self, year, month=None, day=None):
        if month is None or day is None:
            raise TypeError(f"function missing required argument '{'month' if month is None else 'day'}' (pos {2 if month is None else 3})")
        _check_date(year, month, day)
        self.year, self.month, self.day = year, month, day

    @classmethod
    def today(cls):
        return cls.fromtimestamp(None)

    @classmethod
    def fromtimestamp(cls, timestamp):
        if timestamp is None:
            y, m, d = _datetime.now(False)[:3]
        else:
            t = datetime.fromtimestamp(timestamp)
            y, m, d = t.year, t.month, t.day
        return cls(y, m, d)

    @classmethod
    def fromordinal(cls, ordinal):
        if not 1 <= ordinal <= 3652059:
            raise ValueError("ordinal must be >= 1" if ordinal < 1 else f"year is out of range")
        return cls(*_from_ordinal(ordinal))

    @classmethod
    def fromisoformat(cls, text):
        if not isinstance(text, str):
            raise TypeError("fromisoformat: argument must be str")
        return cls(*_iso_date(text, text))

    @classmethod
    def fromisocalendar(cls, year, week, day):
        first = _ordinal(year, 1, 4)
        return cls.fromordinal(first - (first + 6) % 7 + (week - 1) * 7 + day - 1)

    def toordinal(self):
        return _ordinal(self.year, self.month, self.day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.weekday() + 1

    def isocalendar(self):
        from collections import namedtuple

        n = self.toordinal()
        thursday = _from_ordinal(n - (n + 6) % 7 + 3)
        week = (_ordinal(*thursday) - _ordinal(thursday[0], 1, 1)) // 7 + 1
        return namedtuple("IsoCalendarDate", "year week weekday")(thursday[0], week, self.isoweekday())

    def isoformat(self):
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    def ctime(self):
        return f"{_WEEKDAYS[self.weekday()]} {_MONTHS[self.month]} {self.day:2d} 00:00:00 {self.year:04d}"

    def strftime(self, format):
        return _format(format, self.year, self.month, self.day, 0, 0, 0, 0, None, None)

    def timetuple(self):
        import time as _time

        day = self.toordinal() - _ordinal(self.year, 1, 1) + 1
        return _time.struct_time((self.year, self.month, self.day, 0, 0, 0, self.weekday(), day, -1))

    def replace(self, year=None, month=None, day=None):
        return type(self)(self.year if year is None else year, self.month if month is None else month, self.day if day is None else day)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def __repr__(self):
        return f"datetime.date({self.year}, {self.month}, {self.day})"

    def __str__(self):
        return self.isoformat()

    def _key(self):
        return (self.year, self.month, self.day)

    def __eq__(self, other):
        return self._key() == other._key() if type(other) is type(self) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if type(other) is type(self) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if type(other) is type(self) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if type(other) is type(self) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if type(other) is type(self) else NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        n = self.toordinal() + other.days
        if not 1 <= n <= 3652059:
            raise OverflowError("date value out of range")
        return type(self)(*_from_ordinal(n))

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return self + timedelta(-other.days) if isinstance(other, timedelta) else NotImplemented


date.min, date.max, date.resolution = date(1, 1, 1), date(9999, 12, 31), timedelta(days=1)


def _iso_date(text, whole):
    try:
        if len(text) == 10 and text[4] == "-" and text[7] == "-":
            return int(text[:4]), int(text[5:7]), int(text[8:])
        if len(text) == 8 and text.isdigit():
            return int(text[:4]), int(text[4:6]), int(text[6:])
    except ValueError:
        pass
    raise ValueError(f"Invalid isoformat string: {whole!r}")


def _iso_time(text, whole):
    zone = None
    for mark in ("+", "-", "Z"):
        if mark in text:
            text, rest = text.split(mark, 1)
            if mark == "Z":
                zone = timezone.utc
            else:
                h, m, s, us = _iso_clock(rest, whole)
                offset = timedelta(hours=h, minutes=m, seconds=s, microseconds=us)
                zone = timezone(-offset if mark == "-" else offset) if offset else timezone.utc
            break
    return _iso_clock(text, whole) + (zone,)


def _iso_clock(text, whole):
    text, dot, frac = text.replace(",", ".").partition(".")
    parts = text.split(":") if ":" in text else [text[i : i + 2] for i in range(0, len(text), 2)]
    if not 1 <= len(parts) <= 3 or any(len(p) != 2 or not p.isdigit() for p in parts) or dot and not frac.isdigit():
        raise ValueError(f"Invalid isoformat string: {whole!r}")
    n = [int(p) for p in parts] + [0, 0]
    return n[0], n[1], n[2], int((frac + "000000")[:6])


class time:
    """A time of day."""

    def __init__(self, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        _check_time(hour, minute, second, microsecond, fold)
        self.hour, self.minute, self.second, self.microsecond = hour, minute, second, microsecond
        self.tzinfo, self.fold = tzinfo, fold

    @classmethod
    def fromisoformat(cls, text):
        return cls(*_iso_time(text.removeprefix("T"), text))

    def utcoffset(self):
        return None if self.tzinfo is None else self.tzinfo.utcoffset(None)

    def dst(self):
        return None if self.tzinfo is None else self.tzinfo.dst(None)

    def tzname(self):
        return None if self.tzinfo is None else self.tzinfo.tzname(None)

    def isoformat(self, timespec="auto"):
        return _clock_text(self, timespec) + _offset_text(self.utcoffset())

    def strftime(self, format):
        return _format(format, 1900, 1, 1, self.hour, self.minute, self.second, self.microsecond, self.utcoffset(), self.tzname())

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *, fold=None):
        return type(self)(
            self.hour if hour is None else hour,
            self.minute if minute is None else minute,
            self.second if second is None else second,
            self.microsecond if microsecond is None else microsecond,
            self.tzinfo if tzinfo is True else tzinfo,
            fold=self.fold if fold is None else fold,
        )

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def __repr__(self):
        text = f"{self.hour}, {self.minute}"
        if self.second or self.microsecond:
            text += f", {self.second}"
        if self.microsecond:
            text += f", {self.microsecond}"
        if self.tzinfo is not None:
            text += f", tzinfo={self.tzinfo!r}"
        return f"datetime.time({text})"

    def __str__(self):
        return self.isoformat()

    def _key(self):
        micros = ((self.hour * 60 + self.minute) * 60 + self.second) * 1000000 + self.microsecond
        offset = self.utcoffset()
        return micros if offset is None else micros - offset._micros()

    def __eq__(self, other):
        return self._key() == other._key() and (self.tzinfo is None) == (other.tzinfo is None) if isinstance(other, time) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if isinstance(other, time) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if isinstance(other, time) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if isinstance(other, time) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if isinstance(other, time) else NotImplemented

    def __hash__(self):
        return hash(self._key())


time.min, time.max, time.resolution = time(0, 0), time(23, 59, 59, 999999), timedelta(microseconds=1)


def _clock_text(t, timespec):
    if timespec == "auto":
        timespec = "microseconds" if t.microsecond else "seconds"
    text = f"{t.hour:02d}"
    if timespec == "hours":
        return text
    text += f":{t.minute:02d}"
    if timespec == "minutes":
        return text
    text += f":{t.second:02d}"
    if timespec == "seconds":
        return text
    if timespec == "milliseconds":
        return text + f".{t.microsecond // 1000:03d}"
    if timespec == "microseconds":
        return text + f".{t.microsecond:06d}"
    raise ValueError("Unknown timespec value")


class datetime(date):
    """A day and a time of day."""

    def __init__(self, year, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        super().__init__(year, month, day)
        _check_time(hour, minute, second, microsecond, fold)
        self.hour, self.minute, self.second, self.microsecond = hour, minute, second, microsecond
        self.tzinfo, self.fold = tzinfo, fold

    @classmethod
    def now(cls, tz=None):
        if tz is None:
            return cls(*_datetime.now(False)[:7])
        return tz.fromutc(cls(*_datetime.now(True)[:7], tzinfo=tz))

    @classmethod
    def today(cls):
        return cls.now()

    @classmethod
    def utcnow(cls):
        return cls(*_datetime.now(True)[:7])

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        if tz is not None:
            return tz.fromutc(cls.utcfromtimestamp(timestamp).replace(tzinfo=tz))
        return cls.utcfromtimestamp(timestamp) + timedelta(seconds=_datetime.offset(int(timestamp // 1)))

    @classmethod
    def utcfromtimestamp(cls, timestamp):
        whole = int(timestamp // 1)
        micros = round((timestamp - whole) * 1e6)
        return cls(1970, 1, 1) + timedelta(seconds=whole, microseconds=micros)

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond, time.tzinfo if tzinfo is True else tzinfo, fold=time.fold)

    @classmethod
    def fromisoformat(cls, text):
        if not isinstance(text, str):
            raise TypeError("fromisoformat: argument must be str")
        cut = 10 if text[4:5] == "-" else 8
        day = _iso_date(text[:cut], text)
        if len(text) == cut:
            return cls(*day)
        return cls(*day, *_iso_time(text[cut + 1 :], text))

    @classmethod
    def strptime(cls, text, format):
        f = _datetime.parse(text, format)
        zone = None if f[7] is None else (timezone(timedelta(seconds=f[7])) if f[7] else timezone.utc)
        return cls(*f[:7], zone)

    def date(self):
        return date(self.year, self.month, self.day)

    def time(self):
        return time(self.hour, self.minute, self.second, self.microsecond, fold=self.fold)

    def timetz(self):
        return time(self.hour, self.minute, self.second, self.microsecond, self.tzinfo, fold=self.fold)

    def utcoffset(self):
        return None if self.tzinfo is None else self.tzinfo.utcoffset(self)

    def dst(self):
        return None if self.tzinfo is None else self.tzinfo.dst(self)

    def tzname(self):
        return None if self.tzinfo is None else self.tzinfo.tzname(self)

    def timestamp(self):
        if self.tzinfo is None:
            seconds, _ = _datetime.local(self.year, self.month, self.day, self.hour, self.minute, self.second, 0)
            return seconds + self.microsecond / 1e6
        return (self - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds()

    def astimezone(self, tz=None):
        offset = self.utcoffset()
        if offset is None:
            _, seconds = _datetime.local(self.year, self.month, self.day, self.hour, self.minute, self.second, 0)
            offset = timedelta(seconds=seconds)
        utc = self.replace(tzinfo=None) - offset
        if tz is None:
            since = utc - datetime(1970, 1, 1)
            tz = timezone(timedelta(seconds=_datetime.offset(since.days * _DAY + since.seconds)))
        return tz.fromutc(utc.replace(tzinfo=tz))

    def isoformat(self, sep="T", timespec="auto"):
        return super().isoformat() + sep + _clock_text(self, timespec) + _offset_text(self.utcoffset())

    def ctime(self):
        return f"{_WEEKDAYS[self.weekday()]} {_MONTHS[self.month]} {self.day:2d} {self.hour:02d}:{self.minute:02d}:{self.second:02d} {self.year:04d}"

    def strftime(self, format):
        return _format(format, self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond, self.utcoffset(), self.tzname())

    def timetuple(self):
        import time as _time

        day = self.toordinal() - _ordinal(self.year, 1, 1) + 1
        return _time.struct_time((self.year, self.month, self.day, self.hour, self.minute, self.second, self.weekday(), day, -1))

    def utctimetuple(self):
        offset = self.utcoffset()
        return (self if offset is None else self.replace(tzinfo=None) - offset).timetuple()

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *, fold=None):
        return type(self)(
            self.year if year is None else year,
            self.month if month is None else month,
            self.day if day is None else day,
            self.hour if hour is None else hour,
            self.minute if minute is None else minute,
            self.second if second is None else second,
            self.microsecond if microsecond is None else microsecond,
            self.tzinfo if tzinfo is True else tzinfo,
            fold=self.fold if fold is None else fold,
        )

    def __repr__(self):
        parts = [self.year, self.month, self.day, self.hour, self.minute]
        if self.second or self.microsecond:
            parts.append(self.second)
        if self.microsecond:
            parts.append(self.microsecond)
        text = ", ".join(str(p) for p in parts)
        if self.tzinfo is not None:
            text += f", tzinfo={self.tzinfo!r}"
        return f"datetime.datetime({text})"

    def __str__(self):
        return self.isoformat(sep=" ")

    def _micros(self):
        seconds = ((self.toordinal() * 24 + self.hour) * 60 + self.minute) * 60 + self.second
        return seconds * 1000000 + self.microsecond

    def _against(self, other):
        """The microseconds of both, in UTC if they know it."""
        a, b = self.utcoffset(), other.utcoffset()
        if (a is None) != (b is None):
            return None
        return self._micros() - (a._micros() if a else 0), other._micros() - (b._micros() if b else 0)

    def __eq__(self, other):
        if not isinstance(other, datetime):
            return NotImplemented
        both = self._against(other)
        return both is not None and both[0] == both[1]

    def _order(self, other):
        both = self._against(other)
        if both is None:
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return both[0] - both[1]

    def __lt__(self, other):
        return self._order(other) < 0 if isinstance(other, datetime) else NotImplemented

    def __le__(self, other):
        return self._order(other) <= 0 if isinstance(other, datetime) else NotImplemented

    def __gt__(self, other):
        return self._order(other) > 0 if isinstance(other, datetime) else NotImplemented

    def __ge__(self, other):
        return self._order(other) >= 0 if isinstance(other, datetime) else NotImplemented

    def __hash__(self):
        offset = self.utcoffset()
        return hash(self._micros() - (offset._micros() if offset else 0))

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        days, rest = divmod(self._micros() + other._micros(), _DAY * 1000000)
        if not 1 <= days <= 3652059:
            raise OverflowError("date value out of range")
        seconds, us = divmod(rest, 1000000)
        return type(self)(*_from_ordinal(days), seconds // 3600, seconds // 60 % 60, seconds % 60, us, self.tzinfo)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + -other
        if not isinstance(other, datetime):
            return NotImplemented
        both = self._against(other)
        if both is None:
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        return timedelta(microseconds=both[0] - both[1])


datetime.min, datetime.max = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)
