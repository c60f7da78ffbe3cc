"""Variables that each context has its own values of."""

import _thread

__all__ = ["Context", "ContextVar", "Token", "copy_context"]

_missing = object()


class Token:
    """The value that a variable had before it was set."""

    MISSING = _missing

    def __init__(self, var, old):
        self.var, self.old_value, self._used = var, old, False


class ContextVar:
    """A variable."""

    def __init__(self, name, *, default=_missing):
        self.name, self._default = name, default

    def get(self, default=_missing):
        value = _stack()[-1]._values.get(self, _missing)
        if value is not _missing:
            return value
        if default is not _missing:
            return default
        if self._default is not _missing:
            return self._default
        raise LookupError(self)

    def set(self, value):
        values = _stack()[-1]._values
        token = Token(self, values.get(self, _missing))
        values[self] = value
        return token

    def reset(self, token):
        if token.var is not self:
            raise ValueError(f"{token!r} was created by a different ContextVar")
        if token._used:
            raise RuntimeError(f"{token!r} has already been used once")
        token._used = True
        if token.old_value is _missing:
            _stack()[-1]._values.pop(self, None)
        else:
            _stack()[-1]._values[self] = token.old_value

    def __repr__(self):
        return f"<ContextVar name={self.name!r}>"


class Context:
    """The values of variables."""

    _entered = False

    def __init__(self):
        self._values = {}

    def run(self, callable, *args, **kwargs):
        if self._entered:
            raise RuntimeError(f"cannot enter context: {self!r} is already entered")
        stack, self._entered = _stack(), True
        stack.append(self)
        try:
            return callable(*args, **kwargs)
        finally:
            self._entered = False
            stack.pop()
            if len(stack) == 1 and _thread.get_ident() != 1 and not stack[0]._values:
                _stacks.pop(_thread.get_ident(), None)

    def copy(self):
        other = Context()
        other._values = dict(self._values)
        return other

    def get(self, var, default=None):
        return self._values.get(var, default)

    def __getitem__(self, var):
        return self._values[var]

    def __contains__(self, var):
        return var in self._values

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def keys(self):
        return self._values.keys()

    def values(self):
        return self._values.values()

    def items(self):
        return self._values.items()


_stacks = {}  # of the contexts that each thread is in


def _stack():
    stack = _stacks.get(_thread.get_ident())
    if stack is None:
        stack = _stacks[_thread.get_ident()] = [Context()]
    return stack


def copy_context():
    """The values of all variables as they are now."""
    return _stack()[-1].copy()
