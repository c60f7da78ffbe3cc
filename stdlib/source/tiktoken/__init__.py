"""Encodings of byte strings with ranks: text as numbers, and back."""

from tiktoken.core import Encoding
from tiktoken.registry import get_encoding, list_encoding_names
from tiktoken.model import encoding_for_model, encoding_name_for_model

__all__ = ["Encoding", "encoding_for_model", "encoding_name_for_model", "get_encoding", "list_encoding_names"]
__version__ = "0.9.0"
