# Loggers set up by dicts and files.
import logging, logging.config, logging.handlers, io, sys, os, queue
buf = io.StringIO()
logging.config.dictConfig({"version": 1, "formatters": {"f": {"format": "{levelname}|{name}|{message}", "style": "{"}, "g": {"()": "logging.Formatter", "fmt": "%(message)s!"}},
  "filters": {"n": {"name": "a.b"}}, "handlers": {"h": {"class": "logging.StreamHandler", "stream": buf, "formatter": "f", "level": "INFO", "filters": ["n"]}, "o": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "g"},
  "m": {"class": "logging.handlers.MemoryHandler", "capacity": 10, "target": "o"}}, "loggers": {"a": {"handlers": ["h"], "level": "DEBUG", "propagate": False}, "q": {"handlers": ["m"], "level": "INFO"}}, "root": {"level": "ERROR", "handlers": ["o"]}})
logging.getLogger("a.b.c").info("x %d", 3); logging.getLogger("a.z").info("no"); logging.getLogger("a.b").debug("low"); print(repr(buf.getvalue()))
logging.getLogger("q").info("held"); print('-'); logging.getLogger("q").error("now")
logging.getLogger("other").error("root says")
for bad in [{}, {"version": 2}, {"version": 1, "handlers": {"h": {"class": "logging.StreamHandler", "formatter": "none"}}}, {"version":1,"root":{"handlers":["zz"]}}]:
    try: logging.config.dictConfig(bad)
    except Exception as e: print(type(e).__name__, e)
ad = logging.LoggerAdapter(logging.getLogger("a.b"), {"who": "you"}); ad.warning("hey"); print(repr(buf.getvalue()))
for s, f in (("%", "x"), ("{", "%(message)s"), ("$", "nothing"), ("!", "x")):
    try: logging.Formatter(f, style=s)
    except ValueError as e: print(e)
r = logging.makeLogRecord({"msg": "m %s", "args": ("k",), "levelname": "L"}); print(r.getMessage(), logging.Formatter("$levelname ${message}", style="$").format(r))
try: logging.Formatter("%(nope)s").format(r)
except ValueError as e: print(e)
print(logging.getLevelName("WARN"), logging.getLevelName(35), logging.getLevelNamesMapping()["ERROR"], logging.getLogger("a.b"), logging.root, logging.StreamHandler(sys.stdout).level)
h = logging.handlers.RotatingFileHandler("rot.log", maxBytes=20, backupCount=2); lg = logging.getLogger("rot"); lg.addHandler(h); lg.propagate = False; lg.setLevel("INFO")
for i in range(7): lg.info("line %d!!", i)
h.close(); print(sorted(f for f in os.listdir('.') if f.startswith('rot.log')), [open(f).read() for f in sorted(os.listdir('.')) if f.startswith('rot.log')])
q = queue.Queue(); qh = logging.handlers.QueueHandler(q); lq = logging.getLogger("qq"); lq.propagate=False; lq.addHandler(qh); lq.warning("via %s", "queue"); 
out = io.StringIO(); L = logging.handlers.QueueListener(q, logging.StreamHandler(out)); L.start(); L.stop(); print(out.getvalue())
class My(logging.Logger): pass
logging.setLoggerClass(My); print(type(logging.getLogger("mine")).__name__, logging.getLoggerClass().__name__)
try: logging.getLogger("a.b").info("x", extra={"message": 1})
except KeyError as e: print("KeyError", e)
open("l.ini","w").write("[loggers]\nkeys=root,s\n[handlers]\nkeys=c\n[formatters]\nkeys=p\n[logger_root]\nlevel=INFO\nhandlers=c\n[logger_s]\nlevel=DEBUG\nhandlers=\nqualname=s\npropagate=1\n[handler_c]\nclass=StreamHandler\nlevel=DEBUG\nformatter=p\nargs=(sys.stdout,)\n[formatter_p]\nformat=<%(name)s> %(message)s\n")
logging.config.fileConfig("l.ini"); logging.getLogger("s").debug("from file"); logging.getLogger("a").error("disabled"); logging.info("root info")
