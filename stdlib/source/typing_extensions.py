"""The names of typing."""

from typing import *
from typing import NamedTuple, Protocol, TypedDict, runtime_checkable
