"""One parse of a command line for argparse."""

from _argparse_format import ONE_OR_MORE, OPTIONAL, PARSER, REMAINDER, SUPPRESS, ZERO_OR_MORE

_EXPECTED = {None: "expected one argument", OPTIONAL: "expected at most one argument", ONE_OR_MORE: "expected at least one argument"}


def _is_negative_number(text):
    digits = text[1:]
    return text[0] == "-" and digits.replace(".", "", 1).isdigit() and not digits.endswith(".")


def _ends(nargs, pattern, start, dashes):
    """Where the values of an action may end, the longest first. The pattern has
    an A for a value, an O for an option and a - for the mark --, which a
    positional passes over."""
    if nargs in (REMAINDER, PARSER):
        first = start
        if nargs == PARSER:
            while pattern[first:first + 1] == "-":
                first += 1
            if pattern[first:first + 1] != "A":
                return []
            first += 1
        return list(range(len(pattern), first - 1, -1))
    least, most = {None: (1, 1), OPTIONAL: (0, 1), ZERO_OR_MORE: (0, None), ONE_OR_MORE: (1, None), SUPPRESS: (0, 0)}.get(nargs, (nargs, nargs))
    ends = []
    count = 0
    i = start
    while True:
        while dashes and pattern[i:i + 1] == "-":
            i += 1
        if count >= least:
            ends.append(i)
        if count == most or pattern[i:i + 1] != "A":
            break
        count += 1
        i += 1
    return ends[::-1]


def _match(nargs_list, pattern, start):
    """The ends of consecutive actions, each as long as the others allow, or None."""
    if not nargs_list:
        return []
    for end in _ends(nargs_list[0], pattern, start, True):
        rest = _match(nargs_list[1:], pattern, end)
        if rest is not None:
            return [end] + rest
    return None


class Parse:
    """The state of one parse."""

    def __init__(self, parser, args, namespace, ArgumentError, ArgumentTypeError):
        self.parser = parser
        self.args = args
        self.namespace = namespace
        self.Error = ArgumentError
        self.TypeError = ArgumentTypeError
        self.positionals = [a for a in parser._actions if not a.option_strings]
        self.seen = []
        self.given = []
        self.extras = []
        self.negative_options = any(_is_negative_number(o) for o in parser._option_string_actions)
        self.options = {}
        self.pattern = self._classify()

    def _classify(self):
        out = []
        after = False
        for i, arg in enumerate(self.args):
            if after:
                out.append("A")
            elif arg == "--":
                out.append("-")
                after = True
            else:
                found = self._as_option(arg)
                if found is None:
                    out.append("A")
                else:
                    self.options[i] = found
                    out.append("O")
        return "".join(out)

    def _as_option(self, arg):
        """(action, option, value after =) of an option, or None for a value."""
        parser = self.parser
        known = parser._option_string_actions
        if not arg or arg[0] not in parser.prefix_chars:
            return None
        if arg in known:
            return known[arg], arg, None
        if len(arg) == 1:
            return None
        if "=" in arg:
            option, value = arg.split("=", 1)
            if option in known:
                return known[option], option, value
        near = self._abbreviated(arg)
        if len(near) > 1:
            names = ", ".join([option for _, option, _ in near])
            parser.error(f"ambiguous option: {arg} could match {names}")
        if near:
            return near[0]
        if _is_negative_number(arg) and not self.negative_options:
            return None
        if " " in arg:
            return None
        return None, arg, None

    def _abbreviated(self, arg):
        known = self.parser._option_string_actions
        chars = self.parser.prefix_chars
        if arg[1] in chars:
            if not self.parser.allow_abbrev:
                return []
            start, eq, value = arg.partition("=")
            return [(a, o, value if eq else None) for o, a in known.items() if o.startswith(start)]
        found = []
        for option, action in known.items():
            if option == arg[:2]:
                found.append((action, option, arg[2:]))
            elif self.parser.allow_abbrev and option.startswith(arg):
                found.append((action, option, None))
        return found

    def run(self):
        start = 0
        last = max(self.options) if self.options else -1
        while start <= last:
            following = min([i for i in self.options if i >= start])
            if start != following:
                end = self._consume_positionals(start)
                if end > start:
                    start = end
                    continue
            if start not in self.options:
                self.extras.extend(self.args[start:following])
                start = following
            start = self._consume_option(start)
        stop = self._consume_positionals(start)
        self.extras.extend(self.args[stop:])
        self._check_required()
        return self.extras

    def _consume_positionals(self, start):
        matched = None
        for n in range(len(self.positionals), -1, -1):
            matched = _match([a.nargs for a in self.positionals[:n]], self.pattern, start)
            if matched is not None:
                break
        for action, end in zip(self.positionals[:len(matched)], matched):
            self._take(action, self.args[start:end], None)
            start = end
        self.positionals = self.positionals[len(matched):]
        return start

    def _count(self, action, pattern):
        """How many values an option takes of those that follow it."""
        ends = _ends(action.nargs if action.nargs != 0 else SUPPRESS, pattern, 0, False)
        if ends:
            return ends[0]
        message = _EXPECTED.get(action.nargs)
        if message is None:
            plural = "" if action.nargs == 1 else "s"
            message = f"expected {action.nargs} argument{plural}"
        raise self.Error(action, message)

    def _consume_option(self, start):
        action, option, value = self.options[start]
        taken = []
        while True:
            if action is None:
                self.extras.append(self.args[start])
                return start + 1
            if value is None:
                stop = start + 1 + self._count(action, self.pattern[start + 1:])
                taken.append((action, self.args[start + 1:stop], option))
                break
            count = self._count(action, "A")
            if count == 1:
                stop = start + 1
                taken.append((action, [value], option))
                break
            if count != 0 or option[1] in self.parser.prefix_chars or value == "":
                raise self.Error(action, f"ignored explicit argument {value!r}")
            taken.append((action, [], option))
            next_option = option[0] + value[0]
            known = self.parser._option_string_actions
            if next_option not in known:
                raise self.Error(action, f"ignored explicit argument {value!r}")
            action, option, value = known[next_option], next_option, value[1:] or None
        for action, values, option in taken:
            self._take(action, values, option)
        return stop

    def _take(self, action, args, option):
        self.seen.append(action)
        value = self._values(action, args)
        if value is not action.default:
            self.given.append(action)
            for group in self.parser._exclusive:
                if action not in group._group_actions:
                    continue
                for other in group._group_actions:
                    if other is not action and other in self.given:
                        from argparse import _name_of
                        raise self.Error(action, f"not allowed with argument {_name_of(other)}")
        if value is not SUPPRESS:
            action(self.parser, self.namespace, value, option)

    def _values(self, action, args):
        nargs = action.nargs
        if nargs not in (PARSER, REMAINDER) and "--" in args:
            args = list(args)
            args.remove("--")
        if not args and nargs == OPTIONAL:
            value = action.const if action.option_strings else action.default
            if isinstance(value, str):
                value = self._converted(action, value)
                self._check(action, value)
            return value
        if not args and nargs == ZERO_OR_MORE and not action.option_strings:
            value = args if action.default is None else action.default
            if action.default is not None:
                return value
            return []
        if nargs is None or len(args) == 1 and nargs == OPTIONAL:
            value = self._converted(action, args[0])
            self._check(action, value)
            return value
        if nargs == SUPPRESS:
            return SUPPRESS
        values = [self._converted(action, a) for a in args]
        if nargs == PARSER:
            self._check(action, values[0])
        elif nargs != REMAINDER:
            for value in values:
                self._check(action, value)
        return values

    def _converted(self, action, text):
        convert = action.type
        if convert is None:
            return text
        try:
            return convert(text)
        except self.TypeError as e:
            raise self.Error(action, str(e))
        except (TypeError, ValueError):
            name = getattr(convert, "__name__", repr(convert))
            raise self.Error(action, f"invalid {name} value: {text!r}")

    def _check(self, action, value):
        if action.choices is not None and value not in action.choices:
            known = ", ".join([repr(c) for c in action.choices])
            raise self.Error(action, f"invalid choice: {value!r} (choose from {known})")

    def _check_required(self):
        from argparse import _name_of
        missing = []
        for action in self.parser._actions:
            if action in self.seen:
                continue
            if action.required:
                missing.append(_name_of(action))
            elif isinstance(action.default, str) and getattr(self.namespace, action.dest, None) is action.default:
                setattr(self.namespace, action.dest, self._converted(action, action.default))
        if missing:
            self.parser.error(f"the following arguments are required: {', '.join(missing)}")
        for group in self.parser._exclusive:
            if group.required and not any(a in self.given for a in group._group_actions):
                names = " ".join([_name_of(a) for a in group._group_actions if a.help is not SUPPRESS])
                self.parser.error(f"one of the arguments {names} is required")
