import mlx.core as mx
mx.set_memory_limit(10**12)
x = mx.ones((500_000_000,)) + 1
mx.eval(x)
# ---
import sys
sys.setrecursionlimit(2**31 - 1)
def f(n): return f(n + 1)
f(0)
