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
it = iter(mx.array([1, 2]))
assert type(it) is mx.ArrayIterator and it.__iter__() is it and iter(it) is it
assert next(it).item() == 1 and it.__next__().item() == 2 and next(it, None) is None
---
iter(mx.array([], mx.int32)).__next__() ### "StopIteration"
---
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
