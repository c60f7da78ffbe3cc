"""Tokenizers and settings of models that lie in folders. Models themselves are MLX's business: their classes say so when they are used."""

import copy as _copy
import json as _json
import os as _os

from tokenizers import AddedToken, Tokenizer as _Tokenizer

__version__ = "4.57.1"

_special_names = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


class BatchEncoding(dict):
    """What texts became: lists by their names."""

    def __init__(self, data=None, encoding=None, **options):
        super().__init__(data or {})
        self._encodings = encoding

    @property
    def data(self):
        return dict(self)

    def __getitem__(self, key):
        if isinstance(key, str):
            return super().__getitem__(key)
        return self._encodings[key]

    def __getattr__(self, name):
        if name.startswith("_") or name not in self:
            raise AttributeError(name)
        return self[name]

    def tokens(self, batch_index=0):
        return self._encodings[batch_index].tokens

    def word_ids(self, batch_index=0):
        return self._encodings[batch_index].word_ids

    def to(self, device):
        return self


def _load_json(folder, name):
    path = _os.path.join(folder, name)
    if not _os.path.isfile(path):
        return {}
    with open(path, encoding="utf-8") as f:
        return _json.load(f)


def _folder_of(name, **options):
    from huggingface_hub import snapshot_download

    return snapshot_download(str(name), revision=options.get("revision"), cache_dir=options.get("cache_dir"))


def _text(token):
    return token.get("content") if isinstance(token, dict) else None if token is None else str(token)


class PreTrainedTokenizerBase:
    """A tokenizer of a model."""

    model_input_names = ["input_ids", "attention_mask"]
    is_fast = True

    def __init__(self, tokenizer_object=None, tokenizer_file=None, **settings):
        if tokenizer_object is not None:
            self._tokenizer = _copy.deepcopy(tokenizer_object) if not isinstance(tokenizer_object, _Tokenizer) else tokenizer_object
        elif tokenizer_file is not None:
            self._tokenizer = _Tokenizer.from_file(str(tokenizer_file))
        else:
            raise ValueError("Couldn't instantiate the backend tokenizer from one of: (1) a `tokenizers` library serialization file, (2) a slow tokenizer instance "
                             "to convert or (3) an equivalent slow tokenizer class to instantiate and convert. Here a tokenizer.json is read.")
        self.init_kwargs = settings
        self.name_or_path = settings.get("name_or_path", "")
        self.chat_template = settings.get("chat_template")
        self.padding_side, self.truncation_side = settings.get("padding_side", "right"), settings.get("truncation_side", "right")
        limit = settings.get("model_max_length")
        self.model_max_length = int(1e30) if limit is None else limit
        self.clean_up_tokenization_spaces = settings.get("clean_up_tokenization_spaces", False)
        self.model_input_names = settings.get("model_input_names", self.model_input_names)
        self.add_bos_token, self.add_eos_token = settings.get("add_bos_token", False), settings.get("add_eos_token", False)
        self._special = {name: _text(settings.get(name)) for name in _special_names}
        self._more = [_text(t) for t in settings.get("additional_special_tokens") or settings.get("extra_special_tokens") or [] if _text(t)] if not isinstance(
            settings.get("extra_special_tokens"), dict) else []
        known = [t for t in list(self._special.values()) + self._more if t]
        missing = [t for t in known if self._tokenizer.token_to_id(t) is None]
        if missing:
            self._tokenizer.add_special_tokens(missing)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, *inputs, **options):
        """The tokenizer of a folder, or of a model of the hub's cache."""
        folder = _folder_of(pretrained_model_name_or_path, **options)
        path = _os.path.join(folder, "tokenizer.json")
        if not _os.path.isfile(path):
            raise OSError(f"Can't load tokenizer for {str(pretrained_model_name_or_path)!r}: there is no tokenizer.json in {folder}")
        settings = _load_json(folder, "tokenizer_config.json")
        for name, value in _load_json(folder, "special_tokens_map.json").items():
            settings.setdefault(name, value)
        template = _os.path.join(folder, "chat_template.jinja")
        if _os.path.isfile(template):
            with open(template, encoding="utf-8") as f:
                settings["chat_template"] = f.read()
        elif "chat_template" not in settings:
            settings["chat_template"] = _load_json(folder, "chat_template.json").get("chat_template")
        settings.update({k: v for k, v in options.items() if k not in ("revision", "cache_dir", "token", "trust_remote_code", "use_fast", "local_files_only", "force_download", "subfolder")})
        settings["name_or_path"] = str(pretrained_model_name_or_path)
        kind = PreTrainedTokenizerFast if cls in (PreTrainedTokenizerBase, PreTrainedTokenizer) or not issubclass(cls, PreTrainedTokenizerBase) else cls
        made = kind(tokenizer_object=_Tokenizer.from_file(path), **settings)
        rows = [AddedToken(t["content"], t.get("single_word", False), t.get("lstrip", False), t.get("rstrip", False), t.get("normalized", True), t.get("special", False))
                for _, t in sorted(settings.get("added_tokens_decoder", {}).items(), key=lambda item: int(item[0]))]
        new = [t for t in rows if made._tokenizer.token_to_id(t.content) is None]
        if new:
            made._tokenizer.add_tokens(new)
        return made

    @property
    def backend_tokenizer(self):
        return self._tokenizer

    @property
    def vocab_size(self):
        return self._tokenizer.get_vocab_size(False)

    def __len__(self):
        return self._tokenizer.get_vocab_size(True)

    def get_vocab(self):
        return self._tokenizer.get_vocab(True)

    vocab = property(get_vocab)

    @property
    def all_special_tokens(self):
        out = []
        for t in list(self._special.values()) + self._more:
            if t and t not in out:
                out.append(t)
        return out

    @property
    def all_special_ids(self):
        return [self.convert_tokens_to_ids(t) for t in self.all_special_tokens]

    @property
    def special_tokens_map(self):
        out = {k: v for k, v in self._special.items() if v}
        if self._more:
            out["additional_special_tokens"] = list(self._more)
        return out

    @property
    def additional_special_tokens(self):
        return list(self._more)

    @property
    def added_tokens_decoder(self):
        return self._tokenizer.get_added_tokens_decoder()

    @property
    def added_tokens_encoder(self):
        return {t.content: i for i, t in self.added_tokens_decoder.items()}

    get_added_vocab = lambda self: self.added_tokens_encoder

    def add_special_tokens(self, special_tokens_dict, replace_additional_special_tokens=True):
        """Set special tokens by their names, and give how many were new."""
        new = []
        for name, value in special_tokens_dict.items():
            if name in _special_names:
                self._special[name] = str(value)
                new.append(value)
            elif name in ("additional_special_tokens", "extra_special_tokens"):
                self._more = [str(t) for t in value]
                new.extend(value)
            else:
                raise ValueError(f"Key {name} is not a special token")
        return self._tokenizer.add_special_tokens(new)

    def add_tokens(self, new_tokens, special_tokens=False):
        new = [new_tokens] if isinstance(new_tokens, (str, AddedToken)) else list(new_tokens)
        return self._tokenizer.add_special_tokens(new) if special_tokens else self._tokenizer.add_tokens(new)

    def convert_tokens_to_ids(self, tokens):
        if tokens is None:
            return None
        if isinstance(tokens, str):
            found = self._tokenizer.token_to_id(tokens)
            return self.unk_token_id if found is None else found
        return [self.convert_tokens_to_ids(t) for t in tokens]

    def convert_ids_to_tokens(self, ids, skip_special_tokens=False):
        if not hasattr(ids, "__iter__"):
            return self._tokenizer.id_to_token(int(ids))
        special = set(self.all_special_ids) if skip_special_tokens else ()
        return [self._tokenizer.id_to_token(int(i)) for i in ids if int(i) not in special]

    def convert_tokens_to_string(self, tokens):
        return self._tokenizer._engine.join(list(tokens))

    def tokenize(self, text, pair=None, add_special_tokens=False, **options):
        return self._tokenizer.encode(text, pair, add_special_tokens=add_special_tokens).tokens

    def num_special_tokens_to_add(self, pair=False):
        return self._tokenizer.num_special_tokens_to_add(pair)

    def encode(self, text, text_pair=None, add_special_tokens=True, padding=False, truncation=None, max_length=None, return_tensors=None, **options):
        """A text as the numbers of its tokens."""
        made = self(text, text_pair, add_special_tokens=add_special_tokens, padding=padding, truncation=truncation, max_length=max_length, return_tensors=return_tensors)
        return made["input_ids"]

    def encode_plus(self, text, text_pair=None, **options):
        return self(text, text_pair, **options)

    def batch_encode_plus(self, batch_text_or_text_pairs, **options):
        return self(batch_text_or_text_pairs, **options)

    def __call__(self, text=None, text_pair=None, add_special_tokens=True, padding=False, truncation=None, max_length=None, stride=0, is_split_into_words=False,
                 pad_to_multiple_of=None, padding_side=None, return_tensors=None, return_token_type_ids=None, return_attention_mask=None,
                 return_overflowing_tokens=False, return_special_tokens_mask=False, return_offsets_mapping=False, return_length=False, verbose=True, **options):
        """Texts as the numbers of their tokens."""
        if return_offsets_mapping or return_overflowing_tokens:
            raise NotImplementedError("transformers: offsets and overflowing tokens are not supported")
        batched = isinstance(text, (list, tuple)) and not is_split_into_words or is_split_into_words and text and isinstance(text[0], (list, tuple))
        texts = list(text) if batched else [text]
        pairs = (list(text_pair) if batched else [text_pair]) if text_pair is not None else [None] * len(texts)
        texts, pairs = [x[0] if isinstance(x, tuple) else x for x in texts], [x[1] if isinstance(x, tuple) else p for x, p in zip(texts, pairs)]
        limit = None
        if truncation not in (None, False, "do_not_truncate"):
            limit = max_length if max_length is not None else self.model_max_length if self.model_max_length < 1e20 else None
        elif max_length is not None and truncation is None and padding is False:
            limit = max_length
        old = self._tokenizer.truncation, self._tokenizer.padding
        self._tokenizer.no_padding()
        if limit is None:
            self._tokenizer.no_truncation()
        else:
            self._tokenizer.enable_truncation(limit, stride, direction=self.truncation_side)
        try:
            made = [self._tokenizer.encode(x, p, is_split_into_words, add_special_tokens) for x, p in zip(texts, pairs)]
        finally:
            self._tokenizer.truncation, self._tokenizer.padding = old
        if padding not in (False, None, "do_not_pad"):
            length = max_length if padding == "max_length" else max([len(e) for e in made] or [0])
            if length is None:
                length = self.model_max_length if self.model_max_length < 1e20 else 0
            if pad_to_multiple_of:
                length = (length + pad_to_multiple_of - 1) // pad_to_multiple_of * pad_to_multiple_of
            if self.pad_token_id is None:
                raise ValueError("Asking to pad but the tokenizer does not have a padding token. Please select a token to use as `pad_token` `(tokenizer.pad_token = "
                                 "tokenizer.eos_token e.g.)` or add a new pad token via `tokenizer.add_special_tokens({'pad_token': '[PAD]'})`.")
            for e in made:
                e.pad(length, padding_side or self.padding_side, self.pad_token_id, 0, self.pad_token)
        out = {"input_ids": [e.ids for e in made]}
        if return_token_type_ids or return_token_type_ids is None and "token_type_ids" in self.model_input_names:
            out["token_type_ids"] = [e.type_ids for e in made]
        if return_attention_mask or return_attention_mask is None and "attention_mask" in self.model_input_names:
            out["attention_mask"] = [e.attention_mask for e in made]
        if return_special_tokens_mask:
            out["special_tokens_mask"] = [e.special_tokens_mask for e in made]
        if return_length:
            out["length"] = [len(e) for e in made]
        if return_tensors is None and not batched:
            out = {k: v[0] for k, v in out.items()}
        return BatchEncoding({k: _tensor(v, return_tensors) for k, v in out.items()}, made)

    def pad(self, encoded_inputs, padding=True, max_length=None, return_tensors=None, **options):
        rows = encoded_inputs["input_ids"] if not isinstance(encoded_inputs, list) else [e["input_ids"] for e in encoded_inputs]
        length = max_length if padding == "max_length" else max([len(r) for r in rows])
        fill = lambda r, v: r + [v] * (length - len(r)) if self.padding_side == "right" else [v] * (length - len(r)) + r
        out = {"input_ids": [fill(list(r), self.pad_token_id) for r in rows], "attention_mask": [fill([1] * len(r), 0) for r in rows]}
        return BatchEncoding({k: _tensor(v, return_tensors) for k, v in out.items()})

    def decode(self, token_ids, skip_special_tokens=False, clean_up_tokenization_spaces=None, **options):
        """The text of tokens."""
        if not hasattr(token_ids, "__iter__") or getattr(token_ids, "ndim", 1) == 0:
            token_ids = [int(token_ids)]
        ids = token_ids.tolist() if hasattr(token_ids, "tolist") else list(token_ids)
        text = self._tokenizer.decode(ids, skip_special_tokens)
        clean = self.clean_up_tokenization_spaces if clean_up_tokenization_spaces is None else clean_up_tokenization_spaces
        return self.clean_up_tokenization(text) if clean else text

    def batch_decode(self, sequences, skip_special_tokens=False, clean_up_tokenization_spaces=None, **options):
        return [self.decode(s, skip_special_tokens, clean_up_tokenization_spaces) for s in sequences]

    @staticmethod
    def clean_up_tokenization(out_string):
        for old, new in ((" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")):
            out_string = out_string.replace(old, new)
        return out_string

    def get_chat_template(self, chat_template=None, tools=None):
        """The template of conversations."""
        found = self.chat_template if chat_template is None else chat_template
        if isinstance(found, list):
            found = {t["name"]: t["template"] for t in found}
        if isinstance(found, dict):
            found = found["tool_use"] if tools is not None and "tool_use" in found else found.get("default")
        if found is None:
            raise ValueError("Cannot use chat template functions because tokenizer.chat_template is not set and no template argument was passed!")
        return found

    def apply_chat_template(self, conversation, tools=None, documents=None, chat_template=None, add_generation_prompt=False, continue_final_message=False, tokenize=True,
                            padding=False, truncation=False, max_length=None, return_tensors=None, return_dict=False, tokenizer_kwargs=None, **fields):
        """A conversation as text by the model's template, or as tokens."""
        from transformers.utils.chat_template_utils import render_jinja_template

        template = self.get_chat_template(chat_template, tools)
        many = bool(conversation) and isinstance(conversation[0], (list, tuple))
        conversations = conversation if many else [conversation]
        texts, _ = render_jinja_template(conversations, tools=tools, documents=documents, chat_template=template, add_generation_prompt=add_generation_prompt,
                                         continue_final_message=continue_final_message, **{**self.special_tokens_map, **fields})
        if not tokenize:
            return texts if many else texts[0]
        made = self(texts if many else texts[0], add_special_tokens=False, padding=padding, truncation=truncation or None, max_length=max_length,
                    return_tensors=return_tensors, **(tokenizer_kwargs or {}))
        return made if return_dict else made["input_ids"]

    def save_pretrained(self, save_directory, *args, **options):
        """Write the tokenizer's files into a folder."""
        folder = str(save_directory)
        _os.makedirs(folder, exist_ok=True)
        self._tokenizer.save(_os.path.join(folder, "tokenizer.json"))
        settings = {k: v for k, v in self.init_kwargs.items() if k not in ("name_or_path", "chat_template")}
        settings.update({k: v for k, v in self._special.items() if v})
        settings.setdefault("tokenizer_class", "PreTrainedTokenizerFast")
        with open(_os.path.join(folder, "tokenizer_config.json"), "w", encoding="utf-8") as f:
            _json.dump(settings, f, indent=2, ensure_ascii=False)
        with open(_os.path.join(folder, "special_tokens_map.json"), "w", encoding="utf-8") as f:
            _json.dump(self.special_tokens_map, f, indent=2, ensure_ascii=False)
        names = ["tokenizer_config.json", "special_tokens_map.json", "tokenizer.json"]
        if isinstance(self.chat_template, str):
            with open(_os.path.join(folder, "chat_template.jinja"), "w", encoding="utf-8") as f:
                f.write(self.chat_template)
            names.append("chat_template.jinja")
        return tuple([_os.path.join(folder, n) for n in names])

    def __repr__(self):
        return f"{type(self).__name__}(name_or_path={self.name_or_path!r}, vocab_size={self.vocab_size}, special_tokens={self.special_tokens_map!r})"


def _special_property(name):
    def get(self):
        return self._special[name]

    def put(self, value):
        self._special[name] = None if value is None else str(value)
        if value is not None and self._tokenizer.token_to_id(str(value)) is None:
            self._tokenizer.add_special_tokens([str(value)])

    def get_id(self):
        token = self._special[name]
        return None if token is None else self._tokenizer.token_to_id(token)

    def put_id(self, value):
        self._special[name] = None if value is None else self._tokenizer.id_to_token(value)

    return property(get, put), property(get_id, put_id)


for _name in _special_names:
    _pair = _special_property(_name)
    setattr(PreTrainedTokenizerBase, _name, _pair[0])
    setattr(PreTrainedTokenizerBase, _name + "_id", _pair[1])
del _name, _pair


def _tensor(rows, kind):
    if kind is None:
        return rows
    import numpy as np

    if kind == "np":
        return np.array(rows)
    if kind == "mlx":
        import mlx.core as mx

        return mx.array(rows)
    raise NotImplementedError(f"transformers: tensors of kind {kind!r} are not supported; 'np' and 'mlx' are")


class PreTrainedTokenizerFast(PreTrainedTokenizerBase):
    """A tokenizer of a tokenizer.json."""


class PreTrainedTokenizer(PreTrainedTokenizerBase):
    """A tokenizer in Python, of which there are none: from_pretrained reads a tokenizer.json."""


class AutoTokenizer:
    """The tokenizer that a model's files describe."""

    _registered = {}

    def __init__(self, *args, **options):
        raise OSError("AutoTokenizer is designed to be instantiated using the `AutoTokenizer.from_pretrained(pretrained_model_name_or_path)` method.")

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, *inputs, **options):
        return PreTrainedTokenizerFast.from_pretrained(pretrained_model_name_or_path, *inputs, **options)

    @staticmethod
    def register(config_class, slow_tokenizer_class=None, fast_tokenizer_class=None, exist_ok=False):
        AutoTokenizer._registered[config_class] = (slow_tokenizer_class, fast_tokenizer_class)


class PretrainedConfig:
    """The settings of a model."""

    model_type = ""

    def __init__(self, **settings):
        for name, value in settings.items():
            setattr(self, name, value)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, **options):
        return cls.from_dict(_load_json(_folder_of(pretrained_model_name_or_path, **options), "config.json"))

    @classmethod
    def from_dict(cls, config_dict, **options):
        return cls(**config_dict)

    @classmethod
    def from_json_file(cls, path):
        with open(path) as f:
            return cls(**_json.load(f))

    def to_dict(self):
        return dict(self.__dict__)

    def to_json_string(self, use_diff=True):
        return _json.dumps(self.to_dict(), indent=2, sort_keys=True) + "\n"

    def save_pretrained(self, save_directory, **options):
        _os.makedirs(str(save_directory), exist_ok=True)
        with open(_os.path.join(str(save_directory), "config.json"), "w") as f:
            f.write(self.to_json_string())

    def __repr__(self):
        return f"{type(self).__name__} {self.to_json_string()}"


class AutoConfig:
    """The settings that a model's files hold."""

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, **options):
        return PretrainedConfig.from_pretrained(pretrained_model_name_or_path, **options)

    @staticmethod
    def register(model_type, config, exist_ok=False):
        pass


_ELSEWHERE = {"BatchFeature": "feature_extraction_utils", "FeatureExtractionMixin": "feature_extraction_utils", "ProcessorMixin": "processing_utils",
              "BaseImageProcessor": "image_processing_utils", "ImageProcessingMixin": "image_processing_utils"}


def __getattr__(name):
    """What is in a module of its own, and classes that models and their like would be of, which refuse to be made."""
    made = _made(name)
    globals()[name] = made  # so that what a program changes of it stays
    return made


def _made(name):
    if name in _ELSEWHERE:
        from importlib import import_module

        return getattr(import_module("transformers." + _ELSEWHERE[name]), name)
    if name == "PreTrainedConfig":
        return PretrainedConfig
    if name.startswith("_") or not name[0].isupper():
        raise AttributeError(f"module 'transformers' has no attribute '{name}'")
    if name.endswith("TokenizerFast") or name.endswith("Tokenizer"):
        return type(name, (PreTrainedTokenizerFast,), {})
    if name.endswith("Config"):
        return type(name, (PretrainedConfig,), {})

    def refuse(*args, **options):
        raise NotImplementedError(f"transformers: {name} is not supported: models are MLX's business here; tokenizers and configurations are read")

    register = lambda *args, **options: None
    return type(name, (), {"__init__": refuse, "from_pretrained": staticmethod(refuse), "from_config": staticmethod(refuse), "register": staticmethod(register)})
