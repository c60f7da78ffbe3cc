"""Errors of YAML."""

from yaml.error import ParserError, MarkedYAMLError, YAMLError
