"""What puts special tokens around those of a text."""

import json as _json

__all__ = ["BertProcessing", "ByteLevel", "PostProcessor", "RobertaProcessing", "Sequence", "TemplateProcessing"]


class PostProcessor:
    """The settings of a step behind the model, as tokenizer.json has them."""

    def __init__(self, **settings):
        self._settings = {"type": type(self).__name__, **settings}

    def __repr__(self):
        return f"{type(self).__name__}({_json.dumps(self._settings)})"


def _pieces(template):
    """The pieces of a template: $A, $B, $ and a kind's number, and special tokens, each perhaps with : and a kind's number."""
    made = []
    for piece in template.split() if isinstance(template, str) else template:
        name, colon, kind = piece.rpartition(":")
        if not colon:
            name, kind = piece, "0"
        if name.startswith("$"):
            part = name[1:].upper()
            if part.isdigit():
                part, kind = "A", part
            if part not in ("", "A", "B"):
                raise ValueError(f"Cannot build Piece from string {piece!r}")
            made.append({"Sequence": {"id": part or "A", "type_id": int(kind)}})
        else:
            made.append({"SpecialToken": {"id": name, "type_id": int(kind)}})
    return made


class TemplateProcessing(PostProcessor):
    """Templates of one text and of a pair, with the numbers of their special tokens."""

    def __init__(self, single=None, pair=None, special_tokens=()):
        known = {}
        for token in special_tokens:
            if isinstance(token, dict):
                known[token["id"]] = {"id": token["id"], "ids": list(token["ids"]), "tokens": list(token["tokens"])}
            else:
                name, number = token if isinstance(token[0], str) else token[::-1]
                known[name] = {"id": name, "ids": [number], "tokens": [name]}
        single, pair = _pieces(single or "$0"), _pieces(pair or "$A:0 $B:1")
        missing = sorted({p["SpecialToken"]["id"] for p in single + pair if "SpecialToken" in p} - set(known))
        if missing:
            raise ValueError("Missing SpecialToken(s) with id(s) `" + ", ".join(missing) + "`")
        super().__init__(single=single, pair=pair, special_tokens=known)


class BertProcessing(PostProcessor):
    """A token before a text and one behind each."""

    def __init__(self, sep, cls):
        super().__init__(sep=list(sep), cls=list(cls))


class RobertaProcessing(PostProcessor):
    """The same, with two tokens between the texts of a pair."""

    def __init__(self, sep, cls, trim_offsets=True, add_prefix_space=True):
        super().__init__(sep=list(sep), cls=list(cls), trim_offsets=trim_offsets, add_prefix_space=add_prefix_space)


class ByteLevel(PostProcessor):
    """What follows the bytes of BPE: it changes offsets alone."""

    def __init__(self, add_prefix_space=None, trim_offsets=None, use_regex=None):
        super().__init__(add_prefix_space=True if add_prefix_space is None else add_prefix_space, trim_offsets=True if trim_offsets is None else trim_offsets,
                         use_regex=True if use_regex is None else use_regex)


class Sequence(PostProcessor):
    """Several, one after the other."""

    def __init__(self, processors):
        super().__init__(processors=[p._settings for p in processors])
