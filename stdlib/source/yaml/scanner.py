"""Errors of YAML."""

from yaml.error import ScannerError, MarkedYAMLError, YAMLError
