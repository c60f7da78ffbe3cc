"""The help and usage texts of argparse."""

import os
import shutil
import textwrap

SUPPRESS = "==SUPPRESS=="
OPTIONAL = "?"
ZERO_OR_MORE = "*"
ONE_OR_MORE = "+"
PARSER = "A..."
REMAINDER = "..."


def metavar_of(action, default):
    """A function from a count to that many names of the action's values."""
    if action.metavar is not None:
        name = action.metavar
    elif action.choices is not None:
        name = "{" + ",".join([str(c) for c in action.choices]) + "}"
    else:
        name = default
    return lambda n: name if isinstance(name, tuple) else (name,) * n


def values_text(action, default):
    """How the values of an action look in a usage text."""
    names = metavar_of(action, default)
    nargs = action.nargs
    if nargs is None:
        return names(1)[0]
    if nargs == OPTIONAL:
        return f"[{names(1)[0]}]"
    if nargs == ZERO_OR_MORE:
        several = names(1)
        return f"[{several[0]} [{several[1]} ...]]" if len(several) == 2 else f"[{several[0]} ...]"
    if nargs == ONE_OR_MORE:
        several = names(2)
        return f"{several[0]} [{several[1]} ...]"
    if nargs == REMAINDER:
        return "..."
    if nargs == PARSER:
        return f"{names(1)[0]} ..."
    if nargs == SUPPRESS:
        return ""
    return " ".join(names(nargs))


class HelpFormatter:
    """Lays out the text of --help: wraps descriptions and help texts."""

    def __init__(self, prog, indent_increment=2, max_help_position=24, width=None):
        if width is None:
            width = shutil.get_terminal_size().columns - 2
        self._prog = prog
        self._width = width
        self._increment = indent_increment
        self._max_help_position = min(max_help_position, max(width - 20, indent_increment * 2))
        self._indent = 0
        self._longest = 0
        self._parts = []

    def _fill_text(self, text, width, indent):
        return textwrap.fill(" ".join(text.split()), width, initial_indent=indent, subsequent_indent=indent)

    def _split_lines(self, text, width):
        return textwrap.wrap(" ".join(text.split()), width)

    def _get_default_metavar_for_optional(self, action):
        return action.dest.upper()

    def _get_default_metavar_for_positional(self, action):
        return action.dest

    def _get_help_string(self, action):
        return action.help

    def _values(self, action):
        if action.option_strings:
            return values_text(action, self._get_default_metavar_for_optional(action))
        return values_text(action, self._get_default_metavar_for_positional(action))

    # usage

    def usage(self, usage, actions, groups, prefix="usage: "):
        if usage is not None:
            return f"{prefix}{usage % {'prog': self._prog}}\n\n"
        options = self._usage_parts([a for a in actions if a.option_strings], groups)
        positionals = self._usage_parts([a for a in actions if not a.option_strings], groups)
        text = " ".join([self._prog] + options + positionals)
        width = self._width - self._indent
        if len(prefix) + len(text) > width:
            text = self._wrapped_usage(prefix, options, positionals, width)
        return f"{prefix}{text}\n\n"

    def _wrapped_usage(self, prefix, options, positionals, width):
        def lines(parts, indent, first=None):
            """Parts, as many in a line as fit after the indent; the first line follows other text."""
            rows, room = [], width + 1 - len(indent if first is None else first)
            for part in parts:
                if not rows or room < len(part) + 1 and rows[-1]:
                    if rows:
                        room = width + 1 - len(indent)
                    rows.append([])
                rows[-1].append(part)
                room -= len(part) + 1
            texts = [indent + " ".join(row) for row in rows]
            if first is not None:
                texts[0] = texts[0][len(indent):]
            return texts

        if len(prefix) + len(self._prog) <= 0.75 * width:
            indent = " " * (len(prefix) + len(self._prog) + 1)
            if options:
                wrapped = lines([self._prog] + options, indent, prefix) + lines(positionals, indent)
            elif positionals:
                wrapped = lines([self._prog] + positionals, indent, prefix)
            else:
                wrapped = [self._prog]
        else:
            indent = " " * len(prefix)
            wrapped = lines(options + positionals, indent)
            if len(wrapped) > 1:
                wrapped = lines(options, indent) + lines(positionals, indent)
            wrapped = [self._prog] + wrapped
        return "\n".join(wrapped)

    def _usage_parts(self, actions, groups):
        grouped = {}
        for group in groups:
            members = group._group_actions
            if members and all(a in actions for a in members):
                start = actions.index(members[0])
                if actions[start:start + len(members)] == members:
                    shown = [a for a in members if a.help is not SUPPRESS]
                    for a in members:
                        grouped[id(a)] = (group, shown)
        parts = []
        for action in actions:
            if action.help is SUPPRESS:
                continue
            group, shown = grouped.get(id(action), (None, ()))
            part = self._usage_part(action, group)
            if len(shown) > 1:
                if action is shown[0]:
                    part = ("(" if group.required else "[") + part
                part += (")" if group.required else "]") if action is shown[-1] else " |"
            elif group is not None and not group.required:
                part = f"[{part}]"
            parts.append(part)
        return [p for p in parts if p]

    def _usage_part(self, action, group):
        if not action.option_strings:
            part = self._values(action)
            if group is not None and part.startswith("[") and part.endswith("]"):
                part = part[1:-1]
            return part
        if action.nargs == 0:
            part = action.format_usage()
        else:
            part = f"{action.option_strings[0]} {self._values(action)}"
        return part if action.required or group is not None else f"[{part}]"

    # sections

    def indent(self):
        self._indent += self._increment

    def dedent(self):
        self._indent -= self._increment

    def _subactions(self, action):
        return getattr(action, "_choices_actions", [])

    def invocation(self, action):
        if not action.option_strings:
            return metavar_of(action, self._get_default_metavar_for_positional(action))(1)[0]
        if action.nargs == 0:
            return ", ".join(action.option_strings)
        values = self._values(action)
        return ", ".join([f"{option} {values}" for option in action.option_strings])

    def measure(self, actions):
        """Note how wide the invocations are."""
        for action in actions:
            if action.help is SUPPRESS:
                continue
            widths = [len(self.invocation(a)) for a in [action] + self._subactions(action)]
            self._longest = max(self._longest, max(widths) + self._increment)

    def text(self, text):
        if "%(prog)" in text:
            text = text % {"prog": self._prog}
        return self._fill_text(text, max(self._width - self._indent, 11), " " * self._indent) + "\n\n"

    def action(self, action):
        position = min(self._longest + 2, self._max_help_position)
        help_width = max(self._width - position, 11)
        room = position - self._indent - 2
        header = self.invocation(action)
        margin = " " * self._indent
        has_help = bool(action.help and action.help.strip())
        out = []
        if not has_help:
            out.append(f"{margin}{header}\n")
        else:
            lines = self._split_lines(self._expanded_help(action), help_width)
            if len(header) <= room:
                first = lines[0] if lines else ""
                out.append(f"{margin}{header:<{room}}  {first}\n")
                lines = lines[1:]
            else:
                out.append(f"{margin}{header}\n")
            for line in lines:
                out.append(" " * position + line + "\n")
        self.indent()
        for sub in self._subactions(action):
            out.append(self.action(sub))
        self.dedent()
        return "".join(out)

    def _expanded_help(self, action):
        params = dict(vars(action), prog=self._prog)
        for name in list(params):
            if params[name] is SUPPRESS:
                del params[name]
            elif hasattr(params[name], "__name__"):
                params[name] = params[name].__name__
        if params.get("choices") is not None:
            params["choices"] = ", ".join([str(c) for c in params["choices"]])
        return self._get_help_string(action) % params

    def section(self, title, description, actions):
        self.indent()
        body = self.text(description) if description else ""
        body += "".join([self.action(a) for a in actions if a.help is not SUPPRESS])
        self.dedent()
        if not body:
            return ""
        heading = "" if title is None or title is SUPPRESS else f"{' ' * self._indent}{title}:\n"
        return f"\n{heading}{body}\n"


class RawDescriptionHelpFormatter(HelpFormatter):
    """Keeps descriptions as they are."""

    def _fill_text(self, text, width, indent):
        return indent + text.rstrip("\n").replace("\n", "\n" + indent) if text else ""


class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    """Keeps help texts as they are, too."""

    def _split_lines(self, text, width):
        return text.splitlines()


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    """Adds the default values to help texts."""

    def _get_help_string(self, action):
        text = action.help or ""
        given = action.option_strings or action.nargs in (OPTIONAL, ZERO_OR_MORE)
        if given and action.default is not SUPPRESS and "%(default)" not in text:
            text += " (default: %(default)s)"
        return text


class MetavarTypeHelpFormatter(HelpFormatter):
    """Names values after their type."""

    def _get_default_metavar_for_positional(self, action):
        return action.type.__name__

    _get_default_metavar_for_optional = _get_default_metavar_for_positional


def squeeze(text):
    """No more than one empty line in a row, and none at the ends."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip("\n") + "\n" if text.strip("\n") else ""
