"""Tokenizers of the kind that Python computes: those of tokenizer.json serve."""

from transformers import AddedToken, BatchEncoding, PreTrainedTokenizer
