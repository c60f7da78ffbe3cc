"""How instances of types are pickled and copied."""

__all__ = ["constructor", "dispatch_table", "pickle"]

dispatch_table = {}


def pickle(ob_type, pickle_function, constructor_ob=None):
    """Have values of a type pickled by a function."""
    _callable(pickle_function, "reduction functions")
    if constructor_ob is not None:
        constructor(constructor_ob)
    dispatch_table[ob_type] = pickle_function


def constructor(object):
    """Declare what makes values again."""
    _callable(object, "constructors")


def _callable(x, what):
    if not callable(x):
        raise TypeError(what + " must be callable")
