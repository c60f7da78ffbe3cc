"""Settings in sections: files of the kind of INI."""

from collections import ChainMap as _ChainMap
from collections.abc import MutableMapping as _MutableMapping
import os as _os
import re as _re

__all__ = ["NoSectionError", "DuplicateOptionError", "DuplicateSectionError", "NoOptionError", "InterpolationError", "InterpolationDepthError",
           "InterpolationMissingOptionError", "InterpolationSyntaxError", "ParsingError", "MissingSectionHeaderError", "ConfigParser",
           "SafeConfigParser", "RawConfigParser", "Interpolation", "BasicInterpolation", "ExtendedInterpolation", "LegacyInterpolation",
           "SectionProxy", "ConverterMapping", "DEFAULTSECT", "MAX_INTERPOLATION_DEPTH"]

DEFAULTSECT = "DEFAULT"
MAX_INTERPOLATION_DEPTH = 10
_UNSET = object()


class Error(Exception):
    """A fault of settings."""

    def __init__(self, msg=""):
        super().__init__(msg)
        self.message = msg

    def __str__(self):
        return self.message

    __repr__ = __str__


class NoSectionError(Error):
    """There is no such section."""

    def __init__(self, section):
        Error.__init__(self, "No section: %r" % (section,))
        self.section = section
        self.args = (section,)


def _place(source, lineno):
    return "" if source is None else "While reading from " + repr(source) + (f" [line {lineno:2d}]" if lineno is not None else "") + ": "


class DuplicateSectionError(Error):
    """A section stands twice."""

    def __init__(self, section, source=None, lineno=None):
        what = f"ection {section!r} already exists"
        Error.__init__(self, f"{_place(source, lineno)}s{what}" if source is not None else "S" + what)
        self.section, self.source, self.lineno = section, source, lineno
        self.args = (section, source, lineno)


class DuplicateOptionError(Error):
    """An option stands twice in a section."""

    def __init__(self, section, option, source=None, lineno=None):
        what = f"ption {option!r} in section {section!r} already exists"
        Error.__init__(self, f"{_place(source, lineno)}o{what}" if source is not None else "O" + what)
        self.section, self.option, self.source, self.lineno = section, option, source, lineno
        self.args = (section, option, source, lineno)


class NoOptionError(Error):
    """A section has no such option."""

    def __init__(self, option, section):
        Error.__init__(self, "No option %r in section: %r" % (option, section))
        self.option, self.section = option, section
        self.args = (option, section)


class InterpolationError(Error):
    """A value refers to another in a way that does not work."""

    def __init__(self, option, section, msg):
        Error.__init__(self, msg)
        self.option, self.section = option, section
        self.args = (option, section, msg)


class InterpolationMissingOptionError(InterpolationError):
    """A value refers to an option that is not there."""

    def __init__(self, option, section, rawval, reference):
        InterpolationError.__init__(self, option, section, f"Bad value substitution: option {option!r} in section {section!r} contains an "
                                    f"interpolation key {reference!r} which is not a valid option name. Raw value: {rawval!r}")
        self.reference = reference
        self.args = (option, section, rawval, reference)


class InterpolationSyntaxError(InterpolationError):
    """A reference is not written as one."""


class InterpolationDepthError(InterpolationError):
    """References lead to references without end."""

    def __init__(self, option, section, rawval):
        InterpolationError.__init__(self, option, section, "Recursion limit exceeded in value substitution: option {!r} in section {!r} "
                                    "contains an interpolation key which cannot be substituted in {} steps. Raw value: {!r}"
                                    .format(option, section, MAX_INTERPOLATION_DEPTH, rawval))
        self.args = (option, section, rawval)


class ParsingError(Error):
    """Lines of a file are no settings."""

    def __init__(self, source=None, filename=None):
        if filename and source:
            raise ValueError("Cannot specify both `filename' and `source'. Use `source'.")
        if not filename and not source:
            raise ValueError("Required argument `source' not given.")
        Error.__init__(self, "Source contains parsing errors: %r" % (source or filename))
        self.source = source or filename
        self.errors = []
        self.args = (self.source,)

    def append(self, lineno, line):
        self.errors.append((lineno, line))
        self.message += "\n\t[line %2d]: %s" % (lineno, line)


class MissingSectionHeaderError(ParsingError):
    """A file has a setting before the first section."""

    def __init__(self, filename, lineno, line):
        Error.__init__(self, "File contains no section headers.\nfile: %r, line: %d\n%r" % (filename, lineno, line))
        self.source, self.lineno, self.line = filename, lineno, line
        self.args = (filename, lineno, line)


class Interpolation:
    """What happens to values when they are read, set and written: nothing."""

    def before_get(self, parser, section, option, value, defaults):
        return value

    def before_set(self, parser, section, option, value):
        return value

    before_read = before_write = before_set


class BasicInterpolation(Interpolation):
    """%(name)s is another option of the section; %% is a percent sign."""

    _sign = "%"
    _reference = _re.compile(r"%\(([^)]+)\)s")

    def before_get(self, parser, section, option, value, defaults):
        return self._filled(parser, option, value, section, defaults, 1, value)

    def before_set(self, parser, section, option, value):
        if self._sign in self._reference.sub("", value.replace(self._sign * 2, "")):
            raise ValueError("invalid interpolation syntax in %r at position %d" % (value, value.find(self._sign)))
        return value

    def _filled(self, parser, option, text, section, values, depth, raw):
        sign, out = self._sign, []
        if depth > MAX_INTERPOLATION_DEPTH:
            raise InterpolationDepthError(option, section, raw)
        while text:
            before, found, text = text.partition(sign)
            out.append(before)
            if not found:
                break
            if text[:1] == sign:
                out.append(sign)
                text = text[1:]
                continue
            match = self._reference.match(sign + text)
            if not match:
                raise InterpolationSyntaxError(option, section, self._complaint(sign + text))
            text = text[match.end() - 1:]
            out.append(self._resolve(parser, option, match.group(1), section, values, depth, raw, text))
        return "".join(out)

    def _complaint(self, text):
        if text[1:2] == self._opening:
            return "bad interpolation variable reference %r" % text
        return f"'{self._sign}' must be followed by '{self._sign}' or '{self._opening}', found: {text!r}"

    _opening = "("

    def _resolve(self, parser, option, name, section, values, depth, raw, rest):
        name = parser.optionxform(name)
        if name not in values:
            raise InterpolationMissingOptionError(option, section, raw, name) from None
        value = values[name]
        return self._filled(parser, option, value, section, values, depth + 1, raw) if self._sign in value else value


class ExtendedInterpolation(BasicInterpolation):
    """${name} is another option of the section, ${section:name} one of another; $$ is a dollar sign."""

    _sign, _opening = "$", "{"
    _reference = _re.compile(r"\$\{([^}]+)\}")

    def _resolve(self, parser, option, name, section, values, depth, raw, rest):
        where, at, asked = section, name.split(":"), option
        try:
            if len(at) == 1:
                option = parser.optionxform(at[0])
                value = values[option]
            elif len(at) == 2:
                where = at[0]
                value = parser.get(where, parser.optionxform(at[1]), raw=True)
                values = dict(parser.items(where, raw=True))
            else:
                raise InterpolationSyntaxError(option, section, "More than one ':' found: %r" % (rest,))
        except (KeyError, NoSectionError, NoOptionError):
            raise InterpolationMissingOptionError(asked, section, raw, name) from None
        return self._filled(parser, option, value, where, values, depth + 1, raw) if "$" in value else value


class LegacyInterpolation(Interpolation):
    """%(name)s by the % operator, as long as there are some."""

    def before_get(self, parser, section, option, value, defaults):
        raw = value
        for _ in range(MAX_INTERPOLATION_DEPTH):
            if not value or "%(" not in value:
                return value
            names = {m: defaults.get(parser.optionxform(m)) for m in _re.findall(r"%\(([^)]*)\)s", value)}
            for name, known in names.items():
                if known is None:
                    raise InterpolationMissingOptionError(option, section, raw, name) from None
            value = value % names
        raise InterpolationDepthError(option, section, raw)


class RawConfigParser(_MutableMapping):
    """Settings by section and option, as they are written."""

    _DEFAULT_INTERPOLATION = Interpolation()
    BOOLEAN_STATES = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
    SECTCRE = _re.compile(r"\[(?P<header>.+)\]")
    NONSPACECRE = _re.compile(r"\S")

    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, delimiters=("=", ":"), comment_prefixes=("#", ";"),
                 inline_comment_prefixes=None, strict=True, empty_lines_in_values=True, default_section=DEFAULTSECT, interpolation=_UNSET,
                 converters=_UNSET):
        self._dict = dict_type
        self._sections, self._defaults = dict_type(), dict_type()
        self._delimiters = tuple(delimiters)
        self._optional = allow_no_value
        mark = "|".join([_re.escape(d) for d in self._delimiters])
        self._line = _re.compile(rf"(?P<option>.*?)\s*(?:(?P<vi>{mark})\s*(?P<value>.*))" + ("?$" if allow_no_value else "$"))
        self._comments = tuple(comment_prefixes or ())
        self._inline = tuple(inline_comment_prefixes or ())
        self._strict, self._empty = strict, empty_lines_in_values
        self.default_section = default_section
        self._interpolation = self._DEFAULT_INTERPOLATION if interpolation is _UNSET else interpolation
        if self._interpolation is None:
            self._interpolation = Interpolation()
        self._converters = ConverterMapping(self)
        self._proxies = dict_type()
        self._proxies[default_section] = SectionProxy(self, default_section)
        if converters is not _UNSET:
            self._converters.update(converters)
        if defaults:
            self._read_defaults(defaults)

    def _read_defaults(self, defaults):
        for name, value in defaults.items():
            self._defaults[self.optionxform(str(name))] = value

    # Sections and options.

    def defaults(self):
        """The options of every section."""
        return self._defaults

    def sections(self):
        """The names of the sections, without the default one."""
        return list(self._sections.keys())

    def add_section(self, section):
        if section in self._sections:
            raise DuplicateSectionError(section)
        if section == self.default_section:
            raise ValueError("Invalid section name: %r" % section)
        self._sections[section] = self._dict()
        self._proxies[section] = SectionProxy(self, section)

    def has_section(self, section):
        return section in self._sections

    def options(self, section):
        """The names of a section's options."""
        if section not in self._sections:
            raise NoSectionError(section) from None
        return list({**self._sections[section], **self._defaults})

    def optionxform(self, optionstr):
        """The name by which an option is known."""
        return optionstr.lower()

    def has_option(self, section, option):
        option = self.optionxform(option)
        if not section or section == self.default_section:
            return option in self._defaults
        return section in self._sections and (option in self._sections[section] or option in self._defaults)

    def _values(self, section, given):
        own = {}
        if section in self._sections:
            own = self._sections[section]
        elif section != self.default_section:
            raise NoSectionError(section) from None
        given = {self.optionxform(k): v if v is None else str(v) for k, v in (given or {}).items()}
        return _ChainMap(given, own, self._defaults)

    def get(self, section, option, *, raw=False, vars=None, fallback=_UNSET):
        """The value of an option."""
        try:
            values = self._values(section, vars)
        except NoSectionError:
            if fallback is _UNSET:
                raise
            return fallback
        option = self.optionxform(option)
        if option not in values:
            if fallback is _UNSET:
                raise NoOptionError(option, section)
            return fallback
        value = values[option]
        return value if raw or value is None else self._interpolation.before_get(self, section, option, value, values)

    def _converted(self, section, option, convert, raw=False, vars=None, fallback=_UNSET):
        try:
            value = self.get(section, option, raw=raw, vars=vars)
        except (NoSectionError, NoOptionError):
            if fallback is _UNSET:
                raise
            return fallback
        return convert(value)

    def getint(self, section, option, *, raw=False, vars=None, fallback=_UNSET):
        return self._converted(section, option, int, raw, vars, fallback)

    def getfloat(self, section, option, *, raw=False, vars=None, fallback=_UNSET):
        return self._converted(section, option, float, raw, vars, fallback)

    def getboolean(self, section, option, *, raw=False, vars=None, fallback=_UNSET):
        return self._converted(section, option, self._convert_to_boolean, raw, vars, fallback)

    def _convert_to_boolean(self, value):
        if value.lower() not in self.BOOLEAN_STATES:
            raise ValueError("Not a boolean: %s" % value)
        return self.BOOLEAN_STATES[value.lower()]

    def items(self, section=_UNSET, raw=False, vars=None):
        """The options of a section and their values; without a section, the sections."""
        if section is _UNSET:
            return super().items()
        values = self._defaults.copy()
        if section in self._sections:
            values.update(self._sections[section])
        elif section != self.default_section:
            raise NoSectionError(section)
        names = list(values.keys())
        for name, value in (vars or {}).items():
            values[self.optionxform(name)] = value
        return [(n, values[n] if raw or values[n] is None else self._interpolation.before_get(self, section, n, values[n], values)) for n in names]

    def popitem(self):
        for name in self.sections():
            value = self[name]
            del self[name]
            return name, value
        raise KeyError

    def set(self, section, option, value=None):
        if value:
            value = self._interpolation.before_set(self, section, option, value)
        if not section or section == self.default_section:
            options = self._defaults
        elif section in self._sections:
            options = self._sections[section]
        else:
            raise NoSectionError(section) from None
        options[self.optionxform(option)] = value

    def remove_option(self, section, option):
        """Remove an option, and tell whether it was there."""
        if not section or section == self.default_section:
            options = self._defaults
        elif section in self._sections:
            options = self._sections[section]
        else:
            raise NoSectionError(section) from None
        option = self.optionxform(option)
        return options.pop(option, _UNSET) is not _UNSET

    def remove_section(self, section):
        """Remove a section, and tell whether it was there."""
        if section not in self._sections:
            return False
        del self._sections[section]
        del self._proxies[section]
        return True

    # Mapping of sections.

    def __iter__(self):
        yield self.default_section
        yield from self._sections

    def __len__(self):
        return 1 + len(self._sections)

    def __contains__(self, key):
        return key in self._sections or key == self.default_section

    def _known(self, key):
        if key in self:
            return key
        raise KeyError(key)

    def __getitem__(self, key):
        return self._proxies[self._known(key)]

    def __setitem__(self, key, value):
        before = self._proxies.get(key)
        if before is None or before is not value:
            emptied = self._defaults if key == self.default_section else self._sections.get(key, {})
            emptied.clear()
            self.read_dict({key: value})

    def __delitem__(self, key):
        if key == self.default_section:
            raise ValueError("Cannot remove the default section.")
        self.remove_section(self._known(key))

    @property
    def converters(self):
        return self._converters

    # Reading and writing.

    def read(self, filenames, encoding=None):
        """Read files, and give the names of those that could be."""
        if isinstance(filenames, (str, bytes)) or hasattr(filenames, "__fspath__"):
            filenames = [filenames]
        done = []
        for name in filenames:
            try:
                with open(name, encoding=encoding) as f:
                    self._read(f, name)
            except OSError:
                continue
            done.append(_os.fspath(name))
        return done

    def read_file(self, f, source=None):
        self._read(f, getattr(f, "name", "<???>") if source is None else source)

    def read_string(self, string, source="<string>"):
        self._read(string.splitlines(keepends=True), source)

    def read_dict(self, dictionary, source="<dict>"):
        added = set()
        for section, options in dictionary.items():
            section = str(section)
            try:
                self.add_section(section)
            except (DuplicateSectionError, ValueError):
                if self._strict and section in added:
                    raise
            added.add(section)
            for name, value in options.items():
                name = self.optionxform(str(name))
                if value is not None:
                    value = str(value)
                if self._strict and (section, name) in added:
                    raise DuplicateOptionError(section, name, source)
                added.add((section, name))
                self.set(section, name, value)

    def _without_comment(self, line):
        """A line without its comment, and whether it is one altogether."""
        cut = len(line)
        for prefix in self._inline:
            at = line.find(prefix)
            while 0 <= at < cut:
                if at == 0 or line[at - 1].isspace():
                    cut = at
                    break
                at = line.find(prefix, at + 1)
        if line.strip().startswith(self._comments) and self._comments:
            return "", True
        return line[:cut].strip(), cut < len(line)

    def _read(self, lines, source):
        options, section, name, indent, failed = None, None, None, 0, None
        sections, seen = set(), set()
        touched = []
        for lineno, line in enumerate(lines, start=1):
            value, comment = self._without_comment(line)
            if not value:
                if self._empty:
                    if not comment and options is not None and name and options[name] is not None:
                        options[name].append("")
                else:
                    indent = 1 << 62
                continue
            first = self.NONSPACECRE.search(line)
            level = first.start() if first else 0
            if options is not None and name and level > indent:
                if options[name] is None:
                    options[name] = []
                options[name].append(value)
                continue
            indent = level
            header = self.SECTCRE.match(value)
            if header:
                section, name = header.group("header"), None
                if section == self.default_section:
                    options = self._defaults
                elif section in self._sections:
                    if self._strict and section in sections:
                        raise DuplicateSectionError(section, source, lineno)
                    options = self._sections[section]
                    sections.add(section)
                else:
                    options = self._sections[section] = self._dict()
                    self._proxies[section] = SectionProxy(self, section)
                    sections.add(section)
                continue
            if options is None:
                raise MissingSectionHeaderError(source, lineno, line)
            found = self._line.match(value)
            if not found or not found.group("option"):
                failed = failed or ParsingError(source)
                failed.append(lineno, repr(line))
                if not found:
                    continue
            name = self.optionxform(found.group("option").rstrip())
            if self._strict and (section, name) in seen:
                raise DuplicateOptionError(section, name, source, lineno)
            seen.add((section, name))
            given = found.group("value")
            options[name] = None if given is None else [given.strip()]
            touched.append((section, options))
        self._join(touched)
        if failed:
            raise failed

    def _join(self, touched):
        """Make texts of the lines of values that were read."""
        for section, options in touched:
            for name, value in options.items():
                if isinstance(value, list):
                    options[name] = self._interpolation.before_read(self, section, name, "\n".join(value).rstrip())

    def write(self, fp, space_around_delimiters=True):
        """Write the settings to a file."""
        mark = f" {self._delimiters[0]} " if space_around_delimiters else self._delimiters[0]
        if self._defaults:
            self._write_section(fp, self.default_section, self._defaults.items(), mark)
        for section, options in self._sections.items():
            self._write_section(fp, section, options.items(), mark)

    def _write_section(self, fp, section, options, mark):
        fp.write(f"[{section}]\n")
        for name, value in options:
            value = self._interpolation.before_write(self, section, name, value)
            fp.write(name + ("" if value is None and self._optional else mark + str(value).replace("\n", "\n\t")) + "\n")
        fp.write("\n")


class ConfigParser(RawConfigParser):
    """Settings whose values may refer to others."""

    _DEFAULT_INTERPOLATION = BasicInterpolation()

    def _check(self, option="", value="", section=""):
        if not isinstance(section, str):
            raise TypeError("section names must be strings")
        if not isinstance(option, str):
            raise TypeError("option keys must be strings")
        if (not self._optional or value) and not isinstance(value, str):
            raise TypeError("option values must be strings")

    def set(self, section, option, value=None):
        self._check(option=option, value=value)
        super().set(section, option, value)

    def add_section(self, section):
        self._check(section=section)
        super().add_section(section)

    def _read_defaults(self, defaults):
        kept, self._interpolation = self._interpolation, Interpolation()
        try:
            self.read_dict({self.default_section: defaults})
        finally:
            self._interpolation = kept


class SafeConfigParser(ConfigParser):
    """An older name of ConfigParser."""


class SectionProxy(_MutableMapping):
    """A section of a parser."""

    def __init__(self, parser, name):
        self._parser, self._name = parser, name
        for key in parser._converters:
            self._bind(key)

    def _bind(self, key):
        getter = getattr(self._parser, "get" + key)
        setattr(self, "get" + key, lambda option, fallback=None, **options: getter(self._name, option, fallback=fallback, **options))

    def __repr__(self):
        return f"<Section: {self._name}>"

    def __getitem__(self, key):
        if not self._parser.has_option(self._name, key):
            raise KeyError(key)
        return self._parser.get(self._name, key)

    def __setitem__(self, key, value):
        if isinstance(self._parser, ConfigParser):
            self._parser._check(option=key, value=value)
        self._parser.set(self._name, key, value)

    def __delitem__(self, key):
        if not (self._parser.has_option(self._name, key) and self._parser.remove_option(self._name, key)):
            raise KeyError(key)

    def __contains__(self, key):
        return self._parser.has_option(self._name, key)

    def _options(self):
        return list(self._parser.defaults()) if self._name == self._parser.default_section else self._parser.options(self._name)

    def __len__(self):
        return len(self._options())

    def __iter__(self):
        return iter(self._options())

    parser = property(lambda self: self._parser)
    name = property(lambda self: self._name)

    def get(self, option, fallback=None, *, raw=False, vars=None, _impl=None, **kwargs):
        """The value of an option."""
        return (_impl or self._parser.get)(self._name, option, raw=raw, vars=vars, fallback=fallback, **kwargs)


class ConverterMapping(_MutableMapping):
    """The converters of a parser by name: each makes get and its name a method of the parser and of its sections."""

    def __init__(self, parser):
        self._parser, self._data = parser, {}
        for key in ("int", "float", "boolean"):
            self._data[key] = getattr(parser, "get" + key)

    def __getitem__(self, key):
        return self._data[key]

    def __setitem__(self, key, value):
        if not callable(value):
            raise ValueError(f"Incompatible key: {key} (type: {type(value)})")
        parser = self._parser
        self._data[key] = value
        setattr(parser, "get" + key, lambda section, option, *, raw=False, vars=None, fallback=_UNSET: parser._converted(section, option, value, raw, vars, fallback))
        for proxy in parser._proxies.values():
            proxy._bind(key)

    def __delitem__(self, key):
        del self._data[key]
        delattr(self._parser, "get" + key)
        for proxy in self._parser._proxies.values():
            delattr(proxy, "get" + key)

    def __iter__(self):
        return iter(self._data)

    def __len__(self):
        return len(self._data)
