"""What finds tests."""

import fnmatch
import functools
import importlib
import os
import re
import sys
import traceback
from unittest import case, suite

__all__ = ["TestLoader", "defaultTestLoader", "findTestCases", "getTestCaseNames", "makeSuite"]

_MODULE_FILE = re.compile(r"[_a-z]\w*\.py$", re.IGNORECASE)


class _FailedTest(case.TestCase):
    """Stands for what could not be loaded, and raises why."""

    _testMethodName = None

    def __init__(self, method_name, exception):
        self._exception = exception
        super().__init__(method_name)

    def __getattr__(self, name):
        if name != self._testMethodName:
            raise AttributeError(f"'_FailedTest' object has no attribute '{name}'")

        def fail():
            raise self._exception

        return fail


class TestLoader:
    """Finds tests."""

    testMethodPrefix = "test"
    sortTestMethodsUsing = staticmethod(lambda a, b: (a > b) - (a < b))
    testNamePatterns = None
    suiteClass = suite.TestSuite
    _top_level_dir = None

    def __init__(self):
        self.errors = []
        self._loading_packages = set()

    def loadTestsFromTestCase(self, testCaseClass):
        """The tests of a class."""
        if issubclass(testCaseClass, suite.TestSuite):
            raise TypeError("Test cases should not be derived from TestSuite. Maybe you meant to derive from TestCase?")
        if testCaseClass in (case.TestCase, case.FunctionTestCase):
            names = []
        else:
            names = self.getTestCaseNames(testCaseClass)
            if not names and hasattr(testCaseClass, "runTest"):
                names = ["runTest"]
        return self.suiteClass([testCaseClass(n) for n in names])

    def loadTestsFromModule(self, module, *, pattern=None):
        """The tests of a module: those of its classes, or what its load_tests makes of them."""
        tests = []
        for name in dir(module):
            obj = getattr(module, name)
            if isinstance(obj, type) and issubclass(obj, case.TestCase) and obj not in (case.TestCase, case.FunctionTestCase):
                tests.append(self.loadTestsFromTestCase(obj))
        tests = self.suiteClass(tests)
        load_tests = getattr(module, "load_tests", None)
        if load_tests is not None:
            try:
                return load_tests(self, tests, pattern)
            except Exception as e:
                return self._failed(module.__name__, e, "Failed to call load_tests:\n" + traceback.format_exc())
        return tests

    def _failed(self, name, error, message):
        self.errors.append(message)
        kind = error if isinstance(error, AttributeError) else ImportError(message)
        return self.suiteClass([_FailedTest(name, kind)])

    def loadTestsFromName(self, name, module=None):
        """The tests of a module, a class or a function, or one method of a class, by its dotted name."""
        parts = name.split(".")
        failure = None
        if module is None:
            left = list(parts)
            while left:
                try:
                    module = __import__(".".join(left))
                    break
                except ImportError as e:
                    last = left.pop()
                    failure = self._failed(last, e, f"Failed to import test module: {last}\n{traceback.format_exc()}")
            if module is None:
                return failure
            parts = parts[1:]
        obj, parent = module, None
        for part in parts:
            try:
                parent, obj = obj, getattr(obj, part)
            except AttributeError as e:
                if getattr(obj, "__path__", None) is not None and failure is not None:
                    return failure
                self.errors.pop() if failure is not None else None
                return self._failed(part, e, f"Failed to access attribute:\n{traceback.format_exc()}")
        if failure is not None:
            self.errors.pop()
        return self._tests_of(obj, parent, parts)

    def _tests_of(self, obj, parent, parts):
        if isinstance(obj, type(sys)):
            return self.loadTestsFromModule(obj)
        if isinstance(obj, type) and issubclass(obj, case.TestCase):
            return self.loadTestsFromTestCase(obj)
        if isinstance(parent, type) and issubclass(parent, case.TestCase) and callable(obj):
            name = parts[-1]
            made = parent(name)
            if not isinstance(getattr(made, name), type(self.getTestCaseNames)):
                return self.suiteClass([case.FunctionTestCase(obj)])
            return self.suiteClass([made])
        if isinstance(obj, suite.TestSuite):
            return obj
        if callable(obj):
            made = obj()
            if isinstance(made, suite.TestSuite):
                return made
            if isinstance(made, case.TestCase):
                return self.suiteClass([made])
            raise TypeError(f"calling {obj} returned {made}, not a test")
        raise TypeError(f"don't know how to make test from: {obj}")

    def loadTestsFromNames(self, names, module=None):
        return self.suiteClass([self.loadTestsFromName(n, module) for n in names])

    def getTestCaseNames(self, testCaseClass):
        """The names of the methods that are tests."""

        def wanted(name):
            if not name.startswith(self.testMethodPrefix) or not callable(getattr(testCaseClass, name)):
                return False
            full = f"{testCaseClass.__module__}.{testCaseClass.__qualname__}.{name}"
            return self.testNamePatterns is None or any([fnmatch.fnmatchcase(full, p) for p in self.testNamePatterns])

        names = [n for n in dir(testCaseClass) if wanted(n)]
        if self.sortTestMethodsUsing:
            names.sort(key=functools.cmp_to_key(self.sortTestMethodsUsing))
        return names

    def discover(self, start_dir, pattern="test*.py", top_level_dir=None):
        """The tests of the files below a folder, or a package, whose names fit a pattern."""
        given = top_level_dir is not None
        if top_level_dir is None and self._top_level_dir is not None:
            top_level_dir = self._top_level_dir
        elif top_level_dir is None:
            top_level_dir = start_dir
        top_level_dir = os.path.abspath(top_level_dir)
        if os.path.isdir(os.path.abspath(start_dir)):
            start_dir = os.path.abspath(start_dir)
            if start_dir != top_level_dir and not os.path.isfile(os.path.join(start_dir, "__init__.py")):
                raise ImportError(f"Start directory is not importable: {start_dir!r}")
        else:
            module = importlib.import_module(start_dir)
            folder = os.path.dirname(module.__file__)
            if not given:
                top_level_dir = os.path.normpath(os.path.join(folder, *[".."] * len(start_dir.split("."))))
            start_dir = folder
        if top_level_dir not in sys.path:
            sys.path.insert(0, top_level_dir)
        self._top_level_dir = top_level_dir
        return self.suiteClass(list(self._find(start_dir, pattern)))

    def _module_name(self, path):
        relative = os.path.relpath(os.path.normpath(os.path.splitext(path)[0]), self._top_level_dir)
        return relative.replace(os.path.sep, ".")

    def _find(self, folder, pattern):
        """The tests of a folder and of the packages in it."""
        name = "" if folder == self._top_level_dir else self._module_name(folder)
        if name and name not in self._loading_packages:
            tests, seek = self._load_file(folder, pattern)
            if tests is not None:
                yield tests
            if not seek:
                return
        for entry in sorted(os.listdir(folder)):
            path = os.path.join(folder, entry)
            tests, seek = self._load_file(path, pattern)
            if tests is not None:
                yield tests
            if seek:
                package = self._module_name(path)
                self._loading_packages.add(package)
                try:
                    yield from self._find(path, pattern)
                finally:
                    self._loading_packages.discard(package)

    def _load_file(self, path, pattern):
        """The tests of a file or a package, and whether to look below."""
        base = os.path.basename(path)
        if os.path.isfile(path):
            if not _MODULE_FILE.match(base) or not fnmatch.fnmatch(base, pattern):
                return None, False
            name = self._module_name(path)
            try:
                module = importlib.import_module(name)
            except case.SkipTest as e:
                return self._skipped(name, e), False
            except Exception as e:
                return self._failed(name, ImportError(str(e)), f"Failed to import test module: {name}\n{traceback.format_exc()}"), False
            return self.loadTestsFromModule(module, pattern=pattern), False
        if not os.path.isdir(path) or not os.path.isfile(os.path.join(path, "__init__.py")):
            return None, False
        name = self._module_name(path)
        try:
            package = importlib.import_module(name)
        except case.SkipTest as e:
            return self._skipped(name, e), False
        except Exception as e:
            return self._failed(name, ImportError(str(e)), f"Failed to import test module: {name}\n{traceback.format_exc()}"), False
        own = getattr(package, "load_tests", None)
        self._loading_packages.add(name)
        try:
            tests = self.loadTestsFromModule(package, pattern=pattern)
        finally:
            self._loading_packages.discard(name)
        return tests, own is None

    def _skipped(self, name, error):
        @case.skip(str(error))
        def testSkipped(self):
            pass

        return self.suiteClass([type("ModuleSkipped", (case.TestCase,), {name: testSkipped})(name)])


defaultTestLoader = TestLoader()


def _loader(prefix, sortUsing, suiteClass=None, testNamePatterns=None):
    loader = TestLoader()
    loader.testMethodPrefix, loader.testNamePatterns = prefix, testNamePatterns
    if sortUsing is not None:
        loader.sortTestMethodsUsing = sortUsing
    if suiteClass is not None:
        loader.suiteClass = suiteClass
    return loader


def getTestCaseNames(testCaseClass, prefix, sortUsing=None, testNamePatterns=None):
    return _loader(prefix, sortUsing, testNamePatterns=testNamePatterns).getTestCaseNames(testCaseClass)


def makeSuite(testCaseClass, prefix="test", sortUsing=None, suiteClass=suite.TestSuite):
    return _loader(prefix, sortUsing, suiteClass).loadTestsFromTestCase(testCaseClass)


def findTestCases(module, prefix="test", sortUsing=None, suiteClass=suite.TestSuite):
    return _loader(prefix, sortUsing, suiteClass).loadTestsFromModule(module)
