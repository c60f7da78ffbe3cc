# Checks of derivatives and batches. Each function is held to three definitions
# that know nothing of its rules: the central difference of its values, the
# transpose of its other mode, and a loop over examples. internal/suite/gradients
# runs the files beside this one; they also run under MLX's own Python package.
#
# A check draws what its name and its operands stand for: another check before it
# changes nothing. Rows choose domains whose operands keep away from where a
# function or its derivative jumps, by more than the step of the differences.
import binascii
import itertools
import math

import mlx.core as mx

checks = [0]
seen = []  # the operands and the results of every check, for the test that walks the operations
failures = []
refused = []  # the checks of what a GPU does not have

# The central difference of fourth order: its error falls with the fourth power
# of the step, its rounding grows with the step's inverse.
STEP = {mx.float64: 1e-3, mx.float32: 3e-2, mx.complex64: 3e-2}
TOLERANCE = {mx.float64: 2e-7, mx.float32: 4e-3, mx.complex64: 4e-3}
STENCIL = [(-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12)]

SALT = 0  # another one draws other operands everywhere: no check may depend on it
_draws = [0, 0]  # what the running check starts from, and its draws


def seed(name):
    """A number that a text stands for, the same on every machine."""
    return binascii.crc32(f"{SALT} {name}".encode())


def _start(name, operands):
    _draws[:] = [seed(" ".join([name] + [f"{o.domain} {o.shape} {o.dtype}" for o in operands])), 0]


def _key():
    _draws[1] += 1
    return mx.random.key((_draws[0] << 16) + _draws[1])


def _uniform(low, high, shape):
    return mx.random.uniform(low, high, shape, key=_key())


def _distinct(shape):
    # Values at least 0.1 apart in random order.
    n = math.prod(shape)
    if n == 0:
        return mx.zeros(shape)
    order = mx.argsort(_uniform(0, 1, (n,))).astype(mx.float32)
    return ((order - (n - 1) / 2) * 0.25 + 0.07).reshape(shape)


def _away(shape):
    # Of either sign, and away from 0.
    u = _uniform(-1, 1, shape)
    return mx.where(u < 0, u - 0.4, u + 0.4)


DOMAINS = {
    "any": lambda shape: _uniform(-1.5, 1.5, shape),
    "pos": lambda shape: _uniform(0.4, 2, shape),
    "unit": lambda shape: _uniform(-0.8, 0.8, shape),
    "above": lambda shape: _uniform(1.3, 3, shape),
    "away": _away,
    "distinct": _distinct,
}


class Operand:
    """A random operand: its domain, its shape, its dtype, and whether derivatives by it are taken."""

    def __init__(self, domain, shape, dtype=mx.float64):
        self.domain, self.shape, self.dtype = domain, tuple(shape), dtype
        self.free = domain in DOMAINS

    def draw(self, lead=()):
        shape = lead + self.shape
        if not self.free:  # "below 3": indices
            top = int(self.domain.split()[1])
            return mx.random.randint(0, top, shape, key=_key())
        make = DOMAINS[self.domain]
        if self.dtype == mx.complex64:
            return (make(shape) + 1j * make(shape)).astype(mx.complex64)
        if self.domain == "distinct" and lead:
            return mx.stack([make(self.shape) for _ in range(lead[0])]).astype(self.dtype)
        return make(shape).astype(self.dtype)


def operand(domain, shape=(), dtype=mx.float64):
    return Operand(domain, shape, dtype)


# What a layout does to an array must leave its values alone.
def _transposed(x):
    axes = list(range(x.ndim))[::-1]
    return mx.contiguous(x.transpose(axes)).transpose(axes)


def _strided(x):
    if x.ndim == 0:
        return mx.stack([x, x, x])[1]
    wide = mx.repeat(x, 2, axis=-1)
    return wide[..., ::2]


def _reversed(x):
    if x.ndim == 0:
        return x
    back = mx.contiguous(x[..., ::-1])
    return back[..., ::-1]


def _offset(x):
    return mx.stack([x, x + x])[0]


LAYOUTS = [lambda x: x, _transposed, _strided, _reversed, _offset]


def flat(out):
    return [out] if isinstance(out, mx.array) else list(out)


def inexact(xs):
    return [x for x in xs if mx.issubdtype(x.dtype, mx.inexact)]


def dot(xs, ys):
    """The real inner product."""
    total = 0.0
    for x, y in zip(xs, ys):
        p = mx.conj(x) * y if x.dtype == mx.complex64 or y.dtype == mx.complex64 else x * y
        total += mx.real(p.sum()).item()
    return total


def near(a, b, tolerance):
    """Whether arrays agree, relative to the largest element; NaN agrees with NaN."""
    if a.shape != b.shape:
        return False
    if a.size == 0:
        return True
    a, b = mx.where(mx.isnan(a) & mx.isnan(b), 0, a), mx.where(mx.isnan(a) & mx.isnan(b), 0, b)
    scale = max(mx.abs(a).max().item(), mx.abs(b).max().item(), 1.0)
    return mx.abs(a - b).max().item() <= tolerance * scale


def like(x, scale=1.0):
    if x.dtype == mx.complex64:
        return scale * (_uniform(-1, 1, x.shape) + 1j * _uniform(-1, 1, x.shape)).astype(x.dtype)
    return (scale * _uniform(-1, 1, x.shape)).astype(x.dtype)


def split_free(f, free, xs):
    """f as a function of the free operands alone, giving its inexact outputs."""
    def g(*given):
        given = iter(given)
        return inexact(flat(f(*[next(given) if is_free else x for is_free, x in zip(free, xs)])))
    return g, [x for is_free, x in zip(free, xs) if is_free]


def first_order(f, xs, tolerance, step):
    """What disagrees about the first derivatives of f at xs, or None."""
    vs = [like(x) for x in xs]
    numeric = None
    for k, weight in STENCIL:
        at = [x + v * (k * step) for x, v in zip(xs, vs)]
        part = [y * (weight / step) for y in f(*at)]
        numeric = part if numeric is None else [a + b for a, b in zip(numeric, part)]
    outs, tangents = mx.jvp(f, xs, vs)
    for t, n, y in zip(tangents, numeric, outs):
        if t.dtype != y.dtype or t.shape != y.shape:
            return f"jvp gives {t.dtype} of {t.shape} for an output {y.dtype} of {y.shape}"
        if not near(t, n, tolerance):
            return f"jvp gives {t.tolist()}, central differences {n.tolist()}"
    cts = [like(y) for y in outs]
    grads = mx.vjp(f, xs, cts)[1]
    for g, x in zip(grads, xs):
        if g.dtype != x.dtype or g.shape != x.shape:
            return f"vjp gives {g.dtype} of {g.shape} for an input {x.dtype} of {x.shape}"
    # A transpose: <ct, J v> is <Jᵀ ct, v>.
    forward, backward = dot(cts, tangents), dot(grads, vs)
    size = max(1.0, sum(mx.abs(g).sum().item() for g in grads))
    if not abs(forward - backward) <= tolerance * size:
        return f"vjp gives {backward} along the direction for which jvp gives {forward}"
    return None


def second_order(f, xs, tolerance, step):
    """What disagrees about the derivatives of f's derivatives, or None."""
    cts, ws = [like(y) for y in f(*xs)], [like(x) for x in xs]

    def backward(*xs):
        return mx.vjp(f, list(xs), cts)[1]

    def forward(*xs):
        return mx.jvp(f, list(xs), ws)[1]

    for name, g in (("vjp", backward), ("jvp", forward)):
        wrong = first_order(g, xs, tolerance * 8, step)
        if wrong:
            return f"second derivative, through {name}: {wrong}"
    return None


def batches(f, operands, tolerance, derivatives):
    """What disagrees about vmap and a loop, or None."""
    n = 3
    choices = []
    for o in operands:
        axes = [None, 0]
        if len(o.shape) > 0:
            axes.append(len(o.shape))
        if len(o.shape) > 1:
            axes.append(-2)
        choices.append(axes)
    combinations = [c for c in itertools.product(*choices) if any(a is not None for a in c)]
    if len(combinations) > 12:
        combinations = combinations[:: len(combinations) // 12 + 1] + [combinations[-1]]
    free = [o.free for o in operands]
    for axes in combinations:
        single, batched = [], []
        for o, axis in zip(operands, axes):
            if axis is None:
                x = o.draw()
                single.append([x] * n)
                batched.append(x)
            else:
                x = o.draw((n,))
                single.append([x[i] for i in range(n)])
                batched.append(mx.moveaxis(x, 0, axis))
        examples = [[s[i] for s in single] for i in range(n)]
        want = [flat(f(*e)) for e in examples]
        rank = min(y.ndim for y in want[0])
        for out_axis in (0, -1) if rank > 0 else (0,):
            got = flat(mx.vmap(f, in_axes=tuple(axes) if len(axes) > 1 else axes[0], out_axes=out_axis)(*batched))
            for k, g in enumerate(got):
                w = mx.stack([y[k] for y in want], axis=out_axis)
                if g.dtype != w.dtype or not near(g, w, tolerance):
                    return f"vmap over {axes} to {out_axis} gives {g.dtype} {g.tolist()}, a loop {w.dtype} {w.tolist()}"
        if derivatives and axes == combinations[0]:
            def pull(*xs):
                g, given = split_free(f, free, xs)
                return mx.vjp(g, given, [mx.ones_like(y) for y in g(*given)])[1]
            if not any(free):
                continue
            got = mx.vmap(pull, in_axes=tuple(axes) if len(axes) > 1 else axes[0])(*batched)
            want = [pull(*e) for e in examples]
            for k, g in enumerate(got):
                w = mx.stack([y[k] for y in want])
                if not near(g, w, tolerance * 8):
                    return f"vmap over {axes} of the vjp gives {g.tolist()}, a loop {w.tolist()}"
    return None


def single(x):
    """x in a dtype that a GPU has."""
    return x.astype(mx.float32) if x.dtype == mx.float64 else x


def across(name, f, operands):
    """What the GPU, in single precision, and the processor, in double, disagree about, or None."""
    free = [o.free for o in operands]

    def derivatives(xs, vs, cts):
        g, given = split_free(f, free, xs)
        outs, tangents = mx.jvp(g, given, vs) if given else (inexact(flat(f(*xs))), [])
        pulled = mx.vjp(g, given, cts)[1] if given and outs else []
        mx.eval(outs, tangents, pulled)
        return outs, tangents, pulled

    mx.set_default_device(mx.cpu)
    try:
        xs = [single(o.draw()) for o in operands]
        wide = [x.astype(o.dtype) if o.free else x for o, x in zip(operands, xs)]
        cts = [like(y) for y in inexact(flat(f(*wide)))]
        seen.append((wide, flat(f(*wide))))
        vs = [like(x) for is_free, x in zip(free, wide) if is_free]
        want = derivatives(wide, vs, cts)
        mx.set_default_device(mx.gpu)
        got = derivatives(xs, [single(v) for v in vs], [single(c) for c in cts])
        mx.set_default_device(mx.cpu)
        for what, ours, theirs in zip(("the function", "jvp", "vjp"), got, want):
            for a, b in zip(ours, theirs):
                if not near(a, b, TOLERANCE[mx.float32]):
                    return f"{what} gives {a.tolist()} on the GPU, {b.tolist()} on the processor"
    except ValueError as e:
        # What no GPU does: the decompositions, and functions that make doubles themselves.
        if "supported on the GPU" not in str(e):
            raise
        refused.append(name)
    finally:
        mx.set_default_device(mx.gpu)
    return None


def check(name, f, *operands, second=True, vmap=True, layouts=True, tolerance=None, step=None):
    """Holds f of the operands to the definitions. With second unset only its
    first derivatives exist; with layouts unset it is checked on row-major
    operands alone."""
    checks[0] += 1
    _start(name, operands)
    free = [o.free for o in operands]
    dtypes = [o.dtype for o in operands if o.free]
    coarse = [d for d in dtypes if d != mx.float64]
    d = coarse[0] if coarse else mx.float64
    tolerance, step = tolerance or TOLERANCE[d], step or STEP[d]
    wrong = None
    try:
        on_gpu = mx.default_device() == mx.gpu  # which has no double precision
        if on_gpu:
            wrong = across(name, f, operands)
        for layout in [] if on_gpu else LAYOUTS if layouts else LAYOUTS[:1]:
            xs = [layout(o.draw()) for o in operands]
            mx.eval(xs)
            if layout is LAYOUTS[0]:
                seen.append((xs, flat(f(*xs))))
            g, given = split_free(f, free, xs)
            wrong = first_order(g, given, tolerance, step) if given else None
            if wrong is None and second and layout is LAYOUTS[0] and given:
                wrong = second_order(g, given, tolerance, step)
            if wrong:
                break
        if wrong is None and vmap and not on_gpu:
            wrong = batches(f, operands, tolerance, bool(dtypes))
    except Exception as e:
        wrong = f"{type(e).__name__}: {e}"
    if wrong:
        failures.append(f"{name} of {[o.shape for o in operands]}: {wrong}")


def finish():
    """Fails with the checks that failed."""
    for line in failures:
        print(line)
    assert not failures, f"{len(failures)} of {checks[0]} checks failed"
    print(f"{checks[0]} checks")
    if refused:
        print("not on a GPU:", ", ".join(refused))
