# Streams belong to the thread that made them, and what async_eval began tells at synchronize how it ended.
a = mx.linalg.inv(mx.array([[1.0, 2.0], [2.0, 4.0]]), stream=mx.cpu)
mx.async_eval(a)
mx.synchronize(mx.cpu) ### "RuntimeError: .*"
---
mx.synchronize(mx.cpu)
s = mx.new_stream(mx.cpu)
with mx.stream(s):
    assert (2 * mx.arange(3)).tolist() == [0, 2, 4]
---
mx.arange(start=1, step=2) ### "TypeError: .*stop"
---
mx.broadcast_to(mx.zeros(4), [2**31, 1]) ### "OverflowError: .*2147483648"
---
mx.zeros([-2**31 - 1]) ### "OverflowError: .*-2147483649"
