"""Text as the numbers of tokens, by files that say how. Tokenizers are read and used; training them is refused."""

import _tokenizers

__all__ = ["AddedToken", "Encoding", "Tokenizer"]
__version__ = "0.22.1"


class AddedToken:
    """A token that is found in the text before all else."""

    def __init__(self, content="", single_word=False, lstrip=False, rstrip=False, normalized=None, special=False):
        self.content, self.single_word, self.lstrip, self.rstrip, self.special = content, single_word, lstrip, rstrip, special
        self.normalized = not special if normalized is None else normalized

    def __str__(self):
        return self.content

    def __repr__(self):
        return (f"AddedToken({self.content!r}, rstrip={self.rstrip}, lstrip={self.lstrip}, single_word={self.single_word}, "
                f"normalized={self.normalized}, special={self.special})")

    def __eq__(self, other):
        return self.__dict__ == other.__dict__ if isinstance(other, AddedToken) else NotImplemented

    def __hash__(self):
        return hash(self.content)


class Encoding:
    """What a text became."""

    def __init__(self, ids, tokens, type_ids, special, words, attention=None):
        self.ids, self.tokens, self.type_ids, self.special_tokens_mask = ids, tokens, type_ids, special
        self.attention_mask = [1] * len(ids) if attention is None else attention
        self.word_ids = self.words = [None if w < 0 else w for w in words]
        self.overflowing = []

    def __len__(self):
        return len(self.ids)

    def __repr__(self):
        return f"Encoding(num_tokens={len(self.ids)}, attributes=[ids, type_ids, tokens, special_tokens_mask, attention_mask])"

    def truncate(self, max_length, stride=0, direction="right"):
        part = slice(0, max_length) if direction == "right" else slice(max(len(self.ids) - max_length, 0), None)
        for name in ("ids", "tokens", "type_ids", "special_tokens_mask", "attention_mask", "word_ids"):
            setattr(self, name, getattr(self, name)[part])

    def pad(self, length, direction="right", pad_id=0, pad_type_id=0, pad_token="[PAD]"):
        n = length - len(self.ids)
        if n <= 0:
            return
        for name, value in (("ids", pad_id), ("tokens", pad_token), ("type_ids", pad_type_id), ("special_tokens_mask", 1), ("attention_mask", 0), ("word_ids", None)):
            have = getattr(self, name)
            setattr(self, name, have + [value] * n if direction == "right" else [value] * n + have)


class Tokenizer:
    """A tokenizer."""

    def __init__(self, model=None):
        if not isinstance(model, str):
            raise NotImplementedError("tokenizers: making and training tokenizers is not supported; from_file and from_str read one")
        self._engine = _tokenizers.load(model)
        import json

        fields = json.loads(model)
        self.truncation, self.padding = _settings(fields.get("truncation"), _truncation), _settings(fields.get("padding"), _padding)

    @staticmethod
    def from_str(json):
        """The tokenizer of a file's text."""
        return Tokenizer(json)

    @staticmethod
    def from_buffer(buffer):
        return Tokenizer(bytes(buffer).decode("utf-8"))

    @staticmethod
    def from_file(path):
        """The tokenizer of a file."""
        with open(path, encoding="utf-8") as f:
            return Tokenizer(f.read())

    @staticmethod
    def from_pretrained(identifier, revision="main", token=None):
        """The tokenizer of a folder, or of a model of the hub's cache."""
        from huggingface_hub import hf_hub_download

        return Tokenizer.from_file(hf_hub_download(identifier, "tokenizer.json", revision=revision))

    def encode(self, sequence, pair=None, is_pretokenized=False, add_special_tokens=True):
        """A text, or two, as tokens."""
        if isinstance(sequence, str) == bool(is_pretokenized):
            raise TypeError("PreTokenizedInputSequence must be Union[List[str], Tuple[str]]" if is_pretokenized else "TextInputSequence must be str")
        made = Encoding(*self._engine.encode(sequence, pair, add_special_tokens))
        t = self.truncation
        if t is not None and len(made) > t["max_length"]:
            made = self._cut(sequence, pair, add_special_tokens, t)
        p = self.padding
        if p is not None and p.get("length") is not None:
            made.pad(p["length"], p["direction"], p["pad_id"], p["pad_type_id"], p["pad_token"])
        return made

    def _cut(self, sequence, pair, special, t):
        """Truncate, so that special tokens stay."""
        plain = Encoding(*self._engine.encode(sequence, pair, False))
        full = Encoding(*self._engine.encode(sequence, pair, special))
        extra = len(full) - len(plain)
        if pair is not None or extra == 0:
            full.truncate(t["max_length"], t.get("stride", 0), t["direction"])
            return full
        lead = 0
        while lead < len(full) and full.special_tokens_mask[lead]:
            lead += 1
        keep = max(t["max_length"] - extra, 0)
        body = len(plain)
        chosen = range(lead, lead + keep) if t["direction"] == "right" else range(lead + body - keep, lead + body)
        order = list(range(lead)) + list(chosen) + list(range(lead + body, len(full)))
        for name in ("ids", "tokens", "type_ids", "special_tokens_mask", "attention_mask", "word_ids"):
            have = getattr(full, name)
            setattr(full, name, [have[i] for i in order])
        return full

    def encode_batch(self, input, is_pretokenized=False, add_special_tokens=True):
        """Texts as tokens."""
        made = [self.encode(*(x if isinstance(x, tuple) else (x,)), is_pretokenized=is_pretokenized, add_special_tokens=add_special_tokens) for x in input]
        p = self.padding
        if p is not None and p.get("length") is None and made:
            longest = max([len(e) for e in made])
            m = p.get("pad_to_multiple_of") or 1
            for e in made:
                e.pad((longest + m - 1) // m * m, p["direction"], p["pad_id"], p["pad_type_id"], p["pad_token"])
        return made

    encode_batch_fast = encode_batch

    def decode(self, ids, skip_special_tokens=True):
        """The text of tokens."""
        return self._engine.decode([int(i) for i in ids], skip_special_tokens)

    def decode_batch(self, sequences, skip_special_tokens=True):
        return [self.decode(s, skip_special_tokens) for s in sequences]

    def token_to_id(self, token):
        return self._engine.id(token)

    def id_to_token(self, id):
        return self._engine.token(int(id)) if id >= 0 else None

    def get_vocab(self, with_added_tokens=True):
        return self._engine.vocabulary(with_added_tokens)

    def get_vocab_size(self, with_added_tokens=True):
        return len(self._engine.vocabulary(with_added_tokens))

    def get_added_tokens_decoder(self):
        return {i: AddedToken(text, single, left, right, normalized, special) for i, text, single, left, right, normalized, special in self._engine.added()}

    def _rows(self, tokens, special):
        out = []
        for t in tokens:
            t = t if isinstance(t, AddedToken) else AddedToken(t, special=special)
            out.append((t.content, t.single_word, t.lstrip, t.rstrip, t.normalized, special or t.special))
        return out

    @property
    def post_processor(self):
        """What puts special tokens around those of a text, or None."""
        import json
        from tokenizers import processors

        settings = json.loads(self.to_str()).get("post_processor")
        if settings is None:
            return None
        made = processors.PostProcessor.__new__(getattr(processors, settings["type"], processors.PostProcessor))
        made._settings = settings
        return made

    @post_processor.setter
    def post_processor(self, value):
        import json

        fields = json.loads(self.to_str())
        fields["post_processor"] = None if value is None else value._settings
        self._engine = _tokenizers.load(json.dumps(fields))

    def add_tokens(self, tokens):
        """Add tokens, and give how many were new."""
        return self._engine.add(self._rows(tokens, False))

    def add_special_tokens(self, tokens):
        """Add special tokens, and give how many were new."""
        return self._engine.add(self._rows(tokens, True))

    def enable_truncation(self, max_length, stride=0, strategy="longest_first", direction="right"):
        self.truncation = {"max_length": max_length, "stride": stride, "strategy": strategy, "direction": direction}

    def no_truncation(self):
        self.truncation = None

    def enable_padding(self, direction="right", pad_id=0, pad_type_id=0, pad_token="[PAD]", length=None, pad_to_multiple_of=None):
        self.padding = {"direction": direction, "pad_id": pad_id, "pad_type_id": pad_type_id, "pad_token": pad_token, "length": length, "pad_to_multiple_of": pad_to_multiple_of}

    def no_padding(self):
        self.padding = None

    def num_special_tokens_to_add(self, is_pair):
        return len(self._engine.encode("", "" if is_pair else None, True)[0])

    def to_str(self, pretty=False):
        """The tokenizer as a file's text."""
        import json

        text = self._engine.json()
        return text if pretty else json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))

    def save(self, path, pretty=True):
        """Write the tokenizer to a file."""
        with open(path, "w", encoding="utf-8") as f:
            f.write(self.to_str(pretty))


def _settings(fields, read):
    return None if fields is None else read(fields)


def _truncation(fields):
    return {"max_length": fields["max_length"], "stride": fields.get("stride", 0), "strategy": fields.get("strategy"), "direction": fields.get("direction", "Right").lower()}


def _padding(fields):
    strategy = fields.get("strategy")
    return {"direction": fields.get("direction", "Right").lower(), "pad_id": fields.get("pad_id", 0), "pad_type_id": fields.get("pad_type_id", 0),
            "pad_token": fields.get("pad_token", "[PAD]"), "length": strategy["Fixed"] if isinstance(strategy, dict) else None,
            "pad_to_multiple_of": fields.get("pad_to_multiple_of")}
