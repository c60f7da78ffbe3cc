"""Extensions: tags that an environment has when it is told so."""


class Extension:
    """What adds tags to an environment. Those of scripts would build trees of templates, which there are not."""

    identifier, tags = None, ()

    def __init__(self, environment):
        self.environment = environment

    @classmethod
    def _provided(cls):
        return cls in _provided


class _Tags(Extension):
    def __init__(self, environment):
        super().__init__(environment)
        for tag in self.tags:
            environment.tags[tag] = True


class LoopControlExtension(_Tags):
    """{% break %} and {% continue %}."""

    identifier, tags = "jinja2.ext.LoopControlExtension", ("break", "continue")


class ExprStmtExtension(_Tags):
    """{% do expression %}."""

    identifier, tags = "jinja2.ext.ExprStmtExtension", ("do",)


class WithExtension(_Tags):
    """Nothing: {% with %} is always there."""

    identifier = "jinja2.ext.WithExtension"


class AutoEscapeExtension(_Tags):
    """Nothing: {% autoescape %} is always there."""

    identifier = "jinja2.ext.AutoEscapeExtension"


class GenerationTag(_Tags):
    """{% generation %}, which marks what a model says. Tracked are the texts while there is a list."""

    identifier, tags = "jinja2.ext.GenerationTag", ("generation",)

    def __init__(self, environment):
        super().__init__(environment)
        environment.tags["generation"] = self.note
        self.texts = None

    def note(self, scope, text):
        if self.texts is not None:
            self.texts.append(text)


loopcontrols, do, with_, autoescape = LoopControlExtension, ExprStmtExtension, WithExtension, AutoEscapeExtension
_provided = (LoopControlExtension, ExprStmtExtension, WithExtension, AutoEscapeExtension, GenerationTag)
_names = {"loopcontrols": loopcontrols, "do": do, "with_": with_, "autoescape": autoescape}
_names.update({c.__name__: c for c in _provided})


def find(extension):
    """The class of an extension, by itself or by its name."""
    found = extension
    if isinstance(extension, str):
        found = _names.get(extension.removeprefix("jinja2.ext."))
    if found not in _provided:
        raise NotImplementedError(f"jinja2: the extension {extension!r} is not provided here; jinja2.ext.loopcontrols and jinja2.ext.do are")
    return found
