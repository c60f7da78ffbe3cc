"""Normal distributions."""

from statistics import NormalDist, StatisticsError

n = NormalDist(3, 2)
print(n, n.mean, n.median, n.mode, n.stdev, n.variance, NormalDist(), NormalDist.from_samples([1, 2, 4, 8]))
for x in (-9, 0, 2.5, 3, 11):
    print(f"{n.pdf(x):.12g} {n.cdf(x):.12g} {n.zscore(x):.12g}")
for p in (1e-300, 1e-10, 0.01, 0.25, 0.5, 0.75, 0.999, 1 - 1e-12):
    print(f"{n.inv_cdf(p):.11g} {NormalDist().inv_cdf(p):.11g}")
print([round(q, 10) for q in n.quantiles(5)], n + 1, 2 - n, n * -2, n / 4, n + n, n - NormalDist(1, 1), -n, +n == n, n == 3, len({n, NormalDist(3, 2)}))
for f in (lambda: NormalDist(0, -1), lambda: n.inv_cdf(0), lambda: NormalDist(1, 0).pdf(1)):
    try:
        f()
    except StatisticsError as e:
        print(e)
