"""Names for annotations."""

from typing import Any

NDArray = list
ArrayLike = Any
DTypeLike = Any
