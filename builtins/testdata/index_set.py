# Assignment keeps the array's dtype, casts the value and broadcasts it.
a = mx.arange(6)
alias = a
a[0] = 7.9
a[1:3] = mx.array([[8, 9]])
a[::-2] = mx.array([30, 20, 10])
assert a.tolist() == [7, 10, 9, 20, 4, 30] and a.dtype == mx.int32
assert alias is a
a[mx.array([0, 0])] = mx.array([1, 2])
assert a.tolist() == [2, 10, 9, 20, 4, 30]
a[[1, 2]] += 5
assert a.tolist() == [2, 15, 14, 20, 4, 30]
a[...] = 2.5
assert a.dtype == mx.float32 and a.tolist() == [2.5] * 6
---
# An update of the array's own shape goes where the index says.
a = mx.arange(3)
a[[1, 0, 2]] = mx.array([100, 101, 102])
assert a.tolist() == [101, 100, 102]
b = mx.zeros((1,), mx.int32)
b[:] = -1.5
assert b.tolist() == [-1]
---
# Index arrays with slices, ints and None.
I = mx.array
g = mx.zeros((2, 3, 4))
g[I([0, 1]), :, I([0, 1])] = mx.arange(6).reshape(2, 3)
assert g[0, :, 0].tolist() == [0, 1, 2] and g[1, :, 1].tolist() == [3, 4, 5]
assert g.sum().item() == 15
g[1:, I([0, 1]), ::2] = I([[[1, 2], [3, 4]]])
assert g[1].tolist() == [[1, 3, 2, 0], [3, 4, 4, 0], [0, 5, 0, 0]]
g[:, None, I([0])] = 0
assert g[:, 0].sum().item() == 0
m = mx.zeros((2, 3))
m[0, I([0, 2])] = I([1, 2])
m[::-1, 1] = I([8, 9])
assert m.tolist() == [[1, 9, 2], [0, 8, 0]]
m[2:] = 5
assert m.sum().item() == 20
---
# differs: MLX crashes on a step of 0
# Masks.
a = mx.arange(6)
a[a > 3] = 0
assert a.tolist() == [0, 1, 2, 3, 0, 0]
mask = mx.array([True, False, True, False, True, False])
a[mask] = mx.array([7, 8, 9, 10])
assert a.tolist() == [7, 1, 8, 3, 9, 0]
a[False] = 5
assert a[0].item() == 7
a[True] = 5
assert a.tolist() == [5] * 6
m = mx.zeros((2, 3))
m[mx.array([True, False])] = mx.array([1, 2, 3])
assert m.tolist() == [[1, 2, 3], [0, 0, 0]]
m[mx.array([False, True])] = mx.array([[4, 5, 6], [7, 8, 9]])
assert m.tolist() == [[1, 2, 3], [4, 5, 6]]
m[[True, True]] = 0
assert m.sum().item() == 0
m[mx.array([[False] * 3] * 2)] = mx.array([])
assert m.sum().item() == 0
---
a = mx.arange(3)
a[mx.array([True, True, False])] = mx.array([1])
mx.eval(a) ### "RuntimeError: masked_scatter: .*more places than the 1 values"
---
# at applies once for each occurrence and leaves the array alone.
a = mx.arange(4)
b = a.at[mx.array([0, 0, 1])].add(1)
assert b.tolist() == [2, 2, 2, 3] and a.tolist() == [0, 1, 2, 3]
assert a.at[1:3].multiply(3).tolist() == [0, 3, 6, 3]
assert a.at[0].subtract(1.5).tolist() == [-1, 1, 2, 3]
assert a.at[[0, 1]].maximum(1).tolist() == [1, 1, 2, 3]
assert a.at[:].minimum(2).tolist() == [0, 1, 2, 2]
assert a.at[1:].divide(2).tolist() == [0, 0, 0, 0]
assert a.at[...].divide(2).tolist() == [0, 0.5, 1, 1.5]
assert a.at[...].add(1.5).dtype == mx.float32
at = a.at
a[0] = 50
assert at[0].add(1).tolist() == [1, 1, 2, 3] and a[0].item() == 50
m = mx.zeros((2, 3))
assert m.at[0, mx.array([0, 0])].add(mx.array([1, 2])).tolist() == [[3, 0, 0], [0, 0, 0]]
assert m.at[:, mx.array([0, 0])].subtract(1).tolist() == [[-2, 0, 0], [-2, 0, 0]]
---
mx.arange(4).at.add(1) ### "ValueError: .*needs indices first"
---
mx.arange(4).at[0].add("x") ### "ValueError: .*cannot assign str"
---
# differs: MLX ignores a place beyond the end
a = mx.arange(4)
a[9] = 1 ### "IndexError: .*9 is out of bounds"
---
# differs: MLX ignores a place beyond the end
a = mx.arange(4)
a[mx.array([9])] = 1
mx.eval(a) ### "IndexError: scatter: index 9 is out of bounds"
---
a = mx.arange(4)
a[0] = [1] ### "ValueError: .*cannot assign list"
---
a = mx.arange(4)
a[0] = None ### "TypeError: .*cannot assign None"
---
a = mx.arange(4)
a[1:3] = mx.zeros(3) ### "ValueError: .*shape \\(3,\\) to the selection's shape \\(2,\\)"
---
a = mx.arange(4)
a[0] = 2**40 ### "ValueError: .*out of range for int32"
---
a = mx.arange(4)
a[mx.array([True])] = 1 ### "ValueError: .*mask has shape \\(1,\\)"
---
a = mx.arange(4)
del a[0] ### "AttributeError"
---
# New axes of a 0-d array are the value's leading ones.
x = mx.array(3.0)
x[None, None] = mx.array([[5.0]])
assert x.shape == () and x.item() == 5.0 and x.at[None,].add(mx.array([1.0])).item() == 6.0
