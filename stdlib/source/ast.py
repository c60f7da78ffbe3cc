"""Expressions as text: the values of literals. Trees are not shown."""

from _ast import literal as _literal

__all__ = ["AST", "dump", "literal_eval", "parse", "unparse", "walk"]


class AST:
    """A node of a tree."""


def literal_eval(node_or_string):
    """The value of an expression of literals alone."""
    if not isinstance(node_or_string, str):
        raise ValueError(f"malformed node or string: {node_or_string!r}")
    return _literal(node_or_string.lstrip(" \t"))


def _refuse(*args, **options):
    raise NotImplementedError("ast: trees of programs are not supported; literal_eval is")


parse = dump = unparse = walk = _refuse
NodeVisitor = NodeTransformer = AST
