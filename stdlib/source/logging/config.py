"""Loggers set up by a dict or by a file."""

import configparser
import importlib
import logging
import logging.handlers
import re

__all__ = ["dictConfig", "fileConfig", "listen", "stopListening"]


def _found(path):
    """What a dotted name stands for."""
    parts = path.split(".")
    found = importlib.import_module(parts[0])
    for i, part in enumerate(parts[1:], 1):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[:i + 1]))
        found = getattr(found, part)
    return found


class _Set:
    """A configuration and what has been made of it."""

    def __init__(self, config):
        self.config, self.made = config, {}

    def value(self, v):
        """A value with references resolved: ext:// to something imported, cfg:// to another key."""
        if isinstance(v, dict):
            return {k: self.value(x) for k, x in v.items()}
        if isinstance(v, (list, tuple)):
            return type(v)(self.value(x) for x in v)
        if isinstance(v, str) and v.startswith("ext://"):
            return _found(v[len("ext://"):])
        if isinstance(v, str) and v.startswith("cfg://"):
            at = self.config
            for name, index in re.findall(r"(\w+)|\[(\w+)\]", v[len("cfg://"):]):
                at = at[int(index) if index.isdigit() else name or index]
            return self.value(at)
        return v

    def kind(self, what, fallback):
        what = what if what is not None else fallback
        return _found(what) if isinstance(what, str) else what

    def custom(self, options):
        """An object of the factory under "()"."""
        options = dict(options)
        factory, attributes = self.kind(options.pop("()"), None), options.pop(".", None)
        made = factory(**{k: self.value(v) for k, v in options.items()})
        for name, v in (attributes or {}).items():
            setattr(made, name, v)
        return made

    def formatter(self, options):
        if "()" in options:
            return self.custom(options)
        kind = self.kind(options.get("class"), logging.Formatter)
        more = {"defaults": options["defaults"]} if "defaults" in options else {}
        return kind(options.get("format"), options.get("datefmt"), options.get("style", "%"), options.get("validate", True), **more)

    def filter(self, options):
        return self.custom(options) if "()" in options else logging.Filter(options.get("name", ""))

    def handler(self, options):
        options = {k: v for k, v in options.items()}
        formatter, level, filters, attributes = (options.pop(k, None) for k in ("formatter", "level", "filters", "."))
        if "()" in options:
            made = self.custom(options)
        else:
            kind = self.kind(options.pop("class"), None)
            if issubclass(kind, logging.handlers.MemoryHandler) and isinstance(options.get("target"), str):
                options["target"] = self.named("handlers", options["target"])
            made = kind(**{k: self.value(v) for k, v in options.items()})
        if formatter:
            made.setFormatter(self.named("formatters", formatter))
        if level is not None:
            made.setLevel(level)
        for name in filters or ():
            made.addFilter(self.named("filters", name) if isinstance(name, str) else name)
        for name, v in (attributes or {}).items():
            setattr(made, name, v)
        return made

    def named(self, section, name):
        """What a section's name stands for, made when it is first asked for."""
        if (section, name) not in self.made:
            try:
                options = self.config[section][name]
            except KeyError:
                raise ValueError(f"Unable to find {section[:-1]} {name!r}") from None
            try:
                self.made[section, name] = getattr(self, section[:-1])(options)
            except Exception as e:
                raise ValueError(f"Unable to configure {section[:-1]} {name!r}") from e
            if section == "handlers":
                self.made[section, name].name = name
        return self.made[section, name]

    def set_up(self, logger, options, incremental):
        try:
            self.logger(logger, options, incremental)
        except Exception as e:
            raise ValueError("Unable to configure root logger" if logger is logging.root else f"Unable to configure logger {logger.name!r}") from e

    def logger(self, logger, options, incremental):
        if options.get("level") is not None:
            logger.setLevel(options["level"])
        if not incremental:
            for handler in logger.handlers[:]:
                logger.removeHandler(handler)
            for name in options.get("handlers") or ():
                logger.addHandler(self.named("handlers", name))
            for name in options.get("filters") or ():
                logger.addFilter(self.named("filters", name) if isinstance(name, str) else name)
        if logger is not logging.root and options.get("propagate") is not None:
            logger.propagate = options["propagate"]


def dictConfig(config):
    """Set loggers up by a dict of the schema of version 1."""
    if "version" not in config:
        raise ValueError("dictionary doesn't specify a version")
    if config["version"] != 1:
        raise ValueError(f"Unsupported version: {config['version']}")
    incremental, asked = config.get("incremental", False), _Set(config)
    if incremental:
        for name, options in config.get("handlers", {}).items():
            handler = logging.getHandlerByName(name)
            if handler is None:
                raise ValueError(f"No handler found with name {name!r}")
            if options.get("level") is not None:
                handler.setLevel(options["level"])
    else:
        for section in ("formatters", "filters", "handlers"):
            for name in config.get(section, ()):
                asked.named(section, name)
    named = config.get("loggers", {})
    before = [] if incremental else list(logging.root.manager.loggerDict)
    for name, options in named.items():
        asked.set_up(logging.getLogger(name), options, incremental)
        logging.getLogger(name).disabled = False
    for name in before:
        if name not in named and not any(name.startswith(known + ".") for known in named):
            logging.getLogger(name).disabled = config.get("disable_existing_loggers", True)
    if config.get("root"):
        asked.set_up(logging.root, config["root"], incremental)


def fileConfig(fname, defaults=None, disable_existing_loggers=True, encoding=None):
    """Set loggers up by a file of sections, as configparser reads them."""
    if isinstance(fname, configparser.RawConfigParser):
        parser = fname
    else:
        parser = configparser.ConfigParser(defaults)
        if hasattr(fname, "readline"):
            parser.read_file(fname)
        elif not parser.read(fname, encoding=encoding):
            raise FileNotFoundError(f"{fname} doesn't exist")

    def names(section):
        return [name.strip() for name in parser[section]["keys"].split(",") if name.strip()]

    def evaluated(text):
        return eval(text, dict(vars(logging)))

    config = {"version": 1, "disable_existing_loggers": disable_existing_loggers, "formatters": {}, "handlers": {}, "loggers": {}}
    for name in names("formatters"):
        options = parser[f"formatter_{name}"]
        made = {k: options.get(k, raw=True) for k in ("format", "datefmt", "style", "class") if options.get(k, raw=True)}
        config["formatters"][name] = made
    made = {}
    for name in names("handlers"):
        options = parser[f"handler_{name}"]
        where = options["class"]
        kind = evaluated(where) if where in vars(logging) else _found(where if "." in where and where.split(".")[0] == "logging" else f"logging.{where}" if where.startswith("handlers.") else where)
        made[name] = kind(*evaluated(options.get("args", "()")), **evaluated(options.get("kwargs", "{}")))
        config["handlers"][name] = {"()": lambda name=name: made[name]}
        for key in ("level", "formatter"):
            if options.get(key):
                config["handlers"][name][key] = options[key]
    for name in names("loggers"):
        options = parser[f"logger_{name}"]
        about = {"handlers": [h.strip() for h in options.get("handlers", "").split(",") if h.strip()]}
        if options.get("level"):
            about["level"] = options["level"]
        if name == "root":
            config["root"] = about
        else:
            about["propagate"] = options.getint("propagate", 1)
            config["loggers"][options["qualname"]] = about
    dictConfig(config)


def listen(port=logging.handlers.DEFAULT_TCP_LOGGING_PORT, verify=None):
    """Refused: configurations are taken from the program alone."""
    raise NotImplementedError("logging.config.listen: configurations are not taken from the network")


def stopListening():
    """There is nothing that listens."""
