# The classes of mlx.core as values: attributes, enumerations, iterators.
import mlx.core as mx
assert repr(mx.DeviceType) == "<enum 'DeviceType'>" and str(type(mx.DeviceType)) == "<class 'enum.EnumType'>"
assert list(mx.DeviceType) == [mx.cpu, mx.gpu] and list(reversed(mx.DeviceType)) == [mx.gpu, mx.cpu]
assert mx.DeviceType["cpu"] is mx.cpu and mx.DeviceType(1) == mx.gpu and mx.DeviceType(mx.cpu) == mx.cpu
assert len(mx.DtypeCategory) == 8 and mx.DtypeCategory.__len__() == 8
assert [c.name for c in mx.DtypeCategory][:2] == ["complexfloating", "floating"]
assert mx.cpu in mx.DeviceType and mx.floating in mx.DtypeCategory and mx.cpu not in mx.DtypeCategory
assert mx.DeviceType.__members__ == {"cpu": mx.cpu, "gpu": mx.gpu}
assert str(mx.cpu) == "DeviceType.cpu" and mx.cpu.value == 0
---
mx.DtypeCategory["real"] ### "KeyError: 'real'"
---
mx.DeviceType(7) ### "ValueError: 7 is not a valid DeviceType"
---
mx.DeviceType("cpu") ### "ValueError: 'cpu' is not a valid DeviceType"
---
mx.DeviceType("a", names="b c") ### "TypeError: <enum 'a'> cannot extend <enum 'DeviceType'>"
---
0 in mx.DeviceType ### "TypeError: unsupported operand"
---
assert isinstance(mx.Dtype.size, property)
assert mx.float16.size == 2 and mx.Device(mx.cpu).type == mx.cpu and mx.default_stream(mx.cpu).device == mx.Device(mx.cpu)
assert mx.new_thread_local_stream(mx.cpu).device == mx.Device(mx.cpu)
info = mx.finfo(mx.float16)
assert (info.bits, info.max, info.dtype) == (16, 65504.0, mx.float16) and info.__repr__() == repr(info)
assert mx.iinfo(mx.int8).min == -128 and isinstance(mx.iinfo.min, property)
assert mx.float32.__hash__() == hash(mx.float32) and mx.float32.__eq__(mx.float32)
opts = mx.PrintOptions(precision=3)
opts.precision = 4
assert opts.precision == 4 and isinstance(mx.PrintOptions.precision, property)
---
mx.finfo(mx.float32).max = 3 ### "AttributeError: "
---
mx.finfo(dtype=mx.float32) ### "TypeError: "
---
# differs: an iterator of MLX does not give itself as its iterator
it = iter(mx.array([1, 2]))
assert type(it) is mx.ArrayIterator and it.__iter__() is it and iter(it) is it
assert next(it).item() == 1 and it.__next__().item() == 2 and next(it, None) is None
---
iter(mx.array([], mx.int32)).__next__() ### "StopIteration"
---
# differs: the decorator vmap of MLX's custom_function gives None
f = mx.custom_function(lambda x, y: x * y)
assert isinstance(f, mx.custom_function) and callable(f)
seen = []
@f.vmap
def batched(inputs, axes):
    seen.append(([a.shape for a in inputs], axes))
    return inputs[0] * inputs[1] * 10, 0
assert batched is f
assert mx.vmap(f, in_axes=(0, None))(mx.ones((3, 2)), mx.ones(2)).tolist() == [[10, 10]] * 3
assert seen == [([(3, 2), (2,)], (0, None))]
---
# differs: MLX does not check the shapes that a vmap rule gives
g = mx.custom_function(lambda x: (x, x + 1))
g.vmap(lambda x, axis: ([x * 3, x], [axis, None]))
mx.vmap(g)(mx.ones((2, 2))) ### "ValueError: .*the vmap rule gave output 1 the shape .2,2., want .2."
---
g = mx.custom_function(lambda x: (x, x + 1))
g.vmap(lambda x, axis: x)
mx.vmap(g)(mx.ones((2, 2))) ### "ValueError: .*want a tuple of the outputs and their axes"
---
g = mx.custom_function(lambda x: (x, x + 1))
g.vmap(lambda x, axis: ([x, x + 1], axis))
assert [a.tolist() for a in mx.vmap(g)(mx.ones((2, 1)))] == [[[1], [1]], [[2], [2]]]
---
mx.custom_function(abs).vjp(3) ### "TypeError: .*must be callable, not int"
---
# mx.distributed, in a process that no launcher started.
d = mx.distributed
g = d.init()
assert isinstance(g, d.Group) and (g.rank(), g.size()) == (0, 1) and d.is_available() and not d.is_available("mpi")
x = mx.array([1.0, 2.0])
for f in (d.all_sum, d.all_max, d.all_min, d.all_gather, d.sum_scatter):
    assert f(x).tolist() == [1, 2] and f(x, group=g, stream=mx.cpu) is not x
assert mx.grad(lambda x: d.all_sum(x * x).sum())(x).tolist() == [2, 4]
assert mx.vmap(d.all_gather)(mx.ones((2, 2))).shape == (2, 2)
---
mx.distributed.send(mx.ones(2), 0) ### "ValueError: .*singleton group"
---
mx.distributed.recv_like(mx.ones(2), src=1) ### "ValueError: .*singleton group"
---
mx.distributed.init(strict=True) ### "RuntimeError: .*couldn't initialize any backend"
---
mx.distributed.init(backend="foo") ### "ValueError: .*the backend is 'foo'"
---
mx.distributed.init().split(0) ### "RuntimeError: .*cannot split"
---
mx.distributed.all_sum(x=mx.ones(2), group=3) ### "TypeError: .*must be Group"
---
# memoryview shows an array's elements, and writes to them.
a = mx.array([[1.5, 2.5], [3, 4]])
m = memoryview(a)
assert (m.shape, m.format, m.itemsize, m.nbytes, m.strides) == ((2, 2), "f", 4, 16, (8, 4)) and not m.readonly
assert m.tolist() == [[1.5, 2.5], [3, 4]] and m[1, 0] == 3 and bytes(m) == bytes(a) and bytes(a[0]) == m.tobytes()[:8]
t = memoryview(a.T)
assert t.tolist() == [[1.5, 3], [2.5, 4]] and t.strides == (4, 8) and t.tobytes() == bytes(mx.contiguous(a.T))
assert [memoryview(mx.zeros(2, d)).format for d in (mx.bool_, mx.uint16, mx.int64, mx.float16, mx.bfloat16, mx.complex64)] == ["?", "H", "q", "e", "bfloat16", "Zf"]
assert memoryview(mx.array(3)).shape == () and memoryview(mx.array(3))[()] == 3
a += 1
assert m.tolist() == [[1.5, 2.5], [3, 4]]
assert mx.array(m).tolist() == m.tolist() and mx.array(m).dtype == mx.float32
assert mx.array(memoryview(b"ab")).tolist() == [97, 98] and mx.array(bytearray(b"ab")).dtype == mx.uint8
assert mx.array(memoryview(mx.arange(4))[::2]).tolist() == [0, 2]
---
memoryview(mx.zeros(2, mx.complex64)).tolist() ### "NotImplementedError: .*format Zf"
---
# The order of einsum's contractions.
a, b, c = mx.ones((2, 3)), mx.ones((3, 4)), mx.ones((4, 5))
path, text = mx.einsum_path("ij,jk,kl", a, b, c)
assert path == [(1, 2), (0, 1)]
assert text == """  Complete contraction:  ij,jk,kl
         Naive scaling:  4
     Optimized scaling:  3
      Naive FLOP count:  360
  Optimized FLOP count:  180
"""
assert mx.einsum_path("i,j,k->ijk", mx.ones(20), mx.ones(2), mx.ones(5))[0] == [(1, 2), (0, 1)]
assert mx.einsum_path("ij->", a)[0] == [(0,)] and mx.einsum_path(",ij,i", mx.array(1.0), a, mx.ones(2))[0] == [(1, 2), (0, 1)]
---
mx.einsum_path("ij,jk", mx.ones((2, 3))) ### "ValueError: einsum_path: .*for 2 operands, got 1"
---
mx.einsum("ij,jk->iq", mx.ones((2, 3)), mx.ones((3, 4))) ### "ValueError: einsum: .*the letter 'q'"
---
mx.einsum("ii", mx.ones((2, 3))) ### "ValueError: einsum: .*the sizes 2 and 3"
---
mx.einsum("") ### "ValueError: einsum: at least one operand"
