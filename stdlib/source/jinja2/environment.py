"""Environments, which know how templates are written, and templates."""

from jinja2.exceptions import TemplateNotFound, TemplateRuntimeError, TemplatesNotFound, TemplateSyntaxError, UndefinedError
from jinja2.filters import FILTERS
from jinja2.lexer import Lexer
from jinja2.runtime import Context, State, Undefined
from jinja2.statements import Parser
from jinja2.tests import TESTS
from jinja2.utils import Cycler, Joiner, LRUCache, Markup, Namespace

__all__ = ["Environment", "Template", "TemplateExpression", "TemplateModule", "TemplateStream"]

_settings = (
    "block_start_string", "block_end_string", "variable_start_string", "variable_end_string", "comment_start_string", "comment_end_string", "line_statement_prefix",
    "line_comment_prefix", "trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline",
)


class Environment:
    """How templates are written, and what they find."""

    sandboxed = False
    intercepted_binops = intercepted_unops = frozenset()
    template_class = None  # set below
    context_class = Context

    def __init__(self, block_start_string="{%", block_end_string="%}", variable_start_string="{{", variable_end_string="}}", comment_start_string="{#", comment_end_string="#}",
                 line_statement_prefix=None, line_comment_prefix=None, trim_blocks=False, lstrip_blocks=False, newline_sequence="\n", keep_trailing_newline=False, extensions=(),
                 optimized=True, undefined=Undefined, finalize=None, autoescape=False, loader=None, cache_size=400, auto_reload=True, bytecode_cache=None, enable_async=False):
        if line_statement_prefix or line_comment_prefix:
            raise NotImplementedError("jinja2: line statements and line comments are not supported; write tags")
        if enable_async:
            raise NotImplementedError("jinja2: enable_async is not supported")
        if bytecode_cache is not None:
            raise NotImplementedError("jinja2: there is no byte code to cache")
        if newline_sequence not in ("\r", "\r\n", "\n"):
            raise ValueError("'newline_sequence' must be one of '\\n', '\\r\\n', or '\\r'.")
        if not (block_start_string != variable_start_string != comment_start_string != block_start_string):
            raise ValueError("block, variable and comment start strings must be different.")
        given = locals()
        for name in _settings:
            setattr(self, name, given[name])
        self.optimized, self.undefined, self.finalize, self.autoescape, self.loader, self.auto_reload = optimized, undefined, finalize, autoescape, loader, auto_reload
        self.filters, self.tests, self.policies = dict(FILTERS), dict(TESTS), {"json.dumps_function": None, "json.dumps_kwargs": {"sort_keys": True}, "truncate.leeway": 5}
        self.globals = {"range": range, "dict": dict, "cycler": Cycler, "joiner": Joiner, "namespace": Namespace}
        self.cache, self.tags, self.extensions, self.is_async, self.shared, self.overlayed = LRUCache(cache_size), {}, {}, False, False, False
        for extension in extensions:
            self.add_extension(extension)
        self.lexer = Lexer(self)

    def add_extension(self, extension):
        """Add what an extension brings: one of jinja2.ext."""
        from jinja2.ext import find

        made = find(extension)(self)
        self.extensions[made.identifier] = made

    def extend(self, **attributes):
        for key, value in attributes.items():
            if not hasattr(self, key):
                setattr(self, key, value)

    def overlay(self, extensions=(), cache_size=400, **settings):
        """A copy with other settings."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        for name, value in settings.items():
            if name not in _settings + ("optimized", "undefined", "finalize", "autoescape", "loader", "auto_reload"):
                raise TypeError(f"Environment.overlay() got an unexpected keyword argument {name!r}")
            setattr(made, name, value)
        made.overlayed, made.linked_to = True, self
        made.cache, made.tags, made.extensions = LRUCache(cache_size), dict(self.tags), dict(self.extensions)
        for extension in extensions:
            made.add_extension(extension)
        made.lexer = Lexer(made)
        return made

    def getitem(self, obj, argument):
        """An element, or an attribute of the name."""
        try:
            return obj[argument]
        except (AttributeError, TypeError, LookupError):
            if isinstance(argument, str):
                try:
                    return getattr(obj, argument)
                except AttributeError:
                    pass
            return self.undefined(obj=obj, name=argument)

    def getattr(self, obj, attribute):
        """An attribute, or an element of the name."""
        try:
            return getattr(obj, attribute)
        except AttributeError:
            pass
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self.undefined(obj=obj, name=attribute)

    def _named(self, kind, table, name, value, args, kwargs, context, eval_ctx):
        f = table.get(name)
        if f is None:
            text = f"No {kind} named {name!r}."
            if isinstance(name, Undefined):
                name._fail_with_undefined_error()
            raise TemplateRuntimeError(text)
        passed = getattr(f, "jinja_pass_arg", None)
        args = [value, *(() if args is None else args)]
        if passed == "context":
            if context is None:
                raise TemplateRuntimeError(f"Attempted to invoke a context {kind} without context.")
            args.insert(0, context)
        elif passed == "eval_context":
            if eval_ctx is None:
                from jinja2.runtime import EvalContext

                eval_ctx = context.eval_ctx if context is not None else EvalContext(self)
            args.insert(0, eval_ctx)
        elif passed == "environment":
            args.insert(0, self)
        return f(*args, **(kwargs or {}))

    def call_filter(self, name, value, args=None, kwargs=None, context=None, eval_ctx=None):
        return self._named("filter", self.filters, name, value, args, kwargs, context, eval_ctx)

    def call_test(self, name, value, args=None, kwargs=None, context=None, eval_ctx=None):
        return self._named("test", self.tests, name, value, args, kwargs, context, eval_ctx)

    def from_string(self, source, globals=None, template_class=None):
        """The template of a text."""
        return (template_class or self.template_class)._make(self, source, None, None, self.make_globals(globals), None)

    def compile_expression(self, source, undefined_to_none=True):
        """A function of variables that gives the value of an expression."""
        parser = Parser(self, self.variable_start_string + " " + source + " " + self.variable_end_string)
        next(parser.stream)
        made = parser.parse_expression()
        parser.stream.expect("variable_end")
        if parser.stream.current.type != "eof":
            parser.fail("chunk after expression")
        return TemplateExpression(self, made, undefined_to_none)

    def make_globals(self, d):
        return {**self.globals, **(d or {})}

    def join_path(self, template, parent):
        return template

    def get_template(self, name, parent=None, globals=None):
        """The template of a name."""
        if isinstance(name, Template):
            return name
        if parent is not None:
            name = self.join_path(name, parent)
        if self.loader is None:
            raise TypeError("no loader for this environment specified")
        found = self.cache.get(name)
        if found is not None and (not self.auto_reload or found.is_up_to_date):
            if globals:
                found.globals.update(globals)
            return found
        made = self.loader.load(self, name, self.make_globals(globals))
        self.cache[name] = made
        return made

    def select_template(self, names, parent=None, globals=None):
        """The first template of several names that there is."""
        if isinstance(names, Undefined):
            names._fail_with_undefined_error()
        if not names:
            raise TemplatesNotFound(message="Tried to select from an empty list of templates.")
        for name in names:
            try:
                return self.get_template(name, parent, globals)
            except (TemplateNotFound, UndefinedError):
                pass
        raise TemplatesNotFound(names)

    def get_or_select_template(self, name, parent=None, globals=None):
        if isinstance(name, Undefined):
            name._fail_with_undefined_error()
        return self.get_template(name, parent, globals) if isinstance(name, (str, Template)) else self.select_template(name, parent, globals)

    def list_templates(self, extensions=None, filter_func=None):
        names = self.loader.list_templates()
        if extensions is not None:
            names = [n for n in names if "." in n and n.rsplit(".", 1)[1] in extensions]
        return names if filter_func is None else [n for n in names if filter_func(n)]

    def lex(self, source, name=None, filename=None):
        """The tokens of a text, as tuples of line, kind and text."""
        return [(t.lineno, t.type, str(t.value)) for t in self.lexer.tokenize(str(source), name, filename)][:-1]

    def parse(self, source, name=None, filename=None):
        raise NotImplementedError("jinja2: parse is not supported: there is no tree of a template; from_string compiles one")

    def compile(self, source, name=None, filename=None, raw=False, defer_init=False):
        raise NotImplementedError("jinja2: compile is not supported: there is no code of a template; from_string compiles one")


class Template:
    """A template that was read."""

    environment_class = Environment

    def __new__(cls, source, **settings):
        return Environment(**settings).from_string(source, template_class=cls)

    def __init__(self, source=None, **settings):
        pass

    @classmethod
    def _make(cls, environment, source, name, filename, globals, uptodate):
        self = object.__new__(cls)
        self.environment, self.name, self.filename, self.globals, self._uptodate, self._module = environment, name, filename, globals, uptodate, None
        parser = Parser(environment, str(source), name, filename)
        try:
            self._body = parser.parse()
        except TemplateSyntaxError as e:
            e.source = str(source)
            raise
        self._blocks = parser.blocks
        return self

    @property
    def is_up_to_date(self):
        return self._uptodate is None or self._uptodate()

    @property
    def blocks(self):
        return dict(self._blocks)

    def _state(self, variables):
        escape = self.environment.autoescape
        state = State(self.environment, self.name, bool(escape(self.name) if callable(escape) else escape), {**self.globals, **variables})
        for name, body in self._blocks.items():
            state.blocks.setdefault(name, []).append(body)
        return state

    def _run(self, state, out):
        """Write the template, or the one that it extends, whose blocks it fills."""
        from jinja2.runtime import TemplateReference

        state.outside.vars.setdefault("self", TemplateReference(state.top))
        template = self
        while template is not None:
            state.parent = None

            def write(text):
                if state.parent is None:
                    out(text)

            state.main = write
            template._body(state.top, write)
            template = state.parent

    def render(self, *args, **kwargs):
        """The template as text, with variables."""
        parts = []
        self._run(self._state(dict(*args, **kwargs)), parts.append)
        return "".join(parts)

    def generate(self, *args, **kwargs):
        """The parts of the text."""
        parts = []
        self._run(self._state(dict(*args, **kwargs)), parts.append)
        yield from parts

    def stream(self, *args, **kwargs):
        return TemplateStream(self.generate(*args, **kwargs))

    def new_context(self, vars=None, shared=False, locals=None):
        return Context(self._state({**(vars or {}), **(locals or {})}).top)

    def make_module(self, vars=None, shared=False, locals=None):
        """The template's variables and macros as attributes."""
        return TemplateModule(self, {**(vars or {}), **(locals or {})})

    @property
    def module(self):
        if self._module is None:
            self._module = self.make_module()
        return self._module

    def __repr__(self):
        name = f"memory:{id(self):x}" if self.name is None else repr(self.name)
        return f"<{type(self).__name__} {name}>"


Environment.template_class = Template


class TemplateModule:
    """What a template defines."""

    def __init__(self, template, variables):
        state, parts = template._state(variables), []
        template._run(state, parts.append)
        self._body_stream, self.__name__ = parts, template.name
        for name in state.exported():
            setattr(self, name, state.top.vars[name])

    def __html__(self):
        return Markup("".join(self._body_stream))

    def __str__(self):
        return "".join(self._body_stream)

    def __repr__(self):
        return f"<{type(self).__name__} {self.__name__!r}>"


class TemplateExpression:
    """An expression that was read."""

    def __init__(self, environment, made, undefined_to_none):
        self._environment, self._made, self._undefined_to_none = environment, made, undefined_to_none

    def __call__(self, *args, **kwargs):
        state = State(self._environment, None, False, {**self._environment.globals, **dict(*args, **kwargs)})
        value = self._made(state.top)
        return None if self._undefined_to_none and isinstance(value, Undefined) else value


class TemplateStream:
    """The text of a template, by parts."""

    def __init__(self, gen):
        self._gen = gen

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._gen)

    def dump(self, fp, encoding=None, errors="strict"):
        """Write the text to a file."""
        own = isinstance(fp, str)
        f = open(fp, "wb") if own else fp
        try:
            for part in self:
                f.write(part.encode(encoding or "utf-8", errors) if own or encoding is not None else part)
        finally:
            if own:
                f.close()
