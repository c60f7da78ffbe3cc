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


_conversions = {"s": str, "r": repr, "a": ascii}


class Formatter:
    """str.format as an object, whose parts a class derived from it may replace."""

    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        used = set()
        made, _ = self._vformat(format_string, args, kwargs, used, 2, 0)
        self.check_unused_args(used, args, kwargs)
        return made

    def _vformat(self, format_string, args, kwargs, used, depth, auto):
        if depth < 0:
            raise ValueError("Max string recursion exceeded")
        out = []
        for text, field, spec, conversion in self.parse(format_string):
            if text:
                out.append(text)
            if field is None:
                continue
            head = field.replace("[", ".").split(".")[0]
            if head == "":
                if auto is False:
                    raise ValueError("cannot switch from manual field specification to automatic field numbering")
                field, auto = str(auto) + field, auto + 1
            elif head.isdigit():
                if auto:
                    raise ValueError("cannot switch from automatic field numbering to manual field specification")
                auto = False
            obj, key = self.get_field(field, args, kwargs)
            used.add(key)
            obj = self.convert_field(obj, conversion)
            spec, auto = self._vformat(spec, args, kwargs, used, depth - 1, auto)
            out.append(self.format_field(obj, spec))
        return "".join(out), auto

    def parse(self, format_string):
        """The text before each field, the field, its format and its conversion."""
        text, at, end = [], 0, len(format_string)
        while at < end:
            c = format_string[at]
            if c not in "{}":
                stop = min([i for i in (format_string.find("{", at), format_string.find("}", at), end) if i >= 0])
                text.append(format_string[at:stop])
                at = stop
                continue
            if format_string[at:at + 2] == c + c:
                text.append(c)
                at += 2
                continue
            if c == "}":
                raise ValueError("Single '}' encountered in format string")
            depth, stop = 1, at + 1
            while stop < end and depth:
                depth += {"{": 1, "}": -1}.get(format_string[stop], 0)
                stop += 1
            if depth:
                raise ValueError("Single '{' encountered in format string" if at + 1 == end else "expected '}' before end of string")
            inner, bracket, mark = format_string[at + 1:stop - 1], 0, 0
            while mark < len(inner) and (bracket or inner[mark] not in ":!"):
                bracket += {"[": 1, "]": -1}.get(inner[mark], 0)
                mark += 1
            field, rest, conversion = inner[:mark], inner[mark:], None
            if rest.startswith("!"):
                conversion, rest = rest[1:2], rest[2:]
                if not conversion or rest and not rest.startswith(":"):
                    raise ValueError("expected ':' after conversion specifier" if conversion else "end of string while looking for conversion specifier")
            yield "".join(text), field, rest[1:], conversion
            text, at = [], stop
        if text:
            yield "".join(text), None, None, None

    def get_field(self, field_name, args, kwargs):
        """The value of a field such as "0.name" or "rows[1]", and the argument that it begins with."""
        head = field_name.replace("[", ".").split(".")[0]
        key = int(head) if head.isdigit() else head
        obj, rest = self.get_value(key, args, kwargs), field_name[len(head):]
        while rest:
            if rest[0] == "[":
                name, _, rest = rest[1:].partition("]")
                obj = obj[int(name) if name.isdigit() else name]
            else:
                name = rest[1:].replace("[", ".").split(".")[0]
                rest = rest[1 + len(name):]
                if not name:
                    raise ValueError("Empty attribute in format string")
                obj = getattr(obj, name)
        return obj, key

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion not in _conversions:
            raise ValueError(f"Unknown conversion specifier {conversion}")
        return _conversions[conversion](value)

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def check_unused_args(self, used_args, args, kwargs):
        """Called with the keys of the fields once all are filled in: a derived class may refuse what is left."""
