# differs: MLX takes no int above 2**63 - 1, not even for uint64
# What mx.array makes of Python values.
def same(a, shape, dtype, values):
    assert a.shape == shape, a.shape
    assert a.dtype == dtype, a.dtype
    assert a.tolist() == values, a

same(mx.array(3), (), mx.int32, 3)
same(mx.array(2**40), (), mx.int64, 2**40)
same(mx.array(True), (), mx.bool_, True)
same(mx.array(2.5), (), mx.float32, 2.5)
same(mx.array(2j), (), mx.complex64, 2j)
same(mx.array([]), (0,), mx.float32, [])
same(mx.array([[], []]), (2, 0), mx.float32, [[], []])
same(mx.array([True, 2]), (2,), mx.int32, [1, 2])
same(mx.array([1, 2.5]), (2,), mx.float32, [1.0, 2.5])
same(mx.array([1, 2**31]), (2,), mx.int64, [1, 2**31])
same(mx.array([(1, 2), [3, 4]]), (2, 2), mx.int32, [[1, 2], [3, 4]])
same(mx.array([300, -1], mx.uint8), (2,), mx.uint8, [44, 255])
same(mx.array([2.7, -2.7], dtype=mx.int32), (2,), mx.int32, [2, -2])
same(mx.array([1j], mx.float32), (1,), mx.float32, [0.0])
same(mx.array(2**64 - 1, mx.uint64), (), mx.uint64, 2**64 - 1)
same(mx.array(b"abc"), (3,), mx.uint8, [97, 98, 99])
---
# Arrays within lists.
x = mx.array([1, 2])
assert mx.array([x, [3.5, 4]]).tolist() == [[1.0, 2.0], [3.5, 4.0]]
assert mx.array([x[0], 2**40]).tolist() == [1, 2**40]
assert mx.array([mx.array(1, mx.int8), True]).dtype == mx.int8
assert mx.array([x, x], mx.float16).dtype == mx.float16
y = mx.array(x)
y[0] = 9
assert x.tolist() == [1, 2]
---
class Offers:
    def __mlx_array__(self):
        return mx.array([7, 8])
assert (mx.array([1, 2]) + Offers()).tolist() == [8, 10]
assert (Offers() * mx.array(2)).tolist() == [14, 16]
assert mx.array(Offers()).tolist() == [7, 8]
---
# differs: MLX raises RuntimeError: std::bad_cast
class Wrong:
    def __mlx_array__(self):
        return 3
mx.array(Wrong()) ### "TypeError: .*must give an array, not int"
---
mx.array([[1, 2], [3]]) ### "ValueError: .*non-uniform length"
---
mx.array([1, [2]]) ### "ValueError: .*extra dimension"
---
mx.array([1, None]) ### "ValueError: .*invalid type NoneType"
---
mx.array(None) ### "TypeError: array\\(\\): argument 'val' must be .*, not NoneType"
---
mx.array([1, "a"]) ### "ValueError: .*invalid type str"
---
mx.array(1, "float32") ### "TypeError: .*argument 'dtype' must be Dtype, not str"
---
mx.array(2**70, mx.int64) ### "RuntimeError: .*does not fit 64 bits"
---
items = [1]
items.append(items)
mx.array(items) ### "ValueError"
---
# differs: MLX crashes
nested = []
nested.append(nested)
mx.array(nested) ### "ValueError: .*nested deeper"
