# Named tuples and other subclasses of tuple as trees of arrays.
from typing import NamedTuple

import mlx.core as mx


class Pair(NamedTuple):
    a: mx.array
    b: mx.array


class Vector(tuple):
    pass


p = Pair(mx.array(1.0), mx.array(2.0))
print(mx.grad(lambda p: p.a * p.b)(p))
print(mx.compile(lambda p: Pair(p.b, p.a))(p))
print(mx.vmap(lambda p: Pair(p.a + 1, p.b))(Pair(mx.ones(2), mx.ones(2))))
print(type(mx.grad(lambda v: v[0] * v[1])(Vector([mx.array(1.0), mx.array(2.0)]))).__name__)
