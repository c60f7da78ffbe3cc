# Dtypes, categories and limits.
assert str(mx.float32) == "mlx.core.float32" and mx.float16.size == 2 and mx.bool_ == mx.bool_ != mx.int8
assert mx.issubdtype(mx.bfloat16, mx.floating) and mx.issubdtype(mx.integer, mx.number)
assert not mx.issubdtype(mx.bool_, mx.number) and mx.issubdtype(mx.int8, mx.int8)
assert mx.isdtype(mx.uint8, "integral") and mx.isdtype(mx.int8, ("bool", mx.int8)) and not mx.isdtype(mx.bool_, "numeric")
assert mx.can_cast(mx.int8, mx.float16) and not mx.can_cast(mx.float32, mx.int32)
assert mx.result_type(mx.int8, mx.array([1], mx.uint8)) == mx.int16
assert str(mx.finfo(mx.float16)) == "finfo(min=-65504, max=65504, dtype=float16)"
assert mx.finfo(mx.bfloat16).eps == 2**-7 and mx.finfo(mx.complex64).dtype == mx.float32
assert mx.iinfo(mx.int8).min == -128 and mx.iinfo(mx.uint64).max == 2**64 - 1
assert str(mx.floating) == "DtypeCategory.floating" and mx.DtypeCategory(1) == mx.floating
assert mx.newaxis is None and mx.__version__ == "0.32.4"
---
mx.finfo(mx.int32) ### "ValueError: finfo: dtype int32 is not inexact"
---
mx.iinfo(mx.float32) ### "ValueError: iinfo: only integer types"
---
mx.float32 == None ### "TypeError"
---
mx.isdtype(mx.int8, "odd") ### "ValueError: .*no kind of dtype"
---
mx.asarray([1], copy=False) ### "ValueError: .*unable to avoid copy"
---
# without a GPU
# Devices and streams.
assert mx.default_device() == mx.cpu == mx.Device(mx.cpu) and mx.Device(mx.cpu, 1) != mx.cpu
assert str(mx.default_stream(mx.cpu)) == "Stream(Device(cpu, 0), 0)"
assert mx.is_available(mx.cpu) and mx.device_count(mx.cpu) == 1
s = mx.new_stream(mx.cpu)
with mx.stream(s):
    assert mx.default_stream(mx.cpu) == s
    x = mx.ones(3) + 1
assert mx.default_stream(mx.cpu) != s
mx.synchronize(s)
mx.synchronize()
assert x.tolist() == [2, 2, 2]
assert mx.add(1, x, stream=mx.new_thread_local_stream(mx.cpu)).tolist() == [3, 3, 3]
assert "device_name" in mx.device_info() and mx.device_info(mx.gpu) == {}
assert mx.metal.device_info() == {} and not mx.metal.is_available() and not mx.cuda.is_available()
assert mx.metal.get_active_memory() == mx.get_active_memory()
---
# differs: MLX crashes on a tree that holds itself
# eval walks nested containers, each once.
tree = {"a": [mx.ones(2), (mx.zeros(1), 3)], "b": None}
tree["self"] = tree
assert mx.eval(tree, 1, "x", [mx.ones(1)]) is None
assert mx.async_eval(tree) is None
assert tree["a"][0].tolist() == [1, 1]
---
# without a GPU
mx.set_default_device(mx.gpu) ### "ValueError: .*no gpu device"
---
# without a GPU
mx.default_stream(mx.gpu) ### "ValueError: .*no gpu device"
---
mx.set_default_stream(mx.cpu) ### "TypeError: .*must be Stream, not DeviceType"
