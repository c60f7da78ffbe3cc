"""Command-line parsing."""

import sys
import os
from _argparse_format import (
    ONE_OR_MORE, OPTIONAL, PARSER, REMAINDER, SUPPRESS, ZERO_OR_MORE, ArgumentDefaultsHelpFormatter, HelpFormatter,
    MetavarTypeHelpFormatter, RawDescriptionHelpFormatter, RawTextHelpFormatter, squeeze)

__all__ = ["Action", "ArgumentDefaultsHelpFormatter", "ArgumentError", "ArgumentParser", "ArgumentTypeError",
           "BooleanOptionalAction", "FileType", "HelpFormatter", "MetavarTypeHelpFormatter", "Namespace", "ONE_OR_MORE",
           "OPTIONAL", "PARSER", "REMAINDER", "RawDescriptionHelpFormatter", "RawTextHelpFormatter", "SUPPRESS", "ZERO_OR_MORE"]

_EXTRAS = "_unrecognized_args"


def _name_of(action):
    """The action's name in an error message."""
    if action is None:
        return None
    if action.option_strings:
        return "/".join(action.option_strings)
    for name in (action.metavar, action.dest):
        if name not in (None, SUPPRESS):
            return name
    if action.choices:
        return "{" + ",".join([str(c) for c in action.choices]) + "}"
    return None


class ArgumentError(Exception):
    """An argument that cannot be used, and why."""

    def __init__(self, argument, message):
        Exception.__init__(self, argument, message)
        self.argument_name = _name_of(argument)
        self.message = message

    def __str__(self):
        if self.argument_name is None:
            return f"{self.message}"
        return f"argument {self.argument_name}: {self.message}"


class ArgumentTypeError(Exception):
    """What a type function raises to explain itself."""


class Namespace:
    """The result of parsing: an object with an attribute for every argument."""

    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __repr__(self):
        shown, other = [], {}
        for name, value in vars(self).items():
            if name.isidentifier():
                shown.append(f"{name}={value!r}")
            else:
                other[name] = value
        if other:
            shown.append(f"**{other!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other):
        if not isinstance(other, Namespace):
            return NotImplemented
        return vars(self) == vars(other)

    def __contains__(self, name):
        return name in vars(self)


_FACTS = ("option_strings", "dest", "nargs", "const", "default", "type", "choices", "required", "help", "metavar")


class Action:
    """What to do with an argument; derive from it and define __call__."""

    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None,
                 required=False, help=None, metavar=None):
        vars(self).update(zip(_FACTS, (option_strings, dest, nargs, const, default, type, choices, required, help, metavar)))

    def format_usage(self):
        return self.option_strings[0]

    def __call__(self, parser, namespace, values, option_string=None):
        raise NotImplementedError(".__call__() not defined")

    def __repr__(self):
        return f"{type(self).__name__}({', '.join([f'{name}={getattr(self, name)!r}' for name in _FACTS])})"


class _Store(Action):
    def __init__(self, option_strings, dest, nargs=None, **kwargs):
        if nargs == 0:
            raise ValueError("nargs for store actions must be != 0; if you have nothing to store, actions such as store "
                             "true or store const may be more appropriate")
        Action.__init__(self, option_strings, dest, nargs=nargs, **kwargs)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)


class _StoreConst(Action):
    def __init__(self, option_strings, dest, const=None, default=None, required=False, help=None, metavar=None):
        Action.__init__(self, option_strings, dest, nargs=0, const=const, default=default, required=required, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, self.const)


class _StoreTrue(_StoreConst):
    def __init__(self, option_strings, dest, default=False, required=False, help=None):
        _StoreConst.__init__(self, option_strings, dest, True, default, required, help)


class _StoreFalse(_StoreConst):
    def __init__(self, option_strings, dest, default=True, required=False, help=None):
        _StoreConst.__init__(self, option_strings, dest, False, default, required, help)


def _appendable(namespace, dest):
    items = getattr(namespace, dest, None)
    return [] if items is None else list(items)


class _Append(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, _appendable(namespace, self.dest) + [values])


class _AppendConst(_StoreConst):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, _appendable(namespace, self.dest) + [self.const])


class _Extend(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, _appendable(namespace, self.dest) + list(values))


class _Count(Action):
    def __init__(self, option_strings, dest, default=None, required=False, help=None):
        Action.__init__(self, option_strings, dest, nargs=0, default=default, required=required, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        count = getattr(namespace, self.dest, None)
        setattr(namespace, self.dest, (0 if count is None else count) + 1)


class _Help(Action):
    def __init__(self, option_strings, dest=SUPPRESS, default=SUPPRESS, help=None):
        Action.__init__(self, option_strings, dest, nargs=0, default=default, help=help)

    def __call__(self, parser, namespace, values, option_string=None):
        parser.print_help()
        parser.exit()


class _Version(Action):
    def __init__(self, option_strings, version=None, dest=SUPPRESS, default=SUPPRESS,
                 help="show program's version number and exit"):
        Action.__init__(self, option_strings, dest, nargs=0, default=default, help=help)
        self.version = version

    def __call__(self, parser, namespace, values, option_string=None):
        version = parser.version if self.version is None and hasattr(parser, "version") else self.version
        formatter = parser._formatter()
        parser._print(squeeze(formatter.text(version)), sys.stdout)
        parser.exit()


class BooleanOptionalAction(Action):
    """--flag and --no-flag."""

    def __init__(self, option_strings, dest, default=None, type=None, choices=None, required=False, help=None, metavar=None):
        names = [n for o in option_strings for n in ([o, "--no-" + o[2:]] if o.startswith("--") else [o])]
        Action.__init__(self, names, dest, nargs=0, default=default, type=type, choices=choices, required=required,
                        help=help, metavar=metavar)

    def format_usage(self):
        return " | ".join(self.option_strings)

    def __call__(self, parser, namespace, values, option_string=None):
        if option_string in self.option_strings:
            setattr(namespace, self.dest, not option_string.startswith("--no-"))


class _Choice(Action):
    """A subcommand, in the help text."""

    def __init__(self, name, aliases, help):
        shown = f"{name} ({', '.join(aliases)})" if aliases else name
        Action.__init__(self, [], shown, help=help, metavar=shown)


class _SubParsers(Action):
    def __init__(self, option_strings, prog, parser_class, dest=SUPPRESS, required=False, help=None, metavar=None):
        self._name_parser_map, self._choices_actions = {}, []
        self._prog_prefix, self._parser_class = prog, parser_class
        Action.__init__(self, option_strings, dest, nargs=PARSER, choices=self._name_parser_map, required=required,
                        help=help, metavar=metavar)

    def add_parser(self, name, **kwargs):
        if kwargs.get("prog") is None:
            kwargs["prog"] = f"{self._prog_prefix} {name}"
        aliases = kwargs.pop("aliases", ())
        if "help" in kwargs:
            self._choices_actions.append(_Choice(name, aliases, kwargs.pop("help")))
        parser = self._parser_class(**kwargs)
        for n in [name] + list(aliases):
            self._name_parser_map[n] = parser
        return parser

    def __call__(self, parser, namespace, values, option_string=None):
        name = values[0]
        if self.dest is not SUPPRESS:
            setattr(namespace, self.dest, name)
        if name not in self._name_parser_map:
            known = ", ".join(self._name_parser_map)
            raise ArgumentError(self, f"unknown parser {name!r} (choices: {known})")
        found, rest = self._name_parser_map[name].parse_known_args(values[1:], None)
        for key, value in vars(found).items():
            setattr(namespace, key, value)
        if rest:
            setattr(namespace, _EXTRAS, getattr(namespace, _EXTRAS, []) + rest)


class FileType:
    """A type that opens the file named; "-" is a standard stream."""

    def __init__(self, mode="r", bufsize=-1, encoding=None, errors=None):
        self._mode = mode
        self._encoding = encoding
        self._errors = errors

    def __call__(self, name):
        if name == "-":
            stream = sys.stdin if "r" in self._mode else sys.stdout
            return stream.buffer if "b" in self._mode else stream
        try:
            return open(name, self._mode, -1, self._encoding, self._errors)
        except OSError as e:
            raise ArgumentTypeError(f"can't open '{name}': {e}")


_ACTIONS = {
    None: _Store, "store": _Store, "store_const": _StoreConst, "store_true": _StoreTrue, "store_false": _StoreFalse,
    "append": _Append, "append_const": _AppendConst, "extend": _Extend, "count": _Count, "help": _Help,
    "version": _Version, "parsers": _SubParsers,
}


class _Container:
    """What arguments can be added to: a parser or a group of one."""

    def __init__(self, parser):
        self._parser = parser
        self._group_actions = []

    def add_argument(self, *args, **kwargs):
        parser = self._parser
        dashed = [a for a in args if a[:1] in parser.prefix_chars]
        if not args or len(args) == 1 and not dashed:
            if args and "dest" in kwargs:
                raise ValueError("dest supplied twice for positional argument")
            kwargs = parser._positional_kwargs(*args, **kwargs)
        else:
            kwargs = parser._optional_kwargs(args, **kwargs)
        if "default" not in kwargs:
            if kwargs["dest"] in parser._defaults:
                kwargs["default"] = parser._defaults[kwargs["dest"]]
            elif parser.argument_default is not None:
                kwargs["default"] = parser.argument_default
        what = kwargs.pop("action", None)
        cls = what if isinstance(what, type) else _ACTIONS.get(what)
        if cls is None:
            raise ValueError(f'unknown action "{what}"')
        action = cls(**kwargs)
        if action.type is not None and not callable(action.type):
            raise ValueError(f"{action.type!r} is not callable")
        return self._add_action(action)

    def _add_action(self, action):
        self._parser._register(action)
        self._group_actions.append(action)
        return action


class _ArgumentGroup(_Container):
    """Arguments that the help text shows together."""

    def __init__(self, parser, title=None, description=None):
        _Container.__init__(self, parser)
        self.title = title
        self.description = description

    def add_mutually_exclusive_group(self, *, required=False):
        group = _ExclusiveGroup(self._parser, self, required)
        self._parser._exclusive.append(group)
        return group


class _ExclusiveGroup(_Container):
    """Arguments of which one may be given."""

    def __init__(self, parser, container, required):
        _Container.__init__(self, parser)
        self.required = required
        self._container = container

    def _add_action(self, action):
        if action.required:
            raise ValueError("mutually exclusive arguments must be optional")
        self._container._add_action(action)
        self._group_actions.append(action)
        return action


class ArgumentParser(_Container):
    """Parses command lines into Namespace objects."""

    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter,
                 prefix_chars="-", fromfile_prefix_chars=None, argument_default=None, conflict_handler="error",
                 add_help=True, allow_abbrev=True, exit_on_error=True):
        _Container.__init__(self, self)
        if fromfile_prefix_chars is not None:
            raise NotImplementedError("ArgumentParser: fromfile_prefix_chars is not supported")
        vars(self).update(
            usage=usage, description=description, epilog=epilog, formatter_class=formatter_class, prefix_chars=prefix_chars,
            argument_default=argument_default, conflict_handler=conflict_handler, add_help=add_help,
            allow_abbrev=allow_abbrev, exit_on_error=exit_on_error)
        self.prog = os.path.basename(sys.argv[0] if sys.argv else "") if prog is None else prog
        self._actions, self._option_string_actions, self._defaults = [], {}, {}
        self._exclusive, self._subparsers = [], None
        self._positionals = _ArgumentGroup(self, "positional arguments")
        self._optionals = _ArgumentGroup(self, "options")
        self._groups = [self._positionals, self._optionals]
        if add_help:
            dash = "-" if "-" in prefix_chars else prefix_chars[0]
            self.add_argument(dash + "h", dash * 2 + "help", action="help", default=SUPPRESS, help="show this help message and exit")
        for parent in parents:
            self._adopt(parent)

    def _adopt(self, parent):
        titles = {g.title: g for g in self._groups}
        for group in parent._groups:
            own = titles.get(group.title)
            if own is None:
                own = self.add_argument_group(group.title, group.description)
            for action in group._group_actions:
                own._add_action(action)
        for group in parent._exclusive:
            own = _ExclusiveGroup(self, self, group.required)
            own._group_actions = list(group._group_actions)
            self._exclusive.append(own)
        self._defaults.update(parent._defaults)

    # declaring arguments

    def add_argument_group(self, title=None, description=None, **kwargs):
        group = _ArgumentGroup(self, title, description)
        self._groups.append(group)
        return group

    def add_mutually_exclusive_group(self, *, required=False):
        group = _ExclusiveGroup(self, self, required)
        self._exclusive.append(group)
        return group

    def add_subparsers(self, *, title=None, description=None, prog=None, parser_class=None, **kwargs):
        if self._subparsers is not None:
            self.error("cannot have multiple subparser arguments")
        if title is not None or description is not None:
            self._subparsers = self.add_argument_group("subcommands" if title is None else title, description)
        else:
            self._subparsers = self._positionals
        if prog is None:
            formatter = self._formatter()
            positionals = [a for a in self._actions if not a.option_strings]
            prog = formatter.usage(self.usage, positionals, self._exclusive, "").strip()
        kwargs.pop("action", None)
        action = _SubParsers([], prog, parser_class or type(self), **kwargs)
        return self._subparsers._add_action(action)

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)
        for action in self._actions:
            action.default = kwargs.get(action.dest, action.default)

    def get_default(self, dest):
        own = [a.default for a in self._actions if a.dest == dest and a.default is not None]
        return own[0] if own else self._defaults.get(dest)

    def _add_action(self, action):
        group = self._optionals if action.option_strings else self._positionals
        return group._add_action(action)

    def _register(self, action):
        clashes = [o for o in action.option_strings if o in self._option_string_actions]
        if clashes:
            if self.conflict_handler != "resolve":
                plural = "s" if len(clashes) > 1 else ""
                raise ArgumentError(action, f"conflicting option string{plural}: {', '.join(clashes)}")
            for option in clashes:
                self._drop_option(option)
        self._actions.append(action)
        for option in action.option_strings:
            self._option_string_actions[option] = action

    def _drop_option(self, option):
        old = self._option_string_actions.pop(option)
        old.option_strings.remove(option)
        if not old.option_strings:
            self._actions.remove(old)
            for group in self._groups:
                if old in group._group_actions:
                    group._group_actions.remove(old)

    def _positional_kwargs(self, dest=None, **kwargs):
        if "required" in kwargs:
            raise TypeError("'required' is an invalid argument for positionals")
        nargs = kwargs.get("nargs")
        if nargs != OPTIONAL and not (nargs == ZERO_OR_MORE and "default" in kwargs):
            kwargs["required"] = True
        return dict(kwargs, option_strings=[], **({} if dest is None else {"dest": dest}))

    def _optional_kwargs(self, options, dest=None, **kwargs):
        for option in options:
            if option[0] not in self.prefix_chars:
                raise ValueError(f"invalid option string {option!r}: must start with a character {self.prefix_chars!r}")
        if dest is None:
            long = [o for o in options if len(o) > 1 and o[1] in self.prefix_chars]
            dest = (long or list(options))[0].lstrip(self.prefix_chars)
            if not dest:
                raise ValueError(f"dest= is required for options like {options[0]!r}")
            dest = dest.replace("-", "_")
        return dict(kwargs, dest=dest, option_strings=list(options))

    # parsing

    def parse_args(self, args=None, namespace=None):
        namespace, extras = self.parse_known_args(args, namespace)
        if extras:
            self.error(f"unrecognized arguments: {' '.join(extras)}")
        return namespace

    def parse_known_args(self, args=None, namespace=None):
        from _argparse_parse import Parse
        args = sys.argv[1:] if args is None else list(args)
        if namespace is None:
            namespace = Namespace()
        for action in self._actions:
            if action.dest is not SUPPRESS and not hasattr(namespace, action.dest) and action.default is not SUPPRESS:
                setattr(namespace, action.dest, action.default)
        for dest, value in self._defaults.items():
            if not hasattr(namespace, dest):
                setattr(namespace, dest, value)
        if self.exit_on_error:
            try:
                extras = Parse(self, args, namespace, ArgumentError, ArgumentTypeError).run()
            except ArgumentError as e:
                self.error(str(e))
        else:
            extras = Parse(self, args, namespace, ArgumentError, ArgumentTypeError).run()
        if hasattr(namespace, _EXTRAS):
            extras = extras + getattr(namespace, _EXTRAS)
            delattr(namespace, _EXTRAS)
        return namespace, extras

    def parse_intermixed_args(self, args=None, namespace=None):
        raise NotImplementedError("parse_intermixed_args is not supported; use parse_args")

    # help

    def _formatter(self):
        return self.formatter_class(prog=self.prog)

    def format_usage(self):
        return squeeze(self._formatter().usage(self.usage, self._actions, self._exclusive))

    def format_help(self):
        formatter = self._formatter()
        for group in self._groups:
            formatter.measure(group._group_actions)
        parts = [formatter.usage(self.usage, self._actions, self._exclusive)]
        if self.description:
            parts.append(formatter.text(self.description))
        for group in self._groups:
            parts.append(formatter.section(group.title, group.description, group._group_actions))
        if self.epilog:
            parts.append(formatter.text(self.epilog))
        return squeeze("".join(parts))

    def print_usage(self, file=None):
        self._print(self.format_usage(), file)

    def print_help(self, file=None):
        self._print(self.format_help(), file)

    def _print(self, text, file):
        if text:
            (sys.stdout if file is None else file).write(text)

    def exit(self, status=0, message=None):
        if message:
            self._print(message, sys.stderr)
        sys.exit(status)

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}\n")
