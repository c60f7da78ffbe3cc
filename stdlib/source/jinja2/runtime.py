"""What templates are rendered with: scopes, loops, macros, blocks, and values that are not defined."""

from jinja2.exceptions import UndefinedError
from jinja2.utils import missing
from markupsafe import Markup, escape

__all__ = ["ChainableUndefined", "Context", "DebugUndefined", "LoopContext", "Macro", "Markup", "StrictUndefined", "TemplateReference", "Undefined", "escape",
           "make_logging_undefined", "markup_join", "missing", "str_join"]


class _Signal:
    """What a statement gives that leaves a loop, or its turn."""


BREAK, CONTINUE = _Signal(), _Signal()


def str_join(seq):
    """Texts, one after another."""
    return "".join([str(x) for x in seq])


def markup_join(seq):
    """As str_join, escaped where a part is markup."""
    parts = list(seq)
    if any([hasattr(p, "__html__") for p in parts]):
        return Markup("").join(parts)
    return "".join([str(p) for p in parts])


def _type_name(obj):
    if obj is None or obj is Ellipsis:
        return str(obj)
    cls = type(obj)
    return f"{cls.__name__} object" if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__} object"


class Undefined:
    """A value that is not there: it prints as nothing and has no elements; other uses raise."""

    def __init__(self, hint=None, obj=missing, name=None, exc=UndefinedError):
        self._undefined_hint, self._undefined_obj, self._undefined_name, self._undefined_exception = hint, obj, name, exc

    @property
    def _undefined_message(self):
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"{self._undefined_name!r} is undefined"
        if not isinstance(self._undefined_name, str):
            return f"{_type_name(self._undefined_obj)} has no element {self._undefined_name!r}"
        return f"{_type_name(self._undefined_obj)!r} has no attribute {self._undefined_name!r}"

    def _fail_with_undefined_error(self, *args, **kwargs):
        raise self._undefined_exception(self._undefined_message)

    def __getattr__(self, name):
        if name[:2] == "__" or name[:10] == "_undefined":
            raise AttributeError(name)
        self._fail_with_undefined_error()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _fail_with_undefined_error
    __pos__ = __neg__ = __call__ = __getitem__ = __lt__ = __le__ = __gt__ = __ge__ = __int__ = __float__ = __complex__ = __pow__ = __rpow__ = _fail_with_undefined_error

    def __eq__(self, other):
        return type(self) is type(other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return id(type(self))

    def __str__(self):
        return ""

    def __len__(self):
        return 0

    def __iter__(self):
        return iter(())

    def __bool__(self):
        return False

    def __repr__(self):
        return "Undefined"


class ChainableUndefined(Undefined):
    """One whose attributes and elements are not there either."""

    def __html__(self):
        return str(self)

    def __getattr__(self, name):
        if name[:2] == "__" or name[:10] == "_undefined":
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self


class DebugUndefined(Undefined):
    """One that prints what was asked for."""

    def __str__(self):
        if self._undefined_hint:
            message = f"undefined value printed: {self._undefined_hint}"
        elif self._undefined_obj is missing:
            message = self._undefined_name
        else:
            message = f"no such element: {_type_name(self._undefined_obj)}[{self._undefined_name!r}]"
        return f"{{{{ {message} }}}}"


class StrictUndefined(Undefined):
    """One that can only be tested for being defined."""

    __iter__ = __str__ = __len__ = __eq__ = __ne__ = __bool__ = __hash__ = __contains__ = Undefined._fail_with_undefined_error


def make_logging_undefined(logger=None, base=Undefined):
    """A class of values that are not there which tells a logger of their uses."""
    if logger is None:
        import logging

        logger = logging.getLogger(__name__)

    class LoggingUndefined(base):
        def _fail_with_undefined_error(self, *args, **kwargs):
            logger.error("Template variable error: %s", self._undefined_message)
            raise self._undefined_exception(self._undefined_message)

        def __str__(self):
            logger.warning("Template variable warning: %s", self._undefined_message)
            return super().__str__()

        def __iter__(self):
            logger.warning("Template variable warning: %s", self._undefined_message)
            return super().__iter__()

        def __bool__(self):
            logger.warning("Template variable warning: %s", self._undefined_message)
            return super().__bool__()

    return LoggingUndefined


class EvalContext:
    """What filters can ask of where they are called."""

    def __init__(self, environment, template_name=None, autoescape=False):
        self.environment, self.autoescape, self.volatile = environment, autoescape, False


class Context:
    """The variables of a template, as functions that ask for them see them."""

    def __init__(self, scope):
        self._scope = scope
        self.environment, self.name = scope.state.environment, scope.state.name
        self.eval_ctx = EvalContext(self.environment, self.name, scope.state.autoescape)
        self.blocks, self.vars, self.parent = scope.state.blocks, scope.state.top.vars, scope.state.outside.vars
        self.exported_vars = scope.state.exported()

    def resolve_or_missing(self, key):
        s = self._scope
        while s is not None:
            if key in s.vars:
                return s.vars[key]
            s = s.parent
        return missing

    def resolve(self, key):
        value = self.resolve_or_missing(key)
        return self.environment.undefined(name=key) if value is missing else value

    def get(self, key, default=None):
        value = self.resolve_or_missing(key)
        return default if value is missing else value

    def get_exported(self):
        return {k: self.vars[k] for k in self.exported_vars}

    def get_all(self):
        return {**self.parent, **self.vars}

    def keys(self):
        return self.get_all().keys()

    def values(self):
        return self.get_all().values()

    def items(self):
        return self.get_all().items()

    def call(self, obj, *args, **kwargs):
        return self._scope.call(obj, list(args), kwargs)

    def __contains__(self, name):
        return self.resolve_or_missing(name) is not missing

    def __getitem__(self, key):
        value = self.resolve_or_missing(key)
        if value is missing:
            raise KeyError(key)
        return value

    def __repr__(self):
        return f"<Context {self.get_all()!r} of {self.name!r}>"


class State:
    """What one rendering of a template shares."""

    def __init__(self, environment, name, autoescape, variables):
        self.environment, self.name, self.autoescape = environment, name, autoescape
        self.blocks, self.parent, self.main, self.hidden = {}, None, None, set()
        self.outside = Scope(self, None)
        self.outside.vars = variables
        self.top = Scope(self, self.outside)

    def exported(self):
        """The names of the variables that other templates see."""
        return {k for k in self.top.vars if not k.startswith("_") and k not in self.hidden}

    def discarding(self, out):
        """Whether what a template writes is thrown away: all but the blocks of one that extends another."""
        return self.parent is not None and out is self.main


class Scope:
    """The variables of a part of a template, and the scope around it."""

    __slots__ = ("state", "parent", "vars", "filtered")

    def __init__(self, state, parent):
        self.state, self.parent, self.vars = state, parent, {}

    def bind(self, name, value, exported=True):
        self.vars[name] = value
        if self is self.state.top:
            (self.state.hidden.discard if exported else self.state.hidden.add)(name)

    def context(self):
        return Context(self)

    def eval_context(self):
        return EvalContext(self.state.environment, self.state.name, self.state.autoescape)

    def passing(self, kind):
        """The first argument of a function that asks for it."""
        return {"context": self.context, "eval_context": self.eval_context, "environment": lambda: self.state.environment}[kind]()

    def flat(self):
        """All variables that are seen here."""
        scopes, s = [], self
        while s is not None:
            scopes.append(s.vars)
            s = s.parent
        out = {}
        for variables in reversed(scopes):
            out.update(variables)
        return out

    def joined(self, parts):
        text = "".join(parts)
        return Markup(text) if self.state.autoescape else text

    def call(self, fn, args, kwargs):
        """Call a value with what it asks to be passed first."""
        env = self.state.environment
        if env.sandboxed:
            fn = env._checked(fn)
        kind = getattr(fn, "jinja_pass_arg", None)
        if kind is None and not callable(fn) and not isinstance(fn, Undefined):
            raise TypeError(f"{type(fn).__name__!r} object is not callable")
        if kind is not None:
            args = [self.passing(kind), *args]
        return fn(*args, **kwargs)


class LoopContext:
    """The variable loop of a loop."""

    def __init__(self, iterable, undefined, recurse=None, depth0=0):
        self._values = list(iterable)
        self._undefined, self._recurse, self.depth0 = undefined, recurse, depth0
        self.index0, self._last_changed = -1, missing

    def _items(self):
        for item in self._values:
            self.index0 += 1
            yield item

    @property
    def length(self):
        return len(self._values)

    def __len__(self):
        return len(self._values)

    @property
    def depth(self):
        return self.depth0 + 1

    @property
    def index(self):
        return self.index0 + 1

    @property
    def revindex0(self):
        return len(self._values) - self.index

    @property
    def revindex(self):
        return len(self._values) - self.index0

    @property
    def first(self):
        return self.index0 == 0

    @property
    def last(self):
        return self.index == len(self._values)

    @property
    def previtem(self):
        return self._undefined("there is no previous item") if self.first else self._values[self.index0 - 1]

    @property
    def nextitem(self):
        return self._undefined("there is no next item") if self.last else self._values[self.index]

    def cycle(self, *args):
        if not args:
            raise TypeError("no items for cycling given")
        return args[self.index0 % len(args)]

    def changed(self, *value):
        if self._last_changed == value:
            return False
        self._last_changed = value
        return True

    def __call__(self, iterable):
        if self._recurse is None:
            raise TypeError("The loop must have the 'recursive' marker to be called recursively.")
        return self._recurse(iterable, self.depth)

    def __repr__(self):
        return f"<LoopContext {self.index}/{self.length}>"


class Macro:
    """A function that a template defines."""

    def __init__(self, scope, name, arguments, defaults, body, catch_kwargs, catch_varargs, caller):
        self._scope, self._body, self._defaults = scope, body, defaults
        self.name, self.arguments = name, tuple(arguments)
        self.catch_kwargs, self.catch_varargs, self.caller = catch_kwargs, catch_varargs, caller
        self.explicit_caller = "caller" in arguments

    def __call__(self, *args, **kwargs):
        c, names = self._scope, self.arguments
        inner = Scope(c.state, c)
        values = list(args[:len(names)])
        given = set(names[:len(values)])
        caller_there = "caller" in given
        for i, name in enumerate(names):
            if i < len(values):
                if name in kwargs:
                    raise TypeError(f"macro {self.name!r} got multiple values for argument {name!r}")
                inner.vars[name] = values[i]
            elif name in kwargs:
                inner.vars[name] = kwargs.pop(name)
                caller_there = caller_there or name == "caller"
            else:
                at = i - (len(names) - len(self._defaults))
                inner.vars[name] = self._defaults[at](inner) if at >= 0 else c.state.environment.undefined(f"parameter {name!r} was not provided", name=name)
        if self.caller and not caller_there and not self.explicit_caller:
            given_caller = kwargs.pop("caller", None)
            inner.vars["caller"] = c.state.environment.undefined("No caller defined", name="caller") if given_caller is None else given_caller
        if self.catch_kwargs:
            inner.vars["kwargs"] = kwargs
        elif kwargs:
            if "caller" in kwargs:
                raise TypeError(f"macro {self.name!r} was invoked with two values for the special caller argument. This is most likely a bug.")
            raise TypeError(f"macro {self.name!r} takes no keyword argument {next(iter(kwargs))!r}")
        if self.catch_varargs:
            inner.vars["varargs"] = tuple(args[len(names):])
        elif len(args) > len(names):
            raise TypeError(f"macro {self.name!r} takes not more than {len(names)} argument(s)")
        parts = []
        self._body(inner, parts.append)
        return c.joined(parts)

    def __repr__(self):
        return f"<Macro {'anonymous' if self.name is None else repr(self.name)}>"


class BlockReference:
    """One of the blocks of a name, that a block can call as super."""

    def __init__(self, name, scope, stack, depth):
        self.name, self._scope, self._stack, self._depth = name, scope, stack, depth

    @property
    def super(self):
        if self._depth + 1 >= len(self._stack):
            return self._scope.state.environment.undefined(f"there is no parent block called {self.name!r}.", name="super")
        return BlockReference(self.name, self._scope, self._stack, self._depth + 1)

    def _render(self, out):
        inner = Scope(self._scope.state, self._scope)
        inner.vars["super"], inner.vars["self"] = self.super, TemplateReference(self._scope)
        self._stack[self._depth](inner, out)

    def __call__(self):
        parts = []
        self._render(parts.append)
        return self._scope.joined(parts)


class TemplateReference:
    """The variable self of a template: its blocks."""

    def __init__(self, scope):
        self._scope = scope

    def __getitem__(self, name):
        return BlockReference(name, self._scope, self._scope.state.blocks[name], 0)

    def __getattr__(self, name):
        if name.startswith("__") or name not in self._scope.state.blocks:
            raise AttributeError(name)
        return self[name]

    def __repr__(self):
        return f"<TemplateReference {self._scope.state.name!r}>"
