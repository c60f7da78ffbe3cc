# Arrays print as MLX prints them.
nan, inf = float("nan"), float("inf")
assert str(mx.array([[1, 200], [30, 4]])) == "array([[1, 200],\n       [30, 4]], dtype=int32)"
assert repr(mx.array(True)) == "array(True, dtype=bool)"
assert str(mx.array([1.5, 100, 1e-5, 123456789])) == "array([1.5, 100, 1e-05, 1.23457e+08], dtype=float32)"
assert str(mx.array([nan, inf, -inf, -0.0])) == "array([nan, inf, -inf, -0], dtype=float32)"
assert str(mx.array([1 + 2j, complex(0, -1), complex(nan, inf)])) == "array([1+2j, 0-1j, nan+infj], dtype=complex64)"
assert str(mx.array([1.1], mx.bfloat16)) == "array([1.10156], dtype=bfloat16)"
assert str(mx.array(-1, mx.uint64)) == "array(18446744073709551615, dtype=uint64)"
assert str(mx.arange(7)) == "array([0, 1, 2, ..., 4, 5, 6], dtype=int32)"
assert str(mx.zeros((7, 1), mx.int8)) == "array([[0],\n       [0],\n       [0],\n       ...,\n       [0],\n       [0],\n       [0]], dtype=int8)"
assert str(mx.zeros((2, 1, 2))) == "array([[[0, 0]],\n       [[0, 0]]], dtype=float32)"
assert str(mx.zeros((0, 2))) == "array([], dtype=float32)" and str(mx.zeros((2, 0))) == "array([[],\n       []], dtype=float32)"
---
# Print options.
x = mx.array([1.23456789, float("nan"), 2])
with mx.printoptions(precision=2):
    assert str(x) == "array([1.23, nan, 2.00], dtype=float32)"
    with mx.printoptions(precision=0):
        assert str(mx.array([1.5, 2.5])) == "array([2, 2], dtype=float32)"
    assert mx.get_printoptions().precision == 2
assert str(x) == "array([1.23457, nan, 2], dtype=float32)"
mx.set_printoptions(precision=3)
assert str(mx.array(1)) == "array(1, dtype=int32)" and str(mx.array(1.0)) == "array(1.000, dtype=float32)"
assert f"{mx.array(2.5)}" == "2.5"
mx.set_printoptions()
assert str(mx.array(1.0)) == "array(1, dtype=float32)"
---
mx.set_printoptions(precision="a") ### "TypeError"
