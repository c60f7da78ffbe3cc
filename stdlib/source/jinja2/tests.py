"""The tests of templates: x is ..."""

import operator as _operator
from collections import abc as _abc
from numbers import Number as _Number

from jinja2.runtime import Undefined
from jinja2.utils import pass_environment


def _sequence(value):
    try:
        len(value)
        value.__getitem__
    except Exception:
        return False
    return True


def _iterable(value):
    try:
        iter(value)
    except TypeError:
        return False
    return True


@pass_environment
def test_filter(env, value):
    """Whether there is a filter of the name."""
    return value in env.filters


@pass_environment
def test_test(env, value):
    """Whether there is a test of the name."""
    return value in env.tests


TESTS = {
    "odd": lambda value: value % 2 == 1, "even": lambda value: value % 2 == 0, "divisibleby": lambda value, num: value % num == 0,
    "defined": lambda value: not isinstance(value, Undefined), "undefined": lambda value: isinstance(value, Undefined),
    "filter": test_filter, "test": test_test, "none": lambda value: value is None, "boolean": lambda value: value is True or value is False,
    "false": lambda value: value is False, "true": lambda value: value is True,
    "integer": lambda value: isinstance(value, int) and value is not True and value is not False, "float": lambda value: isinstance(value, float),
    "lower": lambda value: str(value).islower(), "upper": lambda value: str(value).isupper(), "string": lambda value: isinstance(value, str),
    "mapping": lambda value: isinstance(value, _abc.Mapping), "number": lambda value: isinstance(value, _Number), "sequence": _sequence, "iterable": _iterable,
    "callable": callable, "sameas": lambda value, other: value is other, "escaped": lambda value: hasattr(value, "__html__"),
    "in": lambda value, seq: value in seq,
    "==": _operator.eq, "eq": _operator.eq, "equalto": _operator.eq, "!=": _operator.ne, "ne": _operator.ne, ">": _operator.gt, "gt": _operator.gt, "greaterthan": _operator.gt,
    "ge": _operator.ge, ">=": _operator.ge, "<": _operator.lt, "lt": _operator.lt, "lessthan": _operator.lt, "<=": _operator.le, "le": _operator.le,
}
