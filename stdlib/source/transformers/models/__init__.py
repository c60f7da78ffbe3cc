"""Modules of single models. Their classes can be named, so that programs that use some of them import; making one is refused."""

import re as _re
import sys as _sys
from types import ModuleType as _ModuleType

__path__ = []

_PARTS = ("configuration", "convert", "feature_extraction", "image_processing", "image_processing_pil", "modeling", "modular", "processing",
          "tokenization", "video_processing")
_NAME = _re.compile(r"transformers\.models\.([a-z][a-z0-9_]*)(?:\.(?:" + "|".join(_PARTS) + r")_\1(?:_fast)?)?")


class _Finder:
    """Finds the modules that are called as those of models are: transformers.models.NAME, and PART_NAME in it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if not _NAME.fullmatch(name):
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, _Finder, is_package=name.count(".") == 2)

    @staticmethod
    def create_module(spec):
        module = _ModuleType(spec.name, "A module of a model, whose classes are refused when they are made.")

        def get(name):
            import transformers

            if name.startswith("_") or not name[:1].isupper():
                raise AttributeError(f"module '{spec.name}' has no attribute '{name}'")
            made = getattr(transformers, name)
            setattr(module, name, made)
            return made

        module.__getattr__ = get
        return module

    @staticmethod
    def exec_module(module):
        pass


_sys.meta_path.append(_Finder)
