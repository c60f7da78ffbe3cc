"""Tables in text files."""

import numpy as np


def loadtxt(fname, dtype=float, comments="#", delimiter=None, converters=None, skiprows=0, usecols=None, unpack=False, ndmin=0, encoding=None, max_rows=None):
    """An array from rows of numbers in text."""
    if converters is not None:
        raise NotImplementedError("numpy.loadtxt: converters are not provided here")
    rows = []
    for line in _lines(fname, skiprows):
        if comments:
            line = line.split(comments)[0]
        if not line.strip():
            continue
        cells = [c.strip() for c in (line.split(delimiter) if delimiter else line.split())]
        if usecols is not None:
            cells = [cells[i] for i in ([usecols] if isinstance(usecols, int) else usecols)]
        if rows and len(cells) != len(rows[0]):
            raise ValueError(f"the number of columns changed from {len(rows[0])} to {len(cells)} at row {len(rows) + 1}; use `usecols` to select a subset and avoid this error")
        rows.append([_number(c, len(rows), i) for i, c in enumerate(cells)])
        if max_rows is not None and len(rows) >= max_rows:
            break
    return _table(np.array(rows, dtype=dtype), unpack, ndmin)


def _lines(fname, skip):
    if hasattr(fname, "read"):
        text = fname.read()
    elif isinstance(fname, (list, tuple)):
        return [line.decode() if isinstance(line, bytes) else line for line in fname[skip:]]
    elif str(fname).endswith(".gz"):
        import gzip

        with gzip.open(fname, "rt") as f:
            text = f.read()
    else:
        with open(fname) as f:
            text = f.read()
    if isinstance(text, bytes):
        text = text.decode()
    return text.splitlines()[skip:]


def _number(cell, row, column):
    try:
        return int(cell)
    except ValueError:
        pass
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"could not convert string '{cell}' to float64 at row {row}, column {column + 1}.") from None


def _table(a, unpack, ndmin):
    if a.size == 0:
        a = a.reshape(0)
    if a.ndim == 2 and ndmin < 2:
        if a.shape[0] == 1:
            a = a[0]
        elif a.shape[1] == 1:
            a = a[:, 0]
    if a.ndim == 1 and a.size == 1 and ndmin == 0:
        a = a.reshape(())
    return a.T if unpack else a


def genfromtxt(fname, dtype=float, comments="#", delimiter=None, skip_header=0, skip_footer=0, usecols=None, filling_values=None, unpack=None, max_rows=None, encoding=None, names=None):
    """An array from rows of numbers in text; what is missing or no number is NaN."""
    if names is not None or dtype is None:
        raise NotImplementedError("numpy.genfromtxt: records (names, dtype=None) are not provided here")
    lines = _lines(fname, skip_header)
    if skip_footer:
        lines = lines[:-skip_footer]
    missing = np.nan if filling_values is None else filling_values
    rows = []
    for line in lines:
        if comments:
            line = line.split(comments)[0]
        if not line.strip():
            continue
        cells = [c.strip() for c in (line.split(delimiter) if delimiter else line.split())]
        if usecols is not None:
            cells = [cells[i] for i in ([usecols] if isinstance(usecols, int) else usecols)]
        row = []
        for c in cells:
            try:
                row.append(float(c))
            except ValueError:
                row.append(missing)
        if rows and len(row) != len(rows[0]):
            raise ValueError(f"Some errors were detected !\n    Line #{len(rows) + 1} (got {len(row)} columns instead of {len(rows[0])})")
        rows.append(row)
        if max_rows is not None and len(rows) >= max_rows:
            break
    a = np.array(rows)
    if np.dtype(dtype).kind in "iu":
        a = np.where(np.isnan(a), -1, a)
    return _table(a.astype(dtype), bool(unpack), 0)


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# ", encoding=None):
    """Write an array as rows of numbers."""
    X = np.asarray(X)
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    if X.ndim == 1:
        X = X[:, None]
    lines = []
    if header:
        lines.append(comments + header.replace("\n", "\n" + comments))
    formats = [fmt] * X.shape[1] if isinstance(fmt, str) and fmt.count("%") == 1 else fmt
    for row in X:
        if isinstance(formats, str):
            lines.append(formats % tuple(row.tolist()))
        else:
            lines.append(delimiter.join(f % v for f, v in zip(formats, row.tolist())))
    if footer:
        lines.append(comments + footer.replace("\n", "\n" + comments))
    text = "".join(line + newline for line in lines)
    if hasattr(fname, "write"):
        try:
            fname.write(text)
        except TypeError:
            fname.write(text.encode())
    else:
        with open(fname, "w") as f:
            f.write(text)
