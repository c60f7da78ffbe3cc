"""Arrays of numbers of one kind."""

import struct as _struct
from collections.abc import MutableSequence as _MutableSequence

__all__ = ["ArrayType", "array", "typecodes"]

typecodes = "bBuhHiIlLqQfd"
_SIZES = {"b": 1, "B": 1, "u": 4, "h": 2, "H": 2, "i": 4, "I": 4, "l": 8, "L": 8, "q": 8, "Q": 8, "f": 4, "d": 8}
_NAMES = {"b": "signed char", "B": "unsigned byte integer", "h": "short integer", "H": "unsigned short", "i": "signed integer", "I": "unsigned int", "l": "long", "L": "unsigned long",
          "q": "long", "Q": "unsigned long long"}


class array(_MutableSequence):
    """An array of a type code, of the elements of an iterable or of bytes."""

    __slots__ = ("typecode", "itemsize", "_code", "_data")
    __hash__ = None

    def __init__(self, typecode, initializer=(), /):
        if not isinstance(typecode, str) or len(typecode) != 1:
            raise TypeError(f"array() argument 1 must be a unicode character, not {type(typecode).__name__}")
        if typecode not in typecodes:
            raise ValueError("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)")
        self.typecode, self.itemsize = typecode, _SIZES[typecode]
        self._code, self._data = "<I" if typecode == "u" else "=" + typecode.replace("l", "q").replace("L", "Q"), bytearray()
        if isinstance(initializer, str) and typecode != "u":
            raise TypeError(f"cannot use a str to initialize an array with typecode '{typecode}'")
        if isinstance(initializer, (bytes, bytearray)):
            self.frombytes(initializer)
        elif isinstance(initializer, array) and initializer.typecode == typecode:
            self._data += initializer._data
        else:
            self.extend(initializer)

    def _pack(self, x):
        if self.typecode == "u":
            if not isinstance(x, str) or len(x) != 1:
                raise TypeError("array item must be unicode character")
            return _struct.pack("<I", ord(x))
        if self.typecode in "fd":
            try:
                return _struct.pack(self._code, x)
            except _struct.error:
                raise TypeError(f"must be real number, not {type(x).__name__}") from None
            except OverflowError:
                return _struct.pack(self._code, float("inf") if x > 0 else float("-inf"))
        if not hasattr(x, "__index__"):
            raise TypeError(f"'{type(x).__name__}' object cannot be interpreted as an integer")
        x = x.__index__()
        low, high = (-1 << self.itemsize * 8 - 1, (1 << self.itemsize * 8 - 1) - 1) if self.typecode.islower() else (0, (1 << self.itemsize * 8) - 1)
        if not low <= x <= high:
            if self.typecode in "bBhHi":
                raise OverflowError(f"{_NAMES[self.typecode]} is {'less than minimum' if x < low else 'greater than maximum'}")
            raise OverflowError("can't convert negative value to unsigned int" if x < 0 and self.typecode in "ILQ" else "int too big to convert")
        return _struct.pack(self._code, x)

    def _unpack(self, data):
        values = _struct.unpack(f"{self._code[0]}{len(data) // self.itemsize}{self._code[1]}", bytes(data))
        return [chr(v) for v in values] if self.typecode == "u" else list(values)

    def _like(self, data):
        new = array(self.typecode)
        new._data += data
        return new

    def _at(self, i, what="array index"):
        n = len(self)
        i = i.__index__()
        if i < 0:
            i += n
        if not 0 <= i < n:
            raise IndexError(f"{what} out of range")
        return i * self.itemsize

    def __len__(self):
        return len(self._data) // self.itemsize

    def __getitem__(self, i):
        size = self.itemsize
        if not isinstance(i, slice):
            at = self._at(i)
            return self._unpack(self._data[at:at + size])[0]
        start, stop, step = i.indices(len(self))
        if step == 1:
            return self._like(self._data[start * size:max(start, stop) * size])
        return self._like(b"".join([self._data[k * size:(k + 1) * size] for k in range(start, stop, step)]))

    def __setitem__(self, i, value):
        size = self.itemsize
        if not isinstance(i, slice):
            at = self._at(i, "array assignment index")
            self._data[at:at + size] = self._pack(value)
            return
        if not isinstance(value, array):
            raise TypeError(f'can only assign array (not "{type(value).__name__}") to array slice')
        self._same(value)
        start, stop, step = i.indices(len(self))
        if step == 1:
            self._data[start * size:max(start, stop) * size] = bytes(value._data)
            return
        at = range(start, stop, step)
        if len(at) != len(value):
            raise ValueError(f"attempt to assign array of size {len(value)} to extended slice of size {len(at)}")
        data = bytes(value._data)
        for n, k in enumerate(at):
            self._data[k * size:(k + 1) * size] = data[n * size:(n + 1) * size]

    def __delitem__(self, i):
        size = self.itemsize
        if not isinstance(i, slice):
            at = self._at(i, "array assignment index")
            del self._data[at:at + size]
            return
        gone = set(range(*i.indices(len(self))))
        self._data[:] = b"".join([self._data[k * size:(k + 1) * size] for k in range(len(self)) if k not in gone])

    def _same(self, other):
        if other.typecode != self.typecode:
            raise TypeError("bad argument type for built-in operation")

    def __iter__(self):
        return iter(self._unpack(self._data)) if len(self._data) < 1 << 16 else super().__iter__()

    def append(self, x, /):
        """Add an element at the end."""
        self._data += self._pack(x)

    def extend(self, iterable, /):
        """Add the elements of an iterable at the end."""
        if isinstance(iterable, array):
            if iterable.typecode != self.typecode:
                raise TypeError("can only extend with array of same kind")
            self._data += bytes(iterable._data)
            return
        for x in iterable:
            self._data += self._pack(x)

    def insert(self, i, x, /):
        """Add an element before another."""
        n = len(self)
        at = min(max(i + n if i < 0 else i, 0), n) * self.itemsize
        self._data[at:at] = self._pack(x)

    def pop(self, i=-1, /):
        """Take an element away."""
        if not self._data:
            raise IndexError("pop from empty array")
        at = self._at(i, "pop index")
        value = self._unpack(self._data[at:at + self.itemsize])[0]
        del self._data[at:at + self.itemsize]
        return value

    def remove(self, x, /):
        """Take the first element of a value away."""
        for i, value in enumerate(self):
            if value == x:
                del self[i]
                return
        raise ValueError("array.remove(x): x not in array")

    def index(self, x, start=0, stop=None, /):
        """Where the first element of a value is."""
        begin, end, _ = slice(start, stop).indices(len(self))
        for i in range(begin, end):
            if self[i] == x:
                return i
        raise ValueError("array.index(x): x not in array")

    def count(self, x, /):
        """How many elements of a value there are."""
        return self.tolist().count(x)

    def reverse(self):
        self._data[:] = self._like(self._data)[::-1]._data

    def tolist(self):
        """The elements as a list."""
        return self._unpack(self._data)

    def fromlist(self, list, /):
        """Add the elements of a list, all or none."""
        if type(list).__name__ != "list":
            raise TypeError("arg must be list")
        self._data += b"".join([self._pack(x) for x in list])

    def tobytes(self):
        """The elements as the machine has them."""
        return bytes(self._data)

    def frombytes(self, buffer, /):
        """Add elements as the machine has them."""
        if isinstance(buffer, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        data = bytes(buffer)
        if len(data) % self.itemsize:
            raise ValueError("bytes length not a multiple of item size")
        self._data += data

    def tofile(self, f, /):
        f.write(bytes(self._data))

    def fromfile(self, f, n, /):
        """Add n elements of a file."""
        data = f.read(n * self.itemsize)
        whole = len(data) // self.itemsize * self.itemsize
        self._data += data[:whole]
        if whole < n * self.itemsize:
            raise EOFError("read() didn't return enough bytes")

    def tounicode(self):
        """The text of an array of characters."""
        if self.typecode != "u":
            raise ValueError("tounicode() may only be called on unicode type arrays")
        return "".join(self.tolist())

    def fromunicode(self, ustr, /):
        if self.typecode != "u":
            raise ValueError("fromunicode() may only be called on unicode type arrays")
        self.extend(ustr)

    def byteswap(self):
        """Turn the order of each element's bytes."""
        if self.itemsize > 1:
            size, data = self.itemsize, bytes(self._data)
            for i in range(size):
                self._data[i::size] = data[size - 1 - i::size]

    def buffer_info(self):
        raise NotImplementedError("array.buffer_info: elements have no address here")

    def __bytes__(self):
        return bytes(self._data)

    @property
    def __array_interface__(self):
        kind = {"f": "f", "d": "f", "u": "u"}.get(self.typecode, "i" if self.typecode.islower() else "u")
        return {"version": 3, "shape": (len(self),), "typestr": ("|" if self.itemsize == 1 else "<") + kind + str(self.itemsize), "data": bytes(self._data)}

    def __array__(self, dtype=None, copy=None):
        import numpy as np

        code = {"u": "uint32", "l": "int64", "L": "uint64", "q": "int64", "Q": "uint64"}.get(self.typecode, self.typecode)
        made = np.frombuffer(bytes(self._data), np.dtype(code)).copy()
        return made if dtype is None else made.astype(dtype)

    def __copy__(self):
        return self._like(self._data)

    def __deepcopy__(self, memo):
        return self._like(self._data)

    def __reduce_ex__(self, protocol):
        return array, (self.typecode, self.tolist())

    def __add__(self, other):
        if not isinstance(other, array):
            raise TypeError(f'can only append array (not "{type(other).__name__}") to array')
        self._same(other)
        return self._like(self._data + other._data)

    def __iadd__(self, other):
        if not isinstance(other, array):
            raise TypeError(f'can only extend with array (not "{type(other).__name__}")')
        self.extend(other)
        return self

    def __mul__(self, n):
        return self._like(bytes(self._data) * n)

    __rmul__ = __mul__

    def __imul__(self, n):
        self._data[:] = bytes(self._data) * n
        return self

    def _compare(self, other, by):
        return by(self.tolist(), other.tolist()) if isinstance(other, array) else NotImplemented

    def __eq__(self, other):
        return self._compare(other, lambda a, b: a == b)

    def __lt__(self, other):
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other):
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self._compare(other, lambda a, b: a >= b)

    def __contains__(self, x):
        return x in self.tolist()

    def __repr__(self):
        if not self._data:
            return f"array('{self.typecode}')"
        return f"array('{self.typecode}', {(self.tounicode() if self.typecode == 'u' else self.tolist())!r})"


ArrayType = array
