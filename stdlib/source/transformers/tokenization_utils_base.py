"""The tokenizers that all are made from."""

from transformers import AddedToken, BatchEncoding, PreTrainedTokenizerBase

# What annotations name.
TextInput = str
PreTokenizedInput = EncodedInput = list
PaddingStrategy = TruncationStrategy = TensorType = str
