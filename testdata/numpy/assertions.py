"""What numpy.testing says of collections, and what can be iterated over."""

import numpy as np


def told(actual, desired, *args):
    try:
        print("equal", np.testing.assert_equal(actual, desired, *args))
    except AssertionError as e:
        print([line for line in str(e).split("\n") if line.strip()])


told({"a": [1, (2, 3)]}, {"a": [1, (2, 3)]})
told({"a": 1, "b": 2}, {"a": 1, "b": 3})
told({"a": 1, "b": 2}, {"a": 1, "c": 3})
told([("a", 1)], {"a": 1})
told({"a": 1}, {"a": 1, "b": 2})
told([1, 2], (1, 2))
told([1, [2, 3]], [1, [2, 4]], "why")
told([1], [1, 2])
told([], [])
told({"x": float("nan")}, {"x": float("nan")})
told(None, "None")
told(1, 2, "said beside it")
told(1, 2, "said below, for it is long: " + "x" * 40)
try:
    np.testing.assert_almost_equal(1.0, 1.5, 3, "so far")
except AssertionError as e:
    print([line.split("(")[0] for line in str(e).split("\n")][1])
print(np.iterable([]), np.iterable("ab"), np.iterable(3), np.iterable(None), np.iterable(np.zeros(2)), np.iterable(np.zeros(())), np.iterable({}.items()))
