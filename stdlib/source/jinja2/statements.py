"""Statements of templates: what a parser makes of a tag is a function of the scope and of where text goes."""

from jinja2.exceptions import TemplateAssertionError, TemplateNotFound, TemplateRuntimeError, TemplatesNotFound
from jinja2.expressions import Expressions, Stream, arguments, lookup
from jinja2.runtime import BREAK, CONTINUE, BlockReference, LoopContext, Macro, Scope, escape

# optional_tags are those that an environment has if it is told so.
optional_tags = ("break", "continue", "do", "generation")


def sequence(parts):
    """Statements one after another. A part's value tells that the loop is to be left, or its turn."""
    if len(parts) == 1:
        return parts[0]

    def run(c, out):
        for part in parts:
            signal = part(c, out)
            if signal is not None:
                return signal

    return run


class Parser(Expressions):
    """Reads one template."""

    def __init__(self, environment, source, name=None, filename=None):
        self.environment, self.name, self.filename = environment, name, filename
        self.stream = Stream(environment.lexer.tokenize(source, name, filename), name, filename)
        self.blocks, self.used, self.lenient, self.loops, self._tags = {}, set(), False, 0, []

    def parse(self):
        """The template's body."""
        return self.body(None)

    def body(self, ends):
        """The statements up to a tag that is one of the ends."""
        parts = []
        while True:
            token = self.stream.current
            if token.type == "eof":
                if ends is not None:
                    self.unknown(None, token.lineno)
                return sequence(parts)
            if token.type == "data":
                next(self.stream)
                parts.append((lambda text: lambda c, out: out(text))(token.value))
            elif token.type == "variable_begin":
                next(self.stream)
                parts.append(self.output(self.parse_tuple()))
                self.stream.expect("variable_end")
            else:
                next(self.stream)
                if ends is not None and any([self.stream.current.test("name:" + e) for e in ends]):
                    return sequence(parts)
                parts.append(self.statement())
                self.stream.expect("block_end")

    def output(self, made):
        finalize, passed = self.environment.finalize, getattr(self.environment.finalize, "jinja_pass_arg", None)

        def run(c, out):
            value = made(c)
            if finalize is not None:
                value = finalize(c.passing(passed), value) if passed else finalize(value)
            out(str(escape(value)) if c.state.autoescape else value if type(value) is str else str(value))

        return run

    def unknown(self, name, lineno):
        expected = [e for tag in self._tags[-1:] for e in tag[1]]
        text = "Unexpected end of template." if name is None else f"Encountered unknown tag {name!r}."
        if expected:
            names = " or ".join([repr(e) for e in expected])
            if name is not None and name in expected:
                text += " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for " + names + "."
            else:
                text += " Jinja was looking for the following tags: " + names + "."
        if self._tags:
            text += f" The innermost block that needs to be closed is {self._tags[-1][0]!r}."
        self.fail(text, lineno)

    def statement(self):
        token = self.stream.current
        if token.type != "name":
            self.fail("tag name expected", token.lineno)
        method = getattr(self, "tag_" + token.value, None)
        if method is None or token.value in optional_tags and token.value not in self.environment.tags:
            self.unknown(token.value, token.lineno)
        next(self.stream)
        return method(token)

    def until(self, tag, *ends):
        """What stands between a tag and one of its ends, which is the current token then."""
        self._tags.append((tag, ends))
        self.stream.skip_if("colon")
        self.stream.expect("block_end")
        made = self.body(ends)
        self._tags.pop()
        return made

    def end(self, tag, *ends):
        """As until; the end is passed over."""
        made = self.until(tag, *ends)
        next(self.stream)
        return made

    def target(self, name_only=False, with_tuple=True, extra_end_rules=None, with_namespace=False):
        """What a statement assigns to: names, or an attribute of a namespace. Gives a function that binds."""
        if with_namespace and self.stream.look().type == "dot":
            owner = self.stream.expect("name").value
            next(self.stream)
            attribute = self.stream.expect("name").value

            def put(c, value):
                from jinja2.utils import Namespace

                ns = lookup(c, owner)
                if not isinstance(ns, Namespace):
                    raise TemplateRuntimeError("cannot assign attribute on non-namespace object")
                ns[attribute] = value

            return put
        if self.stream.current.type == "lparen" and not name_only:
            next(self.stream)
            made = self.target(extra_end_rules=None, with_namespace=with_namespace)
            self.stream.expect("rparen")
            first, several = made, False
        else:
            if not name_only and with_tuple and self.is_tuple_end(extra_end_rules):
                self.fail(f"Expected an expression, got {str(self.stream.current)!r}")
            token = self.stream.expect("name")
            if token.value in ("true", "false", "none", "True", "False", "None"):
                self.fail(f"can't assign to {token.value!r}", token.lineno)
            first = (lambda name: lambda c, value: c.bind(name, value))(token.value)
        if name_only or not with_tuple or self.stream.current.type != "comma":
            return first
        targets = [first]
        while self.stream.skip_if("comma"):
            if self.is_tuple_end(extra_end_rules):
                break
            targets.append(self.target(with_tuple=False, extra_end_rules=extra_end_rules, with_namespace=with_namespace))

        def unpack(c, value):
            values = list(value)
            if len(values) != len(targets):
                if len(values) > len(targets):
                    raise ValueError(f"too many values to unpack (expected {len(targets)})")
                raise ValueError(f"not enough values to unpack (expected {len(targets)}, got {len(values)})")
            for t, v in zip(targets, values):
                t(c, v)

        return unpack

    # Control

    def tag_if(self, token):
        lenient, self.lenient = self.lenient, True
        branches, otherwise = [], None
        test = self.parse_tuple(with_condexpr=False)
        while True:
            branches.append((test, self.until("if", "elif", "else", "endif")))
            end = next(self.stream)
            if end.test("name:elif"):
                test = self.parse_tuple(with_condexpr=False)
                continue
            if end.test("name:else"):
                otherwise = self.end("if", "endif")
            break
        self.lenient = lenient

        def run(c, out):
            for test, body in branches:
                if test(c):
                    return body(c, out)
            if otherwise is not None:
                return otherwise(c, out)

        return run

    def tag_for(self, token):
        assign = self.target(extra_end_rules=("name:in",))
        self.stream.expect("name:in")
        values = self.parse_tuple(with_condexpr=False, extra_end_rules=("name:recursive",))
        outer, self.used = self.used, set()
        test = self.parse_expression() if self.stream.skip_if("name:if") else None
        recursive = self.stream.skip_if("name:recursive")
        self.loops += 1
        body = self.until("for", "endfor", "else")
        self.loops -= 1
        asks = recursive or "loop" in self.used
        self.used |= outer
        otherwise = self.end("for", "endfor") if next(self.stream).test("name:else") else None

        def accepted(c, items):
            for item in items:
                inner = Scope(c.state, c)
                assign(inner, item)
                if test(inner):
                    yield item

        def loop(c, items, out, depth=0):
            if test is not None:
                items = accepted(c, items)
            context, ran = None, False
            if asks:
                render = None
                if recursive:
                    def render(more, depth=0):
                        parts = []
                        loop(c, more, parts.append, depth)
                        return c.joined(parts)

                context = LoopContext(items, c.state.environment.undefined, render, depth)
                items = context._items()
            for item in items:
                ran = True
                inner = Scope(c.state, c)
                assign(inner, item)
                if context is not None:
                    inner.vars["loop"] = context
                if body(inner, out) is BREAK:
                    break
            if not ran and otherwise is not None:
                return otherwise(Scope(c.state, c), out)

        return lambda c, out: loop(c, values(c), out)

    def tag_break(self, token):
        if not self.loops:
            self.fail("'break' outside loop", token.lineno)
        return lambda c, out: BREAK

    def tag_continue(self, token):
        if not self.loops:
            self.fail("'continue' outside loop", token.lineno)
        return lambda c, out: CONTINUE

    # Variables

    def tag_set(self, token):
        assign = self.target(with_namespace=True)
        if self.stream.skip_if("assign"):
            value = self.parse_tuple()
            return lambda c, out: assign(c, value(c))
        filters = self.parse_filter(None) if self.stream.current.type == "pipe" else None
        body = self.end("set", "endset")

        def run(c, out):
            parts, inner = [], Scope(c.state, c)
            body(inner, parts.append)
            value = c.joined(parts)
            if filters is not None:
                inner.filtered = value
                value = filters(inner)
            assign(c, value)

        return run

    def tag_with(self, token):
        targets = []
        while self.stream.current.type != "block_end":
            if targets:
                self.stream.expect("comma")
            assign = self.target(with_tuple=False)
            self.stream.expect("assign")
            targets.append((assign, self.parse_expression()))
        body = self.end("with", "endwith")

        def run(c, out):
            inner = Scope(c.state, c)
            for assign, value in targets:
                assign(inner, value(c))
            return body(inner, out)

        return run

    def tag_do(self, token):
        made = self.parse_tuple()

        def run(c, out):
            made(c)

        return run

    # Text

    def tag_filter(self, token):
        filters = self.parse_filter(None, start_inline=True)
        body = self.end("filter", "endfilter")

        def run(c, out):
            parts, inner = [], Scope(c.state, c)
            signal = body(inner, parts.append)
            inner.filtered = c.joined(parts)
            value = filters(inner)
            out(str(escape(value)) if c.state.autoescape else str(value))
            return signal

        return run

    def tag_autoescape(self, token):
        wanted = self.parse_expression()
        body = self.end("autoescape", "endautoescape")

        def run(c, out):
            old, c.state.autoescape = c.state.autoescape, bool(wanted(c))
            try:
                return body(Scope(c.state, c), out)
            finally:
                c.state.autoescape = old

        return run

    def tag_generation(self, token):
        body = self.end("generation", "endgeneration")
        notify = self.environment.tags["generation"]

        def run(c, out):
            parts = []
            signal = body(Scope(c.state, c), parts.append)
            text = "".join(parts)
            notify(c, text)
            out(text)
            return signal

        return run

    # Functions

    def signature(self):
        """The parameters of a macro: names, and the defaults of the last ones."""
        names, defaults = [], []
        self.stream.expect("lparen")
        while self.stream.current.type != "rparen":
            if names:
                self.stream.expect("comma")
            names.append(self.stream.expect("name").value)
            if self.stream.skip_if("assign"):
                defaults.append(self.parse_expression())
            elif defaults:
                self.fail("non-default argument follows default argument")
        self.stream.expect("rparen")
        return names, defaults

    def function(self, name, names, defaults, tag, end):
        """A function of the scope that gives the macro that a tag begins."""
        outer, self.used = self.used, set()
        loops, self.loops = self.loops, 0
        body = self.end(tag, end)
        used, self.used, self.loops = self.used, outer | self.used, loops
        if "caller" in names and names.index("caller") < len(names) - len(defaults):
            self.fail("When using caller argument in macros, it must be omitted or have a default value", kind=TemplateAssertionError)
        takes = "kwargs" in used, "varargs" in used, "caller" in used or "caller" in names
        return lambda c: Macro(c, name, names, defaults, body, *takes)

    def tag_macro(self, token):
        name = self.stream.expect("name").value
        names, defaults = self.signature()
        make = self.function(name, names, defaults, "macro", "endmacro")
        return lambda c, out: c.bind(name, make(c))

    def tag_call(self, token):
        names, defaults = self.signature() if self.stream.current.type == "lparen" else ([], [])
        inner = self.call_of_block(self.stream.current.lineno)
        make = self.function(None, names, defaults, "call", "endcall")

        def run(c, out):
            made = inner(c, make(c))
            out(str(escape(made)) if c.state.autoescape else str(made))

        return run

    def call_of_block(self, line):
        made = self.parse_unary_to_call()
        if made is None:
            self.fail("expected call", line)
        fn, args, kwargs, star, double = made

        def run(c, caller):
            values, named = arguments(c, args, kwargs, star, double)
            named["caller"] = caller
            return c.call(fn(c), values, named)

        return run

    def parse_unary_to_call(self):
        """An expression that ends in a call: what is called, and its arguments; None for another."""
        made, call = self.parse_primary(), None
        while self.stream.current.type in ("dot", "lbracket", "lparen"):
            if self.stream.current.type == "lparen":
                args = self.parse_call_args()
                call = (made, *args)
                made = (lambda fn, a: lambda c: c.call(fn(c), *arguments(c, *a)))(made, args)
            else:
                made, call = self.parse_subscript(made), None
        return call

    # Templates of several

    def tag_block(self, token):
        name = self.stream.expect("name").value
        scoped = self.stream.skip_if("name:scoped")
        required = self.stream.skip_if("name:required")
        if self.stream.current.type == "sub":
            self.fail("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.")
        if name in self.blocks:
            self.fail(f"block {name!r} defined twice", token.lineno, TemplateAssertionError)
        self.blocks[name] = None
        loops, self.loops = self.loops, 0
        body = self.until("block", "endblock")
        self.loops = loops
        next(self.stream)
        self.stream.skip_if("name:" + name)
        if required:
            def body(c, out):
                raise TemplateRuntimeError(f"Required block {name!r} not found")

        self.blocks[name] = body

        def run(c, out):
            if c.state.discarding(out):
                return
            stack = c.state.blocks[name]
            reference = BlockReference(name, c if scoped else c.state.top, stack, 0)
            reference._render(out)

        return run

    def tag_extends(self, token):
        value = self.parse_expression()

        def run(c, out):
            if c.state.parent is not None:
                raise TemplateRuntimeError("extended multiple times")
            env = c.state.environment
            parent = env.get_template(value(c), c.state.name)
            c.state.parent = parent
            for name, body in parent._blocks.items():
                c.state.blocks.setdefault(name, []).append(body)

        return run

    def context_choice(self, default):
        for word, choice in (("with", True), ("without", False)):
            if self.stream.current.test("name:" + word) and self.stream.look().test("name:context"):
                next(self.stream)
                next(self.stream)
                return choice
        return default

    def tag_include(self, token):
        value = self.parse_expression()
        lenient = False
        if self.stream.current.test("name:ignore") and self.stream.look().test("name:missing"):
            next(self.stream)
            next(self.stream)
            lenient = True
        with_context = self.context_choice(True)

        def run(c, out):
            env = c.state.environment
            try:
                name = value(c)
                template = env.select_template(name, c.state.name) if isinstance(name, (list, tuple)) else env.get_or_select_template(name, c.state.name)
            except (TemplateNotFound, TemplatesNotFound):
                if lenient:
                    return
                raise
            template._run(template._state(c.flat() if with_context else {}), out)

        return run

    def imported(self, value, with_context):
        def run(c):
            template = c.state.environment.get_template(value(c), c.state.name)
            return template.make_module(c.flat()) if with_context else template.module

        return run

    def tag_import(self, token):
        value = self.parse_expression()
        self.stream.expect("name:as")
        name = self.stream.expect("name").value
        module = self.imported(value, self.context_choice(False))
        return lambda c, out: c.bind(name, module(c), exported=False)

    def tag_from(self, token):
        value = self.parse_expression()
        self.stream.expect("name:import")
        names, with_context = [], None
        while self.stream.current.type != "block_end":
            if names:
                self.stream.expect("comma")
            if self.stream.current.type == "name":
                with_context = self.context_choice(None)
                if with_context is not None:
                    break
                name = self.stream.expect("name").value
                if name.startswith("_"):
                    self.fail("names starting with an underline can not be imported", kind=TemplateAssertionError)
                names.append((name, self.stream.expect("name").value if self.stream.skip_if("name:as") else name))
            else:
                break
        if not names:
            self.stream.expect("name")
        module = self.imported(value, bool(with_context))

        def run(c, out):
            made = module(c)
            for name, alias in names:
                found = getattr(made, name, None)
                if found is None:
                    found = c.state.environment.undefined(f"the template {made.__name__!r} does not export the requested name {name!r}", name=name)
                c.bind(alias, found, exported=False)

        return run
