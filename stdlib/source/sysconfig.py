"""What is known of how the interpreter was built, which is little: it is one file that needs no folders."""

import os as _os
import sys as _sys

__all__ = ["get_config_h_filename", "get_config_var", "get_config_vars", "get_default_scheme", "get_makefile_filename", "get_path", "get_path_names", "get_paths",
           "get_platform", "get_preferred_scheme", "get_python_version", "get_scheme_names", "is_python_build", "parse_config_h"]

_NAMES = ("stdlib", "platstdlib", "purelib", "platlib", "include", "platinclude", "scripts", "data")


def get_python_version():
    """The language's version, such as 3.11."""
    return f"{_sys.version_info[0]}.{_sys.version_info[1]}"


def get_platform():
    """The system's name. What processor it has is not told."""
    return _sys.platform


def get_path_names():
    return _NAMES


def get_scheme_names():
    return ("posix_prefix", "posix_user")


def get_default_scheme():
    return "posix_prefix"


def get_preferred_scheme(key):
    """The scheme for prefix, home or user."""
    if key not in ("prefix", "home", "user"):
        raise ValueError(f"get_preferred_scheme: {key!r} is neither prefix, home nor user")
    return "posix_user" if key == "user" else "posix_prefix"


def get_paths(scheme="posix_prefix", vars=None, expand=True):
    """The folders of a scheme by their names."""
    if scheme not in get_scheme_names():
        raise KeyError(scheme)
    base = (vars or {}).get("base", _sys.prefix)
    library = f"{base}/lib/python{get_python_version()}"
    where = {"include": f"{base}/include/python{get_python_version()}", "scripts": f"{base}/bin", "data": base, "stdlib": library, "platstdlib": library}
    where["platinclude"] = where["include"]
    where["purelib"] = where["platlib"] = f"{library}/site-packages"
    return {name: _os.path.normpath(where[name]) for name in _NAMES}


def get_path(name, scheme="posix_prefix", vars=None, expand=True):
    return get_paths(scheme, vars, expand)[name]


def get_config_vars(*args):
    """What was chosen when the interpreter was built: all of it, or the values of the names."""
    known = {"prefix": _sys.prefix, "exec_prefix": _sys.prefix, "base": _sys.prefix, "platbase": _sys.prefix, "py_version": _sys.version.split()[0],
             "py_version_short": get_python_version(), "py_version_nodot": get_python_version().replace(".", ""), "EXT_SUFFIX": ".so", "SOABI": None, "Py_DEBUG": 0,
             "Py_GIL_DISABLED": 0, "BINDIR": f"{_sys.prefix}/bin", "LIBDIR": f"{_sys.prefix}/lib", "CC": None, "userbase": _os.path.expanduser("~/.local")}
    return [known.get(name) for name in args] if args else known


def get_config_var(name):
    """The value of a name, None where there is none."""
    return get_config_vars().get(name)


def get_config_h_filename():
    return f"{get_path('platinclude')}/pyconfig.h"


def get_makefile_filename():
    return f"{get_path('stdlib')}/config/Makefile"


def is_python_build(check_home=None):
    return False


def parse_config_h(fp, vars=None):
    """The numbers and texts that a header defines, added to vars."""
    found = {} if vars is None else vars
    for line in fp:
        words = line.split(None, 2)
        if len(words) == 3 and words[0] == "#define":
            value = words[2].strip()
            try:
                value = int(value)
            except ValueError:
                pass
            found[words[1]] = value
        elif len(words) == 3 and words[:2] == ["/*", "#undef"]:
            found[words[2].split()[0]] = 0
    return found
