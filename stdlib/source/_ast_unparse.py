"""Writing trees of ast as programs. Brackets stand where precedence asks for them."""

import ast as _ast

# Levels of precedence, from what binds least.
(_NAMED, _TUPLE, _YIELD, _TEST, _OR, _AND, _NOT, _CMP, _BOR, _BXOR, _BAND, _SHIFT, _ARITH, _TERM, _FACTOR, _POWER, _AWAIT, _ATOM) = range(18)

_BINARY = {
    "Add": ("+", _ARITH), "Sub": ("-", _ARITH), "Mult": ("*", _TERM), "MatMult": ("@", _TERM), "Div": ("/", _TERM), "Mod": ("%", _TERM),
    "LShift": ("<<", _SHIFT), "RShift": (">>", _SHIFT), "BitOr": ("|", _BOR), "BitXor": ("^", _BXOR), "BitAnd": ("&", _BAND),
    "FloorDiv": ("//", _TERM), "Pow": ("**", _POWER),
}
_UNARY = {"Invert": ("~", _FACTOR), "Not": ("not", _NOT), "UAdd": ("+", _FACTOR), "USub": ("-", _FACTOR)}
_COMPARE = {"Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in"}
_LARGE = "1e309"  # a number that reads as infinity


def text(node):
    """The program of a tree."""
    w = _Writer()
    if isinstance(node, _ast.expr):
        return w.expr(node, _TEST)
    w.node(node)
    return "\n".join(w.lines).lstrip("\n")


class _Writer:
    def __init__(self):
        self.lines, self.level = [], 0

    # Statements.

    def line(self, text):
        self.lines.append("    " * self.level + text)

    def node(self, node):
        method = getattr(self, "_" + type(node).__name__, None)
        if method is None:
            if isinstance(node, _ast.expr):
                return self.line(self.expr(node, _TEST))
            raise ValueError(f"unparse: no program is written for a node {type(node).__name__}")
        method(node)

    def body(self, statements):
        self.level += 1
        for s in statements:
            self.node(s)
        self.level -= 1

    def documented(self, node):
        """The body of a function or a class, whose documentation is in three quotes."""
        self.level += 1
        rest = node.body
        if rest and isinstance(rest[0], _ast.Expr) and isinstance(rest[0].value, _ast.Constant) and isinstance(rest[0].value.value, str):
            self.docstring(rest[0].value)
            rest = rest[1:]
        for s in rest:
            self.node(s)
        self.level -= 1

    def docstring(self, node):
        value = node.value.replace("\\", "\\\\")
        shown = "".join([c if c in "\n\t" or c.isprintable() else repr(c)[1:-1] for c in value])
        quotes = [q for q in ('"""', "'''") if q not in shown]
        if not quotes:
            return self.line(repr(node.value))
        quotes = min(quotes, key=lambda q: shown.endswith(q[0]))
        if shown.endswith(quotes[0]):
            shown = shown[:-1] + "\\" + quotes[0]
        self.line(("u" if node.kind == "u" else "") + quotes + shown + quotes)

    def _Module(self, node):
        self.level -= 1
        self.documented(node)
        self.level += 1

    def _Interactive(self, node):
        for s in node.body:
            self.node(s)

    def _Expression(self, node):
        self.line(self.expr(node.body, _TEST))

    def _FunctionType(self, node):
        self.line("(" + ", ".join([self.expr(a) for a in node.argtypes]) + ") -> " + self.expr(node.returns))

    def _Expr(self, node):
        self.line(self.expr(node.value, _YIELD))

    def _FunctionDef(self, node, word="def"):
        self.lines.append("")
        self.decorators(node)
        returns = f" -> {self.expr(node.returns, _TEST)}" if node.returns else ""
        self.line(f"{word} {node.name}({self.parameters(node.args)}){returns}:" + self.comment(node))
        self.documented(node)

    def _AsyncFunctionDef(self, node):
        self._FunctionDef(node, "async def")

    def _ClassDef(self, node):
        self.lines.append("")
        self.decorators(node)
        parts = [self.expr(b, _TEST) for b in node.bases] + [self.keyword(k) for k in node.keywords]
        self.line(f"class {node.name}" + (f"({', '.join(parts)})" if parts else "") + ":")
        self.documented(node)

    def decorators(self, node):
        for d in node.decorator_list:
            self.line("@" + self.expr(d, _TEST))

    def comment(self, node):
        kind = getattr(node, "type_comment", None)
        return f" # type: {kind}" if kind else ""

    def _Return(self, node):
        self.line("return" + (f" {self.expr(node.value, _TEST)}" if node.value else ""))

    def _Delete(self, node):
        self.line("del " + ", ".join([self.expr(t, _TEST) for t in node.targets]))

    def _Assign(self, node):
        self.line("".join([self.expr(t, _TUPLE) + " = " for t in node.targets]) + self.expr(node.value, _TEST) + self.comment(node))

    def _AugAssign(self, node):
        self.line(f"{self.expr(node.target, _TEST)} {_BINARY[type(node.op).__name__][0]}= {self.expr(node.value, _TEST)}")

    def _AnnAssign(self, node):
        target = self.expr(node.target, _TEST)
        if not node.simple and isinstance(node.target, _ast.Name):
            target = f"({target})"
        self.line(f"{target}: {self.expr(node.annotation, _TEST)}" + (f" = {self.expr(node.value, _TEST)}" if node.value else ""))

    def _For(self, node, word="for"):
        self.line(f"{word} {self.expr(node.target, _TUPLE)} in {self.expr(node.iter, _TEST)}:" + self.comment(node))
        self.body(node.body)
        self.otherwise(node)

    def _AsyncFor(self, node):
        self._For(node, "async for")

    def otherwise(self, node):
        if node.orelse:
            self.line("else:")
            self.body(node.orelse)

    def _While(self, node):
        self.line(f"while {self.expr(node.test, _TEST)}:")
        self.body(node.body)
        self.otherwise(node)

    def _If(self, node):
        word = "if"
        while True:
            self.line(f"{word} {self.expr(node.test, _TEST)}:")
            self.body(node.body)
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], _ast.If):
                break
            node, word = node.orelse[0], "elif"
        self.otherwise(node)

    def _With(self, node, word="with"):
        items = [self.expr(i.context_expr, _TEST) + (f" as {self.expr(i.optional_vars, _TEST)}" if i.optional_vars else "") for i in node.items]
        self.line(f"{word} {', '.join(items)}:" + self.comment(node))
        self.body(node.body)

    def _AsyncWith(self, node):
        self._With(node, "async with")

    def _Raise(self, node):
        if not node.exc:
            if node.cause:
                raise ValueError("Node can't be used without a value attribute.")
            return self.line("raise")
        self.line("raise " + self.expr(node.exc, _TEST) + (f" from {self.expr(node.cause, _TEST)}" if node.cause else ""))

    def _Try(self, node, star=""):
        self.line("try:")
        self.body(node.body)
        for h in node.handlers:
            kind = f"{star} {self.expr(h.type, _TEST)}" if h.type else ""
            self.line("except" + kind + (f" as {h.name}" if h.name else "") + ":")
            self.body(h.body)
        self.otherwise(node)
        if node.finalbody:
            self.line("finally:")
            self.body(node.finalbody)

    def _TryStar(self, node):
        self._Try(node, "*")

    def _Assert(self, node):
        self.line("assert " + self.expr(node.test, _TEST) + (f", {self.expr(node.msg, _TEST)}" if node.msg else ""))

    def _Import(self, node):
        self.line("import " + self.aliases(node))

    def _ImportFrom(self, node):
        self.line(f"from {'.' * (node.level or 0)}{node.module or ''} import {self.aliases(node)}")

    def aliases(self, node):
        return ", ".join([a.name + (f" as {a.asname}" if a.asname else "") for a in node.names])

    def _Global(self, node):
        self.line("global " + ", ".join(node.names))

    def _Nonlocal(self, node):
        self.line("nonlocal " + ", ".join(node.names))

    def _Pass(self, node):
        self.line("pass")

    def _Break(self, node):
        self.line("break")

    def _Continue(self, node):
        self.line("continue")

    def _Match(self, node):
        self.line(f"match {self.expr(node.subject, _TEST)}:")
        self.level += 1
        for c in node.cases:
            self.line("case " + self.pattern(c.pattern, _TEST) + (f" if {self.expr(c.guard, _TEST)}" if c.guard else "") + ":")
            self.body(c.body)
        self.level -= 1

    def pattern(self, node, level=_TEST):
        match node:
            case _ast.MatchValue():
                return self.expr(node.value, _TEST)
            case _ast.MatchSingleton():
                return repr(node.value)
            case _ast.MatchStar():
                return "*" + (node.name or "_")
            case _ast.MatchSequence():
                return "[" + ", ".join([self.pattern(p) for p in node.patterns]) + "]"
            case _ast.MatchMapping():
                parts = [f"{self.expr(k, _TEST)}: {self.pattern(p)}" for k, p in zip(node.keys, node.patterns)]
                return "{" + ", ".join(parts + ([f"**{node.rest}"] if node.rest else [])) + "}"
            case _ast.MatchClass():
                parts = [self.pattern(p) for p in node.patterns] + [f"{k}={self.pattern(p)}" for k, p in zip(node.kwd_attrs, node.kwd_patterns)]
                return f"{self.expr(node.cls, _ATOM)}({', '.join(parts)})"
            case _ast.MatchOr():
                return self.bracket(" | ".join([self.pattern(p, _BOR + 1) for p in node.patterns]), level > _BOR)
            case _ast.MatchAs():
                if node.pattern is None:
                    return node.name or "_"
                return self.bracket(f"{self.pattern(node.pattern, _BOR)} as {node.name}", level > _TEST)
        raise ValueError(f"unparse: no program is written for a node {type(node).__name__}")

    # Expressions.

    def bracket(self, text, needed):
        return f"({text})" if needed else text

    def expr(self, node, level=_TEST):
        """The text of an expression, in brackets where it binds less than its surroundings."""
        match node:
            case _ast.Constant():
                return self.constant(node)
            case _ast.Name():
                return node.id
            case _ast.Attribute():
                inner = self.expr(node.value, _ATOM)
                if isinstance(node.value, _ast.Constant) and type(node.value.value) is int:
                    inner += " "
                return f"{inner}.{node.attr}"
            case _ast.Call():
                args = [self.expr(a, _TEST) for a in node.args] + [self.keyword(k) for k in node.keywords]
                return f"{self.expr(node.func, _ATOM)}({', '.join(args)})"
            case _ast.Subscript():
                return f"{self.expr(node.value, _ATOM)}[{self.index(node.slice)}]"
            case _ast.Slice():
                text = (self.expr(node.lower) if node.lower else "") + ":" + (self.expr(node.upper) if node.upper else "")
                return text + (f":{self.expr(node.step)}" if node.step else "")
            case _ast.BinOp():
                return self.binary(node, level)
            case _ast.UnaryOp():
                sign, own = _UNARY[type(node.op).__name__]
                return self.bracket(sign + (" " if own == _NOT else "") + self.expr(node.operand, own), level > own)
            case _ast.BoolOp():
                own = _AND if isinstance(node.op, _ast.And) else _OR
                word = " and " if own == _AND else " or "
                return self.bracket(word.join([self.expr(v, own + 1 + i) for i, v in enumerate(node.values)]), level > own)
            case _ast.Compare():
                text = self.expr(node.left, _CMP + 1)
                for op, right in zip(node.ops, node.comparators):
                    text += f" {_COMPARE[type(op).__name__]} {self.expr(right, _CMP + 1)}"
                return self.bracket(text, level > _CMP)
            case _:
                return self.other(node, level)

    def other(self, node, level):
        """The text of the expressions that are less frequent."""
        match node:
            case _ast.IfExp():
                text = f"{self.expr(node.body, _TEST + 1)} if {self.expr(node.test, _TEST + 1)} else {self.expr(node.orelse, _TEST)}"
                return self.bracket(text, level > _TEST)
            case _ast.Lambda():
                given = self.parameters(node.args)
                return self.bracket("lambda" + (f" {given}" if given else "") + f": {self.expr(node.body, _TEST)}", level > _TEST)
            case _ast.NamedExpr():
                return f"({node.target.id} := {self.expr(node.value, _ATOM)})"
            case _ast.Starred():
                return "*" + self.expr(node.value, _BOR)
            case _ast.Tuple():
                return self.bracket(self.items(node.elts), level > _TUPLE or not node.elts)
            case _ast.List():
                return "[" + ", ".join([self.expr(e) for e in node.elts]) + "]"
            case _ast.Set():
                return "{" + (", ".join([self.expr(e) for e in node.elts]) or "*()") + "}"
            case _ast.Dict():
                parts = [f"**{self.expr(v, _BOR)}" if k is None else f"{self.expr(k)}: {self.expr(v)}" for k, v in zip(node.keys, node.values)]
                return "{" + ", ".join(parts) + "}"
            case _ast.ListComp():
                return f"[{self.expr(node.elt)}{self.clauses(node)}]"
            case _ast.SetComp():
                return f"{{{self.expr(node.elt)}{self.clauses(node)}}}"
            case _ast.GeneratorExp():
                return f"({self.expr(node.elt)}{self.clauses(node)})"
            case _ast.DictComp():
                return f"{{{self.expr(node.key)}: {self.expr(node.value)}{self.clauses(node)}}}"
            case _ast.Await():
                return self.bracket("await " + self.expr(node.value, _ATOM), level > _AWAIT)
            case _ast.Yield():
                return self.bracket("yield" + (f" {self.expr(node.value, _ATOM)}" if node.value else ""), level > _YIELD)
            case _ast.YieldFrom():
                return self.bracket("yield from " + self.expr(node.value, _ATOM), level > _YIELD)
            case _ast.JoinedStr():
                return self.joined(node)
            case _ast.FormattedValue():
                return self.joined(_ast.JoinedStr([node]))
        raise ValueError(f"unparse: no program is written for a node {type(node).__name__}")

    def items(self, elements):
        parts = [self.expr(e) for e in elements]
        return parts[0] + "," if len(parts) == 1 else ", ".join(parts)

    def index(self, node):
        if isinstance(node, _ast.Tuple) and node.elts:
            return self.items(node.elts)
        return self.expr(node)

    def binary(self, node, level):
        sign, own = _BINARY[type(node.op).__name__]
        left, right = (own + 1, own) if sign == "**" else (own, own + 1)
        return self.bracket(f"{self.expr(node.left, left)} {sign} {self.expr(node.right, right)}", level > own)

    def clauses(self, node):
        text = ""
        for c in node.generators:
            text += f" {'async for' if c.is_async else 'for'} {self.expr(c.target, _TUPLE)} in {self.expr(c.iter, _TEST + 1)}"
            text += "".join([f" if {self.expr(i, _TEST + 1)}" for i in c.ifs])
        return text

    def keyword(self, node):
        return f"**{self.expr(node.value)}" if node.arg is None else f"{node.arg}={self.expr(node.value)}"

    def parameter(self, node, default=None):
        text = node.arg + (f": {self.expr(node.annotation)}" if node.annotation else "")
        return text + (f"={self.expr(default)}" if default else "")

    def parameters(self, args):
        given = args.posonlyargs + args.args
        defaults = [None] * (len(given) - len(args.defaults)) + args.defaults
        parts = []
        for i, (p, default) in enumerate(zip(given, defaults)):
            parts.append(self.parameter(p, default))
            if i + 1 == len(args.posonlyargs):
                parts.append("/")
        if args.vararg:
            parts.append("*" + self.parameter(args.vararg))
        elif args.kwonlyargs:
            parts.append("*")
        parts += [self.parameter(p, default) for p, default in zip(args.kwonlyargs, args.kw_defaults)]
        if args.kwarg:
            parts.append("**" + self.parameter(args.kwarg))
        return ", ".join(parts)

    def constant(self, node):
        value = node.value
        if value is ...:
            return "..."
        if isinstance(value, tuple):
            return "(" + self.items([_ast.Constant(v) for v in value]) + ")"
        if isinstance(value, (float, complex)):
            return repr(value).replace("inf", _LARGE).replace("nan", f"({_LARGE}-{_LARGE})")
        return ("u" if getattr(node, "kind", None) == "u" else "") + repr(value)

    def joined(self, node):
        """An f-string, in quotes that its parts do not have."""
        parts = []
        for value in node.values:
            self.piece(value, parts)
        quotes = ["'", '"', '"""', "'''"]
        whole = "".join([text for text, constant in parts if constant])
        shown = []
        for text, constant in parts:
            if constant:
                text = repr(text + '"')[1:-2].replace("\\'", "'") if "\\" in text or not text.isprintable() else text
            quotes = [q for q in quotes if q not in text] if not constant or "\n" not in whole else [q for q in quotes if q not in text]
            shown.append(text)
        body = "".join(shown)
        quotes = [q for q in quotes if not body.endswith(q[0])] or quotes
        if not quotes:
            raise ValueError("Unable to avoid backslash in f-string expression part")
        return "f" + quotes[0] + body + quotes[0]

    def piece(self, node, parts):
        if isinstance(node, _ast.JoinedStr):
            for value in node.values:
                self.piece(value, parts)
        elif isinstance(node, _ast.Constant):
            parts.append((node.value.replace("{", "{{").replace("}", "}}"), True))
        else:
            inner = self.expr(node.value, _TEST + 1)
            if "\\" in inner:
                raise ValueError("Unable to avoid backslash in f-string expression part")
            text = "{" + (" " if inner.startswith("{") else "") + inner
            if node.conversion != -1:
                text += "!" + chr(node.conversion)
            parts.append((text + (":" if node.format_spec else ""), False))
            if node.format_spec:
                self.piece(node.format_spec, parts)
            parts.append(("}", False))
