"""Customs of places: those of the language C alone."""

LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES, LC_ALL = range(7)
CODESET = 14


class Error(Exception):
    """A place that is not known."""


def setlocale(category, locale=None):
    """The customs in force: C's, which the names C, POSIX and "" choose."""
    if locale in (None, "", "C", "POSIX", "C.UTF-8", "en_US.UTF-8"):
        return "C.UTF-8" if locale in ("C.UTF-8", "en_US.UTF-8") else "C"
    raise Error("unsupported locale setting")


def getlocale(category=LC_CTYPE):
    return ("en_US", "UTF-8")


def getdefaultlocale(envvars=()):
    return ("en_US", "UTF-8")


def getpreferredencoding(do_setlocale=True):
    return "UTF-8"


def getencoding():
    return "UTF-8"


def nl_langinfo(option):
    return "UTF-8" if option == CODESET else ""


def localeconv():
    return {"decimal_point": ".", "thousands_sep": "", "grouping": [], "currency_symbol": "", "mon_decimal_point": "", "mon_thousands_sep": ""}


def atof(string, func=float):
    return func(string)


def atoi(string):
    return int(string)


def str(val):
    return f"{val:.12g}"


def format_string(f, val, grouping=False, monetary=False):
    return f % val


def strcoll(a, b):
    return (a > b) - (a < b)


def strxfrm(string):
    return string
