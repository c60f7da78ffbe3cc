"""Makes a small model of the Llama architecture, in a directory as Hugging Face lays it out.

    mlxstar examples/llama/make_model.py DIRECTORY [--steps N] [--vocabulary N] [--quantize BITS]

It learns byte pairs and then the weights from a text (sonnets), and writes config.json,
tokenizer.json, two shards of safetensors and their index: enough for generate.py.
"""

import json
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten

from model import Llama, ModelArgs
from runlog import Run, options
from tokenizer import Tokenizer, byte_characters

TEXT = HERE.parent / "data" / "sonnets.txt"
BEGIN, END = "<|begin_of_text|>", "<|end_of_text|>"
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def joined(parts, pair):
    """A word's parts with each occurrence of a pair made one."""
    out = []
    for part in parts:
        if out and (out[-1], part) == pair:
            out[-1] += part
        else:
            out.append(part)
    return tuple(out)


def learn_merges(words, count):
    """The pairs to merge, the most frequent first; ties go by the alphabet."""
    words = dict(words)
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for parts, times in words.items():
            for pair in zip(parts[:-1], parts[1:]):
                pairs[pair] += times
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        words = {joined(parts, best): times for parts, times in words.items()}
    return merges


def describe_tokenizer(text, size):
    """The content of a tokenizer.json with size tokens, learnt from a text."""
    characters = byte_characters()
    alphabet = sorted(characters.values())
    blank = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    description = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": WORDS}, "behavior": "Isolated", "invert": False},
                blank,
            ],
        },
        "post_processor": None,
        "decoder": blank,
        "model": {"type": "BPE", "vocab": {c: i for i, c in enumerate(alphabet)}, "merges": []},
    }
    counts = Counter()
    for word in Tokenizer(description).words(text):
        counts[tuple(characters[byte] for byte in word.encode("utf-8"))] += 1
    model = description["model"]
    for a, b in learn_merges(counts, size - len(alphabet) - 2):
        model["merges"].append(f"{a} {b}")
        model["vocab"].setdefault(a + b, len(model["vocab"]))
    for content in (BEGIN, END):
        number = len(model["vocab"]) + len(description["added_tokens"])
        description["added_tokens"].append(
            {"id": number, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        )
    begin = description["added_tokens"][0]["id"]
    description["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": BEGIN, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [],
        "special_tokens": {BEGIN: {"id": BEGIN, "ids": [begin], "tokens": [BEGIN]}},
    }
    return description


def write_shards(directory, weights, shards=2):
    """Writes the weights in so many files, and the index that says which is where."""
    names = sorted(weights)
    total = sum(weights[name].nbytes for name in names)
    parts, size = [{}], 0
    for name in names:
        if size >= total / shards and len(parts) < shards:
            parts.append({})
            size = 0
        parts[-1][name] = weights[name]
        size += weights[name].nbytes
    index = {"metadata": {"total_size": total}, "weight_map": {}}
    for i, part in enumerate(parts, 1):
        file = f"model-{i:05d}-of-{len(parts):05d}.safetensors"
        mx.save_safetensors(str(directory / file), part, metadata={"format": "mlx"})
        index["weight_map"].update(dict.fromkeys(part, file))
    (directory / "model.safetensors.index.json").write_text(json.dumps(index, indent=2))


def train(model, data, run, args):
    def loss_fn(model, x, y):
        return mx.mean(nn.losses.cross_entropy(model(x), y))

    optimizer = optim.AdamW(learning_rate=args.lr, weight_decay=0.01)
    loss_and_grad = nn.value_and_grad(model, loss_fn)
    along = mx.arange(args.context + 1)
    for _ in run.watch(range(args.steps)):
        starts = mx.random.randint(0, data.size - args.context, (args.batch_size, 1))
        rows = data[starts + along]
        loss, grads = loss_and_grad(model, rows[:, :-1], rows[:, 1:])
        optimizer.update(model, grads)
        mx.eval(model.parameters(), optimizer.state, loss)
        run.loss(loss)


def main():
    parser = options(__doc__)
    parser.add_argument("directory", type=Path, help="to make and fill")
    parser.add_argument("--text", type=Path, default=TEXT, help="file to learn from")
    parser.add_argument("--vocabulary", type=int, default=384, help="tokens, the 256 bytes and 2 special ones among them")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--context", type=int, default=48)
    parser.add_argument("--dims", type=int, default=64)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--kv-heads", type=int, default=2)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--tied", action="store_true", help="use the embedding for the output, too")
    parser.add_argument("--long", action="store_true", help="stretch the positions as Llama 3 does")
    parser.add_argument("--dtype", default="float32", choices=["float32", "float16", "bfloat16"], help="of the weights in the files")
    parser.add_argument("--quantize", type=int, choices=[2, 3, 4, 5, 6, 8], help="bits of the weights in the files")
    args = parser.parse_args()
    if args.vocabulary < 258:
        parser.error("--vocabulary must be at least 258")

    mx.random.seed(args.seed)
    text = args.text.read_text(encoding="utf-8")
    description = describe_tokenizer(text, args.vocabulary)
    tokenizer = Tokenizer(description)
    begin, end = (t["id"] for t in description["added_tokens"])
    data = mx.array(tokenizer.encode(text) + [end])

    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": args.dims,
        "intermediate_size": 3 * args.dims,
        "num_hidden_layers": args.layers,
        "num_attention_heads": args.heads,
        "num_key_value_heads": args.kv_heads,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": args.tied,
        "bos_token_id": begin,
        "eos_token_id": end,
        "torch_dtype": args.dtype,
    }
    if args.long:
        config["rope_scaling"] = {
            "rope_type": "llama3",
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        }
    model = Llama(ModelArgs.from_config(config))
    mx.eval(model.parameters())
    run = Run("make_model", args)
    train(model, data, run, args)

    model.set_dtype(getattr(mx, args.dtype))
    if args.quantize is not None:
        nn.quantize(model, group_size=32, bits=args.quantize)
        config["quantization"] = {"group_size": 32, "bits": args.quantize}
    args.directory.mkdir(parents=True, exist_ok=True)
    write_shards(args.directory, dict(tree_flatten(model.parameters())))
    (args.directory / "config.json").write_text(json.dumps(config, indent=2))
    (args.directory / "tokenizer.json").write_text(json.dumps(description, indent=2, ensure_ascii=False), encoding="utf-8")
    run.finish(tokens=data.size, vocabulary=len(tokenizer))


if __name__ == "__main__":
    main()
