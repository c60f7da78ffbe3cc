"""Errors of YAML."""

from yaml.error import RepresenterError, MarkedYAMLError, YAMLError
