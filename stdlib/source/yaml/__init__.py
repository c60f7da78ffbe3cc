"""YAML, by PyYAML's interface and its rules."""

import io as _io

from yaml.dumper import BaseDumper, CDumper, CSafeDumper, Dumper, SafeDumper
from yaml.error import Mark, MarkedYAMLError, YAMLError
from yaml.loader import BaseLoader, CFullLoader, CLoader, CSafeLoader, FullLoader, Loader, SafeLoader, UnsafeLoader
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import Resolver

__version__, __with_libyaml__ = "6.0.3", False


def load(stream, Loader):
    """The value of the only document of a text."""
    return Loader(stream).get_single_data()


def load_all(stream, Loader):
    """The values of the documents of a text."""
    loader = Loader(stream)
    while loader.check_data():
        yield loader.get_data()


def safe_load(stream):
    return load(stream, SafeLoader)


def safe_load_all(stream):
    return load_all(stream, SafeLoader)


def full_load(stream):
    return load(stream, FullLoader)


def full_load_all(stream):
    return load_all(stream, FullLoader)


def unsafe_load(stream):
    return load(stream, UnsafeLoader)


def unsafe_load_all(stream):
    return load_all(stream, UnsafeLoader)


def compose(stream, Loader=Loader):
    """The node of the only document of a text."""
    return Loader(stream).get_single_node()


def compose_all(stream, Loader=Loader):
    loader = Loader(stream)
    while loader.check_node():
        yield loader.get_node()


def _to(stream, encoding, write):
    if stream is not None:
        return write(stream)
    out = _io.BytesIO() if encoding else _io.StringIO()
    write(out)
    return out.getvalue()


def dump_all(documents, stream=None, Dumper=Dumper, encoding=None, **options):
    """Write values as documents: into a stream, or as a text that is returned."""

    def write(out):
        dumper = Dumper(out, encoding=encoding, **options)
        for data in documents:
            dumper.represent(data)
        dumper.close()

    return _to(stream, encoding, write)


def dump(data, stream=None, Dumper=Dumper, **options):
    """Write a value as a document: into a stream, or as a text that is returned."""
    return dump_all([data], stream, Dumper=Dumper, **options)


def safe_dump(data, stream=None, **options):
    return dump_all([data], stream, Dumper=SafeDumper, **options)


def safe_dump_all(documents, stream=None, **options):
    return dump_all(documents, stream, Dumper=SafeDumper, **options)


def serialize(node, stream=None, Dumper=Dumper, encoding=None, **options):
    """Write a node as a document."""

    def write(out):
        dumper = Dumper(out, encoding=encoding, **options)
        dumper.serialize(node)
        dumper.close()

    return _to(stream, encoding, write)


def add_implicit_resolver(tag, regexp, first=None, Loader=None, Dumper=Dumper):
    for cls in (FullLoader, UnsafeLoader, globals()["Loader"]) if Loader is None else (Loader,):
        cls.add_implicit_resolver(tag, regexp, first)
    Dumper.resolver = type("Resolver", (Dumper.resolver,), {})
    Dumper.resolver.add_implicit_resolver(tag, regexp, first)


def add_constructor(tag, constructor, Loader=None):
    for cls in (FullLoader, UnsafeLoader, globals()["Loader"]) if Loader is None else (Loader,):
        cls.add_constructor(tag, constructor)


def add_multi_constructor(tag_prefix, multi_constructor, Loader=None):
    for cls in (FullLoader, UnsafeLoader, globals()["Loader"]) if Loader is None else (Loader,):
        cls.add_multi_constructor(tag_prefix, multi_constructor)


def add_representer(data_type, representer, Dumper=Dumper):
    Dumper.add_representer(data_type, representer)


def add_multi_representer(data_type, multi_representer, Dumper=Dumper):
    Dumper.add_multi_representer(data_type, multi_representer)


class YAMLObject:
    """A class whose instances documents have by its yaml_tag."""

    yaml_tag, yaml_loader, yaml_dumper, yaml_flow_style = None, None, Dumper, None

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if cls.yaml_tag is not None:
            loaders = cls.yaml_loader if isinstance(cls.yaml_loader, (list, tuple)) else [cls.yaml_loader or Loader, FullLoader, UnsafeLoader]
            for loader in loaders:
                loader.add_constructor(cls.yaml_tag, cls.from_yaml)
            cls.yaml_dumper.add_representer(cls, cls.to_yaml)

    @classmethod
    def from_yaml(cls, loader, node):
        made = cls.__new__(cls)
        made.__dict__.update(loader.construct_mapping(node, deep=True))
        return made

    @classmethod
    def to_yaml(cls, dumper, data):
        return dumper.represent_mapping(cls.yaml_tag, data.__dict__, flow_style=cls.yaml_flow_style)
