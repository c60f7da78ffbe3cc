"""Conversations as text, by the templates of models."""

import functools
import inspect
import json
import re
import types
import typing

_names = {int: "integer", float: "number", str: "string", bool: "boolean", list: "array", dict: "object", type(None): "null", typing.Any: None}


@functools.lru_cache(maxsize=16)
def _compiled(template):
    """A template as models' templates are written: no space around tags, break and continue, and marks of what a model says."""
    from jinja2.exceptions import TemplateError
    from jinja2.ext import GenerationTag, loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(message):
        raise TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def strftime_now(format):
        from datetime import datetime

        return datetime.now().strftime(format)

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[GenerationTag, loopcontrols])
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = strftime_now
    return environment.from_string(template)


def render_jinja_template(conversations, tools=None, documents=None, chat_template=None, add_generation_prompt=False, continue_final_message=False, **fields):
    """Conversations as text."""
    template = _compiled(chat_template)
    schemas = None if tools is None else [get_json_schema(t) if callable(t) else t for t in tools]
    out = []
    for messages in conversations:
        text = template.render(messages=messages, tools=schemas, documents=documents, add_generation_prompt=add_generation_prompt, **fields)
        if continue_final_message:
            last = messages[-1]["content"].strip()
            text = text[:text.rindex(last) + len(last)]
        out.append(text)
    return out, []


def _schema(hint):
    """The JSON schema of an annotation."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union or origin is getattr(types, "UnionType", None):
        inner = [_schema(a) for a in args if a is not type(None)]
        made = inner[0] if len(inner) == 1 else {"type": sorted([i["type"] for i in inner])} if all([set(i) == {"type"} for i in inner]) else {"anyOf": inner}
        if type(None) in args:
            made["nullable"] = True
        return made
    if origin is typing.Literal:
        kinds = {_names[type(a)] for a in args}
        return {"type": kinds.pop() if len(kinds) == 1 else sorted(kinds), "enum": list(args)}
    if origin is list:
        return {"type": "array", "items": _schema(args[0])} if args else {"type": "array"}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(args[1])} if args else {"type": "object"}
    if origin is tuple:
        return {"type": "array", "prefixItems": [_schema(a) for a in args]}
    name = _names.get(hint, "object")
    return {} if name is None else {"type": name}


def get_json_schema(func):
    """What a function does and takes, by its documentation and its annotations."""
    doc = inspect.getdoc(func)
    if not doc:
        raise ValueError(f"Cannot generate JSON schema for {func.__name__} because it has no docstring!")
    head = re.split(r"\n\s*(?:Args|Returns):", doc)[0].strip()
    found = re.search(r"\n\s*Args:\n(.*?)(?=\n\s*Returns:|\Z)", doc, re.DOTALL)
    described = {}
    if found:
        for m in re.finditer(r"^\s*(\w+)(?:\s*\([^)\n]*\))?:\s*(.*?)(?=^\s*\w+(?:\s*\([^)\n]*\))?:|\Z)", found.group(1), re.DOTALL | re.MULTILINE):
            described[m.group(1)] = re.sub(r"\s*\n+\s*", " ", m.group(2).strip())
    hints = typing.get_type_hints(func)
    properties, required = {}, []
    for name, p in inspect.signature(func).parameters.items():
        if name not in hints:
            raise ValueError(f"Argument {name} is missing a type hint in function {func.__name__}")
        if name not in described:
            raise ValueError(f"Cannot generate JSON schema for {func.__name__} because the docstring has no description for the argument '{name}'")
        text, made = described[name], _schema(hints[name])
        choices = re.search(r"\(choices:\s*(.*?)\)\s*$", text, re.IGNORECASE)
        if choices:
            made["enum"] = [c.strip() for c in json.loads(choices.group(1))]
            text = text[:choices.start()].strip()
        made["description"] = text
        properties[name] = made
        if p.default is inspect.Parameter.empty:
            required.append(name)
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return {"type": "function", "function": {"name": func.__name__, "description": head, "parameters": schema}}
