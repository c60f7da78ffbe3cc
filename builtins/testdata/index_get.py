# Reading by every kind of index.
a = mx.arange(24).reshape(2, 3, 4)
I = mx.array
def shape(x): return x.shape
assert a[1].tolist() == a[-1].tolist() == [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]
assert a[0, 1, 2].item() == 6
assert a[0, :, ::-2].tolist() == [[3, 1], [7, 5], [11, 9]]
assert a[..., 0].tolist() == [[0, 4, 8], [12, 16, 20]]
assert shape(a[None, 0, ..., None]) == (1, 3, 4, 1)
assert shape(a[5:]) == (0, 3, 4)
assert a[::-1, 0, 0].tolist() == [12, 0]
assert a[()].tolist() == a[...].tolist() == a.tolist()
assert mx.array(3)[None].shape == (1,)
---
# Index arrays: one place for their axes if they stand together, else in front.
a = mx.arange(24).reshape(2, 3, 4)
I = mx.array
assert a[I([0, 1]), I([0, 2])].tolist() == [[0, 1, 2, 3], [20, 21, 22, 23]]
assert a[:, I([0, 1]), I([0, 1])].tolist() == [[0, 5], [12, 17]]
assert a[I([0, 1]), :, I([0, 1])].tolist() == [[0, 4, 8], [13, 17, 21]]
assert a[0, :, I([0, 1])].tolist() == [[0, 4, 8], [1, 5, 9]]
assert a[I([0, 1]), None, I([0, 1])].shape == (2, 1, 4)
assert a[:, I([[0, 1], [1, 2]])].shape == (2, 2, 2, 4)
assert a[1:, I([0, 1]), ::2].tolist() == [[[12, 14], [16, 18]]]
assert a[[1, -1], 1].tolist() == [[16, 17, 18, 19], [16, 17, 18, 19]]
assert a[I(1), I([0, 1], mx.uint8)].shape == (2, 4)
assert mx.zeros((0, 3))[I([], mx.int32)].shape == (0, 3)
---
# A slice does not change with its source.
a = mx.arange(4)
b, t = a[1:3], a.T
a[1] = 9
a += 1
assert b.tolist() == [1, 2] and t.tolist() == [0, 1, 2, 3] and a.tolist() == [1, 10, 3, 4]
---
# differs: MLX reads beyond the end
mx.arange(8)[8] ### "IndexError: .*8 is out of bounds for axis 0 with size 8"
---
# differs: MLX reads before the start
mx.arange(8)[-9] ### "IndexError"
---
mx.zeros((2, 3))[0, 5] ### "ValueError: .*out of bounds for axis 1"
---
# differs: MLX reads beyond the end
x = mx.arange(3)[mx.array([0, 7])]
mx.eval(x) ### "IndexError: gather: index 7 is out of bounds"
---
mx.arange(3)[mx.array([True, False, True])] ### "ValueError: .*boolean indices"
---
mx.arange(3)[True] ### "ValueError: .*cannot index an array with bool"
---
mx.arange(3)[1.5] ### "ValueError: .*cannot index an array with float"
---
mx.arange(3)[[]] ### "ValueError: .*dtype float32, want integers"
---
# differs: MLX crashes on a step of 0
mx.arange(3)[::0] ### "ValueError: slice step cannot be zero"
---
mx.arange(3)[mx.array(1):] ### "ValueError: .*slice indices must be integers or None"
---
mx.array(3)[0] ### "ValueError: .*0-dimensional"
---
# differs: MLX crashes
mx.array(3)[..., 0] ### "ValueError: .*too many indices"
---
mx.zeros((2, 2))[..., ...] ### "ValueError: .*single ellipsis"
---
mx.zeros((2, 3))[mx.array([0, 1]), mx.array([0, 1, 2])] ### "ValueError: .*cannot be broadcast"
