"""What goes wrong with templates."""


class TemplateError(Exception):
    """An error of a template."""

    def __init__(self, message=None):
        super().__init__(message)

    @property
    def message(self):
        return self.args[0] if self.args else None


class TemplateNotFound(LookupError, TemplateError):
    """No loader has a template of the name."""

    def __init__(self, name, message=None):
        super().__init__(name if message is None else message)
        self.name, self.templates = name, [name]

    def __str__(self):
        return str(self.args[0])


class TemplatesNotFound(TemplateNotFound):
    """No loader has a template of any of the names."""

    def __init__(self, names=(), message=None):
        names = list(names)
        super().__init__(names[-1] if names else None, message or "none of the templates given were found: " + ", ".join([str(n) for n in names]))
        self.templates = names


class TemplateSyntaxError(TemplateError):
    """The text of a template is wrong."""

    def __init__(self, message, lineno, name=None, filename=None):
        super().__init__(message)
        self.lineno, self.name, self.filename, self.source = lineno, name, filename, None

    def __str__(self):
        return str(self.message)


class TemplateAssertionError(TemplateSyntaxError):
    """A template names a filter or a test that there is not."""


class TemplateRuntimeError(TemplateError):
    """A template went wrong while it was rendered."""


class UndefinedError(TemplateRuntimeError):
    """A template used what is not defined."""


class SecurityError(TemplateRuntimeError):
    """A template of a sandbox did what it must not."""


class FilterArgumentError(TemplateRuntimeError):
    """A filter was called wrongly."""
