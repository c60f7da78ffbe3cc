"""tqdm.notebook is tqdm."""

from tqdm import tqdm, trange
