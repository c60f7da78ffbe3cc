"""What tests gave."""

import io
import sys
import traceback

__all__ = ["TestResult"]


class TestResult:
    """What tests gave."""

    _previousTestClass = None
    _testRunEntered = False
    _moduleSetUpFailed = False

    def __init__(self, stream=None, descriptions=None, verbosity=None):
        self.failures, self.errors, self.skipped = [], [], []
        self.expectedFailures, self.unexpectedSuccesses = [], []
        self.testsRun, self.shouldStop, self.failfast = 0, False, False
        self.buffer, self.tb_locals = False, False
        self._mirrored = False

    def startTest(self, test):
        self.testsRun += 1
        self._mirrored = False
        if self.buffer:
            self._saved = sys.stdout, sys.stderr
            sys.stdout, sys.stderr = io.StringIO(), io.StringIO()

    def stopTest(self, test):
        if self.buffer:
            out, err = sys.stdout.getvalue(), sys.stderr.getvalue()
            sys.stdout, sys.stderr = self._saved
            if self._mirrored:
                sys.stdout.write(f"\nStdout:\n{out}" if out else "")
                sys.stderr.write(f"\nStderr:\n{err}" if err else "")
        self._mirrored = False

    def startTestRun(self):
        pass

    def stopTestRun(self):
        pass

    def printErrors(self):
        pass

    def _exc_info_to_string(self, err, test):
        error = err[1] if isinstance(err, tuple) else err
        kept, drop = [], False
        for line in traceback.format_exception(error):
            for part in line.splitlines(True):
                if part.startswith("  File "):
                    drop = '"<frozen unittest' in part
                elif not part.startswith("    "):
                    drop = False
                if not drop:
                    kept.append(part)
        text = "".join(kept)
        if self.buffer:
            for title, stream in (("Stdout", sys.stdout), ("Stderr", sys.stderr)):
                said = stream.getvalue()
                if said:
                    text += f"\n{title}:\n{said}" + ("" if said.endswith("\n") else "\n")
        return text

    def _stop(self):
        self._mirrored = True
        if self.failfast:
            self.stop()

    def addSuccess(self, test):
        pass

    def addFailure(self, test, err):
        self.failures.append((test, self._exc_info_to_string(err, test)))
        self._stop()

    def addError(self, test, err):
        self.errors.append((test, self._exc_info_to_string(err, test)))
        self._stop()

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))

    def addExpectedFailure(self, test, err):
        self.expectedFailures.append((test, self._exc_info_to_string(err, test)))

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)
        if self.failfast:
            self.stop()

    def addSubTest(self, test, subtest, err):
        if err is None:
            return
        into = self.failures if issubclass(err[0], test.failureException) else self.errors
        if self.failfast:
            self.stop()
        into.append((subtest, self._exc_info_to_string(err, test)))
        self._mirrored = True

    def addDuration(self, test, elapsed):
        pass

    def wasSuccessful(self):
        return not (self.failures or self.errors or self.unexpectedSuccesses)

    def stop(self):
        self.shouldStop = True

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} run={self.testsRun} errors={len(self.errors)} failures={len(self.failures)}>"
