"""Classes of tests, and what runs them."""
# Past 800 lines, since a module of Python's is one file here and TestCase, most of
# it, is one class.

import re
import sys
import time
import traceback
import warnings

__all__ = ["TestCase", "TestSuite", "TestLoader", "TestResult", "TextTestRunner", "SkipTest", "main", "skip", "skipIf", "skipUnless", "expectedFailure"]


class SkipTest(Exception):
    """Raised by a test that is to be skipped."""


class _ShouldStop(Exception):
    """Ends a test at a failed subtest of one that fails fast."""


def skip(reason=""):
    """Skip a test, or a class of tests."""

    def mark(item):
        item.__unittest_skip__ = True
        item.__unittest_skip_why__ = "" if callable(reason) else reason
        return item

    return mark(reason) if callable(reason) else mark


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


class _SubTest:
    """One run of the body of a subTest."""

    def __init__(self, case, message, params):
        self.case, self._message, self.params = case, message, params

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        if exc_type is None or self.case._result is None:
            return False
        if issubclass(exc_type, SkipTest):
            self.case._result.addSkip(self, str(exc))
            return True
        if not issubclass(exc_type, Exception):
            return False
        self.case._failed_subtest = True
        self.case._result.addSubTest(self.case, self, exc)
        return True

    def id(self):
        return f"{self.case.id()} {self._description()}"

    def _description(self):
        parts = []
        if self._message is not None:
            parts.append(f"[{self._message}]")
        if self.params:
            parts.append("(" + ", ".join(f"{k}={v!r}" for k, v in self.params.items()) + ")")
        return " ".join(parts) or "(<subtest>)"

    def shortDescription(self):
        return self.case.shortDescription()

    def __str__(self):
        return f"{self.case} {self._description()}"


class TestCase:
    """A class whose methods that begin with test are tests."""

    failureException = AssertionError
    longMessage = True
    maxDiff = 640

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._result, self._cleanups, self._failed_subtest = None, [], False
        method = getattr(self, methodName, None)
        if method is None and methodName != "runTest":
            raise ValueError(f"no such test method in {type(self)}: {methodName}")
        self._testMethodDoc = getattr(method, "__doc__", None)

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
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def enterContext(self, cm):
        """Enter a context until the test ends."""
        value = cm.__enter__()
        self.addCleanup(cm.__exit__, None, None, None)
        return value

    def countTestCases(self):
        return 1

    def defaultTestResult(self):
        return TestResult()

    def id(self):
        return f"{type(self).__module__}.{type(self).__qualname__}.{self._testMethodName}"

    def shortDescription(self):
        doc = self._testMethodDoc
        return doc.strip().split("\n")[0].strip() if doc else None

    def __str__(self):
        return f"{self._testMethodName} ({type(self).__module__}.{type(self).__qualname__}.{self._testMethodName})"

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} testMethod={self._testMethodName}>"

    def skipTest(self, reason):
        """Skip this test."""
        raise SkipTest(reason)

    def subTest(self, msg=None, **params):
        """A part of a test whose failure does not end it."""
        return _SubTest(self, msg, params)

    def run(self, result=None):
        """Run the test."""
        result = self.defaultTestResult() if result is None else result
        method = getattr(self, self._testMethodName)
        result.startTest(self)
        self._result, self._failed_subtest = result, False
        try:
            if getattr(type(self), "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False):
                why = getattr(type(self), "__unittest_skip_why__", "") or getattr(method, "__unittest_skip_why__", "")
                result.addSkip(self, why)
                return result
            self._run(result, method)
        finally:
            self._result = None
            result.stopTest(self)
        return result

    def _run(self, result, method):
        expecting = getattr(method, "__unittest_expecting_failure__", False) or getattr(type(self), "__unittest_expecting_failure__", False)
        outcome = self._attempt(self.setUp)
        if outcome is None:
            first = self._attempt(method)
            last = self._attempt(self.tearDown)
            outcome = first if first is not None else last
            if first is not None and last is not None:
                self._report(result, last)
        cleanup = self._attempt(self.doCleanups)
        outcome = outcome if outcome is not None else cleanup
        if isinstance(outcome, SkipTest):
            result.addSkip(self, str(outcome))
        elif expecting and (outcome is not None or self._failed_subtest):
            result.addExpectedFailure(self, outcome)
        elif expecting:
            result.addUnexpectedSuccess(self)
        elif outcome is not None:
            self._report(result, outcome)
        elif not self._failed_subtest:
            result.addSuccess(self)

    def _attempt(self, f):
        try:
            f()
        except Exception as e:
            return e
        return None

    def _report(self, result, e):
        if isinstance(e, self.failureException):
            result.addFailure(self, e)
        else:
            result.addError(self, e)

    def __call__(self, *args, **kwargs):
        return self.run(*args, **kwargs)

    def debug(self):
        """Run the test without catching what it raises."""
        self.setUp()
        getattr(self, self._testMethodName)()
        self.tearDown()
        self.doCleanups()

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
        if type(first) is type(second) and type(first) in (list, tuple, dict, set, frozenset, str):
            name = {list: "List", tuple: "Tuple", dict: "Dict", set: "Set", frozenset: "Set", str: "MultiLine"}[type(first)]
            return getattr(self, f"assert{name}Equal")(first, second, msg)
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
        self._fail(msg, text + "\n" + _difference(first, second))

    def assertListEqual(self, list1, list2, msg=None):
        self.assertSequenceEqual(list1, list2, msg, list)

    def assertTupleEqual(self, tuple1, tuple2, msg=None):
        self.assertSequenceEqual(tuple1, tuple2, msg, tuple)

    def assertDictEqual(self, d1, d2, msg=None):
        self.assertIsInstance(d1, dict, "First argument is not a dictionary")
        self.assertIsInstance(d2, dict, "Second argument is not a dictionary")
        if d1 != d2:
            self._fail(msg, f"{_short(d1)} != {_short(d2)}\n{_difference(d1, d2)}")

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
            self._fail(msg, f"{_short(first)} != {_short(second)}\n" + _difference_lines(first.splitlines(), second.splitlines()))

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

    def assertRaises(self, expected_exception, *args, **kwargs):
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


def _short(x):
    return repr(x)


def _difference(first, second):
    import pprint

    return _difference_lines(pprint.pformat(first).splitlines(), pprint.pformat(second).splitlines())


def _difference_lines(first, second):
    """The lines of both by an edit of fewest lines; - marks the first's own, + the second's."""
    n, m = len(first), len(second)
    if n * m > 1000000:
        return "\n".join(["- " + x for x in first] + ["+ " + x for x in second])
    common = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            common[i][j] = common[i + 1][j + 1] + 1 if first[i] == second[j] else max(common[i + 1][j], common[i][j + 1])
    out, i, j = [], 0, 0
    while i < n or j < m:
        if i < n and j < m and first[i] == second[j]:
            out.append("  " + first[i])
            i, j = i + 1, j + 1
        elif i < n and (j == m or common[i + 1][j] >= common[i][j + 1]):
            out.append("- " + first[i])
            i += 1
        else:
            out.append("+ " + second[j])
            j += 1
    return "\n".join(out)


class TestResult:
    """What tests gave."""

    def __init__(self, stream=None, descriptions=None, verbosity=None):
        self.failures, self.errors, self.skipped = [], [], []
        self.expectedFailures, self.unexpectedSuccesses = [], []
        self.testsRun, self.shouldStop, self.failfast = 0, False, False

    def startTest(self, test):
        self.testsRun += 1

    def stopTest(self, test):
        pass

    def startTestRun(self):
        pass

    def stopTestRun(self):
        pass

    def _text(self, e):
        if isinstance(e, tuple):
            e = e[1]
        lines = traceback.format_exception(e)
        kept, drop = [], False
        for line in lines:
            if line.startswith("  File "):
                drop = '"<frozen unittest>"' in line
            elif not line.startswith("    "):
                drop = False
            if not drop:
                kept.append(line)
        return "".join(kept)

    def _stop(self):
        if self.failfast:
            self.stop()

    def addSuccess(self, test):
        pass

    def addFailure(self, test, err):
        self.failures.append((test, self._text(err)))
        self._stop()

    def addError(self, test, err):
        self.errors.append((test, self._text(err)))
        self._stop()

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))

    def addExpectedFailure(self, test, err):
        self.expectedFailures.append((test, "" if err is None else self._text(err)))

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)
        self._stop()

    def addSubTest(self, test, subtest, err):
        if isinstance(err, test.failureException):
            self.failures.append((subtest, self._text(err)))
        else:
            self.errors.append((subtest, self._text(err)))
        self._stop()

    def wasSuccessful(self):
        return not (self.failures or self.errors or self.unexpectedSuccesses)

    def stop(self):
        self.shouldStop = True

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} run={self.testsRun} errors={len(self.errors)} failures={len(self.failures)}>"


class TextTestResult(TestResult):
    """What tests gave, told as they run."""

    separator1 = "=" * 70
    separator2 = "-" * 70

    def __init__(self, stream, descriptions=True, verbosity=1):
        super().__init__(stream, descriptions, verbosity)
        self.stream, self.descriptions, self.verbosity = stream, descriptions, verbosity

    def getDescription(self, test):
        short = test.shortDescription() if hasattr(test, "shortDescription") else None
        return f"{test}\n{short}" if self.descriptions and short else str(test)

    def _tell(self, dot, word):
        if self.verbosity > 1:
            self.stream.write(word + "\n")
        elif self.verbosity == 1:
            self.stream.write(dot)

    def startTest(self, test):
        super().startTest(test)
        if self.verbosity > 1:
            self.stream.write(self.getDescription(test) + " ... ")

    def addSuccess(self, test):
        super().addSuccess(test)
        self._tell(".", "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._tell("F", "FAIL")

    def addError(self, test, err):
        super().addError(test, err)
        self._tell("E", "ERROR")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._tell("s", f"skipped {reason!r}")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._tell("x", "expected failure")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._tell("u", "unexpected success")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        failed = isinstance(err, test.failureException)
        if self.verbosity > 1:
            self.stream.write(f"\n  {subtest} ... {'FAIL' if failed else 'ERROR'}\n")
        else:
            self._tell("F" if failed else "E", "")

    def __repr__(self):
        return super().__repr__().replace("unittest.", "unittest.runner.", 1)

    def printErrors(self):
        if self.verbosity > 0:
            self.stream.write("\n")
        for word, cases in (("ERROR", self.errors), ("FAIL", self.failures)):
            for test, text in cases:
                self.stream.write(f"{self.separator1}\n{word}: {self.getDescription(test)}\n{self.separator2}\n{text}\n")
        if self.unexpectedSuccesses:
            self.stream.write(self.separator1 + "\n")
            for test in self.unexpectedSuccesses:
                self.stream.write(f"UNEXPECTED SUCCESS: {self.getDescription(test)}\n")


class TestSuite:
    """Tests to run together."""

    def __init__(self, tests=()):
        self._tests = []
        self.addTests(tests)

    def __iter__(self):
        return iter(self._tests)

    def addTest(self, test):
        if not callable(test):
            raise TypeError(f"{test!r} is not callable")
        self._tests.append(test)

    def addTests(self, tests):
        for t in tests:
            self.addTest(t)

    def countTestCases(self):
        return sum(t.countTestCases() for t in self._tests)

    def _cases(self):
        for t in self._tests:
            if isinstance(t, TestSuite):
                yield from t._cases()
            else:
                yield t

    def run(self, result):
        current, usable = None, True
        for test in self._cases():
            if result.shouldStop:
                break
            cls = type(test)
            if cls is not current:
                if current is not None:
                    self._class_step(result, current, "tearDownClass", usable)
                current, usable = cls, True
                if not getattr(cls, "__unittest_skip__", False):
                    usable = self._class_step(result, cls, "setUpClass", True)
            if usable:
                test.run(result)
        if current is not None:
            self._class_step(result, current, "tearDownClass", usable)
        return result

    def _class_step(self, result, cls, name, wanted):
        if not wanted or getattr(cls, "__unittest_skip__", False) and name == "tearDownClass":
            return False
        try:
            getattr(cls, name)()
        except SkipTest as e:
            result.addSkip(_Holder(f"{name} ({cls.__module__}.{cls.__qualname__})"), str(e))
            return False
        except Exception as e:
            result.addError(_Holder(f"{name} ({cls.__module__}.{cls.__qualname__})"), e)
            return False
        return True

    def __call__(self, result):
        return self.run(result)


class _Holder:
    """Stands for a test where a class's own step fails."""

    failureException = AssertionError

    def __init__(self, description):
        self.description = description

    def id(self):
        return self.description

    __str__ = id

    def shortDescription(self):
        return None


class TestLoader:
    """Finds tests."""

    testMethodPrefix = "test"
    suiteClass = TestSuite

    def getTestCaseNames(self, testCaseClass):
        return sorted(n for n in dir(testCaseClass) if n.startswith(self.testMethodPrefix) and callable(getattr(testCaseClass, n)))

    def loadTestsFromTestCase(self, testCaseClass):
        names = self.getTestCaseNames(testCaseClass)
        if not names and hasattr(testCaseClass, "runTest"):
            names = ["runTest"]
        return self.suiteClass([testCaseClass(n) for n in names])

    def loadTestsFromModule(self, module, *, pattern=None):
        tests = []
        for name in dir(module):
            obj = getattr(module, name)
            if isinstance(obj, type) and issubclass(obj, TestCase) and obj is not TestCase:
                tests.append(self.loadTestsFromTestCase(obj))
        return self.suiteClass(tests)

    def loadTestsFromName(self, name, module=None):
        obj = module
        parts = name.split(".")
        parent = None
        if obj is None:
            import builtins

            obj = sys.modules["__main__"] if parts[0] != "__main__" else sys.modules["__main__"]
        for part in parts:
            if part == "__main__":
                continue
            parent, obj = obj, getattr(obj, part)
        if isinstance(obj, type) and issubclass(obj, TestCase):
            return self.loadTestsFromTestCase(obj)
        if isinstance(parent, type) and issubclass(parent, TestCase):
            return self.suiteClass([parent(parts[-1])])
        if callable(obj):
            return self.suiteClass([obj()])
        return self.loadTestsFromModule(obj)

    def loadTestsFromNames(self, names, module=None):
        return self.suiteClass([self.loadTestsFromName(n, module) for n in names])

    def discover(self, start_dir, pattern="test*.py", top_level_dir=None):
        raise NotImplementedError("unittest: discovery is not provided here; import the modules of tests, and load them with loadTestsFromModule")


defaultTestLoader = TestLoader()


class TextTestRunner:
    """Runs tests and tells what they give."""

    resultclass = TextTestResult

    def __init__(self, stream=None, descriptions=True, verbosity=1, failfast=False, buffer=False, resultclass=None, warnings=None, **kwargs):
        self.descriptions, self.verbosity, self.failfast = descriptions, verbosity, failfast
        self.resultclass = resultclass or self.resultclass
        self.stream = sys.stderr if stream is None else stream

    def _makeResult(self):
        return self.resultclass(self.stream, self.descriptions, self.verbosity)

    def run(self, test):
        result = self._makeResult()
        result.failfast = self.failfast
        start = time.perf_counter()
        result.startTestRun()
        test(result)
        result.stopTestRun()
        taken = time.perf_counter() - start
        result.printErrors()
        n = result.testsRun
        write = self.stream.write
        write("-" * 70 + "\n")
        write(f"Ran {n} test{'' if n == 1 else 's'} in {taken:.3f}s\n\n")
        counts = [f"{name}={len(cases)}" for name, cases in (
            ("failures", result.failures), ("errors", result.errors), ("skipped", result.skipped),
            ("expected failures", result.expectedFailures), ("unexpected successes", result.unexpectedSuccesses)) if cases]
        write(("OK" if result.wasSuccessful() else "FAILED") + (f" ({', '.join(counts)})" if counts else "") + "\n")
        self.stream.flush()
        return result


class main:
    """Runs the tests of a module, by default the script's own."""

    def __init__(self, module="__main__", defaultTest=None, argv=None, testRunner=None, testLoader=defaultTestLoader, exit=True, verbosity=1, failfast=None, catchbreak=None, buffer=None, warnings=None):
        argv = sys.argv if argv is None else argv
        names, self.verbosity, self.failfast = [], verbosity, bool(failfast)
        for arg in argv[1:]:
            if arg in ("-v", "--verbose"):
                self.verbosity = 2
            elif arg in ("-q", "--quiet"):
                self.verbosity = 0
            elif arg in ("-f", "--failfast"):
                self.failfast = True
            elif arg.startswith("-"):
                print(f"unittest: unrecognized argument: {arg}", file=sys.stderr)
                sys.exit(2)
            else:
                names.append(arg)
        if isinstance(module, str):
            module = sys.modules[module]
        if not names and defaultTest is not None:
            names = [defaultTest] if isinstance(defaultTest, str) else list(defaultTest)
        self.test = testLoader.loadTestsFromNames(names, module) if names else testLoader.loadTestsFromModule(module)
        runner = TextTestRunner if testRunner is None else testRunner
        if isinstance(runner, type):
            runner = runner(verbosity=self.verbosity, failfast=self.failfast)
        self.result = runner.run(self.test)
        if exit:
            sys.exit(not self.result.wasSuccessful())
