"""String constants, Template and capwords."""

__all__ = ["Formatter", "Template", "ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits", "hexdigits",
           "octdigits", "printable", "punctuation", "whitespace"]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Capitalize each word."""
    return (" " if sep is None else sep).join([word.capitalize() for word in s.split(sep)])


class Template:
    """Text with $names to substitute."""

    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _parts(self):
        """(text, name or None, source) for each stretch of text and each name; a
        lone delimiter has the name ""."""
        t = self.template
        i = 0
        while True:
            at = t.find(self.delimiter, i)
            if at < 0:
                yield t[i:], None, t[i:]
                return
            yield t[i:at], None, t[i:at]
            i = at + 1
            if t[i:i + 1] == self.delimiter:
                yield self.delimiter, None, t[at:i + 1]
                i += 1
                continue
            braced = t[i:i + 1] == "{"
            start = i + 1 if braced else i
            end = start
            while end < len(t) and (t[end] == "_" or t[end] in ascii_letters or end > start and t[end] in digits):
                end += 1
            name = t[start:end]
            if braced:
                if t[end:end + 1] != "}":
                    name = ""
                    end = start - 1
                else:
                    end += 1
            if not name:
                end = i
            yield "", (name, at), t[at:end]
            i = end

    def substitute(self, mapping=(), /, **kwds):
        values = {**dict(mapping), **kwds}
        out = []
        for text, name, _ in self._parts():
            if name is None:
                out.append(text)
                continue
            if not name[0]:
                before = self.template[:name[1]]
                line = before.count("\n") + 1
                column = name[1] - before.rfind("\n")
                raise ValueError(f"Invalid placeholder in string: line {line}, col {column}")
            out.append(str(values[name[0]]))
        return "".join(out)

    def safe_substitute(self, mapping=(), /, **kwds):
        values = {**dict(mapping), **kwds}
        out = []
        for text, name, source in self._parts():
            if name is None:
                out.append(text)
            elif name[0] in values:
                out.append(str(values[name[0]]))
            else:
                out.append(source)
        return "".join(out)

    def get_identifiers(self):
        names = []
        for _, name, _ in self._parts():
            if name is not None and name[0] and name[0] not in names:
                names.append(name[0])
        return names


class Formatter:
    """str.format as an object."""

    def format(self, format_string, /, *args, **kwargs):
        return format_string.format(*args, **kwargs)

    def vformat(self, format_string, args, kwargs):
        return format_string.format(*args, **kwargs)
