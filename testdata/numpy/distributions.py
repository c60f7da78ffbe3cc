"""Distributions that are drawn by rejection: the numbers of NumPy's streams."""

import numpy as np


def draws(r, name):
    for f in (
        lambda: r.standard_gamma(0.3, 4),
        lambda: r.gamma(2.5, 2.0, 4),
        lambda: r.gamma([0.5, 1.0, 7.0], size=(2, 3)),
        lambda: r.beta(0.4, 0.7, 4),
        lambda: r.beta(2.0, 3.5, 4),
        lambda: r.chisquare(3, 3),
        lambda: r.standard_t(5, 3),
        lambda: r.poisson(3.5, 6),
        lambda: r.poisson([0, 12.5, 400.0, 1e6]),
        lambda: r.rayleigh(2.0, 3),
        lambda: r.weibull(1.7, 3),
        lambda: r.poisson(),
        lambda: r.normal(),
    ):
        y = f()
        print(name, np.asarray(y).dtype, np.round(y, 9).tolist())
    for f in (lambda: r.gamma(-1.0), lambda: r.beta(0, 1), lambda: r.poisson(-1), lambda: r.chisquare(0), lambda: r.poisson(1e30)):
        try:
            print(f())
        except ValueError as e:
            print(name, e)


np.random.seed(3)
draws(np.random, "seed")
draws(np.random.RandomState(11), "state")
draws(np.random.default_rng(5), "generator")
