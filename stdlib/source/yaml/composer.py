"""Errors of YAML."""

from yaml.error import ComposerError, MarkedYAMLError, YAMLError
