"""Abstract classes of readers of the files beside modules."""

from importlib.abc import ResourceReader, Traversable, TraversableResources

__all__ = ["ResourceReader", "Traversable", "TraversableResources"]
