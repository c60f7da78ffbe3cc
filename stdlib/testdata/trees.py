# Trees of programs: what is read, where it stands, and how it is written.
import ast

expressions = ["f(x for x in y)", "a[1,2]", "a[(1,2)]", "(a)", "(a+b)*c", "(yield)", "lambda x=1, *a, b: 2", "[(a), b]", "x[1:2, ::3]", "f((x for x in y), 1)", "{**a, 1: 2}",
               "f(*(a), **(b))", "(a,)", "()", "a if (b) else c", "(a).b", "(a)(b)", "'é' + x", "'a' 'b'", "f'{x}é{y!r}'", "not (a)", "-(a)", "(a) < (b)", "((a) and b)", "(x := 1)",
               "a or b and not c == d < e", "(-a) ** -b ** c", "{1, 2}", "{k: v for k, v in x if k if v}", "1_000 + 0x1F + 2.5e3 + 3j", "b'\\xff' + b'a'", "f'{a!s:>{w}.{p}f}|{b=}'", "...",
               "x[...]", "lambda: (yield)", "a @ b // c % d << e >> f & g | h ^ i", "~a", "f()()", "a.b[0].c", "[*a, *b]", "1 .real", "'it''s \"x\"'", "f'{d[\"k\"]}'", "None is not True"]
statements = ["for (x) in y: pass", "with (a) as b, (c): pass", "with (a, b): pass", "with (a as b, c as d): pass", "def f(a: int = 3, *, b: str): pass", "from a import (b, c as d)",
              "import a.b as c, d", "from . import *", "from ..x import y", "try:\n  a\nexcept (A) as e:\n  pass\nelse: b\nfinally:\n  c", "try:\n  a\nexcept* B:\n  pass", "if a: b\nelif c: d\nelse: e",
              "class A((B), m=c): x: int = 3; y: int", "class A:\n  '''Doc.\n\n    more'''", "x = (1\n)", "x = y = 1; z += 2", "a, b = c, *d", "del (a), b", "(x): int = 1", "x.y: int", "raise A from b",
              "@a.b\n@c\ndef f(a, /, b, *c, d=1, **e) -> int:\n  'doc'\n  global g\n  return", "while x:\n  break\nelse:\n  continue", "assert a, b", "def f():\n  nonlocal_ = 1\n  return a, b",
              "match x:\n  case -1: pass\n  case (a) if a: pass\n  case A.b | 'c': pass\n  case [a, *b] if b: pass\n  case {'x': y, **z}: pass\n  case C(1, k=None) as d if e: pass\n  case _: pass",
              "async def f():\n  async for a in b: await c\n  async with d as e: [x async for x in y if z]\n  return await g(h)", "print('x', end='')  # comment\n\n\ny"]
for text in expressions + statements:
    tree = ast.parse(text)
    print(text)
    print(ast.dump(tree, include_attributes=True))
    print(ast.unparse(tree))
    again = ast.parse(ast.unparse(tree))
    assert ast.dump(again) == ast.dump(tree), text

print(ast.dump(ast.parse("x + 1", mode="eval"), indent=2), ast.dump(ast.parse("x; y", mode="single"), annotate_fields=False))
source = "def f(x):\n    'About f.\\n\\n      Indented.'\n    return (x +\n            é)  # end\n"
tree = ast.parse(source)
print(repr(ast.get_docstring(tree.body[0])), ast.get_docstring(tree), repr(ast.get_source_segment(source, tree.body[0].body[1])), ast.get_source_segment(source, tree.body[0].body[1].value.right))
print([type(n).__name__ for n in ast.walk(tree)])


class Names(ast.NodeVisitor):
    def __init__(self):
        self.found = []

    def visit_Name(self, node):
        self.found.append((node.id, type(node.ctx).__name__, node.lineno, node.col_offset))


class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.Constant(node.value * 2), node)

    def visit_Pass(self, node):
        return None

    def visit_Break(self, node):
        return [ast.Continue(), ast.Pass()]


v = Names()
v.visit(ast.parse("a = b\nc[d] += e"))
print(v.found)
print(ast.unparse(Double().visit(ast.parse("for x in [1, 'a']:\n    pass\n    y = 2.5\n    break"))))
made = ast.fix_missing_locations(ast.Expression(ast.BinOp(ast.Name("a", ast.Load()), ast.Add(), ast.Constant(1))))
print(ast.dump(made, include_attributes=True), ast.unparse(made), ast.increment_lineno(made, 4).body.lineno)
print(isinstance(made.body, ast.expr), ast.Name._fields, ast.Return().value, ast.Name("a").id, ast.FunctionDef._attributes, issubclass(ast.Add, ast.operator))
for x in ("[1, (2, 3.5), {'a': None}, {1, 2}, b'x', True]", "-1", "1 + 2j", "set()"):
    print(ast.literal_eval(x), ast.literal_eval(ast.parse(x, mode="eval")), ast.literal_eval(ast.parse(x, mode="eval").body))
for call in (lambda: ast.literal_eval(ast.parse("a()", mode="eval")), lambda: ast.parse("a b"), lambda: ast.parse("a", mode="none"), lambda: ast.Name(1, 2, 3), lambda: ast.dump(3), lambda: ast.get_docstring(ast.Pass())):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, str(e).split(" at ")[0].split(" (<")[0].split(": <")[0])
