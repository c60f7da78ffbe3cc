"""Processors, which put a tokenizer and what makes arrays of images and sounds together."""

import json as _json
import os as _os
from typing import TypedDict, Unpack

__all__ = ["AudioKwargs", "AllKwargsForChatTemplate", "CommonKwargs", "ImagesKwargs", "MultiModalData", "ProcessingKwargs", "ProcessorMixin", "TextKwargs", "Unpack", "VideosKwargs"]


class TextKwargs(TypedDict, total=False):
    padding: object
    truncation: object
    max_length: int
    return_tensors: str


class ImagesKwargs(TypedDict, total=False):
    do_resize: bool
    size: dict
    return_tensors: str


class VideosKwargs(TypedDict, total=False):
    do_resize: bool
    fps: float
    return_tensors: str


class AudioKwargs(TypedDict, total=False):
    sampling_rate: int
    padding: object
    return_tensors: str


class CommonKwargs(TypedDict, total=False):
    return_tensors: str


class ProcessingKwargs(TypedDict, total=False):
    text_kwargs: TextKwargs
    images_kwargs: ImagesKwargs
    videos_kwargs: VideosKwargs
    audio_kwargs: AudioKwargs
    common_kwargs: CommonKwargs


class AllKwargsForChatTemplate(TypedDict, total=False):
    processor_kwargs: ProcessingKwargs


class MultiModalData:
    """How many tokens images, sounds and videos take."""

    def __init__(self, **counts):
        for name in ("num_image_tokens", "num_video_tokens", "num_audio_tokens", "num_image_patches"):
            setattr(self, name, counts.get(name))

    def __contains__(self, key):
        return getattr(self, key, None) is not None

    def __getitem__(self, key):
        return getattr(self, key)


_KINDS = "text_kwargs", "images_kwargs", "videos_kwargs", "audio_kwargs"


class ProcessorMixin:
    """A tokenizer and its like, by the names in attributes."""

    attributes = ["feature_extractor", "tokenizer"]
    optional_attributes = ["chat_template"]
    valid_kwargs = []
    feature_extractor_class = tokenizer_class = None
    chat_template = None

    def __init__(self, *args, **kwargs):
        if len(args) > len(self.attributes):
            raise ValueError(f"This processor requires {len(self.attributes)} arguments: {', '.join(self.attributes)}. Got {len(args)} arguments instead.")
        for name in self.optional_attributes:
            if name in kwargs:
                setattr(self, name, kwargs.pop(name))
        given = {**dict(zip(self.attributes, args)), **kwargs}
        for name, value in given.items():
            if name not in self.attributes:
                raise TypeError(f"Unexpected keyword argument {name}.")
            setattr(self, name, value)

    def __call__(self, *args, **kwargs):
        raise NotImplementedError(f"transformers: {type(self).__name__} does not say how it processes")

    def _merge_kwargs(self, ModelProcessorKwargs, tokenizer_init_kwargs=None, **kwargs):
        """Options by what they are for: the processor's own, and over them those that were given."""
        defaults = getattr(ModelProcessorKwargs, "_defaults", {})
        out = {kind: dict(defaults.get(kind, {})) for kind in _KINDS}
        common = {**defaults.get("common_kwargs", {}), **kwargs.pop("common_kwargs", {})}
        for kind in _KINDS:
            out[kind].update(kwargs.pop(kind, {}) or {})
        hints = getattr(ModelProcessorKwargs, "__annotations__", {})
        for name, value in kwargs.items():
            takers = [kind for kind in _KINDS if name in getattr(hints.get(kind), "__annotations__", {}) or name in out[kind]] or list(_KINDS)
            for kind in takers:
                out[kind][name] = value
        for kind in _KINDS:
            out[kind] = {**common, **out[kind]}
        return out

    @classmethod
    def _get_arguments_from_pretrained(cls, pretrained_model_name_or_path, **kwargs):
        import transformers

        made = []
        for name in cls.attributes:
            if "tokenizer" not in name:
                raise NotImplementedError(f"transformers: {cls.__name__}: what makes its {name} is not supported; give it to the constructor")
            made.append(transformers.AutoTokenizer.from_pretrained(pretrained_model_name_or_path, **kwargs))
        return made

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, **kwargs):
        from transformers import _folder_of, _load_json

        folder = _folder_of(pretrained_model_name_or_path, **kwargs)
        settings = _load_json(folder, "processor_config.json")
        template = _os.path.join(folder, "chat_template.jinja")
        if _os.path.isfile(template):
            with open(template, encoding="utf-8") as f:
                settings["chat_template"] = f.read()
        elif "chat_template" in _load_json(folder, "chat_template.json"):
            settings["chat_template"] = _load_json(folder, "chat_template.json")["chat_template"]
        return cls.from_args_and_dict(cls._get_arguments_from_pretrained(pretrained_model_name_or_path, **kwargs), settings)

    @classmethod
    def from_args_and_dict(cls, args, processor_dict, **kwargs):
        return cls(*args, **{k: v for k, v in processor_dict.items() if k in cls.optional_attributes or k in cls.valid_kwargs})

    def save_pretrained(self, save_directory, **kwargs):
        _os.makedirs(save_directory, exist_ok=True)
        for name in self.attributes:
            part = getattr(self, name, None)
            if hasattr(part, "save_pretrained"):
                part.save_pretrained(save_directory)
        with open(_os.path.join(save_directory, "processor_config.json"), "w", encoding="utf-8") as f:
            _json.dump({"processor_class": type(self).__name__}, f, indent=2)
        return [_os.path.join(save_directory, "processor_config.json")]

    @property
    def model_input_names(self):
        return list(getattr(getattr(self, self.attributes[0], None), "model_input_names", []))

    def apply_chat_template(self, conversation, chat_template=None, **kwargs):
        template = self.chat_template if chat_template is None else chat_template
        kwargs.setdefault("tokenize", False)
        return self.tokenizer.apply_chat_template(conversation, chat_template=template, **kwargs)

    def batch_decode(self, *args, **kwargs):
        return self.tokenizer.batch_decode(*args, **kwargs)

    def decode(self, *args, **kwargs):
        return self.tokenizer.decode(*args, **kwargs)

    @classmethod
    def register_for_auto_class(cls, auto_class="AutoProcessor"):
        pass
