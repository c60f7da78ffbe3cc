# Arrays of numbers.
import copy
import io
import pickle
from array import array, typecodes

print(typecodes)
for code in typecodes:
    a = array(code, "héy" if code == "u" else [1, 2, 3])
    print(a, a.itemsize, len(a), a.tobytes()[:6], a[1], a[-1], a[1:], a[::-1], a * 2, a + a, a == array(code, a), copy.copy(a), copy.deepcopy(a) == a)
a = array("i", range(5))
a.append(7)
a.extend([8, 9])
a.insert(1, -1)
a.insert(-100, 50)
print(a, a.pop(), a.pop(0), a.index(3), a.count(2), 4 in a, 99 in a, a.reverse(), a)
a[1:3] = array("i", [10, 20, 30])
a[::2] = array("i", [0] * len(a[::2]))
del a[0], a[1:3]
a.remove(0)
print(a, a.tolist(), list(reversed(a)), sum(a), max(a), sorted(a), [x for x in a])
b = array("h")
b.frombytes(b"\1\0\2\0")
b.fromlist([3, 4])
print(b, bytes(b), bytes(array("B", [1, 2])), b < array("h", [9]), b >= b, array("h", [1]) == array("i", [1]), array("h", [1]) == [1])
b.byteswap()
print(b, bool(array("d")), array("d"), array("f", [0.1, 1e40, float("nan")]))
f = io.BytesIO()
array("H", [1, 513]).tofile(f)
f.seek(0)
c = array("H")
try:
    c.fromfile(f, 5)
except EOFError as e:
    print(c, e)
print(pickle.loads(pickle.dumps(array("d", [1.5, 2]))), array("u", "ab").tounicode(), array("B", b"xyz"), array("B", bytearray(b"q")), array("l", (x * x for x in range(4))))
a += array("i", [5])
a *= 2
print(a)
for call in (lambda: array("x"), lambda: array(3), lambda: array("ii"), lambda: array("i", "ab"), lambda: array("b", [200]), lambda: array("B", [-1]), lambda: array("i", [1.5]), lambda: array("f", ["x"]),
             lambda: array("u", [1]), lambda: a[100], lambda: a.pop(100), lambda: array("i").pop(), lambda: a.index(1000), lambda: a.remove(1000), lambda: a + [1], lambda: a + array("h", [1]),
             lambda: a.__setitem__(slice(0, 1), [1]), lambda: a.extend(array("h", [1])), lambda: array("i", b"abc"), lambda: array("q", [1 << 70]), lambda: array("H", [70000])):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
