"""Shallow and deep copies."""

__all__ = ["Error", "copy", "deepcopy"]


class Error(Exception):
    pass


_ATOMIC = (type(None), int, float, bool, complex, str, bytes, type, range, type(Ellipsis), type(NotImplemented),
           type(lambda: None), type(len), property)


def _new(x):
    """An instance of x's class without contents."""
    cls = type(x)
    if isinstance(x, dict):
        return dict.__new__(cls)
    if isinstance(x, list):
        return list.__new__(cls)
    if isinstance(x, set):
        return set.__new__(cls)
    return object.__new__(cls)


def _fill(y, state, x):
    if isinstance(x, dict):
        for key, value in x.items():
            dict.__setitem__(y, key, value)
    elif isinstance(x, list):
        list.extend(y, x)
    elif isinstance(x, set):
        set.update(y, x)
    if hasattr(y, "__setstate__"):
        y.__setstate__(state)
    else:
        for name, value in state.items():
            object.__setattr__(y, name, value)
    return y


def _state(x):
    if hasattr(type(x), "__getstate__") and type(x).__getstate__ is not getattr(object, "__getstate__", None):
        return x.__getstate__()
    state = dict(getattr(x, "__dict__", {}))
    for cls in type(x).__mro__:
        slots = vars(cls).get("__slots__", ()) if cls is not object else ()
        for name in (slots,) if isinstance(slots, str) else slots:
            if hasattr(x, name):
                state[name] = getattr(x, name)
    return state


def copy(x):
    """A shallow copy: the same elements in a new container."""
    cls = type(x)
    if isinstance(x, _ATOMIC) or cls in (tuple, frozenset):
        return x
    if hasattr(x, "__copy__"):
        return x.__copy__()
    if cls in (list, dict, set):
        return x.copy()
    if isinstance(x, tuple):
        return tuple.__new__(cls, x)
    if isinstance(x, BaseException):
        y = cls(*x.args)
        return y
    if not hasattr(x, "__dict__") and not hasattr(cls, "__slots__"):
        raise TypeError(f"cannot copy '{cls.__name__}' object")
    return _fill(_new(x), _state(x), x)


def deepcopy(x, memo=None):
    """A copy whose elements are copies, each object once."""
    cls = type(x)
    if isinstance(x, _ATOMIC):
        return x
    if memo is None:
        memo = {}
    key = id(x)
    if key in memo:
        return memo[key][0]
    if hasattr(x, "__deepcopy__"):
        y = x.__deepcopy__(memo)
    elif cls is list:
        y = []
        memo[key] = (y, x)
        for value in x:
            y.append(deepcopy(value, memo))
    elif cls is dict:
        y = {}
        memo[key] = (y, x)
        for k, value in x.items():
            y[deepcopy(k, memo)] = deepcopy(value, memo)
    elif isinstance(x, tuple):
        values = [deepcopy(value, memo) for value in x]
        if key in memo:
            return memo[key][0]
        same = all(a is b for a, b in zip(values, x))
        y = x if same else tuple(values) if cls is tuple else tuple.__new__(cls, values)
    elif cls in (set, frozenset):
        y = cls([deepcopy(value, memo) for value in x])
    elif hasattr(x, "__copy__") and not hasattr(x, "__dict__"):
        y = x.__copy__()
    elif isinstance(x, BaseException):
        y = cls(*deepcopy(x.args, memo))
    else:
        y = _deepcopy_instance(x, memo)
    memo[key] = (y, x)
    return y


def _deepcopy_instance(x, memo):
    if not hasattr(x, "__dict__") and not hasattr(type(x), "__slots__"):
        raise TypeError(f"cannot deepcopy '{type(x).__name__}' object")
    y = _new(x)
    memo[id(x)] = (y, x)
    if isinstance(x, dict):
        contents = {deepcopy(k, memo): deepcopy(v, memo) for k, v in x.items()}
    elif isinstance(x, (list, set)):
        contents = type(y)([deepcopy(v, memo) for v in x]) if type(x) in (list, set) else [deepcopy(v, memo) for v in x]
        if isinstance(x, set):
            contents = set(contents)
    else:
        contents = None
    return _fill(y, deepcopy(_state(x), memo), contents)
