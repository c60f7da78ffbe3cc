"""Higher-order functions, and operations on callable objects."""

from _functools import call_cached as _call_cached, call_partial as _call_partial, cmp_to_key, reduce, results as _results_of

__all__ = ["WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES", "cache", "cached_property", "cmp_to_key", "lru_cache", "partial",
           "partialmethod", "reduce", "singledispatch", "singledispatchmethod", "total_ordering", "update_wrapper", "wraps"]

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Make wrapper look like wrapped."""
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            continue
        setattr(wrapper, name, value)
    for name in updated:
        for key, value in getattr(wrapped, name, {}).items():
            setattr(wrapper, key, value)
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """A decorator that makes a wrapper look like wrapped."""
    return lambda wrapper: update_wrapper(wrapper, wrapped, assigned, updated)


class partial:
    """A function with some of its arguments given."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    __call__ = _call_partial

    def __repr__(self):
        shown = [repr(self.func)] + [repr(a) for a in self.args] + [f"{k}={v!r}" for k, v in self.keywords.items()]
        return f"functools.{type(self).__name__}({', '.join(shown)})"


class partialmethod:
    """partial for methods: self comes before the arguments given."""

    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, obj, cls=None):
        func = self.func.__get__(obj, cls) if hasattr(self.func, "__get__") else partial(self.func, obj)
        return partial(func, *self.args, **self.keywords)


class _CacheInfo(tuple):
    """What cache_info() gives."""

    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __repr__(self):
        return f"CacheInfo(hits={self[0]}, misses={self[1]}, maxsize={self[2]}, currsize={self[3]})"


class _Cached:
    """A function that remembers its results."""

    def __init__(self, func, maxsize, typed):
        self._maxsize = maxsize
        self._typed = typed
        self._results = _results_of(func, maxsize, typed)
        update_wrapper(self, func)

    __call__ = _call_cached

    def __get__(self, obj, cls=None):
        return self if obj is None else partial(self, obj)

    def cache_info(self):
        return _CacheInfo(self._results.info())

    def cache_clear(self):
        self._results.clear()

    def cache_parameters(self):
        return {"maxsize": self._maxsize, "typed": self._typed}


def lru_cache(maxsize=128, typed=False):
    """A decorator that remembers the results of the most recent calls."""
    if callable(maxsize):
        return _Cached(maxsize, 128, False)
    if maxsize is not None and not isinstance(maxsize, int):
        raise TypeError("Expected first argument to be an integer, a callable, or None")
    if maxsize is not None and maxsize < 0:
        maxsize = 0
    return lambda func: _Cached(func, maxsize, typed)


def cache(func):
    """A decorator that remembers the results of all calls."""
    return _Cached(func, None, False)


class cached_property:
    """A property that is computed once and then is an attribute."""

    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = getattr(func, "__doc__", None)

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name

    def __get__(self, obj, cls=None):
        if obj is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        value = self.func(obj)
        obj.__dict__[self.attrname] = value
        return value


def _opposite(name):
    def method(self, other):
        result = getattr(self, name)(other)
        return result if result is NotImplemented else not result
    return method


def _or_equal(name):
    def method(self, other):
        result = getattr(self, name)(other)
        return result if result is NotImplemented else result or self == other
    return method


def _and_unequal(name, negate):
    def method(self, other):
        result = getattr(self, name)(other)
        if result is NotImplemented:
            return result
        return (not result if negate else result) and self != other
    return method


def _or_equal_opposite(name):
    def method(self, other):
        result = getattr(self, name)(other)
        return result if result is NotImplemented else not result or self == other
    return method


def total_ordering(cls):
    """A class decorator that adds the orderings that follow from the one defined."""
    defined = [n for n in ("__lt__", "__le__", "__gt__", "__ge__")
               if any(n in vars(c) for c in cls.__mro__ if c is not object)]
    if not defined:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = defined[0]
    if "__lt__" in defined:
        root = "__lt__"
    derived = {
        "__lt__": {"__gt__": _and_unequal("__lt__", True), "__le__": _or_equal("__lt__"), "__ge__": _opposite("__lt__")},
        "__le__": {"__ge__": _or_equal_opposite("__le__"), "__lt__": _and_unequal("__le__", False), "__gt__": _opposite("__le__")},
        "__gt__": {"__lt__": _and_unequal("__gt__", True), "__ge__": _or_equal("__gt__"), "__le__": _opposite("__gt__")},
        "__ge__": {"__le__": _or_equal_opposite("__ge__"), "__gt__": _and_unequal("__ge__", False), "__lt__": _opposite("__ge__")},
    }
    for name, method in derived[root].items():
        if name not in defined:
            setattr(cls, name, method)
    return cls


def singledispatch(func):
    """A function chosen by the type of its first argument."""
    registry = {object: func}

    def dispatch(cls):
        for c in cls.__mro__:
            if c in registry:
                return registry[c]
        return func

    def register(cls, method=None):
        if method is None:
            if isinstance(cls, type):
                return lambda f: register(cls, f)
            annotations = getattr(cls, "__annotations__", {})
            for name, annotation in annotations.items():
                if name != "return":
                    return register(annotation, cls)
            raise TypeError(f"Invalid first argument to `register()`: {cls!r}. "
                            "Use either `@register(some_class)` or plain `@register` on an annotated function.")
        registry[cls] = method
        return method

    def wrapper(*args, **kwargs):
        if not args:
            raise TypeError(f"{getattr(func, '__name__', 'singledispatch function')} requires at least 1 positional argument")
        return dispatch(type(args[0]))(*args, **kwargs)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    return update_wrapper(wrapper, func)


class singledispatchmethod:
    """A method chosen by the type of its first argument after self."""

    def __init__(self, func):
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, method)

    def __get__(self, obj, cls=None):
        def method(*args, **kwargs):
            return self.dispatcher.dispatch(type(args[0]))(obj, *args, **kwargs)
        return method
