"""Random variable generators, with the numbers that CPython gives for a seed."""

from _random import Generator as _Generator, entropy as _entropy
from math import acos as _acos, ceil as _ceil, cos as _cos, e as _e, exp as _exp, isfinite as _isfinite
from math import log as _log, pi as _pi, sin as _sin, sqrt as _sqrt
from operator import index as _index
from bisect import bisect as _bisect
from itertools import accumulate as _accumulate

__all__ = ["Random", "SystemRandom", "betavariate", "choice", "choices", "expovariate", "gammavariate", "gauss", "getrandbits",
           "getstate", "lognormvariate", "normalvariate", "paretovariate", "randbytes", "randint", "random", "randrange",
           "sample", "seed", "setstate", "shuffle", "triangular", "uniform", "vonmisesvariate", "weibullvariate"]

_NORMAL = 4 * _exp(-0.5) / _sqrt(2.0)
_LOG4 = _log(4.0)
_GAMMA = 1.0 + _log(4.5)


def _gamma_above_one(draw, alpha):
    """Cheng 1977, The generation of Gamma variables with non-integral shape parameter
    (algorithm GB)."""
    root = _sqrt(2.0 * alpha - 1.0)
    while True:
        u = draw()
        if u <= 1e-7 or u >= 0.9999999:
            continue
        product = u * u * (1.0 - draw())
        v = _log(u / (1.0 - u)) / root
        x = alpha * _exp(v)
        margin = alpha - _LOG4 + (alpha + root) * v - x
        if margin + _GAMMA - 4.5 * product >= 0.0 or margin >= _log(product):
            return x


def _gamma_below_one(draw, alpha):
    """Ahrens and Dieter 1974, Computer methods for sampling from gamma distributions
    (algorithm GS)."""
    b = (_e + alpha) / _e
    while True:
        p = b * draw()
        if p > 1.0:
            x = -_log((b - p) / alpha)
            bound = x ** (alpha - 1.0)
        else:
            x = p ** (1.0 / alpha)
            bound = _exp(-x)
        if draw() <= bound:
            return x


def _sequence():
    from collections.abc import Sequence  # here, because few programs that draw numbers need it

    return Sequence


class Random:
    """A generator with a state of its own."""

    def __init__(self, x=None):
        self._core = _Generator()
        self.seed(x)

    def seed(self, a=None, version=2):
        self._core.seed(_entropy() if a is None else a)
        self.gauss_next = None

    def getstate(self):
        return 3, self._core.getstate(), self.gauss_next

    def setstate(self, state):
        version, words, self.gauss_next = state
        if version != 3:
            raise ValueError(f"state with version {version} passed to Random.setstate() of version 3")
        self._core.setstate(words)

    def random(self):
        return self._core.random()

    def getrandbits(self, k):
        return self._core.getrandbits(k)

    def randbytes(self, n):
        return self._core.getrandbits(n * 8).to_bytes(n, "little")

    def randrange(self, start, stop=None, step=1):
        if stop is None:
            first, last, step = 0, _index(start), 1
        else:
            first, last, step = _index(start), _index(stop), _index(step)
        if step == 0:
            raise ValueError("zero step for randrange()")
        count = -((first - last) // step)
        if count <= 0:
            where = f" ({first}, {last}, {last - first})" if stop is not None and step == 1 else ""
            raise ValueError("empty range for randrange()" + where)
        return first + step * self._core.below(count)

    def randint(self, a, b):
        if type(a) is int and type(b) is int and a <= b:
            return a + self._core.below(b - a + 1)
        return self.randrange(a, b + 1)

    def choice(self, seq):
        n = len(seq)
        if n == 0:
            raise IndexError("Cannot choose from an empty sequence")
        return seq[self._core.below(n)]

    def shuffle(self, x):
        """Fisher and Yates 1938, from the end (Knuth, The Art of Computer Programming, 3.4.2)."""
        below = self._core.below
        for last in reversed(range(1, len(x))):
            at = below(last + 1)
            x[last], x[at] = x[at], x[last]

    def sample(self, population, k, *, counts=None):
        if not isinstance(population, _sequence()):
            raise TypeError("Population must be a sequence.  For dicts or sets, use sorted(d).")
        if counts is not None:
            return self._sample_counted(population, k, list(counts))
        n = len(population)
        if k < 0 or k > n:
            raise ValueError("Sample larger than population or is negative")
        # A list of the population or a set of what is taken, whichever is the smaller:
        # a set takes four to sixteen times its elements.
        set_size = 21 + (4 ** _ceil(_log(3 * k, 4)) if k > 5 else 0)
        places = self._dealt(n, k) if n <= set_size else self._distinct(n, k)
        return [population[i] for i in places]

    def _dealt(self, n, k):
        """K different ints below n: the first k cards of a deck that is shuffled while it is dealt."""
        deck = list(range(n))
        for left in range(n, n - k, -1):
            at = self._core.below(left)
            yield deck[at]
            deck[at] = deck[left - 1]

    def _distinct(self, n, k):
        """K different ints below n, drawn again where one has come before."""
        taken = {}
        while len(taken) < k:
            taken[self._core.below(n)] = True
        return taken

    def _sample_counted(self, population, k, counts):
        ends = list(_accumulate(counts))
        if len(ends) != len(population):
            raise ValueError("The number of counts does not match the population")
        if not ends or ends[-1] <= 0:
            raise ValueError("Total of counts must be greater than zero")
        return [population[_bisect(ends, place)] for place in self.sample(range(ends[-1]), k)]

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        if weights is not None:
            if cum_weights is not None:
                raise TypeError("Cannot specify both weights and cumulative weights")
            cum_weights = list(_accumulate(weights))
        draw, n = self._core.random, len(population)
        if cum_weights is None:
            return [population[int(draw() * float(n))] for _ in range(k)]
        if len(cum_weights) != n:
            raise ValueError("The number of weights does not match the population")
        whole = float(cum_weights[-1])
        if whole <= 0:
            raise ValueError("Total of weights must be greater than zero")
        if not _isfinite(whole):
            raise ValueError("Total of weights must be finite")
        return [population[_bisect(cum_weights, draw() * whole, 0, n - 1)] for _ in range(k)]

    def uniform(self, a, b):
        return a + (b - a) * self._core.random()

    def triangular(self, low=0.0, high=1.0, mode=None):
        u = self._core.random()
        if mode is not None and low == high:
            return low
        peak = 0.5 if mode is None else (mode - low) / (high - low)
        if u <= peak:
            return low + (high - low) * _sqrt(u * peak)
        return high + (low - high) * _sqrt((1.0 - u) * (1.0 - peak))

    def normalvariate(self, mu=0.0, sigma=1.0):
        """By the ratio of two uniform draws (Kinderman and Monahan 1977)."""
        draw = self._core.random
        accepted = False
        while not accepted:
            u, v = draw(), 1.0 - draw()
            z = _NORMAL * (u - 0.5) / v
            accepted = z * z / 4.0 <= -_log(v)
        return mu + z * sigma

    def gauss(self, mu=0.0, sigma=1.0):
        z = self.gauss_next
        self.gauss_next = None
        if z is None:
            angle = self._core.random() * (2.0 * _pi)
            radius = _sqrt(-2.0 * _log(1.0 - self._core.random()))
            z = _cos(angle) * radius
            self.gauss_next = _sin(angle) * radius
        return mu + z * sigma

    def lognormvariate(self, mu, sigma):
        return _exp(self.normalvariate(mu, sigma))

    def expovariate(self, lambd):
        return -_log(1.0 - self._core.random()) / lambd

    def vonmisesvariate(self, mu, kappa):
        """Directions, by a wrapped Cauchy distribution above theirs (Best and Fisher 1979)."""
        draw = self._core.random
        if kappa <= 1e-6:
            return 2.0 * _pi * draw()
        half = 0.5 / kappa
        rho = half + _sqrt(1.0 + half * half)
        while True:
            z = _cos(_pi * draw())
            d, u = z / (rho + z), draw()
            if u < 1.0 - d * d or u <= (1.0 - d) * _exp(d):
                break
        inverse = 1.0 / rho
        angle = _acos((inverse + z) / (1.0 + inverse * z))
        return (mu + (angle if draw() > 0.5 else -angle)) % (2.0 * _pi)

    def gammavariate(self, alpha, beta):
        if alpha <= 0.0 or beta <= 0.0:
            raise ValueError("gammavariate: alpha and beta must be > 0.0")
        if alpha == 1.0:
            return beta * -_log(1.0 - self._core.random())
        return beta * (_gamma_above_one if alpha > 1.0 else _gamma_below_one)(self._core.random, alpha)

    def betavariate(self, alpha, beta):
        x = self.gammavariate(alpha, 1.0)
        return x / (x + self.gammavariate(beta, 1.0)) if x else 0.0

    def paretovariate(self, alpha):
        return (1.0 - self._core.random()) ** (-1.0 / alpha)

    def weibullvariate(self, alpha, beta):
        return alpha * (-_log(1.0 - self._core.random())) ** (1.0 / beta)


class SystemRandom(Random):
    """A generator that cannot be seeded: each value comes from a fresh seed of the system's."""

    def seed(self, *args, **kwargs):
        self._core.seed(_entropy())
        self.gauss_next = None

    def getstate(self):
        raise NotImplementedError("System entropy source does not have state.")

    def setstate(self, state):
        raise NotImplementedError("System entropy source does not have state.")


_shared = Random()
betavariate = _shared.betavariate
choice = _shared.choice
choices = _shared.choices
expovariate = _shared.expovariate
gammavariate = _shared.gammavariate
gauss = _shared.gauss
getrandbits = _shared._core.getrandbits
getstate = _shared.getstate
lognormvariate = _shared.lognormvariate
normalvariate = _shared.normalvariate
paretovariate = _shared.paretovariate
randbytes = _shared.randbytes
randint = _shared.randint
random = _shared._core.random
randrange = _shared.randrange
sample = _shared.sample
seed = _shared.seed
setstate = _shared.setstate
shuffle = _shared.shuffle
triangular = _shared.triangular
uniform = _shared.uniform
vonmisesvariate = _shared.vonmisesvariate
weibullvariate = _shared.weibullvariate
