"""Text wrapping and filling."""

__all__ = ["TextWrapper", "dedent", "fill", "indent", "shorten", "wrap"]

_SPACES = "\t\n\x0b\x0c\r "


def _chunks(text, on_hyphens):
    """The words of a text and the spaces between them; a word that can break
    after a hyphen is several chunks."""
    out = []
    i = 0
    while i < len(text):
        start = i
        space = text[i] == " "
        while i < len(text) and (text[i] == " ") == space:
            i += 1
        if space or not on_hyphens:
            out.append(text[start:i])
        else:
            out.extend(_hyphenated(text[start:i]))
    return out


def _hyphenated(word):
    parts = []
    start = 0
    for i in range(1, len(word) - 1):
        if word[i] != "-":
            continue
        dash = word[i + 1] == "-" or word[i - 1] == "-"
        before, after = word[start:i], word[i + 1:i + 3]
        if not dash and len(before) >= 2 and before[-2:].isalpha() and len(after) == 2 and after.isalpha() and not start == i:
            parts.append(word[start:i + 1])
            start = i + 1
    parts.append(word[start:])
    return parts


class TextWrapper:
    """Wraps paragraphs."""

    def __init__(self, width=70, initial_indent="", subsequent_indent="", expand_tabs=True, replace_whitespace=True,
                 fix_sentence_endings=False, break_long_words=True, drop_whitespace=True, break_on_hyphens=True,
                 tabsize=8, *, max_lines=None, placeholder=" [...]"):
        vars(self).update(
            width=width, tabsize=tabsize, max_lines=max_lines, placeholder=placeholder, expand_tabs=expand_tabs,
            initial_indent=initial_indent, subsequent_indent=subsequent_indent, replace_whitespace=replace_whitespace,
            fix_sentence_endings=fix_sentence_endings, break_long_words=break_long_words,
            drop_whitespace=drop_whitespace, break_on_hyphens=break_on_hyphens)

    def _prepare(self, text):
        if self.expand_tabs:
            text = text.expandtabs(self.tabsize)
        if self.replace_whitespace:
            for c in _SPACES:
                text = text.replace(c, " ")
        chunks = _chunks(text, self.break_on_hyphens)
        if self.fix_sentence_endings:
            for i in range(len(chunks) - 1):
                end = chunks[i].rstrip("\"'")
                if chunks[i + 1] == " " and end[-1:] in (".", "!", "?") and end[-2:-1].islower():
                    chunks[i + 1] = "  "
        return chunks

    def wrap(self, text):
        if self.width <= 0:
            raise ValueError(f"invalid width {self.width!r} (must be > 0)")
        if self.max_lines is not None:
            indent = self.subsequent_indent if self.max_lines > 1 else self.initial_indent
            if len(indent) + len(self.placeholder.lstrip()) > self.width:
                raise ValueError("placeholder too large for max width")
        chunks = self._prepare(text)[::-1]
        lines = []
        while chunks:
            indent = self.subsequent_indent if lines else self.initial_indent
            width = self.width - len(indent)
            if self.drop_whitespace and lines and not chunks[-1].strip():
                chunks.pop()
            line = self._fill_line(chunks, width)
            if self.drop_whitespace and line and not line[-1].strip():
                line.pop()
            if not line:
                continue
            if self._more_fits(lines, chunks):
                lines.append(indent + "".join(line))
                continue
            lines.append(self._last_line(lines, line, indent, width))
            break
        return lines

    def _more_fits(self, lines, chunks):
        if self.max_lines is None or len(lines) + 1 < self.max_lines:
            return True
        rest = not chunks or self.drop_whitespace and len(chunks) == 1 and not chunks[0].strip()
        return rest and len(lines) + 1 == self.max_lines

    def _fill_line(self, chunks, width):
        line = []
        length = 0
        while chunks and length + len(chunks[-1]) <= width:
            length += len(chunks[-1])
            line.append(chunks.pop())
        if chunks and len(chunks[-1]) > width:
            if self.break_long_words:
                space = max(width - length, 1 if width < 1 else 0)
                if space > 0:
                    line.append(chunks[-1][:space])
                    chunks[-1] = chunks[-1][space:]
            elif not line:
                line.append(chunks.pop())
        return line

    def _last_line(self, lines, line, indent, width):
        while line:
            if line[-1].strip() and sum([len(c) for c in line]) + len(self.placeholder) <= width:
                return indent + "".join(line) + self.placeholder
            line.pop()
        if lines:
            before = lines[-1].rstrip()
            if len(before) + len(self.placeholder) <= self.width:
                lines.pop()
                return before + self.placeholder
        return indent + self.placeholder.lstrip()

    def fill(self, text):
        return "\n".join(self.wrap(text))


def wrap(text, width=70, **kwargs):
    """The lines of a paragraph, each at most width wide."""
    return TextWrapper(width=width, **kwargs).wrap(text)


def fill(text, width=70, **kwargs):
    """A paragraph as one wrapped string."""
    return TextWrapper(width=width, **kwargs).fill(text)


def shorten(text, width, **kwargs):
    """The text cut to width, with a placeholder for what is left out."""
    return TextWrapper(width=width, max_lines=1, **kwargs).fill(" ".join(text.strip().split()))


def dedent(text):
    """The text without the leading whitespace that all its lines share."""
    lines = [line if line.strip(" \t") else "" for line in text.split("\n")]
    margin = None
    for line in lines:
        if not line:
            continue
        own = line[:len(line) - len(line.lstrip(" \t"))]
        if margin is None:
            margin = own
            continue
        n = 0
        while n < len(margin) and n < len(own) and margin[n] == own[n]:
            n += 1
        margin = margin[:n]
    if margin:
        lines = [line[len(margin):] for line in lines]
    return "\n".join(lines)


def indent(text, prefix, predicate=None):
    """The text with a prefix before the lines that predicate accepts, by default those not empty."""
    if predicate is None:
        predicate = lambda line: bool(line.strip())
    return "".join([(prefix + line if predicate(line) else line) for line in text.splitlines(True)])
