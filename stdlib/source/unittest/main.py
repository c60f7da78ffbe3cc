"""The command that runs tests."""

import argparse
import importlib
import os
import sys
from unittest import loader, runner

__all__ = ["TestProgram", "main"]


def _name_of(name):
    """The module of a file that is named by its path."""
    if os.path.isfile(name) and name.lower().endswith(".py"):
        if os.path.isabs(name):
            inside = os.path.relpath(name, os.getcwd())
            if os.path.isabs(inside) or inside.startswith(os.pardir):
                return name
            name = inside
        return os.path.normpath(name)[:-3].replace("\\", ".").replace("/", ".")
    return name


def _pattern_of(pattern):
    return pattern if "*" in pattern else f"*{pattern}*"


class TestProgram:
    """A command line that runs the tests of a module, by default the script's own."""

    module = None
    verbosity = 1
    failfast = catchbreak = buffer = progName = warnings = testNamePatterns = None
    _discovery_parser = None

    def __init__(self, module="__main__", defaultTest=None, argv=None, testRunner=None, testLoader=loader.defaultTestLoader, exit=True, verbosity=1, failfast=None, catchbreak=None, buffer=None, warnings=None, *, tb_locals=False):
        if isinstance(module, str):
            self.module = importlib.import_module(module)
        else:
            self.module = module
        argv = sys.argv if argv is None else argv
        self.exit, self.failfast, self.catchbreak, self.verbosity, self.buffer = exit, failfast, catchbreak, verbosity, buffer
        self.tb_locals = tb_locals
        self.warnings = "default" if warnings is None and not sys.warnoptions else warnings
        self.defaultTest, self.testRunner, self.testLoader = defaultTest, testRunner, testLoader
        self.progName = os.path.basename(argv[0])
        self.parseArgs(argv)
        self.runTests()

    def _options(self):
        parser = argparse.ArgumentParser(add_help=False)
        parser.add_argument("-v", "--verbose", dest="verbosity", action="store_const", const=2, help="tell of each test")
        parser.add_argument("-q", "--quiet", dest="verbosity", action="store_const", const=0, help="tell little")
        parser.add_argument("--locals", dest="tb_locals", action="store_true", help="show local variables in tracebacks")
        if self.failfast is None:
            parser.add_argument("-f", "--failfast", dest="failfast", action="store_true", help="stop at the first test that fails")
        if self.catchbreak is None:
            parser.add_argument("-c", "--catch", dest="catchbreak", action="store_true", help="end at an interrupt, with the results so far")
        if self.buffer is None:
            parser.add_argument("-b", "--buffer", dest="buffer", action="store_true", help="keep what tests print to those that fail")
        if self.testNamePatterns is None:
            parser.add_argument("-k", dest="testNamePatterns", action="append", type=_pattern_of, help="run only tests whose names fit")
        return parser

    def parseArgs(self, argv):
        if self.module is None:
            if len(argv) > 1 and argv[1].lower() == "discover":
                self._do_discovery(argv[2:])
                return
            parser = argparse.ArgumentParser(prog=self.progName, parents=[self._options()])
            parser.add_argument("tests", nargs="*", help="modules, classes, methods or files of tests")
            parser.parse_args(argv[1:], self)
            if not self.tests:
                self._do_discovery([])
                return
        else:
            parser = argparse.ArgumentParser(prog=self.progName, parents=[self._options()])
            parser.add_argument("tests", nargs="*", help="classes or methods of tests")
            parser.parse_args(argv[1:], self)
        if self.tests:
            self.testNames = [_name_of(t) for t in self.tests]
            if __name__ == "__main__":
                self.module = None
        else:
            default = self.defaultTest
            self.testNames = (default,) if isinstance(default, str) else default and list(default)
        self.createTests()

    def createTests(self, from_discovery=False, Loader=None):
        if self.testNamePatterns:
            self.testLoader.testNamePatterns = self.testNamePatterns
        if from_discovery:
            found = self.testLoader if Loader is None else Loader()
            self.test = found.discover(self.start, self.pattern, self.top)
        elif self.testNames is None:
            self.test = self.testLoader.loadTestsFromModule(self.module)
        else:
            self.test = self.testLoader.loadTestsFromNames(self.testNames, self.module)

    def _do_discovery(self, argv, Loader=None):
        self.start, self.pattern, self.top = ".", "test*.py", None
        if argv is not None and argv:
            parser = argparse.ArgumentParser(prog=f"{self.progName} discover", parents=[self._options()])
            parser.add_argument("-s", "--start-directory", dest="start", help="where to look ('.' if not given)")
            parser.add_argument("-p", "--pattern", dest="pattern", help="what files of tests are called ('test*.py' if not given)")
            parser.add_argument("-t", "--top-level-directory", dest="top", help="the folder that imports start from")
            for name in ("start", "pattern", "top"):
                parser.add_argument(name, nargs="?", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
            parser.parse_args(argv, self)
        self.createTests(from_discovery=True, Loader=Loader)

    def runTests(self):
        if self.testRunner is None:
            self.testRunner = runner.TextTestRunner
        if isinstance(self.testRunner, type):
            options = {"verbosity": self.verbosity, "failfast": self.failfast, "buffer": self.buffer, "warnings": self.warnings}
            try:
                made = self.testRunner(tb_locals=self.tb_locals, **options)
            except TypeError:
                try:
                    made = self.testRunner(**options)
                except TypeError:
                    made = self.testRunner()
        else:
            made = self.testRunner
        self.result = made.run(self.test)
        if self.exit:
            sys.exit(not self.result.wasSuccessful())


main = TestProgram
