"""Expressions of templates: what a parser makes of their tokens is a function of the scope that gives the value."""

import operator

from jinja2.exceptions import TemplateAssertionError, TemplateSyntaxError
from jinja2.lexer import describe

_comparisons = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "lteq": operator.le, "gt": operator.gt, "gteq": operator.ge,
}
_additive = {"add": ("+", operator.add), "sub": ("-", operator.sub)}
_multiplicative = {"mul": ("*", operator.mul), "div": ("/", operator.truediv), "floordiv": ("//", operator.floordiv), "mod": ("%", operator.mod)}
_constants = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}


class Stream:
    """Tokens, one of which is the current one."""

    def __init__(self, tokens, name, filename):
        self._tokens, self._at, self.name, self.filename = tokens, 0, name, filename
        self.current = tokens[0]

    def look(self):
        """The token after the current one."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def __next__(self):
        token = self.current
        if self._at + 1 < len(self._tokens):
            self._at += 1
            self.current = self._tokens[self._at]
        return token

    def skip_if(self, expr):
        """Pass over a token of a kind, and tell whether it was there."""
        if self.current.test(expr):
            next(self)
            return True
        return False

    def expect(self, expr):
        """Pass over a token that must be there."""
        if not self.current.test(expr):
            token = self.current
            if token.type == "eof":
                raise TemplateSyntaxError(f"unexpected end of template, expected {describe(expr)!r}.", token.lineno, self.name, self.filename)
            raise TemplateSyntaxError(f"expected token {describe(expr)!r}, got {str(token)!r}", token.lineno, self.name, self.filename)
        return next(self)


def lookup(scope, name):
    """The value of a variable, or an undefined one."""
    s = scope
    while s is not None:
        if name in s.vars:
            return s.vars[name]
        s = s.parent
    return scope.state.environment.undefined(name=name)


def arguments(scope, args, kwargs, star, double):
    """The arguments of a call, evaluated."""
    values = [a(scope) for a in args]
    if star is not None:
        values.extend(star(scope))
    named = {k: v(scope) for k, v in kwargs}
    if double is not None:
        named.update(double(scope))
    return values, named


class Expressions:
    """The part of the parser that reads expressions."""

    def fail(self, message, lineno=None, kind=TemplateSyntaxError):
        raise kind(message, self.stream.current.lineno if lineno is None else lineno, self.name, self.filename)

    def parse_expression(self, with_condexpr=True):
        return self.parse_condexpr() if with_condexpr else self.parse_or()

    def parse_condexpr(self):
        made = self.parse_or()
        while self.stream.skip_if("name:if"):
            test = self.parse_or()
            other = self.parse_condexpr() if self.stream.skip_if("name:else") else None
            made = self.conditional(test, made, other)
        return made

    def conditional(self, test, yes, no):
        if no is not None:
            return lambda c: yes(c) if test(c) else no(c)
        undefined = self.environment.undefined

        def run(c):
            if test(c):
                return yes(c)
            return undefined("the inline if-expression evaluated to false and no else section was defined.")

        return run

    def parse_or(self):
        left = self.parse_and()
        while self.stream.skip_if("name:or"):
            left = (lambda a, b: lambda c: a(c) or b(c))(left, self.parse_and())
        return left

    def parse_and(self):
        left = self.parse_not()
        while self.stream.skip_if("name:and"):
            left = (lambda a, b: lambda c: a(c) and b(c))(left, self.parse_not())
        return left

    def parse_not(self):
        if self.stream.skip_if("name:not"):
            inner = self.parse_not()
            return lambda c: not inner(c)
        return self.parse_compare()

    def parse_compare(self):
        left, rest = self.parse_additive(), []
        while True:
            token = self.stream.current
            if token.type in _comparisons:
                next(self.stream)
                rest.append((_comparisons[token.type], self.parse_additive()))
            elif self.stream.skip_if("name:in"):
                rest.append((lambda a, b: a in b, self.parse_additive()))
            elif token.test("name:not") and self.stream.look().test("name:in"):
                next(self.stream)
                next(self.stream)
                rest.append((lambda a, b: a not in b, self.parse_additive()))
            else:
                break
        if not rest:
            return left
        if len(rest) == 1:
            op, right = rest[0]
            return lambda c: op(left(c), right(c))

        def run(c):
            a = left(c)
            for op, right in rest:
                b = right(c)
                made = op(a, b)
                if not made:
                    return made
                a = b
            return made

        return run

    def binary(self, sign, op, left, right):
        env = self.environment
        if env.sandboxed and sign in env.intercepted_binops:
            return lambda c: env.call_binop(c.context(), sign, left(c), right(c))
        return lambda c: op(left(c), right(c))

    def parse_additive(self):
        left = self.parse_concat()
        while self.stream.current.type in _additive:
            sign, op = _additive[next(self.stream).type]
            left = self.binary(sign, op, left, self.parse_concat())
        return left

    def parse_concat(self):
        parts = [self.parse_multiplicative()]
        while self.stream.skip_if("tilde"):
            parts.append(self.parse_multiplicative())
        if len(parts) == 1:
            return parts[0]
        from jinja2.runtime import markup_join, str_join

        return lambda c: (markup_join if c.state.autoescape else str_join)([p(c) for p in parts])

    def parse_multiplicative(self):
        left = self.parse_power()
        while self.stream.current.type in _multiplicative:
            sign, op = _multiplicative[next(self.stream).type]
            left = self.binary(sign, op, left, self.parse_power())
        return left

    def parse_power(self):
        left = self.parse_unary()
        while self.stream.skip_if("pow"):
            left = self.binary("**", operator.pow, left, self.parse_unary())
        return left

    def parse_unary(self, with_filter=True):
        env = self.environment
        sign = self.stream.current.type
        if sign in ("sub", "add"):
            next(self.stream)
            inner = self.parse_unary(False)
            text, op = ("-", operator.neg) if sign == "sub" else ("+", operator.pos)
            if env.sandboxed and text in env.intercepted_unops:
                made = lambda c: env.call_unop(c.context(), text, inner(c))
            else:
                made = lambda c: op(inner(c))
        else:
            made = self.parse_primary()
        made = self.parse_postfix(made)
        return self.parse_filter_expr(made) if with_filter else made

    def parse_primary(self):
        token = self.stream.current
        if token.type == "name":
            next(self.stream)
            if token.value in _constants:
                value = _constants[token.value]
                return lambda c: value
            return self.name_of(token.value)
        if token.type == "string":
            next(self.stream)
            parts = [token.value]
            while self.stream.current.type == "string":
                parts.append(next(self.stream).value)
            value = "".join(parts)
            return lambda c: value
        if token.type in ("integer", "float"):
            value = next(self.stream).value
            return lambda c: value
        if token.type == "lparen":
            next(self.stream)
            made = self.parse_tuple(explicit_parentheses=True)
            self.stream.expect("rparen")
            return made
        if token.type == "lbracket":
            return self.parse_list()
        if token.type == "lbrace":
            return self.parse_dict()
        return self.fail(f"unexpected {str(token)!r}", token.lineno)

    def name_of(self, name):
        """A variable. That the loop's own was asked for is noted."""
        self.used.add(name)
        return lambda c: lookup(c, name)

    def parse_tuple(self, with_condexpr=True, extra_end_rules=None, explicit_parentheses=False):
        """One expression, or several with commas as a tuple."""
        items, is_tuple = [], False
        while True:
            if items:
                self.stream.expect("comma")
            if self.is_tuple_end(extra_end_rules):
                break
            items.append(self.parse_expression(with_condexpr))
            if self.stream.current.type != "comma":
                break
            is_tuple = True
        if not is_tuple:
            if items:
                return items[0]
            if not explicit_parentheses:
                self.fail(f"Expected an expression, got {str(self.stream.current)!r}")
        return lambda c: tuple([i(c) for i in items])

    def is_tuple_end(self, extra_end_rules=None):
        if self.stream.current.type in ("variable_end", "block_end", "rparen"):
            return True
        return extra_end_rules is not None and any([self.stream.current.test(r) for r in extra_end_rules])

    def parse_list(self):
        self.stream.expect("lbracket")
        items = []
        while self.stream.current.type != "rbracket":
            if items:
                self.stream.expect("comma")
            if self.stream.current.type == "rbracket":
                break
            items.append(self.parse_expression())
        self.stream.expect("rbracket")
        return lambda c: [i(c) for i in items]

    def parse_dict(self):
        self.stream.expect("lbrace")
        items = []
        while self.stream.current.type != "rbrace":
            if items:
                self.stream.expect("comma")
            if self.stream.current.type == "rbrace":
                break
            key = self.parse_expression()
            self.stream.expect("colon")
            items.append((key, self.parse_expression()))
        self.stream.expect("rbrace")
        return lambda c: {k(c): v(c) for k, v in items}

    def parse_postfix(self, made):
        while True:
            kind = self.stream.current.type
            if kind in ("dot", "lbracket"):
                made = self.parse_subscript(made)
            elif kind == "lparen":
                made = self.parse_call(made)
            else:
                return made

    def parse_filter_expr(self, made):
        while True:
            token = self.stream.current
            if token.type == "pipe":
                made = self.parse_filter(made)
            elif token.test("name:is"):
                made = self.parse_test(made)
            elif token.type == "lparen":
                made = self.parse_call(made)
            else:
                return made

    def parse_subscript(self, made):
        env = self.environment
        if next(self.stream).type == "dot":
            token = next(self.stream)
            if token.type == "name":
                name = token.value
                return lambda c: env.getattr(made(c), name)
            if token.type != "integer":
                self.fail("expected name or number", token.lineno)
            index = token.value
            return lambda c: env.getitem(made(c), index)
        args = []
        while self.stream.current.type != "rbracket":
            if args:
                self.stream.expect("comma")
            args.append(self.parse_subscribed())
        self.stream.expect("rbracket")
        if not args:
            self.fail("Expected an expression, got ']'")
        if len(args) == 1:
            arg = args[0]
            return lambda c: env.getitem(made(c), arg(c))
        return lambda c: env.getitem(made(c), tuple([a(c) for a in args]))

    def parse_subscribed(self):
        parts = [None]
        if self.stream.current.type != "colon":
            first = self.parse_expression()
            if self.stream.current.type != "colon":
                return first
            parts = [first]
        next(self.stream)
        for _ in range(2):
            if self.stream.current.type in ("colon", "rbracket", "comma"):
                parts.append(None)
            else:
                parts.append(self.parse_expression())
            if len(parts) == 2:
                if self.stream.current.type != "colon":
                    break
                next(self.stream)
        return lambda c: slice(*[None if p is None else p(c) for p in parts])

    def parse_call_args(self):
        """The arguments of a call: positional ones, named ones, *args and **kwargs."""
        self.stream.expect("lparen")
        args, kwargs, star, double, require_comma = [], [], None, None, False
        while self.stream.current.type != "rparen":
            if require_comma:
                self.stream.expect("comma")
                if self.stream.current.type == "rparen":
                    break
            bad = "invalid syntax for function call expression"
            if self.stream.current.type == "mul":
                if star is not None or double is not None:
                    self.fail(bad)
                next(self.stream)
                star = self.parse_expression()
            elif self.stream.current.type == "pow":
                if double is not None:
                    self.fail(bad)
                next(self.stream)
                double = self.parse_expression()
            elif self.stream.current.type == "name" and self.stream.look().type == "assign":
                if double is not None:
                    self.fail(bad)
                key = next(self.stream).value
                next(self.stream)
                kwargs.append((key, self.parse_expression()))
            else:
                if star is not None or double is not None or kwargs:
                    self.fail(bad)
                args.append(self.parse_expression())
            require_comma = True
        self.stream.expect("rparen")
        return args, kwargs, star, double

    def parse_call(self, made):
        args, kwargs, star, double = self.parse_call_args()

        def run(c):
            fn = made(c)
            values, named = arguments(c, args, kwargs, star, double)
            return c.call(fn, values, named)

        return run

    def dotted(self):
        name = self.stream.expect("name").value
        while self.stream.current.type == "dot":
            next(self.stream)
            name += "." + self.stream.expect("name").value
        return name

    def parse_filter(self, made, start_inline=False):
        """The filters that follow an expression; made is None where the block above is filtered."""
        while self.stream.current.type == "pipe" or start_inline:
            if not start_inline:
                next(self.stream)
            start_inline = False
            line = self.stream.current.lineno
            made = self.filtered(self.dotted(), line, made)
        return made

    def filtered(self, name, line, made):
        env = self.environment
        args, kwargs, star, double = self.parse_call_args() if self.stream.current.type == "lparen" else ([], [], None, None)
        if name not in env.filters:
            if not self.lenient:
                self.fail(f"No filter named {name!r}.", line, TemplateAssertionError)

        def run(c):
            value = c.filtered if made is None else made(c)
            values, named = arguments(c, args, kwargs, star, double)
            return env.call_filter(name, value, values, named, c.context(), c.eval_context())

        return run

    def parse_test(self, made):
        env, line = self.environment, self.stream.current.lineno
        next(self.stream)
        negated = self.stream.skip_if("name:not")
        name = self.dotted()
        args, kwargs, star, double = [], [], None, None
        token = self.stream.current
        if token.type == "lparen":
            args, kwargs, star, double = self.parse_call_args()
        elif token.type in ("name", "string", "integer", "float", "lparen", "lbracket", "lbrace") and not (token.type == "name" and token.value in ("else", "or", "and")):
            if token.test("name:is"):
                self.fail("You cannot chain multiple tests with is")
            args = [self.parse_postfix(self.parse_primary())]
        if name not in env.tests and not self.lenient:
            self.fail(f"No test named {name!r}.", line, TemplateAssertionError)

        def run(c):
            values, named = arguments(c, args, kwargs, star, double)
            return env.call_test(name, made(c), values, named, c.context(), c.eval_context())

        if negated:
            return lambda c: not run(c)
        return run
