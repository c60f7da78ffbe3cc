"""Messages of a program about what it does."""

import os
import re
import sys
import threading
import time
import traceback

CRITICAL = FATAL = 50
ERROR = 40
WARNING = WARN = 30
INFO = 20
DEBUG = 10
NOTSET = 0
BASIC_FORMAT = "%(levelname)s:%(name)s:%(message)s"
_levelToName = _names = {50: "CRITICAL", 40: "ERROR", 30: "WARNING", 20: "INFO", 10: "DEBUG", 0: "NOTSET"}
raiseExceptions = True


_nameToLevel = {name: n for n, name in _names.items()} | {"WARN": 30, "FATAL": 50}


def getLevelNamesMapping():
    """The levels by their names."""
    return dict(_nameToLevel)


def getLevelName(level):
    """The name of a level, or the level of a name."""
    if isinstance(level, str) and level in _nameToLevel:
        return _nameToLevel[level]
    return _names.get(level, f"Level {level}")


def addLevelName(level, levelName):
    """Give a level a name."""
    _names[level] = levelName
    _nameToLevel[levelName] = level


def _level(level):
    if isinstance(level, str):
        n = getLevelName(level)
        if not isinstance(n, int):
            raise ValueError(f"Unknown level: {level!r}")
        return n
    return level


class LogRecord:
    """One message."""

    def __init__(self, name, level, pathname, lineno, msg, args, exc_info, func=None, sinfo=None, **kwargs):
        self.name, self.msg, self.args, self.exc_info = name, msg, args, exc_info
        self.levelno, self.levelname = level, getLevelName(level)
        self.pathname = self.filename = self.module = pathname
        self.lineno, self.funcName, self.stack_info, self.exc_text = lineno, func, sinfo, None
        self.created = time.time()
        self.msecs = int(self.created % 1 * 1000)
        self.relativeCreated = 0
        self.process, self.processName, self.thread, self.threadName = 0, "MainProcess", 0, "MainThread"
        if args and len(args) == 1 and isinstance(args[0], dict) and args[0]:
            self.args = args[0]

    def getMessage(self):
        return str(self.msg) % self.args if self.args else str(self.msg)

    def __repr__(self):
        return f'<LogRecord: {self.name}, {self.levelno}, {self.pathname}, {self.lineno}, "{self.msg}">'


_factories = {"record": LogRecord}


def setLogRecordFactory(factory):
    """Have messages made by a function in the place of LogRecord."""
    _factories["record"] = factory


def getLogRecordFactory():
    return _factories["record"]


def makeLogRecord(dict):
    """A message with the attributes of a dict."""
    record = _factories["record"](None, 0, "", 0, "", (), None, None)
    record.__dict__.update(dict)
    return record


class PercentStyle:
    """A format with fields such as %(message)s."""

    default_format = "%(message)s"
    asctime_format, asctime_search = "%(asctime)s", "%(asctime)"
    _field = r"%\(\w+\)"

    def __init__(self, fmt, *, defaults=None):
        self._fmt = fmt or self.default_format
        self._defaults = defaults

    def usesTime(self):
        return self.asctime_search in self._fmt

    def validate(self):
        if not re.search(self._field, self._fmt):
            raise ValueError(f"Invalid format '{self._fmt}' for '%' style" if self.default_format[0] == "%" else "invalid format: no fields")

    def format(self, record):
        try:
            return self._format(record)
        except KeyError as e:
            raise ValueError(f"Formatting field not found in record: {e}") from None

    def _values(self, record):
        return {**(self._defaults or {}), **record.__dict__}

    def _format(self, record):
        return self._fmt % self._values(record)


class StrFormatStyle(PercentStyle):
    """A format with fields such as {message}."""

    default_format = asctime_format = "{message}"
    asctime_format, asctime_search = "{asctime}", "{asctime"
    _field = r"\{\w+"

    def _format(self, record):
        return self._fmt.format(**self._values(record))


class StringTemplateStyle(PercentStyle):
    """A format with fields such as $message."""

    default_format = "${message}"
    asctime_format = asctime_search = "${asctime}"
    _field = r"\$(\w+|\{\w+\})"

    def usesTime(self):
        return "$asctime" in self._fmt or self.asctime_search in self._fmt

    def _format(self, record):
        from string import Template

        return Template(self._fmt).substitute(**self._values(record))


_STYLES = {"%": (PercentStyle, BASIC_FORMAT), "{": (StrFormatStyle, "{levelname}:{name}:{message}"), "$": (StringTemplateStyle, "${levelname}:${name}:${message}")}


class Formatter:
    """Writes a message as text."""

    default_time_format = "%Y-%m-%d %H:%M:%S"
    default_msec_format = "%s,%03d"
    converter = time.localtime

    def __init__(self, fmt=None, datefmt=None, style="%", validate=True, *, defaults=None):
        if style not in _STYLES:
            raise ValueError(f"Style must be one of: {','.join(_STYLES)}")
        self._style = _STYLES[style][0](fmt, defaults=defaults)
        if validate:
            self._style.validate()
        self._fmt, self.datefmt = self._style._fmt, datefmt

    def formatTime(self, record, datefmt=None):
        t = type(self).converter(record.created)
        if datefmt:
            return time.strftime(datefmt, t)
        text = time.strftime(self.default_time_format, t)
        return self.default_msec_format % (text, record.msecs) if self.default_msec_format else text

    def formatException(self, ei):
        e = ei[1] if isinstance(ei, tuple) else ei
        return "".join(traceback.format_exception(e)).rstrip("\n")

    def formatStack(self, stack_info):
        return stack_info

    def usesTime(self):
        return self._style.usesTime()

    def formatMessage(self, record):
        return self._style.format(record)

    def format(self, record):
        record.message = record.getMessage()
        if self.usesTime():
            record.asctime = self.formatTime(record, self.datefmt)
        text = self.formatMessage(record)
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        for more in (record.exc_text, record.stack_info and self.formatStack(record.stack_info)):
            if more:
                text += ("" if text.endswith("\n") else "\n") + more
        return text


class BufferingFormatter:
    """Writes several messages as one text."""

    def __init__(self, linefmt=None):
        self.linefmt = linefmt or Formatter()

    def formatHeader(self, records):
        return ""

    def formatFooter(self, records):
        return ""

    def format(self, records):
        if not records:
            return ""
        return self.formatHeader(records) + "".join(self.linefmt.format(r) for r in records) + self.formatFooter(records)


class Filterer:
    """What filters decide about."""

    def __init__(self):
        self.filters = []

    def filter(self, record):
        return all((f.filter(record) if hasattr(f, "filter") else f(record)) for f in self.filters)

    def addFilter(self, filter):
        if filter not in self.filters:
            self.filters.append(filter)

    def removeFilter(self, filter):
        if filter in self.filters:
            self.filters.remove(filter)


class Filter:
    """Lets the messages of a logger and those below it through."""

    def __init__(self, name=""):
        self.name = name

    def filter(self, record):
        return not self.name or record.name == self.name or record.name.startswith(self.name + ".")


_handlers = {}


def getHandlerByName(name):
    """The handler that has a name, or None."""
    return _handlers.get(name)


def getHandlerNames():
    return frozenset(_handlers)


class Handler(Filterer):
    """Where messages go."""

    def __init__(self, level=NOTSET):
        super().__init__()
        self.level, self.formatter, self._name = _level(level), None, None
        self.createLock()

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        if self._name in _handlers:
            del _handlers[self._name]
        self._name = name
        if name:
            _handlers[name] = self

    get_name = lambda self: self._name

    def set_name(self, name):
        self.name = name

    def createLock(self):
        self.lock = threading.RLock()

    def acquire(self):
        self.lock.acquire()

    def release(self):
        self.lock.release()

    def handleError(self, record):
        """Tell of an exception that writing a message raised."""
        if raiseExceptions:
            traceback.print_exc()

    def setLevel(self, level):
        self.level = _level(level)

    def setFormatter(self, fmt):
        self.formatter = fmt

    def format(self, record):
        return (self.formatter or Formatter()).format(record)

    def handle(self, record):
        if record.levelno < self.level:
            return False
        passed = self.filter(record)
        if passed:
            with self.lock:
                self.emit(record)
        return passed

    def emit(self, record):
        raise NotImplementedError("emit must be implemented by Handler subclasses")

    def flush(self):
        pass

    def close(self):
        _handlers.pop(self._name, None)

    def __repr__(self):
        return f"<{type(self).__name__} ({getLevelName(self.level)})>"


class StreamHandler(Handler):
    """Writes messages to a stream, by default the standard error."""

    terminator = "\n"

    def __init__(self, stream=None):
        super().__init__()
        self.stream = sys.stderr if stream is None else stream

    def emit(self, record):
        try:
            self.stream.write(self.format(record) + self.terminator)
            self.flush()
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)

    def flush(self):
        if self.stream and hasattr(self.stream, "flush"):
            self.stream.flush()

    def setStream(self, stream):
        """Write to another stream, and give the one before; None where it is the same."""
        if stream is self.stream:
            return None
        before = self.stream
        self.flush()
        self.stream = stream
        return before


_unopened = object()  # stands for a file that a message opens


class FileHandler(StreamHandler):
    """Writes messages to a file."""

    def __init__(self, filename, mode="a", encoding=None, delay=False, errors=None):
        self.baseFilename, self.mode, self.encoding, self.errors, self.delay = os.path.abspath(filename), mode, encoding, errors, delay
        super().__init__(_unopened if delay else self._open())
        if delay:
            self.stream = None

    def _open(self):
        return open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors)

    def emit(self, record):
        if self.stream is None:
            self.stream = self._open()
        super().emit(record)

    def close(self):
        if self.stream is not None:
            self.stream.close()
            self.stream = None
        super().close()


class NullHandler(Handler):
    """Drops messages."""

    def emit(self, record):
        pass


def _sender(level):
    """A method of loggers that sends a message of a level."""

    def send(self, msg, *args, **kwargs):
        if level >= self._floor and self.isEnabledFor(level):
            self._log(level, msg, args, **kwargs)

    return send


class Logger(Filterer):
    """Where a part of a program sends its messages."""

    _floor = 0  # messages of lower levels are known to go nowhere

    def __init__(self, name, level=NOTSET):
        super().__init__()
        self.name, self.level, self.parent = name, _level(level), None
        self.propagate, self.handlers, self.disabled = True, [], False

    def setLevel(self, level):
        self.level = _level(level)
        _forget_floors()

    def _upwards(self):
        """The logger and those above it."""
        logger = self
        while logger is not None:
            yield logger
            logger = logger.parent

    def _reached(self):
        """The loggers whose handlers get this one's messages."""
        for logger in self._upwards():
            yield logger
            if not logger.propagate:
                return

    def getEffectiveLevel(self):
        return next((logger.level for logger in self._upwards() if logger.level), NOTSET)

    def isEnabledFor(self, level):
        if self.disabled:
            return False
        if not self._floor:
            self._floor = max(_disabled[0] + 1, self.getEffectiveLevel())
        return level >= self._floor

    def hasHandlers(self):
        return any(logger.handlers for logger in self._reached())

    def addHandler(self, hdlr):
        if hdlr not in self.handlers:
            self.handlers.append(hdlr)

    def removeHandler(self, hdlr):
        if hdlr in self.handlers:
            self.handlers.remove(hdlr)

    def getChild(self, suffix):
        return getLogger(suffix if self is root else f"{self.name}.{suffix}")

    def _log(self, level, msg, args, exc_info=None, extra=None, stack_info=False, stacklevel=1):
        if exc_info is True:
            exc_info = sys.exc_info()
            if exc_info[1] is None:
                exc_info = None
        elif isinstance(exc_info, BaseException):
            exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
        self.handle(self.makeRecord(self.name, level, "", 0, msg, args, exc_info, None, extra))

    def makeRecord(self, name, level, fn, lno, msg, args, exc_info, func=None, extra=None, sinfo=None):
        record = _factories["record"](name, level, fn, lno, msg, args, exc_info, func, sinfo)
        for k, v in (extra or {}).items():
            if k in ("message", "asctime") or k in record.__dict__:
                raise KeyError(f"Attempt to overwrite {k!r} in LogRecord")
            setattr(record, k, v)
        return record

    def callHandlers(self, record):
        """Hand a message to the handlers of this logger and of those above."""
        handlers = [h for logger in self._reached() for h in logger.handlers]
        for h in handlers:
            h.handle(record)
        if not handlers and lastResort is not None:
            lastResort.handle(record)

    def getChildren(self):
        return {other for other in _loggers.values() if other.parent is self}

    def handle(self, record):
        if self.disabled or not self.filter(record):
            return
        self.callHandlers(record)

    def log(self, level, msg, *args, **kwargs):
        if self.isEnabledFor(level):
            self._log(level, msg, args, **kwargs)

    debug, info, warning, error, critical = map(_sender, (DEBUG, INFO, WARNING, ERROR, CRITICAL))
    warn, fatal = warning, critical

    def exception(self, msg, *args, exc_info=True, **kwargs):
        self.error(msg, *args, exc_info=exc_info, **kwargs)

    def __repr__(self):
        return f"<{type(self).__name__} {self.name} ({getLevelName(self.getEffectiveLevel())})>"


class RootLogger(Logger):
    """The logger above all others."""

    def __init__(self, level):
        super().__init__("root", level)


class Manager:
    """What knows all loggers."""

    def __init__(self, rootnode):
        self.root, self.loggerDict = rootnode, {}

    @property
    def disable(self):
        return _disabled[0]

    @disable.setter
    def disable(self, level):
        _disabled[0] = _level(level)
        _forget_floors()

    def getLogger(self, name):
        return getLogger(name)


def _adapted(level):
    """A method of adapters that sends a message of a level."""
    return lambda self, msg, *args, **kwargs: self.log(level, msg, *args, **kwargs)


class LoggerAdapter:
    """A logger whose messages all have something more to them."""

    def __init__(self, logger, extra=None):
        self.logger, self.extra = logger, extra

    def process(self, msg, kwargs):
        return msg, {**kwargs, "extra": self.extra}

    def log(self, level, msg, *args, **kwargs):
        if self.isEnabledFor(level):
            msg, kwargs = self.process(msg, kwargs)
            self.logger.log(level, msg, *args, **kwargs)

    debug, info, warning, error, critical = map(_adapted, (DEBUG, INFO, WARNING, ERROR, CRITICAL))

    def exception(self, msg, *args, exc_info=True, **kwargs):
        self.log(ERROR, msg, *args, exc_info=exc_info, **kwargs)

    def __getattr__(self, name):
        if name in ("isEnabledFor", "setLevel", "getEffectiveLevel", "hasHandlers", "name", "manager"):
            return getattr(self.logger, name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __repr__(self):
        return f"<{type(self).__name__} {self.logger.name} ({getLevelName(self.getEffectiveLevel())})>"


_disabled = [NOTSET]
root = RootLogger(WARNING)
Logger.root, Logger.manager = root, Manager(root)
_loggers = Logger.manager.loggerDict
_factories["logger"] = Logger


def _forget_floors():
    root._floor = 0
    for logger in _loggers.values():
        logger._floor = 0


def setLoggerClass(klass):
    """Have loggers made of a class that derives from Logger."""
    if not issubclass(klass, Logger):
        raise TypeError("logger not derived from logging.Logger: " + klass.__name__)
    _factories["logger"] = klass


def getLoggerClass():
    return _factories["logger"]


class _LastHandler(StreamHandler):
    """Writes to what is the standard error at the time."""

    stream = property(lambda self: sys.stderr)

    def __init__(self, level):
        Handler.__init__(self, level)


_defaultLastResort = lastResort = _LastHandler(WARNING)


def getLogger(name=None):
    """The logger of a name; the root where there is none."""
    if not name or name == "root":
        return root
    if name not in _loggers:
        logger = _factories["logger"](name)
        logger.parent = _above(name)
        _loggers[name] = logger
        for other in _loggers.values():
            if other is not logger and other.name.startswith(name + ".") and not other.parent.name.startswith(name + "."):
                other.parent = logger
        _forget_floors()
    return _loggers[name]


def _above(name):
    """The nearest logger above a name."""
    while "." in name:
        name = name.rpartition(".")[0]
        if name in _loggers:
            return _loggers[name]
    return root


def basicConfig(**kwargs):
    """Set the root logger up, unless it is."""
    if kwargs.pop("force", False):
        root.handlers.clear()
    filename, filemode = kwargs.pop("filename", None), kwargs.pop("filemode", "a")
    stream, handlers = kwargs.pop("stream", None), kwargs.pop("handlers", None)
    style, datefmt = kwargs.pop("style", "%"), kwargs.pop("datefmt", None)
    if style not in _STYLES:
        raise ValueError(f"Style must be one of: {','.join(_STYLES)}")
    fmt, level = kwargs.pop("format", _STYLES[style][1]), kwargs.pop("level", None)
    encoding, errors = kwargs.pop("encoding", None), kwargs.pop("errors", None)
    if kwargs:
        raise ValueError(f"Unrecognised argument(s): {', '.join(kwargs)}")
    if root.handlers:
        return
    if handlers is None:
        handlers = [FileHandler(filename, filemode, encoding=encoding, errors=errors) if filename else StreamHandler(stream)]
    for h in handlers:
        if h.formatter is None:
            h.setFormatter(Formatter(fmt, datefmt, style))
        root.addHandler(h)
    if level is not None:
        root.setLevel(level)


def disable(level=CRITICAL):
    """Drop messages of a level and below."""
    _disabled[0] = _level(level)
    _forget_floors()


def log(level, msg, *args, **kwargs):
    """Send a message to the root logger."""
    if not root.handlers:
        basicConfig()
    root.log(level, msg, *args, **kwargs)


def debug(msg, *args, **kwargs):
    """Send a message to the root logger."""
    log(DEBUG, msg, *args, **kwargs)


def info(msg, *args, **kwargs):
    """Send a message to the root logger."""
    log(INFO, msg, *args, **kwargs)


def warning(msg, *args, **kwargs):
    """Send a message to the root logger."""
    log(WARNING, msg, *args, **kwargs)


def error(msg, *args, **kwargs):
    """Send a message to the root logger."""
    log(ERROR, msg, *args, **kwargs)


def exception(msg, *args, exc_info=True, **kwargs):
    """Send a message to the root logger, with the exception being handled."""
    log(ERROR, msg, *args, exc_info=exc_info, **kwargs)


def critical(msg, *args, **kwargs):
    """Send a message to the root logger."""
    log(CRITICAL, msg, *args, **kwargs)


def shutdown():
    """Flush the handlers and close them."""
    for logger in [root] + list(_loggers.values()):
        for h in logger.handlers:
            h.flush()
            h.close()


def captureWarnings(capture):
    """Accepted; warnings go to the standard error as before."""
