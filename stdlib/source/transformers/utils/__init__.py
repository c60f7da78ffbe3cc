"""Parts of transformers."""

from enum import Enum as _Enum

import logging as _logging


class _Logging:
    """How much transformers says."""

    @staticmethod
    def get_logger(name=None):
        return _logging.getLogger(name or "transformers")

    @staticmethod
    def set_verbosity_error():
        _logging.getLogger("transformers").setLevel(_logging.ERROR)

    @staticmethod
    def set_verbosity_warning():
        _logging.getLogger("transformers").setLevel(_logging.WARNING)

    @staticmethod
    def set_verbosity_info():
        _logging.getLogger("transformers").setLevel(_logging.INFO)


logging = _Logging


def is_torch_available():
    return False


def is_mlx_available():
    return True


def is_tf_available():
    return False


def is_flax_available():
    return False


class TensorType(str, _Enum):
    """The kinds of arrays that are made."""

    NUMPY = "np"
    MLX = "mlx"
    PYTORCH = "pt"
    TENSORFLOW = "tf"
    JAX = "jax"
