"""Byte-level byte pair encoding, read from a tokenizer.json.

Text is cut into words, a word's bytes are written as printable characters, and pairs
of neighbours are merged in the order of their ranks until no known pair is left.
"""

import json
from pathlib import Path

# How the pre-tokenizers' regular expressions are told apart. They use classes and a
# lookahead that Python's re does not have, so that words are cut by hand.
CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")


def byte_characters():
    """The printable character that stands for each byte: itself where it is one."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table, others = {}, 0
    for byte in range(256):
        if byte in printable:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(256 + others)
            others += 1
    return table


def is_space(c):
    return c.isspace() and c not in "\x1c\x1d\x1e\x1f"


def is_letter(c):
    return c.isalpha()


def is_number(c):
    return c.isnumeric() and not c.isalpha()


def is_other(c):
    return not is_space(c) and not is_letter(c) and not is_number(c)


def run_end(text, start, test, limit=None):
    """Where the characters from start on that pass a test end."""
    end = start
    while end < len(text) and test(text[end]) and (limit is None or end - start < limit):
        end += 1
    return end


def blank_end(text, start):
    """The end of a run of blanks; the last one is left to the word behind it."""
    end = run_end(text, start, is_space)
    if end < len(text) and end - start > 1:
        return end - 1
    return end


class GPT2Words:
    """The words of GPT-2's expression: a blank goes with the letters, digits or signs behind it."""

    def end(self, text, start):
        for ending in CONTRACTIONS:
            if text.startswith(ending, start):
                return start + len(ending)
        first = start + 1 if text[start] == " " else start
        for test in (is_letter, is_number, is_other):
            end = run_end(text, first, test)
            if end > first:
                return end
        return blank_end(text, start)


class Llama3Words:
    """The words of Llama 3's expression: digits come in small groups, line ends by themselves."""

    def __init__(self, digits):
        self.digits = digits

    def end(self, text, start):
        for ending in CONTRACTIONS:
            if text[start : start + len(ending)].lower() == ending:
                return start + len(ending)
        c = text[start]
        first = start if is_letter(c) or is_number(c) or c in "\r\n" else start + 1
        end = run_end(text, first, is_letter)
        if end > first:
            return end
        end = run_end(text, start, is_number, self.digits)
        if end > start:
            return end
        first = start + 1 if c == " " else start
        end = run_end(text, first, is_other)
        if end > first:
            return run_end(text, end, lambda c: c in "\r\n")
        end = run_end(text, start, is_space)
        last = max(text.rfind("\n", start, end), text.rfind("\r", start, end))
        if last >= start:
            return last + 1
        return blank_end(text, start)


def word_rule(pre_tokenizer):
    """The rule that a tokenizer.json's pre_tokenizer names."""
    steps = pre_tokenizer["pretokenizers"] if pre_tokenizer["type"] == "Sequence" else [pre_tokenizer]
    rule = None
    for step in steps:
        if step["type"] == "ByteLevel":
            if step.get("add_prefix_space"):
                raise ValueError("tokenizer: add_prefix_space is not supported")
            if step.get("use_regex", True):
                rule = GPT2Words()
        elif step["type"] == "Split" and "Regex" in step["pattern"]:
            expression = step["pattern"]["Regex"]
            if r"(?i:" not in expression or r"\p{N}" not in expression:
                raise ValueError(f"tokenizer: the expression {expression!r} is not known")
            rule = Llama3Words(digits=3 if r"\p{N}{1,3}" in expression else 1)
        else:
            raise ValueError(f"tokenizer: the pre-tokenizer {step['type']} is not supported")
    if rule is None:
        raise ValueError("tokenizer: no pre-tokenizer that cuts words")
    return rule


class Tokenizer:
    def __init__(self, description):
        """Takes the content of a tokenizer.json."""
        model = description["model"]
        if model.get("type", "BPE") != "BPE" or model.get("byte_fallback"):
            raise ValueError("tokenizer: only byte-level BPE is supported")
        if description.get("normalizer") is not None:
            raise ValueError(f"tokenizer: the normalizer {description['normalizer']['type']} is not supported")
        self.vocabulary = model["vocab"]
        pairs = [m.split(" ") if isinstance(m, str) else m for m in model["merges"]]
        self.ranks = {(a, b): rank for rank, (a, b) in enumerate(pairs)}
        self.whole_words = model.get("ignore_merges", False)
        self.rule = word_rule(description["pre_tokenizer"])
        self.added = {t["content"]: t["id"] for t in description.get("added_tokens", [])}
        self.special = {t["id"] for t in description.get("added_tokens", []) if t.get("special")}
        self.prefix = self.prefix_of(description.get("post_processor"))
        self.characters = byte_characters()
        self.bytes = {c: byte for byte, c in self.characters.items()}
        self.texts = {number: text for text, number in self.vocabulary.items()}
        self.texts.update({number: text for text, number in self.added.items()})
        self.known = {}

    @classmethod
    def from_directory(cls, directory):
        return cls(json.loads((Path(directory) / "tokenizer.json").read_text(encoding="utf-8")))

    def prefix_of(self, processor):
        """The tokens that a template puts before a text."""
        if processor is None:
            return []
        if processor["type"] == "Sequence":
            return [token for step in processor["processors"] for token in self.prefix_of(step)]
        if processor["type"] != "TemplateProcessing":
            return []
        prefix = []
        for part in processor["single"]:
            if "Sequence" in part:
                break
            prefix.extend(processor["special_tokens"][part["SpecialToken"]["id"]]["ids"])
        return prefix

    def __len__(self):
        return max(self.texts) + 1

    def words(self, text):
        start = 0
        while start < len(text):
            end = self.rule.end(text, start)
            yield text[start:end]
            start = end

    def encode_word(self, word):
        if word not in self.known:
            symbols = "".join(self.characters[byte] for byte in word.encode("utf-8"))
            self.known[word] = [self.vocabulary[part] for part in self.merge(symbols)]
        return self.known[word]

    def merge(self, symbols):
        if self.whole_words and symbols in self.vocabulary:
            return [symbols]
        parts = list(symbols)
        while len(parts) > 1:
            best = min(zip(parts[:-1], parts[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
            if best not in self.ranks:
                break
            merged, i = [], 0
            while i < len(parts):
                if i + 1 < len(parts) and (parts[i], parts[i + 1]) == best:
                    merged.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    merged.append(parts[i])
                    i += 1
            parts = merged
        return parts

    def pieces(self, text):
        """Cuts a text at its added tokens: (piece, whether it is such a token)."""
        while text:
            found = [(text.find(t), -len(t), t) for t in self.added if t in text]
            if not found:
                yield text, False
                return
            at, _, token = min(found)
            if at > 0:
                yield text[:at], False
            yield token, True
            text = text[at + len(token) :]

    def encode(self, text, add_prefix=True):
        tokens = list(self.prefix) if add_prefix else []
        for piece, added in self.pieces(text):
            if added:
                tokens.append(self.added[piece])
                continue
            for word in self.words(piece):
                tokens.extend(self.encode_word(word))
        return tokens

    def token_bytes(self, token):
        if token in self.special:
            return b""
        text = self.texts[token]
        if text in self.added:
            return text.encode("utf-8")
        return bytes([self.bytes[c] for c in text])

    def decode(self, tokens):
        return b"".join(self.token_bytes(t) for t in tokens).decode("utf-8", errors="replace")


class Streamer:
    """Turns tokens into text as they come: a character is held back until its bytes are complete."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.pending = b""

    def add(self, token):
        self.pending += self.tokenizer.token_bytes(token)
        try:
            text = self.pending.decode("utf-8")
        except UnicodeDecodeError as e:
            if e.reason == "unexpected end of data":
                text = self.pending[: e.start].decode("utf-8", errors="replace")
                self.pending = self.pending[e.start :]
                return text
            text = self.pending.decode("utf-8", errors="replace")
        self.pending = b""
        return text

    def finish(self):
        text, self.pending = self.pending.decode("utf-8", errors="replace"), b""
        return text
