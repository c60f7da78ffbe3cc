"""Functions that numba would compile: here they run as they are."""

__all__ = ["generated_jit", "guvectorize", "jit", "njit", "prange", "vectorize"]
__version__ = "0.61.0"

prange = range


def jit(*args, **options):
    """The function itself, with or without options."""
    if len(args) == 1 and callable(args[0]) and not options and not isinstance(args[0], type):
        return args[0]
    return lambda function: function


njit = jit


def vectorize(*args, **options):
    raise NotImplementedError("numba.vectorize is not supported: numpy.vectorize is")


def guvectorize(*args, **options):
    raise NotImplementedError("numba.guvectorize is not supported")


def generated_jit(*args, **options):
    raise NotImplementedError("numba.generated_jit is not supported")
