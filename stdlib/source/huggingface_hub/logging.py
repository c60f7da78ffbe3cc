"""How much huggingface_hub says."""

import logging as _logging

DEBUG, INFO, WARNING, ERROR, CRITICAL = _logging.DEBUG, _logging.INFO, _logging.WARNING, _logging.ERROR, _logging.CRITICAL


def get_logger(name=None):
    return _logging.getLogger(name or "huggingface_hub")


def set_verbosity(verbosity):
    get_logger().setLevel(verbosity)


def get_verbosity():
    return get_logger().level


def set_verbosity_info():
    set_verbosity(INFO)


def set_verbosity_warning():
    set_verbosity(WARNING)


def set_verbosity_error():
    set_verbosity(ERROR)


def set_verbosity_debug():
    set_verbosity(DEBUG)
