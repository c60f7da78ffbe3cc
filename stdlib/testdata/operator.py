import operator as op
from operator import itemgetter, attrgetter, methodcaller
class A: pass
a = A(); a.b = A(); a.b.c = 5; a.x = 1
print(op.add(1, 2), op.mul("a", 3), op.truediv(1, 2), op.floordiv(7, 2), op.mod(7, 3), op.pow(2, 5), op.neg(3), op.not_(0), op.lt(1, 2), op.eq(1, 1.0), op.and_(6, 3), op.xor(6, 3), op.invert(1), op.lshift(1, 4))
print(itemgetter(1)([1, 2]), itemgetter(0, 2)("abc"), itemgetter("k")({"k": 9}), attrgetter("b.c")(a), attrgetter("x", "b.c")(a), methodcaller("split", ",")("a,b"), methodcaller("replace", "a", "b")("aa"))
l = [1]; print(op.iadd(l, [2]), l, op.concat([1], [2]), op.contains([1, 2], 2), op.getitem([5], 0), op.countOf([1, 1, 2], 1), op.indexOf("abc", "b"), op.truth([]), op.is_(None, None), op.index(True), op.abs(-3), op.abs(-2.5))
d = {}; op.setitem(d, "k", 1); print(d); op.delitem(d, "k"); print(d, sorted([(1, "b"), (0, "z")], key=itemgetter(1)), itemgetter(1), op.__add__(1, 1))
try: itemgetter(5)([1])
except IndexError as e: print(e)
