"""Statistics of data."""

import math as _math
from math import fsum as _fsum, sqrt as _sqrt

__all__ = ["NormalDist", "StatisticsError", "fmean", "geometric_mean", "harmonic_mean", "mean", "median", "median_high", "median_low",
           "mode", "multimode", "pstdev", "pvariance", "quantiles", "stdev", "variance"]


class StatisticsError(ValueError):
    pass


def _exact(total, n):
    """total / n, an int where the data are ints that divide."""
    if isinstance(total, int) and total % n == 0:
        return total // n
    return total / n


def _total(data):
    return sum(data) if all(isinstance(v, int) for v in data) else _fsum(data)


def mean(data):
    """The arithmetic mean."""
    data = list(data)
    if not data:
        raise StatisticsError("mean requires at least one data point")
    return _exact(_total(data), len(data))


def fmean(data, weights=None):
    """The arithmetic mean, in floats."""
    data = list(data)
    if not data:
        raise StatisticsError("fmean requires at least one data point")
    if weights is None:
        return _fsum(data) / len(data)
    weights = list(weights)
    if len(weights) != len(data):
        raise StatisticsError("data and weights must be the same length")
    den = _fsum(weights)
    if not den:
        raise StatisticsError("sum of weights must be non-zero")
    return _fsum([w * x for w, x in zip(weights, data)]) / den


def geometric_mean(data):
    """The n-th root of the product."""
    from math import exp, log
    data = list(data)
    if not data or any(v <= 0 for v in data):
        raise StatisticsError("geometric mean requires a non-empty dataset containing positive numbers")
    return exp(fmean([log(v) for v in data]))


def harmonic_mean(data, weights=None):
    """The reciprocal of the mean of the reciprocals."""
    data = list(data)
    if not data:
        raise StatisticsError("harmonic_mean requires at least one data point")
    if any(v < 0 for v in data):
        raise StatisticsError("harmonic mean does not support negative values")
    if any(v == 0 for v in data):
        return 0
    weights = [1] * len(data) if weights is None else list(weights)
    if all(isinstance(v, int) for v in data + weights):
        from math import lcm
        common = lcm(*data)
        return sum(weights) * common / sum([w * (common // v) for w, v in zip(weights, data)])
    return sum(weights) / _fsum([w / v for w, v in zip(weights, data)])


def median(data):
    """The middle value, or the mean of the two."""
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    half, odd = divmod(len(data), 2)
    return data[half] if odd else (data[half - 1] + data[half]) / 2


def median_low(data):
    """The middle value, or the lower of the two."""
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[(len(data) - 1) // 2]


def median_high(data):
    """The middle value, or the higher of the two."""
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[len(data) // 2]


def multimode(data):
    """The most frequent values."""
    counts = {}
    for v in data:
        counts[v] = counts.get(v, 0) + 1
    most = max(counts.values(), default=0)
    return [v for v, n in counts.items() if n == most]


def mode(data):
    """The most frequent value, the first if there are several."""
    found = multimode(data)
    if not found:
        raise StatisticsError("no mode for empty data")
    return found[0]


def _squares(data, center):
    c = mean(data) if center is None else center
    return _total([(v - c) * (v - c) for v in data])


def variance(data, xbar=None):
    """The sample variance."""
    data = list(data)
    if len(data) < 2:
        raise StatisticsError("variance requires at least two data points")
    return _exact(_squares(data, xbar), len(data) - 1)


def pvariance(data, mu=None):
    """The population variance."""
    data = list(data)
    if not data:
        raise StatisticsError("pvariance requires at least one data point")
    return _exact(_squares(data, mu), len(data))


def stdev(data, xbar=None):
    """The sample standard deviation."""
    data = list(data)
    if len(data) < 2:
        raise StatisticsError("stdev requires at least two data points")
    return _sqrt(variance(data, xbar))


def pstdev(data, mu=None):
    """The population standard deviation."""
    return _sqrt(pvariance(data, mu))


def quantiles(data, *, n=4, method="exclusive"):
    """The n - 1 cut points between n groups of equal probability."""
    if n < 1:
        raise StatisticsError("n must be at least 1")
    data = sorted(data)
    size = len(data)
    if size < 2:
        raise StatisticsError("must have at least two data points")
    if method not in ("exclusive", "inclusive"):
        raise ValueError(f"Unknown method: {method!r}")
    # The data are cut points themselves: of size - 1 intervals, or of size + 1 of which
    # those at the ends are open.
    outside = 1 if method == "exclusive" else 0
    points = []
    for i in range(1, n):
        above = min(max(i * (size - 1 + 2 * outside) // n - outside, 0), size - 2)
        part = i * (size - 1 + 2 * outside) - (above + outside) * n
        points.append((data[above] * (n - part) + data[above + 1] * part) / n)
    return points


class NormalDist:
    """A normal distribution."""

    __slots__ = ("_mu", "_sigma")

    def __init__(self, mu=0.0, sigma=1.0):
        if sigma < 0.0:
            raise StatisticsError("sigma must be non-negative")
        self._mu, self._sigma = float(mu), float(sigma)

    @classmethod
    def from_samples(cls, data):
        data = list(data)
        return cls(fmean(data), stdev(data))

    mean = median = mode = property(lambda self: self._mu)
    stdev = property(lambda self: self._sigma)
    variance = property(lambda self: self._sigma * self._sigma)

    def samples(self, n, *, seed=None):
        import random

        gauss = random.gauss if seed is None else random.Random(seed).gauss
        return [gauss(self._mu, self._sigma) for _ in range(n)]

    def _spread(self, what):
        if not self._sigma:
            raise StatisticsError(f"{what} not defined when sigma is zero")
        return self._sigma

    def pdf(self, x):
        variance = self._spread("pdf()") ** 2
        x -= self._mu
        return _math.exp(x * x / (-2.0 * variance)) / _math.sqrt(_math.tau * variance)

    def cdf(self, x):
        return 0.5 * (1.0 + _math.erf((x - self._mu) / (self._spread("cdf()") * _math.sqrt(2.0))))

    def inv_cdf(self, p):
        """Where the distribution has the part p below, by Newton's steps on the logarithm of that part."""
        if p <= 0.0 or p >= 1.0:
            raise StatisticsError("p must be in the range 0.0 < p < 1.0")
        q = min(p, 1.0 - p)
        x = -_math.sqrt(-2.0 * _math.log(q)) if q < 0.1 else 0.0
        for _ in range(50):
            below = 0.5 * _math.erfc(-x / _math.sqrt(2.0))
            step = _math.log(below / q) * below * _math.sqrt(_math.tau) / _math.exp(-x * x / 2.0)
            x -= step
            if abs(step) <= 1e-16 * abs(x) or not step:
                break
        return self._mu + (x if p <= 0.5 else -x) * self._sigma

    def quantiles(self, n=4):
        return [self.inv_cdf(i / n) for i in range(1, n)]

    def zscore(self, x):
        return (x - self._mu) / self._spread("zscore()")

    def __add__(self, other):
        if isinstance(other, NormalDist):
            return NormalDist(self._mu + other._mu, _math.hypot(self._sigma, other._sigma))
        return NormalDist(self._mu + other, self._sigma)

    def __sub__(self, other):
        if isinstance(other, NormalDist):
            return NormalDist(self._mu - other._mu, _math.hypot(self._sigma, other._sigma))
        return NormalDist(self._mu - other, self._sigma)

    def __mul__(self, other):
        return NormalDist(self._mu * other, self._sigma * _math.fabs(other))

    def __truediv__(self, other):
        return NormalDist(self._mu / other, self._sigma / _math.fabs(other))

    def __pos__(self):
        return NormalDist(self._mu, self._sigma)

    def __neg__(self):
        return NormalDist(-self._mu, self._sigma)

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return -(self - other)

    def __eq__(self, other):
        if not isinstance(other, NormalDist):
            return NotImplemented
        return self._mu == other._mu and self._sigma == other._sigma

    def __hash__(self):
        return hash((self._mu, self._sigma))

    def __repr__(self):
        return f"NormalDist(mu={self._mu!r}, sigma={self._sigma!r})"
