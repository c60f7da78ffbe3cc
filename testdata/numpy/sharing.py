# Memory that arrays of NumPy and MLX share, and what else of NumPy MLX's tests use.
import gc
import weakref

import mlx.core as mx
import numpy as np

a = mx.arange(6).reshape(2, 3).astype(mx.float32)
v = np.array(a, copy=False)
v[0, 1] = 50
print(a.tolist(), v.flags.owndata, v.flags.writeable)
c = np.array(a)
c[0, 0] = -1
print(a[0, 0].item(), np.asarray(a)[0, 1])
b = np.array(mx.broadcast_to(a, (2, 2, 3)), copy=False)
print(b.strides, b.tolist())
x = np.arange(3, dtype=np.float32)
z = mx.from_dlpack(x, copy=True)
x += 10
print(z.tolist())
print(mx.from_dlpack(np.arange(12, dtype=np.int32).reshape(3, 4).T).tolist(), memoryview(mx.from_dlpack(np.arange(20, dtype=np.int32)[2:10:2])).strides)
for f in (lambda: mx.from_dlpack(np.arange(5, dtype=np.float32)[::-1]), lambda: mx.asarray([1, 2], copy=False), lambda: mx.asarray(mx.ones(2), copy=False)):
    try:
        print(f())
    except ValueError as e:
        print("ValueError")
m = memoryview(np.array([[1, 2], [3, 4]], np.int32))
print(m.format, m.shape, m.strides, m.tolist(), m.readonly)
r = weakref.ref(a)
del a, v, b
gc.collect()
print(r() is None)
print(np.matmul(np.ones((2, 2)), np.ones((2, 2)), dtype=np.float32).dtype, np.linalg.pinv(np.zeros((0, 3))).shape)
print(np.ones((2, 3)).__array_interface__["shape"], np.ones(2, np.int16).__array_interface__["typestr"], sorted(np.ones(2).__array_interface__))
print(np.logaddexp.accumulate(np.array([1.0, 2.0, 3.0])), np.logaddexp.reduce(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0), np.subtract.reduce(np.array([5, 2, 1])), np.power.accumulate(np.array([2, 3, 2])))
t = np.array([1, 2, 3])
t.__iadd__(2)
t.__imul__(3)
print(t)
print(np.round(np.abs(np.fft.fft2(np.arange(8.0).reshape(2, 2, 2), axes=None)), 3).tolist())
