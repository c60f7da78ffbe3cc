"""Where templates are found."""

import os as _os

from jinja2.exceptions import TemplateNotFound

__all__ = ["BaseLoader", "ChoiceLoader", "DictLoader", "FileSystemLoader", "FunctionLoader", "PackageLoader", "PrefixLoader"]


class BaseLoader:
    """What finds templates by get_source."""

    has_source_access = True

    def get_source(self, environment, template):
        raise TemplateNotFound(template)

    def list_templates(self):
        raise TypeError("this loader cannot iterate over all templates")

    def load(self, environment, name, globals=None):
        source, filename, uptodate = self.get_source(environment, name)
        return environment.template_class._make(environment, source, name, filename, globals or {}, uptodate)


def split_template_path(template):
    """The parts of a template's name, none of which leads up."""
    parts = template.split("/")
    if any([_os.sep in p or p == ".." for p in parts]):
        raise TemplateNotFound(template)
    return [p for p in parts if p and p != "."]


class FileSystemLoader(BaseLoader):
    """Templates in folders."""

    def __init__(self, searchpath, encoding="utf-8", followlinks=False):
        self.searchpath = [_os.fspath(p) for p in ([searchpath] if isinstance(searchpath, str) or hasattr(searchpath, "__fspath__") else searchpath)]
        self.encoding, self.followlinks = encoding, followlinks

    def get_source(self, environment, template):
        parts = split_template_path(template)
        for folder in self.searchpath:
            path = _os.path.join(folder, *parts)
            if _os.path.isfile(path):
                with open(path, encoding=self.encoding) as f:
                    source = f.read()
                changed = _os.path.getmtime(path)
                return source, path, lambda: _os.path.isfile(path) and _os.path.getmtime(path) == changed
        plural = "path" if len(self.searchpath) == 1 else "paths"
        raise TemplateNotFound(template, f"{template!r} not found in search {plural}: {', '.join([repr(p) for p in self.searchpath])}")

    def list_templates(self):
        found = set()
        for folder in self.searchpath:
            for at, _, files in _os.walk(folder, followlinks=self.followlinks):
                for name in files:
                    found.add(_os.path.relpath(_os.path.join(at, name), folder).replace(_os.sep, "/"))
        return sorted(found)


class PackageLoader(FileSystemLoader):
    """Templates in a folder of a package."""

    def __init__(self, package_name, package_path="templates", encoding="utf-8"):
        import importlib

        package = importlib.import_module(package_name)
        super().__init__([_os.path.join(p, package_path) for p in package.__path__], encoding)
        self.package_name, self.package_path = package_name, package_path


class DictLoader(BaseLoader):
    """Templates in a dict."""

    def __init__(self, mapping):
        self.mapping = mapping

    def get_source(self, environment, template):
        if template not in self.mapping:
            raise TemplateNotFound(template)
        source = self.mapping[template]
        return source, None, lambda: source == self.mapping.get(template)

    def list_templates(self):
        return sorted(self.mapping)


class FunctionLoader(BaseLoader):
    """Templates that a function gives."""

    def __init__(self, load_func):
        self.load_func = load_func

    def get_source(self, environment, template):
        made = self.load_func(template)
        if made is None:
            raise TemplateNotFound(template)
        return (made, None, None) if isinstance(made, str) else made


class PrefixLoader(BaseLoader):
    """Loaders by the first part of a name."""

    def __init__(self, mapping, delimiter="/"):
        self.mapping, self.delimiter = mapping, delimiter

    def get_source(self, environment, template):
        prefix, found, name = template.partition(self.delimiter)
        if not found or prefix not in self.mapping:
            raise TemplateNotFound(template)
        try:
            return self.mapping[prefix].get_source(environment, name)
        except TemplateNotFound as e:
            raise TemplateNotFound(template) from e

    def list_templates(self):
        return [prefix + self.delimiter + t for prefix, loader in self.mapping.items() for t in loader.list_templates()]


class ChoiceLoader(BaseLoader):
    """The first of several loaders that has a template."""

    def __init__(self, loaders):
        self.loaders = loaders

    def get_source(self, environment, template):
        for loader in self.loaders:
            try:
                return loader.get_source(environment, template)
            except TemplateNotFound:
                pass
        raise TemplateNotFound(template)

    def list_templates(self):
        return sorted({t for loader in self.loaders for t in loader.list_templates()})
