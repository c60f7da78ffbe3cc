"""Classes of tests, and what finds and runs them."""

__all__ = ["FunctionTestCase", "IsolatedAsyncioTestCase", "SkipTest", "TestCase", "TestLoader", "TestProgram", "TestResult", "TestSuite",
           "TextTestResult", "TextTestRunner", "addModuleCleanup", "defaultTestLoader", "doModuleCleanups", "enterModuleContext",
           "expectedFailure", "findTestCases", "getTestCaseNames", "installHandler", "main", "makeSuite", "registerResult", "removeHandler",
           "removeResult", "skip", "skipIf", "skipUnless"]

from unittest.case import (FunctionTestCase, IsolatedAsyncioTestCase, SkipTest, TestCase, addModuleCleanup, doModuleCleanups,
                           enterModuleContext, expectedFailure, skip, skipIf, skipUnless)
from unittest.loader import TestLoader, defaultTestLoader, findTestCases, getTestCaseNames, makeSuite
from unittest.main import TestProgram, main
from unittest.result import TestResult
from unittest.runner import TextTestResult, TextTestRunner
from unittest.signals import installHandler, registerResult, removeHandler, removeResult
from unittest.suite import BaseTestSuite, TestSuite
