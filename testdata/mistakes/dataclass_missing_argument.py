from dataclasses import dataclass

@dataclass
class Args:
    dim: int
    heads: int = 4

Args()
