"""The modules sentencepiece and tiktoken: text as pieces and byte strings, and back."""

import base64
import os
import tempfile
import zlib

import sentencepiece as spm
import tiktoken
from tiktoken.load import load_tiktoken_bpe

# A model of 150 pieces, of which none begins a text.
MODEL = zlib.decompress(base64.b64decode(
    "eNpllG1Ik1EUx7f5ftVl64URfRAKMlC3yspKyqJIyMAPBn0I3JyzPbg3tse38INFRESERIhEhESERIREhESUe4yQiIiIkIgwiYiIiIiQiOr8/3fXL419+J3znHvO/55z71VeVdTUm+zZ"
    "vcolP79HlavChdGTYZjDqlIVNgWy+W8F+W+2mMOPVJnyxKL4Mp33p8RonoY/mkUIMYzocRNiiTFNfyojOG/8Q8iTk3LFyM+0VTlmQlh1Lh+GtEH6k10oZvz9YrQZIyRGiEEZ5EkTrSQU"
    "EVPAsyY6IcaIMSJijOl4yjb+bjEmckqpghj3M8mYMLRNaYxjYya8U4xZs5swpb7IqQpVhCYh1xwXZZFqXitF7z4R4xD9jWhjv4u6DxDtcvIFYBQaIy1GqcN4tLeC2IuQKhMCdSvpD2OL"
    "fmIUutY6eV0WalXzQwbDX09MQEyNSbNJjFpj4EvQGMfFaHCUV5VwfmxSIzPU1Qk2LVWBrGazCgL2m08cSwvXxCCg1UG/rSRSt2k3mtRu4tm9o0uJYR0zFgcfMmUwpi5mCNUKxnQjUDxO"
    "TGFtWvcEnbJZOZUZFB4wKSMoPmRSHsZp4opgveAp+hN6yWndOYzlDDESw4FjiG1xm+e0hB7B88Q4sl8wtWxYI445QNzNRT1WSL2kpaLAqG4Sk44ZcZvFuKwrwH9FDxVn4yoxi3zjplgn"
    "NF/TeWwovW4Kd/OO3jBmhmdqwky5X0/5ph4Nst/S3URjb5tFaZ7sSabv42W+o9Vj7V3dwaDgPe3F6ZxisKwVvu+oUuWG3gckrHpIwhGZJuHgOiSUekxCoSckaJ4lQeJTEnb5jIRxPyfx"
    "kpLwIrwkQc0rEt6U1ySMe47UK/SGhEm8JeF8vSPhms+T8LYtkHCUP5DwYH0kofufSHg1PpPQkC8kXJ6vpD68CqQBoe8knJ8fJNzMnyQMf5G0U+gXqUHoN6lD6A+pBu/JDGijkJu0TchD"
    "wvkuIG3BU0MKCBWRtgoVkxqFSkjr8AqRNgiVkdqFFGmfUDlpL54o0g6hStIuIS9pu9AyUiveL1Kb0HLSASEf6aDQihnfIbU60J/K9ARigUidnUgHsvKvtwdsn/8/f3dHOh62kn5P9aj7"
    "SMv7E3uG3e5Zz1/zc6/xqlKrK5q0LXvQ5/K7/gFZvarb"
))
folder = tempfile.mkdtemp()
path = os.path.join(folder, "plain.model")
with open(path, "wb") as f:
    f.write(MODEL)
sp = spm.SentencePieceProcessor(model_file=path)
print(len(sp), sp.vocab_size(), sp.get_piece_size(), sp.unk_id(), sp.bos_id(), sp.eos_id(), sp.pad_id())
print(sp.encode("of the module"), sp.encode("of the module", out_type=str), sp.EncodeAsPieces("a  b"), sp.encode_as_ids(["a", "the b"]))
print(sp.encode("the", add_eos=True), sp.encode("the", add_eos=True, out_type=str), sp.encode("the code", reverse=True), sp.encode("日本 x", out_type=str), sp.encode("日本 x", out_type=str, emit_unk_piece=True))
print(sp.decode(sp.encode("of the module")), sp.decode(5), sp.decode(["the", "▁x"]), sp.decode([[5, 6], [7]]), repr(sp.decode([])), repr(sp.decode([0, 1])), sp.DecodePieces(["of", "▁the"]))
print(sp.id_to_piece(5), sp.id_to_piece([5, 6]), sp.piece_to_id("the"), sp.piece_to_id(["the", "nothing"]), sp["the"], round(sp.get_score(10), 3))
print(spm.SentencePieceProcessor(model_proto=MODEL, add_eos=True).encode("the"), sp.is_unknown(0), sp.is_control([0, 1]), sp.is_byte(3), sp.is_unused(3))
other = spm.SentencePieceProcessor()
try:
    other.encode("x")
except RuntimeError as e:
    print("not loaded")
print(other.Load(path), other.load_from_serialized_proto(MODEL), other.serialized_model_proto() == MODEL, other.encode("x"))
for f in (lambda: sp.id_to_piece(150), lambda: sp.decode([-1]), lambda: sp.decode([150])):
    try:
        f()
    except IndexError as e:
        print(e)
for f in (lambda: spm.SentencePieceProcessor(model_proto=b"no model"),):
    try:
        f()
    except (OSError, RuntimeError) as e:
        print("no model of", type(e).__name__)

# Ranks of a file, a pattern and special tokens.
tokens = [bytes([i]) for i in range(256)] + [b" t", b"he", b" the", "é".encode(), b"in", b"ing", "日".encode()[:2]]
ranks_path = os.path.join(folder, "ranks.tiktoken")
with open(ranks_path, "wb") as f:
    for i, t in enumerate(tokens):
        f.write(base64.b64encode(t) + b" " + str(i).encode() + b"\n")
ranks = load_tiktoken_bpe(ranks_path)
n = len(ranks)
enc = tiktoken.Encoding("mine", pat_str=r" ?\p{L}+| ?\p{N}{1,3}|\s+(?!\S)|\s+|[^\s\p{L}\p{N}]+", mergeable_ranks=ranks, special_tokens={"<|endoftext|>": n, "<|x|>": n + 1}, explicit_n_vocab=n + 2)
print(enc, enc.n_vocab, enc.max_token_value, enc.eot_token, sorted(enc.special_tokens_set))
text = "the thing is é 12345, 日本<|x|>!"
for ids in (enc.encode(text, allowed_special="all"), enc.encode(text, disallowed_special=()), enc.encode_ordinary(text), enc.encode(text, allowed_special={"<|x|>"})):
    print(ids, enc.decode(ids) == text, enc.decode_bytes(ids) == text.encode())
print(enc.encode_batch(["the", "in"]), enc.encode_ordinary_batch(["ing"]), enc.decode_batch([[256], [257, 258]]), enc.decode_tokens_bytes([256, n]))
print(enc.encode_single_token(" the"), enc.encode_single_token(b"\xff"), enc.encode_single_token("<|x|>"), enc.decode_single_token_bytes(259), repr(enc.decode([262])), enc.decode_with_offsets(enc.encode("xé日")))
for f in (lambda: enc.encode(text), lambda: enc.decode([n + 9]), lambda: enc.encode_single_token("no token")):
    try:
        f()
    except (KeyError, ValueError) as e:
        print(type(e).__name__, str(e)[:75].partition(" 'n")[0])
