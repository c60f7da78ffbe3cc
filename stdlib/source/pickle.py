"""Values as bytes, and back. Classes are found by their names among those of the program's own modules and a list of harmless ones."""

import io as _io
import struct as _struct
import sys as _sys

__all__ = ["DEFAULT_PROTOCOL", "HIGHEST_PROTOCOL", "PickleError", "Pickler", "PicklingError", "Unpickler", "UnpicklingError", "dump", "dumps", "load", "loads"]

HIGHEST_PROTOCOL, DEFAULT_PROTOCOL = 5, 4
format_version = "4.0"


class PickleError(Exception):
    """What goes wrong with pickles."""


class PicklingError(PickleError):
    """A value that cannot be written."""


class UnpicklingError(PickleError):
    """Bytes that are no pickle, or name what may not be made."""


# What may be named besides the classes of the program's own modules: it makes values and does nothing else.
_harmless = {
    "builtins": "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple type NoneType Exception ValueError "
                "TypeError KeyError IndexError RuntimeError AttributeError OSError StopIteration AssertionError NotImplementedError",
    "collections": "OrderedDict defaultdict deque Counter ChainMap UserDict UserList UserString",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal", "fractions": "Fraction", "uuid": "UUID", "types": "SimpleNamespace", "pathlib": "Path PurePath PosixPath PurePosixPath",
    "_codecs": "encode", "copyreg": "_reconstructor", "functools": "partial", "array": "array",
    "numpy": "ndarray dtype", "numpy.core.multiarray": "_reconstruct scalar", "numpy._core.multiarray": "_reconstruct scalar", "mlx.core": "array",
    "numpy._core.numeric": "_frombuffer", "numpy.core.numeric": "_frombuffer",
}


def _frombuffer(buffer, dtype, shape, order, axis_order=None):
    import numpy

    return numpy.frombuffer(bytes(buffer), dtype).reshape(shape).copy()


class _NumpyArray:
    """An array of numpy's while its state comes."""

    def __init__(self):
        self.value = None

    def __setstate__(self, state):
        import numpy

        _, shape, dtype, fortran, data = state
        data = data.encode("latin-1") if isinstance(data, str) else bytes(data)
        flat = numpy.frombuffer(data, _dtype(dtype)).copy()
        self.value = flat.reshape(shape[::-1]).transpose() if fortran else flat.reshape(shape)


# MLX's numbers for dtypes, in order.
_core_dtypes = "bool_ uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 float32 float64 bfloat16 complex64".split()


class _CoreArray(_NumpyArray):
    """An array of mlx.core's while its state comes: numpy's array of its elements, and the number of its dtype."""

    def __setstate__(self, state):
        import mlx.core

        data, number = state
        self.value = mlx.core.array(data)
        if _core_dtypes[number] == "bfloat16":
            self.value = self.value.view(mlx.core.bfloat16)


class _Dtype:
    """A dtype of numpy's while its state comes."""

    def __init__(self, name, *rest):
        self.name = name

    def __setstate__(self, state):
        if state[1] in ("<", ">"):
            self.name = state[1] + self.name


def _dtype(d):
    import numpy

    return numpy.dtype(d.name) if isinstance(d, _Dtype) else d


def _scalar(dtype, data=None):
    import numpy

    return numpy.frombuffer(data.encode("latin-1") if isinstance(data, str) else data, _dtype(dtype))[0]


def _reconstructor(cls, base, state):
    return object.__new__(cls) if base is object else base.__new__(cls, state)


def _encode(text, encoding="latin1"):
    return text.encode(encoding)


def _dated(kind, size):
    """A maker of dates and times from the bytes in which Python writes them."""

    def make(first, *rest):
        import datetime

        cls = getattr(datetime, kind)
        data = first.encode("latin-1") if isinstance(first, str) else first
        if not isinstance(data, bytes) or len(data) != size:
            return cls(first, *rest)
        tz = rest[0] if rest else None
        if kind == "date":
            return cls(data[0] << 8 | data[1], data[2], data[3])
        fields = list(data[-6:])
        clock = (fields[0], fields[1], fields[2], int.from_bytes(data[-3:], "big"))
        return cls(*clock, tz) if kind == "time" else cls(data[0] << 8 | data[1], data[2] & 127, data[3], *clock, tz)

    return make


def _date_parts(obj):
    """What a date or a time is made of, as the arguments of its class."""
    kind = type(obj).__name__
    if kind == "date":
        return (obj.year, obj.month, obj.day)
    if kind == "timedelta":
        return (obj.days, obj.seconds, obj.microseconds)
    clock = (obj.hour, obj.minute, obj.second, obj.microsecond, obj.tzinfo)
    return clock if kind == "time" else (obj.year, obj.month, obj.day, *clock)


_special = {("datetime", "date"): _dated("date", 4), ("datetime", "time"): _dated("time", 6), ("datetime", "datetime"): _dated("datetime", 10),
            ("numpy.core.multiarray", "_reconstruct"): lambda *a: _NumpyArray(), ("numpy._core.multiarray", "_reconstruct"): lambda *a: _NumpyArray(),
            ("mlx.core", "array"): _CoreArray, ("numpy", "dtype"): _Dtype, ("numpy.core.multiarray", "scalar"): _scalar, ("numpy._core.multiarray", "scalar"): _scalar,
            ("copyreg", "_reconstructor"): _reconstructor, ("_codecs", "encode"): _encode,
            ("numpy._core.numeric", "_frombuffer"): _frombuffer, ("numpy.core.numeric", "_frombuffer"): _frombuffer}
_old_modules = {"__builtin__": "builtins", "copy_reg": "copyreg", "exceptions": "builtins", "UserDict": "collections"}
_old_names = {"unicode": "str", "xrange": "range", "long": "int"}
_mark = object()


class Unpickler:
    """Reads values."""

    def __init__(self, file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
        self._file, self._encoding, self._errors = file, encoding, errors
        self._buffers = iter(buffers) if buffers is not None else None
        self.memo = {}

    def persistent_load(self, pid):
        raise UnpicklingError("unsupported persistent id encountered")

    def find_class(self, module, name):
        """The class of a name, if it may be made."""
        module, name = _old_modules.get(module, module), _old_names.get(name, name)
        special = _special.get((module, name))
        if special is not None:
            return special
        if name in _harmless.get(module, "").split():
            __import__(module)
            return _walk(_sys.modules[module], name)
        known = _sys.modules.get(module)
        if known is not None and (getattr(known, "__file__", None) or module == "__main__"):
            found = _walk(known, name)
            if isinstance(found, type):
                return found
        raise UnpicklingError(f"pickle: {module}.{name} is none of the program's own classes, and may not be made")

    def load(self):
        """The next value."""
        stack, file = [], self._file
        read = file.read

        def take(n):
            data = read(n)
            if len(data) < n:
                raise EOFError("Ran out of input") if not data and not stack else UnpicklingError("pickle data was truncated")
            return data

        def line():
            data = file.readline()
            if data[-1:] != b"\n":
                raise UnpicklingError("pickle data was truncated")
            return data[:-1]

        def number(format, n):
            return _struct.unpack(format, take(n))[0]

        def since_mark():
            for i in range(len(stack) - 1, -1, -1):
                if stack[i] is _mark:
                    items = stack[i + 1:]
                    del stack[i:]
                    return items
            raise UnpicklingError("unexpected MARK found")

        while True:
            code = read(1)
            if not code:
                raise EOFError("Ran out of input")
            if code == b".":
                return _finished(stack.pop())
            step = _codes.get(code)
            if step is None:
                raise UnpicklingError(f"invalid load key, {code!r}.")
            step(self, stack, take, line, number, since_mark)

    def _bytes_text(self, data):
        return data if self._encoding == "bytes" else data.decode(self._encoding, self._errors)


def _walk(found, name):
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _finished(value):
    return value.value if isinstance(value, _NumpyArray) else _dtype(value) if isinstance(value, _Dtype) else value


def _push(make):
    return lambda u, stack, take, line, number, since_mark: stack.append(make(u, take, line, number))


def _put(index):
    def step(u, stack, take, line, number, since_mark):
        u.memo[index(u, take, line, number)] = stack[-1]

    return step


def _sized(format, n, make):
    return _push(lambda u, take, line, number: make(u, take(number(format, n))))


def _text(u, data):
    return data.decode("utf-8", "surrogatepass")


def _integer(text):
    return True if text == b"01" else False if text == b"00" else int(text)


def _escaped(data):
    import ast

    return ast.literal_eval("b" + data.decode("ascii"))


def _collect(kind):
    return lambda u, stack, take, line, number, since_mark: stack.append(kind([_finished(x) for x in since_mark()]))


def _pairs(items):
    return {items[i]: items[i + 1] for i in range(0, len(items), 2)}


def _tuple_of(n):
    def step(u, stack, take, line, number, since_mark):
        items = [_finished(x) for x in stack[len(stack) - n:]]
        del stack[len(stack) - n:]
        stack.append(tuple(items))

    return step


def _append(u, stack, take, line, number, since_mark):
    value = stack.pop()
    stack[-1].append(_finished(value))


def _appends(u, stack, take, line, number, since_mark):
    items = [_finished(x) for x in since_mark()]
    target = stack[-1]
    if hasattr(target, "extend"):
        target.extend(items)
    else:
        for x in items:
            target.append(x)


def _setitem(u, stack, take, line, number, since_mark):
    value, key = stack.pop(), stack.pop()
    stack[-1][_finished(key)] = _finished(value)


def _setitems(u, stack, take, line, number, since_mark):
    items = since_mark()
    for i in range(0, len(items), 2):
        stack[-1][_finished(items[i])] = _finished(items[i + 1])


def _additems(u, stack, take, line, number, since_mark):
    for x in since_mark():
        stack[-1].add(_finished(x))


def _reduce(u, stack, take, line, number, since_mark):
    args, function = stack.pop(), stack.pop()
    stack.append(function(*args))


def _newobj(u, stack, take, line, number, since_mark):
    args, cls = stack.pop(), stack.pop()
    stack.append(cls.__new__(cls, *args))


def _newobj_ex(u, stack, take, line, number, since_mark):
    kwargs, args, cls = stack.pop(), stack.pop(), stack.pop()
    stack.append(cls.__new__(cls, *args, **kwargs))


def _inst(u, stack, take, line, number, since_mark):
    module, name = line().decode("ascii"), line().decode("ascii")
    cls = u.find_class(module, name)
    stack.append(cls(*since_mark()))


def _obj(u, stack, take, line, number, since_mark):
    items = since_mark()
    stack.append(items[0](*items[1:]))


def _build(u, stack, take, line, number, since_mark):
    state = stack.pop()
    target = stack[-1]
    setstate = getattr(target, "__setstate__", None)
    if setstate is not None:
        setstate(state)
        return
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    for part in (state, slots):
        for k, v in (part or {}).items():
            setattr(target, k, _finished(v)) if part is slots else target.__dict__.__setitem__(k, _finished(v))


def _stack_global(u, stack, take, line, number, since_mark):
    name, module = stack.pop(), stack.pop()
    stack.append(u.find_class(module, name))


def _extra(u, stack, take, line, number, since_mark):
    raise UnpicklingError("pickle: registered extensions are not supported")


def _next_buffer(u, stack, take, line, number, since_mark):
    if u._buffers is None:
        raise UnpicklingError("pickle stream refers to out-of-band data but no *buffers* argument was given")
    stack.append(next(u._buffers))


def _nothing(u, stack, take, line, number, since_mark):
    pass


_codes = {
    b"\x80": lambda u, stack, take, *rest: take(1), b"\x95": lambda u, stack, take, *rest: take(8), b"(": lambda u, stack, *rest: stack.append(_mark),
    b"0": lambda u, stack, *rest: stack.pop(), b"1": lambda u, stack, take, line, number, since_mark: since_mark(), b"2": lambda u, stack, *rest: stack.append(stack[-1]),
    b"N": _push(lambda u, take, line, number: None), b"\x88": _push(lambda u, take, line, number: True), b"\x89": _push(lambda u, take, line, number: False),
    b"I": _push(lambda u, take, line, number: _integer(line())), b"L": _push(lambda u, take, line, number: int(line().rstrip(b"L"))),
    b"J": _push(lambda u, take, line, number: number("<i", 4)), b"K": _push(lambda u, take, line, number: number("<B", 1)),
    b"M": _push(lambda u, take, line, number: number("<H", 2)), b"\x8a": _sized("<B", 1, lambda u, d: int.from_bytes(d, "little", signed=True)),
    b"\x8b": _sized("<i", 4, lambda u, d: int.from_bytes(d, "little", signed=True)), b"F": _push(lambda u, take, line, number: float(line())),
    b"G": _push(lambda u, take, line, number: number(">d", 8)), b"S": _push(lambda u, take, line, number: u._bytes_text(_escaped(line()))),
    b"T": _sized("<i", 4, lambda u, d: u._bytes_text(d)), b"U": _sized("<B", 1, lambda u, d: u._bytes_text(d)),
    b"B": _sized("<I", 4, lambda u, d: d), b"C": _sized("<B", 1, lambda u, d: d), b"\x8e": _sized("<Q", 8, lambda u, d: d),
    b"\x96": _sized("<Q", 8, lambda u, d: bytearray(d)), b"V": _push(lambda u, take, line, number: line().decode("raw-unicode-escape")),
    b"X": _sized("<I", 4, _text), b"\x8c": _sized("<B", 1, _text), b"\x8d": _sized("<Q", 8, _text),
    b"]": _push(lambda u, take, line, number: []), b"}": _push(lambda u, take, line, number: {}), b")": _push(lambda u, take, line, number: ()),
    b"\x8f": _push(lambda u, take, line, number: set()), b"l": _collect(list), b"t": _collect(tuple), b"d": _collect(_pairs), b"\x91": _collect(frozenset),
    b"\x85": _tuple_of(1), b"\x86": _tuple_of(2), b"\x87": _tuple_of(3), b"a": _append, b"e": _appends, b"s": _setitem, b"u": _setitems, b"\x90": _additems,
    b"p": _put(lambda u, take, line, number: int(line())), b"q": _put(lambda u, take, line, number: number("<B", 1)),
    b"r": _put(lambda u, take, line, number: number("<I", 4)), b"\x94": _put(lambda u, take, line, number: len(u.memo)),
    b"g": _push(lambda u, take, line, number: u.memo[int(line())]), b"h": _push(lambda u, take, line, number: u.memo[number("<B", 1)]),
    b"j": _push(lambda u, take, line, number: u.memo[number("<I", 4)]),
    b"c": _push(lambda u, take, line, number: u.find_class(line().decode("utf-8"), line().decode("utf-8"))), b"\x93": _stack_global,
    b"R": _reduce, b"\x81": _newobj, b"\x92": _newobj_ex, b"i": _inst, b"o": _obj, b"b": _build,
    b"P": lambda u, stack, take, line, number, since_mark: stack.append(u.persistent_load(line().decode("ascii"))),
    b"Q": lambda u, stack, *rest: stack.append(u.persistent_load(stack.pop())),
    b"\x82": _extra, b"\x83": _extra, b"\x84": _extra, b"\x97": _next_buffer, b"\x98": _nothing,
}


class Pickler:
    """Writes values."""

    def __init__(self, file, protocol=None, *, fix_imports=True, buffer_callback=None):
        protocol = DEFAULT_PROTOCOL if protocol is None else HIGHEST_PROTOCOL if protocol < 0 else protocol
        if protocol > HIGHEST_PROTOCOL:
            raise ValueError(f"pickle protocol must be <= {HIGHEST_PROTOCOL}")
        self._file, self.proto, self.memo = file, max(protocol, 2), {}

    def clear_memo(self):
        self.memo.clear()

    def persistent_id(self, obj):
        return None

    def dump(self, obj):
        """Write a value."""
        out = []
        self._out = out.append
        self._out(b"\x80" + bytes([self.proto]))
        self._save(obj)
        self._out(b".")
        self._file.write(b"".join(out))

    def _remember(self, obj):
        n = len(self.memo)
        self.memo[id(obj)] = (n, obj)
        self._out(b"\x94" if self.proto >= 4 else b"q" + bytes([n]) if n < 256 else b"r" + _struct.pack("<I", n))

    def _save(self, obj):
        pid = self.persistent_id(obj)
        if pid is not None:
            self._save(pid)
            self._out(b"Q")
            return
        kind = type(obj)
        if obj is None or kind is bool:
            self._out({None: b"N", True: b"\x88", False: b"\x89"}[obj])
            return
        known = self.memo.get(id(obj))
        if known is not None and kind not in (int, float):
            n = known[0]
            self._out(b"h" + bytes([n]) if n < 256 else b"j" + _struct.pack("<I", n))
            return
        save = _savers.get(kind)
        if save is not None:
            save(self, obj)
        elif isinstance(obj, type):
            self._global(obj)
        else:
            self._object(obj)

    def _global(self, obj, name=None):
        name = name or getattr(obj, "__qualname__", obj.__name__)
        module = getattr(obj, "__module__", None) or "__main__"
        try:
            found = _walk(_sys.modules[module], name)
        except (KeyError, AttributeError):
            raise PicklingError(f"Can't pickle {obj!r}: it's not found as {module}.{name}") from None
        if found is not obj:
            raise PicklingError(f"Can't pickle {obj!r}: it's not the same object as {module}.{name}")
        self._names(module, name)
        self._remember(obj)

    def _names(self, module, name):
        if self.proto >= 4:
            self._save(module)
            self._save(name)
            self._out(b"\x93")
        else:
            self._out(b"c" + module.encode() + b"\n" + name.encode() + b"\n")

    def _object(self, obj):
        kind = type(obj)
        if callable(obj) and hasattr(obj, "__qualname__") and hasattr(obj, "__module__") and kind.__name__ in ("function", "builtin_function_or_method"):
            if "<locals>" in obj.__qualname__ or "<lambda>" in obj.__qualname__:
                raise AttributeError(f"Can't pickle local object '{obj.__qualname__}'")
            self._global(obj)
            return
        if kind.__module__ == "numpy" and kind.__name__ == "ndarray":
            self._array(obj)
            return
        if kind.__module__ == "mlx.core" and kind.__name__ == "array":
            self._core_array(obj)
            return
        if kind.__module__ == "datetime" and kind.__name__ in ("date", "time", "datetime", "timedelta"):
            self._reduced(obj, (kind, _date_parts(obj)))
            return
        for cls in (dict, list, set, tuple, str, int, float, bytes, frozenset):
            if isinstance(obj, cls):
                self._derived(obj, cls)
                return
        reduce = getattr(obj, "__reduce__", None) if "__reduce__" in dir(obj) else None
        made = reduce() if reduce is not None and any(["__reduce__" in c.__dict__ for c in kind.__mro__[:-1]]) else None
        if made is None and any(["__reduce_ex__" in c.__dict__ for c in kind.__mro__[:-1]]):
            made = obj.__reduce_ex__(self.proto)
        if made is not None:
            self._reduced(obj, made)
            return
        if isinstance(obj, BaseException):
            self._reduced(obj, (kind, obj.args, getattr(obj, "__dict__", None) or None))
            return
        if not hasattr(obj, "__dict__") and not hasattr(kind, "__slots__") and not hasattr(obj, "__getstate__"):
            raise TypeError(f"cannot pickle '{kind.__name__}' object")
        self._derived(obj, object)

    def _reduced(self, obj, made):
        if isinstance(made, str):
            self._global(obj, made)
            return
        function, args, *rest = made
        self._save(function)
        self._save(args)
        self._out(b"R")
        self._remember(obj)
        self._rest(obj, *rest)

    def _rest(self, obj, state=None, items=None, pairs=None, *more):
        if items is not None:
            for x in items:
                self._save(x)
                self._out(b"a")
        if pairs is not None:
            for k, v in pairs:
                self._save(k)
                self._save(v)
                self._out(b"s")
        if state is not None:
            self._save(state)
            self._out(b"b")

    def _derived(self, obj, base):
        """An instance of a class, which may derive from a builtin type."""
        kind = type(obj)
        args = ()
        if hasattr(obj, "__getnewargs__"):
            args = obj.__getnewargs__()
        elif base in (tuple, str, int, float, bytes, frozenset):
            args = (base(obj),)
        self._save(kind)
        self._save(args)
        self._out(b"\x81")
        self._remember(obj)
        if base in (list, set):
            self._out(b"(")
            for x in obj:
                self._save(x)
            self._out(b"e" if base is list else b"\x90")
        elif base is dict:
            self._rest(obj, None, None, list(obj.items()))
        state = None
        own = [c for c in kind.__mro__ if "__getstate__" in c.__dict__ and c is not object]
        if own:
            state = obj.__getstate__()
        elif getattr(obj, "__dict__", None):
            state = dict(obj.__dict__)
        slots = {}
        for c in kind.__mro__:
            names = c.__dict__.get("__slots__", ())
            for name in (names,) if isinstance(names, str) else names:
                if name not in ("__dict__", "__weakref__") and hasattr(obj, name):
                    slots[name] = getattr(obj, name)
        if slots and not own:
            state = (state, slots)
        if state is not None and (state or own):
            self._save(state)
            self._out(b"b")

    def _core_array(self, obj):
        """An array of mlx.core's, in the form that MLX reads."""
        import numpy
        import mlx.core

        name = str(obj.dtype).split(".")[-1].replace("bool", "bool_")
        self._names("mlx.core", "array")
        self._save(())
        self._out(b"\x81")
        self._remember(obj)
        self._save((numpy.array(obj.view(mlx.core.uint16) if name == "bfloat16" else obj), _core_dtypes.index(name)))
        self._out(b"b")

    def _array(self, obj):
        """An array of numpy's, in the form that numpy reads."""
        import numpy

        self._names("numpy._core.multiarray", "_reconstruct")
        self._save(numpy.ndarray)
        self._save((0,))
        self._save(b"b")
        self._out(b"\x87R")
        self._remember(obj)
        self._out(b"(")
        self._save(1)
        self._save(tuple(obj.shape))
        text = obj.dtype.str
        self._names("numpy", "dtype")
        self._save(text[1:])
        self._save(False)
        self._save(True)
        self._out(b"\x87R")
        self._save((3, text[0], None, None, None, -1, -1, 0))
        self._out(b"b")
        self._save(False)
        self._save(obj.tobytes())
        self._out(b"tb")


def _save_int(p, obj):
    if 0 <= obj < 256:
        p._out(b"K" + bytes([obj]))
    elif 0 <= obj < 65536:
        p._out(b"M" + _struct.pack("<H", obj))
    elif -2147483648 <= obj <= 2147483647:
        p._out(b"J" + _struct.pack("<i", obj))
    else:
        data = obj.to_bytes((obj.bit_length() >> 3) + 1, "little", signed=True)
        p._out(b"\x8a" + bytes([len(data)]) + data if len(data) < 256 else b"\x8b" + _struct.pack("<i", len(data)) + data)


def _save_str(p, obj):
    data = obj.encode("utf-8", "surrogatepass")
    p._out((b"\x8c" + bytes([len(data)]) if len(data) < 256 and p.proto >= 4 else b"X" + _struct.pack("<I", len(data))) + data)
    p._remember(obj)


def _save_bytes(p, obj):
    if p.proto < 3:
        p._names("_codecs", "encode")
        p._save((obj.decode("latin-1"), "latin1"))
        p._out(b"R")
    else:
        p._out((b"C" + bytes([len(obj)]) if len(obj) < 256 else b"B" + _struct.pack("<I", len(obj))) + obj)
    p._remember(obj)


def _save_bytearray(p, obj):
    if p.proto >= 5:
        p._out(b"\x96" + _struct.pack("<Q", len(obj)) + bytes(obj))
    else:
        p._save(bytearray)
        p._save((bytes(obj),))
        p._out(b"R")
    p._remember(obj)


def _save_tuple(p, obj):
    if not obj:
        p._out(b")")
        return
    if len(obj) > 3:
        p._out(b"(")
    for x in obj:
        p._save(x)
    known = p.memo.get(id(obj))
    if known is not None:
        p._out(b"0" * len(obj) if len(obj) <= 3 else b"1")
        p._save(obj)
        return
    p._out((b"", b"\x85", b"\x86", b"\x87")[len(obj)] if len(obj) <= 3 else b"t")
    p._remember(obj)


def _save_list(p, obj):
    p._out(b"]")
    p._remember(obj)
    for i in range(0, len(obj), 1000):
        part = obj[i:i + 1000]
        p._out(b"(" if len(part) > 1 else b"")
        for x in part:
            p._save(x)
        p._out(b"e" if len(part) > 1 else b"a")


def _save_dict(p, obj):
    p._out(b"}")
    p._remember(obj)
    items = list(obj.items())
    for i in range(0, len(items), 1000):
        part = items[i:i + 1000]
        p._out(b"(" if len(part) > 1 else b"")
        for k, v in part:
            p._save(k)
            p._save(v)
        p._out(b"u" if len(part) > 1 else b"s")


def _save_set(p, obj):
    if p.proto < 4:
        p._save(set)
        p._save((list(obj),))
        p._out(b"R")
        p._remember(obj)
        return
    p._out(b"\x8f")
    p._remember(obj)
    p._out(b"(")
    for x in obj:
        p._save(x)
    p._out(b"\x90")


def _save_frozenset(p, obj):
    if p.proto < 4:
        p._save(frozenset)
        p._save((list(obj),))
        p._out(b"R")
    else:
        p._out(b"(")
        for x in obj:
            p._save(x)
        p._out(b"\x91")
    p._remember(obj)


def _save_complex(p, obj):
    p._save(complex)
    p._save((obj.real, obj.imag))
    p._out(b"R")


_savers = {int: _save_int, float: lambda p, x: p._out(b"G" + _struct.pack(">d", x)), str: _save_str, bytes: _save_bytes, bytearray: _save_bytearray,
           tuple: _save_tuple, list: _save_list, dict: _save_dict, set: _save_set, frozenset: _save_frozenset, complex: _save_complex,
           type(Ellipsis): lambda p, x: p._names("builtins", "Ellipsis"), range: lambda p, x: p._reduced(x, (range, (x.start, x.stop, x.step)))}


def dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None):
    """A value as bytes."""
    out = _io.BytesIO()
    Pickler(out, protocol).dump(obj)
    return out.getvalue()


def dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None):
    """Write a value to a file."""
    Pickler(file, protocol).dump(obj)


def loads(data, /, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
    """The value that bytes stand for."""
    return Unpickler(_io.BytesIO(bytes(data)), encoding=encoding, errors=errors, buffers=buffers).load()


def load(file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=None):
    """The next value of a file."""
    return Unpickler(file, encoding=encoding, errors=errors, buffers=buffers).load()
