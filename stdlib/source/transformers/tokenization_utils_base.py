"""The tokenizers that all are made from."""

from transformers import AddedToken, BatchEncoding, PreTrainedTokenizerBase
