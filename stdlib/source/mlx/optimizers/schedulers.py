"""Schedules: functions of the step that give a learning rate."""

import math

import mlx.core as mx


def _check_steps(name, steps):
    if steps < 1:
        raise ValueError(f"{name} must be greater than 0, but got {steps}.")


def exponential_decay(init, decay_rate):
    """init decay_rate^step."""
    return lambda step: init * decay_rate**step


def step_decay(init, decay_rate, step_size):
    """init, times the decay rate after every step_size steps."""
    _check_steps("step_size", step_size)
    return lambda step: init * decay_rate ** (step // step_size)


def cosine_decay(init, decay_steps, end=0.0):
    """From init to end along half a period of the cosine; then end."""
    _check_steps("decay_steps", decay_steps)

    def schedule(step):
        done = mx.minimum(step, decay_steps)
        fall = 0.5 * (1.0 + mx.cos((math.pi / decay_steps) * done))
        return end + fall * (init - end)

    return schedule


def linear_schedule(init, end, steps):
    """From init to end along a line; then end."""
    _check_steps("steps", steps)
    slope = (end - init) / steps
    return lambda step: mx.minimum(step, steps) * slope + init


def join_schedules(schedules, boundaries):
    """One schedule after the other: each begins, at its step 0, at its boundary."""
    if not schedules:
        raise ValueError("Must provide at least 1 schedule to join.")
    first, *later = schedules
    if len(boundaries) != len(later):
        raise ValueError(f"Received {len(boundaries)} boundaries but expected {len(later)}.")

    def joined(step):
        rate = first(step)
        for begin, schedule in zip(boundaries, later):
            rate = mx.where(step < begin, rate, schedule(step - begin))
        return rate

    return joined
