"""Messages of a program about what it does."""

import sys
import time
import traceback

CRITICAL = FATAL = 50
ERROR = 40
WARNING = WARN = 30
INFO = 20
DEBUG = 10
NOTSET = 0
BASIC_FORMAT = "%(levelname)s:%(name)s:%(message)s"
_names = {50: "CRITICAL", 40: "ERROR", 30: "WARNING", 20: "INFO", 10: "DEBUG", 0: "NOTSET"}
raiseExceptions = True
lastResort = None


def getLevelName(level):
    """The name of a level, or the level of a name."""
    if isinstance(level, str):
        for n, name in _names.items():
            if name == level:
                return n
    return _names.get(level, f"Level {level}")


def addLevelName(level, levelName):
    """Give a level a name."""
    _names[level] = levelName


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
        self.lineno, self.funcName = lineno, func
        self.created = time.time()
        self.msecs = int(self.created % 1 * 1000)
        self.relativeCreated = 0
        self.process, self.processName, self.thread, self.threadName = 0, "MainProcess", 0, "MainThread"
        if args and len(args) == 1 and isinstance(args[0], dict) and args[0]:
            self.args = args[0]

    def getMessage(self):
        return str(self.msg) % self.args if self.args else str(self.msg)


class Formatter:
    """Writes a message as text."""

    default_time_format = "%Y-%m-%d %H:%M:%S"
    converter = time.localtime

    def __init__(self, fmt=None, datefmt=None, style="%", validate=True, *, defaults=None):
        self._fmt, self.datefmt, self._style = fmt or "%(message)s", datefmt, style

    def formatTime(self, record, datefmt=None):
        t = time.localtime(record.created)
        if datefmt:
            return time.strftime(datefmt, t)
        return f"{time.strftime(self.default_time_format, t)},{record.msecs:03d}"

    def formatException(self, ei):
        e = ei[1] if isinstance(ei, tuple) else ei
        return "".join(traceback.format_exception(e)).rstrip("\n")

    def format(self, record):
        record.message = record.getMessage()
        if "asctime" in self._fmt:
            record.asctime = self.formatTime(record, self.datefmt)
        if self._style == "{":
            text = self._fmt.format(**record.__dict__)
        elif self._style == "$":
            from string import Template

            text = Template(self._fmt).substitute(**record.__dict__)
        else:
            text = self._fmt % record.__dict__
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


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


class Handler(Filterer):
    """Where messages go."""

    def __init__(self, level=NOTSET):
        super().__init__()
        self.level, self.formatter, self.name = _level(level), None, None

    def setLevel(self, level):
        self.level = _level(level)

    def setFormatter(self, fmt):
        self.formatter = fmt

    def format(self, record):
        return (self.formatter or Formatter()).format(record)

    def handle(self, record):
        if record.levelno >= self.level and self.filter(record):
            self.emit(record)

    def emit(self, record):
        raise NotImplementedError("emit must be implemented by Handler subclasses")

    def flush(self):
        pass

    def close(self):
        pass


class StreamHandler(Handler):
    """Writes messages to a stream, by default the standard error."""

    terminator = "\n"

    def __init__(self, stream=None):
        super().__init__()
        self.stream = sys.stderr if stream is None else stream

    def emit(self, record):
        self.stream.write(self.format(record) + self.terminator)
        self.flush()

    def flush(self):
        self.stream.flush()


class FileHandler(StreamHandler):
    """Writes messages to a file."""

    def __init__(self, filename, mode="a", encoding=None, delay=False, errors=None):
        self.baseFilename = str(filename)
        super().__init__(open(filename, mode))

    def close(self):
        self.stream.close()


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
        logger = self
        while logger is not None:
            if logger.level:
                return logger.level
            logger = logger.parent
        return NOTSET

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
        record = LogRecord(self.name, level, "", 0, msg, args, exc_info)
        for k, v in (extra or {}).items():
            setattr(record, k, v)
        self.handle(record)

    def handle(self, record):
        if self.disabled or not self.filter(record):
            return
        handlers = [h for logger in self._reached() for h in logger.handlers]
        for h in handlers:
            h.handle(record)
        if not handlers and record.levelno >= WARNING:
            print(record.getMessage(), file=sys.stderr)
            if record.exc_info:
                print(Formatter().formatException(record.exc_info), file=sys.stderr)

    def log(self, level, msg, *args, **kwargs):
        if self.isEnabledFor(level):
            self._log(level, msg, args, **kwargs)

    debug, info, warning, error, critical = map(_sender, (DEBUG, INFO, WARNING, ERROR, CRITICAL))
    warn, fatal = warning, critical

    def exception(self, msg, *args, exc_info=True, **kwargs):
        self.error(msg, *args, exc_info=exc_info, **kwargs)

    def __repr__(self):
        return f"<Logger {self.name} ({getLevelName(self.getEffectiveLevel())})>"


root = Logger("root", WARNING)
_loggers = {}
_disabled = [NOTSET]


def _forget_floors():
    root._floor = 0
    for logger in _loggers.values():
        logger._floor = 0


def getLogger(name=None):
    """The logger of a name; the root where there is none."""
    if not name or name == "root":
        return root
    if name not in _loggers:
        logger = Logger(name)
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
    fmt, level = kwargs.pop("format", BASIC_FORMAT), kwargs.pop("level", None)
    kwargs.pop("encoding", None)
    kwargs.pop("errors", None)
    if kwargs:
        raise ValueError(f"Unrecognised argument(s): {', '.join(kwargs)}")
    if root.handlers:
        return
    if handlers is None:
        handlers = [FileHandler(filename, filemode) if filename else StreamHandler(stream)]
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
    """Flush the handlers."""
    for logger in [root] + list(_loggers.values()):
        for h in logger.handlers:
            h.flush()


def captureWarnings(capture):
    """Accepted; warnings go to the standard error as before."""
