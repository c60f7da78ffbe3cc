"""What goes wrong with YAML."""

__all__ = ["MarkedYAMLError", "Mark", "YAMLError"]


class Mark:
    """A place in a text."""

    def __init__(self, name, index, line, column, buffer=None, pointer=None):
        self.name, self.index, self.line, self.column = name, index, line, column

    def __str__(self):
        return f'  in "{self.name}", line {self.line + 1}, column {self.column + 1}'


class YAMLError(Exception):
    """Something is wrong with a document, or cannot be written as one."""


class MarkedYAMLError(YAMLError):
    """Something is wrong at a place."""

    def __init__(self, context=None, context_mark=None, problem=None, problem_mark=None, note=None):
        self.context, self.context_mark, self.problem, self.problem_mark, self.note = context, context_mark, problem, problem_mark, note

    def __str__(self):
        return "\n".join([str(x) for x in (self.context, self.context_mark, self.problem, self.problem_mark, self.note) if x is not None])


class ScannerError(MarkedYAMLError):
    """The text is no YAML."""


class ParserError(MarkedYAMLError):
    """The text is no YAML."""


class ComposerError(MarkedYAMLError):
    """An alias has no anchor."""


class ConstructorError(MarkedYAMLError):
    """A node stands for no value."""


class RepresenterError(YAMLError):
    """A value has no form in YAML."""
