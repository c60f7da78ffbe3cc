"""Timing of callables."""

import itertools
import time

default_timer = time.perf_counter


class Timer:
    """Times a callable; source text is not provided here."""

    def __init__(self, stmt="pass", setup="pass", timer=default_timer, globals=None):
        for what in (stmt, setup):
            if isinstance(what, str) and what != "pass":
                raise NotImplementedError("timeit: source text is not provided here; give a function, as in timeit.timeit(lambda: f(x))")
        self.stmt = (lambda: None) if stmt == "pass" else stmt
        self.setup = (lambda: None) if setup == "pass" else setup
        self.timer = timer

    def timeit(self, number=1000000):
        self.setup()
        start = self.timer()
        for _ in range(number):
            self.stmt()
        return self.timer() - start

    def repeat(self, repeat=5, number=1000000):
        return [self.timeit(number) for _ in range(repeat)]

    def autorange(self, callback=None):
        """How often to call in one timing, 1, 2, 5, 10 ... times, for a fifth of a second, and the time."""
        for power in itertools.count():
            for digit in (1, 2, 5):
                number = digit * 10**power
                taken = self.timeit(number)
                if callback:
                    callback(number, taken)
                if taken >= 0.2:
                    return number, taken


def timeit(stmt="pass", setup="pass", timer=default_timer, number=1000000, globals=None):
    """The seconds that calls take."""
    return Timer(stmt, setup, timer, globals).timeit(number)


def repeat(stmt="pass", setup="pass", timer=default_timer, repeat=5, number=1000000, globals=None):
    """timeit, several times."""
    return Timer(stmt, setup, timer, globals).repeat(repeat, number)
