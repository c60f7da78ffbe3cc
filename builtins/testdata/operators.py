# Operators take numbers as MLX does.
a, f, b = mx.array([1, 2, 3]), mx.array([1.5, 2, 3]), mx.array([True, False])
assert (a + 2.5).dtype == mx.float32 and (a + True).dtype == mx.int32
assert (mx.array([1], mx.float16) + 1e10).item() == float("inf")
assert (2 - a).tolist() == [1, 0, -1] and (2 ** a).tolist() == [2, 4, 8]
assert (a & 1).tolist() == [1, 0, 1] and (b | 1).tolist() == [1, 1]
assert (2 >= a).tolist() == [True, True, False] and (2 < a).tolist() == [False, False, True]
assert (a == "x") is False and (a != [1]) is True
assert (a @ f).item() == 14.5 and (-a).tolist() == [-1, -2, -3] and (~b).tolist() == [False, True]
assert a.__rsub__(2).tolist() == [1, 0, -1] and a.__add__(1).tolist() == [2, 3, 4]
assert 2 in a and 5 not in a and "x" not in a
assert {a: 1}[a] == 1
---
# In place the object changes, also for its other names, dtype and shape included.
a = mx.array([1, 2, 3])
other = a
a += 1.5
assert other is a and other.dtype == mx.float32 and other.tolist() == [2.5, 3.5, 4.5]
a += mx.ones((2, 3))
assert other.shape == (2, 3)
a /= 2
assert a[0, 0].item() == 1.75
---
a = mx.array([1, 2])
a /= 2 ### "ValueError: in-place division cannot turn int32 into a floating dtype"
---
mx.array([1]) < "x" ### "ValueError: cannot perform less than on an array and str"
---
mx.array([1]) == None ### "TypeError"
---
1 & mx.array([1]) ### "TypeError: unsupported operand type\\(s\\) for &: 'int' and 'array'"
---
mx.array([1]) + [1] ### "ValueError: cannot perform addition on an array and list"
---
mx.array([1], mx.uint8) == 300 ### "ValueError: .*300 is out of range for uint8"
---
# Unary plus is the array, in a handle of its own.
a = mx.array([1, -2])
b = +a
b += 1
assert b.tolist() == [2, -1] and a.tolist() == [1, -2] and (+mx.array(True)).dtype == mx.bool_
---
round(mx.array(1.5)) ### "TypeError"
---
# Conversion to Python numbers.
assert int(mx.array(2.7)) == 2 and float(mx.array([[5]])) == 5.0 and complex(mx.array(1j)) == 1j
assert bool(mx.array(2j)) and not mx.array([[0]])
assert mx.array(-1, mx.uint64).item() == 2**64 - 1
assert type(mx.array(True).item()) == bool
assert len(mx.zeros((3, 2))) == 3 and [x.item() for x in mx.array([1, 2])] == [1, 2]
assert f"{mx.array(3.14159):.2f} {mx.array(7):>3} {mx.array([1])}" == "3.14   7 array([1], dtype=int32)"
assert list(mx.zeros((2, 2)))[0].shape == (2,)
---
bool(mx.array([1, 2])) ### "ValueError: .*only length-1 arrays"
---
len(mx.array(3)) ### "TypeError: len\\(\\) of a 0-dimensional array"
---
list(mx.array(3)) ### "IndexError"
---
# A 0-d array of integers is an index of Python's sequences.
assert [1, 2][mx.array(1)] == 2 and "abc"[mx.array(-1, mx.int8)] == "c" and list(range(mx.array(2))) == [0, 1]
assert [1, 2, 3][mx.array(1):] == [2, 3] and mx.array(3).__index__() == 3
assert mx.zeros((mx.array(2), 3)).shape == (2, 3) and mx.sum(mx.ones((2, 3)), axis=mx.array(1)).tolist() == [3, 3]
---
[1, 2][mx.array([1])] ### "TypeError"
---
[1, 2][mx.array(1.0)] ### "TypeError"
---
[1, 2][mx.array(True)] ### "TypeError"
---
int(mx.array(1j)) ### "TypeError: int\\(\\) argument"
---
int(mx.array(float("nan"))) ### "ValueError: cannot convert float NaN to integer"
---
f"{mx.array([1.5]):.2f}" ### "TypeError: unsupported format string"
---
mx.array([1]).__array_interface__ ### "AttributeError: .*not shared"
---
mx.array([1]).shapes ### "AttributeError: 'array' object has no attribute 'shapes'"
---
mx.arrray ### "AttributeError: module 'mlx.core' has no attribute 'arrray'"
---
# Methods take the array first, and bind by their own signatures.
a = mx.array([[1, 2], [3, 4]])
assert a.sum().item() == mx.array.sum(a).item() == 10
assert a.sum(0).tolist() == a.sum(axis=0).tolist() == [4, 6]
assert a.sum(1, True).shape == (2, 1) and a.max(axis=1, keepdims=True, stream=mx.cpu).shape == (2, 1)
assert a.reshape(4).shape == a.reshape((4,)).shape == a.reshape([-1]).shape == (4,)
assert a.transpose().tolist() == a.T.tolist() == a.transpose(1, 0).tolist() == a.transpose([1, 0]).tolist()
assert a.astype(mx.float32).view(mx.uint32).dtype == mx.uint32
assert a.split(2)[1].tolist() == [[3, 4]] and a.flatten().shape == (4,)
assert mx.array([1 + 2j]).imag.tolist() == [2.0] and a.imag.tolist() == [[0, 0], [0, 0]]
assert (a.ndim, a.size, a.itemsize, a.nbytes) == (2, 4, 4, 16)
---
mx.array.sum(3) ### "TypeError: .*'sum' for 'array' objects doesn't apply to a 'int' object"
---
mx.array([1]).item(0) ### "TypeError: item\\(\\) takes"
---
mx.array([1]).astype("float32") ### "TypeError: astype\\(\\): argument 'dtype' must be Dtype, not str"
---
mx.array([1]).sum(axes=0) ### "TypeError: 'axes' is an invalid keyword argument for sum\\(\\)"
---
# Numbers of classes of one's own are numbers; what merely says which number it is, is a complex one, as in MLX.
class Whole(int):
    pass

class Half:
    def __float__(self):
        return 0.5

class Third:
    def __index__(self):
        return 3

class Turned:
    def __complex__(self):
        return 2j

a = mx.array([1.0, 2.0])
assert (a + Whole(2)).dtype == mx.add(a, Whole(2)).dtype == mx.float32 and mx.add(a, Whole(2)).tolist() == [3, 4]
assert (a + Half()).tolist() == [1.5, 2.5] and (a + Half()).dtype == mx.complex64 and (Half() - a).tolist() == [-0.5, -1.5]
assert mx.maximum(a, Third()).tolist() == [3, 3] and (mx.array([1]) * Turned()).tolist() == [2j]
b = mx.array(1.0)
b += Half()
assert b.dtype == mx.complex64 and b.item() == 1.5
---
class Broken:
    def __float__(self):
        return "none"

mx.array([1]) + Broken() ### "ValueError: cannot perform addition on an array and Broken"
