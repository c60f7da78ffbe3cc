# Arrays in pickles: values, dtypes, shapes and identities.
import pickle

import mlx.core as mx
xs = [mx.array([[1, 2], [3, 4]], t) for t in (mx.bool_, mx.int8, mx.uint64, mx.float16, mx.bfloat16, mx.complex64)] + [mx.array(3.5), mx.zeros((0, 2))]
ys = pickle.loads(pickle.dumps({"a": xs, "b": xs[0]}))
print(all(x.dtype == y.dtype and x.shape == y.shape and mx.array_equal(x, y).item() for x, y in zip(xs, ys["a"])), ys["b"] is ys["a"][0])
