"""Forms of values that are not long."""

from itertools import islice

__all__ = ["Repr", "aRepr", "recursive_repr", "repr"]

_full = repr


def recursive_repr(fillvalue="..."):
    """Have a __repr__ give fillvalue where it comes to its own object again."""

    def decorate(function):
        from functools import wraps
        from _thread import get_ident

        running = set()

        @wraps(function)
        def wrapper(self):
            key = id(self), get_ident()
            if key in running:
                return fillvalue
            running.add(key)
            try:
                return function(self)
            finally:
                running.discard(key)

        return wrapper

    return decorate


class Repr:
    """Writes values with so many of their parts."""

    def __init__(self, *, maxlevel=6, maxtuple=6, maxlist=6, maxarray=5, maxdict=4, maxset=6, maxfrozenset=6, maxdeque=6, maxstring=30, maxlong=40, maxother=30, fillvalue="..."):
        self.maxlevel, self.maxtuple, self.maxlist, self.maxarray, self.maxdict = maxlevel, maxtuple, maxlist, maxarray, maxdict
        self.maxset, self.maxfrozenset, self.maxdeque, self.maxstring, self.maxlong, self.maxother, self.fillvalue = maxset, maxfrozenset, maxdeque, maxstring, maxlong, maxother, fillvalue

    def repr(self, x):
        return self.repr1(x, self.maxlevel)

    def repr1(self, x, level):
        method = getattr(self, "repr_" + type(x).__name__.replace(" ", "_"), None)
        return method(x, level) if method is not None else self.repr_instance(x, level)

    def _parts(self, x, level, left, right, most, trail=""):
        if not x:
            return left + right
        if level <= 0:
            return left + self.fillvalue + right
        parts = [self.repr1(e, level - 1) for e in islice(x, most)]
        if len(x) > most:
            parts.append(self.fillvalue)
        return left + ", ".join(parts) + (trail if len(x) == 1 else "") + right

    def repr_tuple(self, x, level):
        return self._parts(x, level, "(", ")", self.maxtuple, ",")

    def repr_list(self, x, level):
        return self._parts(x, level, "[", "]", self.maxlist)

    def repr_set(self, x, level):
        return self._parts(_sorted(x), level, "{", "}", self.maxset) if x else "set()"

    def repr_frozenset(self, x, level):
        return self._parts(_sorted(x), level, "frozenset({", "})", self.maxfrozenset) if x else "frozenset()"

    def repr_deque(self, x, level):
        return self._parts(x, level, "deque([", "])", self.maxdeque)

    def repr_dict(self, x, level):
        if not x:
            return "{}"
        if level <= 0:
            return "{" + self.fillvalue + "}"
        parts = [f"{self.repr1(k, level - 1)}: {self.repr1(x[k], level - 1)}" for k in islice(_sorted(x), self.maxdict)]
        if len(x) > self.maxdict:
            parts.append(self.fillvalue)
        return "{" + ", ".join(parts) + "}"

    def _cut(self, s, most):
        if len(s) <= most:
            return s
        head = max(0, (most - 3) // 2)
        tail = max(0, most - 3 - head)
        return s[:head] + self.fillvalue + s[len(s) - tail:]

    def repr_str(self, x, level):
        s = _full(x[:self.maxstring])
        if len(s) <= self.maxstring:
            return s
        head = max(0, (self.maxstring - 3) // 2)
        tail = max(0, self.maxstring - 3 - head)
        s = _full(x[:head] + x[len(x) - tail:])
        return s[:head] + self.fillvalue + s[len(s) - tail:]

    def repr_int(self, x, level):
        return self._cut(_full(x), self.maxlong)

    def repr_instance(self, x, level):
        try:
            s = _full(x)
        except Exception:
            return f"<{type(x).__name__} instance at {id(x):#x}>"
        return self._cut(s, self.maxother)


def _sorted(x):
    """In order, if they have one."""
    try:
        return sorted(x)
    except Exception:
        pass
    return [*x]


aRepr = Repr()
repr = aRepr.repr
