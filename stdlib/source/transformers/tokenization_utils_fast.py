"""Tokenizers of tokenizer.json."""

from transformers import PreTrainedTokenizerFast
