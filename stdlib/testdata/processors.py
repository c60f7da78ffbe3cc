# What puts special tokens around those of a text, as the tokenizers library does.
import json

from tokenizers import Tokenizer
from tokenizers.processors import BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing

special = [{"id": i, "content": c, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for i, c in enumerate(["[UNK]", "[CLS]", "[SEP]"])]
t = Tokenizer.from_str(json.dumps({
    "version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": None, "decoder": None,
    "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "hello": 3, "there": 4, "the": 5, "rest": 6}, "unk_token": "[UNK]"}}))
print(t.post_processor)
bert = BertProcessing(("[SEP]", 2), ("[CLS]", 1))
for p in (TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]),
          TemplateProcessing(single="$0 [SEP]:3", special_tokens=[(2, "[SEP]")]),
          TemplateProcessing(single=["[CLS]", "$A"], pair=["$A", "$B"], special_tokens=[{"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]}]),
          bert, RobertaProcessing(("[SEP]", 2), ("[CLS]", 1)), Sequence([ByteLevel(), bert])):
    t.post_processor = p
    for texts in (("hello there",), ("hello", "the rest")):
        e = t.encode(*texts)
        print(e.ids, e.tokens, e.type_ids, e.special_tokens_mask)
    print(type(t.post_processor).__name__, t.num_special_tokens_to_add(False), t.num_special_tokens_to_add(True))
t.post_processor = None
print(t.encode("hello").ids)
try:
    TemplateProcessing(single="[X] $A")
except ValueError:
    print("ValueError")
