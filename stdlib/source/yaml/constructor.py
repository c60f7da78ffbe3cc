"""Errors of YAML."""

from yaml.error import ConstructorError, MarkedYAMLError, YAMLError
