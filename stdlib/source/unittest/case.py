"""Classes of tests."""
# Past 800 lines of one class and what belongs to it, as the assertions are its methods.

import re
import sys
import warnings
from unittest.util import difference, difference_text, short as _short

__all__ = ["FunctionTestCase", "IsolatedAsyncioTestCase", "SkipTest", "TestCase", "addModuleCleanup", "doModuleCleanups", "enterModuleContext",
           "expectedFailure", "skip", "skipIf", "skipUnless"]

_module_cleanups = []


class SkipTest(Exception):
    """Raised by a test that is to be skipped."""


class _ShouldStop(Exception):
    """Ends a test at a failed subtest of one that fails fast."""


def skip(reason):
    """Skip a test, or a class of tests."""

    def mark(item):
        item.__unittest_skip__ = True
        item.__unittest_skip_why__ = reason
        return item

    if callable(reason):
        item, reason = reason, ""
        return mark(item)
    return mark


def skipIf(condition, reason):
    """Skip a test if a condition holds."""
    return skip(reason) if condition else lambda item: item


def skipUnless(condition, reason):
    """Skip a test unless a condition holds."""
    return lambda item: item if condition else skip(reason)(item)


def expectedFailure(item):
    """The test is expected to fail."""
    item.__unittest_expecting_failure__ = True
    return item


def _enter(context, cleanup):
    """Enter a context, and have it left by a cleanup."""
    kind = type(context)
    try:
        enter, leave = kind.__enter__, kind.__exit__
    except AttributeError:
        raise TypeError(f"'{kind.__module__}.{kind.__qualname__}' object does not support the context manager protocol") from None
    value = enter(context)
    cleanup(leave, context, None, None, None)
    return value


def addModuleCleanup(function, /, *args, **kwargs):
    """Call a function after the tests of the module."""
    _module_cleanups.append((function, args, kwargs))


def enterModuleContext(cm):
    """Enter a context until the tests of the module are done."""
    return _enter(cm, addModuleCleanup)


def doModuleCleanups():
    """Call what addModuleCleanup was given, the last first."""
    errors = _errors_of(_module_cleanups)
    if errors:
        raise errors[0][1]


def _errors_of(calls):
    """Make calls, the last first, each taken off the list before it is made: the sys.exc_info() of those that raise."""
    errors = []
    while calls:
        function, args, kwargs = calls.pop()
        try:
            function(*args, **kwargs)
        except Exception:
            errors.append(sys.exc_info())
    return errors


class _Outcome:
    """How one run of a test goes."""

    def __init__(self, result):
        self.result = result
        self.expecting_failure, self.success, self.expectedFailure = False, True, None

    def part(self, test, subtest=False):
        """A part of the test, whose failure is noted."""
        return _Part(self, test, subtest)


class _Part:
    """The with statement around a part of a test."""

    def __init__(self, outcome, test, subtest):
        self.outcome, self.test, self.subtest = outcome, test, subtest

    def __enter__(self):
        self.before = self.outcome.success
        self.outcome.success = True

    def __exit__(self, kind, error, tb):
        outcome, result = self.outcome, self.outcome.result
        caught = True
        if kind is None:
            if self.subtest:
                result.addSubTest(self.test.test_case, self.test, None)
        elif issubclass(kind, KeyboardInterrupt):
            caught = False
        elif issubclass(kind, SkipTest):
            outcome.success = False
            _add_skip(result, self.test, str(error))
        elif issubclass(kind, _ShouldStop):
            pass
        elif outcome.expecting_failure:
            outcome.expectedFailure = (kind, error, tb)
        else:
            outcome.success = False
            if self.subtest:
                result.addSubTest(self.test.test_case, self.test, (kind, error, tb))
            elif issubclass(kind, self.test.failureException):
                result.addFailure(self.test, (kind, error, tb))
            else:
                result.addError(self.test, (kind, error, tb))
        outcome.success = outcome.success and self.before
        return caught


def _add_skip(result, test, reason):
    add = getattr(result, "addSkip", None)
    if add is None:
        warnings.warn("TestResult has no addSkip method, skips not reported", RuntimeWarning, 2)
        result.addSuccess(test)
    else:
        add(test, reason)


class _Raises:
    """The with statement of assertRaises."""

    def __init__(self, case, expected, pattern=None, msg=None, what="raised"):
        self.case, self.expected, self.msg = case, expected, msg
        self.pattern = re.compile(pattern) if isinstance(pattern, str) else pattern

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        if exc_type is None:
            names = self.expected if isinstance(self.expected, tuple) else (self.expected,)
            name = names[0].__name__ if len(names) == 1 else "(" + ", ".join(repr(e) for e in names) + ")"
            raise self.case.failureException(self.case._formatMessage(self.msg, f"{name} not raised"))
        if not isinstance(exc, self.expected):
            return False
        self.exception = exc.with_traceback(None)
        if self.pattern is not None and not self.pattern.search(str(exc)):
            text = f'"{self.pattern.pattern}" does not match "{exc}"'
            raise self.case.failureException(self.case._formatMessage(self.msg, text))
        return True


class _Warns:
    """The with statement of assertWarns."""

    def __init__(self, case, expected, pattern=None, msg=None):
        self.case, self.expected, self.pattern, self.msg = case, expected, pattern, msg

    def __enter__(self):
        for module in list(sys.modules.values()):
            if getattr(module, "__warningregistry__", None):
                module.__warningregistry__ = {}
        self._catch = warnings.catch_warnings(record=True)
        self._seen = self._catch.__enter__()
        warnings.simplefilter("always")
        return self

    def __exit__(self, exc_type, exc, tb):
        self._catch.__exit__(exc_type, exc, tb)
        if exc_type is not None:
            return False
        for w in self._seen:
            if issubclass(w.category, self.expected) and (self.pattern is None or re.search(self.pattern, str(w.message))):
                self.warning = w.message
                return None
        raise self.case.failureException(self.case._formatMessage(self.msg, f"{self.expected.__name__} not triggered"))


class _Logs:
    """The with statement of assertLogs and assertNoLogs."""

    _format = "%(levelname)s:%(name)s:%(message)s"

    def __init__(self, case, logger, level, wanted):
        import logging

        self.case, self.wanted = case, wanted
        self.level = logging.INFO if not level else getattr(logging, level) if isinstance(level, str) else level
        self.logger = logger if isinstance(logger, logging.Logger) else logging.getLogger(logger)

    def __enter__(self):
        import logging

        records, output = self.records, self.output = [], []
        formatter = logging.Formatter(self._format)

        class Collector(logging.Handler):
            def emit(self, record):
                records.append(record)
                output.append(formatter.format(record))

        self._old = self.logger.handlers[:], self.logger.level, self.logger.propagate
        handler = Collector()
        handler.setLevel(self.level)
        self.logger.handlers, self.logger.propagate = [handler], False
        self.logger.setLevel(self.level)
        return self if self.wanted else None

    def __exit__(self, kind, error, tb):
        import logging

        self.logger.handlers, level, self.logger.propagate = self._old
        self.logger.setLevel(level)
        if kind is not None:
            return False
        name = logging.getLevelName(self.level)
        if self.wanted and not self.records:
            raise self.case.failureException(f"no logs of level {name} or higher triggered on {self.logger.name}")
        if not self.wanted and self.records:
            raise self.case.failureException(f"Unexpected logs found: {self.output!r}")


class _SubTests:
    """The with statement of subTest."""

    def __init__(self, case, message, params):
        self.case, self.message, self.params = case, message, params

    def __enter__(self):
        case, outcome = self.case, self.case._outcome
        self.part = None
        if outcome is None or not hasattr(outcome.result, "addSubTest"):
            return
        self.parent = case._subtest
        params = dict(self.parent.params) if self.parent is not None else {}
        case._subtest = _SubTest(case, self.message, {**params, **self.params})
        self.part = outcome.part(case._subtest, True)
        self.part.__enter__()

    def __exit__(self, kind, error, tb):
        if self.part is None:
            return False
        case, outcome = self.case, self.case._outcome
        case._subtest = self.parent
        if not self.part.__exit__(kind, error, tb):
            return False
        if not outcome.success and getattr(outcome.result, "failfast", False):
            raise _ShouldStop
        if outcome.success and outcome.expectedFailure:
            raise _ShouldStop
        return True


class TestCase:
    """A class whose methods that begin with test are tests."""

    failureException = AssertionError
    longMessage = True
    maxDiff = 640
    _classSetupFailed = False
    _class_cleanups = ()
    tearDown_exceptions = ()

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        cls._classSetupFailed = False
        cls._class_cleanups = []

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._outcome, self._subtest, self._cleanups = None, None, []
        self._testMethodDoc = "No test"
        method = getattr(self, methodName, None)
        if method is None and methodName != "runTest":
            raise ValueError(f"no such test method in {type(self)}: {methodName}")
        if method is not None:
            self._testMethodDoc = getattr(method, "__doc__", None)
        self._type_equality_funcs = {}
        for kind, name in ((dict, "Dict"), (list, "List"), (tuple, "Tuple"), (set, "Set"), (frozenset, "Set"), (str, "MultiLine")):
            self.addTypeEqualityFunc(kind, f"assert{name}Equal")

    def addTypeEqualityFunc(self, typeobj, function):
        """Have assertEqual compare two values of a type by a function."""
        self._type_equality_funcs[typeobj] = function

    @classmethod
    def setUpClass(cls):
        """Run before the tests of the class."""

    def setUp(self):
        """Run before each test."""

    def tearDown(self):
        """Run after each test."""

    @classmethod
    def tearDownClass(cls):
        """Run after the tests of the class."""

    def addCleanup(self, function, /, *args, **kwargs):
        """Call a function after the test."""
        self._cleanups.append((function, args, kwargs))

    def doCleanups(self):
        """Call what addCleanup was given, the last first."""
        outcome = self._outcome or _Outcome(self.defaultTestResult())
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            with outcome.part(self):
                function(*args, **kwargs)
        return outcome.success

    def enterContext(self, cm):
        """Enter a context until the test ends."""
        return _enter(cm, self.addCleanup)

    @classmethod
    def addClassCleanup(cls, function, /, *args, **kwargs):
        """Call a function after the tests of the class."""
        cls._class_cleanups.append((function, args, kwargs))

    @classmethod
    def enterClassContext(cls, cm):
        """Enter a context until the tests of the class are done."""
        return _enter(cm, cls.addClassCleanup)

    @classmethod
    def doClassCleanups(cls):
        """Call what addClassCleanup was given, the last first."""
        cls.tearDown_exceptions = _errors_of(cls._class_cleanups)

    def countTestCases(self):
        return 1

    def defaultTestResult(self):
        from unittest.result import TestResult

        return TestResult()

    def id(self):
        return f"{type(self).__module__}.{type(self).__qualname__}.{self._testMethodName}"

    def shortDescription(self):
        doc = self._testMethodDoc
        return doc.strip().split("\n")[0].strip() if doc else None

    def __eq__(self, other):
        return self._testMethodName == other._testMethodName if type(self) is type(other) else NotImplemented

    def __hash__(self):
        return hash((type(self), self._testMethodName))

    def __str__(self):
        return f"{self._testMethodName} ({type(self).__module__}.{type(self).__qualname__}.{self._testMethodName})"

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} testMethod={self._testMethodName}>"

    def skipTest(self, reason):
        """Skip this test."""
        raise SkipTest(reason)

    def subTest(self, msg=None, **params):
        """A part of a test whose failure does not end it."""
        return _SubTests(self, msg, params)

    def _callSetUp(self):
        self.setUp()

    def _callTestMethod(self, method):
        if method() is not None:
            warnings.warn(f"It is deprecated to return a value that is not None from a test case ({method})", DeprecationWarning, 3)

    def _callTearDown(self):
        self.tearDown()

    def run(self, result=None):
        """Run the test."""
        own = result is None
        if own:
            result = self.defaultTestResult()
            getattr(result, "startTestRun", lambda: None)()
        result.startTest(self)
        try:
            method = getattr(self, self._testMethodName)
            if getattr(type(self), "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False):
                why = getattr(type(self), "__unittest_skip_why__", "") or getattr(method, "__unittest_skip_why__", "")
                _add_skip(result, self, why)
                return result
            expecting = getattr(self, "__unittest_expecting_failure__", False) or getattr(method, "__unittest_expecting_failure__", False)
            outcome = self._outcome = _Outcome(result)
            try:
                self._run(outcome, method, expecting)
                self._conclude(result, outcome, expecting)
            finally:
                outcome.expectedFailure = outcome.result = self._outcome = None
        finally:
            result.stopTest(self)
            if own:
                getattr(result, "stopTestRun", lambda: None)()
        return result

    def _run(self, outcome, method, expecting):
        with outcome.part(self):
            self._callSetUp()
        if outcome.success:
            outcome.expecting_failure = expecting
            with outcome.part(self):
                self._callTestMethod(method)
            outcome.expecting_failure = False
            with outcome.part(self):
                self._callTearDown()
        self.doCleanups()

    def _conclude(self, result, outcome, expecting):
        if not outcome.success:
            return
        if not expecting:
            result.addSuccess(self)
        elif outcome.expectedFailure:
            result.addExpectedFailure(self, outcome.expectedFailure)
        else:
            result.addUnexpectedSuccess(self)

    def __call__(self, *args, **kwargs):
        return self.run(*args, **kwargs)

    def debug(self):
        """Run the test without catching what it raises."""
        method = getattr(self, self._testMethodName)
        if getattr(type(self), "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False):
            raise SkipTest(getattr(type(self), "__unittest_skip_why__", "") or getattr(method, "__unittest_skip_why__", ""))
        self._callSetUp()
        self._callTestMethod(method)
        self._callTearDown()
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def _formatMessage(self, msg, standard):
        if not self.longMessage:
            return msg or standard
        return standard if msg is None else f"{standard} : {msg}"

    def _fail(self, msg, standard):
        raise self.failureException(self._formatMessage(msg, standard))

    def fail(self, msg=None):
        """Fail."""
        raise self.failureException(msg)

    def assertTrue(self, expr, msg=None):
        if not expr:
            self._fail(msg, f"{_short(expr)} is not true")

    def assertFalse(self, expr, msg=None):
        if expr:
            self._fail(msg, f"{_short(expr)} is not false")

    def assertEqual(self, first, second, msg=None):
        if type(first) is type(second):
            compare = self._type_equality_funcs.get(type(first))
            if compare is not None:
                return (getattr(self, compare) if isinstance(compare, str) else compare)(first, second, msg=msg)
        self._baseAssertEqual(first, second, msg)

    def _baseAssertEqual(self, first, second, msg=None):
        if not first == second:
            self._fail(msg, f"{_short(first)} != {_short(second)}")

    def assertNotEqual(self, first, second, msg=None):
        if not first != second:
            self._fail(msg, f"{_short(first)} == {_short(second)}")

    def assertSequenceEqual(self, first, second, msg=None, seq_type=None):
        name = seq_type.__name__ if seq_type else "sequence"
        if seq_type is not None:
            for which, s in (("First", first), ("Second", second)):
                if not isinstance(s, seq_type):
                    raise self.failureException(f"{which} sequence is not a {name}: {_short(s)}")
        if first == second:
            return
        text = f"{name.capitalize()}s differ: {_short(first)} != {_short(second)}\n"
        for i in range(min(len(first), len(second))):
            if first[i] != second[i]:
                text += f"\nFirst differing element {i}:\n{_short(first[i])}\n{_short(second[i])}\n"
                break
        else:
            if len(first) != len(second):
                long, which = (first, "First") if len(first) > len(second) else (second, "Second")
                n = min(len(first), len(second))
                text += f"\n{which} {name} contains {abs(len(first) - len(second))} additional elements.\nFirst extra element {n}:\n{_short(long[n])}\n"
        self._fail(msg, text + "\n" + difference(first, second))

    def assertListEqual(self, list1, list2, msg=None):
        self.assertSequenceEqual(list1, list2, msg, list)

    def assertTupleEqual(self, tuple1, tuple2, msg=None):
        self.assertSequenceEqual(tuple1, tuple2, msg, tuple)

    def assertDictEqual(self, d1, d2, msg=None):
        self.assertIsInstance(d1, dict, "First argument is not a dictionary")
        self.assertIsInstance(d2, dict, "Second argument is not a dictionary")
        if d1 != d2:
            self._fail(msg, f"{_short(d1)} != {_short(d2)}\n{difference(d1, d2)}")

    def assertSetEqual(self, set1, set2, msg=None):
        left, right = set1 - set2, set2 - set1
        if not (left or right):
            return
        lines = []
        if left:
            lines.append("Items in the first set but not the second:")
            lines += [repr(x) for x in left]
        if right:
            lines.append("Items in the second set but not the first:")
            lines += [repr(x) for x in right]
        self._fail(msg, "\n".join(lines))

    def assertMultiLineEqual(self, first, second, msg=None):
        if first != second:
            self._fail(msg, f"{_short(first)} != {_short(second)}\n" + difference_text(first, second))

    def assertCountEqual(self, first, second, msg=None):
        rest, missing = list(second), []
        for x in first:
            if x in rest:
                rest.remove(x)
            else:
                missing.append(x)
        if missing or rest:
            self._fail(msg, f"Element counts were not equal:\nFirst has, Second lacks: {missing!r}\nSecond has, First lacks: {rest!r}")

    def assertIs(self, expr1, expr2, msg=None):
        if expr1 is not expr2:
            self._fail(msg, f"{_short(expr1)} is not {_short(expr2)}")

    def assertIsNot(self, expr1, expr2, msg=None):
        if expr1 is expr2:
            self._fail(msg, f"unexpectedly identical: {_short(expr1)}")

    def assertIsNone(self, obj, msg=None):
        if obj is not None:
            self._fail(msg, f"{_short(obj)} is not None")

    def assertIsNotNone(self, obj, msg=None):
        if obj is None:
            self._fail(msg, "unexpectedly None")

    def assertIn(self, member, container, msg=None):
        if member not in container:
            self._fail(msg, f"{_short(member)} not found in {_short(container)}")

    def assertNotIn(self, member, container, msg=None):
        if member in container:
            self._fail(msg, f"{_short(member)} unexpectedly found in {_short(container)}")

    def assertIsInstance(self, obj, cls, msg=None):
        if not isinstance(obj, cls):
            self._fail(msg, f"{_short(obj)} is not an instance of {cls!r}")

    def assertNotIsInstance(self, obj, cls, msg=None):
        if isinstance(obj, cls):
            self._fail(msg, f"{_short(obj)} is an instance of {cls!r}")

    def assertGreater(self, a, b, msg=None):
        if not a > b:
            self._fail(msg, f"{_short(a)} not greater than {_short(b)}")

    def assertGreaterEqual(self, a, b, msg=None):
        if not a >= b:
            self._fail(msg, f"{_short(a)} not greater than or equal to {_short(b)}")

    def assertLess(self, a, b, msg=None):
        if not a < b:
            self._fail(msg, f"{_short(a)} not less than {_short(b)}")

    def assertLessEqual(self, a, b, msg=None):
        if not a <= b:
            self._fail(msg, f"{_short(a)} not less than or equal to {_short(b)}")

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if first == second:
            return
        if not (delta is None or places is None):
            raise TypeError("specify delta or places not both")
        diff = abs(first - second)
        if delta is not None:
            if not diff <= delta:
                self._fail(msg, f"{_short(first)} != {_short(second)} within {_short(delta)} delta ({_short(diff)} difference)")
            return
        places = 7 if places is None else places
        if round(diff, places) != 0:
            self._fail(msg, f"{_short(first)} != {_short(second)} within {places} places ({_short(diff)} difference)")

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        diff = abs(first - second)
        if delta is not None:
            if first == second or diff <= delta:
                self._fail(msg, f"{_short(first)} == {_short(second)} within {_short(delta)} delta ({_short(diff)} difference)")
            return
        places = 7 if places is None else places
        if first == second or round(diff, places) == 0:
            self._fail(msg, f"{_short(first)} == {_short(second)} within {places} places")

    def assertRegex(self, text, expected_regex, msg=None):
        pattern = re.compile(expected_regex) if isinstance(expected_regex, str) else expected_regex
        if not pattern.search(text):
            self._fail(msg, f"Regex didn't match: {pattern.pattern!r} not found in {text!r}")

    def assertNotRegex(self, text, unexpected_regex, msg=None):
        pattern = re.compile(unexpected_regex) if isinstance(unexpected_regex, str) else unexpected_regex
        m = pattern.search(text)
        if m:
            self._fail(msg, f"Regex matched: {m.group(0)!r} matches {pattern.pattern!r} in {text!r}")

    def _check_types(self, expected, base):
        kinds = expected if isinstance(expected, tuple) else (expected,)
        if not all([isinstance(k, type) and issubclass(k, base) for k in kinds]):
            raise TypeError("arg 1 must be an exception type or tuple of exception types" if base is BaseException else "arg 1 must be a warning class or tuple of warning classes")

    def assertRaises(self, expected_exception, *args, **kwargs):
        self._check_types(expected_exception, BaseException)
        if not args:
            return _Raises(self, expected_exception, None, kwargs.pop("msg", None))
        with _Raises(self, expected_exception):
            args[0](*args[1:], **kwargs)

    def assertRaisesRegex(self, expected_exception, expected_regex, *args, **kwargs):
        if not args:
            return _Raises(self, expected_exception, expected_regex, kwargs.pop("msg", None))
        with _Raises(self, expected_exception, expected_regex):
            args[0](*args[1:], **kwargs)

    def assertWarns(self, expected_warning, *args, **kwargs):
        if not args:
            return _Warns(self, expected_warning, None, kwargs.pop("msg", None))
        with _Warns(self, expected_warning):
            args[0](*args[1:], **kwargs)

    def assertWarnsRegex(self, expected_warning, expected_regex, *args, **kwargs):
        if not args:
            return _Warns(self, expected_warning, expected_regex, kwargs.pop("msg", None))
        with _Warns(self, expected_warning, expected_regex):
            args[0](*args[1:], **kwargs)

    def assertLogs(self, logger=None, level=None):
        return _Logs(self, logger, level, True)

    def assertNoLogs(self, logger=None, level=None):
        return _Logs(self, logger, level, False)

    def assertDictContainsSubset(self, subset, dictionary, msg=None):
        missing = [k for k in subset if k not in dictionary]
        wrong = [f"{k!r}, expected: {_short(v)}, actual: {_short(dictionary[k])}" for k, v in subset.items() if k in dictionary and dictionary[k] != v]
        parts = (["Missing: " + ",".join([repr(k) for k in missing])] if missing else []) + (["Mismatched values: " + ",".join(wrong)] if wrong else [])
        if parts:
            self._fail(msg, "; ".join(parts))

    failUnlessEqual = assertEquals = assertEqual
    failIfEqual = assertNotEquals = assertNotEqual
    failUnless = assert_ = assertTrue
    failUnlessRaises = assertRaises
    failIf = assertFalse
    assertAlmostEquals = assertAlmostEqual
    assertNotAlmostEquals = assertNotAlmostEqual
    assertRegexpMatches = assertRegex
    assertNotRegexpMatches = assertNotRegex
    assertRaisesRegexp = assertRaisesRegex


class FunctionTestCase(TestCase):
    """A function as a test."""

    def __init__(self, testFunc, setUp=None, tearDown=None, description=None):
        super().__init__()
        self._function, self._before, self._after, self._description = testFunc, setUp, tearDown, description

    def setUp(self):
        if self._before is not None:
            self._before()

    def tearDown(self):
        if self._after is not None:
            self._after()

    def runTest(self):
        self._function()

    def id(self):
        return self._function.__name__

    def __str__(self):
        return f"{type(self).__module__}.{type(self).__qualname__} ({self._function.__name__})"

    def shortDescription(self):
        if self._description is not None:
            return self._description
        doc = self._function.__doc__
        return doc.split("\n")[0].strip() if doc else None


class IsolatedAsyncioTestCase(TestCase):
    """A class of tests that may be coroutines, each in a loop of its own."""

    def asyncSetUp(self):
        """Run before each test, in its loop."""

    def asyncTearDown(self):
        """Run after each test, in its loop."""

    def addAsyncCleanup(self, func, /, *args, **kwargs):
        """Call a coroutine function after the test."""
        self.addCleanup(lambda: self._await(func(*args, **kwargs)))

    def _await(self, value):
        if hasattr(value, "__await__"):
            return self._runner.run(value)
        return value

    def run(self, result=None):
        import asyncio

        self._runner = asyncio.Runner()
        try:
            return super().run(result)
        finally:
            self._runner.close()

    def _callSetUp(self):
        self.setUp()
        self._await(self.asyncSetUp())

    def _callTestMethod(self, method):
        self._await(method())

    def _callTearDown(self):
        self._await(self.asyncTearDown())
        self.tearDown()


class _SubTest(TestCase):
    """One run of the body of a subTest."""

    def __init__(self, test_case, message, params):
        super().__init__()
        self._message, self.test_case, self.params = message, test_case, params
        self.failureException = test_case.failureException

    def runTest(self):
        raise NotImplementedError("subtests cannot be run directly")

    def _subDescription(self):
        parts = []
        if self._message is not None:
            parts.append(f"[{self._message}]")
        if self.params:
            parts.append("(" + ", ".join([f"{k}={v!r}" for k, v in self.params.items()]) + ")")
        return " ".join(parts) or "(<subtest>)"

    def id(self):
        return f"{self.test_case.id()} {self._subDescription()}"

    def shortDescription(self):
        return self.test_case.shortDescription()

    def __str__(self):
        return f"{self.test_case} {self._subDescription()}"
