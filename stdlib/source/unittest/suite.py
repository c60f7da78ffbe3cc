"""Tests to run together."""

import sys
from unittest import case

_isnotsuite = object()


class BaseTestSuite:
    """Tests to run together, without the steps of their classes and modules."""

    _cleanup = True

    def __init__(self, tests=()):
        self._tests = []
        self._removed = 0
        self.addTests(tests)

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} tests={list(self)}>"

    def __eq__(self, other):
        return list(self) == list(other) if isinstance(other, type(self)) else NotImplemented

    def __iter__(self):
        return iter(self._tests)

    def addTest(self, test):
        if not callable(test):
            raise TypeError(f"{test!r} is not callable")
        if isinstance(test, type) and issubclass(test, (case.TestCase, TestSuite)):
            raise TypeError("TestCases and TestSuites must be instantiated before passing them to addTest()")
        self._tests.append(test)

    def addTests(self, tests):
        if not isinstance(tests, str):
            for test in tests:
                self.addTest(test)
            return
        raise TypeError("tests must be an iterable of tests, not a string")

    def countTestCases(self):
        return self._removed + sum([t.countTestCases() for t in self if t])

    def run(self, result):
        for i, test in enumerate(self):
            if result.shouldStop:
                break
            test(result)
            self._forget(i)
        return result

    def _forget(self, i):
        """Let go of a test that has run."""
        if not self._cleanup:
            return
        test = self._tests[i]
        if hasattr(test, "countTestCases"):
            self._removed += test.countTestCases()
        self._tests[i] = None

    def __call__(self, *args, **kwargs):
        return self.run(*args, **kwargs)

    def debug(self):
        """Run the tests without catching what they raise."""
        for test in self:
            test.debug()


class TestSuite(BaseTestSuite):
    """Tests to run together."""

    def run(self, result, debug=False):
        outermost = not getattr(result, "_testRunEntered", False)
        if outermost:
            result._testRunEntered = True
        for i, test in enumerate(self):
            if result.shouldStop:
                break
            if not isinstance(test, BaseTestSuite):
                self._enter(test, result)
                if getattr(type(test), "_classSetupFailed", False) or getattr(result, "_moduleSetUpFailed", False):
                    continue
            if debug:
                test.debug()
            else:
                test(result)
            self._forget(i)
        if outermost:
            self._leave_class(None, result)
            self._leave_module(result)
            result._testRunEntered = False
        return result

    def debug(self):
        self.run(_Raising(), True)

    def _enter(self, test, result):
        """Take the steps between the last test's class and module and this one's."""
        cls, last = type(test), getattr(result, "_previousTestClass", None)
        if cls is last:
            return
        self._leave_class(test, result)
        module = cls.__module__
        if last is None or module != last.__module__:
            self._leave_module(result)
            result._moduleSetUpFailed = False
            setUp = getattr(sys.modules.get(module), "setUpModule", None)
            if setUp is not None:
                result._moduleSetUpFailed = not self._step(result, setUp, "setUpModule", module)
                if result._moduleSetUpFailed:
                    self._step(result, case.doModuleCleanups, "setUpModule", module)
        result._previousTestClass = cls
        if getattr(result, "_moduleSetUpFailed", False) or getattr(cls, "__unittest_skip__", False):
            return
        if isinstance(cls, type):
            cls._classSetupFailed = False
        setUp = getattr(cls, "setUpClass", None)
        if setUp is not None and not self._step(result, setUp, "setUpClass", _name(cls)):
            cls._classSetupFailed = True
            self._clean(cls, result, "setUpClass")

    def _leave_class(self, test, result):
        last = getattr(result, "_previousTestClass", None)
        if last is None or type(test) is last or getattr(result, "_moduleSetUpFailed", False):
            return
        if getattr(last, "_classSetupFailed", False) or getattr(last, "__unittest_skip__", False):
            return
        tearDown = getattr(last, "tearDownClass", None)
        if tearDown is not None:
            self._step(result, tearDown, "tearDownClass", _name(last))
        self._clean(last, result, "tearDownClass")

    def _clean(self, cls, result, step):
        if getattr(cls, "doClassCleanups", None) is None:
            return
        cls.doClassCleanups()
        for error in cls.tearDown_exceptions:
            self._fail(result, error, step, _name(cls))

    def _leave_module(self, result):
        last = getattr(result, "_previousTestClass", None)
        if last is None or getattr(result, "_moduleSetUpFailed", False):
            return
        result._previousTestClass = None
        module = sys.modules.get(last.__module__)
        tearDown = getattr(module, "tearDownModule", None)
        if tearDown is not None:
            self._step(result, tearDown, "tearDownModule", last.__module__)
        self._step(result, case.doModuleCleanups, "tearDownModule", last.__module__)

    def _step(self, result, function, step, owner):
        try:
            function()
        except Exception:
            if isinstance(result, _Raising):
                raise
            self._fail(result, sys.exc_info(), step, owner)
            return False
        return True

    def _fail(self, result, error, step, owner):
        holder = _ErrorHolder(f"{step} ({owner})")
        if isinstance(error[1], case.SkipTest) and getattr(result, "addSkip", None) is not None:
            result.addSkip(holder, str(error[1]))
        else:
            result.addError(holder, error)


def _name(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


class _ErrorHolder:
    """Stands for a test where a step of a class or a module fails."""

    failureException = None

    def __init__(self, description):
        self.description = description

    def __repr__(self):
        return f"<ErrorHolder description={self.description!r}>"

    def __str__(self):
        return self.description

    id = __str__

    def shortDescription(self):
        """It has none beside its name."""

    def countTestCases(self):
        return 0

    def __call__(self, result):
        """There is nothing to run: the step has failed already."""

    run = __call__


class _Raising:
    """The result of tests whose errors are raised."""

    _previousTestClass = None
    _moduleSetUpFailed = False
    shouldStop = False
