"""tqdm.auto is tqdm."""

from tqdm import tqdm, trange
