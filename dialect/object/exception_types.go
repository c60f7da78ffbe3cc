package object

// exceptionType declares a builtin exception type.
func exceptionType(name string, base *Type) *Type {
	t := newType(name, "", base)
	t.layout = t
	return t
}

// Python's builtin exception types.
var (
	BaseException          = exceptionType("BaseException", ObjectType)
	SystemExit             = exceptionType("SystemExit", BaseException)
	KeyboardInterrupt      = exceptionType("KeyboardInterrupt", BaseException)
	GeneratorExit          = exceptionType("GeneratorExit", BaseException)
	ExceptionType          = exceptionType("Exception", BaseException)
	StopIteration          = exceptionType("StopIteration", ExceptionType)
	StopAsyncIteration     = exceptionType("StopAsyncIteration", ExceptionType)
	ArithmeticError        = exceptionType("ArithmeticError", ExceptionType)
	FloatingPointError     = exceptionType("FloatingPointError", ArithmeticError)
	OverflowError          = exceptionType("OverflowError", ArithmeticError)
	ZeroDivisionError      = exceptionType("ZeroDivisionError", ArithmeticError)
	AssertionError         = exceptionType("AssertionError", ExceptionType)
	AttributeError         = exceptionType("AttributeError", ExceptionType)
	BufferError            = exceptionType("BufferError", ExceptionType)
	EOFError               = exceptionType("EOFError", ExceptionType)
	ImportError            = exceptionType("ImportError", ExceptionType)
	ModuleNotFoundError    = exceptionType("ModuleNotFoundError", ImportError)
	LookupError            = exceptionType("LookupError", ExceptionType)
	IndexError             = exceptionType("IndexError", LookupError)
	KeyError               = exceptionType("KeyError", LookupError)
	MemoryError            = exceptionType("MemoryError", ExceptionType)
	NameError              = exceptionType("NameError", ExceptionType)
	UnboundLocalError      = exceptionType("UnboundLocalError", NameError)
	OSError                = exceptionType("OSError", ExceptionType)
	BlockingIOError        = exceptionType("BlockingIOError", OSError)
	ChildProcessError      = exceptionType("ChildProcessError", OSError)
	ConnectionError        = exceptionType("ConnectionError", OSError)
	BrokenPipeError        = exceptionType("BrokenPipeError", ConnectionError)
	ConnectionAbortedError = exceptionType("ConnectionAbortedError", ConnectionError)
	ConnectionRefusedError = exceptionType("ConnectionRefusedError", ConnectionError)
	ConnectionResetError   = exceptionType("ConnectionResetError", ConnectionError)
	FileExistsError        = exceptionType("FileExistsError", OSError)
	FileNotFoundError      = exceptionType("FileNotFoundError", OSError)
	InterruptedError       = exceptionType("InterruptedError", OSError)
	IsADirectoryError      = exceptionType("IsADirectoryError", OSError)
	NotADirectoryError     = exceptionType("NotADirectoryError", OSError)
	PermissionError        = exceptionType("PermissionError", OSError)
	ProcessLookupError     = exceptionType("ProcessLookupError", OSError)
	TimeoutError           = exceptionType("TimeoutError", OSError)
	ReferenceError         = exceptionType("ReferenceError", ExceptionType)
	RuntimeError           = exceptionType("RuntimeError", ExceptionType)
	NotImplementedError    = exceptionType("NotImplementedError", RuntimeError)
	RecursionError         = exceptionType("RecursionError", RuntimeError)
	SyntaxError            = exceptionType("SyntaxError", ExceptionType)
	IndentationError       = exceptionType("IndentationError", SyntaxError)
	TabError               = exceptionType("TabError", IndentationError)
	SystemError            = exceptionType("SystemError", ExceptionType)
	TypeError              = exceptionType("TypeError", ExceptionType)
	ValueError             = exceptionType("ValueError", ExceptionType)
	UnicodeError           = exceptionType("UnicodeError", ValueError)
	UnicodeDecodeError     = exceptionType("UnicodeDecodeError", UnicodeError)
	UnicodeEncodeError     = exceptionType("UnicodeEncodeError", UnicodeError)
	UnicodeTranslateError  = exceptionType("UnicodeTranslateError", UnicodeError)
	Warning                = exceptionType("Warning", ExceptionType)
	BytesWarning           = exceptionType("BytesWarning", Warning)
	DeprecationWarning     = exceptionType("DeprecationWarning", Warning)
	EncodingWarning        = exceptionType("EncodingWarning", Warning)
	FutureWarning          = exceptionType("FutureWarning", Warning)
	ImportWarning          = exceptionType("ImportWarning", Warning)
	PendingDeprecation     = exceptionType("PendingDeprecationWarning", Warning)
	ResourceWarning        = exceptionType("ResourceWarning", Warning)
	RuntimeWarning         = exceptionType("RuntimeWarning", Warning)
	SyntaxWarning          = exceptionType("SyntaxWarning", Warning)
	UnicodeWarning         = exceptionType("UnicodeWarning", Warning)
	UserWarning            = exceptionType("UserWarning", Warning)
)

// exceptionTypes lists the types for the table of builtins.
func exceptionTypes() []*Type {
	return []*Type{
		BaseException, BaseExceptionGroup, ExceptionGroup, SystemExit, KeyboardInterrupt, GeneratorExit, ExceptionType, StopIteration,
		StopAsyncIteration, ArithmeticError, FloatingPointError, OverflowError, ZeroDivisionError,
		AssertionError, AttributeError, BufferError, EOFError, ImportError, ModuleNotFoundError,
		LookupError, IndexError, KeyError, MemoryError, NameError, UnboundLocalError, OSError,
		BlockingIOError, ChildProcessError, ConnectionError, BrokenPipeError, ConnectionAbortedError,
		ConnectionRefusedError, ConnectionResetError, FileExistsError, FileNotFoundError,
		InterruptedError, IsADirectoryError, NotADirectoryError, PermissionError, ProcessLookupError,
		TimeoutError, ReferenceError, RuntimeError, NotImplementedError, RecursionError, SyntaxError,
		IndentationError, TabError, SystemError, TypeError, ValueError, UnicodeError,
		UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, Warning, BytesWarning,
		DeprecationWarning, EncodingWarning, FutureWarning, ImportWarning, PendingDeprecation,
		ResourceWarning, RuntimeWarning, SyntaxWarning, UnicodeWarning, UserWarning,
	}
}
