"""Functions that are called when the program ends."""

from _atexit import register, unregister, _clear, _ncallbacks, _run_exitfuncs
