"""Losses: a number for each prediction, or their mean or sum."""

import math

import mlx.core as mx

_reductions = {"none": lambda loss: loss, "mean": mx.mean, "sum": mx.sum}


def _reduce(loss, reduction):
    if reduction not in _reductions:
        raise ValueError(f"Invalid reduction. Must be one of {tuple(_reductions)}.")
    return _reductions[reduction](loss)


def _check_shapes(name, x, other, y):
    if x.shape != y.shape:
        raise ValueError(f"{name} shape {x.shape} does not match {other} shape {y.shape}.")


def _weighted(loss, weights):
    if weights is None:
        return loss
    if weights.shape != loss.shape:
        raise ValueError(
            f"Weights with shape {weights.shape} is not the same as output loss with shape {loss.shape}."
        )
    return loss * weights


def _picked(x, targets, axis):
    """The element of each target's index along the axis."""
    return mx.take_along_axis(x, mx.expand_dims(targets, axis), axis).squeeze(axis)


def cross_entropy(logits, targets, weights=None, axis=-1, label_smoothing=0.0, reduction="none"):
    """The cross entropy of logits and targets, which are classes or
    probabilities. Smoothing moves some of the probability to all classes alike."""
    if label_smoothing < 0 or label_smoothing >= 1:
        raise ValueError(f"Label smoothing must be in [0, 1), got {label_smoothing}.")
    probabilities = targets.ndim == logits.ndim
    want = list(logits.shape)
    if not probabilities:
        want.pop(axis)
    if targets.shape != tuple(want):
        raise ValueError(f"Targets shape {targets.shape} does not match logits shape {logits.shape}.")
    plain = not probabilities and label_smoothing == 0 and axis in (-1, logits.ndim - 1)
    plain = plain and mx.issubdtype(logits.dtype, mx.floating) and mx.issubdtype(targets.dtype, mx.integer)
    if plain and mx.default_device() == mx.gpu:
        loss = mx.fast.cross_entropy(logits, targets).astype(logits.dtype)
        return _reduce(_weighted(loss, weights), reduction)
    # What the largest logit is counts where probabilities do not sum to 1.
    logits = logits - mx.stop_gradient(mx.max(logits, axis=axis, keepdims=True))
    if probabilities:
        score = mx.sum(logits * targets, axis=axis)
    else:
        score = _picked(logits, targets, axis)
    if label_smoothing > 0:
        score = (1 - label_smoothing) * score + label_smoothing * mx.mean(logits, axis=axis)
    loss = mx.logsumexp(logits, axis=axis) - score
    return _reduce(_weighted(loss, weights), reduction)


def binary_cross_entropy(inputs, targets, weights=None, with_logits=True, reduction="mean"):
    """The cross entropy of two classes; inputs are logits, or probabilities,
    whose logarithms are bounded below by -100."""
    _check_shapes("Inputs", inputs, "targets", targets)
    if with_logits:
        loss = mx.logaddexp(0.0, inputs) - inputs * targets
    else:
        yes, no = (mx.maximum(mx.log(p), -100) for p in (inputs, 1 - inputs))
        loss = -(targets * yes + (1 - targets) * no)
    return _reduce(_weighted(loss, weights), reduction)


def l1_loss(predictions, targets, reduction="mean"):
    """The absolute difference."""
    _check_shapes("Predictions", predictions, "targets", targets)
    return _reduce(mx.abs(predictions - targets), reduction)


def mse_loss(predictions, targets, reduction="mean"):
    """The squared difference."""
    _check_shapes("Predictions", predictions, "targets", targets)
    return _reduce(mx.square(predictions - targets), reduction)


def nll_loss(inputs, targets, axis=-1, reduction="none"):
    """The negative log likelihood of classes, of log probabilities."""
    return _reduce(-_picked(inputs, targets, axis), reduction)


def gaussian_nll_loss(inputs, targets, vars, full=False, eps=1e-6, reduction="mean"):
    """The negative log likelihood of targets under normal distributions of means
    and variances; in full it includes the constant."""
    _check_shapes("Inputs", inputs, "targets", targets)
    _check_shapes("Inputs", inputs, "vars", vars)
    vars = mx.maximum(vars, eps)
    loss = 0.5 * (mx.log(vars) + mx.square(targets - inputs) / vars)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return _reduce(loss, reduction)


def kl_div_loss(inputs, targets, axis=-1, reduction="none"):
    """The Kullback-Leibler divergence of log probabilities."""
    return _reduce(mx.sum(mx.exp(targets) * (targets - inputs), axis=axis), reduction)


def smooth_l1_loss(predictions, targets, beta=1.0, reduction="mean"):
    """The squared difference below beta, the absolute one above."""
    _check_shapes("Predictions", predictions, "targets", targets)
    diff = mx.abs(predictions - targets)
    return _reduce(mx.where(diff < beta, 0.5 * mx.square(diff) / beta, diff - 0.5 * beta), reduction)


def triplet_loss(anchors, positives, negatives, axis=-1, p=2, margin=1.0, eps=1e-6, reduction="none"):
    """How much nearer than the margin anchors are to negatives, compared with positives."""

    def distance(x):
        return mx.power(mx.sum(mx.power(mx.abs(anchors - x), p), axis=axis) + eps, 1 / p)

    return _reduce(mx.maximum(distance(positives) - distance(negatives) + margin, 0), reduction)


def hinge_loss(inputs, targets, reduction="none"):
    """max(1 - inputs targets, 0), for targets of -1 and 1."""
    return _reduce(mx.maximum(1 - inputs * targets, 0), reduction)


def huber_loss(inputs, targets, delta=1.0, reduction="none"):
    """Quadratic in the difference up to delta, linear beyond."""
    errors = mx.abs(inputs - targets)
    near = mx.minimum(errors, delta)
    return _reduce(0.5 * mx.square(near) + delta * (errors - near), reduction)


def log_cosh_loss(inputs, targets, reduction="none"):
    """The logarithm of the hyperbolic cosine of the difference."""
    errors = inputs - targets
    return _reduce(mx.logaddexp(errors, -errors) - math.log(2), reduction)


def cosine_similarity_loss(x1, x2, axis=1, eps=1e-8, reduction="none"):
    """The cosine of the angle between vectors along the axis."""
    lengths = mx.linalg.norm(x1, axis=axis) * mx.linalg.norm(x2, axis=axis)
    return _reduce(mx.sum(x1 * x2, axis=axis) / mx.maximum(lengths, eps), reduction)


def margin_ranking_loss(inputs1, inputs2, targets, margin=0.0, reduction="none"):
    """How far pairs are from the order that targets of -1 and 1 want."""
    if not (inputs1.shape == inputs2.shape == targets.shape):
        raise ValueError(
            "The shapes of the arguments do not match. The provided shapes are "
            f"inputs1.shape={inputs1.shape}, inputs2.shape={inputs2.shape}, and targets.shape={targets.shape}."
        )
    return _reduce(mx.maximum(0, -targets * (inputs1 - inputs2) + margin), reduction)
