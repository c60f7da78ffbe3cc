"""The encodings."""

import re as _re

import _tokenizers

__all__ = ["Encoding", "raise_disallowed_special_token"]


class Encoding:
    """A vocabulary, the pattern that cuts text, and special tokens."""

    def __init__(self, name, *, pat_str, mergeable_ranks, special_tokens, explicit_n_vocab=None):
        self.name, self._pat_str, self._mergeable_ranks, self._special_tokens = name, pat_str, mergeable_ranks, special_tokens
        self.max_token_value = max(max(mergeable_ranks.values()), max(special_tokens.values(), default=0))
        if explicit_n_vocab:
            if len(mergeable_ranks) + len(special_tokens) != explicit_n_vocab or self.max_token_value != explicit_n_vocab - 1:
                raise AssertionError(f"Encoding: got {len(mergeable_ranks)} ranks and {len(special_tokens)} special tokens up to {self.max_token_value}, want {explicit_n_vocab}")
        self._bytes = _tokenizers.tiktoken(mergeable_ranks, pat_str)
        self._special_bytes = {number: text.encode() for text, number in special_tokens.items()}

    def __repr__(self):
        return f"<Encoding {self.name!r}>"

    # Text as numbers.

    def encode_ordinary(self, text):
        """The numbers of a text in which nothing is special."""
        return self._bytes.encode(_whole(text))

    def encode(self, text, *, allowed_special=set(), disallowed_special="all"):
        """The numbers of a text; special tokens in it are taken as such where they are allowed."""
        if allowed_special == "all":
            allowed_special = self.special_tokens_set
        if disallowed_special == "all":
            disallowed_special = self.special_tokens_set - set(allowed_special)
        if disallowed_special:
            found = _re.search("|".join(map(_re.escape, disallowed_special)), text)
            if found:
                raise_disallowed_special_token(found.group())
        text = _whole(text)
        allowed = [t for t in self._special_tokens if t in allowed_special]
        if not allowed:
            return self._bytes.encode(text)
        out, at = [], 0
        for found in _re.finditer("|".join(map(_re.escape, allowed)), text):
            out += self._bytes.encode(text[at:found.start()])
            out.append(self._special_tokens[found.group()])
            at = found.end()
        return out + self._bytes.encode(text[at:])

    def encode_to_numpy(self, text, *, allowed_special=set(), disallowed_special="all"):
        import numpy

        return numpy.array(self.encode(text, allowed_special=allowed_special, disallowed_special=disallowed_special), dtype=numpy.uint32)

    def encode_ordinary_batch(self, text, *, num_threads=8):
        return [self.encode_ordinary(t) for t in text]

    def encode_batch(self, text, *, num_threads=8, allowed_special=set(), disallowed_special="all"):
        return [self.encode(t, allowed_special=allowed_special, disallowed_special=disallowed_special) for t in text]

    def encode_with_unstable(self, text, **options):
        raise NotImplementedError("tiktoken: encode_with_unstable is not supported")

    def encode_single_token(self, text_or_bytes):
        """The number of one token."""
        data = text_or_bytes.encode() if isinstance(text_or_bytes, str) else text_or_bytes
        number = self._bytes.rank(data)
        if number is None:
            number = self._special_tokens.get(data.decode("utf-8", "replace"))
        if number is None:
            raise KeyError(data)
        return number

    # Numbers as text.

    def decode_single_token_bytes(self, token):
        data = self._bytes.text(token)
        if data is None:
            data = self._special_bytes.get(token)
        if data is None:
            raise KeyError(f"Invalid token for decoding: {token}")
        return data

    def decode_bytes(self, tokens):
        return b"".join([self.decode_single_token_bytes(t) for t in tokens])

    def decode(self, tokens, errors="replace"):
        return self.decode_bytes(tokens).decode("utf-8", errors=errors)

    def decode_tokens_bytes(self, tokens):
        return [self.decode_single_token_bytes(t) for t in tokens]

    def decode_with_offsets(self, tokens):
        """The text, and where in it each token begins."""
        parts, offsets, at = self.decode_tokens_bytes(tokens), [], 0
        for part in parts:
            offsets.append(max(0, at - (0x80 <= part[0] < 0xC0)))
            at += sum(1 for c in part if not 0x80 <= c < 0xC0)
        return b"".join(parts).decode("utf-8", errors="strict"), offsets

    def decode_batch(self, batch, *, errors="replace", num_threads=8):
        return [self.decode(tokens, errors=errors) for tokens in batch]

    def decode_bytes_batch(self, batch, *, num_threads=8):
        return [self.decode_bytes(tokens) for tokens in batch]

    # The vocabulary.

    def token_byte_values(self):
        return sorted(self._mergeable_ranks)

    @property
    def eot_token(self):
        return self._special_tokens["<|endoftext|>"]

    @property
    def special_tokens_set(self):
        return set(self._special_tokens)

    def is_special_token(self, token):
        return token in self._special_bytes

    @property
    def n_vocab(self):
        return self.max_token_value + 1


def _whole(text):
    """A text without halves of surrogate pairs, which have no bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def raise_disallowed_special_token(token):
    raise ValueError(
        f"Encountered text corresponding to disallowed special token {token!r}.\n"
        f"If you want this text to be encoded as a special token, pass it to `allowed_special`, e.g. `allowed_special={{{token!r}, ...}}`.\n"
        f"If you want this text to be encoded as normal text, disable the check for this token by passing `disallowed_special=(enc.special_tokens_set - {{{token!r}}})`.\n"
        "To disable this check for all special tokens, pass `disallowed_special=()`.\n"
    )
