"""Optimizers, schedules of their learning rates, and the clipping of gradients."""

from mlx.optimizers.adafactor import Adafactor
from mlx.optimizers.adaptive import AdaDelta, Adagrad, Adam, Adamax, AdamW, RMSprop
from mlx.optimizers.base import MultiOptimizer, Optimizer, clip_grad_norm
from mlx.optimizers.momentum import SGD, Lion, Muon
from mlx.optimizers.schedulers import cosine_decay, exponential_decay, join_schedules, linear_schedule, step_decay
