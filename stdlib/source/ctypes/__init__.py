"""Native code, which scripts do not call: the names of its types, and libraries that refuse to be loaded."""


def _refuse(what):
    raise NotImplementedError(f"ctypes.{what}: scripts call no native code")


class _CData:
    """A value of native code."""

    def __init__(self, *args, **kwargs):
        _refuse(type(self).__name__)

    def __class_getitem__(cls, item):
        return cls


class _Simple(_CData):
    pass


for _name in ("c_bool", "c_byte", "c_char", "c_char_p", "c_double", "c_float", "c_int", "c_int16", "c_int32", "c_int64", "c_int8", "c_long", "c_longdouble", "c_longlong", "c_short",
              "c_size_t", "c_ssize_t", "c_ubyte", "c_uint", "c_uint16", "c_uint32", "c_uint64", "c_uint8", "c_ulong", "c_ulonglong", "c_ushort", "c_void_p", "c_wchar", "c_wchar_p", "py_object"):
    globals()[_name] = type(_name, (_Simple,), {})
del _name


class Structure(_CData):
    pass


class Union(_CData):
    pass


class Array(_CData):
    pass


class ArgumentError(Exception):
    pass


class _Function:
    """A function of a library that cannot be called."""

    def __init__(self, name):
        self.__name__, self.argtypes, self.restype, self.errcheck = name, None, None, None

    def __call__(self, *args):
        _refuse(self.__name__)


class _PythonAPI:
    """Python's own library: its functions have names alone."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = _Function(name)
        setattr(self, name, made)
        return made


class CDLL:
    def __init__(self, name, *args, **kwargs):
        _refuse(f"{type(self).__name__}({name!r})")


class PyDLL(CDLL):
    pass


class _Loader:
    def __init__(self, kind):
        self._kind = kind

    def LoadLibrary(self, name):
        return self._kind(name)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._kind(name)


cdll, pydll, pythonapi = _Loader(CDLL), _Loader(PyDLL), _PythonAPI()
RTLD_LOCAL, RTLD_GLOBAL, DEFAULT_MODE = 0, 256, 0


def _refusing(name):
    def function(*args, **kwargs):
        _refuse(name)

    function.__name__ = name
    return function


for _name in ("CFUNCTYPE", "PYFUNCTYPE", "POINTER", "addressof", "alignment", "byref", "cast", "create_string_buffer", "create_unicode_buffer", "get_errno", "memmove", "memset",
              "pointer", "set_errno", "sizeof", "string_at", "wstring_at"):
    globals()[_name] = _refusing(_name)
del _name
