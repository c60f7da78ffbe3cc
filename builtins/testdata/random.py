# Draws are MLX's, to the bit.
k = mx.random.key(0)
assert mx.random.split(k, 2).tolist() == [[4146024105, 967050713], [2718843009, 1272950319]]
assert k.dtype == mx.uint32 and mx.random.key(2 ** 32).tolist() == [1, 0]
assert mx.random.randint(-3, 3, (8,), key=mx.random.key(5)).dtype == mx.int32
---
# The global state moves on at the call, also for a draw that fails or is empty.
mx.random.seed(13)
a = [mx.random.uniform(shape=(2,)).tolist() for _ in range(3)]
mx.random.seed(13)
mx.random.uniform(shape=(0,))
try:
    mx.random.uniform(shape=(3,), dtype=mx.int32)
except ValueError:
    pass
assert mx.random.uniform(shape=(2,)).tolist() == a[2]
mx.random.seed(13)
mx.random.uniform(shape=(2,), key=mx.random.key(1))
assert mx.random.uniform(shape=(2,)).tolist() == a[0]
assert len(mx.random.state) == 1 and mx.random.state[0].shape == (2,)
---
# Ranges and shapes.
u = mx.random.uniform(-2, 5, (10000,))
assert (u >= -2).all().item() and (u < 5).all().item() and abs(u.mean().item() - 1.5) < 0.1
n = mx.random.normal((10000,), loc=3, scale=2)
assert abs(n.mean().item() - 3) < 0.1 and abs(mx.std(n).item() - 2) < 0.1
r = mx.random.randint(-3, 3, (10000,))
assert r.min().item() == -3 and r.max().item() == 2 and mx.random.randint(5, 2, (3,)).tolist() == [5, 5, 5]
t = mx.random.truncated_normal(-1, 1, (10000,))
assert t.min().item() >= -1 and t.max().item() <= 1
assert mx.sort(mx.random.permutation(100)).tolist() == list(range(100))
assert mx.random.permutation(0).shape == (0,)
b = mx.random.bernoulli(0.25, (10000,))
assert b.dtype == mx.bool_ and abs(b.sum().item() / 10000 - 0.25) < 0.02
c = mx.random.categorical(mx.log(mx.array([0.2, 0.8])), num_samples=10000)
assert c.dtype == mx.uint32 and abs(c.sum().item() / 10000 - 0.8) < 0.02
assert mx.random.categorical(mx.zeros((2, 3)), num_samples=4).shape == (2, 4)
assert mx.random.categorical(mx.zeros((2, 3)), axis=0).shape == (3,)
---
mx.random.key(1.5) ### "TypeError: key\\(\\): argument 'seed' must be an int from 0 to 2\\*\\*64-1"
---
mx.random.seed(-1) ### "TypeError"
---
mx.random.uniform(shape=3) ### "TypeError: uniform\\(\\): argument 'shape' must be a sequence of int, not int"
---
mx.random.uniform(mx.zeros((2, 3)), 1, (3,)) ### "ValueError: random.uniform: a bound of shape \\(2,3\\) does not broadcast"
---
mx.random.bernoulli(1, (3,)) ### "ValueError: random.bernoulli: the probability is int32, want a floating dtype"
---
mx.random.uniform(key=mx.array([1, 2, 3], mx.uint32)) ### "ValueError: .*a key is uint32 of shape \\(2,\\)"
---
mx.random.permutation(mx.arange(3), axis=1) ### "IndexError"
