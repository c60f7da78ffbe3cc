"""Templates of text with variables, loops and conditions. They are read into functions, so that their values are the script's."""

__version__ = "3.1.6"

from jinja2.environment import Environment, Template
from jinja2.exceptions import TemplateAssertionError, TemplateError, TemplateNotFound, TemplateRuntimeError, TemplatesNotFound, TemplateSyntaxError, UndefinedError
from jinja2.loaders import BaseLoader, ChoiceLoader, DictLoader, FileSystemLoader, FunctionLoader, PackageLoader, PrefixLoader
from jinja2.runtime import ChainableUndefined, DebugUndefined, StrictUndefined, Undefined, make_logging_undefined
from jinja2.utils import clear_caches, is_undefined, pass_context, pass_environment, pass_eval_context, select_autoescape
