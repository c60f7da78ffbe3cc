"""The trees of programs: reading, showing, walking, changing and writing them."""

from _ast import literal as _literal
from _ast import parse as _parse

PyCF_ONLY_AST, PyCF_TYPE_COMMENTS, PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x400, 0x1000, 0x2000

# The classes of nodes: a base, whether its nodes know their place, and each class with its fields. A field that
# may be None ends with ?, one that is a list with *.
_GRAMMAR = """
mod - Module(body* type_ignores*) Interactive(body*) Expression(body) FunctionType(argtypes* returns)
stmt + FunctionDef(name args body* decorator_list* returns? type_comment?) AsyncFunctionDef(name args body* decorator_list* returns? type_comment?)
 ClassDef(name bases* keywords* body* decorator_list*) Return(value?) Delete(targets*) Assign(targets* value type_comment?)
 AugAssign(target op value) AnnAssign(target annotation value? simple) For(target iter body* orelse* type_comment?)
 AsyncFor(target iter body* orelse* type_comment?) While(test body* orelse*) If(test body* orelse*) With(items* body* type_comment?)
 AsyncWith(items* body* type_comment?) Match(subject cases*) Raise(exc? cause?) Try(body* handlers* orelse* finalbody*)
 TryStar(body* handlers* orelse* finalbody*) Assert(test msg?) Import(names*) ImportFrom(module? names* level?) Global(names*) Nonlocal(names*)
 Expr(value) Pass() Break() Continue()
expr + BoolOp(op values*) NamedExpr(target value) BinOp(left op right) UnaryOp(op operand) Lambda(args body) IfExp(test body orelse)
 Dict(keys* values*) Set(elts*) ListComp(elt generators*) SetComp(elt generators*) DictComp(key value generators*) GeneratorExp(elt generators*)
 Await(value) Yield(value?) YieldFrom(value) Compare(left ops* comparators*) Call(func args* keywords*)
 FormattedValue(value conversion format_spec?) JoinedStr(values*) Constant(value kind?) Attribute(value attr ctx) Subscript(value slice ctx)
 Starred(value ctx) Name(id ctx) List(elts* ctx) Tuple(elts* ctx) Slice(lower? upper? step?)
expr_context - Load() Store() Del()
boolop - And() Or()
operator - Add() Sub() Mult() MatMult() Div() Mod() Pow() LShift() RShift() BitOr() BitXor() BitAnd() FloorDiv()
unaryop - Invert() Not() UAdd() USub()
cmpop - Eq() NotEq() Lt() LtE() Gt() GtE() Is() IsNot() In() NotIn()
comprehension - comprehension(target iter ifs* is_async)
excepthandler + ExceptHandler(type? name? body*)
arguments - arguments(posonlyargs* args* vararg? kwonlyargs* kw_defaults* kwarg? defaults*)
arg + arg(arg annotation? type_comment?)
keyword + keyword(arg? value)
alias + alias(name asname?)
withitem - withitem(context_expr optional_vars?)
match_case - match_case(pattern guard? body*)
pattern + MatchValue(value) MatchSingleton(value) MatchSequence(patterns*) MatchMapping(keys* patterns* rest?)
 MatchClass(cls patterns* kwd_attrs* kwd_patterns*) MatchStar(name?) MatchAs(pattern? name?) MatchOr(patterns*)
type_ignore - TypeIgnore(lineno tag)
"""

_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")


class AST:
    """A node of a tree."""

    _fields = ()
    _attributes = ()
    __match_args__ = ()

    def __init__(self, *args, **kwargs):
        names = self._fields
        if len(args) > len(names):
            most = f"at most {len(names)} positional argument" + ("s" if len(names) != 1 else "")
            raise TypeError(f"{type(self).__name__} constructor takes {most}")
        for name, value in zip(names, args):
            setattr(self, name, value)
        for name, value in kwargs.items():
            if name in names[:len(args)]:
                raise TypeError(f"{type(self).__name__} got multiple values for argument {name!r}")
            setattr(self, name, value)


def _classes():
    made = {}
    for line in _GRAMMAR.replace("\n ", " ").strip().split("\n"):
        name, placed, rest = line.split(" ", 2)
        attributes = _PLACE if placed == "+" and name != "mod" else ()
        common = {"__module__": "ast", "_attributes": attributes}
        if attributes:
            common.update(end_lineno=None, end_col_offset=None)
        base = AST
        if not rest.startswith(name + "("):
            base = made[name] = type(name, (AST,), common)
        for one in rest.split(")")[:-1]:
            kind, _, fields = one.strip().partition("(")
            fields = fields.split()
            members = {"__module__": "ast", "_fields": tuple(f.rstrip("*?") for f in fields)}
            members["__match_args__"] = members["_fields"]
            members.update({f[:-1]: None for f in fields if f.endswith("?")})
            if base is AST:
                members.update(common)
            made[kind] = type(kind, (base,), members)
    return made


_kinds = _classes()
globals().update(_kinds)


class slice(AST):
    """What the index of a subscript was before it was any expression."""


def _node(kind, fields, place):
    node = _kinds[kind](*fields)
    if place is not None:
        node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = place
    return node


def parse(source, filename="<unknown>", mode="exec", *, type_comments=False, feature_version=None):
    """The tree of a program, of an expression (mode "eval"), or of what is typed at a prompt ("single")."""
    if type_comments:
        raise NotImplementedError("ast.parse: type_comments are not read")
    if feature_version is not None:
        raise NotImplementedError("ast.parse: feature_version: programs are read by one version of the grammar, that of 3.11")
    if isinstance(source, AST):
        return source
    if isinstance(source, (bytes, bytearray)):
        source = bytes(source).decode("utf-8-sig")
    elif not isinstance(source, str):
        raise TypeError("compile() arg 1 must be a string, bytes or AST object")
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if mode == "eval":
        return Expression(_parse(source.lstrip(" \t"), filename, True, _node))
    body = _parse(source, filename, False, _node) if mode in ("exec", "single") else None
    if mode == "exec":
        return Module(body, [])
    if mode == "single":
        return Interactive(body)
    if mode == "func_type":
        raise NotImplementedError("ast.parse: mode 'func_type': types in comments are not read")
    raise ValueError("compile() mode must be 'exec', 'eval', 'single' or 'func_type'")


def literal_eval(node_or_string):
    """The value of an expression of literals alone."""
    if isinstance(node_or_string, str):
        return _literal(node_or_string.lstrip(" \t"))
    return _value(node_or_string.body if isinstance(node_or_string, Expression) else node_or_string)


def _value(node):
    match node:
        case Constant():
            return node.value
        case Tuple():
            return tuple([_value(e) for e in node.elts])
        case List():
            return [_value(e) for e in node.elts]
        case Set():
            return {_value(e) for e in node.elts}
        case Call(func=Name(id="set"), args=[], keywords=[]):
            return set()
        case Dict() if len(node.keys) == len(node.values):
            return {_value(k): _value(v) for k, v in zip(node.keys, node.values)}
        case BinOp(op=Add() | Sub()):
            left, right = _number(node.left), _number(node.right, signed=False)
            if isinstance(left, (int, float)) and isinstance(right, complex):
                return left + right if isinstance(node.op, Add) else left - right
        case UnaryOp():
            return _number(node)
    _malformed(node)


def _number(node, signed=True):
    if isinstance(node, Constant) and type(node.value) in (int, float, complex):
        return node.value
    if signed and isinstance(node, UnaryOp) and isinstance(node.op, (UAdd, USub)):
        value = _number(node.operand, signed=False)
        return +value if isinstance(node.op, UAdd) else -value
    _malformed(node)


def _malformed(node):
    line = getattr(node, "lineno", None)
    raise ValueError("malformed node or string" + (f" on line {line}" if line else "") + f": {node!r}")


def iter_fields(node):
    """The names and values of the fields that a node has."""
    for name in node._fields:
        try:
            yield name, getattr(node, name)
        except AttributeError:
            pass


def iter_child_nodes(node):
    """The nodes directly below a node."""
    for _, value in iter_fields(node):
        if isinstance(value, AST):
            yield value
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, AST):
                    yield one


def walk(node):
    """A node and all below it, level by level."""
    level = [node]
    while level:
        below = []
        for one in level:
            below.extend(iter_child_nodes(one))
            yield one
        level = below


def dump(node, annotate_fields=True, include_attributes=False, *, indent=None):
    """A tree as text."""
    if not isinstance(node, AST):
        raise TypeError("expected AST, got %r" % type(node).__name__)
    step = " " * indent if isinstance(indent, int) else indent

    def separators(level):
        return ("", ", ") if step is None else ("\n" + step * level, ",\n" + step * level)

    def show(x, level):
        """The text of a value, and whether it is short."""
        level += 1
        first, between = separators(level)
        if isinstance(x, list):
            if not x:
                return "[]", True
            return "[" + first + between.join([show(e, level)[0] for e in x]) + "]", False
        if not isinstance(x, AST):
            return repr(x), True
        parts, short, named = [], True, annotate_fields
        for name in x._fields:
            value = getattr(x, name, _absent)
            if value is _absent or value is None and getattr(type(x), name, _absent) is None:
                named = True
                continue
            text, plain = show(value, level)
            short = short and plain
            parts.append(f"{name}={text}" if named else text)
        for name in x._attributes if include_attributes else ():
            value = getattr(x, name, _absent)
            if value is _absent or value is None and getattr(type(x), name, _absent) is None:
                continue
            text, plain = show(value, level)
            short = short and plain
            parts.append(f"{name}={text}")
        if short and len(parts) <= 3:
            return f"{type(x).__name__}({', '.join(parts)})", not parts
        return f"{type(x).__name__}({first}{between.join(parts)})", False

    return show(node, 0)[0]


_absent = object()


def copy_location(new_node, old_node):
    """Give a node the place of another."""
    for name in _PLACE:
        if name in old_node._attributes and name in new_node._attributes:
            value = getattr(old_node, name, None)
            if value is not None or hasattr(old_node, name) and name.startswith("end_"):
                setattr(new_node, name, value)
    return new_node


def fix_missing_locations(node):
    """Give nodes that know no place that of the node above them."""
    def fix(node, place):
        place = dict(place)
        for name in _PLACE:
            if name not in node._attributes:
                continue
            if getattr(node, name, None) is None:
                setattr(node, name, place[name])
            else:
                place[name] = getattr(node, name)
        for child in iter_child_nodes(node):
            fix(child, place)

    fix(node, {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0})
    return node


def increment_lineno(node, n=1):
    """Move a tree by lines."""
    for child in walk(node):
        if isinstance(child, TypeIgnore):
            child.lineno = getattr(child, "lineno", 0) + n
            continue
        if "lineno" in child._attributes:
            child.lineno = getattr(child, "lineno", 0) + n
        if getattr(child, "end_lineno", None) is not None:
            child.end_lineno += n
    return node


def get_docstring(node, clean=True):
    """The documentation of a module, a class or a function, or None."""
    if not isinstance(node, (AsyncFunctionDef, FunctionDef, ClassDef, Module)):
        raise TypeError(f"{type(node).__name__!r} can't have docstrings")
    first = node.body[0] if node.body else None
    if not isinstance(first, Expr) or not isinstance(first.value, Constant) or not isinstance(first.value.value, str):
        return None
    if not clean:
        return first.value.value
    import inspect

    return inspect.cleandoc(first.value.value)


def get_source_segment(source, node, *, padded=False):
    """The text of a node, or None where it does not know its place."""
    try:
        if node.end_lineno is None or node.end_col_offset is None:
            return None
        first, last, start, stop = node.lineno - 1, node.end_lineno - 1, node.col_offset, node.end_col_offset
    except AttributeError:
        return None
    lines = [line.encode() for line in source.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)]
    if first == last:
        return lines[first][start:stop].decode()
    pad = "".join([c if c in "\f\t" else " " for c in lines[first][:start].decode()]) if padded else ""
    return pad + lines[first][start:].decode() + b"".join(lines[first + 1:last]).decode() + lines[last][:stop].decode()


class NodeVisitor:
    """Calls a method for each node, visit_ and the name of its class."""

    def visit(self, node):
        """Visit a node."""
        return getattr(self, "visit_" + type(node).__name__, self.generic_visit)(node)

    def generic_visit(self, node):
        """Visit what is below a node."""
        for child in iter_child_nodes(node):
            self.visit(child)


class NodeTransformer(NodeVisitor):
    """A visitor whose methods give what takes a node's place: a node, None for nothing, or in lists several."""

    def generic_visit(self, node):
        """Visit what is below a node, and put what comes in its place."""
        for name, old in list(iter_fields(node)):
            if isinstance(old, list):
                kept = []
                for one in old:
                    if isinstance(one, AST):
                        one = self.visit(one)
                        if one is None:
                            continue
                        if not isinstance(one, AST):
                            kept.extend(one)
                            continue
                    kept.append(one)
                old[:] = kept
            elif isinstance(old, AST):
                new = self.visit(old)
                if new is None:
                    delattr(node, name)
                else:
                    setattr(node, name, new)
        return node


def unparse(ast_obj):
    """A program whose tree is this."""
    import _ast_unparse

    return _ast_unparse.text(ast_obj)


__all__ = ["AST", "NodeTransformer", "NodeVisitor", "copy_location", "dump", "fix_missing_locations", "get_docstring", "get_source_segment",
           "increment_lineno", "iter_child_nodes", "iter_fields", "literal_eval", "parse", "unparse", "walk", *_kinds]
