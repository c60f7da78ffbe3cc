# The tokens of each case in argv[3], by the tokenizer of the directory argv[1].
import json
import sys

sys.path.insert(0, sys.argv[2])

from tokenizer import Streamer, Tokenizer

tokenizer = Tokenizer.from_directory(sys.argv[1])
with open(sys.argv[3], encoding="utf-8") as f:
    cases = json.load(f)
tokens = [tokenizer.encode(case["text"]) for case in cases]
for case, encoded in zip(cases, tokens):
    plain = case["text"].replace("<|begin_of_text|>", "").replace("<|end_of_text|>", "")
    assert tokenizer.decode(encoded) == plain, (tokenizer.decode(encoded), plain)
    streamer = Streamer(tokenizer)
    streamed = "".join([streamer.add(token) for token in encoded] + [streamer.finish()])
    assert streamed == plain, (streamed, plain)
print(json.dumps(tokens))
