"""Reading and writing comma-separated values."""

from _csv import next_row as _next_row

__all__ = ["DictReader", "DictWriter", "Error", "QUOTE_ALL", "QUOTE_MINIMAL", "QUOTE_NONE", "QUOTE_NONNUMERIC", "reader", "writer"]

QUOTE_MINIMAL = 0
QUOTE_ALL = 1
QUOTE_NONNUMERIC = 2
QUOTE_NONE = 3


class Error(Exception):
    pass


class Dialect:
    delimiter = ","
    quotechar = '"'
    escapechar = None
    doublequote = True
    skipinitialspace = False
    lineterminator = "\r\n"
    quoting = QUOTE_MINIMAL
    strict = False


class excel(Dialect):
    """What Excel writes."""


class excel_tab(Dialect):
    """What Excel writes, with tabs."""

    delimiter = "\t"


class unix_dialect(Dialect):
    lineterminator = "\n"
    quoting = QUOTE_ALL


_DIALECTS = {"excel": excel, "excel-tab": excel_tab, "unix": unix_dialect}


def list_dialects():
    return list(_DIALECTS)


def _settings(dialect, options):
    if isinstance(dialect, str):
        if dialect not in _DIALECTS:
            raise Error("unknown dialect")
        dialect = _DIALECTS[dialect]
    made = dialect()
    for name, value in options.items():
        if not hasattr(Dialect, name):
            raise TypeError(f"{name!r} is an invalid keyword argument for this function")
        setattr(made, name, value)
    if not isinstance(made.delimiter, str) or len(made.delimiter) != 1:
        raise TypeError('"delimiter" must be a 1-character string')
    return made


class reader:
    """The rows of a file or of any iterable of lines."""

    def __init__(self, csvfile, dialect="excel", **fmtparams):
        self.dialect = _settings(dialect, fmtparams)
        self.line_num = 0
        self._lines = iter(csvfile)
        d = self.dialect
        plain = d.quoting in (QUOTE_MINIMAL, QUOTE_ALL) and d.quotechar and d.escapechar is None and not d.skipinitialspace
        self._plain = (d.delimiter, d.quotechar) if plain else ()

    def __iter__(self):
        return self

    __next__ = _next_row

    def _row(self, line):
        """The row that begins with a line, and may go on in the next ones."""
        row = []
        field, quoted, inside = "", False, False
        while True:
            if line is None:
                if inside:
                    if self.dialect.strict:
                        raise Error("unexpected end of data")
                    row.append(field)
                    return row
                raise StopIteration
            if not isinstance(line, str):
                raise Error(f"iterator should return strings, not {type(line).__name__} (the file should be opened in text mode)")
            self.line_num += 1
            field, quoted, inside = self._parse(line, row, field, quoted, inside)
            if not inside:
                return row
            line = next(self._lines, None)

    def _parse(self, line, row, field, quoted, inside):
        d = self.dialect
        quote = None if d.quoting == QUOTE_NONE else d.quotechar
        if not inside and line.strip("\r\n") == "":
            return "", False, False
        if quote is not None and d.escapechar is None and not inside and quote not in line:
            fields = line.rstrip("\r\n").split(d.delimiter)
            if d.skipinitialspace:
                fields = [f.lstrip(" ") for f in fields]
            row.extend([self._finished(f, False) for f in fields])
            return "", False, False
        i = 0
        start = not inside
        while i < len(line):
            c = line[i]
            if inside:
                if c == d.escapechar and i + 1 < len(line):
                    i += 1
                    field += line[i]
                elif c == quote:
                    if d.doublequote and line[i + 1:i + 2] == quote:
                        field += quote
                        i += 1
                    else:
                        inside = False
                else:
                    field += c
            elif c == d.delimiter:
                row.append(self._finished(field, quoted))
                field, quoted, start = "", False, True
                i += 1
                continue
            elif c in "\r\n":
                break
            elif c == d.escapechar and i + 1 < len(line):
                i += 1
                field += line[i]
            elif start and c == quote:
                inside = quoted = True
            elif start and c == " " and d.skipinitialspace:
                i += 1
                continue
            else:
                field += c
            start = False
            i += 1
        if not inside:
            row.append(self._finished(field, quoted))
            return "", False, False
        return field, quoted, True

    def _finished(self, field, quoted):
        if self.dialect.quoting == QUOTE_NONNUMERIC and not quoted:
            return float(field)
        return field


class writer:
    """Writes rows to a file."""

    def __init__(self, csvfile, dialect="excel", **fmtparams):
        self.dialect = _settings(dialect, fmtparams)
        self._file = csvfile

    def _text(self, value, alone):
        d = self.dialect
        text = "" if value is None else repr(value) if isinstance(value, float) else str(value)
        number = isinstance(value, (int, float))
        special = any(c in text for c in (d.delimiter, d.quotechar or "", "\r", "\n") if c) or alone and text == ""
        if d.quoting == QUOTE_NONE:
            if special:
                if d.escapechar is None:
                    raise Error("need to escape, but no escapechar set")
                for c in (d.escapechar, d.delimiter, d.quotechar):
                    if c:
                        text = text.replace(c, d.escapechar + c)
            return text
        if d.quoting == QUOTE_ALL or d.quoting == QUOTE_NONNUMERIC and not number or special:
            mark = d.quotechar * 2 if d.doublequote else (d.escapechar or "") + d.quotechar
            return d.quotechar + text.replace(d.quotechar, mark) + d.quotechar
        return text

    def writerow(self, row):
        values = list(row)
        line = self.dialect.delimiter.join([self._text(v, len(values) == 1) for v in values])
        return self._file.write(line + self.dialect.lineterminator)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)


class DictReader:
    """The rows of a file as dicts; the first row names the fields unless they are given."""

    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect="excel", *args, **kwds):
        self._fieldnames = None if fieldnames is None else list(fieldnames)
        self.restkey = restkey
        self.restval = restval
        self.reader = reader(f, dialect, *args, **kwds)

    @property
    def line_num(self):
        return self.reader.line_num

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            self._fieldnames = next(self.reader, None)
        return self._fieldnames

    def __iter__(self):
        return self

    def __next__(self):
        names = self.fieldnames
        row = next(self.reader)
        while row == []:
            row = next(self.reader)
        d = dict(zip(names, row))
        if len(row) > len(names):
            d[self.restkey] = row[len(names):]
        for name in names[len(row):]:
            d[name] = self.restval
        return d


class DictWriter:
    """Writes dicts to a file."""

    def __init__(self, f, fieldnames, restval="", extrasaction="raise", dialect="excel", *args, **kwds):
        if extrasaction.lower() not in ("raise", "ignore"):
            raise ValueError(f"extrasaction ({extrasaction}) must be 'raise' or 'ignore'")
        self.fieldnames = list(fieldnames)
        self.restval = restval
        self.extrasaction = extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        return self.writer.writerow(self.fieldnames)

    def writerow(self, rowdict):
        if self.extrasaction == "raise":
            wrong = [k for k in rowdict if k not in self.fieldnames]
            if wrong:
                raise ValueError("dict contains fields not in fieldnames: " + ", ".join([repr(k) for k in wrong]))
        return self.writer.writerow([rowdict.get(k, self.restval) for k in self.fieldnames])

    def writerows(self, rowdicts):
        for row in rowdicts:
            self.writerow(row)
