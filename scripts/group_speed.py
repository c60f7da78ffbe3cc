"""Times sums over a group of processes, of a few bytes and of many.

    mlxstar launch -n 2 scripts/group_speed.py
    mlx.launch -n 2 --python python scripts/group_speed.py
    mpirun -n 2 mlxstar scripts/group_speed.py
"""

import argparse
import time

import mlx.core as mx


def best(rounds, f):
    """The shortest time of several calls, in seconds, after one that does not count."""
    f()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--most", type=int, default=100_000_000, help="bytes of the largest array")
    args = parser.parse_args()
    world = mx.distributed.init(strict=True)
    size = 8
    while size <= args.most:
        x = mx.ones(size // 4)
        mx.eval(x)
        seconds = best(args.rounds * (20 if size < 1_000_000 else 1), lambda: mx.eval(mx.distributed.all_sum(x)))
        if world.rank() == 0:
            print(f"{world.size()} processes, {size:>11,} bytes: {seconds * 1e6:10.1f} us, {size / seconds / 1e9:6.2f} GB/s", flush=True)
        size = args.most if size * 100 > args.most > size else size * 100


if __name__ == "__main__":
    main()
