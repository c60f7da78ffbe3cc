from dataclasses import dataclass

@dataclass(frozen=True)
class Args:
    lr: float = 0.1

args = Args()
args.lr = 0.2
