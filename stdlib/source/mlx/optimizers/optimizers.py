"""The optimizers, under the name that some programs import them by."""

from mlx.optimizers.adafactor import Adafactor
from mlx.optimizers.adaptive import AdaDelta, Adagrad, Adam, Adamax, AdamW, RMSprop
from mlx.optimizers.base import MultiOptimizer, Optimizer, clip_grad_norm
from mlx.optimizers.momentum import SGD, Lion, Muon
